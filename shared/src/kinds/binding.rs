//! 绑定: which canteen an elder eats at.

use super::RecordKind;
use crate::schema::{FieldType, Kept, Open, Purpose, RecordId, record};
use jiff::civil::Date;

record! {
    /// 绑定: which canteen an elder ate at, from when to when (requirement B1). It follows the elder's file, so nobody is asked about it.
    Binding "binding" 4 "绑定" "Binding" [titled_by(&["elder", "canteen"]), desk_indexes(&[&["elder"]]), server_indexes(&[&["elder"]]), of_persons(Purpose::Meals, Kept::File)];
    elder: RecordId, "长者" "Elder" [refers(RecordKind::Elder), derived, identifying, open(Open::Linked)];
    canteen: String, "饭堂" "Canteen" [is(FieldType::Canteen), derived, other];
    since: Date, "起" "From" [derived, other];
    until: Option<Date>, "止" "Until" [derived, other];
}
