//! What an .xlsx says of its sheets beside values, and the library for values does not tell: rows that are hidden, cells that are one,
//! formulas whose value was never written down, parts of texts that are struck out. One pass over the XML that keeps nothing else.

use super::damaged;
use super::sheet::{Marks, Region};
use super::strikes::{Parts, Struck};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use shared::fault::Fault;
use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Cursor, Read};
use std::rc::Rc;
use zip::ZipArchive;

/// Regions, formulas and texts with struck out parts that are noted at most, of each.
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

/// What is said of a sheet.
#[derive(Default)]
pub(super) struct Said {
    pub(super) marks: Marks,
    /// Cells with a formula and no value.
    pub(super) unsaid: HashSet<(u32, u32)>,
    /// Texts of which parts are struck out.
    pub(super) parts: HashMap<(u32, u32), Rc<Parts>>,
}

/// What is said of a sheet; `strings` are the shared texts of which parts are struck out.
pub(super) fn of_sheet(bytes: &[u8], part: &str, strings: &HashMap<usize, Rc<Parts>>) -> Result<Said, Fault> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let Ok(entry) = archive.by_name(part) else { return Ok(Said::default()) };
    Ok(walk(BufReader::with_capacity(64 << 10, entry), strings))
}

/// The shared texts of which parts are struck out, by their numbers. Most files have none, and are only looked through for the word.
pub(super) fn struck_strings(bytes: &[u8]) -> HashMap<usize, Rc<Parts>> {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return HashMap::new() };
    let names: Vec<String> = archive.file_names_raw().filter_map(|name| std::str::from_utf8(name).ok()).map(str::to_owned).collect();
    let Some(name) = names.into_iter().find(|name| name.to_ascii_lowercase().ends_with("sharedstrings.xml")) else { return HashMap::new() };
    if !archive.by_name(&name).is_ok_and(|entry| mentions(entry, b"strike")) {
        return HashMap::new();
    }
    let Ok(entry) = archive.by_name(&name) else { return HashMap::new() };
    let (mut reader, mut buffer) = (Reader::from_reader(BufReader::with_capacity(64 << 10, entry)), Vec::new());
    let (mut strings, mut number, mut text) = (HashMap::new(), 0, RichText::default());
    while let Ok(event) = reader.read_event_into(&mut buffer) {
        match &event {
            Event::Eof => break,
            Event::Start(tag) if tag.local_name().as_ref() == "si" => text = RichText::default(),
            Event::Empty(tag) if tag.local_name().as_ref() == "si" => number += 1,
            Event::End(tag) if tag.local_name().as_ref() == "si" => {
                if text.parts.struck() != Struck::Nothing && strings.len() < MOST {
                    strings.insert(number, Rc::new(std::mem::take(&mut text.parts)));
                }
                number += 1;
            }
            event => text.hear(event),
        }
        buffer.clear();
    }
    strings
}

/// Whether a word of letters stands in what is read.
fn mentions(mut inside: impl Read, word: &[u8]) -> bool {
    let (mut piece, mut kept) = (vec![0; 64 << 10], 0);
    while let Ok(read @ 1..) = inside.read(&mut piece[kept..]) {
        let filled = kept + read;
        if piece[..filled].windows(word.len()).any(|window| window == word) {
            return true;
        }
        kept = filled.min(word.len() - 1);
        piece.copy_within(filled - kept..filled, 0);
    }
    false
}

/// A text in runs with fonts of their own, as it is read; how it is pronounced is no part of it.
#[derive(Default)]
struct RichText {
    parts: Parts,
    struck: bool,
    inside: bool,
    pronounced: bool,
}

impl RichText {
    fn hear(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "r" => self.struck = false,
                "strike" => self.struck = attribute(tag, "val").is_none_or(|yes| !matches!(yes.as_str(), "0" | "false" | "off")),
                "t" => self.inside = matches!(event, Event::Start(_)),
                "rPh" => self.pronounced = matches!(event, Event::Start(_)),
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "r" => self.struck = false,
                "t" => self.inside = false,
                "rPh" => self.pronounced = false,
                _ => {}
            },
            event if self.inside && !self.pronounced => {
                if let Some(text) = text_of(event) {
                    self.parts.push(&text, self.struck);
                }
            }
            _ => {}
        }
    }
}

/// The text of an event, if it is one.
pub(super) fn text_of(event: &Event<'_>) -> Option<String> {
    const VERSION: quick_xml::XmlVersion = quick_xml::XmlVersion::Implicit1_0;
    match event {
        Event::Text(text) => Some(text.xml_content(VERSION).into_owned()),
        Event::GeneralRef(reference) => {
            let named = quick_xml::escape::resolve_predefined_entity(&reference.xml_content(VERSION)).map(str::to_owned);
            named.or_else(|| reference.resolve_char_ref().ok().flatten().map(String::from))
        }
        _ => None,
    }
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
    /// Whether the value is the number of a shared text.
    shared: bool,
    number: String,
    text: RichText,
}

fn walk(inside: impl BufRead, strings: &HashMap<usize, Rc<Parts>>) -> Said {
    let Said { mut marks, mut unsaid, mut parts } = Said::default();
    let mut reader = Reader::from_reader(inside);
    let (mut buffer, mut at) = (Vec::new(), Place::default());
    loop {
        buffer.clear();
        // What is damaged is told by the reader of values.
        let Ok(event) = reader.read_event_into(&mut buffer) else { break };
        at.text.hear(&event);
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
                        at.shared = !strings.is_empty() && attribute(tag, "t").is_some_and(|kind| kind == "s");
                        at.number.clear();
                        at.text = RichText::default();
                        at.column += u32::from(empty);
                    }
                    "f" => at.formula = true,
                    "v" | "t" => at.value = !empty,
                    "mergeCell" if marks.merged.len() < MOST => marks.merged.extend(attribute(tag, "ref").as_deref().and_then(region)),
                    _ => {}
                }
            }
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                at.said |= at.value;
                if at.shared && at.value {
                    at.number.push_str(&text_of(&event).unwrap_or_default());
                }
            }
            Event::End(tag) => match tag.local_name().as_ref() {
                "v" | "t" => at.value = false,
                "c" => {
                    if at.formula && !at.said && unsaid.len() < MOST {
                        unsaid.insert((at.row, at.column));
                    }
                    let inline = (at.text.parts.struck() != Struck::Nothing).then(|| Rc::new(std::mem::take(&mut at.text.parts)));
                    let shared = at.number.trim().parse().ok().filter(|_| at.shared).and_then(|number: usize| strings.get(&number));
                    if let Some(text) = inline.or_else(|| shared.cloned()).filter(|_| parts.len() < MOST) {
                        parts.insert((at.row, at.column), text);
                    }
                    at.column += 1;
                }
                "row" => at.row += 1,
                _ => {}
            },
            _ => {}
        }
    }
    Said { marks, unsaid, parts }
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
        let Said { marks, unsaid, .. } = walk(xml.as_bytes(), &HashMap::new());
        assert_eq!(marks.hidden, HashSet::from([1, 2]));
        assert_eq!(marks.merged, [Region { first: (2, 1), last: (5, 26) }]);
        assert_eq!(unsaid, HashSet::from([(1, 0), (1, 2), (2, 0)]));
        assert_eq!((position("XFD1048576"), position("7"), position("A0")), (Some((1_048_575, 16_383)), None, None));
    }

    #[test]
    fn one_text_in_many_cells_is_kept_once() {
        let mut text = Parts::default();
        text.push("旧", true);
        text.push("新", false);
        let strings = HashMap::from([(3, Rc::new(text))]);
        let xml = r#"<sheetData><row><c t="s"><v>3</v></c><c t="s"><v>3</v></c><c t="s"><v>2</v></c><c><v>3</v></c></row></sheetData>"#;
        let parts = walk(xml.as_bytes(), &strings).parts;
        assert_eq!(parts.len(), 2);
        assert!(parts.values().all(|text| Rc::ptr_eq(text, &strings[&3])));
    }
}
