//! 设备: the computers of canteens and offices.

use crate::schema::{Author, FieldType, record};

record! {
    /// 设备 as the centre knows it; its key is kept apart.
    Device "device" 9 "设备" "Device" [author(Author::Centre)];
    /// The number that opens every order number of the device.
    number: i64, "设备号" "Number";
    name: String, "名称" "Name";
    canteen: Option<String>, "饭堂" "Canteen" [is(FieldType::Canteen)];
    division: String, "区划" "Division" [is(FieldType::Division)];
    revoked: bool, "已停用" "Revoked";
}
