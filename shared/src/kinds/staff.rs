//! 工作人员: the people of canteens and offices, who sign in at a desk by a PIN. The PIN itself is no field: it stays on the computer where
//! it was chosen (`rule::pin`). What each role may do stands in `crate::rights`.

use super::{FILES, RecordKind};
use crate::form::FormSpec;
use crate::list::{Direction, Filter, ListSpec, column};
use crate::schema::{FieldType, Kept, Label, Open, Purpose, record, words};
use jiff::civil::DateTime;

words! {
    /// What somebody does at a desk.
    StaffRole {
        Manager = "manager" "负责人" "Manager",
        Cashier = "cashier" "收银员" "Cashier",
        Clerk = "clerk" "经办" "Clerk",
        Courier = "courier" "送餐员" "Courier",
        /// Sees to the computer, and to nobody's file.
        Operations = "operations" "运维" "Operations",
    }
}

record! {
    /// 工作人员 of a canteen, or of the office of a division (requirements D6, F1): whom acts are told of.
    Staff "staff" 16 "工作人员" "Staff" [titled_by(&["name"]), of_persons(Purpose::Access, Kept::Staff)];
    canteen: Option<String>, "饭堂" "Canteen" [is(FieldType::Canteen), derived, silent, other];
    division: Option<String>, "区划" "Division" [is(FieldType::Division), derived, silent, other];
    name: String, "姓名" "Name" [width(12), identifying, open(Open::Shown)];
    role: StaffRole, "岗位" "Role" [other];
    disabled: bool, "已停用" "Disabled" [other];
    /// A PIN that was chosen before this is void, and another may be chosen for some days.
    pin_reset_at: Option<DateTime>, "口令重设" "PIN reset" [derived, other];
}

pub(super) static FORM: FormSpec =
    FormSpec::new(RecordKind::Staff, &["canteen", "division", "name", "role", "disabled"]).unique(&["canteen", "division", "name"]);

/// 工作人员 of this place and those below it.
pub static STAFF: ListSpec = ListSpec::new(
    "staff",
    Label::new("工作人员", "Staff"),
    RecordKind::Staff,
    &[column("name"), column("role"), column("canteen").wide(20), column("division").wide(16), column("disabled"), column("pin_reset_at")],
)
.filters(&[
    Filter::Text { hint: Label::new("姓名", "Name"), exact: &[], inside: &["name"], person: None },
    Filter::One("role"),
    Filter::Yes("disabled"),
])
.order(&[("canteen", Direction::Up), ("name", Direction::Up)])
.card("name")
.menu(FILES, "gzry ry");
