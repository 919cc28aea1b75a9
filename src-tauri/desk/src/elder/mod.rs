//! 长者: finding, showing, entering and changing files.

mod bind;
mod find;
mod save;

pub(crate) use save::in_town;
