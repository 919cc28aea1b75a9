//! Names that people give to accounts, computers, canteens: on one line, with nothing in them that can't be seen.

/// Whether a letter is seen as one: no control, no mark of direction, no width of nothing.
#[must_use]
pub fn is_seen(letter: char) -> bool {
    let unseen = letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}');
    !unseen
}

/// Whether a name is seen as it is.
#[must_use]
pub fn is_plain(name: &str) -> bool {
    name.chars().all(is_seen)
}

/// What is seen of a name, without the spaces around it.
#[must_use]
pub fn plain(name: &str) -> String {
    let seen: String = name.chars().filter(|letter| is_seen(*letter)).collect();
    seen.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{is_plain, plain};

    #[test]
    fn what_can_not_be_seen_is_found_and_left_out() {
        for odd in [
            "罗\r\n城",
            "罗\u{1b}[31m城",
            "罗\u{202e}城",
            "\u{200b}罗城",
            "罗\u{feff}城",
            "罗\t城",
            "罗城\u{0}",
            "罗\u{2066}城\u{2069}",
            "罗\u{3164}城",
        ] {
            assert!(!is_plain(odd), "{odd:?}");
        }
        assert_eq!(plain(" 罗\r\n\u{202e}城 \u{200b}"), "罗城");
        // Characters of a plane of their own, variants of characters, and names with accents or dots are names.
        for name in ["𬜯塘镇长者饭堂", "葛\u{e0100}城", "阿依古丽·买买提", "Zoë", "前台 2"] {
            assert!(is_plain(name), "{name}");
            assert_eq!(plain(name), name);
        }
    }
}
