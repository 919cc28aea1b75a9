//! 长者: finding, showing, entering and changing files.

mod find;
mod save;
