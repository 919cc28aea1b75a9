//! The menu of a week as that of another one.

use super::change::put_on;
use super::{canteen_asked, not_too_far};
use crate::fault::missing;
use crate::look::Look;
use crate::plan::Plan;
use crate::store::{calendar, menu as table};
use jiff::civil::Date;
use shared::command::{CopyMenu, MenuCopy};
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{Meal, MenuDay, RecordKind};
use shared::rule::menu::{CopyFacts, CopySkip, may_copy, monday_of, week_of};
use shared::schema::RecordId;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Says what would be copied; with `commit` it is.
pub(crate) fn copy(look: &Look<'_>, ask: &CopyMenu) -> Result<Plan<MenuCopy>, Fault> {
    let canteen = canteen_asked(look, &ask.canteen)?.code;
    let (Some(of), Some(to)) = (ask.of, ask.to) else {
        return Err(missing(RecordKind::MenuDay.declared().label_of("date")));
    };
    if monday_of(of) == monday_of(to) {
        return Err(fault!(Code::BadInput, menu::SAME_WEEK));
    }
    not_too_far(look, monday_of(to))?;
    let (of, to): (Vec<Date>, Vec<Date>) = (week_of(of).collect(), week_of(to).collect());
    let span = |week: &[Date]| (week[0], week[week.len() - 1]);
    let offered: HashSet<RecordId> =
        look.read(|store| table::items(store, &canteen))?.into_iter().filter(|(_, dish)| dish.offered).map(|(item, _)| item).collect();
    let rests = look.read(|store| calendar::rests(store, &canteen, span(&to)))?;
    let mut there: HashMap<(Date, Meal, RecordId), Vec<(RecordId, MenuDay)>> = HashMap::new();
    for (id, line) in look.read(|store| table::of_days(store, &canteen, span(&to)))? {
        there.entry((line.date, line.meal, line.item)).or_default().push((id, line));
    }
    let (mut mutations, mut days, mut reasons) = (Vec::new(), BTreeMap::<Date, u32>::new(), BTreeMap::<CopySkip, u32>::new());
    let mut seen = HashSet::new();
    for (_, line) in look.read(|store| table::of_days(store, &canteen, span(&of)))?.into_iter().filter(|(_, line)| !line.taken_off) {
        let Some(date) = of.iter().position(|date| *date == line.date).map(|at| to[at]) else { continue };
        if !seen.insert((date, line.meal, line.item)) {
            continue;
        }
        let known = there.get(&(date, line.meal, line.item)).map_or(&[][..], Vec::as_slice);
        let facts = CopyFacts {
            rests: rests.contains_key(&date),
            there: known.iter().any(|(_, line)| !line.taken_off),
            offered: offered.contains(&line.item),
        };
        match may_copy(facts, date, look.now.date()) {
            Ok(()) => {
                mutations.extend(put_on(look, known, &canteen, (date, line.meal), line.item)?);
                *days.entry(date).or_default() += 1;
            }
            Err(reason) => *reasons.entry(reason).or_default() += 1,
        }
    }
    if ask.commit && mutations.is_empty() {
        return Err(fault!(Code::NotNow, menu::NOTHING_TO_COPY));
    }
    let answer =
        MenuCopy { done: ask.commit, new: days.values().sum(), days: days.into_iter().collect(), reasons: reasons.into_iter().collect() };
    Ok(Plan::Changes(if ask.commit { mutations } else { Vec::new() }, answer))
}
