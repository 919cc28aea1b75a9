//! 存疑订单: an order that does not fit what the server knows. It stands in no total until somebody above the canteen says that it counts.

use super::order::Meal;
use super::{FILES, RecordKind};
use crate::both;
use crate::form::{FieldProblem, FormSpec};
use crate::list::{Direction, Filter, Join, ListSpec, When, column, first, when};
use crate::money::Fen;
use crate::schema::{Author, FieldType, IdFrom, Kept, Label, Open, Purpose, RecordId, Value, record, words};
use jiff::civil::{Date, DateTime};

words! {
    /// Why an order is doubtful; `rule::doubt` says each.
    DoubtReason {
        Incomplete = "incomplete" "内容不全" "Incomplete", Impossible = "impossible" "餐费不可能，改正前不计" "Impossible price, never counts",
        UnknownElder = "unknown_elder" "查无此人" "Person not known here", FarDate = "far_date" "日期太远" "Date far away",
        NotListed = "not_listed" "价目表上没有这个价" "Price not on the list", Second = "second" "同一餐的第二单" "Second order for the meal",
        Repriced = "repriced" "送达后改过价" "Price changed after delivery", Changed = "changed" "决定后又改过" "Changed after the decision",
    }
}
words! {
    /// What the township or who stands above it says of a doubtful order.
    DoubtVerdict { Counts = "counts" "算数" "Counts", Excluded = "excluded" "不算" "Does not count" }
}

record! {
    /// 存疑订单. Its id is the order's. The server makes and keeps it, since it alone knows when an order came and what other canteens wrote; the
    /// canteen that wrote the order reads it and decides nothing. Nobody is asked about what was said of it in two places: the greater operation counts.
    Doubt "doubt" 15 "存疑订单" "Doubtful order" [
        id(IdFrom::Kind(RecordKind::Order)), author(Author::Town), titled_by(&["number", "elder_name", "date meal"]),
        server_indexes(&[&["canteen"], &["elder"]]), of_persons(Purpose::Settlement, Kept::Voucher)
    ];
    canteen: String, "饭堂" "Canteen" [is(FieldType::Canteen), author(Author::Centre), derived, silent, other];
    /// What the order said when it was judged last: a decision is about this, and is off where the order says something else.
    number: Option<String>, "订单号" "Order number" [author(Author::Centre), derived, silent, other];
    elder: Option<RecordId>, "长者" "Elder" [refers(RecordKind::Elder), author(Author::Centre), derived, silent, identifying, open(Open::Linked)];
    elder_name: Option<String>, "姓名" "Name" [author(Author::Centre), derived, silent, identifying, open(Open::Shown)];
    date: Option<Date>, "日期" "Date" [author(Author::Centre), derived, other];
    meal: Option<Meal>, "餐次" "Meal" [author(Author::Centre), derived, other];
    price: Option<Fen>, "餐费" "Price" [author(Author::Centre), derived, money];
    /// None where the order fits by now.
    reason: Option<DoubtReason>, "存疑原因" "Reason for doubt" [author(Author::Centre), derived, width(20), other];
    since: DateTime, "存疑时间" "Doubtful since" [author(Author::Centre), derived, silent, other];
    verdict: Option<DoubtVerdict>, "决定" "Decision" [derived, other];
    note: Option<String>, "说明" "Note" [derived, width(24), other];
}

pub(super) static FORM: FormSpec = FormSpec::new(RecordKind::Doubt, &["verdict", "note"]).rule(|fields, _| {
    let said = |name: &str| fields.get(name).is_some_and(|value| *value != Value::Null);
    if said("verdict") && !said("note") { vec![FieldProblem::new("note", both!(doubt::NOTE_MISSING))] } else { Vec::new() }
});

/// 存疑订单 of all that are doubtful, decided or not.
pub static DOUBTS: ListSpec = ListSpec::new(
    "doubts",
    Label::new("存疑订单", "Doubtful orders"),
    RecordKind::Doubt,
    &[
        column("since"),
        column("canteen").wide(20),
        column("number").wide(14),
        first("name", &["elder_file.name", "elder_name"]),
        column("date"),
        column("meal"),
        column("price").summed(&[]),
        column("reason"),
        column("verdict"),
        column("note"),
        when("undecided", Label::new("待决定", "To be decided"), When::None(&[When::Filled("verdict")])).alarming(),
    ],
)
.joins(&[Join::named("elder_file", RecordKind::Elder, "elder")])
.about("elder")
.filters(&[
    Filter::Text {
        hint: Label::new("姓名、订单号", "Name, order number"), exact: &["number"], inside: &["name"], person: Some("elder")
    },
    Filter::Days("date"),
    Filter::One("reason"),
    Filter::One("verdict"),
    Filter::Yes("undecided"),
])
.order(&[("since", Direction::Down), ("number", Direction::Down)])
.only(When::Filled("reason"))
.card("name")
.menu(FILES, "cydd");
