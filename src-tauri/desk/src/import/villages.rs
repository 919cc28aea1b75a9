//! From the words 镇街 and 村居 of a list to a code of the official divisions, and the nearest names
//! where a word is unknown. The codes themselves live in `shared::division`.

use crate::letters::simplified;
use shared::division::{self, DivisionEntry};
use std::collections::HashSet;
use std::sync::LazyLock;

/// The full names of all divisions.
static NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| division::all().iter().map(|entry| entry.name).collect());

/// Why no division was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// Neither town nor village is given and the scope is wider than a town.
    Missing,
    /// No such town; the nearest names.
    Town(Vec<String>),
    /// No such village in the town of that name; the nearest names.
    Village(String, Vec<String>),
    /// Villages of that name in these towns.
    Several(Vec<String>),
    /// A place of Yunfu that lies outside of the scope.
    Outside(String),
}

/// The code (12 digits, or the town's 9 where no village is given) below `scope`. A group or hamlet behind the village is left out.
pub(super) fn resolve(scope: &str, town: Option<&str>, village: Option<&str>) -> Result<String, Unknown> {
    let whole = resolve_whole(scope, town, village);
    match (&whole, village) {
        (Err(Unknown::Village(..)), Some(text)) => {
            let plain = without_head(text, scope);
            let heads = plain.char_indices().map(|(at, _)| plain.split_at(at)).skip(1).filter(|(head, rest)| may_end(head, rest));
            let found = heads
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .find_map(|(head, _)| resolve_whole(scope, town, Some(head)).ok().filter(|code| code.len() == 12));
            found.map_or(whole, Ok)
        }
        _ => whole,
    }
}

/// Whether a text says more than the village: a group in it, or a hamlet.
pub(super) fn says_more(code: &str, text: &str) -> bool {
    if text == division::short_name(code) || text == division::name(code) {
        return false;
    }
    let town = division::town_of(code);
    let plain = without_head(text, town);
    let plain = plain.strip_prefix(division::name(town)).unwrap_or(&plain);
    plain != code && division::village_by_name(town, plain).is_none()
}

/// Whether the name of a village may end there, and what follows is a part of it: a word for its kind stands before, or a bracket, a
/// number, a group behind.
fn may_end(head: &str, rest: &str) -> bool {
    let kind = ["社区", "村", "居委会", "村委会", "委员会"].iter().any(|kind| head.ends_with(kind));
    // 村 may be the beginning of 村委会, 社区 of 社区居委会.
    let whole = !["委", "民委", "居委", "居民委", "村民", "村委"].iter().any(|word| rest.starts_with(word));
    let group = rest.trim_start_matches('第').starts_with(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
    kind && whole
        || rest.starts_with(['(', '（', '-', '—', '/', '、', '[', '【'])
        || group && rest.contains(['组', '队', '区', '片', '巷', '排', '栋', '幢', '屯'])
}

fn resolve_whole(scope: &str, town: Option<&str>, village: Option<&str>) -> Result<String, Unknown> {
    let area = division::town_of(scope);
    let village = village.map(|text| without_head(text, scope));
    if let Some(code) = village.as_deref().filter(|text| text.len() == 12).and_then(division::find) {
        return inside(code, scope);
    }
    let scope_town = (area.len() == 9).then_some(area);
    let town = match town {
        Some(text) => Some(town_code(area, &without_head(text, scope))?),
        None => scope_town.or_else(|| village.as_deref().and_then(|text| town_in(area, text))),
    };
    let Some(village) = village.filter(|text| !text.is_empty()) else {
        return town.map(str::to_owned).ok_or(Unknown::Missing);
    };
    let Some(town) = town else { return anywhere(area, &village) };
    match division::village_by_name(town, &village) {
        Some(code) => inside(code, scope),
        // The cell may hold the town itself, or say the town of the scope once more.
        None if division::town_by_name(town, &village).is_some() => Ok(town.to_owned()),
        None => Err(Unknown::Village(
            division::name(town).to_owned(),
            nearest(&village, division::children(town).map(|entry| division::short_name(entry.code))),
        )),
    }
}

fn inside(entry: &DivisionEntry, scope: &str) -> Result<String, Unknown> {
    if division::within(entry.code, scope) || division::within(scope, entry.code) {
        Ok(entry.code.to_owned())
    } else {
        Err(Unknown::Outside(format!("{}{}", division::name(division::town_of(entry.code)), division::short_name(entry.code))))
    }
}

fn town_code(area: &str, text: &str) -> Result<&'static str, Unknown> {
    if let Some(town) = division::town_by_name(area, text) {
        return Ok(town.code);
    }
    if let Some(town) = division::town_by_name(area.get(..4).unwrap_or(area), text) {
        return Err(Unknown::Outside(town.name.to_owned()));
    }
    let county = area.get(..6).unwrap_or(area);
    let towns = division::all().iter().filter(|entry| entry.code.len() == 9 && division::within(entry.code, county));
    Err(Unknown::Town(nearest(text, towns.map(|entry| entry.name))))
}

/// The town whose name opens the text.
fn town_in(area: &str, text: &str) -> Option<&'static str> {
    let towns = division::all().iter().filter(|entry| entry.code.len() == 9 && division::within(entry.code, area));
    towns.filter(|entry| text.starts_with(entry.name)).map(|entry| entry.code).next()
}

/// A village by name in the whole scope, where only one town has it.
fn anywhere(area: &str, text: &str) -> Result<String, Unknown> {
    let towns = || division::all().iter().filter(|entry| entry.code.len() == 9 && division::within(entry.code, area));
    let found: Vec<&DivisionEntry> = towns().filter_map(|town| division::village_by_name(town.code, text)).collect();
    match found.as_slice() {
        [only] => Ok(only.code.to_owned()),
        [] => match division::town_by_name(area, text) {
            Some(town) => Ok(town.code.to_owned()),
            None => {
                let villages = division::all().iter().filter(|entry| entry.code.len() == 12 && division::within(entry.code, area));
                Err(Unknown::Village(
                    division::name(area).to_owned(),
                    nearest(text, villages.map(|entry| division::short_name(entry.code))),
                ))
            }
        },
        several => Err(Unknown::Several(several.iter().map(|entry| division::name(division::town_of(entry.code)).to_owned()).collect())),
    }
}

/// Simplified, without blanks and the province, city and county in front.
fn without_head(text: &str, scope: &str) -> String {
    // A rare character of a name here may be the traditional one of another: only what is no name as it stands is simplified.
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = if NAMES.contains(plain.as_str()) { plain } else { plain.chars().map(simplified).collect() };
    let mut rest = plain.as_str();
    let counties = [4, 6].into_iter().filter_map(|length| scope.get(..length)).map(division::name);
    for head in ["广东省", "云浮市"].into_iter().chain(counties) {
        rest = rest.strip_prefix(head).filter(|rest| !rest.is_empty()).unwrap_or(rest);
    }
    rest.to_owned()
}

/// Up to three names that share the most with the text.
fn nearest<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let telling = |c: &char| !matches!(c, '村' | '社' | '区' | '委' | '会' | '居' | '民' | '镇' | '街' | '道');
    let wanted: Vec<char> = text.chars().filter(telling).collect();
    let mut scored: Vec<(usize, usize, &str)> = names
        .map(|name| {
            let own: Vec<char> = name.chars().filter(telling).collect();
            let shared = wanted.iter().filter(|c| own.contains(c)).count();
            (shared, own.len().abs_diff(wanted.len()), name)
        })
        .filter(|(shared, ..)| *shared > 0)
        .collect();
    scored.sort_by_key(|(shared, off, _)| (usize::MAX - shared, *off));
    scored.into_iter().take(3).map(|(.., name)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_codes() {
        for (scope, town, village, expect) in [
            ("445381001", Some("罗城街道"), Some("细坑社区居民委员会"), Ok("445381001008")),
            ("445381001", None, Some("细坑"), Ok("445381001008")),
            ("445381", None, Some("罗城街道细坑社区"), Ok("445381001008")),
            ("445381", None, Some("广东省云浮市罗定市罗城街道细坑社区"), Ok("445381001008")),
            ("445381", Some("罗城"), None, Ok("445381001")),
            ("445381001", None, None, Ok("445381001")),
            ("445381001", None, Some("445381001008"), Ok("445381001008")),
            ("445381001", None, Some("罗城街道"), Ok("445381001")),
            ("445381001", None, Some("细坑社区三组"), Ok("445381001008")),
            ("445381001", None, Some("细坑12队"), Ok("445381001008")),
            ("445381001", None, Some("细坑社区居民委员会第二居民小组"), Ok("445381001008")),
            ("445381001", None, Some("罗城街道细坑社区（细坑新村）"), Ok("445381001008")),
            ("445381001", None, Some("細坑社區"), Ok("445381001008")),
            ("445381", Some("罗城街道"), Some("细坑居委会一片区"), Ok("445381001008")),
            ("445381", None, Some("罗城街道细坑社区第3小区"), Ok("445381001008")),
            ("445381", None, None, Err(Unknown::Missing)),
        ] {
            assert_eq!(resolve(scope, town, village), expect.map(str::to_owned), "{scope} {town:?} {village:?}");
        }
    }

    #[test]
    fn unknown_words_get_the_nearest_names() {
        let Err(Unknown::Village(town, near)) = resolve("445381001", None, Some("西坑社区")) else { panic!() };
        assert_eq!(town, "罗城街道");
        assert!(near.contains(&"细坑社区".to_owned()), "{near:?}");
        assert!(matches!(resolve("445381001", Some("𬜯塘镇"), Some("细坑")), Err(Unknown::Outside(name)) if name == "𬜯塘镇"));
        assert!(matches!(resolve("445381", Some("某某镇"), None), Err(Unknown::Town(_))));
    }
}
