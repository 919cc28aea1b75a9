//! 存疑订单。

pub const NOTE_MISSING: &str = "请写一句为什么算或不算";

#[must_use]
pub fn count(orders: u64) -> String {
    format!("{orders} 笔存疑")
}
