//! The text of a file of whatever encoding: by its mark, by what fits best, with a broken byte spoiling no more than the place where it
//! stands.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// What stands where bytes were broken.
pub(super) const BROKEN: char = '\u{fffd}';

/// The first bytes of files that are no text: pictures, papers, packed files, programmes.
const NO_TEXT: &[&[u8]] = &[
    b"\x89PNG",
    b"%PDF",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"BM",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"MZ",
    b"\x7fELF",
    b"{\\rtf",
    b"PK\x05\x06",
    b"SQLite format",
];

/// The text; none where it is no text at all.
pub(super) fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if NO_TEXT.iter().any(|head| bytes.starts_with(head) && (head.len() > 2 || bytes.iter().take(200).any(|byte| *byte < 9))) {
        return None;
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return bearable(encoding.decode_without_bom_handling(&bytes[mark..]).0);
    }
    if bytes.iter().filter(|byte| **byte == 0).count() * 20 > bytes.len() {
        // Half of the zeros of digits and commas in UTF-16 stand at one parity.
        let odd = bytes.iter().skip(1).step_by(2).filter(|byte| **byte == 0).count();
        let even = bytes.iter().step_by(2).filter(|byte| **byte == 0).count();
        let encoding = if odd > even { UTF_16LE } else { UTF_16BE };
        return bearable(encoding.decode_without_bom_handling(bytes).0);
    }
    let (text, broken) = UTF_8.decode_without_bom_handling(bytes);
    // By chance hardly anything is UTF-8: a few broken bytes among many that fit are broken bytes.
    let fitting = text.chars().filter(|c| !c.is_ascii() && *c != BROKEN).count();
    if !broken || count(&text) * 10 <= fitting {
        return bearable(text);
    }
    let chinese = GB18030.decode_without_bom_handling(bytes).0;
    if let Some(text) = bearable(chinese) {
        return Some(text);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    bearable(detector.guess(Some(b"cn"), Utf8Detection::Allow).decode_without_bom_handling(bytes).0)
}

fn count(text: &str) -> usize {
    text.chars().filter(|c| *c == BROKEN).count()
}

/// A text in which few places are broken, and few controls stand.
fn bearable(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let (mut all, mut odd) = (0_usize, 0_usize);
    for letter in text.chars() {
        all += 1;
        odd += usize::from(letter == BROKEN || (letter.is_control() && !matches!(letter, '\n' | '\r' | '\t' | '\u{1a}')));
    }
    (odd == 0 || (odd * 20 <= all && all > 20)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_byte_spoils_its_place_only() {
        let text = "姓名,身份证号,住址\n王冬梅,445381192801141162,细坑路117号\n李亚水,445381193306289033,解放路2号\n陈带娣,445381193901112228,人民路3号\n";
        let utf8 = text.as_bytes();
        let at = text.find('路').unwrap();
        let cut = [&utf8[..at], &utf8[at + 1..]].concat();
        let read = decode(&cut).unwrap();
        assert!(read.contains("细坑") && read.contains("117号") && read.contains(BROKEN) && read.contains("解放路2号"), "{read}");
        let gbk = GB18030.encode(text).0.into_owned();
        let at = gbk.windows(2).position(|pair| pair == [0xc2, 0xb7]).unwrap();
        let cut = [&gbk[..=at], &gbk[at + 2..]].concat();
        let read = decode(&cut).unwrap();
        assert!(read.contains("王冬梅,445381192801141162,细坑") && read.contains("李亚水,445381193306289033,解放路2号"), "{read}");
        let odd = text.replace("117号", "117\u{b}号");
        assert_eq!(decode(odd.as_bytes()).as_deref(), Some(odd.as_str()));
    }
}
