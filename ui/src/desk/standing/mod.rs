//! 固定订餐、代点餐: the standing meals of an elder, their list, ordering ahead, and taking a batch back.

mod batch;
mod calendar;
mod dialog;
mod line;
mod meals;
mod pick;
mod plan;

pub use batch::acts;
pub use line::StandingLine;
pub use meals::StandingMeals;
pub use plan::OrderAhead;
