//! 配送：路线、送餐员的手机页。

use crate::words::Told;

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
pub const ROUTE: &str = "路线";
pub const ALL_ROUTES: &str = "全部";
pub const NO_ROUTE: &str = "未排路线";
pub const PUT_ON_ROUTE: &str = "放到哪条路线";
pub const WITH_NEIGHBOURS: &str = "随同村";
pub const WHOLE_VILLAGE: &str = "同村的一起放";
pub const NO_ROUTES_YET: &str = "还没有路线。先建几条，比如“东门线”，再把人放上去；同村的新人会自动跟着走。";
pub const ADD_ROUTES: &str = "去建路线";
pub const NO_SUCH_ROUTE: Told = ("这条路线不在了，或者已停用。", "请重新选一条路线。");

/// On which route a stop lies.
#[must_use]
pub fn on_route(name: &str) -> String {
    format!("路线：{name}")
}

/// After stops were put on a route.
#[must_use]
pub fn put(name: &str, stops: u32) -> String {
    format!("{name}：已放好 {stops} 个送餐点，明天照旧")
}

/// The title of a run.
#[must_use]
pub fn run_of(route: &str, meal: &str) -> String {
    format!("{route} · {meal}")
}

pub const HAND_OVER: &str = "出餐交接";
pub const CHOOSE_RUN_FIRST: Told = ("还不知道交接哪一趟。", "请先选好餐次和路线，再交接。");
pub const ONLY_TODAY: Told = ("这不是今天的餐。", "只能交接当天的餐，请回到今天再交接。");
pub const ONLY_AT_CANTEENS: Told = ("这台电脑不在饭堂。", "请在饭堂的电脑上做出餐交接。");
pub const NOTHING_TO_HAND_OVER: Told = ("这一趟没有要交接的餐：都交接过了，或者还没有订单。", "请看看餐次和路线选对没有。");
pub const COUNT_THE_BOXES: &str = "请数一数，填实际交出的份数";
pub const TAKEN_BY_WHOM: &str = "请填接收人：谁把餐送出去";
pub const NOT_NEGATIVE: &str = "不能是负数，没有就填 0";
pub const BACK_TO_WHOM: &str = "收回来的，请写明时间和收回人";
pub const WHY_DIFFERENT: &str = "数不一样时写明原因";
pub const STATE_OUT_NOW: &str = "保存后，这些订单记为“配送中”。";

/// So many stand on the sheet.
#[must_use]
pub fn on_sheet(listed: usize) -> String {
    format!("单上 {listed} 份")
}

#[must_use]
pub fn counts_differ(listed: u32, boxes: u32) -> String {
    format!("单上 {listed} 份，实交 {boxes} 份：请写明差在哪里")
}

#[must_use]
pub fn too_many(most: usize) -> (String, &'static str) {
    (format!("一次最多交接 {most} 份。"), "请分成几条路线，一条一条交接。")
}

/// After a hand-over.
#[must_use]
pub fn handed_over(boxes: u32, to: &str) -> String {
    format!("已交 {boxes} 份给 {to}")
}

/// 11:20 交 12 份给 梁细妹
#[must_use]
pub fn handed_at(clock: &str, boxes: u32, to: &str) -> String {
    format!("{clock} 交 {boxes} 份给 {to}")
}

/// Of those on the sheet, so many were not handed over.
#[must_use]
pub fn still_here(orders: usize) -> String {
    format!("还有 {orders} 份没交接")
}

pub const NOTHING_BACK: &str = "空盒和送餐单未收回";
pub const COUNT_BACK: &str = "收回登记";

/// A box on the sheet, filled in when the courier is back.
pub const RETURN_BOX: &str = "回来交还：　□ 本单已交回　　空盒 ＿＿＿ 个　　未送出 ＿＿＿ 份　　收回人 ＿＿＿＿＿＿＿　　时间 ＿＿＿＿＿";

/// Who drives on most days.
#[must_use]
pub fn courier(name: &str) -> String {
    format!("送餐员 {name}")
}
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
