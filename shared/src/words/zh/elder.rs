//! 长者和证件。

use crate::rule::id_number::IdNumberError;
use crate::schema::Label;
use crate::words::Told;

/// Why an ID number is not taken; a sentence without its end.
#[must_use]
pub fn id_number(error: IdNumberError) -> &'static str {
    match error {
        IdNumberError::Length => "身份证号位数不对，应为 18 位",
        IdNumberError::Characters => "身份证号里有不是数字的字符",
        IdNumberError::Rounded => "身份证号被表格软件改成了约数，后几位已丢失，请把该列设为文本后重新填写",
        IdNumberError::BirthDate => "身份证号里的出生日期不存在",
        IdNumberError::CheckDigit => "身份证号校验不通过，请核对是否抄错一位",
    }
}

pub const NEEDS_DELIVERY: &str = "需送餐";
pub const EMERGENCY: &str = "紧急联系";
pub const FAMILY: &str = "家属";

#[must_use]
pub fn aged(years: i16) -> String {
    format!("{years} 岁")
}

/// The state of a file that is not in use.
#[must_use]
pub fn file_state(state: &str) -> String {
    format!("档案状态：{state}")
}

pub const NOT_HERE: Told = ("这里没有这位长者。", "请刷新后再找一次。");
pub const DATA_ERASED: Told =
    ("这位长者的资料已按本人要求删除。", "不能再登记身份证号、电话、住址和照片；本人重新要求服务的，请不填身份证号另建一份档案。");
pub const ID_NUMBER_STAYS: Told = ("身份证号不能直接改。", "请确认是不是选错了人；确实登记错的，请另建一份新档案。");
pub const VILLAGE_OUTSIDE: Told = ("这个村社区不在本机的管辖范围。", "请在列表里选本镇街的村社区。");
pub const BIRTH_DATE_UNREAD: Told = ("出生日期看不懂。", "请写成 1944-05-06 这样。");

#[must_use]
pub fn id_number_known(name: &str) -> (String, &'static str) {
    (format!("这个身份证号已经有档案：{name}。"), "请在左边搜索这位长者，不要重复登记。")
}

#[must_use]
pub fn bad_id_number(error: IdNumberError) -> (String, &'static str) {
    (format!("{}。", id_number(error)), "请对照证件改正；没有证件可以先空着。")
}

#[must_use]
pub fn not_a_phone(label: Label) -> (String, &'static str) {
    (format!("{}不像电话号码。", label.zh), "手机 11 位，座机带区号，比如 0766-8812345。")
}

pub const NO_ELDER_FITS: &str = "没有符合条件的长者。可以按 F2 登记，或导入名单。";
pub const NEW_ONE: &str = "新长者";
pub const REGISTER_NEW: &str = "登记新长者";
pub const FILE: &str = "长者档案";
pub const FILE_SAVED: &str = "档案已保存。";
pub const EMERGENCY_CONTACT: &str = "紧急联系";
pub const EMERGENCY_PHONE: &str = "联系电话";
pub const FIND_VILLAGE: &str = "村名或拼音首字母";
pub const NAME_MISSING: &str = "请填姓名";
pub const VILLAGE_MISSING: &str = "请选村社区";
pub const BIRTH_UNREADABLE: &str = "出生日期没有看懂，可以写 1944-03-05";
pub const NOT_A_PHONE: &str = "电话号码不对，应为 11 位手机或固定电话";

pub const NEITHER_NUMBER_NOR_ID: Told = ("这不是身份证号，也不是档案编号。", "请核对后再试。");
