//! 出餐交接: boxes that go out with a run, counted against its sheet, and what came back.

use super::order::Meal;
use super::{DELIVERY, RecordKind};
use crate::both;
use crate::form::{FieldProblem, FormSpec};
use crate::list::{Direction, End, Filter, Join, ListSpec, When, column, when};
use crate::schema::{FieldType, Fields, Kept, Label, Open, Purpose, RecordId, Value, record};
use jiff::civil::{Date, DateTime};

record! {
    /// 出餐交接 (programmes 5.3): the kitchen counts the boxes of a run to whoever brings them; in the evening boxes, meals and the sheet with its addresses are
    /// counted back. Its id follows from canteen, meal, route and which hand-over of the run it is.
    HandOver "hand_over" 28 "出餐交接" "Hand-over" [titled_by(&["date meal", "taken_by"]), desk_indexes(&[&["date"]]), of_persons(Purpose::Accountability, Kept::Voucher)];
    canteen: String, "饭堂" "Canteen" [is(FieldType::Canteen), derived, silent, other];
    date: Date, "日期" "Date" [derived, other];
    meal: Meal, "餐次" "Meal" [derived, other];
    /// None: the stops that lie on no route.
    route: Option<RecordId>, "路线" "Route" [refers(RecordKind::Route), derived, other];
    /// So many the sheet names.
    listed: i64, "单上份数" "On the sheet" [derived, other];
    /// So many were counted by hand.
    boxes: i64, "实交份数" "Handed over" [derived, other];
    made_at: DateTime, "交接时间" "Handed over at" [derived, other];
    given_by: Option<String>, "交出人" "Given by" [derived, identifying, open(Open::Shown)];
    taken_by: String, "接收人" "Taken by" [derived, identifying, open(Open::Shown)];
    /// Why the counts differ; what else is to be known.
    note: Option<String>, "说明" "Note" [width(24), health, open(Open::Outlives)];
    boxes_back: Option<i64>, "带回空盒" "Boxes back" [other];
    /// Meals that could not be left.
    meals_back: Option<i64>, "带回餐食" "Meals back" [other];
    /// The sheet is back: it bears addresses.
    sheet_back: bool, "送餐单已收回" "Sheet is back" [other];
    back_at: Option<DateTime>, "收回时间" "Back at" [other];
    received_by: Option<String>, "收回人" "Received by" [identifying, open(Open::Shown)];
    /// The orders, as `rule::run::content` writes them.
    orders: String, "所含订单" "Orders" [is(FieldType::Data), derived, silent, other];
}

pub(super) static FORM: FormSpec =
    FormSpec::new(RecordKind::HandOver, &["boxes_back", "meals_back", "sheet_back", "back_at", "received_by", "note"]).rule(holds_together);

/// What is counted back says when, and by whom; nothing comes back in negative numbers.
fn holds_together(fields: &Fields, _today: Date) -> Vec<FieldProblem> {
    let number = |name: &str| if let Some(Value::Int(number)) = fields.get(name) { Some(*number) } else { None };
    let said = |name: &str| fields.get(name).is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false)));
    let counts = ["boxes_back", "meals_back"];
    let mut problems: Vec<FieldProblem> = counts
        .into_iter()
        .filter(|name| number(name).is_some_and(i64::is_negative))
        .map(|name| FieldProblem::new(name, both!(delivery::NOT_NEGATIVE)))
        .collect();
    if counts.into_iter().chain(["sheet_back"]).any(said) {
        let missing = ["back_at", "received_by"].into_iter().filter(|name| !said(name));
        problems.extend(missing.map(|name| FieldProblem::new(name, both!(delivery::BACK_TO_WHOM))));
    }
    problems
}

/// 出餐交接 of this place, the latest first.
pub static HAND_OVERS: ListSpec = ListSpec::new(
    "hand_overs",
    Label::new("出餐交接", "Hand-overs"),
    RecordKind::HandOver,
    &[
        column("date"),
        column("meal"),
        column("canteen").wide(20),
        column("way.name").called("route_name").said(Label::new("路线", "Route")).wide(12),
        column("listed"),
        column("boxes"),
        column("made_at"),
        column("given_by").exported(),
        column("taken_by"),
        column("boxes_back"),
        column("meals_back"),
        column("back_at").exported(),
        column("received_by").exported(),
        column("note").exported(),
        column("sheet_back"),
        when("out", Label::new("未收回", "Nothing back"), When::None(&[When::Filled("received_by")])).alarming(),
    ],
)
.joins(&[Join::named("way", RecordKind::Route, "route")])
.filters(&[
    Filter::Days("date"),
    Filter::One("meal"),
    Filter::Text { hint: Label::new("接收人", "Taken by"), exact: &[], inside: &["taken_by"], person: None },
    Filter::Yes("out"),
])
.order(&[("date", Direction::Down), ("made_at", Direction::Down)])
.card("taken_by")
.ends(&[End::Desk])
.menu(DELIVERY, "ccjj jj");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Draft;

    #[test]
    fn what_is_counted_back_says_when_and_by_whom() {
        let problems = |typed: &[(&str, &str)]| {
            let draft: Draft = typed.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
            let found = FORM.read(&draft, "2026-11-22".parse().unwrap()).err().unwrap_or_default();
            found.into_iter().map(|problem| problem.field).collect::<Vec<_>>()
        };
        let back = [("back_at", "2026-11-22T13:10"), ("received_by", "陈月好")];
        assert_eq!(problems(&[]), [""; 0]);
        assert_eq!(problems(&[("note", "少一份汤")]), [""; 0]);
        assert_eq!(problems(&[("boxes_back", "12")]), ["back_at", "received_by"]);
        assert_eq!(problems(&[("sheet_back", "1"), back[0]]), ["received_by"]);
        assert_eq!(problems(&[("boxes_back", "12"), ("meals_back", "0"), ("sheet_back", "1"), back[0], back[1]]), [""; 0]);
        assert_eq!(problems(&[("boxes_back", "-1"), back[0], back[1]]), ["boxes_back"]);
    }
}
