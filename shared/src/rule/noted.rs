//! What people typed, as it is kept beside what they did: plain, short, and without the numbers of anybody.

use super::name;
use crate::division;

/// So many characters of a text are kept.
const LONGEST: usize = 80;
/// So many digits in a row may be a phone or an ID number.
const DIGITS: usize = 7;

/// What is seen of a text, in short, without marks that part values, and without numbers of people.
#[must_use]
pub fn clean(text: &str) -> String {
    let seen: String = name::plain(text).chars().map(|letter| if letter == ';' { '；' } else { letter }).collect();
    let mut clean = String::new();
    for part in parts(&seen) {
        let digits = part.chars().next().is_some_and(char::is_numeric);
        if digits && part.chars().count() >= DIGITS && division::find(part).is_none() {
            clean.push_str("***");
        } else {
            clean.push_str(part);
        }
    }
    clean.chars().take(LONGEST).collect()
}

/// A text in runs of digits and of other letters.
fn parts(text: &str) -> Vec<&str> {
    let (mut found, mut from) = (Vec::new(), 0);
    let mut last = None;
    for (at, letter) in text.char_indices() {
        let digit = letter.is_numeric();
        if last.is_some_and(|last| last != digit) {
            found.push(&text[from..at]);
            from = at;
        }
        last = Some(digit);
    }
    found.push(&text[from..]);
    found
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn no_number_of_a_person_and_no_line_of_its_own_gets_in() {
        for (typed, kept) in [
            ("罗城街道长者饭堂", "罗城街道长者饭堂"),
            ("445381001", "445381001"),
            ("445381001008", "445381001008"),
            ("441234195003050011", "***"),
            ("44123419500305001X", "***X"),
            ("王 13912345678", "王 ***"),
            ("１３９１２３４５６７８", "***"),
            ("0766-8812345", "0766-***"),
            ("a\r\n2026 ERROR b\u{1b}[31m\u{202e}", "a2026 ERROR b[31m"),
            ("x;rows=9", "x；rows=9"),
        ] {
            assert_eq!(clean(typed), kept, "{typed:?}");
        }
        assert_eq!(clean(&"长".repeat(500)).chars().count(), 80);
    }
}
