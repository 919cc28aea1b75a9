//! Who said a value and when, in words: the same on the desk and on the console.

use crate::kit::time::moment;
use jiff::civil::Date;
use shared::command::SaidBy;

/// 前台电脑（2号） · 09:41
pub fn said_by(by: &SaidBy, today: Date) -> String {
    format!("{} · {}", by.device, moment(by.at, today))
}
