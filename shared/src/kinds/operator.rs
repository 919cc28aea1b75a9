//! 运营商: who runs canteens.

use super::{FILES, RecordKind};
use crate::list::{Direction, Filter, ListSpec, column};
use crate::schema::{Author, FieldType, Kept, Label, Open, Purpose, Scope, record};

record! {
    /// 运营商: who runs canteens (002 #31, requirement D6).
    Operator "operator" 7 "运营商" "Operator" [author(Author::Centre), scope(Scope::Everybody), of_persons(Purpose::Settlement, Kept::Voucher)];
    name: String, "名称" "Name" [width(24), identifying, open(Open::Public)];
    licence: Option<String>, "统一社会信用代码" "Licence" [width(20), identifying, open(Open::Public)];
    phone: Option<String>, "电话" "Phone" [is(FieldType::Phone), contact, open(Open::Public)];
}

/// 运营商名录.
pub static OPERATORS: ListSpec = ListSpec::new(
    "operators",
    Label::new("运营商", "Operators"),
    RecordKind::Operator,
    &[column("name"), column("licence"), column("phone")],
)
.filters(&[Filter::Text {
    hint: Label::new("名称、信用代码", "Name, licence"), exact: &["licence"], inside: &["name"], person: None
}])
.order(&[("name", Direction::Up)])
.menu(FILES, "yys");
