//! 送餐点: where an elder's stop lies on a canteen's routes. What follows for a run stands in `rule::run`.

use super::{DELIVERY, RecordKind};
use crate::list::{Direction, End, Filter, Join, ListSpec, column, first};
use crate::schema::{FieldType, Kept, Label, Open, Purpose, RecordId, record};

record! {
    /// 送餐点 (requirement A7): one for an elder and a canteen, its id follows from these. The place is kept from day to day; two desks that move different
    /// stops agree.
    Stop "stop" 27 "送餐点" "Stop" [titled_by(&["elder_name|elder"]), of_persons(Purpose::Meals, Kept::Voucher)];
    elder: RecordId, "长者" "Elder" [refers(RecordKind::Elder), derived, silent, identifying, open(Open::Linked)];
    elder_name: Option<String>, "姓名" "Name" [derived, silent, identifying, open(Open::Shown)];
    canteen: String, "饭堂" "Canteen" [is(FieldType::Canteen), derived, silent, other];
    /// None: wherever most stops of the village lie.
    route: Option<RecordId>, "路线" "Route" [refers(RecordKind::Route), derived, other];
    /// Greater is later; none: behind those that have one, by address.
    place: Option<i64>, "顺序" "Place" [derived, other];
}

/// 送餐点 of this place, as they are driven to.
pub static STOPS: ListSpec = ListSpec::new(
    "stops",
    Label::new("送餐点", "Stops"),
    RecordKind::Stop,
    &[
        column("canteen").wide(20),
        column("way.name").called("route_name").said(Label::new("路线", "Route")).wide(12),
        first("name", &["elder_file.name", "elder_name"]),
        column("elder_file.division").called("village").wide(16),
        column("elder_file.address").exported().masked(),
        column("elder_file.phone").exported().masked(),
        column("place").exported(),
    ],
)
.joins(&[Join::named("elder_file", RecordKind::Elder, "elder"), Join::named("way", RecordKind::Route, "route")])
.about("elder")
.filters(&[Filter::Text { hint: Label::new("姓名", "Name"), exact: &[], inside: &["name"], person: Some("elder") }])
.order(&[("canteen", Direction::Up), ("route_name", Direction::Up), ("place", Direction::Up)])
.card("name")
.ends(&[End::Desk])
.menu(DELIVERY, "scd");
