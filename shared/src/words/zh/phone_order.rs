//! 电话订餐：找长者、填这一单、保存前再看一下。

pub const CHOOSE_PERSON: &str = "选人";
pub const CHOOSE_AND_SAVE: &str = "选定、保存";
pub const CHANGE_CHOICE: &str = "改选项";
pub const AS_LAST_TIME: &str = "和上次一样";
pub const CLEAR: &str = "清空";
pub const FIND_ELDER: &str = "找长者";
pub const SEARCHED_BY: &str = "姓名、首字母、电话、证件后四位";
pub const FOUND: &str = "找到的长者";
pub const NOBODY_FOUND: &str = "没有找到。核对一下，或按 F2 登记。";
pub const REGISTER_UNKNOWN: &str = "没找到，登记新长者";
pub const LATEST_CALLS: &str = "刚接的电话";
pub const THIS_ELDER: &str = "这位长者";
pub const HOW_IT_GOES: &str = "接起电话，输入姓名首字母，按 Enter 选人，再按 Enter 保存。";
pub const REGISTER_AND_ORDER: &str = "登记，接着订餐";
pub const RECENT_ORDERS: &str = "最近订餐";
pub const NO_ORDER_YET: &str = "还没有订过餐。";
pub const THIS_ORDER: &str = "这一单";
pub const OTHER_DAY: &str = "其他";
pub const DAY_EXAMPLE: &str = "比如 11-25 或 1125";
pub const DAY_UNREADABLE: &str = "日期没有看懂，可以写 11-25 或 1125";
pub const NO_DISHES: &str = "这一餐没有设餐品";
pub const PLATFORM_ORDER: &str = "平台单";
pub const PLATFORM_NUMBER_IF_ANY: &str = "第三方订单号，可不填";
pub const NO_PRICE: &str = "未定价";
pub const SAVE_ORDER: &str = "保存订单";
pub const LOOK_FIRST: &str = "请先看一下";
pub const SAVE_ANYWAY: &str = "照样保存";
pub const GO_BACK: &str = "回去改";

#[must_use]
pub fn ordered_already(number: &str) -> String {
    format!("这一餐已经有订单 {number}")
}

/// The same in a tag.
#[must_use]
pub fn ordered(number: &str) -> String {
    format!("已订 {number}")
}
