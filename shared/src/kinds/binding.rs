//! 绑定: which canteen an elder eats at.

use super::RecordKind;
use crate::schema::{FieldType, RecordId, record};
use jiff::civil::Date;

record! {
    /// 绑定: which canteen an elder ate at, from when to when (requirement B1). It follows the elder's file, so nobody is asked about it.
    Binding "binding" 4 "绑定" "Binding" [titled_by(&["elder", "canteen"]), desk_indexes(&[&["elder"]]), server_indexes(&[&["elder"]])];
    elder: RecordId, "长者" "Elder" [refers(RecordKind::Elder), derived];
    canteen: String, "饭堂" "Canteen" [is(FieldType::Canteen), derived];
    since: Date, "起" "From" [derived];
    until: Option<Date>, "止" "Until" [derived];
}
