//! 工作日历。

pub const ENDS_BEFORE_IT_BEGINS: &str = "最后一天早于第一天";

#[must_use]
pub fn too_long(days: i64) -> String {
    format!("一次最多写 {days} 天")
}

#[must_use]
pub fn rests(name: &str) -> String {
    format!("休息：{name}")
}

/// Orders that stand on days on which the canteen rests.
#[must_use]
pub fn ordered(orders: u32) -> String {
    format!("休息日里还有 {orders} 份订单，不会自动取消。不供餐的，请逐份取消，并告诉长者")
}

/// A day and how many orders stand on it.
#[must_use]
pub fn ordered_on(day: &str, name: &str, orders: u32) -> String {
    format!("{day}（{name}）{orders} 份")
}

/// Beside a day of a month.
pub const MARK: &str = "休";
pub const WORKING_DAYS: &str = "工作日";
