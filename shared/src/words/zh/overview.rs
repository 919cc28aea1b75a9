//! 总览：一个地方一段时间的合计。

use crate::words::Told;

pub const COUNTIES_BELOW: &str = "各县（市、区）";
pub const TOWNSHIPS_BELOW: &str = "各镇街";
pub const CANTEENS_BELOW: &str = "各饭堂";
pub const WHERE_ONE_IS: &str = "所在位置";
pub const TO_THE_LEDGER: &str = "看台账";
pub const FIGURES_BY_PLACE: &str = "各处的数字";
pub const NO_CANTEENS: &str = "这里还没有饭堂。";
pub const LAST_FOURTEEN_DAYS: &str = "近 14 天用餐";
pub const PLACE: &str = "辖区";
pub const CANTEENS: &str = "饭堂";
pub const MEALS: &str = "用餐";
pub const BROUGHT: &str = "送餐";
pub const RECEIPT_RATE: &str = "回单率";
pub const AMOUNT: &str = "餐费";
pub const AMOUNT_IN_YUAN: &str = "餐费（元）";
pub const BROUGHT_AND_FETCHED: &str = "送餐 / 自取";
pub const RECEIPTS_DONE: &str = "回单完成";
pub const NO_RECEIPT_LACKING: &str = "不缺回单";
pub const NOTHING_BROUGHT: &str = "没有送餐";
pub const DEVICES_HEARD_OF: &str = "在线设备";
pub const ALL_HEARD_OF: &str = "都在按时上传";

/// Under the head that says that they are meals.
#[must_use]
pub fn meals(number: &str) -> String {
    format!("{number} 餐")
}

#[must_use]
pub fn served(number: &str) -> String {
    format!("已完成 {number}")
}

#[must_use]
pub fn by_third_party(number: &str) -> String {
    format!("其中第三方 {number}")
}

#[must_use]
pub fn receipts_lacking(number: &str) -> String {
    format!("缺 {number} 张")
}

#[must_use]
pub fn canteens(number: &str) -> String {
    format!("{number} 家饭堂")
}

#[must_use]
pub fn of_brought(share: &str) -> String {
    format!("占送餐 {share}")
}

#[must_use]
pub fn devices_silent(number: u64) -> String {
    format!("{number} 台超过 24 小时没有上传")
}

/// A bar of the chart.
#[must_use]
pub fn bar(day: &str, meals: u64, brought: u64) -> String {
    format!("{day} 共 {meals} 餐，送餐 {brought}")
}

/// The chart for those who hear it: its days, each with its meals and how many of them were brought.
#[must_use]
pub fn chart(days: &[(String, u64, u64)]) -> String {
    let days: Vec<String> = days.iter().map(|(day, meals, brought)| format!("{day} {meals} 餐，送餐 {brought}")).collect();
    format!("近十四天用餐：{}", days.join("；"))
}

pub const BAD_PERIOD: Told = ("起止日期不对。", "请让开始日期不晚于结束日期，并且不超过三年。");
