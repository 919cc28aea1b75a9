//! 设备: the computers of canteens and offices.

use super::RecordKind;
use crate::list::{Direction, End, Filter, ListSpec, column, told};
use crate::schema::{Author, FieldType, Label, record};

record! {
    /// 设备 as the centre knows it; its key is kept apart.
    Device "device" 9 "设备" "Device" [author(Author::Centre)];
    /// The number that opens every order number of the device.
    number: i64, "设备号" "Number";
    name: String, "名称" "Name";
    canteen: Option<String>, "饭堂" "Canteen" [is(FieldType::Canteen)];
    division: String, "区划" "Division" [is(FieldType::Division)];
    revoked: bool, "已停用" "Disabled";
}

/// 设备与同步: what the server knows of each desk.
pub static DEVICES: ListSpec = ListSpec::new(
    "devices",
    Label::new("设备与同步", "Devices and sync"),
    RecordKind::Device,
    &[
        column("number"),
        column("name"),
        column("canteen").wide(20),
        column("division").wide(16),
        column("revoked"),
        told("overdue", Label::new("超过 24 小时", "Over 24 hours"), FieldType::YesNo).alarming(),
        told("differs", Label::new("两边不符", "Totals differ"), FieldType::YesNo).alarming(),
        told("asks_for_many", Label::new("要别处档案多", "Asks for many files"), FieldType::YesNo).alarming(),
        told("last_sync", Label::new("上次同步", "Last sync"), FieldType::Moment),
        told("unsent", Label::new("待上传", "To upload"), FieldType::Number),
        told("unsent_photos", Label::new("待传照片", "Photos to upload"), FieldType::Number),
        told("lost_photos", Label::new("要补传", "Photos to send again"), FieldType::Number),
        told("refused", Label::new("被退回", "Rejected"), FieldType::Number),
        told("version", Label::new("版本", "Version"), FieldType::Text),
    ],
)
.filters(&[
    Filter::Text { hint: Label::new("名称", "Name"), exact: &[], inside: &["name"], person: None },
    Filter::Within("division"),
    Filter::Yes("revoked"),
])
.order(&[("number", Direction::Up)])
.ends(&[End::Console])
.card("name");
