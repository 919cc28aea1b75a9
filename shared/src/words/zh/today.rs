//! 今日：这一天每餐多少份、还差什么。

pub const SHOW_ALL: &str = "全部";
pub const TO_DO: &str = "待办";
pub const CHOOSE_ORDER: &str = "选单";
pub const PICKED_UP_OR_RECEIPT: &str = "已取餐、写回单";
pub const DETAILS: &str = "看详情";
pub const DAY_BEFORE_OR_AFTER: &str = "前一天、后一天";
pub const ANOTHER_DAY: &str = "别的日期";
pub const ANOTHER_DAY_EXAMPLE: &str = "别的日期，如 11-25";
pub const WHICH_ORDERS: &str = "哪些";
pub const ADDRESS_AND_INSTRUCTIONS: &str = "住址和嘱咐";
pub const ORDERS: &str = "今日订单";
pub const NO_ORDERS: &str = "这里没有订单。按 F3 接电话订餐。";
pub const PICKED_UP_NOTED: &str = "已取餐，记好了。";

/// Stands behind the number of meals.
pub const PORTIONS: &str = "份";

#[must_use]
pub fn completed(ended: u32, total: u32) -> String {
    format!("已完成 {ended} / {total}")
}
