//! 文件：选文件、读文件。

use crate::words::Told;

pub const UNREADABLE: Told = ("这个文件读不出来。", "请确认文件还在，再选一次。");
