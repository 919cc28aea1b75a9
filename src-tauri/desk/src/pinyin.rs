//! How Chinese is read: pinyin and initials of names, with the readings of surnames and of rare characters. Knows nothing of elders.

use crate::letters::{as_seen, is_dot, simplified};
use pinyin::ToPinyinMulti;
use shared::rule::half_width::half_width;

/// Readings of surnames, the usual one first; they go before what the dictionary says.
const SURNAMES: &[(char, &[&str])] = &[
    ('单', &["shan", "dan", "chan"]),
    ('仇', &["qiu", "chou"]),
    ('区', &["ou", "qu"]),
    ('曾', &["zeng", "ceng"]),
    ('解', &["xie", "jie"]),
    ('查', &["zha", "cha"]),
    ('翟', &["zhai", "di"]),
    ('覃', &["qin", "tan"]),
    ('盖', &["ge", "gai"]),
    ('朴', &["piao", "pu"]),
    ('任', &["ren"]),
    ('华', &["hua"]),
    ('冼', &["xian"]),
    ('洗', &["xian", "xi"]),
    ('缪', &["miao", "mou"]),
    ('员', &["yun", "yuan"]),
    ('尉', &["wei", "yu"]),
    ('乐', &["yue", "le"]),
    ('种', &["chong", "zhong"]),
    ('繁', &["po", "fan"]),
    ('折', &["she", "zhe"]),
    ('纪', &["ji"]),
    ('黑', &["he", "hei"]),
    ('秘', &["bi", "mi"]),
    ('长', &["zhang", "chang"]),
    ('万', &["wan", "mo"]),
    ('召', &["shao", "zhao"]),
    ('晁', &["chao"]),
    ('逄', &["pang"]),
    ('沈', &["shen"]),
    ('谌', &["chen", "shen"]),
    ('葛', &["ge"]),
    ('宁', &["ning"]),
    ('车', &["che", "ju"]),
    ('柏', &["bai", "bo"]),
    ('卜', &["bu"]),
    ('石', &["shi"]),
    ('叶', &["ye"]),
    ('尹', &["yin"]),
    ('贾', &["jia", "gu"]),
    ('臧', &["zang"]),
    ('殷', &["yin"]),
    ('牟', &["mou", "mu"]),
    ('燕', &["yan"]),
    ('戴', &["dai"]),
    ('褚', &["chu", "zhu"]),
    ('郇', &["xun", "huan"]),
    ('仉', &["zhang"]),
    ('幺', &["yao"]),
    ('令', &["ling"]),
];

/// Readings that the dictionary lacks.
const RARE: &[(char, &str)] = &[
    ('䶮', "yan"),
    ('𠮷', "ji"),
    ('𬜯', "lang"),
    ('㙟', "lai"),
    ('𡒄', "kan"),
    ('𣲗', "wei"),
    ('𬭎', "hong"),
    ('𬱖', "di"),
    ('𨱏', "chang"),
    ('𦈡', "xu"),
];

/// Combinations of readings kept for one name.
const COMBINATIONS: usize = 24;
/// Readings of one character that are considered.
const READINGS: usize = 4;

/// Narrow, small, simplified, without blanks and dots.
pub(crate) fn folded(text: &str) -> String {
    let seen = as_seen(text);
    let narrow = seen.chars().map(|c| match c {
        'ü' | 'Ü' => 'v',
        c => simplified(half_width(c)),
    });
    narrow.filter(|c| !c.is_whitespace() && !c.is_control() && !is_dot(*c) && *c != '\'').flat_map(char::to_lowercase).collect()
}

/// The initials of a text in every likely reading, the likeliest first; small letters.
pub(crate) fn initials(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for (letters, _) in combinations(&folded(text)) {
        if !all.contains(&letters) {
            all.push(letters);
        }
    }
    all
}

/// Initials and full readings, the likeliest first; ü, v and u are one.
pub(crate) fn combinations(name: &str) -> Vec<(String, String)> {
    let mut all = vec![(String::new(), String::new())];
    for (at, c) in name.chars().enumerate() {
        let readings = readings_of(c, at == 0);
        if readings.is_empty() {
            continue;
        }
        // The first reading goes through all beginnings before the second one does.
        let longer: Vec<(String, String)> = readings
            .iter()
            .flat_map(|reading| {
                all.iter().map(move |(letters, whole)| (format!("{letters}{}", &reading[..1]), format!("{whole}{reading}")))
            })
            .take(COMBINATIONS)
            .collect();
        all = longer;
    }
    all.retain(|(letters, _)| !letters.is_empty());
    all
}

fn readings_of(c: char, first: bool) -> Vec<String> {
    if c.is_ascii_alphanumeric() {
        return vec![if c == 'v' { "u".to_owned() } else { c.to_string() }];
    }
    let mut readings: Vec<String> = Vec::new();
    if first && let Some((_, known)) = SURNAMES.iter().find(|(surname, _)| *surname == c) {
        readings.extend(known.iter().map(|reading| (*reading).to_owned()));
    }
    if let Some(multi) = c.to_pinyin_multi() {
        for reading in multi.into_iter().take(READINGS) {
            let plain: String = reading.plain().chars().map(|c| if matches!(c, 'ü' | 'v') { 'u' } else { c }).collect();
            if plain.starts_with(|c: char| c.is_ascii_alphabetic()) && plain.is_ascii() && !readings.contains(&plain) {
                readings.push(plain);
            }
        }
    }
    if readings.is_empty() {
        readings.extend(RARE.iter().filter(|(rare, _)| *rare == c).map(|(_, reading)| (*reading).to_owned()));
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_of_villages_and_surnames() {
        for (text, first) in [
            ("细坑社区", "xksq"),
            ("仇", "q"),
            ("解学英", "xxy"),
            ("查良", "zl"),
            ("覃明", "qm"),
            ("盖军", "gj"),
            ("𬜯塘镇", "ltz"),
            ("吕A", "la"),
        ] {
            assert_eq!(initials(text).first().map(String::as_str), Some(first), "{text}");
        }
        assert!(initials("仇").contains(&"c".to_owned()));
        assert!(initials("单").contains(&"d".to_owned()));
    }
}
