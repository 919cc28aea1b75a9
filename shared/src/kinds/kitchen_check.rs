//! 厨房检查: what the kitchen looks at each day, and what it did where something was not in order.

use super::{KITCHEN, RecordKind};
use crate::both;
use crate::form::{FieldProblem, FormSpec};
use crate::list::{Direction, End, Filter, ListSpec, When, column, when};
use crate::schema::{FieldType, Fields, Kept, Label, Open, Purpose, Value, record, words};
use jiff::civil::{Date, DateTime};

words! {
    /// What was looked at.
    CheckOf {
        Staff = "staff" "晨检" "Staff in the morning", CoreTemperature = "core_temperature" "中心温度" "Core temperature",
        Disinfection = "disinfection" "消毒" "Disinfection", FridgeTemperature = "fridge_temperature" "冷藏温度" "Fridge temperature",
        Waste = "waste" "餐损" "Waste",
    }
}

words! {
    /// How it was found.
    CheckResult { Fit = "fit" "合格" "In order", Unfit = "unfit" "不合格" "Not in order" }
}

/// Less in the core of a cooked dish, in ℃, is not done (GB 31654).
const DONE: i64 = 70;
/// More in a fridge, in ℃, is too warm.
const COLD: i64 = 8;

record! {
    /// 厨房检查 (programmes 5.3): 晨检, 中心温度, 消毒, 冷藏温度, 餐损. What is not in order says what was done about it.
    KitchenCheck "kitchen_check" 23 "厨房检查" "Kitchen check" [titled_by(&["what", "about", "done_at"]), of_persons(Purpose::Accountability, Kept::Voucher)];
    canteen: String, "饭堂" "Canteen" [is(FieldType::Canteen), derived, silent, other];
    what: CheckOf, "检查项" "Check" [width(12), other];
    /// Whom or what: somebody of the staff, a dish, a cabinet.
    about: String, "对象" "Of whom or what" [width(16), identifying, open(Open::Shown)];
    /// In ℃, minutes or portions, by what was looked at.
    reading: Option<i64>, "读数" "Reading" [other];
    result: CheckResult, "结果" "Result" [other];
    /// What was done where it was not in order; why it was wasted.
    action: Option<String>, "处置或原因" "Action or reason" [width(24), health, open(Open::Outlives)];
    done_at: DateTime, "检查时间" "Checked at" [other];
    done_by: Option<String>, "检查人" "Checked by" [identifying, open(Open::Shown)];
}

pub(super) static FORM: FormSpec =
    FormSpec::new(RecordKind::KitchenCheck, &["canteen", "what", "about", "reading", "result", "action", "done_at", "done_by"])
        .rule(holds_together);

/// A reading that is out of range is not in order, and what is not in order was seen to.
fn holds_together(fields: &Fields, _today: Date) -> Vec<FieldProblem> {
    let code = |name: &str| if let Some(Value::Text(code)) = fields.get(name) { code.as_str() } else { "" };
    let reading = if let Some(Value::Int(reading)) = fields.get("reading") { Some(*reading) } else { None };
    let (what, fit) = (CheckOf::of_code(code("what")), code("result") == CheckResult::Fit.code());
    let mut problems = Vec::new();
    match (what, reading) {
        (Some(CheckOf::CoreTemperature | CheckOf::FridgeTemperature | CheckOf::Waste), None) => {
            problems.push(FieldProblem::new("reading", both!(kitchen::READING_MISSING)));
        }
        (Some(CheckOf::CoreTemperature), Some(reading)) if fit && reading < DONE => {
            problems.push(FieldProblem::new("result", both!(kitchen::not_done(DONE))));
        }
        (Some(CheckOf::FridgeTemperature), Some(reading)) if fit && reading > COLD => {
            problems.push(FieldProblem::new("result", both!(kitchen::not_cold(COLD))));
        }
        _ => {}
    }
    if (!fit || what == Some(CheckOf::Waste)) && fields.get("action").is_none_or(|action| *action == Value::Null) {
        problems.push(FieldProblem::new("action", both!(kitchen::ACTION_MISSING)));
    }
    problems
}

/// 厨房检查 of this place.
pub static KITCHEN_CHECKS: ListSpec = ListSpec::new(
    "kitchen_checks",
    Label::new("厨房检查", "Kitchen checks"),
    RecordKind::KitchenCheck,
    &[
        column("done_at"),
        column("canteen").wide(20),
        column("what"),
        column("about"),
        column("reading"),
        column("result"),
        column("action"),
        column("done_by"),
        when("unfit", Label::new("不合格", "Not in order"), When::Is("result", &["unfit"])).alarming(),
    ],
)
.filters(&[
    Filter::Text { hint: Label::new("对象", "Of whom or what"), exact: &[], inside: &["about"], person: None },
    Filter::Days("done_at"),
    Filter::One("what"),
    Filter::Yes("unfit"),
])
.order(&[("done_at", Direction::Down)])
.card("about")
.ends(&[End::Desk])
.menu(KITCHEN, "cfjc jc cj");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Draft;

    #[test]
    fn what_is_out_of_range_is_not_in_order_and_says_what_was_done() {
        let read = |what: &str, reading: &str, result: &str, action: &str| {
            let typed = [
                ("canteen", "C1"),
                ("what", what),
                ("about", "白切鸡"),
                ("reading", reading),
                ("result", result),
                ("action", action),
                ("done_at", "2026-11-22T10:40"),
            ];
            let draft: Draft = typed.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
            let problems = FORM.read(&draft, "2026-11-22".parse().unwrap()).err().unwrap_or_default();
            problems.into_iter().map(|problem| problem.field).collect::<Vec<_>>()
        };
        for (what, reading, result, action, wanted) in [
            ("staff", "", "fit", "", &[][..]),
            ("staff", "", "unfit", "", &["action"]),
            ("staff", "", "unfit", "发热，回家休息", &[]),
            ("core_temperature", "72", "fit", "", &[]),
            ("core_temperature", "65", "fit", "", &["result"]),
            ("core_temperature", "65", "unfit", "回锅到 75", &[]),
            ("core_temperature", "", "fit", "", &["reading"]),
            ("fridge_temperature", "10", "fit", "", &["result"]),
            ("fridge_temperature", "4", "fit", "", &[]),
            ("waste", "6", "fit", "", &["action"]),
            ("waste", "6", "fit", "下雨，来的人少", &[]),
        ] {
            assert_eq!(read(what, reading, result, action), wanted, "{what} {reading} {result} {action}");
        }
    }
}
