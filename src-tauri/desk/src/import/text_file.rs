//! Lists as text: CSV with commas, semicolons or tabs, in any encoding that offices use; web pages as well, whatever they are named.
//! The separator is the one by which the header falls into its columns. Row numbers are those a spreadsheet program would show.

use super::archive_page::{is_archive, pages};
use super::encoding::decode;
use super::header::likeness;
use super::sheet::{Collector, Marks};
use super::web_page::{is_page, sheets};
use super::{Cell, Sheet, all_within, damaged, headerless, too_large};
use csv::{ReaderBuilder, StringRecord};
use shared::fault;
use shared::fault::{Code, Fault};

/// Lines by which the separator is chosen.
const PROBED_LINES: usize = 80;
/// Stands for a separator that is no byte.
const WIDE: char = '\u{1f}';

/// Reads the text as one sheet, or a page as its tables.
pub(super) fn read(bytes: &[u8], file_name: &str, progress: &dyn Fn(u64, u64)) -> Result<Vec<Sheet>, Fault> {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if is_archive(bytes) {
        let pages: Vec<Vec<Sheet>> = pages(bytes).iter().map(|page| sheets(page, name, progress)).collect::<Result<_, _>>()?;
        return of_page(pages.into_iter().flatten().collect());
    }
    let text = decode(bytes).ok_or_else(|| fault!(Code::BadFile, import::ENCODING_UNKNOWN))?;
    if is_page(&text) {
        return of_page(sheets(&text, name, progress)?);
    }
    let text = text.trim_end_matches('\u{1a}');
    let separator = separator(text);
    if separator == '，' {
        return rows(&text.replace(separator, "\u{1f}"), WIDE, name, progress).map(|sheet| vec![sheet]);
    }
    rows(text, separator, name, progress).map(|sheet| vec![sheet])
}

/// A page without a list in it may be the frame of another file: it is told as what it is.
fn of_page(sheets: Vec<Sheet>) -> Result<Vec<Sheet>, Fault> {
    if sheets.iter().all(|sheet| likeness(sheet) == 0 && headerless::find(0, sheet).is_none()) {
        return Err(fault!(Code::BadFile, import::WEB_PAGE));
    }
    all_within(sheets.into_iter().map(Ok))
}

/// The separator that parts the best header; where there is none, the one that stands most often in the first lines.
fn separator(text: &str) -> char {
    let end = text.match_indices('\n').nth(PROBED_LINES).map_or(text.len(), |(at, _)| at);
    let head = &text[..end];
    let rank = |c: char| {
        let wide = head.replace(c, "\u{1f}");
        let sheet = rows(&wide, WIDE, "", &|_, _| {}).unwrap_or_default();
        let bare =
            || headerless::find(0, &sheet).map_or(0, |list| list.header.columns.iter().filter(|column| column.field.is_some()).count());
        (Some(likeness(&sheet)).filter(|likeness| *likeness > 0).unwrap_or_else(bare), head.matches(c).count())
    };
    [',', '\t', ';', '|', '，'].into_iter().rev().max_by_key(|c| rank(*c)).filter(|c| head.contains(*c)).unwrap_or(',')
}

/// The rows of a text. A quote that never closes, or only lines further down, was no quote: such a line is read as it stands.
fn rows(text: &str, separator: char, name: &str, progress: &dyn Fn(u64, u64)) -> Result<Sheet, Fault> {
    let delimiter = u8::try_from(separator).map_err(|_| damaged())?;
    let mut builder = ReaderBuilder::new();
    builder.delimiter(delimiter).has_headers(false).flexible(true);
    let most = text.lines().take(PROBED_LINES).map(|line| line.matches(separator).count()).max().unwrap_or_default();
    let mut out = Rows { collector: Collector::default(), row: 0, progress };
    let (mut from, mut record) = (0, StringRecord::new());
    'lines: loop {
        let mut reader = builder.from_reader(&text.as_bytes()[from..]);
        let place = |reader: &csv::Reader<&[u8]>| from + usize::try_from(reader.position().byte()).unwrap_or_default();
        loop {
            let before = place(&reader);
            if !reader.read_record(&mut record).map_err(|_| damaged())? {
                break 'lines;
            }
            let after = place(&reader);
            let (start, blank) = behind_blank_lines(text, before);
            out.row += blank;
            let raw = text.get(start..after).unwrap_or_default();
            let open = after >= text.len() && raw.matches('"').count() % 2 == 1;
            let runs_on = |field: &str| field.lines().skip(1).any(|line| line.matches(separator).count() >= most.saturating_sub(1).max(1));
            if open || record.iter().any(runs_on) {
                let line = raw.split(['\n', '\r']).next().unwrap_or_default();
                out.put(
                    line.split(separator).map(|field| field.strip_prefix('"').and_then(|field| field.strip_suffix('"')).unwrap_or(field)),
                )?;
                from = start + line.len();
                from += end_of_line(&text[from..]);
                continue 'lines;
            }
            out.put(record.iter())?;
        }
    }
    out.collector.finish(name, Marks::default())
}

/// The length of the end of a line.
fn end_of_line(text: &str) -> usize {
    if text.starts_with("\r\n") { 2 } else { usize::from(text.starts_with(['\r', '\n'])) }
}

/// Where the record begins that follows a place, and the blank lines between.
fn behind_blank_lines(text: &str, mut at: usize) -> (usize, u32) {
    // The reader may stand between the two halves of an end of line.
    if at > 0 && text.as_bytes().get(at - 1) == Some(&b'\r') && text.as_bytes().get(at) == Some(&b'\n') {
        at += 1;
    }
    let mut blank = 0;
    while let Some(length) = text.get(at..).map(end_of_line).filter(|length| *length > 0) {
        at += length;
        blank += 1;
    }
    (at, blank)
}

struct Rows<'a> {
    collector: Collector,
    row: u32,
    progress: &'a dyn Fn(u64, u64),
}

impl Rows<'_> {
    fn put<'a>(&mut self, fields: impl Iterator<Item = &'a str>) -> Result<(), Fault> {
        for (column, field) in (0..).zip(fields) {
            self.collector.put(self.row, column, Cell::Text(plain(field)))?;
        }
        self.row += 1;
        if self.row.is_multiple_of(1_000) {
            (self.progress)(u64::from(self.row), 0);
        }
        if self.row > 2 * super::MAX_ROWS { Err(too_large()) } else { Ok(()) }
    }
}

/// Without the tricks that keep long numbers whole: a leading quote, `="…"`.
fn plain(field: &str) -> &str {
    let trimmed = field.trim();
    let formula = trimmed.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    formula.or_else(|| trimmed.strip_prefix('\'')).unwrap_or(trimmed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::GB18030;

    fn rows(text: &str) -> Vec<(u32, Vec<String>)> {
        let sheet = read(text.as_bytes(), "a.csv", &|_, _| {}).unwrap().remove(0);
        sheet.rows().map(|row| (row.number, row.cells().map(|cell| cell.text()).collect())).collect()
    }

    #[test]
    fn rows_as_a_spreadsheet_counts_them() {
        let text = "a,\"b\"\"c\nd\",'1\r\n\r\n\"=\"\"5\"\"\",,\n,\nx";
        assert_eq!(rows(text), [(1, vec!["a".into(), "b\"c\nd".into(), "1".into()]), (3, vec!["5".into()]), (5, vec!["x".into()])]);
        assert_eq!(rows("5\" pipe\ta\n\"open\tb"), [(1, vec!["5\" pipe".into(), "a".into()]), (2, vec!["\"open".into(), "b".into()])]);
    }

    #[test]
    fn encodings_of_offices() {
        let text = "姓名,村居\r\n王冬梅,𬜯塘镇\r\n";
        let utf16 = |le: bool| {
            text.encode_utf16().flat_map(move |unit| if le { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect::<Vec<u8>>()
        };
        let gb = GB18030.encode(text).0.into_owned();
        let gbk = encoding_rs::GBK.encode("姓名,村居\r\n王冬梅,细坑社区\r\n").0.into_owned();
        for (what, bytes, town) in [
            ("UTF-8", text.as_bytes().to_vec(), "𬜯塘镇"),
            ("UTF-8 with mark", [b"\xEF\xBB\xBF", text.as_bytes()].concat(), "𬜯塘镇"),
            ("GB18030", gb, "𬜯塘镇"),
            ("GBK", gbk, "细坑社区"),
            ("UTF-16LE with mark", [vec![0xFF, 0xFE], utf16(true)].concat(), "𬜯塘镇"),
            ("UTF-16BE with mark", [vec![0xFE, 0xFF], utf16(false)].concat(), "𬜯塘镇"),
            ("UTF-16LE", utf16(true), "𬜯塘镇"),
            ("UTF-16BE", utf16(false), "𬜯塘镇"),
        ] {
            let sheet = read(&bytes, "名单.csv", &|_, _| {}).unwrap_or_else(|fault| panic!("{what}: {fault}")).remove(0);
            assert_eq!(sheet.name, "名单");
            assert_eq!(
                (sheet.row(0).unwrap().cell(0).text().as_str(), sheet.row(1).unwrap().cell(1).text().as_str()),
                ("姓名", town),
                "{what}"
            );
        }
        for bytes in [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], b"%PDF-1.7\n\x01\x02\xff\xfe\xff\x80\x80", b"<html><table>"] {
            assert!(read(bytes, "a.csv", &|_, _| {}).is_err());
        }
    }
}
