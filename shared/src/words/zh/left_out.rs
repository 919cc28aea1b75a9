//! 名单里没有导入的内容：工作表、列、行、格子。

use crate::schema::Label;

#[must_use]
pub fn sheet_left_out(code: &str, sheet: &str, rows: u64) -> String {
    if code == "no_header" {
        return format!("工作表“{sheet}”没有列名，各列是按内容认的：核对各列以后才导入（{rows} 行）");
    }
    let why = match code {
        "hidden_sheet" | "very_hidden_sheet" => "是隐藏的",
        "example_sheet" => "像是填写示例",
        _ => "没有选",
    };
    format!("工作表“{sheet}”{why}，没有导入（{rows} 行）")
}

#[must_use]
pub fn sheet_without_header(sheet: &str, people: u64) -> String {
    format!("工作表“{sheet}”没有找到表头，里面有 {people} 个身份证号，没有导入")
}

#[must_use]
pub fn sheets_without_list(sheets: &[String]) -> String {
    format!("{} 张工作表里没有名单：{}", sheets.len(), few(sheets))
}

/// The first of many names.
fn few(names: &[String]) -> String {
    let first = names.iter().take(5).map(String::as_str).collect::<Vec<_>>().join("、");
    if names.len() > 5 { format!("{first}等") } else { first }
}

#[must_use]
pub fn columns_not_taken(sheet: &str, columns: &[String]) -> String {
    format!("工作表“{sheet}”这些列没有导入：{}", columns.join("、"))
}

#[must_use]
pub fn no_village_column(sheet: &str) -> String {
    format!("工作表“{sheet}”没有一列被认作村居")
}

#[must_use]
pub fn people_above_the_header(sheet: &str, places: &[String]) -> String {
    format!("工作表“{sheet}”表头上面还有身份证号，没有导入：{}", few(places))
}

#[must_use]
pub fn row_goes_on(row: u32) -> String {
    format!("第 {row} 行与上一行是同一个人，这一行没有导入")
}

#[must_use]
pub fn row_of_formulas(row: u32) -> String {
    format!("第 {row} 行的姓名和身份证号是没有结果的公式，没有导入")
}

#[must_use]
pub fn row_is_no_person(row: u32, text: &str) -> String {
    format!("第 {row} 行不像长者，没有导入：{text}")
}

#[must_use]
pub fn more_rows_left_out(rows: u64) -> String {
    format!("还有 {rows} 行不像长者，没有导入")
}

#[must_use]
pub fn row_says_gone(words: &str) -> String {
    format!("写着“{words}”，没有导入；请先定这份档案怎么办")
}

#[must_use]
pub fn formula_without_value(label: Label) -> String {
    format!("{}是公式，文件里没有算出的结果；请在表格软件里打开、保存一次再导入", label.zh)
}

#[must_use]
pub fn struck_out_in(column: &str, text: &str) -> String {
    format!("“{column}”里划掉的“{text}”没有采用")
}

#[must_use]
pub fn village_from_above(village: &str) -> String {
    format!("村居照上面写的“{village}”")
}

#[must_use]
pub fn filed_under_the_town(town: &str) -> String {
    format!("没有写村居，先归在{town}")
}

#[must_use]
pub fn filed_under(typed: &str, village: &str) -> String {
    format!("“{typed}”归在{village}")
}

#[must_use]
pub fn phone_left_empty(label: Label) -> String {
    format!("{}不是电话号码，没有填", label.zh)
}

#[must_use]
pub fn phones_left_out(label: Label, count: usize) -> String {
    format!("{}里还有 {count} 个号码没有导入", label.zh)
}

#[must_use]
pub fn extension_left_out(label: Label) -> String {
    format!("{}的分机没有导入", label.zh)
}

#[must_use]
pub fn broken_in_text(label: Label) -> String {
    format!("{}里有坏字，请核对", label.zh)
}

#[must_use]
pub fn word_left_out(label: Label, typed: &str) -> String {
    format!("{}“{typed}”看不懂，没有填", label.zh)
}
