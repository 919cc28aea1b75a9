//! 配送：路线、送餐员的手机页。

/// How many are brought, of all.
#[must_use]
pub fn done_of(done: usize, all: usize) -> String {
    format!("已送 {done} / {all}")
}

pub const PROGRESS: &str = "已送多少";
pub const NOTHING_TODAY: &str = "今天没有要送的单。前台接了单，这里会自动出现。";

#[must_use]
pub fn leave_with(meals: usize) -> String {
    format!("出发，{meals} 份在路上")
}

pub const ARRIVED: &str = "送到了…";
pub const CALL: &str = "打电话";
pub const BACK_TO_STOPS: &str = "‹ 回到名单";

#[must_use]
pub fn instructions(note: &str) -> String {
    format!("嘱咐：{note}")
}

pub const CHOOSE_STOP: &str = "选单";
pub const MOVE_STOP: &str = "调送餐顺序";
pub const PRINT: &str = "打印";
pub const ONLY_WITHOUT_RECEIPT: &str = "只看缺回单的";
pub const CHOOSE_ONE: &str = "从左边选一单。都送完了，这里就空着。";
pub const DAY_BEFORE: &str = "前一天";
pub const DAY_AFTER: &str = "后一天";
pub const BY_WHOM: &str = "谁送";
pub const PRINT_SHEET: &str = "打印送餐单";
pub const NOTHING_TO_DELIVER: &str = "这里没有要送的单。";
pub const MOVED_STOPS_STAY: &str = "调整送餐顺序，明天照旧";
pub const SHEET: &str = "送餐单";
pub const PLACE_IN_RUN: &str = "序";
pub const NAME_AND_PHONE: &str = "姓名和电话";
pub const DIET_AND_INSTRUCTIONS: &str = "忌口和嘱咐";
pub const SIGNATURE_AND_TIME: &str = "签收和时间";

/// To be filled in by hand; when it was printed follows.
pub const SHEET_FOOT: &str = "送餐员：＿＿＿＿＿＿＿＿　出发时间：＿＿＿＿＿＿　";

/// A way of delivery with its stops.
#[must_use]
pub fn by(way: &str, stops: usize) -> String {
    format!("{way}（{stops}）")
}

#[must_use]
pub fn delivered(stops: usize) -> String {
    format!("已送 {stops}")
}

#[must_use]
pub fn not_delivered(stops: usize) -> String {
    format!("未送达 {stops}")
}

#[must_use]
pub fn without_receipt(stops: usize) -> String {
    format!("缺回单 {stops}")
}

/// All meals of a run, then how many of each dish.
#[must_use]
pub fn dishes(meals: usize, by_dish: &[(&str, usize)]) -> String {
    let by_dish: Vec<String> = by_dish.iter().map(|(dish, meals)| format!("{dish} {meals} 份")).collect();
    format!("共 {meals} 份：{}", by_dish.join("，"))
}

/// What the courier minds at a stop.
#[must_use]
pub fn minded(parts: &[String]) -> String {
    parts.join("；")
}

#[must_use]
pub fn printed(day: &str, clock: &str) -> String {
    format!("{day} {clock} 打印")
}
