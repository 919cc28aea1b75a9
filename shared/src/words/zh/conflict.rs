//! 两处改过：两台电脑改得不一样，要有人定。

use crate::words::Told;

pub const CHANGED_MEANWHILE: Told = ("这一处刚刚又有变化。", "请看一眼现在的内容，再选一次。");
pub const NOTHING_DIFFERS: &str = "没有两处改得不一样的内容。";
pub const DECIDED_AT_DESKS: &str =
    "同一项在两台电脑上改得不一样。这里只能看；请饭堂或镇街在办公端的“两处改过”里决定用哪个，定好后自动从这里消失。";
pub const CHOOSE_RIGHT_ONE: &str = "同一项在两台电脑上改得不一样。请问清楚哪个对，点一下要用的那个；定好以后，各处都会改过来。";
pub const WHAT_DIFFERS: &str = "两处改过的内容";
pub const NEXT_ONE: &str = "下一个";
pub const CHOOSE_THIS: &str = "就定这个";
pub const KEEP_STANDING: &str = "就用现在的";
pub const USE_OTHER: &str = "改用这个";
pub const STANDING: &str = "现在用的";
pub const WRITTEN_ELSEWHERE: &str = "另一处写的";

#[must_use]
pub fn decided(title: &str, label: &str, value: &str) -> String {
    format!("{title}的{label}定为“{value}”。")
}

/// Stands for a value that the server does not open.
pub const SEALED_HERE: &str = "已加密，请在饭堂或镇街办公端处理";

/// What was said beside the one that is shown, in one cell.
#[must_use]
pub fn others(said: &[String]) -> String {
    said.join("；")
}

/// The devices that said the same, each with its time.
#[must_use]
pub fn said_by(devices: &[String]) -> String {
    devices.join("、")
}
