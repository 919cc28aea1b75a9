//! Files: choosing and reading one.

use crate::words::Told;

pub const UNREADABLE: Told = ("This file can't be read.", "Make sure that it is still there, and choose it again.");
