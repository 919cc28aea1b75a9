//! 账号: who signs in at the console.

use crate::schema::{Author, FieldType, Kept, Open, Purpose, Scope, record, words};

words! {
    /// What an account or a device may see.
    Level { City = "city" "市" "City", County = "county" "县市区" "County", Town = "town" "镇街" "Township", Canteen = "canteen" "饭堂" "Canteen" }
}

record! {
    /// 账号 of the console (requirement F1); its password hash is kept apart. Never leaves the server.
    Account "account" 10 "账号" "Account" [author(Author::Centre), scope(Scope::Server), of_persons(Purpose::Access, Kept::Staff)];
    name: String, "账号" "Account" [identifying, open(Open::Shown)];
    role: Level, "角色" "Role" [other];
    division: String, "区划" "Division" [is(FieldType::Division), other];
    disabled: bool, "已停用" "Disabled" [other];
}
