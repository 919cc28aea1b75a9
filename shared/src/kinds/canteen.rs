//! 饭堂: where elders eat.

use super::{FILES, RecordKind};
use crate::list::{Direction, Filter, ListSpec, column};
use crate::schema::{Author, FieldType, Label, RecordId, Scope, record};

record! {
    /// 饭堂 (002 #32). `code` is the centre's short name for it, `division` its town or village. What an elder or an order names,
    /// everybody can put a name to.
    Canteen "canteen" 6 "饭堂" "Canteen" [author(Author::Centre), scope(Scope::Everybody), server_indexes(&[&["code"], &["division"]])];
    code: String, "编号" "Code" [key];
    name: String, "名称" "Name" [width(24)];
    division: String, "所在区划" "Division" [is(FieldType::Division)];
    operator: Option<RecordId>, "运营商" "Operator" [refers(RecordKind::Operator)];
    /// Orders for a meal are due before these times, `HH:MM`.
    cut_off_breakfast: String, "早餐截单" "Breakfast cut-off" [is(FieldType::TimeOfDay)];
    cut_off_lunch: String, "午餐截单" "Lunch cut-off" [is(FieldType::TimeOfDay)];
    cut_off_dinner: String, "晚餐截单" "Dinner cut-off" [is(FieldType::TimeOfDay)];
    /// Hours in which a receipt may be changed freely (requirement A7).
    receipt_free_hours: i64, "回单可改小时" "Hours to change a receipt";
}

/// 饭堂名录.
pub static CANTEENS: ListSpec = ListSpec::new(
    "canteens",
    Label::new("饭堂", "Canteens"),
    RecordKind::Canteen,
    &[
        column("code"),
        column("name"),
        column("division").wide(16),
        column("operator").wide(24),
        column("cut_off_breakfast"),
        column("cut_off_lunch"),
        column("cut_off_dinner"),
        column("receipt_free_hours"),
    ],
)
.filters(&[
    Filter::Text { hint: Label::new("名称、编号", "Name, code"), exact: &["code"], inside: &["name"], person: None },
    Filter::Within("division"),
])
.order(&[("code", Direction::Up)])
.card("name")
.menu(FILES, "ft");
