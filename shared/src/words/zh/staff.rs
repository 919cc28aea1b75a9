//! 工作人员：登录、口令、锁屏、换人。

use crate::rule::pin::{PinProblem, SHORTEST, TO_AGREE, TO_CHOOSE};
use crate::words::Told;

/// What a new PIN has to be, for those who choose one.
#[must_use]
pub fn pin_rule() -> String {
    format!("口令至少 {SHORTEST} 位，数字就行；不要用 123456、同一个数字，也不要用生日。")
}

/// A PIN that is not taken.
#[must_use]
pub fn weak_pin(problem: PinProblem) -> (&'static str, String) {
    let happened = match problem {
        PinProblem::Short => "口令太短。",
        PinProblem::Long => "口令太长。",
        PinProblem::Guessed => "这个口令太好猜。",
    };
    (happened, format!("请换一个：{}", pin_rule()))
}

pub const WHO: &str = "谁在用这台电脑？";
pub const LOCKED_TITLE: &str = "已锁屏";
pub const LOCK: &str = "锁屏";
pub const CHANGE: &str = "换人";
pub const PIN: &str = "口令";
pub const PIN_OLD: &str = "现在的口令";
pub const PIN_NEW: &str = "新口令";
pub const PIN_AGAIN: &str = "再输一遍";
pub const PINS_DIFFER: Told = ("两次口令不一样。", "请再输一遍。");
pub const SIGN_IN: &str = "开始工作";
pub const CHOOSE_PIN: &str = "第一次在这台电脑上登录，请自己定一个口令。";
pub const CHANGE_PIN: &str = "改口令";
pub const NO_PIN: &str = "还没有口令";
pub const WAITS: &str = "输错太多，稍后再试";
pub const BACK: &str = "返回";
pub const RESET_PIN: &str = "重设口令";
pub const NOBODY_YET: &str = "这台电脑还没有登记工作人员，谁都能用。";
pub const NOBODY_YET_HINT: &str = "先登记负责人，再登记其他人；各人用自己的口令登录，每一笔都记得是谁做的。";
pub const ENTER_STAFF: &str = "登记工作人员";
pub const FIRST_PIN: &str = "设好口令，开始使用";

#[must_use]
pub fn pin_reset(name: &str) -> String {
    format!("{name}的口令已作废，{} 天内本人可以在登录时定一个新的。", TO_CHOOSE / 24)
}

pub const DISABLE: &str = "停用";
pub const ENABLE: &str = "启用";

#[must_use]
pub fn sure_disable(name: &str) -> String {
    format!("停用{name}？他用的电脑下次同步时就锁上。")
}

#[must_use]
pub fn sure_enable(name: &str) -> String {
    format!("重新启用{name}？")
}

#[must_use]
pub fn sure_reset(name: &str) -> String {
    format!("重设{name}的口令？现在的口令在电脑下次同步时作废，本人登录时再定一个新的。")
}

pub const LOCKED: Told = ("已锁屏，没有人登录。", "请先选自己的名字、输入口令。");
pub const NOT_THIS_ROLE: Told = ("您的岗位不做这件事。", "请让负责人来做，或者按换人键换成有权限的人。");
pub const NOBODY: Told = ("这里没有这个人，或者已经停用。", "请从名单里选；新来的人请负责人先登记。");
/// Of a second person who agrees.
#[must_use]
pub fn second_is_new() -> (String, &'static str) {
    (format!("同意的人要在这台电脑上定好口令 {TO_AGREE} 小时以后才能同意别人。"), "请换一位早就有口令的，或者明天再来。")
}
pub const SECOND_IS_ANOTHER: Told = ("同意的人要是另一位有口令的工作人员。", "请让在座的人以外的一位来选自己的名字、输入口令。");
pub const WRONG_PIN: Told = ("口令不对。", "请再输一次；忘了请负责人重设。");
pub const ASK_FOR_RESET: Told = ("这台电脑上还没有您的口令。", "请负责人在“工作人员”里为您重设口令，再来登录。");
pub const MANAGER_FIRST: Told = ("还没有负责人设口令。", "请负责人先登录，其他人随后。");
pub const PIN_MISSING: Told = ("还没有定口令。", "请输入新口令。");

#[must_use]
pub fn wait(minutes: i64) -> (String, &'static str) {
    (format!("口令输错太多，{minutes} 分钟后才能再试。"), "等一等；急用请别人先登录，或请负责人重设口令。")
}
