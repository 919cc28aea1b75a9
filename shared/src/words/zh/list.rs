//! 列表：条件、排序、合计、导出。

use crate::schema::Label;
use crate::words::Told;

/// A filter that is not understood, and what would be right.
#[must_use]
pub fn unread(name: &str, wanted: &str) -> (String, String) {
    (format!("列表的条件 {name} 看不懂。"), wanted.to_owned())
}

#[must_use]
pub fn days(from: &str, to: &str) -> String {
    match (from, to) {
        (from, to) if from == to => from.to_owned(),
        (from, "") => format!("{from} 起"),
        ("", to) => format!("至 {to}"),
        (from, to) => format!("{from} 至 {to}"),
    }
}

/// A text that is looked for.
#[must_use]
pub fn text(text: &str) -> String {
    format!("“{text}”")
}

/// What a list is narrowed by.
#[must_use]
pub fn narrowed(by: &[String]) -> String {
    if by.is_empty() { "全部".to_owned() } else { by.join("，") }
}

pub const ONCE: &str = "每个条件只写一次。";
pub const PAGE: &str = "页数从 0 开始，写成整数。";
pub const RECORD: &str = "写成这一行的 id。";
pub const BEFORE: &str = "序号从 1 开始，写成整数。";
pub const DAY: &str = "日期写成 2026-11-22 这样。";
pub const DAYS_IN_ORDER: &str = "请让开始日期不晚于结束日期。";
pub const DIVISION: &str = "写区划代码，4、6、9 或 12 位数字。";
pub const ONE_OR_NOTHING: &str = "只能写 1，不要这个条件就留空。";

#[must_use]
pub fn too_long(most: usize) -> String {
    format!("最多 {most} 个字。")
}

/// The code words that a filter takes.
#[must_use]
pub fn code_words(all: &[(&str, Label)]) -> String {
    let all: Vec<String> = all.iter().map(|(code, label)| format!("{code}（{}）", label.zh)).collect();
    format!("可以写：{}。", all.join("、"))
}

/// The filters that a list has.
#[must_use]
pub fn filters(list: Label, names: &[&str]) -> String {
    format!("“{}”有这些条件：{}。", list.zh, names.join("、"))
}

/// The columns by which a list can be ordered.
#[must_use]
pub fn orders(names: &[&str]) -> String {
    format!("可以按这些列排序：{}；前面加 - 是倒序。", names.join("、"))
}

/// The foot of a workbook.
#[must_use]
pub fn total(rows: u64) -> String {
    format!("合计 {rows} 条")
}

pub const CHOOSE_ROW: &str = "选行";
pub const OPEN_ROW: &str = "打开";
pub const EXPORT_KEY: &str = "导出";
pub const TURN_PAGES: &str = "翻页";
pub const CLEAR_FILTERS: &str = "清空条件";
pub const EXPORT_TABLE: &str = "导出表格";
pub const EXPORTING: &str = "正在导出";
pub const PREVIOUS_PAGE: &str = "上一页";
pub const NEXT_PAGE: &str = "下一页";

#[must_use]
pub fn exported(rows: u64, file_name: &str) -> String {
    format!("已导出 {rows} 行：{file_name}")
}

#[must_use]
pub fn page_of(page: u32, pages: u32, rows: u64) -> String {
    format!("第 {page} / {pages} 页 · 共 {rows} 条")
}

pub const NOTHING_FITS: &str = "没有符合条件的内容。";

/// The head of what is yes or no, together.
pub const MARKS: &str = "标记";

/// What can be typed where a desk looks for people: it knows them by more than what stands in the columns.
#[must_use]
pub fn hint_of_people(hint: &str) -> String {
    format!("{hint}、首字母、电话、证件后四位")
}

/// A filter that asks for nothing.
#[must_use]
pub fn any(label: &str) -> String {
    format!("{label}不限")
}

/// Narrow no more by it.
#[must_use]
pub fn clear(label: &str) -> String {
    format!("不限{label}")
}

/// Only rows of which it is so.
#[must_use]
pub fn only(label: &str) -> String {
    format!("只看{label}")
}

/// Before the sum of a column.
#[must_use]
pub fn sum_of(label: &str) -> String {
    format!("合计{label}")
}

pub const ONLY_CHANGED: Told = ("这个列表里不能新建。", "由服务器自动登记；打开已有的一条再改。");
pub const ONLY_READ: Told = ("这个列表只能看，不能改。", "由上级或别的功能维护。");
pub const EXPORT_NOT_WRITTEN: Told = ("导出的文件写不进去。", "请关闭已打开的同名文件，确认磁盘有空间，再导出一次。");

#[must_use]
pub fn file_is_there(name: &str) -> (String, &'static str) {
    (format!("已经有这个文件：{name}。"), "请换一个文件名；确定要替换它，加 --replace。")
}

/// The name of an exported file that has no other.
pub const NAMELESS_EXPORT: &str = "导出";

#[must_use]
pub fn not_written_here(list: Label) -> (String, &'static str) {
    (format!("本机不能改{}。", list.zh), "请联系上级修改。")
}

#[must_use]
pub fn unknown(asked: &str, names: &[&str]) -> (String, String) {
    (format!("没有名为“{asked}”的列表。"), format!("现有：{}。", names.join("、")))
}

#[must_use]
pub fn being_gathered(list: Label) -> String {
    format!("正在整理{}", list.zh)
}

#[must_use]
pub fn being_written(list: Label) -> String {
    format!("正在写出{}", list.zh)
}

/// The title of an exported list, with what it is narrowed by.
#[must_use]
pub fn titled(list: Label, about: &str) -> String {
    format!("{}（{about}）", list.zh)
}

pub const TOO_MANY_EXPORTS: Told = ("正在导出的表格已经有好几份。", "请等一两分钟再导出。");
pub const EXPORT_FAILED: Told = ("导出的表格没有写成。", "请稍后再试；仍不行请联系运维，服务器的磁盘可能满了。");
