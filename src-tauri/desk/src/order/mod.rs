//! 订单: taking one, moving it along, showing it. The rules stand in `shared::rule::order`.

mod outcome;
mod take;
mod view;

pub(crate) use outcome::outcome_mutation;
pub(crate) use take::unknown_canteen;
pub(crate) use view::summary;
