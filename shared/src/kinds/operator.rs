//! 运营商: who runs canteens.

use crate::schema::{Author, Scope, record};

record! {
    /// 运营商: who runs canteens (002 #31, requirement D6).
    Operator "operator" 7 "运营商" "Operator" [author(Author::Centre), scope(Scope::Everybody)];
    name: String, "名称" "Name" [width(24)];
    licence: Option<String>, "统一社会信用代码" "Licence" [width(20)];
    phone: Option<String>, "电话" "Phone";
}
