//! What an .xlsx says of its sheets beside values, and the library for values does not tell: rows that are hidden, cells that are one,
//! formulas whose value was never written down. One pass over the XML that keeps nothing else.

use super::damaged;
use super::sheet::{Marks, Region};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use shared::fault::Fault;
use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Cursor, Read};
use zip::ZipArchive;

/// Regions and formulas that are noted at most, of each.
const MOST: usize = 200_000;

/// The part of the file that holds each sheet, by the sheet's name.
pub(super) fn parts(bytes: &[u8]) -> HashMap<String, String> {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return HashMap::new() };
    let mut targets = HashMap::new();
    each_tag(&text(&mut archive, "xl/_rels/workbook.xml.rels"), |tag| {
        if let (Some(id), Some(target)) = (attribute(tag, "Id"), attribute(tag, "Target")) {
            let target = target.trim_start_matches('/').trim_start_matches("./");
            targets.insert(id, if target.starts_with("xl/") { target.to_owned() } else { format!("xl/{target}") });
        }
    });
    let mut parts = HashMap::new();
    each_tag(&text(&mut archive, "xl/workbook.xml"), |tag| {
        if tag.local_name().as_ref() == "sheet"
            && let (Some(name), Some(target)) = (attribute(tag, "name"), attribute(tag, "id").and_then(|id| targets.get(&id)))
        {
            parts.insert(name, target.clone());
        }
    });
    parts
}

fn text(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> String {
    let mut text = String::new();
    if let Ok(entry) = archive.by_name(name) {
        // What is no text says nothing of parts; the reader of values refuses such a file.
        let _ = entry.take(4 << 20).read_to_string(&mut text);
    }
    text
}

fn each_tag(text: &str, mut each: impl FnMut(&BytesStart<'_>)) {
    let mut reader = Reader::from_str(text);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(tag) | Event::Empty(tag) => each(&tag),
            Event::Eof => break,
            _ => {}
        }
    }
}

/// An attribute by its name without prefix.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().filter_map(Result::ok).find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
}

/// The marks of a sheet, and the cells with a formula and no value.
pub(super) fn of_sheet(bytes: &[u8], part: &str) -> Result<(Marks, HashSet<(u32, u32)>), Fault> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let Ok(entry) = archive.by_name(part) else { return Ok(Default::default()) };
    Ok(walk(BufReader::with_capacity(64 << 10, entry)))
}

/// Where the walk stands.
#[derive(Default)]
struct Place {
    row: u32,
    column: u32,
    formula: bool,
    /// Within what may hold the value.
    value: bool,
    said: bool,
}

fn walk(inside: impl BufRead) -> (Marks, HashSet<(u32, u32)>) {
    let (mut marks, mut unsaid) = (Marks::default(), HashSet::new());
    let mut reader = Reader::from_reader(inside);
    let (mut buffer, mut at) = (Vec::new(), Place::default());
    loop {
        buffer.clear();
        // What is damaged is told by the reader of values.
        let Ok(event) = reader.read_event_into(&mut buffer) else { break };
        match &event {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) => {
                let empty = matches!(event, Event::Empty(_));
                match tag.local_name().as_ref() {
                    "row" => {
                        at.row = attribute(tag, "r").and_then(|row| row.parse::<u32>().ok()).map_or(at.row, |row| row.saturating_sub(1));
                        at.column = 0;
                        let yes = |name| attribute(tag, name).is_some_and(|value| matches!(value.as_str(), "1" | "true" | "on"));
                        let flat = || attribute(tag, "ht").is_some_and(|height| height.parse() == Ok(0.0_f64));
                        if yes("hidden") || flat() {
                            marks.hidden.insert(at.row);
                        }
                        at.row += u32::from(empty);
                    }
                    "c" => {
                        if let Some((row, column)) = attribute(tag, "r").as_deref().and_then(position) {
                            (at.row, at.column) = (row, column);
                        }
                        (at.formula, at.said) = (false, false);
                        at.column += u32::from(empty);
                    }
                    "f" => at.formula = true,
                    "v" | "t" => at.value = !empty,
                    "mergeCell" if marks.merged.len() < MOST => marks.merged.extend(attribute(tag, "ref").as_deref().and_then(region)),
                    _ => {}
                }
            }
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => at.said |= at.value,
            Event::End(tag) => match tag.local_name().as_ref() {
                "v" | "t" => at.value = false,
                "c" => {
                    if at.formula && !at.said && unsaid.len() < MOST {
                        unsaid.insert((at.row, at.column));
                    }
                    at.column += 1;
                }
                "row" => at.row += 1,
                _ => {}
            },
            _ => {}
        }
    }
    (marks, unsaid)
}

/// `B3` as row and column from 0.
fn position(text: &str) -> Option<(u32, u32)> {
    let letters = text.len() - text.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
    let (letters, digits) = text.split_at(letters);
    let column =
        letters.bytes().try_fold(0_u32, |sum, letter| sum.checked_mul(26)?.checked_add(u32::from(letter.to_ascii_uppercase() - b'@')))?;
    Some((digits.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

fn region(text: &str) -> Option<Region> {
    let (first, last) = text.split_once(':')?;
    Some(Region { first: position(first)?, last: position(last)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_rows_and_cells_is_found() {
        let xml = r#"<worksheet><sheetData><row r="2" hidden="1"><c r="A2"><f>A1</f><v/></c><c r="B2"><f>A1</f><v>7</v></c><c><f>A1</f></c></row>
            <row ht="0"><c t="str"><f>A1</f><v></v></c></row><row r="9"/></sheetData><mergeCells><mergeCell ref="B3:AA6"/></mergeCells></worksheet>"#;
        let (marks, unsaid) = walk(xml.as_bytes());
        assert_eq!(marks.hidden, HashSet::from([1, 2]));
        assert_eq!(marks.merged, [Region { first: (2, 1), last: (5, 26) }]);
        assert_eq!(unsaid, HashSet::from([(1, 0), (1, 2), (2, 0)]));
        assert_eq!((position("XFD1048576"), position("7"), position("A0")), (Some((1_048_575, 16_383)), None, None));
    }
}
