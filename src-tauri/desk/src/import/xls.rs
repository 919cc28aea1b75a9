//! Workbooks of the older kind (.xls). The library reads such a file as a whole and trusts what it
//! announces, so its records are walked here first and everything it would reserve is added up.

use super::compound::{self, Found};
use super::sheet::{Collector, Marks, Region};
use super::strikes::Parts;
use super::xlsx::{date_or_number, shown};
use super::{Cell, MAX_COLUMNS, MAX_ROWS, Sheet, all_within, damaged, locked, too_large};
use calamine::{Data, Range, Reader, SheetType, Xls};
use shared::fault;
use shared::fault::{Code, Fault};
use std::collections::{HashMap, HashSet};
use std::io::Cursor;
use std::rc::Rc;

const MAX_BYTES: usize = 20 << 20;
const MAX_SHEETS: usize = 64;
/// Cells between the first and last of each sheet, all sheets together.
const MAX_AREA: u64 = 6_000_000;
/// Characters in all cells together.
const MAX_CHARACTERS: u64 = 50 << 20;

/// Reads all sheets.
pub(super) fn read(bytes: &[u8], progress: &dyn Fn(u64, u64)) -> Result<Vec<Sheet>, Fault> {
    if bytes.len() > MAX_BYTES {
        return Err(fault!(Code::BadFile, import::XLS_TOO_LARGE));
    }
    let stream = match compound::workbook(bytes).ok_or_else(damaged)? {
        Found::Workbook(stream) => stream,
        Found::Locked => return Err(locked()),
        Found::Other => return Err(fault!(Code::BadFile, import::NO_WORKBOOK)),
    };
    let mut said = check(&stream)?.into_iter();
    let mut workbook: Xls<_> = Xls::new(Cursor::new(compound::pack(&stream))).map_err(|error| match error {
        calamine::XlsError::Password => locked(),
        _ => damaged(),
    })?;
    // The library lists the sheets in the order of their announcement, as they were measured.
    let sheets: Vec<_> =
        workbook.sheets_metadata().iter().map(|sheet| (sheet.name.clone(), sheet.typ, sheet.visible, said.next())).collect();
    let sheets = sheets.into_iter().filter(|(_, kind, ..)| *kind == SheetType::WorkSheet);
    all_within(sheets.map(|(name, _, visible, said)| {
        let merged = workbook.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let merged = merged.into_iter().map(|region| Region { first: region.start, last: region.end }).collect();
        let mut said = said.unwrap_or_default();
        let marks = Marks { shown: shown(visible), merged, hidden: std::mem::take(&mut said.hidden) };
        cells(&workbook.worksheet_range(&name).map_err(|_| damaged())?, &name, marks, &said, progress)
    }))
}

fn cells(range: &Range<Data>, name: &str, marks: Marks, said: &Measured, progress: &dyn Fn(u64, u64)) -> Result<Sheet, Fault> {
    let (first_row, first_column) = range.start().unwrap_or_default();
    let mut collector = Collector::default();
    for (at, row) in (first_row..).zip(range.rows()) {
        if at % 1_000 == 0 {
            progress(u64::from(at), range.height() as u64);
        }
        for (column, data) in (first_column..).zip(row) {
            match (data, said.parts.get(&(at, column))) {
                (Data::String(text), Some(runs)) => collector.put_parts(at, column, &in_runs(text, runs))?,
                _ => collector.put(at, column, value(data))?,
            }
            if said.struck.contains(&(at, column)) {
                collector.strike(at, column);
            }
        }
    }
    collector.finish(name, marks)
}

/// A text in the runs that begin at those places, counted in UTF-16; before the first it is as its cell is.
fn in_runs(text: &str, runs: &[Run]) -> Parts {
    let (mut parts, mut at, mut letter) = (Parts::default(), 0_usize, [0; 4]);
    let (mut runs, mut struck) = (runs.iter().peekable(), false);
    for c in text.chars() {
        while let Some(run) = runs.next_if(|run| usize::from(run.from) <= at) {
            struck = run.struck;
        }
        parts.push(c.encode_utf8(&mut letter), struck);
        at += c.len_utf16();
    }
    parts
}

fn value(data: &Data) -> Cell<'_> {
    match data {
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) => Cell::Number(*number),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::Text(text),
        Data::Bool(yes) => Cell::Bool(*yes),
        Data::DateTime(at) => date_or_number(at),
        Data::Error(_) => Cell::NoValue,
        _ => Cell::Empty,
    }
}

/// Adds up what the library would reserve for the sheets, and gives what it does not tell of each.
fn check(stream: &[u8]) -> Result<Vec<Measured>, Fault> {
    let (mut positions, mut strings) = (Vec::new(), Vec::new());
    let (mut fonts, mut formats) = (Vec::new(), Vec::new());
    for record in Records(stream) {
        match record.kind {
            0x0031 => fonts.push(u16_at(record.data, 2).is_some_and(|flags| flags & 8 != 0)),
            0x00E0 => formats.push(u16_at(record.data, 0).is_some_and(|font| font_of(&fonts, font))),
            0x0085 => positions.push(u32_at(record.data, 0).ok_or_else(damaged)? as usize),
            0x00FC => strings = shared_strings(&record, &|font| font_of(&fonts, font)).ok_or_else(damaged)?,
            0x000A => break,
            _ => {}
        }
    }
    if positions.len() > MAX_SHEETS {
        return Err(too_large());
    }
    let (mut area, mut characters) = (0, 0);
    let mut sheets = Vec::with_capacity(positions.len());
    for position in positions {
        let sheet = measure(stream.get(position..).ok_or_else(damaged)?, &strings, &formats).ok_or_else(damaged)?;
        // The library reserves what the sheet announces, and then the rectangle of what it holds.
        area += sheet.announced.max(sheet.area());
        characters += sheet.characters;
        if area > MAX_AREA || characters > MAX_CHARACTERS || sheet.last.0 >= MAX_ROWS || sheet.last.1 >= MAX_COLUMNS.max(256) {
            return Err(too_large());
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// Whether a font strikes out; there is none of number 4.
fn font_of(fonts: &[bool], font: u16) -> bool {
    fonts.get(usize::from(if font > 4 { font - 1 } else { font })).copied().unwrap_or_default()
}

/// Where a font begins in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Run {
    from: u16,
    struck: bool,
}

/// What the look over the records keeps of a shared string: its length in characters, and its fonts if one of them strikes out.
#[derive(Clone, Debug, Default, PartialEq)]
struct SharedString {
    length: u64,
    runs: Option<Rc<[Run]>>,
}

#[derive(Default)]
struct Measured {
    hidden: HashSet<u32>,
    struck: HashSet<(u32, u32)>,
    /// Cells of which parts are struck out.
    parts: HashMap<(u32, u32), Rc<[Run]>>,
    first: (u32, u32),
    last: (u32, u32),
    announced: u64,
    characters: u64,
}

impl Measured {
    fn area(&self) -> u64 {
        if self.first.0 > self.last.0 {
            0
        } else {
            u64::from(self.last.0 - self.first.0 + 1) * u64::from(self.last.1.saturating_sub(self.first.1) + 1)
        }
    }

    fn hold(&mut self, row: u32, column: u32) {
        self.first = (self.first.0.min(row), self.first.1.min(column));
        self.last = (self.last.0.max(row), self.last.1.max(column));
    }
}

fn measure(sheet: &[u8], strings: &[SharedString], struck: &[bool]) -> Option<Measured> {
    let mut found = Measured { first: (u32::MAX, u32::MAX), ..Measured::default() };
    let mut opened = 0_usize;
    for record in Records(sheet) {
        let data = record.data;
        match record.kind {
            0x0809 => opened += 1,
            0x000A if opened <= 1 => break,
            0x000A => opened -= 1,
            0x0200 => {
                let (rows, columns) = match data.len() {
                    10 => ((u32::from(u16_at(data, 0)?), u32::from(u16_at(data, 2)?)), (u16_at(data, 4)?, u16_at(data, 6)?)),
                    _ => ((u32_at(data, 0)?, u32_at(data, 4)?), (u16_at(data, 8)?, u16_at(data, 10)?)),
                };
                let first_column = if columns.0 > 0xFF || columns.1 < columns.0 { 0 } else { columns.0 };
                let announced = u64::from(rows.1).checked_sub(u64::from(rows.0)).unwrap_or(MAX_AREA + 1);
                found.announced = found.announced.max(announced * u64::from(columns.1.saturating_sub(first_column)));
            }
            0x0208 if u16_at(data, 12).is_some_and(|flags| flags & 0x20 != 0) => {
                found.hidden.insert(u32::from(u16_at(data, 0)?));
            }
            0x0203..=0x0205 | 0x00D6 | 0x027E | 0x00FD | 0x00BD | 0x0006 => {
                let (row, column) = (u32::from(u16_at(data, 0)?), u32::from(u16_at(data, 2)?));
                found.hold(row, column);
                if record.kind == 0x00BD {
                    found.hold(row, u32::from(u16_at(data, data.len().checked_sub(2)?)?));
                }
                let text = if record.kind == 0x00FD {
                    let string = strings.get(u32_at(data, 6)? as usize);
                    if let Some(runs) = string.and_then(|string| string.runs.clone()).filter(|_| found.parts.len() < MAX_ROWS as usize) {
                        found.parts.insert((row, column), runs);
                    }
                    string.map_or(0, |string| string.length)
                } else {
                    data.len() as u64
                };
                found.characters += text;
                let is_struck = |at| u16_at(data, at).is_some_and(|format| struck.get(usize::from(format)).copied().unwrap_or_default());
                // A record of several numbers has a format before each of them.
                let many = if record.kind == 0x00BD { (data.len().saturating_sub(6) / 6).min(256) } else { 1 };
                found.struck.extend((0..many).filter(|at| is_struck(4 + 6 * at)).map(|at| (row, column + at as u32)));
            }
            _ => {}
        }
    }
    Some(found)
}

struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    /// What continues it.
    more: Vec<&'a [u8]>,
}

struct Records<'a>(&'a [u8]);

impl<'a> Records<'a> {
    fn one(&mut self) -> Option<(u16, &'a [u8])> {
        let length = usize::from(u16_at(self.0, 2)?);
        let (data, rest) = self.0.get(4..)?.split_at_checked(length)?;
        let kind = u16_at(self.0, 0)?;
        self.0 = rest;
        Some((kind, data))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, data) = self.one()?;
        let mut more = Vec::new();
        while u16_at(self.0, 0) == Some(0x003C) {
            let Some((_, data)) = self.one() else { break };
            more.push(data);
        }
        Some(Record { kind, data, more })
    }
}

/// Length and fonts of each shared string; text may run on into continuing records, each of
/// which says anew whether characters take one byte or two.
fn shared_strings(record: &Record<'_>, strikes: &dyn Fn(u16) -> bool) -> Option<Vec<SharedString>> {
    let mut parts = record.more.iter();
    let mut part = record.data.get(8..)?;
    let mut strings = Vec::new();
    loop {
        while part.is_empty() {
            let Some(next) = parts.next() else { return Some(strings) };
            part = next;
        }
        let (count, flags) = (usize::from(u16_at(part, 0)?), *part.get(2)?);
        part = part.get(3..)?;
        let (mut fonts, mut extra) = (0, 0);
        if flags & 8 != 0 {
            fonts = 4 * usize::from(u16_at(part, 0)?);
            part = part.get(2..)?;
        }
        if flags & 4 != 0 {
            extra += u32_at(part, 0)? as usize;
            part = part.get(4..)?;
        }
        let (mut left, mut wide) = (count, flags & 1);
        while left > 0 {
            let size = usize::from(wide) + 1;
            let here = left.min(part.len() / size);
            part = &part[here * size..];
            left -= here;
            if left > 0 {
                let (flag, rest) = parts.next()?.split_first()?;
                (wide, part) = (flag & 1, rest);
            }
        }
        let (mut runs, mut bytes) = (Vec::new(), Vec::new());
        while bytes.len() < fonts {
            if part.is_empty() {
                part = parts.next()?;
            }
            let (here, rest) = part.split_at((fonts - bytes.len()).min(part.len()));
            bytes.extend_from_slice(here);
            part = rest;
        }
        for run in bytes.chunks_exact(4) {
            runs.push(Run { from: u16_at(run, 0)?, struck: strikes(u16_at(run, 2)?) });
        }
        let runs = runs.iter().any(|run: &Run| run.struck).then(|| Rc::from(runs));
        while extra > part.len() {
            extra -= part.len();
            part = parts.next()?;
        }
        part = &part[extra..];
        strings.push(SharedString { length: count as u64, runs });
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts_within_texts_are_found_wherever_the_record_is_cut() {
        let string = |text: &str, runs: &[(u16, u16)]| {
            let units: Vec<u16> = text.encode_utf16().collect();
            let mut bytes = (units.len() as u16).to_le_bytes().to_vec();
            bytes.push(if runs.is_empty() { 1 } else { 9 });
            bytes.extend((!runs.is_empty()).then_some((runs.len() as u16).to_le_bytes()).into_iter().flatten());
            bytes.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
            bytes.extend(runs.iter().flat_map(|(from, font)| [from.to_le_bytes(), font.to_le_bytes()].concat()));
            bytes
        };
        let run = |from, struck| Run { from, struck };
        // There is no font of number 4: the fifth is the last of these.
        let fonts = [false, false, false, false, true];
        let strings = [string("李四", &[]), string("李四王五", &[(0, 5), (2, 0)])].concat();
        // Between texts and within runs; a text that goes on says anew how wide it is.
        for cut in [0, 7].into_iter().chain(20..=28) {
            let head = [&[0; 8], &strings[..cut]].concat();
            let record = Record { kind: 0x00FC, data: &head, more: vec![&strings[cut..]] };
            let found = shared_strings(&record, &|font| font_of(&fonts, font)).unwrap();
            let expect =
                [(2, None), (4, Some(Rc::from([run(0, true), run(2, false)])))].map(|(length, runs)| SharedString { length, runs });
            assert_eq!(found, expect, "cut at {cut}");
        }
        let mut parts = Parts::default();
        parts.push("𬜯", false);
        parts.push("四王", true);
        assert_eq!(in_runs("𬜯四王", &[run(2, true)]), parts, "places are counted in UTF-16");
    }
}
