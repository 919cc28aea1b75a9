//! 名单导入：预览、出错的行、撤回。

use crate::command::Bucket;
use crate::kinds::ElderStatus;
use crate::schema::Label;
use crate::words::Told;
use jiff::civil::Date;
use std::borrow::Borrow;

/// What becomes of a row.
#[must_use]
pub const fn bucket(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::New => "新增",
        Bucket::Update => "更新",
        Bucket::Same => "不变",
        Bucket::Error => "有错",
    }
}

pub const READING_THE_LIST: &str = "正在读取名单";
pub const CHECKING_THE_LIST: &str = "正在核对名单";
pub const SAVING_THE_LIST: &str = "正在保存名单";
pub const TAKING_BACK: &str = "正在撤回名单";
pub const NOT_HERE: Told = ("这里没有这次导入。", "请刷新后再找一次。");
pub const TAKEN_BACK_BEFORE: Told = ("这次导入已经撤销过。", "不用再撤销。");

/// The name of the file with a list's wrong rows.
#[must_use]
pub fn errors_file(list: &str, at: &str) -> String {
    format!("{list} 待更正 {at}")
}

/// The name of its sheet.
pub const ROWS_TO_CORRECT: &str = "有错的行";

/// The word above the reasons in it; it stands for no field, so a second import leaves the column out.
pub const REASON: &str = "错误原因";

/// A column that says in which town the village of the next one lies.
pub const TOWN: &str = "镇街";

/// Sentences without an end, one after the other.
#[must_use]
pub fn sentences<S: Borrow<str>>(all: &[S]) -> String {
    all.join("；")
}

const SAVE_AS_XLSX: &str = "请用表格软件打开，另存为 .xlsx 再导入。";
pub const FILE_DOES_NOT_OPEN: Told = ("文件打不开。", "请先在表格软件里关闭它，再选一次。");
pub const FILE_TOO_LARGE: Told = ("文件超过 50 MB，没有读取。", "请只保留名单那一张表，去掉图片后另存再导入。");
pub const FILE_EMPTY: Told = ("文件是空的。", "请核对是否选错文件，或让对方重新发一份。");
pub const NOTHING_IN_IT: Told = ("文件里没有内容。", "请核对是否选错文件，或名单在别的文件里。");
pub const FILE_DAMAGED: Told = ("文件已损坏或不是表格文件。", SAVE_AS_XLSX);
pub const TABLE_TOO_LARGE: Told = ("表格太大：最多 20 万行、200 列。", "请删去名单以外的行、列和工作表，另存为 .xlsx 再导入。");
pub const FILE_UNDER_PASSWORD: Told = ("文件设了打开密码。", "请用表格软件去掉密码，另存后再导入。");
pub const FILE_UNFOLDS_TOO_FAR: Told = ("文件展开后大得不正常，没有读取。", "请向发来文件的人核实，让对方重新导出一份名单。");
pub const NO_HEADER: Told = (
    "没有找到表头：没有一行同时有“姓名”“身份证号”这样的列名，从内容也认不出各列。",
    "请在名单上方补一行列名，至少要有姓名和身份证号，再导入。",
);
pub const XLS_TOO_LARGE: Told = (".xls 文件超过 20 MB，没有读取。", SAVE_AS_XLSX);
pub const NO_WORKBOOK: Told = ("这个文件不是 Excel 工作簿。", "请选名单的 .xlsx、.xls 或 .csv 文件。");
pub const NO_XLSX: Told = ("这个文件不是 Excel 工作簿（.xlsx）。", SAVE_AS_XLSX);
pub const ENCODING_UNKNOWN: Told = ("看不出这个文件的文字编码，或它不是表格。", SAVE_AS_XLSX);
pub const WEB_PAGE: Told = ("这个文件其实是网页，里面没有找到带列名的名单。", SAVE_AS_XLSX);
pub const NAME_MISSING: &str = "没有姓名";
pub const NAME_GARBLED: &str = "姓名里的生僻字在转存时丢失了，请补上，或另存为 .xlsx 再导入";
pub const NAME_KEPT: &str = "姓名里有丢失的字，保留现有姓名";
pub const ROW_QUARANTINED: &str = "这份资料的修改记录合不到一起，暂时不能改，这一行没有导入；请联系运维修复后再导入一次";
pub const ID_NUMBER_MISSING: &str = "没有身份证号；没有证件的长者要同时填写出生日期和村居";
pub const PLACE_MISSING: &str = "没有镇街和村居，不知道归哪里";

#[must_use]
pub fn twice_in_the_list(first: u32) -> String {
    format!("与第 {first} 行是同一个人，请只保留一行")
}

#[must_use]
pub fn birth_date_differs(typed: &str, date: Date) -> String {
    format!("出生日期“{typed}”与身份证号里的 {date} 不一致，请核对是否填错了人")
}

#[must_use]
pub fn birth_date_unread(typed: &str) -> String {
    format!("出生日期“{typed}”看不懂，请写成 1950-01-02 这样")
}

/// Names that are nearly the one that was typed.
fn or(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!("，相近的有：{}", near.join("、")) }
}

#[must_use]
pub fn unknown_town(town: &str, near: &[String]) -> String {
    format!("没有“{town}”这个镇街{}", or(near))
}

#[must_use]
pub fn unknown_village(town: &str, village: &str, near: &[String]) -> String {
    format!("{town}没有“{village}”这个村居{}", or(near))
}

#[must_use]
pub fn village_in_several(towns: &[String], village: &str) -> String {
    format!("{}都有“{village}”，请加一列镇街", towns.join("、"))
}

#[must_use]
pub fn place_outside(place: &str) -> String {
    format!("{place}不属于本机的管辖范围")
}

#[must_use]
pub fn not_a_phone(label: Label) -> String {
    format!("{}不是电话号码，请核对位数", label.zh)
}

/// The name of the sheet that says what was left out; such a sheet is never read as a list.
pub const LEFT_OUT: &str = "没有导入的内容";
pub const SHEET: &str = "工作表";
pub const PLACE_IN_FILE: &str = "位置";
pub const TAKEN_AS_OTHER_DOCUMENT: &str = "证件号不是身份证号，记为其他证件号";
pub const ROW_IS_EXAMPLE: &str = "这一行像是填写示例";
pub const ROW_IS_HIDDEN: &str = "这一行在表里是隐藏的";
pub const ROW_IS_STRUCK: &str = "这一行在表里划掉了";
pub const CLOSED_BEFORE: &str = "档案已经是这样";
pub const NO_FILE_TO_CLOSE: &str = "没有这个人的档案，没有建档";
pub const BROUGHT_BACK: &str = "撤回过的档案，重新启用";

/// That all lists stand where whoever opens the file does not see them.
#[must_use]
pub fn only_hidden_sheets(sheets: &[String]) -> (String, &'static str) {
    (
        format!("名单只在隐藏的工作表里：{}。", sheets.join("、")),
        "请在表格软件里取消隐藏，另存后再导入；如果那是旧名单，请把新名单放进文件。",
    )
}

#[must_use]
pub fn errors_over_the_list(name: &str) -> (String, &'static str) {
    (format!("错误表不能写到名单自己里：{name}。"), "请换一个文件名，名单没有动过。")
}

#[must_use]
pub fn file_is_closed(status: ElderStatus) -> String {
    format!("档案是“{}”，名单里还有这个人，请核对", status.label().zh)
}

#[must_use]
pub fn file_closed(status: ElderStatus) -> String {
    format!("档案改为“{}”", status.label().zh)
}

#[must_use]
pub fn twice_in_the_file(sheet: &str, row: u32) -> String {
    format!("与工作表“{sheet}”第 {row} 行是同一个人，请只保留一行")
}

pub const TAKE_SHEET: &str = "导入这张工作表";
/// Sheets without column names, and which of their columns were taken for what.
#[must_use]
pub fn columns_by_values(sheets: &[(String, Vec<(String, &str)>)]) -> (String, &'static str) {
    let columns =
        |taken: &[(String, &str)]| taken.iter().map(|(column, field)| format!("{column} 列是{field}")).collect::<Vec<_>>().join("、");
    let told = sheets.iter().map(|(sheet, taken)| format!("工作表“{sheet}”没有列名，按内容认出：{}。", columns(taken)));
    (told.collect(), "请核对各列：对的话，用 --sheet 指明这张工作表再导入；不对的话，补一行列名，另存为 .xlsx 再导入。")
}

pub const TAKE_BY_VALUES: &str = "各列认得对，导入这张工作表";
pub const LEAVE_SHEET: &str = "不导入这张工作表";
pub const TAKE_ROWS: &str = "也导入";
pub const CLOSE_FILES: &str = "按名单改档案";

/// More lines than are shown.
#[must_use]
pub fn and_more(count: usize) -> String {
    format!("还有 {count} 条")
}

/// Rows that wait for an answer.
#[must_use]
pub fn asked(code: &str, rows: u64) -> String {
    let what = match code {
        "hidden_row" => "在表里是隐藏的",
        "struck_row" => "在表里划掉了",
        "gone" => "写着已故或迁出",
        _ => "像是填写示例",
    };
    format!("{rows} 行{what}，没有导入")
}

/// A change whose values are not shown.
#[must_use]
pub fn changed_unseen(label: Label) -> String {
    format!("{}有变化", label.zh)
}

#[must_use]
pub fn filled_in(label: Label, given: &str) -> String {
    format!("{} 补为 {given}", label.zh)
}

/// What the office's list says otherwise than the file, its values not shown.
#[must_use]
pub fn kept_unseen(label: Label) -> String {
    format!("{}：名单与现场不同，保留现场", label.zh)
}

#[must_use]
pub fn kept_empty(label: Label, given: &str) -> String {
    format!("{}：名单为 {given}，现场已清空，保留现场", label.zh)
}

#[must_use]
pub fn kept(label: Label, given: &str, now: &str) -> String {
    format!("{}：名单为 {given}，现场已改为 {now}，保留现场", label.zh)
}

pub const CHECKING_AGAIN: &str = "正在重新核对";
pub const IMPORTING: &str = "正在导入";
pub const WRITING_ERRORS: &str = "正在写出错误表";
pub const UNDOING: &str = "正在撤回";
pub const WAIT: &str = "请稍等";
pub const CHOOSE_FILE: &str = "选文件";
pub const CHOOSE_LIST_FILE: &str = "选名单文件";
pub const CHOOSE_ANOTHER_FILE: &str = "选别的文件";
pub const ANOTHER_FILE: &str = "换一个文件";
pub const START: &str = "开始导入";
pub const LIST_FILE: &str = "名单文件";
pub const WHAT_CAN_BE_READ: &str = "Excel、WPS、ODS 表格或 CSV 都可以，也可以拖到这里。先看结果，确认后才会写入。";
pub const TIME: &str = "时间";
pub const FILE: &str = "文件";
pub const PAST_IMPORTS: &str = "导入过的名单";
pub const NO_IMPORTS: &str = "还没有导入过。";
pub const UNDO: &str = "撤回";
pub const UNDO_FOR_SURE: &str = "再点一次，确定撤回";
pub const UNDO_THIS: &str = "撤回这次导入";
pub const ROW: &str = "行";
pub const RESULT: &str = "结果";
pub const EXPLANATION: &str = "说明";
pub const ROWS: &str = "名单里的行";
pub const NO_SUCH_ROWS: &str = "没有这样的行。";

/// Follows `same_file`.
pub const SAME_FILE_IS_SAFE: &str = "再导入不会重复建档，没有变化的行会跳过。";

pub const COLUMNS: &str = "哪一列是什么";
pub const COLUMNS_CAN_BE_CHANGED: &str = "（认错了可以改）";
pub const NO_ROWS_TO_IMPORT: &str = "没有可以导入的行";
pub const NOT_IMPORTED: &str = "不导入";
pub const IMPORT_ANOTHER: &str = "再导入一个";
pub const DOWNLOAD_ERRORS: &str = "下载错误表";

#[must_use]
pub fn download_errors(rows: u64) -> String {
    format!("下载错误表（{rows} 行）")
}

#[must_use]
pub fn errors_written(file_name: &str) -> String {
    format!("错误表已写好：{file_name}")
}

#[must_use]
pub fn sheet_and_header(sheet: &str, row: u32) -> String {
    if row == 0 { format!("工作表“{sheet}”，没有列名") } else { format!("工作表“{sheet}”，表头在第 {row} 行") }
}

#[must_use]
pub fn same_file(day: &str, clock: &str) -> String {
    format!("这个文件在 {day} {clock} 已经导入过一次。")
}

/// A column without a header.
#[must_use]
pub fn column(number: u32) -> String {
    format!("第 {number} 列")
}

/// What stands in a column.
#[must_use]
pub fn samples(samples: &[String]) -> String {
    samples.join("，")
}

#[must_use]
pub fn to_import(new: u64, update: u64) -> String {
    format!("导入：新增 {new} 人，更新 {update} 人")
}

#[must_use]
pub fn imported(new: u64, update: u64, same: u64, error: u64) -> String {
    format!("导入完成：新增 {new} 人，更新 {update} 人，不变 {same} 人，有错 {error} 行。")
}

#[must_use]
pub fn undone(withdrawn: u64, restored: u64) -> String {
    format!("已撤回：收回新增 {withdrawn} 份，恢复原样 {restored} 份。")
}

#[must_use]
pub fn undone_at(day: &str, clock: &str) -> String {
    format!("{day} {clock} 已撤回")
}

/// Follows `undone`.
#[must_use]
pub fn listed_later(count: u64) -> String {
    format!("{count} 份在之后导入的名单里也有，保留不动。")
}

/// Follows `undone`.
#[must_use]
pub fn stayed(names: &[String]) -> String {
    format!("这些档案后来用过或改过，保留不动：{}。", names.join("、"))
}
