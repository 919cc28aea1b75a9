//! 送餐路线: the ways on which a canteen's meals are brought.

use super::{DELIVERY, RecordKind};
use crate::form::FormSpec;
use crate::list::{Direction, End, Filter, Join, ListSpec, column};
use crate::schema::{FieldType, Kept, Label, Open, Purpose, RecordId, record};

record! {
    /// 送餐路线 of a canteen (requirement A7). Which elders lie on it, their stops say.
    Route "route" 26 "送餐路线" "Route" [titled_by(&["name"]), of_persons(Purpose::Meals, Kept::Staff)];
    canteen: String, "饭堂" "Canteen" [is(FieldType::Canteen), derived, silent, other];
    name: String, "路线" "Route" [width(12), other];
    /// Who drives it on most days; whoever took the boxes on a day stands in the hand-over.
    courier: Option<RecordId>, "送餐员" "Courier" [refers(RecordKind::Staff), width(12), identifying, open(Open::Linked)];
    disabled: bool, "已停用" "Disabled" [other];
}

pub(super) static FORM: FormSpec =
    FormSpec::new(RecordKind::Route, &["canteen", "name", "courier", "disabled"]).unique(&["canteen", "name"]);

/// 送餐路线 of this place.
pub static ROUTES: ListSpec = ListSpec::new(
    "routes",
    Label::new("送餐路线", "Routes"),
    RecordKind::Route,
    &[
        column("canteen").wide(20),
        column("name"),
        column("person.name").called("courier_name").said(Label::new("送餐员", "Courier")).wide(12),
        column("disabled"),
    ],
)
.joins(&[Join::named("person", RecordKind::Staff, "courier")])
.filters(&[Filter::Text { hint: Label::new("路线", "Route"), exact: &[], inside: &["name"], person: None }, Filter::Yes("disabled")])
.order(&[("canteen", Direction::Up), ("name", Direction::Up)])
.card("name")
.ends(&[End::Desk])
.menu(DELIVERY, "sclx lx");
