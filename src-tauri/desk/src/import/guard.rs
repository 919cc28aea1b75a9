//! The look into a zip container before any reader of workbooks gets it: how many entries, how much
//! comes out of them, measured while inflating and never taken from the headers. Nothing is kept.

use super::{damaged, locked};
use shared::fault;
use shared::fault::{Code, Fault};
use std::io::{Cursor, Read};
use zip::ZipArchive;

const MAX_ENTRIES: usize = 1_000;
const MAX_UNPACKED: u64 = 200 << 20;
const MAX_RATIO: u64 = 100;
/// Below this size a high ratio is harmless.
const RATIO_FROM: u64 = 4 << 20;
/// Shared strings that a workbook may announce; its reader reserves memory for as many.
const MAX_STRINGS: u64 = 4_000_000;
/// The opening tag of the shared strings has to stand in the first so many bytes.
const HEAD: usize = 64 << 10;

/// Refuses containers that would exhaust memory or time.
pub(super) fn check(bytes: &[u8]) -> Result<(), Fault> {
    if announced_entries(bytes).is_some_and(|count| count > MAX_ENTRIES) {
        return Err(bomb());
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if archive.len() > MAX_ENTRIES {
        return Err(bomb());
    }
    let mut total = 0;
    let mut buffer = vec![0; 256 << 10];
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|_| damaged())?;
        if entry.encrypted() {
            return Err(locked());
        }
        let strings = entry.name().map_err(|_| damaged())?.to_ascii_lowercase().ends_with("sharedstrings.xml");
        let packed = entry.compressed_size().max(1);
        let (mut unpacked, mut head) = (0_u64, Vec::new());
        loop {
            let read = entry.read(&mut buffer).map_err(|_| damaged())?;
            if read == 0 {
                break;
            }
            unpacked += read as u64;
            total += read as u64;
            if total > MAX_UNPACKED || (unpacked > RATIO_FROM && unpacked / packed > MAX_RATIO) {
                return Err(bomb());
            }
            if strings && head.len() < HEAD {
                let wanted = (HEAD - head.len()).min(read);
                head.extend_from_slice(&buffer[..wanted]);
            }
        }
        if strings && !modest(&head) {
            return Err(bomb());
        }
    }
    Ok(())
}

/// The count of entries in the end record, when there is one.
fn announced_entries(bytes: &[u8]) -> Option<usize> {
    let tail = &bytes[bytes.len().saturating_sub(22 + 65_535)..];
    let at = tail.windows(4).rposition(|window| window == b"PK\x05\x06")?;
    let count = tail.get(at + 10..at + 12)?;
    Some(usize::from(u16::from_le_bytes([count[0], count[1]])))
}

/// Whether the opening tag of the shared strings is there and announces a bearable number.
fn modest(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let Some(tag) = text.find("sst").and_then(|start| text[start..].split_once('>')) else {
        return head.len() < HEAD;
    };
    // Every attribute of that ending is looked at, whatever stands before it.
    tag.0.split("uniqueCount").skip(1).all(|rest| {
        let value = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '=' || c == '"' || c == '\'');
        let digits: String = value.chars().take_while(char::is_ascii_digit).collect();
        digits.is_empty() || digits.parse::<u64>().is_ok_and(|count| count <= MAX_STRINGS)
    })
}

fn bomb() -> Fault {
    fault!(Code::BadFile, import::FILE_UNFOLDS_TOO_FAR)
}

#[cfg(test)]
mod tests {
    use super::modest;

    #[test]
    fn announced_strings_are_bounded() {
        for (head, expect) in [
            ("<?xml version=\"1.0\"?><sst xmlns=\"x\" count=\"9\" uniqueCount=\"9\"><si/>", true),
            ("<sst/>", true),
            ("<sst uniqueCount=\"999999999999\">", false),
            ("<x:sst uniqueCount = '99999999'>", false),
            ("", true),
        ] {
            assert_eq!(modest(head.as_bytes()), expect, "{head}");
        }
        assert!(!modest(&vec![b' '; super::HEAD]), "the tag hides behind blanks");
    }
}
