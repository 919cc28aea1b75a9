//! 表单：填写、检查、保存。

use crate::schema::Label;
use crate::words::Told;

/// What is wrong in a form, each a sentence without its end.
#[must_use]
pub fn problems<'a>(all: impl Iterator<Item = &'a str>) -> (String, &'static str) {
    (format!("{}。", all.collect::<Vec<_>>().join("；")), "请改好再保存。")
}

/// Another record has the same.
#[must_use]
pub fn twice(labels: &[Label], kind: Label) -> (String, &'static str) {
    let labels: Vec<&str> = labels.iter().map(|label| label.zh).collect();
    (format!("已经有{}相同的{}。", labels.join("、"), kind.zh), "请在列表里找到那一条再改。")
}

/// The label of money with its unit.
#[must_use]
pub fn in_yuan(label: Label) -> String {
    format!("{}（元）", label.zh)
}

#[must_use]
pub fn unknown(label: Label) -> String {
    format!("{}不在列表里，请重新选", label.zh)
}

#[must_use]
pub fn missing(label: Label) -> String {
    format!("还没有填{}", label.zh)
}

#[must_use]
pub fn too_long(label: Label, most: usize) -> String {
    format!("{}太长，最多 {most} 个字", label.zh)
}

#[must_use]
pub fn control_character(label: Label) -> String {
    format!("{}里有看不见的控制字符，请删掉重写", label.zh)
}

#[must_use]
pub fn not_one_of_them(label: Label) -> String {
    format!("{}要在给出的几样里选", label.zh)
}

#[must_use]
pub fn not_in_the_list(label: Label) -> String {
    format!("{}要从列表里选", label.zh)
}

/// Has to be written like the example.
#[must_use]
pub fn written_like(label: Label, example: &str) -> String {
    format!("{}要写成 {example} 这样", label.zh)
}

#[must_use]
pub fn not_money(label: Label) -> String {
    format!("{}要写成 12 或 12.50 这样，单位元", label.zh)
}

#[must_use]
pub fn not_a_number(label: Label) -> String {
    format!("{}要写整数", label.zh)
}

#[must_use]
pub fn not_a_phone(label: Label) -> String {
    format!("{}不像电话号码，手机 11 位，座机带区号", label.zh)
}

#[must_use]
pub fn not_typed(label: Label) -> String {
    format!("{}不能直接填", label.zh)
}

pub const NO_SUCH_FIELD: Told = ("这里没有这个字段。", "请刷新后再找一次。");

/// Something that an act needs was not given.
#[must_use]
pub fn not_given(what: Label) -> (String, String) {
    (format!("还没有填{}。", what.zh), format!("请填好{}再保存。", what.zh))
}

#[must_use]
pub fn outside_scope(label: Label) -> String {
    format!("{}不在本机的管辖范围", label.zh)
}

/// Of a field that has a meaning only where another one says `word`.
#[must_use]
pub fn only_with(label: Label, other: Label, word: Label) -> String {
    format!("只有{}是“{}”时才填{}", other.zh, word.zh, label.zh)
}

pub const PLEASE_CHOOSE: &str = "请选择";
pub const SAVE: &str = "保存";
pub const UNSEEN_IN_NAME: Told = ("名称里有看不见的字符。", "请只用看得见的字，重新输入名称。");
