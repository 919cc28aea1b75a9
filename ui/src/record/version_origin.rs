//! Who said a value and when, in words.

use crate::kit::time::moment;
use jiff::civil::Date;
use shared::command::VersionOrigin;

/// 前台电脑（2号） · 09:41
pub fn version_origin(by: &VersionOrigin, today: Date) -> String {
    format!("{} · {}", by.device, moment(by.at, today))
}
