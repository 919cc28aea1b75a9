//! 菜品和每日菜单。

use crate::words::Told;

#[must_use]
pub fn day_too_far(days: i64) -> String {
    format!("日期离今天太远，最多提前 {days} 天")
}

/// A meal for which no dish was chosen.
pub const PLAIN_DISH: &str = "普通";

pub const BAD_DISH: Told = ("餐品没有名称，价格是负数，或超过一万元。", "请核对后再试。");

pub const NO_SUCH_DISH: Told = ("这家饭堂的菜品里没有这道菜。", "请在“菜品”里核对后再试。");
pub const NOTHING_TO_PUBLISH: Told = ("没有等着公布的菜。", "请先把菜排上菜单；休息的日子不公布。");
pub const NOTHING_TO_COPY: Told = ("没有可以抄过来的菜。", "请看一下每道菜没有抄的原因。");
pub const SAME_WEEK: Told = ("这是同一周。", "请换到另一周，再抄菜单。");

#[must_use]
pub fn too_far(days: i64) -> (String, &'static str) {
    (format!("{}。", day_too_far(days)), "请选近一些的日子。")
}

pub const WEEK: &str = "一周菜单";
pub const WEEK_BEFORE: &str = "上一周";
pub const TURN_WEEKS: &str = "上一周、下一周";
pub const OPEN_MEAL: &str = "打开这一餐";
pub const WEEK_AFTER: &str = "下一周";
pub const COPY: &str = "照抄上一周";
pub const PUBLISH_WEEK: &str = "公布全周";
pub const PUBLISH_DAY: &str = "公布";
pub const PRINT: &str = "打印张贴";
pub const PUBLISHED: &str = "已公布";
pub const NOT_PUBLISHED: &str = "未公布";
pub const ON_THE_MENU: &str = "菜单上";
pub const ADD: &str = "加菜";
pub const ADD_HINT: &str = "菜名、拼音首字母，回车加第一个";
pub const TAKE_OFF: &str = "撤下";
pub const NONE_FITS: &str = "菜品里没有这道菜，或者已停供。请先到“菜品”里录入。";
pub const NONE_YET: &str = "还没有菜。";
pub const NOTHING_NEW: &str = "上一周没有可以抄过来的菜";
pub const NOT_COPIED: &str = "这些不抄：";

#[must_use]
pub fn week_from(first: &str, last: &str) -> String {
    format!("{first} 至 {last}")
}

#[must_use]
pub fn not_published(dishes: usize) -> String {
    format!("{dishes} 道未公布")
}

#[must_use]
pub fn would_copy(dishes: u32, days: usize) -> String {
    format!("会把 {dishes} 道菜排到这一周的 {days} 天里，排好后还没有公布")
}

/// How many dishes of a day.
#[must_use]
pub fn dishes_on(day: &str, dishes: u32) -> String {
    format!("{day} {dishes} 道")
}

#[must_use]
pub fn copy(dishes: u32) -> String {
    format!("抄这 {dishes} 道菜")
}

#[must_use]
pub fn copied(dishes: u32) -> String {
    format!("已抄过来 {dishes} 道菜。看过没问题，再公布。")
}

#[must_use]
pub fn published(dishes: u32) -> String {
    format!("已公布 {dishes} 道菜")
}

#[must_use]
pub fn ordered_on_rest(orders: u32) -> String {
    format!("还有 {orders} 份订单")
}

#[must_use]
pub fn allergens(words: &str) -> String {
    format!("含：{words}")
}

pub const SHEET_FOOT: &str = "对食物过敏的长者，请先问一声工作人员。";
