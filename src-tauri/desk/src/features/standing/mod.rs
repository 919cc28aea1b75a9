//! 固定订餐、代点餐: what follows of a standing meal, orders that are made in one go, and taking them back. The rules stand in
//! `shared::rule::standing`.

mod batch;
mod follow;
mod make;
mod plan;
mod save;

pub(crate) use batch::undo;
pub(crate) use follow::keep_up;
pub(crate) use plan::plan;
pub(crate) use save::{of_elder, save};
