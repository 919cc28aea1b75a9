//! What is different since the count was frozen: order by order, with who did it, and dish by dish.

use super::boxes::{Prepared, dish};
use crate::look::Look;
use crate::store::order as orders;
use shared::command::KitchenDifference;
use shared::fault::Fault;
use shared::kinds::Mode;
use shared::rule::kitchen::{Change, Difference, Needs, Portion, Size, Texture, differences as differ, read};
use std::collections::BTreeMap;

/// Differences are told one by one up to here; who did it is looked up for each.
const MOST_TOLD: usize = 100;

/// What is different since a count.
#[derive(Default)]
pub(super) struct Since {
    pub(super) differences: Vec<KitchenDifference>,
    /// By how much each dish is more or less.
    pub(super) shifts: Vec<(String, i32)>,
}

/// The differences from a count.
pub(super) fn differences(look: &Look<'_>, count: &str, all: &[Prepared]) -> Result<Since, Fault> {
    let portions: Vec<Portion> = all.iter().map(|one| one.portion.clone()).collect();
    let found = differ(&look.county_key()?, &read(count), &portions);
    let mut shifts: BTreeMap<String, i32> = BTreeMap::new();
    let mut told = Vec::new();
    for difference in &found {
        let now = all.iter().find(|one| one.of.order == difference.order);
        if difference.change != Change::Needs {
            now.iter().for_each(|now| *shifts.entry(now.portion.dish.clone()).or_default() += 1);
            difference.was.iter().for_each(|was| *shifts.entry(was.dish.clone()).or_default() -= 1);
        }
        if told.len() < MOST_TOLD {
            told.push(tell(look, difference, now)?);
        }
    }
    told.sort_by_key(|one: &KitchenDifference| one.at);
    Ok(Since { differences: told, shifts: shifts.into_iter().filter(|(_, shift)| *shift != 0).collect() })
}

fn tell(look: &Look<'_>, difference: &Difference, now: Option<&Prepared>) -> Result<KitchenDifference, Fault> {
    let Difference { order, change, ref was } = *difference;
    // An order that does not stand any more is still there, by its name and number; what its box needs is the elder's file.
    let gone = if now.is_none() { look.read(|store| orders::find(store, order))? } else { None };
    let (number, name, elder) = match (now, gone) {
        (Some(now), _) => (now.of.number.clone(), now.of.name.clone(), Some(now.of.elder)),
        (None, Some(gone)) => (gone.number, gone.name, Some(gone.elder)),
        (None, None) => (String::new(), String::new(), None),
    };
    let of_whom = if change == Change::Needs { elder.unwrap_or(order) } else { order };
    let last = look.history(of_whom)?.pop();
    Ok(KitchenDifference {
        order,
        number,
        name,
        change,
        was: was.as_ref().map(|was| said(&dish(&was.dish), was.mode)).unwrap_or_default(),
        now: now.map(|now| in_full(&now.portion)).unwrap_or_default(),
        by: last.as_ref().and_then(|entry| entry.by.clone()).unwrap_or_default(),
        at: last.map(|entry| entry.at),
    })
}

fn said(dish: &str, mode: Mode) -> String {
    format!("{dish} · {}", mode.said())
}

/// 普通 · 自行配送 · 软食 · 少盐
fn in_full(portion: &Portion) -> String {
    let Needs { texture, size, .. } = portion.needs;
    let texture = (texture != Texture::Usual).then(|| texture.said());
    let size = (size != Size::Usual).then(|| size.said());
    let more = texture.into_iter().chain(size).chain(portion.needs.restrictions());
    more.fold(said(&portion.dish, portion.mode), |said, more| format!("{said} · {more}"))
}
