//! A drawn workbook as the bytes of a file: .xlsx, .xls, CSV in several encodings, a web page.

use super::layout::{Book, Kind, Page};
use super::old;
use encoding_rs::GB18030;
use rust_xlsxwriter::{Format, Workbook};
use std::collections::BTreeMap;

pub(super) fn bytes(book: &Book) -> Vec<u8> {
    match book.kind {
        Kind::Xlsx => xlsx(&book.pages),
        Kind::Xls => old::workbook(&book.pages),
        Kind::Csv { encoding, separator } => encoded(&csv(&book.pages[0], separator), encoding),
        Kind::Web => web(&book.pages[0]).into_bytes(),
    }
}

fn xlsx(pages: &[Page]) -> Vec<u8> {
    let mut book = Workbook::new();
    let (plain, struck) = (Format::new(), Format::new().set_font_strikethrough());
    // The first sheet that is seen is the one that lies open.
    let first = pages.iter().position(|page| !page.hidden).unwrap_or_default();
    for (at, page) in pages.iter().enumerate() {
        let sheet = book.add_worksheet();
        sheet.set_name(&page.name).unwrap();
        sheet.set_active(at == first);
        if page.hidden {
            sheet.set_hidden(true);
        }
        for (first_row, first_column, last_row, last_column) in &page.merged {
            // Cells that are one are written before their value; two may not overlap.
            let _ = sheet.merge_range(*first_row, *first_column as u16, *last_row, *last_column as u16, "", &Format::new());
        }
        for (row, column, text) in &page.cells {
            let crossed: String = text.chars().take(page.crossed_at(*row, *column)).collect();
            if !crossed.is_empty() {
                let runs = [(&struck, crossed.as_str()), (&plain, &text[crossed.len()..])];
                sheet.write_rich_string(*row, *column as u16, &runs).unwrap();
            } else if page.struck_rows.contains(row) {
                sheet.write_string_with_format(*row, *column as u16, text, &struck).unwrap();
            } else {
                sheet.write_string(*row, *column as u16, text).unwrap();
            }
        }
        for row in &page.hidden_rows {
            sheet.set_row_hidden(*row).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// The texts by row and column.
fn rows(page: &Page) -> BTreeMap<u32, BTreeMap<u32, &str>> {
    let mut rows: BTreeMap<u32, BTreeMap<u32, &str>> = BTreeMap::new();
    for (row, column, text) in &page.cells {
        rows.entry(*row).or_default().insert(*column, text);
    }
    rows
}

fn csv(page: &Page, separator: char) -> String {
    let rows = rows(page);
    let width = page.cells.iter().map(|(_, column, _)| column + 1).max().unwrap_or_default();
    let mut out = String::new();
    for row in 0..=rows.keys().max().copied().unwrap_or_default() {
        let cells = rows.get(&row);
        let cell = |column| {
            let text = cells.and_then(|cells| cells.get(&column)).copied().unwrap_or_default();
            if text.contains([separator, '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
        };
        let line: Vec<String> = if cells.is_some() { (0..width).map(cell).collect() } else { Vec::new() };
        out.push_str(&line.join(&separator.to_string()));
        out.push_str("\r\n");
    }
    out
}

fn encoded(text: &str, encoding: u8) -> Vec<u8> {
    match encoding {
        0 => text.as_bytes().to_vec(),
        1 => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        2 => GB18030.encode(text).0.into_owned(),
        _ => [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect(),
    }
}

fn web(page: &Page) -> String {
    let rows = rows(page);
    let width = page.cells.iter().map(|(_, column, _)| column + 1).max().unwrap_or_default();
    let mut out = String::from("<meta charset=utf-8><table>\n");
    for row in 0..=rows.keys().max().copied().unwrap_or_default() {
        let style = if page.hidden_rows.contains(&row) { " style='display:none'" } else { "" };
        out.push_str(&format!("<tr{style}>"));
        for column in 0..width {
            let covered = |(top, left, bottom, right): &&(u32, u32, u32, u32)| {
                (*top..=*bottom).contains(&row) && (*left..=*right).contains(&column) && (*top, *left) != (row, column)
            };
            if page.merged.iter().any(|region| covered(&region)) {
                continue;
            }
            let region = page.merged.iter().find(|(top, left, ..)| (*top, *left) == (row, column));
            let spans = region.map(|(top, left, bottom, right)| format!(" rowspan={} colspan={}", bottom - top + 1, right - left + 1));
            let text = rows.get(&row).and_then(|cells| cells.get(&column)).copied().unwrap_or_default();
            let text = if page.struck_rows.contains(&row) && !text.is_empty() { format!("<s>{text}</s>") } else { text.to_owned() };
            let crossed: String = text.chars().take(page.crossed_at(row, column)).collect();
            let text = if crossed.is_empty() { text } else { format!("<span><del>{crossed}</del>{}</span>", &text[crossed.len()..]) };
            out.push_str(&format!("<td{}>{}</td>", spans.unwrap_or_default(), text.replace('\n', "<br>")));
        }
        out.push_str("</tr>\n");
    }
    out + "</table>"
}
