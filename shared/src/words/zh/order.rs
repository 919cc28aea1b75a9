//! 订餐：接单、截单、补录、结果。

use crate::fault::Warning;
use crate::kinds::OrderState;
use crate::rule::order::OrderWarning;
use crate::words::Told;

/// One warning before an order is saved; a sentence without its end.
#[must_use]
pub fn warning(warning: &OrderWarning) -> String {
    match warning {
        OrderWarning::Standing { number } => format!("这位长者这一餐已经有订单 {number}"),
        OrderWarning::AfterCutOff { cut_off } => {
            format!("这一餐已在 {} 截单，保存后算补录，要写原因", cut_off.strftime("%-m月%-d日 %H:%M"))
        }
        OrderWarning::Resting { name } => format!("这一天饭堂休息（{name}）"),
        OrderWarning::NotActive { status } => format!("这位长者的档案状态是“{}”", status.label().zh),
    }
}

/// The warnings are to be confirmed.
#[must_use]
pub fn confirm(warnings: &[Warning]) -> (String, &'static str) {
    let words: Vec<&str> = warnings.iter().map(|one| one.words.as_str()).collect();
    (format!("{}。", words.join("；")), "确认无误再保存一次。")
}

pub const LATE_WITHOUT_REASON: Told = ("补录的订单没有写原因。", "请写明为什么补录，比如“终端故障”。");
pub const DAY_TOO_FAR: Told = ("日期离今天太远。", "请核对日期，最多提前 31 天，最多补录 60 天内的。");
pub const OUTCOME_OF_ANOTHER_MODE: Told = ("这个结果和取餐方式对不上。", "自取的订单记“已取餐”，送餐的订单记送达结果。");
pub const ENDED: Told = ("这张订单已经结束。", "请刷新后看一下它现在的状态。");
pub const NOT_DELIVERED_WITHOUT_REASON: Told = ("没有送到，但没写原因。", "请选一个原因。");

/// When a meal closes, and how long that is.
#[must_use]
pub fn closes(clock: &str, left: Option<&str>) -> String {
    left.map_or_else(|| format!("{clock} 截单"), |left| format!("{clock} 截单，还有 {left}"))
}

pub const WHICH_MEAL: &str = "哪一餐";
pub const TAKEN: &str = "下单";
pub const LATE_ENTRY: &str = "补录";
pub const START_DELIVERY: &str = "开始配送";
pub const CANCEL_ORDER: &str = "取消订单";
pub const CANCEL_FOR_SURE: &str = "再点一次，确定取消";
pub const WHOLE_DAY: &str = "全天";
pub const NONE_FITS: &str = "没有符合条件的订单。按 Esc 清空条件。";

#[must_use]
pub fn now_stands(state: OrderState) -> String {
    format!("现在是“{}”。", state.label().zh)
}

pub const NONE_HERE: &str = "这里没有符合条件的订单。";
pub const NOT_HERE: Told = ("这里没有这张订单。", "请刷新后再找一次。");
