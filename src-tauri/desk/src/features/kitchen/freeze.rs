//! 定份: writing down the count of a meal as it stands; and the number of its labels.

use super::boxes::prepared;
use super::sheet::{frozen, meal_of, own_canteen};
use crate::journal::Mutation;
use crate::look::Look;
use crate::plan::Plan;
use crate::store::{fact, kitchen as table};
use shared::command::{FreezeCount, KitchenFrozen, NumberLabels};
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::KitchenCount;
use shared::rule::kitchen::{MAX_SPARE_PERCENT, MOST_COUNTED, content};

/// Freezes the count of a meal. It is counted in its own transaction: what was ordered since the screen looked is in it.
pub(crate) fn freeze(look: &Look<'_>, ask: &FreezeCount) -> Result<Plan<KitchenFrozen>, Fault> {
    let canteen = own_canteen(look)?;
    let (date, meal) = meal_of(look, &canteen, ask.date, ask.meal)?;
    let spare_percent = ask.spare_percent;
    if spare_percent > MAX_SPARE_PERCENT {
        return Err(fault!(Code::BadInput, kitchen::too_much_spare(MAX_SPARE_PERCENT)));
    }
    Ok(Plan::within(move |writing| {
        let look = writing.look();
        let of = (date, meal);
        let portions: Vec<_> =
            prepared(look.read(|store| table::to_prepare(store, &canteen, of))?).into_iter().map(|one| one.portion).collect();
        if portions.is_empty() {
            return Err(fault!(Code::NotNow, kitchen::NOTHING_TO_COUNT));
        }
        if portions.len() > MOST_COUNTED {
            return Err(fault!(Code::NotNow, kitchen::too_many(MOST_COUNTED)));
        }
        let before = look.read(|store| table::counts(store, &canteen, of))?;
        let count = KitchenCount {
            number: before.iter().map(|(_, count)| count.number).max().unwrap_or_default().saturating_add(1),
            canteen,
            date,
            meal,
            made_at: look.now,
            made_by: look.clerk(),
            portions: i64::try_from(portions.len()).unwrap_or(i64::MAX),
            spare_percent: i64::from(spare_percent),
            orders: content(&look.county_key()?, &portions),
        };
        let id = look.new_id();
        writing.write(&Mutation::create(id, &count))?;
        Ok(frozen(&(id, count)))
    }))
}

/// The number of the labels that are about to be printed here.
pub(crate) fn number_labels(look: &Look<'_>, ask: &NumberLabels) -> Result<Plan<u32>, Fault> {
    let of = meal_of(look, &own_canteen(look)?, ask.date, ask.meal)?;
    let today = look.now.date();
    Ok(Plan::within(move |writing| writing.note(|store| fact::print(store, of, today))))
}
