//! Letters as people see them: what nobody sees is left out, radicals that a PDF puts in place of characters become these characters,
//! and a traditional character is found by its simplified one. Knows nothing of elders or files.

use shared::rule::name::is_seen;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Pairs of a traditional character and its simplified one.
const PAIRS: &str = include_str!("../data/simplified.txt");

/// What U+2E80 and the following stand for; Unicode itself knows it of two of them.
const SUPPLEMENT: &str = "⺀厂乛乚乙亻冂几刀刂卜㔾小小兀尣尢尣巳幺彑彐忄㣺扌攵⺚旡日月歺母民氵氺灬爫爫丬牛犭王疋目示礻竹糹纟罓罒网网网羊羊羊耂肀聿肉臼艹艹艹虎衤覀西见角角讠贝足车辶辶辶邑钅长长长门阜阝雨青韦页风飞食食飠饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龟亀龟";

static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let characters: Vec<char> = PAIRS.lines().filter(|line| !line.starts_with('#')).flat_map(str::chars).collect();
    characters.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
});

/// The simplified character of a traditional one; any other stays.
#[must_use]
pub fn simplified(letter: char) -> char {
    if letter < '\u{3400}' { letter } else { SIMPLIFIED.get(&letter).copied().unwrap_or(letter) }
}

/// Whether it is one of the signs that stand between the parts of a long name.
#[must_use]
pub fn is_dot(letter: char) -> bool {
    matches!(
        letter,
        '·' | '•'
            | '．'
            | '‧'
            | '∙'
            | '⋅'
            | '・'
            | '･'
            | '●'
            | '\u{387}'
            | '\u{16eb}'
            | '◦'
            | '⦁'
            | '⸱'
            | '⸳'
            | '▪'
            | '\u{a78f}'
            | '◾'
            | '⚫'
            | '\u{10101}'
            | '˙'
    )
}

/// The character that a radical or a compatibility character stands for.
fn ordinary(letter: char) -> char {
    match letter {
        '\u{2e80}'..='\u{2ef3}' => SUPPLEMENT.chars().nth((u32::from(letter) - 0x2e80) as usize).unwrap_or(letter),
        // Unicode makes traditional ones of these three; where the two look alike, the simplified one was meant.
        '⼾' => '户',
        '⾭' => '青',
        '⿈' => '黄',
        '\u{2f00}'..='\u{2fd5}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}' => {
            let mut one = std::iter::once(letter).nfkc();
            match (one.next(), one.next()) {
                (Some(ordinary), None) => ordinary,
                _ => letter,
            }
        }
        letter => letter,
    }
}

fn is_ordinary(letter: char) -> bool {
    !matches!(letter, '\u{2e80}'..='\u{2fd5}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}

/// Whether a text is of digits, Latin letters and the characters from U+4E00 to U+9FFF alone, as most of a list is: told by its bytes, without a
/// closer look at each letter.
fn is_plain(text: &[u8]) -> bool {
    let mut at = 0;
    while at < text.len() {
        at += match text[at] {
            b'\n' | b' '..=b'~' => 1,
            0xe5..=0xe9 => 3,
            0xe4 if text[at + 1] >= 0xb8 => 3,
            _ => return false,
        };
    }
    true
}

/// A text as it is seen: radicals as characters, nothing that can't be seen. Ends of lines stay; other controls and odd spaces part
/// words as a blank does.
#[must_use]
pub fn as_seen(text: &str) -> Cow<'_, str> {
    let plain = |letter: char| matches!(letter, '\n' | ' ') || (is_seen(letter) && is_ordinary(letter) && !letter.is_whitespace());
    if is_plain(text.as_bytes()) || text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let letters = text.chars().filter_map(|letter| match letter {
        '\n' | '\u{3000}' => Some(letter),
        letter if letter.is_whitespace() || (letter.is_control() && letter != '\u{7f}') => {
            Some(if matches!(letter, '\r' | '\u{0}') { return None } else { ' ' })
        }
        letter => is_seen(letter).then(|| ordinary(letter)),
    });
    Cow::Owned(letters.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_no_closer_look_is_told_by_its_bytes() {
        for (text, expect) in [
            ("", true),
            ("王 aZ~\n09", true),
            ("\u{4e00}\u{9fff}", true),
            ("\u{4dff}", false),
            ("\u{a000}", false),
            ("\u{2f00}", false),
            ("王\t", false),
            ("王\u{200b}", false),
            ("é", false),
            ("𬜯", false),
        ] {
            assert_eq!(is_plain(text.as_bytes()), expect, "{text:?}");
        }
        assert!(('\u{4e00}'..='\u{9fff}').chain(' '..='~').all(|letter| is_seen(letter) && ordinary(letter) == letter));
    }

    #[test]
    fn what_is_seen_is_what_counts() {
        for (text, expect) in [
            ("\u{200b}445381\u{2060}", "445381"),
            ("\u{202d}187\u{202c}", "187"),
            ("⾼⽟⾦ ⻩⽔⽣ ⼾⼝ ⻢⻢", "高玉金 黄水生 户口 马马"),
            ("先\u{b}上楼\u{1f}再\u{0}说", "先 上楼 再说"),
            ("\u{f9dc}\u{fa0c}", "隆兀"),
            ("王　梅", "王　梅"),
            ("a\tb\u{a0}c", "a b c"),
            ("葛\u{e0100}", "葛\u{e0100}"),
        ] {
            assert_eq!(as_seen(text), expect, "{text:?}");
        }
        assert!(matches!(as_seen("细坑路 1 号"), Cow::Borrowed(_)));
        assert_eq!(SUPPLEMENT.chars().count(), 0x2ef3 - 0x2e80 + 1);
    }

    #[test]
    fn traditional_characters_have_their_simplified_one() {
        let simple: String = "陳黃鍾麗華𬜯王".chars().map(simplified).collect();
        assert_eq!(simple, "陈黄钟丽华𬜯王");
        assert!(SIMPLIFIED.len() > 4_000 && SIMPLIFIED.values().all(|simple| !SIMPLIFIED.contains_key(simple)));
    }
}
