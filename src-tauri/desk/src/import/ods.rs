//! Tables of OpenDocument (.ods), read as they stream by: what is repeated is unfolded under the caps, and blank cells that are
//! repeated to the edge of the sheet cost nothing.

use super::sheet::{Collector, Marks, Region, Shown};
use super::xlsx_marks::attribute;
use super::{Cell, MAX_COLUMNS, MAX_ROWS, Sheet, all_within, damaged, guard, locked};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use shared::fault::Fault;
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Cursor, Read};
use zip::ZipArchive;

/// The type of such a file, which stands in its first entry.
const KIND: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// Whether a zip container is a table of OpenDocument.
pub(super) fn is_ods(bytes: &[u8]) -> bool {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return false };
    let mut kind = String::new();
    let said = archive.by_name("mimetype").is_ok_and(|entry| entry.take(200).read_to_string(&mut kind).is_ok());
    said && kind.trim().starts_with(KIND) || (archive.by_name("content.xml").is_ok() && archive.by_name("xl/workbook.xml").is_err())
}

/// Reads all sheets.
pub(super) fn read(bytes: &[u8], progress: &dyn Fn(u64, u64)) -> Result<Vec<Sheet>, Fault> {
    guard::check(bytes)?;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let mut manifest = String::new();
    if let Ok(entry) = archive.by_name("META-INF/manifest.xml") {
        // A manifest that can't be read says nothing of a password.
        let _ = entry.take(1 << 20).read_to_string(&mut manifest);
    }
    if manifest.contains("encryption-data") {
        return Err(locked());
    }
    let styles = archive.by_name("styles.xml").ok().map(|entry| Styles::of(BufReader::new(entry))).unwrap_or_default();
    let entry = archive.by_name("content.xml").map_err(|_| damaged())?;
    walk(BufReader::with_capacity(64 << 10, entry), styles, progress)
}

/// The names of styles that strike out, and of those that hide a sheet.
#[derive(Default)]
struct Styles {
    struck: HashSet<String>,
    hiding: HashSet<String>,
    now: String,
}

impl Styles {
    fn of(inside: impl BufRead) -> Self {
        let mut styles = Self::default();
        let (mut reader, mut buffer) = (Reader::from_reader(inside), Vec::new());
        while let Ok(event) = reader.read_event_into(&mut buffer) {
            match &event {
                Event::Eof => break,
                Event::Start(tag) | Event::Empty(tag) => styles.hear(tag),
                _ => {}
            }
            buffer.clear();
        }
        styles
    }

    fn hear(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "style" => self.now = attribute(tag, "name").unwrap_or_default(),
            "text-properties" if attribute(tag, "text-line-through-style").is_some_and(|style| style != "none") => {
                self.struck.insert(self.now.clone());
            }
            "table-properties" if attribute(tag, "display").is_some_and(|shown| shown == "false") => {
                self.hiding.insert(self.now.clone());
            }
            _ => {}
        }
    }
}

/// The cell under way.
#[derive(Default)]
struct Open {
    text: String,
    kind: String,
    value: Option<String>,
    formula: bool,
    style: String,
    repeated: u32,
    spans: (u32, u32),
}

/// The sheet under way.
#[derive(Default)]
struct Table {
    name: String,
    collector: Collector,
    marks: Marks,
    row: u32,
    repeated: u32,
    column: u32,
    /// Values of the row, for the rows that repeat it.
    cells: Vec<(u32, Held)>,
}

#[derive(Clone)]
enum Held {
    Text(String),
    Number(f64),
    Date(jiff::civil::DateTime),
    Bool(bool),
    NoValue,
}

impl Held {
    fn cell(&self) -> Cell<'_> {
        match self {
            Self::Text(text) => Cell::Text(text),
            Self::Number(number) => Cell::Number(*number),
            Self::Date(at) => Cell::Date(*at),
            Self::Bool(yes) => Cell::Bool(*yes),
            Self::NoValue => Cell::NoValue,
        }
    }
}

impl Open {
    fn begin(tag: &BytesStart<'_>) -> Self {
        let number = |name| attribute(tag, name).and_then(|count| count.parse::<u32>().ok()).unwrap_or(1).max(1);
        let value = ["date-value", "boolean-value", "value"].into_iter().find_map(|name| attribute(tag, name));
        Self {
            text: String::new(),
            kind: attribute(tag, "value-type").unwrap_or_default(),
            value,
            formula: attribute(tag, "formula").is_some(),
            style: attribute(tag, "style-name").unwrap_or_default(),
            repeated: number("number-columns-repeated"),
            spans: (number("number-rows-spanned"), number("number-columns-spanned")),
        }
    }

    fn held(&self) -> Option<Held> {
        let value = self.value.as_deref().unwrap_or_default();
        let held = match self.kind.as_str() {
            "float" | "currency" | "percentage" => value.parse().ok().map(Held::Number),
            "date" => value.parse().ok().or_else(|| value.parse().ok().map(|day: jiff::civil::Date| day.at(0, 0, 0, 0))).map(Held::Date),
            "boolean" => Some(Held::Bool(value == "true")),
            _ => None,
        };
        let text = || (!self.text.trim().is_empty()).then(|| Held::Text(self.text.clone()));
        // What a formula that failed shows begins with a cross: #N/A, #REF!.
        let failed = self.formula && (self.kind.is_empty() || self.text.starts_with('#') || self.text.trim().is_empty());
        if failed && held.is_none() { Some(Held::NoValue) } else { held.or_else(text) }
    }
}

impl Table {
    fn put(&mut self, open: &Open, styles: &Styles) {
        let held = open.held();
        if let Some(held) = held {
            for at in 0..open.repeated.min(MAX_COLUMNS + 1) {
                self.cells.push((self.column.saturating_add(at), held.clone()));
            }
            if styles.struck.contains(&open.style) {
                self.collector.strike(self.row, self.column);
            }
        }
        if open.spans != (1, 1) {
            let last = (self.row.saturating_add(open.spans.0 - 1), self.column.saturating_add(open.spans.1 - 1));
            self.marks.merged.push(Region { first: (self.row, self.column), last });
        }
        self.column = self.column.saturating_add(open.repeated);
    }

    fn end_row(&mut self) -> Result<(), Fault> {
        let cells = std::mem::take(&mut self.cells);
        // Blank rows are repeated to the end of a sheet; those with a value are as many as they say.
        let times = if cells.is_empty() { 0 } else { self.repeated.min(MAX_ROWS + 1) };
        for at in 0..times {
            for (column, held) in &cells {
                self.collector.put(self.row.saturating_add(at), *column, held.cell())?;
            }
        }
        self.row = self.row.saturating_add(self.repeated);
        Ok(())
    }
}

fn walk(inside: impl BufRead, mut styles: Styles, progress: &dyn Fn(u64, u64)) -> Result<Vec<Sheet>, Fault> {
    let (mut reader, mut buffer) = (Reader::from_reader(inside), Vec::new());
    let (mut sheets, mut table, mut open): (Vec<Sheet>, Option<Table>, Option<Open>) = (Vec::new(), None, None);
    // Remarks at cells are no part of what stands in them.
    let mut aside = 0_u32;
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|_| damaged())?;
        let (tag, empty) = match &event {
            Event::Eof => break,
            Event::Start(tag) => (tag, false),
            Event::Empty(tag) => (tag, true),
            Event::Text(text) => {
                if let Some(open) = open.as_mut().filter(|_| aside == 0) {
                    open.text.push_str(&text.xml_content(quick_xml::XmlVersion::Implicit1_0));
                }
                continue;
            }
            Event::GeneralRef(reference) => {
                if let Some(open) = open.as_mut().filter(|_| aside == 0) {
                    let named = quick_xml::escape::resolve_predefined_entity(&reference.xml_content(quick_xml::XmlVersion::Implicit1_0))
                        .map(str::to_owned);
                    let letter = reference.resolve_char_ref().ok().flatten().map(String::from);
                    open.text.push_str(&named.or(letter).unwrap_or_default());
                }
                continue;
            }
            Event::End(tag) => {
                match tag.local_name().as_ref() {
                    "annotation" => aside = aside.saturating_sub(1),
                    "table-cell" | "covered-table-cell" => {
                        if let (Some(table), Some(open)) = (&mut table, open.take()) {
                            table.put(&open, &styles);
                        }
                    }
                    "table-row" => {
                        if let Some(table) = &mut table {
                            table.end_row()?;
                            progress(u64::from(table.row), 0);
                        }
                    }
                    "table" => {
                        if let Some(table) = table.take() {
                            sheets.push(table.collector.finish(&table.name, table.marks)?);
                        }
                    }
                    _ => {}
                }
                continue;
            }
            _ => continue,
        };
        match tag.local_name().as_ref() {
            "annotation" => aside += u32::from(!empty),
            "table" if table.is_none() => {
                let hidden = attribute(tag, "style-name").is_some_and(|style| styles.hiding.contains(&style));
                let shown = if hidden { Shown::Hidden } else { Shown::Visible };
                let name = attribute(tag, "name").unwrap_or_default();
                table = (!empty).then(|| Table { name, marks: Marks { shown, ..Marks::default() }, ..Table::default() });
            }
            "table-row" => {
                if let Some(table) = &mut table {
                    table.repeated = attribute(tag, "number-rows-repeated").and_then(|count| count.parse().ok()).unwrap_or(1).max(1);
                    table.column = 0;
                    if attribute(tag, "visibility").is_some_and(|shown| shown != "visible") {
                        table.marks.hidden.extend(table.row..table.row.saturating_add(table.repeated.min(MAX_ROWS)));
                    }
                    if empty {
                        table.end_row()?;
                    }
                }
            }
            "table-cell" | "covered-table-cell" => {
                let begun = Open::begin(tag);
                match &mut table {
                    Some(table) if empty => table.put(&begun, &styles),
                    Some(_) => open = Some(begun),
                    None => {}
                }
            }
            "p" | "line-break" => {
                if let Some(open) = open.as_mut().filter(|open| aside == 0 && !open.text.is_empty()) {
                    open.text.push('\n');
                }
            }
            "s" | "tab" => {
                if let Some(open) = open.as_mut().filter(|_| aside == 0) {
                    open.text.push(' ');
                }
            }
            _ if table.is_none() => styles.hear(tag),
            _ => {}
        }
    }
    all_within(sheets.into_iter().map(Ok))
}
