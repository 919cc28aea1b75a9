//! The ledger of orders as a workbook: title, header that stays in sight, filter, real dates and
//! numbers, long numbers as text.

use super::{fault_of, serial};
use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use shared::command::OrderSummary;
use shared::fault::Fault;
use shared::kinds::Mode;
use shared::money::Fen;
use std::path::Path;

/// One row of the ledger.
#[derive(Clone, Debug)]
pub struct LedgerExportRow {
    /// The order as in the list.
    pub order: OrderSummary,
    /// Name of the canteen.
    pub canteen: String,
    /// 经手人
    pub taken_by: String,
    /// The elder's ID number, masked or in full as the caller may show it; empty for none.
    pub id_number: String,
}

/// What a column holds and how wide it is.
const COLUMNS: &[(&str, f64)] = &[
    ("日期", 12.0),
    ("餐次", 7.0),
    ("订单号", 13.0),
    ("饭堂", 20.0),
    ("姓名", 11.0),
    ("身份证号", 22.0),
    ("电话", 15.0),
    ("住址", 34.0),
    ("怎么拿", 10.0),
    ("餐品", 14.0),
    ("餐费（元）", 11.0),
    ("嘱咐", 20.0),
    ("饮食禁忌", 16.0),
    ("状态", 9.0),
    ("状态时间", 17.0),
    ("未送达原因", 12.0),
    ("下单时间", 17.0),
    ("补录", 7.0),
    ("经手人", 11.0),
    ("送达时间", 17.0),
    ("谁收的", 11.0),
    ("探访", 16.0),
    ("回单备注", 24.0),
    ("照片（张）", 10.0),
    ("回单", 8.0),
];
/// Where the prices stand.
const PRICE: u16 = 10;
const HEADER_ROW: u32 = 1;
/// Rows on one sheet of a workbook, title, header and sum taken off.
const MAX_ROWS: usize = 1_048_000;

/// Writes the rows under `title` and gives their number; `progress` hears rows done and all rows.
///
/// # Errors
/// A fault when the file can't be written.
pub fn write_ledger(rows: &[LedgerExportRow], title: &str, out: &Path, progress: &dyn Fn(u64, u64)) -> Result<u64, Fault> {
    write(&rows[..rows.len().min(MAX_ROWS)], title, out, progress).map_err(|error| fault_of(&error))
}

struct Styles {
    title: Format,
    head: Format,
    text: Format,
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
            head: bold.clone().set_background_color(Color::RGB(0x00DD_EBF7)).set_align(FormatAlign::Center),
            text: Format::new().set_num_format_index(49),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            moment: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
            money: Format::new().set_num_format("0.00"),
            total_money: bold.clone().set_num_format("0.00"),
            total: bold,
        }
    }
}

fn write(rows: &[LedgerExportRow], title: &str, out: &Path, progress: &dyn Fn(u64, u64)) -> Result<u64, XlsxError> {
    let styles = Styles::new();
    let last_column = u16::try_from(COLUMNS.len() - 1).unwrap_or(u16::MAX);
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let mut workbook = Workbook::new();
    let page = workbook.add_worksheet_with_constant_memory()?;
    page.set_name("订单台账")?;
    page.set_landscape().set_paper_size(9).set_repeat_rows(0, HEADER_ROW)?;
    page.set_freeze_panes(HEADER_ROW + 1, 0)?;
    page.merge_range(0, 0, 0, last_column, &cut(title), &styles.title)?;
    page.set_row_height(0, 28)?;
    for ((word, width), column) in COLUMNS.iter().zip(0..) {
        page.set_column_width(column, *width)?;
        page.write_string_with_format(HEADER_ROW, column, *word, &styles.head)?;
    }
    let mut sum = Fen::ZERO;
    for (row, at) in rows.iter().zip(HEADER_ROW + 1..) {
        write_row(page, at, row, &styles)?;
        sum = sum.checked_add(row.order.price).unwrap_or(sum);
        let done = at - HEADER_ROW;
        if done.is_multiple_of(500) || done == count {
            progress(u64::from(done), u64::from(count));
        }
    }
    let below = HEADER_ROW + 1 + count;
    page.autofilter(HEADER_ROW, 0, below.saturating_sub(1).max(HEADER_ROW + 1), last_column)?;
    page.write_string_with_format(below, 0, "合计", &styles.total)?;
    page.write_string_with_format(below, 2, format!("{count} 单"), &styles.total)?;
    page.write_number_with_format(below, PRICE, yuan(sum), &styles.total_money)?;
    workbook.save(out)?;
    Ok(u64::from(count))
}

fn write_row(page: &mut Worksheet, at: u32, row: &LedgerExportRow, styles: &Styles) -> Result<(), XlsxError> {
    let line = &row.order;
    let receipt = line.receipt.as_ref();
    let mut column = 0_u16;
    let mut text = |page: &mut Worksheet, words: &str| -> Result<u16, XlsxError> {
        if !words.is_empty() {
            page.write_string_with_format(at, column, cut(words), &styles.text)?;
        }
        column += 1;
        Ok(column)
    };
    let moment = |page: &mut Worksheet, column: u16, moment: jiff::civil::DateTime| {
        page.write_number_with_format(at, column, serial(moment), &styles.moment).map(|_| ())
    };

    page.write_number_with_format(at, 0, serial(line.date.at(0, 0, 0, 0)), &styles.day)?;
    for words in [
        "", // the date
        line.meal.zh(),
        &line.number,
        &row.canteen,
        &line.name,
        &row.id_number,
        &line.phone,
        &line.address,
        line.mode.zh(),
        &line.dish,
        "", // the price
        &line.note,
        &line.diet,
        line.state.zh(),
        "", // since when
        line.reason.map_or("", |reason| reason.zh()),
        "", // when taken
        if line.supplement { "补录" } else { "" },
        &row.taken_by,
        "", // when delivered
        receipt.and_then(|receipt| receipt.received_by).map_or("", |by| by.zh()),
        receipt.and_then(|receipt| receipt.seen).map_or("", |seen| seen.zh()),
        receipt.map_or("", |receipt| &receipt.note),
        "", // photos
        receipt_word(line),
    ] {
        text(page, words)?;
    }
    page.write_number_with_format(at, PRICE, yuan(line.price), &styles.money)?;
    moment(page, 14, line.state_at)?;
    moment(page, 16, line.taken_at)?;
    if let Some(receipt) = receipt {
        moment(page, 19, receipt.arrived_at)?;
        page.write_number(at, 23, u32::try_from(receipt.photos.len()).unwrap_or_default())?;
    }
    Ok(())
}

fn receipt_word(line: &OrderSummary) -> &'static str {
    match (&line.receipt, line.receipt_missing) {
        (Some(_), _) => "有",
        (None, true) => "缺",
        (None, false) if line.mode == Mode::PickUp => "不需要",
        (None, false) => "",
    }
}

/// Fen are whole; only here, for the eye of a spreadsheet, do they become yuan with a point.
fn yuan(amount: Fen) -> f64 {
    amount.0 as f64 / 100.0
}

/// A cell holds at most 32,767 characters.
fn cut(text: &str) -> String {
    text.chars().take(32_000).collect()
}

#[cfg(test)]
mod tests;
