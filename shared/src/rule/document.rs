//! Numbers of other documents: passports, permits, disability cards. Each country and office has a form of its own, so they are only
//! written alike.

use super::half_width::half_width;

/// The number without blanks, in half-width letters; none where nothing is left.
#[must_use]
pub fn plain(text: &str) -> Option<String> {
    let plain: String = text.chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
    (!plain.is_empty()).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn numbers_are_written_alike() {
        for (typed, expect) in [(" Ｈ01 234 567\u{3000}00", Some("H0123456700")), ("E12345678", Some("E12345678")), (" \u{3000}", None)] {
            assert_eq!(plain(typed).as_deref(), expect, "{typed}");
        }
    }
}
