//! 厨房：备餐单、定份、餐盒标签、留样、厨房检查。

use crate::words::Told;

pub const ONLY_AT_CANTEENS: Told = ("这里是办公室，没有厨房。", "备餐单在饭堂的电脑上看。");
pub const NOTHING_TO_COUNT: Told = ("这一餐还没有订单，没有什么可定。", "有了订单再定份。");

#[must_use]
pub fn too_many(most: usize) -> (String, &'static str) {
    (format!("这一餐超过 {most} 份，一次定不下。"), "请联系运维人员。")
}

#[must_use]
pub fn too_much_spare(most: u32) -> (String, &'static str) {
    (format!("备份最多 {most}％。"), "请改小备份比例。")
}

#[must_use]
pub fn too_little(grams: i64) -> String {
    format!("留样每种不少于 {grams} 克")
}

#[must_use]
pub fn too_early(hours: i64) -> String {
    format!("留样要冷藏满 {hours} 小时才能销样；提前销样请写说明")
}

pub const READING_MISSING: &str = "请填读数";
pub const ACTION_MISSING: &str = "请写怎么处置的，或者为什么";

#[must_use]
pub fn not_done(degrees: i64) -> String {
    format!("中心温度不到 {degrees} ℃ 不算合格")
}

#[must_use]
pub fn not_cold(degrees: i64) -> String {
    format!("冷藏温度高于 {degrees} ℃ 不算合格")
}

pub const SHEET: &str = "备餐单";
pub const FREEZE: &str = "定份";
pub const PRINT_SHEET: &str = "打印备餐单";
pub const PRINT_LABELS: &str = "打印标签";
pub const TEXTURE: &str = "软硬";
pub const SIZE: &str = "份量";
pub const TOTAL: &str = "合计";
pub const SPARE: &str = "备份";

pub const SPARE_SHARE: &str = "按几成备份";
pub const NO_ORDERS: &str = "这一餐还没有订单。";
pub const NOT_FROZEN: &str = "还没有定份";
pub const NOT_FROZEN_HINT: &str = "定份以后，再有增减会单独列出来，厨房不用重数。";
pub const CLOSED_NOT_FROZEN: &str = "已经截单，还没有定份";

#[must_use]
pub fn closes(clock: &str) -> String {
    format!("{clock} 截单")
}

/// A frozen count: which, when, by whom, how many.
#[must_use]
pub fn frozen(number: u32, clock: &str, by: &str, portions: u32) -> String {
    let by = if by.is_empty() { String::new() } else { format!(" {by}") };
    format!("第 {number} 次定份 {clock}{by}，{portions} 份")
}

#[must_use]
pub fn frozen_now(number: u32, portions: u32) -> String {
    format!("第 {number} 次定份：{portions} 份，记好了。")
}

pub const SINCE: &str = "定份以后";
pub const NOTHING_SINCE: &str = "定份以后没有变化";
/// What the kitchen minds box by box.
pub const SPECIAL: &str = "特殊餐";
pub const NO_SPECIAL: &str = "这一餐没有特殊餐。";
pub const ADDED: &str = "新增";
pub const GONE: &str = "取消";
pub const CHANGED: &str = "改餐";
pub const NEEDS_CHANGED: &str = "忌口改了";
pub const WAS: &str = "原来";
pub const NOW: &str = "现在";
pub const BY_WHOM: &str = "谁改的";
pub const CLASHES: &str = "忌口冲突";

/// A dish that must not be given, or is not wanted.
#[must_use]
pub fn clash(dish: &str, stated: &str) -> String {
    format!("{dish}（{stated}）")
}

#[must_use]
pub fn stops(boxes: usize) -> String {
    format!("{boxes} 人过敏，菜里有：不能给")
}

pub const NO_MENU: &str = "这一餐的菜单还没有公布，查不出忌口冲突。";
pub const SAMPLES: &str = "留样";

#[must_use]
pub fn take_sample(grams: i64) -> String {
    format!("留 {grams} 克")
}

pub const DISCARD: &str = "销样";
pub const SAMPLE_DUE: &str = "要留样";
pub const SAMPLE_LATE: &str = "没有留样";
pub const SAMPLE_KEPT: &str = "已留样";
pub const SAMPLE_DISCARD: &str = "满 48 小时，可销样";
pub const SAMPLE_GONE: &str = "已销样";
pub const SAMPLE_NOTED: &str = "留样记好了。";
pub const DISCARD_NOTED: &str = "销样记好了。";
pub const NO_DISHES: &str = "没有菜单，也没有订单。";

/// On which route, where it lies on one.
#[must_use]
pub fn stop(route: &str, number: u32) -> String {
    format!("{route} 第 {number} 站").trim_start().to_owned()
}

/// Beside the number of a label's printing; the first has none.
#[must_use]
pub fn reprint(number: u32) -> String {
    format!("补打 {number}")
}

#[must_use]
pub fn eat_before(clock: &str) -> String {
    format!("请在 {clock} 前食用")
}

#[must_use]
pub fn portions(count: usize) -> String {
    format!("共 {count} 份")
}

pub const SHEET_FOOT: &str = "厨师：＿＿＿＿＿＿　核对：＿＿＿＿＿＿　";
pub const CHECKS: &str = "厨房检查";
pub const NOTE_CHECK: &str = "记检查";
