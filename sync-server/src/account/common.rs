//! Passwords that everybody tries first. The cheap part of it (the same sign many times, signs in their order) stands in the shared
//! rule, which the page knows as well; the lists stand here, since the page has no room for them.

use unicode_normalization::UnicodeNormalization;

/// Words that passwords are made of, one or more a line, without the digits and marks that people put around them.
const WORDS: &str = include_str!("common.txt");

/// Keys that lie side by side, in rows and columns.
const KEYS: [&str; 16] = [
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qaz",
    "wsx",
    "edc",
    "rfv",
    "tgb",
    "yhn",
    "ujm",
    "1qaz",
    "2wsx",
    "3edc4rfv",
    "5tgb6yhn",
    "7ujm8ik",
];
/// So many of them in a row are no accident.
const KEYS_IN_A_ROW: usize = 3;

/// Whether a password is a word of the list with digits and marks around it or in the place of letters, or mostly keys that lie side by
/// side.
pub fn is_common(password: &str) -> bool {
    let small = password.nfkc().collect::<String>().to_lowercase();
    let is_word = |text: &str| !text.is_empty() && WORDS.split_whitespace().any(|word| word == text);
    let letters = |text: &str| text.chars().filter(|sign| sign.is_alphabetic()).collect::<String>();
    let read: String = small.chars().map(|sign| letter_of(sign).unwrap_or(sign)).collect();
    let ends = |text: &str| text.trim_matches(|sign: char| !sign.is_alphabetic()).to_owned();
    // As it is, with its letters alone, and with marks read as letters, within what stands around and whole.
    let forms = [
        small.clone(),
        letters(&small),
        letters(&ends(&small).chars().map(|sign| letter_of(sign).unwrap_or(sign)).collect::<String>()),
        read,
    ];
    forms.iter().any(|form| is_word(form)) || side_by_side(&small) * 2 > small.chars().count()
}

/// The letter that a digit or a mark is written for.
fn letter_of(sign: char) -> Option<char> {
    Some(match sign {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        _ => return None,
    })
}

/// How many signs of it belong to runs of keys, forwards or backwards.
fn side_by_side(text: &str) -> usize {
    let signs: Vec<char> = text.chars().collect();
    let rows: Vec<Vec<char>> = KEYS.iter().flat_map(|row| [row.chars().collect(), row.chars().rev().collect()]).collect();
    let (mut at, mut counted) = (0, 0);
    while at < signs.len() {
        let run = rows.iter().filter_map(|row| {
            let begin = row.iter().position(|key| *key == signs[at])?;
            Some(row[begin..].iter().zip(&signs[at..]).take_while(|(key, sign)| key == sign).count())
        });
        let run = run.max().filter(|run| *run >= KEYS_IN_A_ROW);
        counted += run.unwrap_or(0);
        at += run.unwrap_or(1);
    }
    counted
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn what_everybody_tries_first_is_common() {
        for password in [
            "password1",
            "Password123",
            "P@ssw0rd",
            "p@ssw0rd1",
            "passw0rd!",
            "qwerty123",
            "Qwerty2024",
            "Admin123",
            "admin@123",
            "admin888",
            "woaini1314",
            "5201314woaini",
            "iloveyou520",
            "1qaz2wsx",
            "zaq12wsx",
            "qazwsx123",
            "1q2w3e4r",
            "asdf1234",
            "qwer1234",
            "abc12345",
            "letmein1",
            "welcome1",
            "monkey123",
            "dragon88",
            "root1234",
            "test1234",
            "administrator1",
            "changeme1",
            "yunfu2026",
            "minzheng123",
            "yinling2026",
            "laoren123",
            "Aa123456",
            "abcd1234",
            "q1w2e3r4",
            "zhang123",
            "wang1234",
        ] {
            assert!(is_common(password), "{password}");
        }
        for password in ["yufan2026x", "short123x", "kf7qhd2mwp", "树上有三只麻雀1", "tree-house-42-blue", "mz8nqwk2", "xiaowangzi77lu"]
        {
            assert!(!is_common(password), "{password}");
        }
    }

    #[test]
    fn the_list_is_long_and_holds_nothing_twice() {
        let words: Vec<&str> = WORDS.split_whitespace().collect();
        let mut seen = BTreeSet::new();
        let twice: Vec<&&str> = words.iter().filter(|word| !seen.insert(**word)).collect();
        assert_eq!(twice, [&""; 0]);
        assert!(words.len() >= 300, "{}", words.len());
        assert!(words.iter().all(|word| *word == word.to_lowercase()));
    }
}
