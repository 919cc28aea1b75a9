//! 行政区划: counties, towns and villages with the time they are valid.

use crate::schema::{Author, FieldType, Scope, record};
use jiff::civil::Date;

record! {
    /// 行政区划, from county to village, with the time it is valid and the code that follows it (requirement E7).
    Division "division" 8 "行政区划" "Division" [author(Author::Centre), scope(Scope::Everybody)];
    /// 6, 9 or 12 digits.
    code: String, "代码" "Code" [key];
    name: String, "名称" "Name" [width(24)];
    /// The code of the division above; none for a city.
    parent: Option<String>, "上级" "Above" [is(FieldType::Division)];
    valid_from: Date, "启用日期" "Valid from";
    valid_to: Option<Date>, "停用日期" "Valid to";
    successor: Option<String>, "接续代码" "Successor" [is(FieldType::Division)];
}
