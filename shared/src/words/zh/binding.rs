//! 用餐绑定：长者在哪家饭堂用餐，改派。

use crate::words::Told;
use jiff::civil::Date;

pub const SAME_CANTEEN: Told = ("这位长者已经在这家饭堂用餐。", "不用再改派；要换别的饭堂请另选一家。");
pub const OF_THE_TOWN: Told = ("饭堂不能改派长者。", "请联系镇街经办改派。");
pub const OUTSIDE: Told = ("原饭堂或新饭堂不在本机的管辖范围。", "跨镇街改派请联系县市区经办。");

#[must_use]
pub fn bound_since(canteen: &str, since: Date) -> String {
    format!("{canteen}（{since} 起）")
}

pub const CANTEEN_OF_THE_ELDER: &str = "这位长者绑定的饭堂";

#[must_use]
pub fn no_such_canteen(code: &str) -> (String, &'static str) {
    (format!("没有编号为“{code}”的饭堂。"), "请在列表里选一家饭堂；新开的饭堂请先同步。")
}

pub const CANTEENS: &str = "用餐饭堂";
pub const MOVE_TO: &str = "改派到";
pub const NOT_MOVED: &str = "不改派";
pub const MOVE_FROM_TODAY: &str = "从今天起改派";
pub const MOVED: &str = "已改派，从今天起在新饭堂用餐。";

#[must_use]
pub fn days(since: jiff::civil::Date, until: Option<jiff::civil::Date>) -> String {
    until.map_or_else(|| format!("{since} 至今"), |until| format!("{since} 至 {until}"))
}

/// Another place asks for the file that stands here.
#[must_use]
pub fn asked_by(place: &str, on: Date) -> String {
    format!("{place}{}月{}日申请转走这份档案，等镇街答复。", on.month(), on.day())
}

/// The file stands elsewhere, and is asked for from here.
#[must_use]
pub fn asked_from_here(on: Date) -> String {
    format!("档案在别处，{}月{}日已申请转来，等对方答复；现在就可以订餐。", on.month(), on.day())
}

/// The other place keeps the file.
#[must_use]
pub fn kept_there(reason: &str) -> String {
    let reason = if reason.is_empty() { String::new() } else { format!("：{reason}") };
    format!("档案在别处，对方不同意转出{reason}。可以照常订餐。")
}
