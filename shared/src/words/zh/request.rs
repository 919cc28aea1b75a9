//! 请求：网页和别的程序向服务器提的。

use crate::schema::Sentence;
use crate::words::Told;

pub const NOT_FOUND: Told = ("没有找到，或者不在您的管辖范围内。", "请返回上一页重新查看。");
pub const NO_SUCH_ACT: Told = ("这个地址不接受这样的请求。", "请刷新页面再试；用程序调用的，请按接口文档 /api/openapi.json 改正。");
pub const MALFORMED: Told = ("提交的内容格式不对。", "请刷新页面或更新程序后再试。");
pub const TOO_LARGE: Told = ("一次上传的内容太多。", "请分几次上传。");
pub const FROM_ANOTHER_PAGE: Told = ("这个请求不是从本系统的页面发出的。", "请直接打开本系统的网址再操作。");

/// A word of the address that is not understood, and what would be right where that is known.
#[must_use]
pub fn wrong_in_address(name: &str, wanted: Option<&Sentence>) -> (String, String) {
    let wanted = wanted.map_or("", |wanted| &wanted.zh);
    (format!("地址里的“{name}”写得不对。"), format!("{wanted}请刷新页面再试；用程序查询的，请按接口文档 /api/openapi.json 改正。"))
}

/// A part of what was sent that is not understood.
#[must_use]
pub fn wrong_in_body(name: &str) -> (String, &'static str) {
    (format!("提交的内容里“{name}”写得不对。"), "请刷新页面或更新程序后再试。")
}
/// A device that used up what it may bring or ask in a day.
#[must_use]
pub fn budget_used_up(minutes: i64) -> (&'static str, String) {
    (
        "这台电脑一天里送来或查询的太多，服务器请它晚些再来。",
        format!("没送的都留在电脑上，约 {minutes} 分钟后会自动接着送。一直这样，请联系运维人员查看这台电脑。"),
    )
}

/// An account that asked too much in a day.
#[must_use]
pub fn account_asks_too_much(minutes: i64) -> (&'static str, String) {
    ("这个账号一天里问得太多，服务器请它晚些再来。", format!("约 {minutes} 分钟后再试。不是本人在用的，请马上改密码。"))
}

pub const TOO_MANY_AT_ONCE: Told = ("同一个账号或同一台电脑同时问得太多。", "请等前面的答完再试。");
