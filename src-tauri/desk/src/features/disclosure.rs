//! 取用记录: what leaves the desk in plain is judged before and noted with it, in a chain of this desk. What can't be noted does not leave.

use crate::export::Taken;
use crate::fault::{missing, no_elder};
use crate::journal::Mutation;
use crate::look::Look;
use crate::plan::Plan;
use crate::store::disclosure as table;
use jiff::ToSpan;
use shared::chain::{NOTHING, of_fields, same};
use shared::command::{Reveal, Revealed};
use shared::fault::{Code, Fault};
use shared::kinds::{Disclosure, DisclosureAct, DisclosureReason, Elder, RecordKind};
use shared::rule::disclosure::{ALONE, ReasonProblem, Stated, needs_second, stated};
use shared::rule::phone::PhoneNumber;
use shared::schema::{Fields, Record};
use shared::{fault, say};

/// Opens the bytes of every row.
const ROW: &[u8] = b"yinling desk disclosure 1";
/// Names the chain.
const CHAIN: &[u8] = b"yinling desk chain 1";

/// Whether so much may leave for that reason: full numbers and many people ask for one, and full numbers have their measure for a day, above
/// which a second person agrees.
pub(crate) fn judge(
    look: &Look<'_>,
    persons: u64,
    full: bool,
    (reason, note): (Option<DisclosureReason>, &str),
    second: Option<&str>,
) -> Result<Option<Stated>, Fault> {
    if !full && !needs_second(persons) && reason.is_none() {
        return Ok(None);
    }
    let stated = stated(reason, note).map_err(|problem| match problem {
        ReasonProblem::Missing => fault!(Code::Confirm, disclosure::REASON_MISSING),
        ReasonProblem::Unexplained => fault!(Code::Confirm, disclosure::UNEXPLAINED),
    })?;
    if full && second.is_none() {
        let since = look.now.saturating_sub(24.hours()).to_string();
        let already = look.read(|store| table::persons_since(store, &chain(look), &since))?;
        if needs_second(already.saturating_add(persons)) {
            return Err(fault!(Code::SecondFactor, disclosure::too_many(ALONE, already, persons)));
        }
    }
    Ok(Some(stated))
}

/// Notes what leaves.
pub(crate) fn note(look: &Look<'_>, taken: Taken) -> Result<Plan<()>, Fault> {
    let (enrolled, id, at) = (look.enrolled()?.clone(), look.new_id(), look.now);
    let (figure, clerk) = (|figure: u64| i64::try_from(figure).unwrap_or(i64::MAX), look.clerk());
    Ok(Plan::within(move |writing| {
        let look = writing.look();
        let chain = chain(&look);
        let (last, before) = look.read(|store| table::head(store, &chain))?.unwrap_or_else(|| (0, hex::encode(NOTHING)));
        let (reason, note) = taken.stated.map_or((None, None), |stated| (Some(stated.reason), stated.note));
        let mut row = Disclosure {
            canteen: enrolled.canteen,
            division: enrolled.division,
            at,
            act: if taken.sha256.is_some() { DisclosureAct::Exported } else { DisclosureAct::Shown },
            list: taken.list,
            elder: taken.elder,
            number: taken.number,
            rows: figure(taken.rows),
            persons: figure(taken.persons),
            unmasked: taken.full,
            reason,
            note,
            sha256: taken.sha256,
            device: enrolled.device_number.into(),
            clerk,
            second: taken.second,
            chain,
            sequence: last + 1,
            before,
            mac: String::new(),
        };
        row.mac = hex::encode(mac(&look, &row));
        writing.write(&Mutation::create(id, &row))?;
        writing.note(|store| table::keep_head(store, row.sequence, &row.mac))
    }))
}

/// The numbers of an elder in full.
pub(crate) fn reveal(look: &Look<'_>, ask: &Reveal, second: Option<String>) -> Result<(Revealed, Taken), Fault> {
    let id = ask.elder.ok_or_else(|| missing(RecordKind::Elder.label()))?;
    let elder: Elder = look.record(id)?.ok_or_else(no_elder)?;
    let stated = judge(look, 1, true, (ask.reason, &ask.note), second.as_deref())?;
    let full = |phone: &Option<PhoneNumber>| phone.as_ref().map(|phone| phone.as_str().to_owned()).unwrap_or_default();
    let revealed = Revealed {
        id_number: elder.id_number.as_ref().map(|number| number.as_str().to_owned()),
        phone: format!("{} {}", full(&elder.phone), full(&elder.second_phone)).trim().to_owned(),
        emergency_phone: full(&elder.emergency_phone),
        other_document: elder.other_document.clone().unwrap_or_default(),
    };
    let taken =
        Taken { number: look.next_number(), list: None, elder: Some(id), rows: 1, persons: 1, full: true, stated, second, sha256: None };
    Ok((revealed, taken))
}

/// What this desk noted, and what is wrong with it.
pub(crate) fn checked(look: &Look<'_>) -> Result<(Vec<Disclosure>, Vec<String>), Fault> {
    let chain = chain(look);
    let (rows, head, forgotten) =
        look.read(|store| Ok((table::of_chain(store, &chain)?, table::head(store, &chain)?, table::forgotten(store)?)))?;
    let (mut problems, mut last) = (Vec::new(), (0, hex::encode(NOTHING)));
    for row in &rows {
        let follows = row.sequence == last.0 + 1;
        if !follows && (last.0 >= forgotten || row.sequence <= last.0) {
            problems.push(say!(disclosure::row_missing(last.0 + 1)));
        }
        let whole = hex::decode(&row.mac).is_ok_and(|kept| same(&kept, &mac(look, row)));
        if !whole || follows && row.before != last.1 {
            problems.push(say!(disclosure::row_changed(row.sequence)));
        }
        last = (row.sequence, row.mac.clone());
    }
    if head.is_some_and(|(end, _)| end > last.0.max(forgotten)) {
        problems.push(say!(disclosure::row_missing(last.0.max(forgotten) + 1)));
    }
    Ok((rows, problems))
}

/// Which chain this desk writes.
fn chain(look: &Look<'_>) -> String {
    hex::encode(&look.mac(CHAIN)[..8])
}

/// The MAC over all that a row says, and the MAC before.
fn mac(look: &Look<'_>, row: &Disclosure) -> [u8; 32] {
    let fields: Fields = row.to_fields().into_iter().filter(|(name, _)| name != "mac").collect();
    look.mac(&of_fields(ROW, row.before.as_bytes(), &fields))
}
