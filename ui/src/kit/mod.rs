//! The parts that every screen is made of, on native elements. Parts know nothing of elders,
//! orders or the desk's commands; `tag.rs` alone turns record words into coloured tags.

pub mod dialog;
pub mod fault;
pub mod icon;
pub mod keys;
pub mod list;
pub mod load;
pub mod look;
pub mod pager;
pub mod progress;
pub mod seg;
pub mod tag;
pub mod time;
