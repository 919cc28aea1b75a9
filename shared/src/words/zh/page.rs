//! 打开页面、外观、产品名称。

pub const PRODUCT: &str = "银龄饭堂";
pub const CONSOLE: &str = "银龄饭堂 · 监管平台";
pub const COURIER: &str = "银龄饭堂 · 送餐";
pub const OPENING: &str = "正在打开…";
pub const RETRYING: &str = "正在不断重试，问题解决后这里会自动打开，不用重新启动。";
pub const LARGE_TYPE: &str = "大字版";
pub const HIGH_CONTRAST: &str = "高对比度";
pub const SERVER_AWAY: &str = "连不上服务器，正在重试";

/// When what stands on the page was fetched.
#[must_use]
pub fn fresh(clock: &str) -> String {
    format!("{clock} 更新")
}
