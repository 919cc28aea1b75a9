//! A workbook drawn from a seed: its sheets, titles, headers, blocks, columns in any order, and who stands where.

use super::Draw;
use shared::division;

/// What is to become of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Is taken.
    Ordinary,
    /// Is asked about, or refused with a word.
    Asked,
}

/// Somebody who stands on a sheet.
#[derive(Clone)]
pub(super) struct Planted {
    pub(super) name: String,
    pub(super) id: String,
    /// The code of the village.
    pub(super) village: String,
    /// The row, from 1.
    pub(super) row: u32,
    pub(super) fate: Fate,
}

#[derive(Default)]
pub(super) struct Page {
    pub(super) name: String,
    pub(super) hidden: bool,
    /// Texts by row and column, from 0.
    pub(super) cells: Vec<(u32, u32, String)>,
    /// First row and column, last row and column.
    pub(super) merged: Vec<(u32, u32, u32, u32)>,
    pub(super) hidden_rows: Vec<u32>,
    pub(super) struck_rows: Vec<u32>,
    /// Cells by row and column whose first letters are struck out, as many.
    pub(super) crossed: Vec<(u32, u32, usize)>,
    /// Whether the kind of file has fonts.
    fonts: bool,
    /// Whether no word stands over the columns.
    pub(super) bare: bool,
    pub(super) people: Vec<Planted>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Xlsx,
    Xls,
    Csv { encoding: u8, separator: char },
    Web,
}

pub(super) struct Book {
    pub(super) kind: Kind,
    pub(super) pages: Vec<Page>,
}

/// A name that was wrong, and is struck out before the right one.
const CROSSED: &str = "吴错";
const TOWN: &str = "445381001";
const FAMILY: &[&str] = &["王", "李", "陈", "梁", "欧阳", "莫", "叶", "罗"];
const GIVEN: &[&str] = &["冬梅", "亚水", "带娣", "国强", "金凤", "木生", "兰", "志明"];
const TITLES: &[&str] = &[
    "罗城街道长者助餐名单",
    "送餐花名册",
    "2026年11月",
    "填报单位：罗城街道办事处",
    "附件1",
    "居家养老服务对象联系电话登记表",
    "紧急联系人及身份证一览表",
    "村（社区）基本情况",
    "统计日期：2026-11-01",
];
const WORDS: [(&str, &[&str]); 7] = [
    ("name", &["姓名", "姓  名", "长者姓名", "老人姓名", "家庭成员姓名", "就餐人员", "助餐对象", "*姓名"]),
    ("id", &["身份证号", "身份证号码", "公民身份号码", "身份证\n号码", "證件號碼", "⾝份证号"]),
    ("phone", &["联系电话", "手机号码", "电话", "本人电话", "联系方式"]),
    ("village", &["村（社区）", "社区", "所在村（社区）", "村别", "村居", "居住村（社区）", "村民委员会"]),
    ("address", &["家庭住址", "现居地", "详细地址", "居住地址", "住址"]),
    ("note", &["备注", "说明", "备 注"]),
    ("alone", &["居住情况", "是否独居", "居住状态"]),
];
/// Columns that say nothing of the elder, with what stands in them.
const OTHERS: &[(&str, &[&str])] = &[
    ("序号", &[""]),
    ("年龄", &["83", "77"]),
    ("户主姓名", &["吴金玉", "莫秀月"]),
    ("家人电话", &["13800001111", "+852 9123 4567"]),
    ("颜色", &["红", "蓝"]),
    ("签名", &[""]),
    ("与户主关系", &["本人", "配偶"]),
    ("餐标", &["15元"]),
    ("性别", &["男", "女"]),
];

impl Book {
    pub(super) fn drawn(seed: u64) -> Self {
        let mut draw = Draw(seed);
        let kind = match draw.below(6) {
            0 | 1 => Kind::Xlsx,
            2 => Kind::Xls,
            3 => Kind::Web,
            _ => Kind::Csv { encoding: draw.below(4) as u8, separator: [',', ';', '\t'][draw.below(3)] },
        };
        let many = matches!(kind, Kind::Xlsx | Kind::Xls);
        let count = if many { 1 + draw.below(4) } else { 1 };
        let mut numbers = 0;
        let mut pages: Vec<Page> = (0..count)
            .map(|at| {
                let mut page = Page::drawn(&mut draw, kind, &mut numbers, seed);
                page.name = format!("{}{}", draw.one(&["名单", "表", "花名册", "Sheet"]), at + 1);
                page.hidden = many && draw.chance(6);
                page
            })
            .collect();
        // A workbook has a sheet that is seen.
        if pages.iter().all(|page| page.hidden) {
            pages.push(Page { name: "封面".into(), cells: vec![(0, 0, "说明".into())], ..Page::default() });
        }
        Self { kind, pages }
    }

    pub(super) fn people(&self) -> impl Iterator<Item = (&Page, &Planted)> {
        self.pages.iter().flat_map(|page| page.people.iter().map(move |planted| (page, planted)))
    }

    pub(super) fn sheets_have_names(&self) -> bool {
        matches!(self.kind, Kind::Xlsx | Kind::Xls)
    }

    pub(super) fn ending(&self) -> &'static str {
        match self.kind {
            Kind::Xlsx => "xlsx",
            Kind::Xls | Kind::Web => "xls",
            Kind::Csv { .. } => "csv",
        }
    }
}

/// How a sheet says in which village somebody lives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Villages {
    InEachRow,
    /// One cell over all rows of the village.
    Merged,
    /// A row of its own over them.
    Section,
}

/// A column: what stands in it, and the word above it.
#[derive(Clone)]
struct Column {
    field: &'static str,
    word: String,
    over: &'static str,
}

impl Page {
    /// How many of a cell's first letters are struck out.
    pub(super) fn crossed_at(&self, row: u32, column: u32) -> usize {
        let found = self.crossed.iter().find(|(at, of, _)| (*at, *of) == (row, column));
        found.map_or(0, |(.., count)| *count)
    }

    fn put(&mut self, row: u32, column: u32, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.cells.push((row, column, text));
        }
    }

    fn drawn(draw: &mut Draw, kind: Kind, numbers: &mut u32, seed: u64) -> Self {
        let mut page = Self { fonts: !matches!(kind, Kind::Csv { .. }), ..Self::default() };
        let merges = !matches!(kind, Kind::Csv { .. });
        let mut row = 0;
        // Drawn apart, so that seeds that were kept draw what they drew.
        page.bare = Draw(seed.wrapping_mul(0x9e37_79b9) ^ u64::from(*numbers)).chance(12);
        let villages = match draw.below(4) {
            0 if merges => Villages::Merged,
            1 => Villages::Section,
            _ => Villages::InEachRow,
        };
        let villages = if page.bare { Villages::InEachRow } else { villages };
        let columns = columns(draw, villages);
        let width = columns.len() as u32;
        for _ in 0..draw.below(4) {
            page.put(row, 0, draw.one(TITLES));
            if merges && draw.chance(2) {
                page.merged.push((row, 0, row, width - 1));
            }
            row += 1 + draw.below(2) as u32;
        }
        let blocks = if !page.bare && villages == Villages::InEachRow && draw.chance(5) { 2 } else { 1 };
        if !page.bare {
            row = page.header(draw, &columns, blocks, row, merges);
        }
        let codes: Vec<&str> = division::children(TOWN).map(|entry| entry.code).collect();
        let count = 1 + draw.below(12);
        let mut at = 0;
        while at < count {
            // As many as live in one village.
            let together = (1 + draw.below(4)).min(count - at);
            let village = codes[draw.below(codes.len())];
            if villages == Villages::Section {
                page.put(row, 0, division::short_name(village));
                if merges && draw.chance(2) {
                    page.merged.push((row, 0, row, width - 1));
                }
                row += 1;
            }
            let first = row;
            for number in 0..together {
                for block in 0..blocks {
                    *numbers += 1;
                    let village = if villages == Villages::InEachRow { codes[draw.below(codes.len())] } else { village };
                    let shown = villages == Villages::InEachRow || number == 0;
                    page.person(draw, &columns, (row, block * (width + 1)), village, shown, seed ^ (u64::from(*numbers) << 40));
                }
                row += 1 + u32::from(draw.chance(12) && villages != Villages::Merged);
            }
            if let (Villages::Merged, true, Some(column)) =
                (villages, together > 1, columns.iter().position(|column| column.field == "village"))
            {
                page.merged.push((first, column as u32, row - 1, column as u32));
            }
            at += together;
            if !page.bare && villages == Villages::InEachRow && draw.chance(9) {
                row = page.header(draw, &columns, blocks, row, false);
            }
        }
        if draw.chance(3) {
            page.put(row, 0, format!("合计 {count} 人"));
        }
        page
    }

    /// The words over the columns, and the next row.
    fn header(&mut self, draw: &mut Draw, columns: &[Column], blocks: u32, row: u32, merges: bool) -> u32 {
        let width = columns.len() as u32;
        let two = columns.iter().any(|column| !column.over.is_empty());
        for block in 0..blocks {
            let mut over = "";
            for (at, column) in (block * (width + 1)..).zip(columns) {
                if !column.over.is_empty() && column.over != over {
                    self.put(row, at, column.over);
                }
                over = column.over;
                // In a header of two rows a word stands in the upper or the lower one, or is one cell over both.
                let upper = two && column.over.is_empty();
                self.put(if upper { row } else { row + u32::from(two) }, at, column.word.clone());
                if upper && merges && draw.chance(2) {
                    self.merged.push((row, at, row + 1, at));
                }
            }
        }
        row + 1 + u32::from(two)
    }

    fn person(&mut self, draw: &mut Draw, columns: &[Column], place: (u32, u32), village: &str, shown: bool, salt: u64) {
        let (row, first) = place;
        let mut own = Draw(salt);
        let mut id = id_number(&mut own);
        let name = format!("{}{}", own.one(FAMILY), own.one(GIVEN));
        let mut fate = Fate::Ordinary;
        let (mut written_id, mut written_name, mut note) = (id.clone(), name.clone(), String::new());
        match draw.below(24) {
            0 => {
                let wrong = if written_id.ends_with('1') { '2' } else { '1' };
                written_id = format!("{}{wrong}", &written_id[..17]);
                id.clone_from(&written_id);
                fate = Fate::Asked;
            }
            1 => {
                note = draw.one(&["已故", "2026年9月去世", "已迁出", "户口注销"]).to_owned();
                fate = if columns.iter().any(|column| column.field == "note") { Fate::Asked } else { Fate::Ordinary };
            }
            2 => written_id = format!("\u{200b}{} {}", &written_id[..6], &written_id[6..]),
            3 => written_name = name.chars().map(|c| format!("{c} ")).collect(),
            4 => {
                self.hidden_rows.push(row);
            }
            5 => {
                self.struck_rows.push(row);
            }
            6 => note = "老伴已故，少盐".to_owned(),
            7 if self.fonts => written_name = format!("{CROSSED}{name}"),
            _ => {}
        }
        for (at, column) in (first..).zip(columns) {
            let text = match column.field {
                "name" => written_name.clone(),
                "id" => written_id.clone(),
                "phone" => draw.one(&["13812345678", "138 1234 5678", "0766-8812345", "", "7668812345"]).to_owned(),
                "village" if !shown => String::new(),
                "village" => {
                    let short = division::short_name(village);
                    draw.one(&[short, division::name(village), &format!("罗城街道{short}"), &format!("{short}三组")]).to_owned()
                }
                "address" => draw.one(&["解放路7号", "兴华路2号,501", ""]).to_owned(),
                "note" => note.clone(),
                "alone" => draw.one(&["独居", "与子女居住", "集中供养", "不清楚"]).to_owned(),
                "序号" => (row + 1).to_string(),
                other => OTHERS.iter().find(|(word, _)| *word == other).map(|(_, texts)| draw.one(texts).to_owned()).unwrap_or_default(),
            };
            if column.field == "name" && text.starts_with(CROSSED) {
                self.crossed.push((row, at, CROSSED.chars().count()));
            }
            self.put(row, at, text);
        }
        self.people.push(Planted { name, id, village: village.to_owned(), row: row + 1, fate });
    }
}

/// Columns in any order; name and number are there, and the village where each row says it.
fn columns(draw: &mut Draw, villages: Villages) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for (field, words) in WORDS {
        let always = matches!(field, "name" | "id") || field == "village" && villages != Villages::Section;
        let never = field == "village" && villages == Villages::Section;
        if !never && (always || draw.chance(2)) {
            columns.push(Column { field, word: draw.one(words).to_owned(), over: "" });
        }
    }
    for (word, _) in OTHERS {
        if draw.chance(4) {
            columns.push(Column { field: word, word: (*word).to_owned(), over: "" });
        }
    }
    for at in (1..columns.len()).rev() {
        columns.swap(at, draw.below(at + 1));
    }
    // Group words over what belongs together, kept side by side.
    if draw.chance(4) {
        let group: Vec<Column> =
            ["village", "address"].iter().filter_map(|field| columns.iter().find(|column| column.field == *field).cloned()).collect();
        if group.len() == 2 {
            columns.retain(|column| !matches!(column.field, "village" | "address"));
            columns.extend(group.into_iter().map(|column| Column { over: "居住情况登记", ..column }));
        }
    }
    if draw.chance(5) {
        for word in ["姓名", "电话"] {
            columns.push(Column { field: "签名", word: word.to_owned(), over: "紧急联系人" });
        }
    }
    columns
}

/// A number with a birth date and check digit that hold.
fn id_number(draw: &mut Draw) -> String {
    let day = format!("19{:02}{:02}{:02}", 30 + draw.below(30), 1 + draw.below(12), 1 + draw.below(28));
    let body = format!("445381{day}{:03}", draw.below(1_000));
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(weights).map(|(digit, weight)| digit.to_digit(10).unwrap_or_default() * weight).sum();
    format!("{body}{}", "10X98765432".chars().nth(sum as usize % 11).unwrap_or_default())
}
