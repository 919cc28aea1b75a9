//! Workbooks for the office. Rows come in, a file goes out at the path given; what may be shown to
//! whom is decided by the caller. Nothing written here ever computes: text is text.

mod ledger;

pub use ledger::{LedgerExportRow, write_ledger};

use jiff::civil::{DateTime, date};
use rust_xlsxwriter::XlsxError;
use shared::fault::{Code, Fault};

/// The number of a moment in a spreadsheet: days since 1899-12-30.
pub(crate) fn serial(at: DateTime) -> f64 {
    let days = at.date().since(date(1899, 12, 30)).map_or(0, |span| span.get_days());
    let time = at.time();
    let seconds = i32::from(time.hour()) * 3_600 + i32::from(time.minute()) * 60 + i32::from(time.second());
    f64::from(days) + f64::from(seconds) / 86_400.0
}

/// What to tell a person when a workbook could not be written.
pub(crate) fn fault_of(_error: &XlsxError) -> Fault {
    Fault::new(Code::BadFile, "导出的文件写不进去。", "请关闭已打开的同名文件，确认磁盘有空间，再导出一次。")
}

/// A name that every file system takes: no separators, no reserved words, not too long.
#[must_use]
pub fn safe_file_name(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() || "/\\:*?\"<>|\u{200e}\u{200f}\u{202a}\u{202b}\u{202d}\u{202e}".contains(c) { '_' } else { c })
        .collect();
    let plain = plain.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let (stem, ending) = match plain.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 5 => (stem, Some(ending)),
        _ => (plain, None),
    };
    let mut stem: String = stem.chars().take(60).collect();
    let upper = stem.split('.').next().unwrap_or_default().trim().to_ascii_uppercase();
    let numbered = |head: &str| upper.strip_prefix(head).is_some_and(|rest| rest.len() == 1 && rest.chars().all(|c| c.is_ascii_digit()));
    if matches!(upper.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT") {
        stem.insert(0, '_');
    }
    match (stem.is_empty(), ending) {
        (true, _) => "导出".to_owned(),
        (false, None) => stem,
        (false, Some(ending)) => format!("{stem}.{ending}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_every_system_takes() {
        for (text, expect) in [
            ("订单台账 2026年11月.xlsx", "订单台账 2026年11月.xlsx"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("a:b*c?.xlsx", "a_b_c_.xlsx"),
            ("CON.xlsx", "_CON.xlsx"),
            ("lpt1", "_lpt1"),
            ("...", "导出"),
            ("", "导出"),
            ("名单\u{202e}xslx.exe", "名单_xslx.exe"),
        ] {
            assert_eq!(safe_file_name(text), expect, "{text}");
        }
        assert!(safe_file_name(&"长".repeat(300)).len() <= 255);
    }

    #[test]
    fn days_as_spreadsheets_count() {
        assert_eq!(serial(date(1950, 1, 2).at(12, 0, 0, 0)), 18_265.5);
    }
}
