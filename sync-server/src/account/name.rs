//! Which names of accounts are the same to whoever reads them.

use shared::rule::name::is_seen;
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

/// What two names have in common that look alike: without widths, cases and what can't be seen, each letter as the one that it is
/// taken for (UTS 39).
pub fn folded(name: &str) -> String {
    let plain = |text: &str| text.nfkc().filter(|letter| is_seen(*letter)).flat_map(char::to_lowercase).collect::<String>();
    // The letters of others may be capitals, whose small ones look like others again.
    let seen: String = skeleton(&plain(name)).collect();
    plain(&skeleton(&plain(&seen)).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn names_that_look_alike_are_one() {
        for alike in
            ["Shi", "SHI", "ｓｈｉ", "ＳＨＩ", "s\u{200b}hi", "shi\u{2060}", "sh\u{456}", "\u{455}hi", "sh\u{131}", "𝓼𝓱𝓲", "s\u{34f}hi"]
        {
            assert_eq!(folded(alike), folded("shi"), "{alike:?}");
        }
        for (one, other) in [("county0", "countyO"), ("town1", "townl"), ("Ａdmin", "\u{410}dmin"), ("罗城", "罗\u{200d}城")] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        for (one, other) in [("shi", "shu"), ("town1", "town2"), ("罗城", "罗定"), ("chen", "cheng"), ("liang", "1iang2")] {
            assert_ne!(folded(one), folded(other), "{one} {other}");
        }
    }
}
