//! Tables of OpenDocument (.ods), read as they stream by: what is repeated is unfolded under the caps, and blank cells that are
//! repeated to the edge of the sheet cost nothing.

use super::sheet::{Collector, Marks, Region, Shown};
use super::strikes::Parts;
use super::xlsx_marks::{attribute, text_of};
use super::{Cell, MAX_COLUMNS, MAX_ROWS, Sheet, all_within, damaged, guard, locked};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use shared::fault::Fault;
use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Cursor, Read};
use zip::ZipArchive;

/// The type of such a file, which stands in its first entry.
const KIND: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// Whether a zip container is a table of OpenDocument.
pub(super) fn is_ods(bytes: &[u8]) -> bool {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return false };
    let mut kind = String::new();
    let said = archive.by_name("mimetype").is_ok_and(|entry| entry.take(200).read_to_string(&mut kind).is_ok());
    let inside = archive.by_name("content.xml").is_ok() || archive.by_name("encrypted-package").is_ok();
    said && kind.trim().starts_with(KIND) || (inside && archive.by_name("xl/workbook.xml").is_err())
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
    /// The style that each goes by where it says nothing itself.
    parents: HashMap<String, String>,
    /// Those that say something of lines through a text.
    telling: HashSet<String>,
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

    /// Whether a style strikes out, by itself or by one that it goes by.
    fn strikes(&self, style: &str) -> bool {
        let mut style = style;
        for _ in 0..8 {
            match self.parents.get(style) {
                _ if self.telling.contains(style) => return self.struck.contains(style),
                Some(parent) => style = parent,
                None => return false,
            }
        }
        false
    }

    fn hear(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "style" | "default-style" => {
                self.now = attribute(tag, "name").unwrap_or_default();
                self.parents.extend(attribute(tag, "parent-style-name").map(|parent| (self.now.clone(), parent)));
            }
            "text-properties" => {
                let lines = ["text-line-through-style", "text-line-through-type"].map(|name| attribute(tag, name));
                if lines.iter().any(Option::is_some) {
                    self.telling.insert(self.now.clone());
                }
                if lines.into_iter().flatten().any(|line| line != "none") {
                    self.struck.insert(self.now.clone());
                }
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
    text: Parts,
    /// Of each span that is open, whether it strikes out.
    spans_struck: Vec<bool>,
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
    /// Values of the row, and whether each is struck out, for the rows that repeat it.
    cells: Vec<(u32, Held, bool)>,
    /// The style of cells that name none: of the columns, each up to the first that it is not for, and of the row.
    columns: Vec<(u32, String)>,
    row_style: Option<String>,
}

#[derive(Clone)]
enum Held {
    Text(Parts),
    Number(f64),
    Date(jiff::civil::DateTime),
    Bool(bool),
    NoValue,
}

impl Held {
    fn put(&self, collector: &mut Collector, row: u32, column: u32) -> Result<(), Fault> {
        let cell = match self {
            Self::Text(text) => return collector.put_parts(row, column, text),
            Self::Number(number) => Cell::Number(*number),
            Self::Date(at) => Cell::Date(*at),
            Self::Bool(yes) => Cell::Bool(*yes),
            Self::NoValue => Cell::NoValue,
        };
        collector.put(row, column, cell)
    }
}

impl Open {
    fn push(&mut self, text: &str) {
        self.text.push(text, self.spans_struck.contains(&true));
    }

    fn begin(tag: &BytesStart<'_>) -> Self {
        let number = |name| attribute(tag, name).and_then(|count| count.parse::<u32>().ok()).unwrap_or(1).max(1);
        let value = ["date-value", "boolean-value", "value"].into_iter().find_map(|name| attribute(tag, name));
        Self {
            text: Parts::default(),
            spans_struck: Vec::new(),
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
        let text = || (!self.text.is_blank()).then(|| Held::Text(self.text.clone()));
        // What a formula that failed shows begins with a cross: #N/A, #REF!.
        let failed = self.formula && (self.kind.is_empty() || self.text.whole().starts_with('#') || self.text.is_blank());
        if failed && held.is_none() { Some(Held::NoValue) } else { held.or_else(text) }
    }
}

impl Table {
    fn put(&mut self, open: &Open, styles: &Styles) {
        let held = open.held();
        if let Some(held) = held {
            for at in 0..open.repeated.min(MAX_COLUMNS + 1) {
                let column = self.column.saturating_add(at);
                let of_column = || self.columns.iter().find(|(end, _)| column < *end).map(|(_, style)| style);
                let style = Some(&open.style).filter(|style| !style.is_empty()).or(self.row_style.as_ref()).or_else(of_column);
                self.cells.push((column, held.clone(), style.is_some_and(|style| styles.strikes(style))));
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
            for (column, held, struck) in &cells {
                let row = self.row.saturating_add(at);
                if *struck {
                    self.collector.strike(row, *column);
                }
                held.put(&mut self.collector, row, *column)?;
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
            event @ (Event::Text(_) | Event::GeneralRef(_)) => {
                if let Some(open) = open.as_mut().filter(|_| aside == 0) {
                    open.push(&text_of(event).unwrap_or_default());
                }
                continue;
            }
            Event::End(tag) => {
                match tag.local_name().as_ref() {
                    "annotation" => aside = aside.saturating_sub(1),
                    "span" => {
                        if let Some(open) = open.as_mut().filter(|_| aside == 0) {
                            open.spans_struck.pop();
                        }
                    }
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
                    (table.column, table.row_style) = (0, attribute(tag, "default-cell-style-name"));
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
            "span" if !empty => {
                if let Some(open) = open.as_mut().filter(|_| aside == 0) {
                    let struck = attribute(tag, "style-name").is_some_and(|style| styles.strikes(&style));
                    open.spans_struck.push(struck);
                }
            }
            "table-column" => {
                if let Some(table) = &mut table {
                    let from = table.columns.last().map_or(0, |(end, _)| *end);
                    let repeated: u32 = attribute(tag, "number-columns-repeated").and_then(|count| count.parse().ok()).unwrap_or(1);
                    let style = attribute(tag, "default-cell-style-name").unwrap_or_default();
                    if from <= MAX_COLUMNS {
                        table.columns.push((from.saturating_add(repeated.max(1)), style));
                    }
                }
            }
            "p" | "line-break" => {
                if let Some(open) = open.as_mut().filter(|open| aside == 0 && !open.text.is_blank()) {
                    open.push("\n");
                }
            }
            "s" | "tab" => {
                if let Some(open) = open.as_mut().filter(|_| aside == 0) {
                    open.push(" ");
                }
            }
            _ if table.is_none() => styles.hear(tag),
            _ => {}
        }
    }
    all_within(sheets.into_iter().map(Ok))
}
