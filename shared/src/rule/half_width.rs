//! What an input method for Chinese makes of letters, digits and marks, as everybody else writes it.

/// The narrow form of a wide letter, digit or mark: `１２．５` is `12.5`.
#[must_use]
pub fn half_width(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_marks_become_narrow_and_nothing_else_changes() {
        let narrow: String = "１２．５－（Ａ）：　王𬜯。¥".chars().map(half_width).collect();
        assert_eq!(narrow, "12.5-(A): 王𬜯。¥");
    }
}
