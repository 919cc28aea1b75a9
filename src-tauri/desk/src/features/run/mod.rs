//! 配送: the order in which elders are driven to, on which route they lie, and handing over what is brought. What is shown of it stands on the board of the day.

mod hand_over;
mod keep_up;
mod stops;

pub(crate) use hand_over::hand_over;
pub(crate) use keep_up::keep_up;
pub(crate) use stops::{move_stop, put_on_route};
