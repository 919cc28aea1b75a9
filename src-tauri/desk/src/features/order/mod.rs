//! 订单: taking one, moving it along, showing it. The rules stand in `shared::rule::order`.

mod outcome;
mod take;
mod view;

pub(crate) use outcome::{decide, set_outcome};
pub(crate) use take::take;
pub(crate) use view::{between, detail, latest, today};
