//! 关注事项：送餐时看到的、要有人跟进的。

pub const NOTE_MISSING: &str = "请写处理说明：做了什么、谁去的";

#[must_use]
pub fn count(open: u64) -> String {
    format!("{open} 人要关注")
}
