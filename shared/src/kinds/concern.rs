//! 关注事项: somebody who brought a meal saw an elder who is not well. It stays in sight until somebody says what was done.

use super::{DELIVERY, RecordKind};
use crate::both;
use crate::form::{FieldProblem, FormSpec};
use crate::list::{Direction, End, Filter, Join, ListSpec, When, column, first, when};
use crate::schema::{FieldType, IdFrom, Kept, Label, Open, Purpose, RecordId, Value, record, words};
use jiff::civil::DateTime;

words! {
    /// What came of it.
    ConcernOutcome {
        Well = "well" "已看望，无大碍" "Visited, all right", Family = "family" "已交家属" "With the family", Village = "village" "已交村居" "With the village",
        Hospital = "hospital" "已送医" "In hospital", Mistake = "mistake" "点错了" "A slip",
    }
}

record! {
    /// 关注事项 (requirement B5). Its id is that of the order whose receipt says 需要关注: two desks that write the receipt apart open one.
    Concern "concern" 25 "关注事项" "Concern" [
        id(IdFrom::Kind(RecordKind::Order)), titled_by(&["elder_name|elder", "seen_at"]), of_persons(Purpose::Care, Kept::Voucher)
    ];
    elder: RecordId, "长者" "Elder" [refers(RecordKind::Elder), derived, silent, identifying, open(Open::Linked)];
    elder_name: Option<String>, "姓名" "Name" [derived, silent, identifying, open(Open::Shown)];
    canteen: String, "饭堂" "Canteen" [is(FieldType::Canteen), derived, silent, other];
    seen_at: DateTime, "发现时间" "Seen at" [derived, other];
    /// Who wrote the receipt.
    seen_by: Option<String>, "发现人" "Seen by" [derived, identifying, purpose(Purpose::Accountability), open(Open::Shown)];
    outcome: Option<ConcernOutcome>, "处理结果" "Outcome" [width(14), health, open(Open::Followed)];
    /// What was done.
    note: Option<String>, "处理说明" "What was done" [width(28), health, open(Open::Followed)];
}

pub(super) static FORM: FormSpec = FormSpec::new(RecordKind::Concern, &["outcome", "note"]).rule(|fields, _| {
    let said = |name: &str| fields.get(name).is_some_and(|value| *value != Value::Null);
    if said("outcome") && !said("note") { vec![FieldProblem::new("note", both!(concern::NOTE_MISSING))] } else { Vec::new() }
});

/// 关注事项 of this place and those below it: those in sight first.
pub static CONCERNS: ListSpec = ListSpec::new(
    "concerns",
    Label::new("关注事项", "Concerns"),
    RecordKind::Concern,
    &[
        column("seen_at"),
        column("canteen").wide(20),
        first("name", &["elder_file.name", "elder_name"]),
        column("elder_file.division").called("village").wide(16),
        column("elder_file.phone").exported().masked(),
        column("receipt.note").called("receipt_note").said(Label::new("看到什么", "What was seen")).wide(24),
        column("seen_by").exported(),
        column("outcome"),
        column("note").wide(24),
        when("open", Label::new("待跟进", "To be followed up"), When::None(&[When::Filled("outcome")])).alarming(),
    ],
)
.joins(&[Join::named("elder_file", RecordKind::Elder, "elder"), Join::same_id("receipt", RecordKind::Receipt)])
.about("elder")
.filters(&[
    Filter::Text { hint: Label::new("姓名", "Name"), exact: &[], inside: &["name"], person: Some("elder") },
    Filter::Days("seen_at"),
    Filter::One("outcome"),
    Filter::Yes("open"),
])
.order(&[("open", Direction::Down), ("seen_at", Direction::Down)])
.card("name")
.ends(&[End::Desk])
.menu(DELIVERY, "gzsx gz");
