//! Words of the place that stand in no good password: what the system and its trade are called, and the divisions, in characters and as they sound. Who
//! knows where somebody works tries these first.

use pinyin::ToPinyin as _;
use shared::division;
use shared::rule::password::SHORTEST;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// The words of the trade, in characters and in letters. What is written in characters is known by its sound as well.
const TRADE: &str = include_str!("context.txt");
/// Letters of a word that is looked for: shorter ones stand in too much else.
const LETTERS: usize = 5;

/// Digits of a town's code: villages are too many, and called like people.
const TOWN: usize = 9;

static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let divisions = division::all().iter().filter(|entry| entry.code.len() <= TOWN);
    let divisions = divisions.flat_map(|entry| beginnings(entry.name));
    let all: BTreeSet<&str> = TRADE.split_whitespace().chain(divisions).collect();
    let sound = |word: &str| word.to_pinyin().map(|sign| sign.map(|sign| sign.plain())).collect::<Option<String>>();
    let mut all: Vec<String> = all.into_iter().flat_map(|word| [Some(word.to_owned()), sound(word)]).flatten().collect();
    all.retain(|word| if word.is_ascii() { word.len() >= LETTERS } else { word.chars().count() > 1 });
    all.sort_by_key(|word| std::cmp::Reverse(word.len()));
    all
});

/// A name and how it begins: what a division is stands behind what it is called.
fn beginnings(name: &str) -> impl Iterator<Item = &str> {
    name.char_indices().map(|(at, sign)| &name[..at + sign.len_utf8()])
}

/// Whether so little is left of a password without such words that it would be too short.
pub fn is_mostly_of_place(password: &str) -> bool {
    let mut rest = password.nfkc().collect::<String>().to_lowercase();
    for word in WORDS.iter() {
        rest = rest.replace(word.as_str(), "");
    }
    rest.chars().count() < SHORTEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_place_is_called_makes_no_password() {
        for password in [
            "银龄饭堂二零二六年1",
            "罗城街道2026a",
            "luochengjiedao2026",
            "yunfuminzheng@2026",
            "YinlingFantang88",
            "云浮市民政局2026x",
            "zhangzhefantang#1",
            "ｙｕｎｆｕminzheng1",
        ] {
            assert!(is_mostly_of_place(password), "{password}");
        }
        for password in ["yufan2026x", "lvzhou2027x", "kf7qhd2mwp", "tree-house-42-blue", "罗城下雨我带两把伞7", "yunfu-kf7qhd2mwp"]
        {
            assert!(!is_mostly_of_place(password), "{password}");
        }
    }

    #[test]
    fn each_word_of_the_trade_stands_there_once() {
        let all: Vec<&str> = TRADE.split_whitespace().collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert!(WORDS.iter().any(|word| word == "luoding") && WORDS.iter().any(|word| word == "罗定"), "divisions are in it");
    }
}
