//! 电脑：每台登记过的办公端。

use crate::words::Told;

/// Who said it: a device by its number, and by name where that is known.
#[must_use]
pub fn called(number: u32, name: Option<&str>) -> String {
    match (number, name.filter(|name| !name.is_empty())) {
        (0, _) => "还没登记的电脑".to_owned(),
        (number, Some(name)) => format!("{name}（{number}号）"),
        (number, None) => format!("{number}号电脑"),
    }
}

pub const NONE: &str = "还没有登记过电脑。";
pub const ALL_WELL: &str = "正常";
pub const NEVER_HEARD_OF: &str = "从未";

#[must_use]
pub fn this_one(number: u32) -> String {
    format!("本机（{number}号）")
}

#[must_use]
pub fn no_such_number(number: i64) -> (String, &'static str) {
    (format!("没有 {number} 号设备。"), "请核对设备号。")
}

pub const WITHOUT_A_PLACE: Told = ("没有说明设备放在哪里。", "请写饭堂编号或区划代码中的一个。");
