//! 菜品和每日菜单。

use crate::words::Told;

#[must_use]
pub fn day_too_far(days: i64) -> String {
    format!("日期离今天太远，最多提前 {days} 天")
}

/// A meal for which no dish was chosen.
pub const PLAIN_DISH: &str = "普通";

pub const BAD_DISH: Told = ("餐品没有名称，价格是负数，或超过一万元。", "请核对后再试。");
