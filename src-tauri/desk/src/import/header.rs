//! Finding the header of a list: below title rows, in one row or two, under whatever words the
//! office uses. What each column is taken for can be corrected by the person who imports.

use super::{Cell, Sheet, SheetRow, bad_file};
use shared::command::{ColumnChoice, FoundColumn};
use shared::fault::Fault;
use shared::rule::{id_number::IdNumber, phone::PhoneNumber};

/// The fields a column may be taken for: name and label, labels as declared for elders.
pub const FIELDS: &[(&str, &str)] = &[
    ("name", "姓名"),
    ("id_number", "身份证号"),
    ("sex", "性别"),
    ("birth_date", "出生日期"),
    ("phone", "电话"),
    ("second_phone", "第二电话"),
    ("emergency_name", "紧急联系人"),
    ("emergency_phone", "紧急联系人电话"),
    ("town", "镇街"),
    ("division", "村社区"),
    ("address", "住址"),
    ("ability", "自理能力"),
    ("living_alone", "独居"),
    ("delivery_need", "送餐需求"),
    ("diet", "饮食禁忌"),
    ("note", "备注"),
];

/// Words above columns, normalised, and the field they stand for.
const WORDS: &[(&str, &[&str])] = &[
    ("name", &["姓名", "长者姓名", "老人姓名", "老年人姓名", "本人姓名", "服务对象", "服务对象姓名", "对象姓名", "名字", "长者", "老人", "人员姓名", "就餐人"]),
    (
        "id_number",
        &["身份证", "身份证号", "身份证号码", "公民身份号码", "公民身份证号", "公民身份证号码", "证件号", "证件号码", "身份号码", "居民身份证", "二代身份证号"],
    ),
    ("sex", &["性别"]),
    ("birth_date", &["出生日期", "出生年月", "出生年月日", "生日", "出生时间", "出生"]),
    ("phone", &["电话", "联系电话", "手机", "手机号", "手机号码", "电话号码", "联系方式", "本人电话", "长者电话", "老人电话", "联系手机", "移动电话", "联系号码"]),
    ("second_phone", &["第二电话", "备用电话", "其他电话", "固定电话", "座机", "电话2", "联系电话2", "家庭电话", "固话"]),
    ("emergency_name", &["紧急联系人", "紧急联系人姓名", "家属姓名", "家属", "监护人", "监护人姓名", "联系人", "联系人姓名", "子女姓名", "亲属姓名", "家庭联系人"]),
    (
        "emergency_phone",
        &["紧急联系人电话", "紧急联系电话", "紧急电话", "家属电话", "家属联系电话", "监护人电话", "联系人电话", "子女电话", "亲属电话", "紧急联系方式"],
    ),
    ("town", &["镇街", "镇", "街道", "镇街道", "乡镇", "乡镇街道", "所属镇街", "所在镇街", "所属街道", "所属镇", "镇名", "街镇", "镇(街)", "街道镇"]),
    (
        "division",
        &["村居", "村", "社区", "村社区", "所属村居", "所属村", "所属社区", "所属村社区", "所在村居", "所在社区", "村委", "村居委会", "村委会", "居委会", "行政村", "村名", "社区村"],
    ),
    ("address", &["住址", "地址", "家庭住址", "家庭地址", "详细地址", "居住地址", "现住址", "现居住地址", "常住地址", "常住地", "送餐地址", "居住地"]),
    ("ability", &["自理能力", "能力等级", "能力评估", "生活自理能力", "身体状况", "失能情况", "失能等级", "评估等级", "自理情况", "能力评估等级", "失能程度", "健康状况"]),
    ("living_alone", &["独居", "是否独居", "独居情况", "居住情况", "居住状况", "独居老人", "居住方式"]),
    ("delivery_need", &["送餐", "送餐需求", "是否送餐", "需送餐", "需要送餐", "是否需要送餐", "是否需送餐", "配送需求", "就餐方式", "用餐方式", "取餐方式"]),
    ("diet", &["饮食禁忌", "忌口", "饮食要求", "饮食习惯", "禁忌", "饮食", "过敏", "忌食"]),
    ("note", &["备注", "说明", "备注说明", "其他", "其它"]),
];

/// Rows that may stand above the header.
const SEARCHED_ROWS: usize = 60;
/// Values shown for each column.
const SAMPLES: usize = 3;

/// The header as found, with what each column is taken for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// Its row in the file, from 1.
    pub row: u32,
    /// Its last row: the next one where it takes two.
    pub last_row: u32,
    /// The columns with a word above them or a value below.
    pub columns: Vec<FoundColumn>,
}

impl Header {
    /// The column taken for a field.
    #[must_use]
    pub fn column(&self, field: &str) -> Option<u32> {
        self.columns.iter().find(|column| column.field.as_deref() == Some(field)).map(|column| column.column)
    }
}

/// How well a word fits: the lower, the better.
type Fit = u8;

/// Finds the row (or two) whose words name the most fields.
///
/// # Errors
/// A fault when no row names at least two.
pub fn find_header(sheet: &Sheet) -> Result<Header, Fault> {
    let (at, rows, _) = best(sheet).ok_or_else(|| {
        bad_file("没有找到表头：没有一行同时有“姓名”“身份证号”这样的列名。", "请在名单上方补一行列名，至少要有姓名和身份证号，再导入。")
    })?;
    let words = words_of(sheet, at, rows);
    let (row, last) = (sheet.rows[at].number, sheet.rows[at + rows - 1].number);
    let below = &sheet.rows[at + rows..];
    let width = below.iter().take(200).map(|row| row.cells.len()).chain([words.len()]).max().unwrap_or_default();
    let taken = assign(&words);
    let columns = (0..width).filter_map(|at| {
        let column = u32::try_from(at).ok()?;
        let values = below.iter().map(|row| row.cell(column)).filter(|cell| !cell.is_blank());
        let samples: Vec<String> = values.take(SAMPLES).map(Cell::text).collect();
        let header = words.get(at).cloned().unwrap_or_default();
        let field = taken.get(at).copied().flatten().map(str::to_owned);
        (!header.is_empty() || !samples.is_empty()).then_some(FoundColumn { column, header, field, samples })
    });
    Ok(Header { row, last_row: last, columns: columns.collect() })
}

/// Corrects what columns are taken for; a field that moves leaves its former column.
pub fn apply_mapping(header: &mut Header, choices: &[ColumnChoice]) {
    for choice in choices {
        let known = choice.field.as_deref().filter(|field| FIELDS.iter().any(|(name, _)| name == field));
        for column in &mut header.columns {
            if column.column == choice.column {
                column.field = known.map(str::to_owned);
            } else if known.is_some() && column.field.as_deref() == known {
                column.field = None;
            }
        }
    }
}

/// How many fields the best header of the sheet names.
pub(super) fn likeness(sheet: &Sheet) -> usize {
    best(sheet).map_or(0, |(_, _, score)| score)
}

/// Index of the row, count of rows and score of the best header.
fn best(sheet: &Sheet) -> Option<(usize, usize, usize)> {
    let mut best = None;
    for at in 0..sheet.rows.len().min(SEARCHED_ROWS) {
        for rows in [1, 2] {
            if looks_like_data(&sheet.rows[at]) || (rows == 2 && !sheet.rows.get(at + 1).is_some_and(|row| !looks_like_data(row))) {
                continue;
            }
            let words = words_of(sheet, at, rows);
            let taken = assign(&words);
            let score = taken.iter().flatten().count() + usize::from(taken.contains(&Some("name")));
            if score >= 2 && best.is_none_or(|(_, _, highest)| score > highest) {
                best = Some((at, rows, score));
            }
        }
    }
    best
}

/// A row with numbers of persons or phones is no header.
fn looks_like_data(row: &SheetRow) -> bool {
    row.cells.iter().any(|cell| match cell {
        Cell::Text(text) => IdNumber::parse(text).is_ok() || PhoneNumber::parse(text).is_ok(),
        Cell::Number(number) => *number >= 1e6,
        Cell::Date(_) => true,
        _ => false,
    })
}

/// The words of a header; in two rows the upper word also stands over the blank cells right of it.
fn words_of(sheet: &Sheet, at: usize, rows: usize) -> Vec<String> {
    let upper = &sheet.rows[at];
    if rows == 1 {
        return upper.cells.iter().map(Cell::text).collect();
    }
    let lower = &sheet.rows[at + 1];
    let width = u32::try_from(upper.cells.len().max(lower.cells.len())).unwrap_or_default();
    let mut carried = String::new();
    let mut words = Vec::new();
    for column in 0..width {
        let (above, below) = (upper.cell(column).text(), lower.cell(column).text());
        if !above.is_empty() {
            carried.clone_from(&above);
        }
        words.push(match (above.is_empty(), below.is_empty()) {
            (_, true) => above,
            (false, false) => format!("{above}{below}"),
            (true, false) => format!("{carried}{below}"),
        });
    }
    words
}

/// The field of each column: for each field the best and then the leftmost word.
fn assign(words: &[String]) -> Vec<Option<&'static str>> {
    let fits: Vec<Option<(&'static str, Fit)>> = words.iter().map(|word| recognise(word)).collect();
    let mut taken = vec![None; words.len()];
    for (field, _) in FIELDS {
        let mut columns: Vec<(Fit, usize)> =
            fits.iter().enumerate().filter_map(|(at, fit)| fit.filter(|(name, _)| name == field).map(|(_, fit)| (fit, at))).collect();
        columns.sort_unstable();
        if let Some((_, at)) = columns.first() {
            taken[*at] = Some(*field);
        }
        if *field == "phone" && !fits.iter().flatten().any(|(name, _)| *name == "second_phone") {
            if let Some((_, at)) = columns.get(1) {
                taken[*at] = Some("second_phone");
            }
        }
    }
    taken
}

/// The field a word stands for, and how well.
fn recognise(word: &str) -> Option<(&'static str, Fit)> {
    if word.chars().count() > 40 {
        return None;
    }
    let (whole, short) = normalised(word);
    let exact = |text: &str| WORDS.iter().find(|(_, words)| words.contains(&text)).map(|(field, _)| *field);
    if let Some(field) = exact(&whole) {
        return Some((field, 0));
    }
    if let Some(field) = by_part(&whole).filter(|field| field.starts_with("emergency")) {
        return Some((field, 1));
    }
    exact(&short).map(|field| (field, 1)).or_else(|| by_part(&short).map(|field| (field, if whole.contains("户籍") { 3 } else { 2 })))
}

/// The field by parts of the word, the telling ones first.
fn by_part(word: &str) -> Option<&'static str> {
    let has = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    if has(&["序号", "编号", "年龄", "岁", "制表", "填报", "审核", "银行", "开户", "户名", "补贴", "金额", "签名", "签字", "照片", "时间"]) {
        return None;
    }
    let call = has(&["电话", "手机", "联系方式", "号码"]);
    let kin = has(&["紧急", "家属", "监护", "子女", "亲属", "联系人", "儿子", "女儿"]);
    Some(match () {
        () if has(&["身份证", "身份号", "证件号"]) && !kin => "id_number",
        () if kin && call => "emergency_phone",
        () if kin && !has(&["身份证", "关系", "地址", "住址"]) => "emergency_name",
        () if kin => return None,
        () if has(&["电话", "手机", "联系方式"]) => "phone",
        () if has(&["出生"]) => "birth_date",
        () if has(&["住址", "地址"]) => "address",
        () if has(&["姓名"]) => "name",
        () if has(&["独居"]) => "living_alone",
        () if has(&["送餐", "配送"]) && !has(&["员", "单位", "人", "日期", "次数"]) => "delivery_need",
        () if has(&["自理", "失能", "能力"]) => "ability",
        () if has(&["禁忌", "忌口", "饮食", "过敏"]) => "diet",
        () if has(&["社区", "村居", "村委", "居委", "村(", "行政村"]) => "division",
        () if has(&["镇街", "街道", "乡镇"]) => "town",
        () if has(&["备注"]) => "note",
        () => return None,
    })
}

/// The word without blanks, marks and brackets: once with what stands in brackets, once without.
fn normalised(word: &str) -> (String, String) {
    let (mut whole, mut short, mut depth) = (String::new(), String::new(), 0_u32);
    for c in word.chars().map(half_width) {
        match c {
            '(' | '[' | '【' | '〔' | '<' => depth += 1,
            ')' | ']' | '】' | '〕' | '>' => depth = depth.saturating_sub(1),
            c if c.is_whitespace() || c.is_control() || matches!(c, '*' | ':' | '、' | '/' | '\\' | '_' | '-' | '.' | '★' | '·' | '\u{feff}') => {}
            c => {
                whole.push(c.to_ascii_lowercase());
                if depth == 0 {
                    short.push(c.to_ascii_lowercase());
                }
            }
        }
    }
    if short.is_empty() {
        short.clone_from(&whole);
    }
    (whole, short)
}

/// The narrow form of a wide letter, digit or mark.
pub(super) fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(rows: &[&[&str]]) -> Sheet {
        let cells = |row: &&[&str]| row.iter().map(|text| if text.is_empty() { Cell::Empty } else { Cell::Text((*text).into()) }).collect();
        Sheet { name: "名单".into(), rows: (1..).zip(rows).map(|(number, row)| SheetRow { number, cells: cells(row) }).collect() }
    }

    fn fields(header: &Header) -> Vec<&str> {
        header.columns.iter().map(|column| column.field.as_deref().unwrap_or("-")).collect()
    }

    #[test]
    fn words_of_offices() {
        for (word, field) in [
            ("姓  名", "name"),
            ("*长者姓名", "name"),
            ("身份证号码（18位）", "id_number"),
            ("公民身份\n号码", "id_number"),
            ("送餐（是/否）", "delivery_need"),
            ("是否需要上门送餐", "delivery_need"),
            ("联系电话（家属）", "emergency_phone"),
            ("紧急联系人及电话", "emergency_phone"),
            ("家属姓名", "emergency_name"),
            ("联系电话(手机)", "phone"),
            ("村（社区）", "division"),
            ("所属村（居）委会", "division"),
            ("镇（街道）", "town"),
            ("现居住详细地址", "address"),
            ("出生年月", "birth_date"),
            ("是否独居老人", "living_alone"),
            ("失能等级", "ability"),
            ("忌口/过敏", "diet"),
            ("备　注", "note"),
            ("序号", "-"),
            ("年龄", "-"),
            ("银行账号", "-"),
            ("送餐时间", "-"),
        ] {
            assert_eq!(recognise(word).map_or("-", |(field, _)| field), field, "{word}");
        }
    }

    #[test]
    fn below_titles_in_one_row_or_two() {
        let one = sheet(&[&["花名册"], &["填报单位：罗城街道"], &["序号", "姓名", "身份证号", "联系电话", "电话2"], &["1", "王冬梅", "445381192801141162", "18773589597"]]);
        let header = find_header(&one).unwrap();
        assert_eq!((header.row, header.last_row, fields(&header)), (3, 3, vec!["-", "name", "id_number", "phone", "second_phone"]));
        assert_eq!(header.columns[1].samples, ["王冬梅"]);

        let two = sheet(&[
            &["花名册"],
            &["序号", "姓名", "身份证号", "紧急联系人", "", "住址"],
            &["", "", "", "姓名", "电话"],
            &["1", "王冬梅", "445381192801141162", "王小", "18773589597", "细坑"],
        ]);
        let header = find_header(&two).unwrap();
        assert_eq!((header.row, header.last_row), (2, 3));
        assert_eq!(fields(&header), ["-", "name", "id_number", "emergency_name", "emergency_phone", "address"]);
    }

    #[test]
    fn the_better_address_and_the_second_phone() {
        let header = find_header(&sheet(&[&["姓名", "户籍地址", "现住址", "联系电话", "手机号码"]])).unwrap();
        assert_eq!(fields(&header), ["name", "-", "address", "phone", "second_phone"]);
    }

    #[test]
    fn a_choice_moves_a_field() {
        let mut header = find_header(&sheet(&[&["姓名", "电话", "某列"]])).unwrap();
        apply_mapping(&mut header, &[ColumnChoice { column: 2, field: Some("phone".into()) }, ColumnChoice { column: 0, field: Some("listed".into()) }]);
        assert_eq!(fields(&header), ["-", "-", "phone"]);
        assert!(find_header(&sheet(&[&["花名册"], &["王冬梅", "445381192801141162"]])).is_err());
    }
}
