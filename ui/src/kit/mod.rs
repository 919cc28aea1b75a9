//! The parts that every screen is made of, on native elements. Parts know nothing of elders,
//! orders or the desk's commands; what they ask of a program is handed to them.

pub mod act;
pub mod dialog;
pub mod fault;
pub mod files;
pub mod icon;
pub mod keys;
pub mod list;
pub mod load;
pub mod look;
pub mod nav;
pub mod pager;
pub mod route;
pub mod seg;
pub mod tag;
pub mod time;
