//! Lists as text: CSV with commas, semicolons or tabs, in GBK, GB18030, UTF-8 or UTF-16, with or
//! without a byte order mark. Row numbers are those a spreadsheet program would show.

use super::sheet::Collector;
use super::{Cell, Sheet, too_large};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use shared::fault;
use shared::fault::{Code, Fault};
use std::borrow::Cow;

/// Reads the text as one sheet.
pub(super) fn read(bytes: &[u8], file_name: &str, progress: &dyn Fn(u64, u64)) -> Result<Sheet, Fault> {
    let text = decode(bytes).ok_or_else(|| fault!(Code::BadFile, import::ENCODING_UNKNOWN))?;
    let start = text.trim_start();
    if start.starts_with("<!")
        || start.starts_with("<?xml")
        || start.get(..5).is_some_and(|tag| tag.eq_ignore_ascii_case("<html"))
        || start.starts_with("<table")
    {
        return Err(fault!(Code::BadFile, import::WEB_PAGE));
    }
    let separator = separator(&text);
    let mut collector = Collector::default();
    let mut fields = Fields { rest: &text, separator };
    let (mut row, mut column) = (0, 0);
    while let Some((field, last)) = fields.next_field() {
        collector.put(row, column, Cell::Text(plain(&field)))?;
        column += 1;
        if last {
            (row, column) = (row + 1, 0);
            if row % 1_000 == 0 {
                progress(u64::from(row), 0);
            }
            if row > 2 * super::MAX_ROWS {
                return Err(too_large());
            }
        }
    }
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    Ok(collector.finish(name.rsplit_once('.').map_or(name, |(stem, _)| stem)))
}

/// The text, by mark, by validity, then by statistics.
fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Some(encoding.decode_without_bom_handling(&bytes[mark..]).0);
    }
    let valid = |encoding: &'static Encoding| -> Option<Cow<'_, str>> {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
        (!text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{1a}'))).then_some(text)
    };
    if bytes.contains(&0) {
        // Half of the zeros of digits and commas in UTF-16 stand at one parity.
        let odd = bytes.iter().skip(1).step_by(2).filter(|byte| **byte == 0).count();
        let even = bytes.iter().step_by(2).filter(|byte| **byte == 0).count();
        return if odd > even { valid(UTF_16LE) } else { valid(UTF_16BE) };
    }
    valid(UTF_8).or_else(|| valid(GB18030)).or_else(|| {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        valid(detector.guess(Some(b"cn"), Utf8Detection::Allow))
    })
}

/// The separator that stands most often in the first lines.
fn separator(text: &str) -> char {
    let head: Vec<&str> = text.lines().take(50).collect();
    let count = |c: char| head.iter().map(|line| line.matches(c).count()).sum::<usize>();
    [',', '\t', ';', '，'].into_iter().rev().max_by_key(|c| count(*c)).filter(|c| count(*c) > 0).unwrap_or(',')
}

struct Fields<'a> {
    rest: &'a str,
    separator: char,
}

impl Fields<'_> {
    /// The next field and whether it ends its row.
    fn next_field(&mut self) -> Option<(String, bool)> {
        if self.rest.is_empty() {
            return None;
        }
        let mut field = String::new();
        if let Some(quoted) = self.rest.strip_prefix('"') {
            let mut rest = quoted;
            loop {
                let Some((inside, after)) = rest.split_once('"') else {
                    // The quote never closes: it was no quote but an inch mark or a slip.
                    return self.unquoted(String::new());
                };
                field.push_str(inside);
                rest = after;
                let Some(after) = rest.strip_prefix('"') else { break };
                field.push('"');
                rest = after;
            }
            self.rest = rest;
        }
        self.unquoted(field)
    }

    fn unquoted(&mut self, mut field: String) -> Option<(String, bool)> {
        let end = self.rest.find([self.separator, '\n', '\r']);
        let Some(end) = end else {
            field.push_str(self.rest);
            self.rest = "";
            return Some((field, true));
        };
        field.push_str(&self.rest[..end]);
        let rest = &self.rest[end..];
        let (last, length) = if rest.starts_with("\r\n") {
            (true, 2)
        } else if rest.starts_with(self.separator) {
            (false, self.separator.len_utf8())
        } else {
            (true, 1)
        };
        self.rest = &rest[length..];
        if !last && self.rest.is_empty() {
            // A separator at the very end of the file: the empty field after it says nothing.
            return Some((field, true));
        }
        Some((field, last))
    }
}

/// Without the tricks that keep long numbers whole: a leading quote, `="…"`.
fn plain(field: &str) -> &str {
    let trimmed = field.trim().trim_end_matches('\u{1a}');
    let formula = trimmed.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    formula.or_else(|| trimmed.strip_prefix('\'')).unwrap_or(trimmed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u32, Vec<String>)> {
        let sheet = read(text.as_bytes(), "a.csv", &|_, _| {}).unwrap();
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
            let sheet = read(&bytes, "名单.csv", &|_, _| {}).unwrap_or_else(|fault| panic!("{what}: {fault}"));
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
