//! 行政区划: the divisions of Yunfu as versioned data, by code: city 4 digits, county 6, town 9,
//! village 12. A code's head is the code above it. Old codes stay, with the day they ended and the
//! code that follows them (requirement E7).

use crate::kinds::Level;
use jiff::civil::{Date, date};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// One division as published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DivisionEntry {
    /// 4, 6, 9 or 12 digits.
    pub code: &'static str,
    /// The full name, as 细坑社区居民委员会.
    pub name: &'static str,
    /// First day of validity.
    pub valid_from: Date,
    /// Last day of validity; none while it stands.
    pub valid_to: Option<Date>,
    /// The code that follows an ended one.
    pub successor: Option<&'static str>,
}

/// Code, name and, for ended ones, the last day and the successor.
const PUBLISHED_2023: &str = include_str!("../data/divisions_yunfu_2023.csv");
const PUBLISHED_FROM: Date = date(2023, 6, 30);

static ENTRIES: LazyLock<Vec<DivisionEntry>> = LazyLock::new(|| {
    let lines = PUBLISHED_2023.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut cells = line.split(',');
            let (code, name) = (cells.next()?, cells.next()?);
            let valid_to = cells.next().and_then(|day| day.parse().ok());
            Some(DivisionEntry { code, name, valid_from: PUBLISHED_FROM, valid_to, successor: cells.next() })
        })
        .collect()
});

/// All divisions, in the order of their codes.
#[must_use]
pub fn all() -> &'static [DivisionEntry] {
    &ENTRIES
}

/// The division of that code.
#[must_use]
pub fn find(code: &str) -> Option<&'static DivisionEntry> {
    ENTRIES.binary_search_by(|entry| entry.code.cmp(code)).ok().map(|at| &ENTRIES[at])
}

/// The name of a code, or the code itself where it is not known.
#[must_use]
pub fn name(code: &str) -> &str {
    find(code).map_or(code, |entry| entry.name)
}

/// A village as people say it: 细坑社区 for 细坑社区居民委员会, 马塘村 for 马塘村民委员会.
#[must_use]
pub fn short_name(code: &str) -> &str {
    let name = name(code);
    name.strip_suffix("居民委员会").or_else(|| name.strip_suffix("民委员会")).unwrap_or(name)
}

/// The divisions directly below, in the order of their codes.
pub fn children(code: &str) -> impl Iterator<Item = &'static DivisionEntry> {
    let length = match code.len() {
        4 => 6,
        6 => 9,
        _ => 12,
    };
    let head = code.to_owned();
    let start = ENTRIES.partition_point(|entry| entry.code < head.as_str());
    ENTRIES[start..]
        .iter()
        .take_while({
            let head = head.clone();
            move |entry| entry.code.starts_with(&head)
        })
        .filter(move |entry| entry.code.len() == length && entry.code.len() > head.len())
}

/// City, county or town of a code; a village is part of its town.
#[must_use]
pub fn level(code: &str) -> Level {
    match code.len() {
        ..=4 => Level::City,
        5..=6 => Level::County,
        _ => Level::Town,
    }
}

/// Whether `code` lies in `scope`: the same code or one below it.
#[must_use]
pub fn within(code: &str, scope: &str) -> bool {
    !scope.is_empty() && code.starts_with(scope)
}

/// The town (9 digits) of a village or town code, the code itself where it is shorter.
#[must_use]
pub fn town_of(code: &str) -> &str {
    code.get(..9).unwrap_or(code)
}

/// The county (6 digits) of a code, the code itself where it is shorter.
fn county_of(code: &str) -> &str {
    code.get(..6).unwrap_or(code)
}

/// The counties in which an office of that division works: its own, or all of its city.
#[must_use]
pub fn counties(division: &str) -> BTreeSet<&str> {
    let below = all().iter().map(|entry| entry.code).filter(|code| code.len() == 6 && within(code, division));
    below.chain(Some(county_of(division)).filter(|code| code.len() == 6)).collect()
}

/// The codes under which an office of that division holds keys: its town, or its county or city with all towns and counties below.
#[must_use]
pub fn keyed(division: &str) -> BTreeSet<&str> {
    let scope = town_of(division);
    let below = all().iter().map(|entry| entry.code).filter(|code| code.len() <= 9 && within(code, scope));
    below.chain([scope]).collect()
}

/// The village of `town` that an office means by `text`: the full name, or without 居民委员会,
/// 村民委员会, 社区, 村; the town's own name in front is forgiven. Where a community and a village have one name, the word behind it
/// says which. `None` when none or several fit.
#[must_use]
pub fn village_by_name(town: &str, text: &str) -> Option<&'static DivisionEntry> {
    let town_name = name(town);
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.strip_prefix(town_name).unwrap_or(&plain);
    let wanted = core_name(plain);
    let fitting: Vec<_> = children(town).filter(|entry| core_name(entry.name) == wanted).collect();
    if let [only] = fitting[..] {
        return Some(only);
    }
    let exact = children(town).find(|entry| entry.name == plain);
    exact.or_else(|| {
        let kind = kind_of(plain)?;
        let mut alike = fitting.into_iter().filter(|entry| kind_of(entry.name) == Some(kind));
        alike.next().filter(|_| alike.next().is_none())
    })
}

/// Whether a name is that of a community, as its end says.
fn kind_of(name: &str) -> Option<bool> {
    let ends = |words: [&str; 3]| words.iter().any(|word| name.ends_with(word));
    if ends(["社区", "居委会", "居民委员会"]) {
        Some(true)
    } else {
        ends(["村", "村委会", "村民委员会"]).then_some(false)
    }
}

/// The town (9 digits) below `scope` that an office means by `text`.
#[must_use]
pub fn town_by_name(scope: &str, text: &str) -> Option<&'static DivisionEntry> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let core = |name: &str| {
        name.trim_end_matches("街道办事处").trim_end_matches("街道").trim_end_matches("镇人民政府").trim_end_matches('镇').to_owned()
    };
    let wanted = core(&plain);
    ENTRIES.iter().find(|entry| entry.code.len() == 9 && within(entry.code, scope) && core(entry.name) == wanted)
}

fn core_name(name: &str) -> &str {
    let name = name.trim_end_matches("居民委员会").trim_end_matches("村民委员会").trim_end_matches("村委会").trim_end_matches("居委会");
    name.trim_end_matches("社区").trim_end_matches('村')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yunfu_is_whole() {
        let count = |length| all().iter().filter(|entry| entry.code.len() == length).count();
        assert_eq!((count(4), count(6), count(9), count(12)), (1, 5, 71, 980));
        assert!(all().windows(2).all(|pair| pair[0].code < pair[1].code), "sorted by code");
        assert!(
            all().iter().all(|entry| entry.code.len() == 4
                || find(&entry.code[..entry.code.len() - if entry.code.len() == 6 { 2 } else { 3 }]).is_some()),
            "no orphan"
        );
    }

    #[test]
    fn the_rare_character_is_there() {
        assert_eq!(name("445381106"), "𬜯塘镇");
    }

    #[test]
    fn villages_as_offices_write_them() {
        for text in ["细坑社区居民委员会", "细坑社区", "细坑", "细坑居委会", "罗城街道细坑社区", " 细坑 社区 "]
        {
            assert_eq!(village_by_name("445381001", text).map(|entry| entry.code), Some("445381001008"), "{text}");
        }
        for (text, code) in [
            ("高峰社区", Some("高峰社区居民委员会")),
            ("高峰街道高峰居委会", Some("高峰社区居民委员会")),
            ("高峰村", Some("高峰村民委员会")),
            ("高峰村委会", Some("高峰村民委员会")),
            ("高峰", None),
        ] {
            assert_eq!(village_by_name("445302002", text).map(|entry| entry.name), code, "{text}");
        }
        assert_eq!(village_by_name("445381001", "没有的村"), None);
        assert_eq!(town_by_name("4453", "罗城街道办事处").map(|entry| entry.code), Some("445381001"));
        assert_eq!(town_by_name("445381", "𬜯塘").map(|entry| entry.code), Some("445381106"));
    }

    #[test]
    fn children_and_scope() {
        assert_eq!(children("4453").count(), 5);
        assert!(children("445381001").all(|entry| within(entry.code, "445381001")));
        assert!(!within("445381001", ""));
        assert_eq!(town_of("445381001008"), "445381001");
        assert_eq!(short_name("445381001008"), "细坑社区");
    }
}
