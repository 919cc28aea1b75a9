//! 固定订餐、代点餐、订餐批次。

use crate::kinds::{Meal, OrderState};
use crate::rule::standing::SkipReason;
use crate::words::Told;
use crate::words::zh::time::day;
use jiff::civil::Date;

pub const ENDS_BEFORE_IT_BEGINS: &str = "最后一天早于第一天";
pub const PAUSE_NOT_BEGUN: &str = "写了恢复日，没有写从哪天起暂停";
pub const BACK_BEFORE_PAUSE: &str = "恢复日要晚于暂停的第一天";

#[must_use]
pub fn day_too_far(days: i64) -> String {
    format!("日期离今天太远，最多提前 {days} 天")
}

/// Every day of the week.
pub const EVERY_DAY: &str = "每天";
/// No day of the week.
pub const NO_DAY: &str = "没有选日子";

#[must_use]
pub fn paused(from: Date, back: Option<Date>) -> String {
    match back {
        Some(back) => format!("{} 起暂停，{} 恢复", day(from), day(back)),
        None => format!("{} 起暂停，恢复日未定", day(from)),
    }
}

#[must_use]
pub fn until(last: Date) -> String {
    format!("到 {} 为止", day(last))
}

#[must_use]
pub fn since(first: Date) -> String {
    format!("{} 开始", day(first))
}

#[must_use]
pub fn order_cancelled(date: Date, meal: Meal, number: &str) -> String {
    format!("{}{}，订单 {number}：取消", day(date), meal.label().zh)
}

#[must_use]
pub fn order_changed(date: Date, meal: Meal, number: &str) -> String {
    format!("{}{}，订单 {number}：按新的安排改", day(date), meal.label().zh)
}

#[must_use]
pub fn order_made(date: Date, meal: Meal) -> String {
    format!("{}{}：下单", day(date), meal.label().zh)
}

#[must_use]
pub fn order_stays(date: Date, meal: Meal, number: &str, state: OrderState) -> String {
    format!("{}{}，订单 {number}：{}，不动", day(date), meal.label().zh, state.label().zh)
}

pub const ONLY_AT_CANTEENS: Told = ("这里是镇街的电脑，不替饭堂批量下单。", "请在饭堂的电脑上操作。");
pub const NOBODY_CHOSEN: Told = ("没有选长者。", "请选长者，或者选一类人。");
pub const NO_DAYS: Told = ("没有选日子。", "请在月历上点要订餐的日子。");
pub const DAYS_PAST: Told = ("选的日子里有已经过去的。", "请只选今天和以后的日子；过去的用补录。");
pub const NOTHING_TO_MAKE: Told = ("没有可以下的订单。", "请看一下每个人没有下单的原因。");
pub const NOT_HERE: Told = ("这里没有这条固定订餐。", "请刷新后再找一次。");
pub const NO_BATCH: Told = ("这里没有这个批次。", "请刷新后再找一次。");
pub const UNDONE_ALREADY: Told = ("这个批次已经撤销过。", "请刷新后看一下。");

#[must_use]
pub fn too_many(most: usize) -> (String, &'static str) {
    (format!("一次最多 {most} 份订单。"), "请少选几位长者，或者少选几天。")
}

#[must_use]
pub fn may_not_begin(reason: SkipReason) -> (String, &'static str) {
    (format!("这位长者不能在这里设固定订餐：{}。", reason.label().zh), "请先核对档案；在别处用餐的，由镇街改派到这里。")
}

pub const TITLE: &str = "固定订餐";
pub const ENTER: &str = "设固定订餐";
pub const CHANGE_OR_PAUSE: &str = "改、暂停";
pub const WEEKDAYS: &str = "周一到周五";
pub const PAUSE_A_WEEK: &str = "明天起停一周";
pub const RESUME_TOMORROW: &str = "明天恢复";
pub const CHANGES: &str = "这些订单会跟着变：";
pub const DO_IT: &str = "确定，照这样改";
pub const SAVED: &str = "固定订餐已保存";
pub const NEW_HINT: &str = "先找到长者，再设固定订餐。";
pub const HOW_IT_GOES: &str = "订单由本机提前下好，今天起三天内的马上有；哪天不要，取消那天的订单就行。";

pub const FIRST_OF_THE_DAY: &str = "当天的第一个";
pub const PLAN: &str = "代点餐";
pub const FOR_WHOM: &str = "给谁订";
pub const CHOSEN: &str = "逐个选";
pub const AS_ON: &str = "照某天";
pub const WHICH_DAYS: &str = "哪些天";
pub const WHAT: &str = "订什么";
pub const AS_USUAL: &str = "按各人习惯";
pub const LOOK: &str = "看看会下多少单";
pub const CLEAR_DAYS: &str = "清空日子";
pub const MONTH_BEFORE: &str = "上一月";
pub const MONTH_AFTER: &str = "下一月";
pub const NOT_MADE: &str = "这些不下单";
pub const UNDO: &str = "撤销这一批";
pub const UNDO_FOR_SURE: &str = "确定撤销";

#[must_use]
pub fn month(year: i16, month: i8) -> String {
    format!("{year}年{month}月")
}

#[must_use]
pub fn would_make(orders: u32, elders: u32, price: &str) -> String {
    format!("会下 {orders} 份订单，{elders} 位长者，餐费合计 {price}")
}

#[must_use]
pub fn make(orders: u32) -> String {
    format!("下这 {orders} 份订单")
}

#[must_use]
pub fn made(orders: u32) -> String {
    format!("已下 {orders} 份订单。下错了，在“订餐批次”里整批撤销。")
}

#[must_use]
pub fn would_undo(cancelled: u32, kept: u32) -> String {
    format!("会取消 {cancelled} 份还没备餐的订单；{kept} 份已经备餐、送出、取消或过了日子，不动。")
}

#[must_use]
pub fn undone(cancelled: u32) -> String {
    format!("这一批已撤销，取消了 {cancelled} 份订单")
}

#[must_use]
pub fn days_chosen(days: usize) -> String {
    format!("选了 {days} 天")
}

#[must_use]
pub fn unmade(people: usize) -> String {
    format!("固定订餐里有 {people} 份今天没有下单，开机时已经截单。要送的，请接电话订餐补录")
}
