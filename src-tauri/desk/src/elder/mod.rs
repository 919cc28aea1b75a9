//! 长者: finding, showing, entering and changing files.

mod bind;
mod find;
mod save;
