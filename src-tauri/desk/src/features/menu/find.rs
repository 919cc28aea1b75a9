//! Finding a dish in the library while somebody types: by its name, by the initials or the full pinyin of it.

use super::{canteen_asked, shown};
use crate::look::Look;
use crate::pinyin::{combinations, folded};
use crate::store::menu as table;
use shared::command::{FindMenuItems, MenuDish};
use shared::fault::Fault;

/// What the canteen offers that fits a text, the best first; all of it where nothing is typed.
pub(crate) fn find(look: &Look<'_>, ask: &FindMenuItems) -> Result<Vec<MenuDish>, Fault> {
    let canteen = canteen_asked(look, &ask.canteen)?;
    let typed = folded(&ask.text);
    let offered = look.read(|store| table::items(store, &canteen.code))?.into_iter().filter(|(_, dish)| dish.offered);
    let mut found: Vec<(u8, MenuDish)> =
        offered.filter_map(|(item, dish)| Some((rank(&dish.name, &typed)?, shown(item, &dish, false)))).collect();
    found.sort_by(|(one, a), (other, b)| (one, a.course, &a.name).cmp(&(other, b.course, &b.name)));
    found.truncate(usize::try_from(ask.limit).unwrap_or(usize::MAX));
    Ok(found.into_iter().map(|(_, dish)| dish).collect())
}

/// How well a name fits what was typed, the smaller the better; none where it does not.
fn rank(name: &str, typed: &str) -> Option<u8> {
    let name = folded(name);
    if name.starts_with(typed) {
        return Some(0);
    }
    if name.contains(typed) {
        return Some(1);
    }
    let typed = typed.replace('v', "u");
    let read = combinations(&name);
    let fits = |how: &dyn Fn(&str) -> bool| read.iter().any(|(letters, whole)| how(letters) || how(whole));
    match () {
        () if fits(&|read| read.starts_with(&typed)) => Some(2),
        () if read.iter().any(|(letters, _)| letters.contains(&typed)) => Some(3),
        // So few letters stand somewhere in any reading.
        () if typed.len() > 2 && fits(&|read| read.contains(&typed)) => Some(4),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dish_is_found_by_its_name_its_initials_and_its_pinyin() {
        for (name, typed, expect) in [
            ("番茄炒蛋", "", Some(0)),
            ("番茄炒蛋", "番茄", Some(0)),
            ("番茄炒蛋", "炒蛋", Some(1)),
            ("番茄炒蛋", "fqcd", Some(2)),
            ("番茄炒蛋", "fanqie", Some(2)),
            ("番茄炒蛋", "cd", Some(3)),
            ("番茄炒蛋", "qq", None),
            ("清炒菜心", "caixin", Some(4)),
            ("清炒菜心", "ca", None),
            ("绿豆汤", "lv", Some(2)),
            ("蒸排骨", "ＺＰＧ", Some(2)),
        ] {
            assert_eq!(rank(name, &folded(typed)), expect, "{name} {typed}");
        }
    }
}
