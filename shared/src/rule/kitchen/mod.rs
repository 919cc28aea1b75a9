//! 厨房: what a kitchen is told of the orders of a meal: what each box needs, how many of what, what changed since it was counted, what clashes with
//! somebody's restrictions, and which samples are due. Facts in, answer out.

mod clash;
mod count;
mod needs;
mod sample;
mod sheet;

pub use clash::{Clash, Served, clashes, in_the_box};
pub use count::{Change, Counted, Difference, MOST_COUNTED, content, differences, read};
pub use needs::{Needs, Size, Texture, needs};
pub use sample::{KEEP_HOURS, LATE_HOURS, MIN_GRAMS, SampleState, discard_from, state};
pub use sheet::{EAT_WITHIN_HOURS, MAX_SPARE_PERCENT, Portion, SheetRow, on_box, sheet, spare};
