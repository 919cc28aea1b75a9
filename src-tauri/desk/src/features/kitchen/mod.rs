//! 厨房: the sheet of a meal, freezing its count, numbering its labels. What is counted and what differs stands in `shared::rule::kitchen`.

mod boxes;
mod differences;
mod freeze;
mod samples;
mod sheet;

pub(crate) use freeze::{freeze, number_labels};
pub(crate) use sheet::sheet;
