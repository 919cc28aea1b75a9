//! A list as a workbook for the office: title, the watermark that leads to who took it, header that stays in sight, filter, real dates and numbers, long numbers as text, the sums
//! below. Rows come in one by one and are kept in no memory. Nothing written here ever computes: text is text.

use crate::list::{End, ListColumn, ListRow, ListSpec, Source};
use crate::money::Fen;
use crate::say;
use crate::schema::{FieldType, Fields, Names, Value, language};
use jiff::civil::{Date, DateTime, date};
use rust_xlsxwriter::{Color, DocProperties, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use std::io::{Seek, Write};

const MARK_ROW: u32 = 1;
const HEADER_ROW: u32 = 2;
/// A footer holds at most 255 letters, what lays it out among them.
const FOOTER: usize = 240;
/// Rows of a sheet, title, header and sum taken off; what is beyond goes on on the next one.
const MOST_ROWS: u32 = 1_048_000;

/// The number of a moment in a spreadsheet: days since 1899-12-30.
#[must_use]
pub fn serial(at: DateTime) -> f64 {
    let days = at.date().since(date(1899, 12, 30)).map_or(0, |span| span.get_days());
    let time = at.time();
    let seconds = i32::from(time.hour()) * 3_600 + i32::from(time.minute()) * 60 + i32::from(time.second());
    f64::from(days) + f64::from(seconds) / 86_400.0
}

/// Who took a file out, when and why: it stands on each sheet, at the foot of each printed page, and in the properties of the file. Its
/// number is that of the row which was noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watermark {
    /// To be read to somebody.
    pub number: String,
    /// An office with its device, or an account.
    pub who: String,
    /// When.
    pub at: DateTime,
    /// The reason in words; empty where none was asked for.
    pub why: String,
    /// How many rows there are, where that is known before they come.
    pub rows: Option<u64>,
    /// That it holds full numbers, or that they are masked; empty where there are none.
    pub sealed: &'static str,
}

impl Watermark {
    /// The line.
    #[must_use]
    pub fn line(&self) -> String {
        say!(disclosure::mark(&self.number, &moment(self.at), &self.who, &self.why, self.rows, self.sealed))
    }

    /// Puts it at the foot of a sheet's printed pages.
    pub fn at_foot(&self, page: &mut Worksheet) {
        let line: String = self.line().replace('&', "＆").chars().take(FOOTER).collect();
        page.set_footer(format!("&L&8{line}&R&P / &N"));
    }

    /// Puts it into the properties of a file.
    pub fn into_properties(&self, book: &mut Workbook, title: &str) {
        let said = DocProperties::new().set_title(title).set_subject(&self.number).set_author(&self.who).set_comment(self.line());
        book.set_properties(&said);
    }
}

fn moment(at: DateTime) -> String {
    format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute())
}

/// A workbook under way.
pub struct ListBook {
    list: &'static ListSpec,
    columns: Vec<&'static ListColumn>,
    title: String,
    mark: Watermark,
    book: Workbook,
    styles: Styles,
    sheet: usize,
    /// Rows on this sheet.
    rows: u32,
    /// Rows that a sheet takes.
    most: u32,
}

impl std::fmt::Debug for ListBook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ListBook").field("list", &self.list.name).finish_non_exhaustive()
    }
}

impl ListBook {
    /// Begins a workbook with what an end can show of a list.
    ///
    /// # Errors
    /// When the temporary file can't be made.
    pub fn begin(list: &'static ListSpec, end: End, title: &str, mark: Watermark) -> Result<Self, XlsxError> {
        let columns = exported(list, end).collect();
        let (book, styles) = (Workbook::new(), Styles::new());
        let mut begun = Self { list, columns, title: cut(title), mark, book, styles, sheet: 0, rows: 0, most: MOST_ROWS };
        begun.begin_sheet()?;
        Ok(begun)
    }

    fn begin_sheet(&mut self) -> Result<(), XlsxError> {
        let name = self.list.title.said();
        let name = if self.sheet == 0 { name.to_owned() } else { format!("{name} ({})", self.sheet + 1) };
        let last = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let page = self.book.add_worksheet_with_constant_memory()?;
        page.set_name(&name)?;
        page.set_landscape().set_paper_size(9).set_repeat_rows(0, HEADER_ROW)?;
        page.set_freeze_panes(HEADER_ROW + 1, 0)?;
        if last > 0 {
            page.merge_range(0, 0, 0, last, &self.title, &self.styles.title)?;
        } else {
            page.write_string_with_format(0, 0, &self.title, &self.styles.title)?;
        }
        page.write_string_with_format(MARK_ROW, 0, self.mark.line(), &self.styles.mark)?;
        self.mark.at_foot(page);
        page.set_row_height(0, 28)?;
        for (column, at) in self.columns.iter().zip(0..) {
            let label = self.list.label(column);
            let words = match self.list.ty(column) {
                FieldType::Money => say!(form::in_yuan(label)),
                _ => label.said().to_owned(),
            };
            // A Chinese character is as wide as two others.
            let head = words.chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum::<f64>() + 3.0;
            page.set_column_width(at, head.max(f64::from(self.list.width(column))))?;
            page.write_string_with_format(HEADER_ROW, at, words, &self.styles.head)?;
        }
        self.rows = 0;
        Ok(())
    }

    /// Writes a row; `names` know what codes and ids are called.
    ///
    /// # Errors
    /// When the temporary file can't be written.
    pub fn row(&mut self, row: &ListRow, names: &dyn Names) -> Result<(), XlsxError> {
        if self.rows == self.most {
            self.close_sheet()?;
            self.sheet += 1;
            self.begin_sheet()?;
        }
        self.rows += 1;
        let at = HEADER_ROW + self.rows;
        let page = self.book.worksheet_from_index(self.sheet)?;
        for (column, place) in self.columns.iter().zip(0..) {
            if let Some(value) = row.cells.get(column.name()) {
                write(page, (at, place), self.list, column, value, &self.styles, names)?;
            }
        }
        Ok(())
    }

    fn close_sheet(&mut self) -> Result<(), XlsxError> {
        let last = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let page = self.book.worksheet_from_index(self.sheet)?;
        page.autofilter(HEADER_ROW, 0, HEADER_ROW + self.rows.max(1), last).map(|_| ())
    }

    /// Writes the sums below, and all of it out.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn end(mut self, rows: u64, sums: &Fields, out: impl Write + Seek + Send) -> Result<(), XlsxError> {
        let below = HEADER_ROW + 1 + self.rows;
        let page = self.book.worksheet_from_index(self.sheet)?;
        page.write_string_with_format(below, 0, say!(list::total(rows)), &self.styles.total)?;
        for (column, place) in self.columns.iter().zip(0..).skip(1) {
            match sums.get(column.name()) {
                Some(Value::Int(sum)) if self.list.ty(column) == FieldType::Money => {
                    page.write_number_with_format(below, place, yuan(*sum), &self.styles.total_money)?;
                }
                Some(Value::Int(sum)) => {
                    page.write_string_with_format(below, place, sum.to_string(), &self.styles.total)?;
                }
                _ => {}
            }
        }
        self.close_sheet()?;
        self.mark.rows = Some(rows);
        self.mark.into_properties(&mut self.book, &self.title);
        self.book.save_to_writer(out)
    }
}

/// The columns of exports: what is only told of this moment stands in none, but where all is told.
pub fn exported(list: &'static ListSpec, end: End) -> impl Iterator<Item = &'static ListColumn> {
    let of_records = list.kind.is_some();
    list.columns_at(end).filter(move |column| !of_records || !matches!(column.source, Source::Told(_) | Source::Unsent))
}

fn write(
    page: &mut Worksheet,
    (at, place): (u32, u16),
    list: &ListSpec,
    column: &ListColumn,
    value: &Value,
    styles: &Styles,
    names: &dyn Names,
) -> Result<(), XlsxError> {
    let (ty, text) = (list.ty(column), if let Value::Text(text) = value { text.as_str() } else { "" });
    let number = |page: &mut Worksheet, number: f64, style: &Format| page.write_number_with_format(at, place, number, style).map(|_| ());
    if let (FieldType::Money, Value::Int(fen)) = (ty, value) {
        return number(page, yuan(*fen), &styles.money);
    }
    if let (FieldType::Number, Value::Int(count)) = (ty, value)
        && let Ok(count) = i32::try_from(*count)
    {
        return number(page, count.into(), &styles.number);
    }
    if let (FieldType::Day, Ok(day)) = (ty, text.parse::<Date>()) {
        return number(page, serial(day.at(0, 0, 0, 0)), &styles.day);
    }
    if let (FieldType::Moment, Ok(moment)) = (ty, text.parse::<DateTime>()) {
        return number(page, serial(moment), &styles.moment);
    }
    let words = list.in_words(column, value, language(), names);
    if !words.is_empty() {
        page.write_string_with_format(at, place, cut(&words), &styles.text)?;
    }
    Ok(())
}

struct Styles {
    title: Format,
    mark: Format,
    head: Format,
    text: Format,
    number: Format,
    day: Format,
    moment: Format,
    money: Format,
    total: Format,
    total_money: Format,
}

impl Styles {
    fn new() -> Self {
        let bold = Format::new().set_bold();
        Self {
            title: bold.clone().set_font_size(16).set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter),
            mark: Format::new().set_font_size(9).set_font_color(Color::RGB(0x0059_5959)),
            head: bold.clone().set_background_color(Color::RGB(0x00DD_EBF7)).set_align(FormatAlign::Center),
            text: Format::new().set_num_format_index(49),
            number: Format::new().set_num_format("0"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            moment: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
            money: Format::new().set_num_format("0.00"),
            total_money: bold.clone().set_num_format("0.00"),
            total: bold,
        }
    }
}

/// Fen are whole; only here, for the eye of a spreadsheet, do they become yuan with a point. It reads the text of the sum, so
/// that no more than its last digit is rounded.
fn yuan(fen: i64) -> f64 {
    Fen(fen).to_string().parse().unwrap_or_default()
}

/// A cell holds at most 32,767 characters.
fn cut(text: &str) -> String {
    text.chars().take(32_000).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::ORDERS;
    use crate::schema::{RecordId, Unnamed};
    use calamine::{Data, Reader, Xlsx};
    use std::io::Cursor;

    #[test]
    fn days_as_spreadsheets_count() {
        assert_eq!(serial(date(1950, 1, 2).at(12, 0, 0, 0)), 18_265.5);
    }

    fn row(number: u32) -> ListRow {
        let text = |text: &str| Value::Text(text.into());
        let cells = Fields::from([
            ("date".into(), text("2026-11-20")),
            ("number".into(), text(&format!("12-{number:04}"))),
            ("name".into(), text("=1+1")),
            ("id_number".into(), text("445381192801141162")),
            ("phone".into(), text("18773589597")),
            ("address".into(), text("@细坑路117号")),
            ("meal".into(), text("lunch")),
            ("price".into(), Value::Int(1_250)),
            ("note".into(), text("-放门口")),
            ("state".into(), text("delivered")),
            ("arrived_at".into(), text("2026-11-20T11:30:00")),
            ("photos".into(), Value::Int(2)),
            ("receipt_note".into(), text("\tcmd")),
            ("supplement".into(), Value::Bool(true)),
        ]);
        ListRow { id: RecordId(uuid::Uuid::nil()), cells }
    }

    fn mark() -> Watermark {
        Watermark {
            number: "7K3M-92QF".into(),
            who: "罗城街道 设备 7".into(),
            at: date(2026, 11, 20).at(9, 5, 0, 0),
            why: "核对补贴".into(),
            rows: Some(7),
            sealed: say!(disclosure::FULL),
        }
    }

    const LINE: &str = "编号 7K3M-92QF · 2026-11-20 09:05 · 罗城街道 设备 7 · 核对补贴 · 7 行 · 含完整号码";

    fn written(rows: impl Iterator<Item = ListRow>, sum: i64) -> Xlsx<Cursor<Vec<u8>>> {
        written_on(MOST_ROWS, rows, sum)
    }

    fn written_on(most: u32, rows: impl Iterator<Item = ListRow>, sum: i64) -> Xlsx<Cursor<Vec<u8>>> {
        let mut book = ListBook::begin(&ORDERS, End::Desk, "就餐台账（2026-11-20）", mark()).unwrap();
        book.most = most;
        let mut count = 0;
        for row in rows {
            book.row(&row, &Unnamed).unwrap();
            count += 1;
        }
        let mut out = Cursor::new(Vec::new());
        book.end(count, &Fields::from([("price".into(), Value::Int(sum))]), &mut out).unwrap();
        Xlsx::new(out).unwrap()
    }

    #[test]
    fn what_is_written_reads_back_and_nothing_computes() {
        let mut book = written((1..=700).map(row), 875_000);
        let range = book.worksheet_range("就餐台账").unwrap();
        let text = |row, column| range.get_value((row, column)).map(ToString::to_string).unwrap_or_default();
        let place = |name: &str| {
            let of_desk = exported(&ORDERS, End::Desk).position(|column| column.name() == name);
            u32::try_from(of_desk.unwrap()).unwrap()
        };
        assert_eq!(text(0, 0), "就餐台账（2026-11-20）");
        assert_eq!((text(2, place("price")), text(2, place("village"))), ("餐费（元）".to_owned(), "村社区".to_owned()));
        for (name, expect) in [
            ("number", "12-0001"),
            ("name", "=1+1"),
            ("id_number", "445381192801141162"),
            ("phone", "18773589597"),
            ("address", "@细坑路117号"),
            ("meal", "午餐"),
            ("note", "-放门口"),
            ("state", "已送达"),
            ("receipt_note", "\tcmd"),
            ("supplement", "是"),
        ] {
            assert_eq!(range.get_value((3, place(name))), Some(&Data::String(expect.into())), "{name}");
        }
        assert_eq!(range.get_value((3, place("price"))), Some(&Data::Float(12.5)));
        assert_eq!(range.get_value((3, place("photos"))), Some(&Data::Float(2.0)));
        assert!(matches!(range.get_value((3, 0)), Some(Data::DateTime(at)) if at.as_f64() == 46_346.0), "{:?}", range.get_value((3, 0)));
        assert!(matches!(range.get_value((3, place("arrived_at"))), Some(Data::DateTime(_))));
        assert_eq!((text(703, 0), text(703, place("price"))), ("合计 700 条".to_owned(), "8750".to_owned()));
        assert!(book.worksheet_formula("就餐台账").unwrap().used_cells().next().is_none());
    }

    #[test]
    fn what_does_not_fit_on_a_sheet_goes_on_on_the_next_and_the_sum_is_of_all() {
        let mut book = written_on(3, (1..=7).map(row), 8_750);
        assert_eq!(book.sheet_names(), ["就餐台账", "就餐台账 (2)", "就餐台账 (3)"]);
        let mut numbers = Vec::new();
        for name in book.sheet_names() {
            let sheet = book.worksheet_range(&name).unwrap();
            assert_eq!(sheet.get_value((2, 0)), Some(&Data::String("日期".into())), "{name} has its head");
            assert_eq!(sheet.get_value((1, 0)), Some(&Data::String(LINE.into())), "{name} has the mark");
            numbers.extend(sheet.rows().skip(3).filter_map(|row| if let Data::String(text) = &row[1] { Some(text.clone()) } else { None }));
        }
        assert_eq!(numbers, (1..=7).map(|number| format!("12-{number:04}")).collect::<Vec<_>>());
        let last = book.worksheet_range("就餐台账 (3)").unwrap();
        assert_eq!(last.get_value((4, 0)), Some(&Data::String("合计 7 条".into())));
    }

    #[test]
    fn an_empty_list_is_a_workbook_too() {
        let mut book = written(std::iter::empty(), 0);
        assert_eq!(book.worksheet_range("就餐台账").unwrap().get_value((3, 0)), Some(&Data::String("合计 0 条".into())));
    }

    #[test]
    fn the_mark_is_at_the_foot_of_printed_pages_and_in_the_properties() {
        let mut book = ListBook::begin(&ORDERS, End::Desk, "就餐台账", Watermark { who: "A & B".into(), rows: None, ..mark() }).unwrap();
        book.row(&row(1), &Unnamed).unwrap();
        let mut out = Cursor::new(Vec::new());
        book.end(1, &Fields::new(), &mut out).unwrap();
        let mut archive = zip::ZipArchive::new(out).unwrap();
        let mut part = |name: &str| {
            let mut text = String::new();
            std::io::Read::read_to_string(&mut archive.by_name(name).unwrap(), &mut text).unwrap();
            text
        };
        let (sheet, core) = (part("xl/worksheets/sheet1.xml"), part("docProps/core.xml"));
        assert!(sheet.contains("<oddFooter>&amp;L&amp;8编号 7K3M-92QF · 2026-11-20 09:05 · A ＆ B"), "{sheet}");
        assert!(core.contains("<dc:subject>7K3M-92QF</dc:subject>") && core.contains("1 行"), "{core}");
    }
}
