//! 改派: an elder goes to another canteen. The former binding ends, a new one begins, the file names it.

use crate::decision::Decision;
use crate::fault::{missing, no_elder};
use crate::journal::Mutation;
use crate::look::Look;
use crate::plan::Plan;
use crate::store::{elder as table, master};
use shared::command::{BindingRow, CanteenName, MoveElder};
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{Binding, Elder, RecordKind};
use shared::rule::binding::{MoveFacts, Site, bind, last_day};
use shared::schema::{FieldValue, Fields, RecordId, Value};

/// Binds an elder to another canteen from today; gives all bindings, the latest first.
pub(crate) fn move_to(look: &Look<'_>, ask: &MoveElder) -> Result<Plan<Vec<BindingRow>>, Fault> {
    let id = ask.elder.ok_or_else(|| missing(RecordKind::Elder.label()))?;
    let enrolled = look.enrolled()?;
    let elder: Elder = look.record(id)?.ok_or_else(no_elder)?;
    let to = look
        .read(|store| master::canteen(store, &ask.canteen))?
        .ok_or_else(|| fault!(Code::NotFound, binding::no_such_canteen(&ask.canteen)))?;
    let from = match &elder.canteen {
        Some(code) => Some((code.as_str(), division_of(look, code)?)),
        None => None,
    };
    bind(&MoveFacts {
        desk_canteen: enrolled.canteen.as_deref(),
        desk_division: &enrolled.division,
        from: from.as_ref().map(|(canteen, division)| Site { canteen, division }),
        to: Site { canteen: &to.code, division: &to.division },
    })?;
    let moves = moves(look, id, &to.code)?;
    Ok(Plan::within(move |writing| {
        writing.write_all(&moves)?;
        bindings(&writing.look(), id)
    }))
}

/// A decision for a canteen is a move away from all the others.
pub(super) fn decide(look: &Look<'_>, decision: &Decision<'_>, to: &str) -> Result<Vec<Mutation>, Fault> {
    let enrolled = look.enrolled()?;
    let others = decision.conflict.versions.iter().map(|version| &version.value).filter(|value| **value != decision.chosen.value);
    for from in others {
        let Value::Text(from) = from else { continue };
        let (there, here) = (division_of(look, from)?, division_of(look, to)?);
        bind(&MoveFacts {
            desk_canteen: enrolled.canteen.as_deref(),
            desk_division: &enrolled.division,
            from: Some(Site { canteen: from, division: &there }),
            to: Site { canteen: to, division: &here },
        })?;
    }
    moves(look, decision.of.record, to)
}

/// Where a canteen lies; empty where it is not known here.
fn division_of(look: &Look<'_>, canteen: &str) -> Result<String, Fault> {
    Ok(look.read(|store| master::canteen(store, canteen))?.map(|canteen| canteen.division).unwrap_or_default())
}

/// What binds an elder to a canteen: the other bindings end; one that began there when two offices sent her apart goes on.
fn moves(look: &Look<'_>, elder: RecordId, to: &str) -> Result<Vec<Mutation>, Fault> {
    let (mut mutations, mut bound) = (Vec::new(), false);
    for (binding, standing) in look.read(|store| table::bindings(store, elder))? {
        if standing.until.is_some() {
            continue;
        }
        if standing.canteen == to && !bound {
            bound = true;
            continue;
        }
        let mut ended = Fields::new();
        last_day(standing.since, look.now.date()).put("until", &mut ended);
        mutations.push(Mutation::edit(RecordKind::Binding, binding, ended));
    }
    if !bound {
        mutations.push(begin(look, elder, to));
    }
    let mut moved = Fields::new();
    to.to_owned().put("canteen", &mut moved);
    mutations.push(Mutation::edit(RecordKind::Elder, elder, moved));
    Ok(mutations)
}

/// The binding of an elder to a canteen, from today.
pub(super) fn begin(look: &Look<'_>, elder: RecordId, canteen: &str) -> Mutation {
    let binding = Binding { elder, canteen: canteen.to_owned(), since: look.now.date(), until: None };
    Mutation::create(look.new_id(), &binding)
}

/// Every canteen an elder was bound to, the latest first.
pub(super) fn bindings(look: &Look<'_>, elder: RecordId) -> Result<Vec<BindingRow>, Fault> {
    let bindings = look.read(|store| table::bindings(store, elder))?;
    let line = |(_, binding): (RecordId, Binding)| {
        let known = look.read(|store| master::canteen(store, &binding.canteen))?;
        let canteen = known.map_or(binding.canteen, |canteen| canteen.name);
        Ok(BindingRow { canteen, since: binding.since, until: binding.until })
    };
    bindings.into_iter().map(line).collect()
}

/// The canteens that this desk may send elders to; none at a canteen.
pub(crate) fn canteens(look: &Look<'_>) -> Result<Vec<CanteenName>, Fault> {
    let Some(enrolled) = look.facts.enrolled.as_ref().filter(|enrolled| enrolled.canteen.is_none()) else { return Ok(Vec::new()) };
    let canteens = look.read(|store| master::canteens_in(store, &enrolled.division))?;
    Ok(canteens.into_iter().map(|canteen| CanteenName { code: canteen.code, name: canteen.name }).collect())
}
