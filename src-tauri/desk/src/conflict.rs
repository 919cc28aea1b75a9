//! What was said differently in two places at once: the list for people, and their decision. It is an ordinary change
//! on top of all that stands, so that the conflicted is settled at every end; the rules of the ordinary edits hold.

use crate::desk::Inner;
use crate::elder::in_town;
use crate::fault::missing;
use crate::journal::Mutation;
use crate::order::{outcome_mutation, summary};
use crate::store::{StoreError, change, conflict, key, master, order};
use crate::title::Named;
use jiff::civil::DateTime;
use rusqlite::Connection;
use shared::command::{ConflictPage, ConflictRow, Conflicts, Decide, ReceiptSummary};
use shared::conflict::{ConflictedRecord, FieldConflict, version_at};
use shared::crdt::Version;
use shared::fault::{Code, Fault};
use shared::kinds::{NotDeliveredReason, OrderState, RecordKind};
use shared::rule::binding::{MoveFacts, Site, bind};
use shared::rule::order::step;
use shared::rule::receipt;
use shared::schema::{Field, Fields, Language, RecordId, TextValue, Value, in_words};
use shared::seal::{is_sealed, key_owner};
use shared::zh;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

const PAGE: u32 = 50;

/// A record with what is to be decided in it; none where its changes do not merge.
fn conflicted(store: &Connection, kind: RecordKind, record: RecordId) -> Result<Option<ConflictedRecord>, StoreError> {
    Ok(ConflictedRecord::of(kind, record, &change::history(store, kind, record)?).ok())
}

/// What the same change says in another field, as it is typed there.
fn beside<T: TextValue>(conflicted: &ConflictedRecord, version: &Version, field: &str) -> Option<T> {
    match conflicted.history.beside(version, field)? {
        Value::Text(text) => T::of_text(text),
        _ => None,
    }
}

impl Inner {
    /// A page of what waits for a person, the latest first.
    pub(crate) fn conflicts(&self, ask: &Conflicts) -> Result<ConflictPage, Fault> {
        let (rows, total) =
            self.read(|store| Ok((conflict::page(store, PAGE, ask.page.saturating_mul(PAGE))?, conflict::count(store)?)))?;
        let devices = self.read(master::devices)?;
        let (mut lines, mut records) = (Vec::with_capacity(rows.len()), HashMap::new());
        for (kind, record, field, _) in rows {
            let conflicted = match records.entry((kind, record)) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(vacant) => vacant.insert(self.read(|store| conflicted(store, kind, record))?),
            };
            if let Some((conflicted, conflict)) =
                conflicted.as_ref().and_then(|conflicted| Some((conflicted, conflicted.conflict(&field)?)))
            {
                lines.push(self.told(conflicted, conflict, &devices)?);
            }
        }
        Ok(ConflictPage { rows: lines, total })
    }

    fn told(&self, conflicted: &ConflictedRecord, conflict: &FieldConflict, devices: &HashMap<u32, String>) -> Result<ConflictRow, Fault> {
        let own = self.device_number();
        let device = |number: u32| match Some(number) == own {
            true => Ok(format!("本机（{number}号）")),
            false => Ok(zh::device(number, devices.get(&number).map(String::as_str))),
        };
        let in_words = |value: &Value| self.read(|store| self.value_in_words(store, conflicted, conflict.field, value));
        let mut line = conflicted.row(conflict, self.title(Some(conflicted.kind.into()), conflicted.record), in_words, device)?;
        for choice in &mut line.choices {
            choice.refused = match conflict.versions.iter().find(|version| version.name() == choice.name) {
                Some(version) => self.decision(conflicted, conflict, version).err().map(|fault| fault.to_string()),
                None => None,
            };
        }
        Ok(line)
    }

    /// A value as people read it; a sealed one is opened, where its key is here, else an error says what stands instead.
    fn value_in_words(
        &self,
        store: &Connection,
        conflicted: &ConflictedRecord,
        field: &Field,
        value: &Value,
    ) -> Result<Result<String, String>, StoreError> {
        let (kind, record) = (conflicted.kind, conflicted.record);
        let value = match value {
            Value::Bytes(_) => {
                let Some(owner) = key_owner(kind, record, &conflicted.history.fields()) else { return Ok(Err("待解密".to_owned())) };
                let sealed = Fields::from([(field.name.into(), value.clone())]);
                let opened = self.elder_keys(store, owner)?.open(self.crypto.as_ref(), kind, record, sealed).remove(field.name);
                let Some(opened) = opened else {
                    return Ok(Err(if key::is_erased(store, owner)? { "已删除" } else { "待解密" }.to_owned()));
                };
                opened
            }
            value => value.clone(),
        };
        Ok(Ok(in_words(field, &value, Language::Zh, &Named(store))))
    }

    /// A person decides.
    pub(crate) fn decide(&self, ask: &Decide) -> Result<(), Fault> {
        let (kind, record) = (ask.kind.ok_or_else(|| missing("哪一类资料"))?, ask.record.ok_or_else(|| missing("哪一份资料"))?);
        let find = |store: &Connection| {
            let conflicted = conflicted(store, kind, record)?;
            Ok(conflicted.filter(|conflicted| conflicted.conflict(&ask.field).is_some_and(|conflict| conflict.stands() == ask.stands)))
        };
        let conflicted = self.read(find)?.ok_or_else(zh::decided_meanwhile)?;
        let conflict = conflicted.conflict(&ask.field).ok_or_else(zh::decided_meanwhile)?;
        let chosen = conflict.versions.iter().find(|version| version.name() == ask.choice).ok_or_else(zh::decided_meanwhile)?;
        let mutations = self.decision(&conflicted, conflict, chosen)?;
        let decided = self.commit_made(|transaction| {
            // What came in since the look stands as well; nobody has seen it.
            if find(transaction)?.is_none() {
                return Ok(false);
            }
            for act in mutations {
                self.write(transaction, &act.decided(kind, record))?;
            }
            Ok(true)
        })?;
        if decided { Ok(()) } else { Err(zh::decided_meanwhile()) }
    }

    /// What it takes to let `chosen` stand, as the rules of the ordinary edits allow it.
    fn decision(&self, conflicted: &ConflictedRecord, conflict: &FieldConflict, chosen: &Version) -> Result<Vec<Mutation>, Fault> {
        let (kind, field) = (conflicted.kind, conflict.field.name);
        let enrolled = self.facts().enrolled.ok_or_else(zh::not_enrolled)?;
        let keeps = conflict.versions.first().is_some_and(|shown| shown.value == chosen.value);
        match (kind, field, &chosen.value) {
            (RecordKind::Order, "state", Value::Text(state)) => return self.state_decision(conflicted, chosen, state),
            (RecordKind::Elder, "canteen", Value::Text(to)) => {
                for other in conflict.versions.iter().filter(|version| version.value != chosen.value) {
                    self.may_move(&enrolled.division, enrolled.canteen.as_deref(), &other.value, to)?;
                }
                return self.move_mutations(conflicted.record, to);
            }
            (RecordKind::Elder, "canteen", _) => return Err(shared::rule::binding::MoveRefusal::OfTheTown.into()),
            (RecordKind::Elder, "division", Value::Text(village)) => in_town(village, &enrolled.division)?,
            (kind, field, _) if is_sealed(kind, field) => {
                let owner = key_owner(kind, conflicted.record, &conflicted.history.fields());
                owner.map_or(Ok(()), |owner| self.not_erased(owner))?;
            }
            // What stands goes on to stand; the township decides when the time for free changes is over.
            (RecordKind::Receipt, ..) if !keeps => self.receipt_decision(conflicted.record, field, chosen, enrolled.canteen.is_some())?,
            _ => {}
        }
        Ok(vec![Mutation::edit(kind, conflicted.record, Fields::from([(field.into(), chosen.value.clone())]))])
    }

    /// Each of the states was a step that fitted where it was made, without knowing of the other; so it is judged from the beginning.
    fn state_decision(&self, conflicted: &ConflictedRecord, chosen: &Version, state: &str) -> Result<Vec<Mutation>, Fault> {
        let order = summary(self, conflicted.record)?;
        let state = OrderState::of_code(state).ok_or_else(zh::broken)?;
        let reason = beside::<NotDeliveredReason>(conflicted, chosen, "reason").or(order.reason);
        step(order.mode, OrderState::Placed, state, reason)?;
        let at = beside::<DateTime>(conflicted, chosen, "state_at").unwrap_or_else(|| version_at(chosen));
        Ok(vec![outcome_mutation(&order, state, reason, at)])
    }

    fn may_move(&self, division: &str, canteen: Option<&str>, from: &Value, to: &str) -> Result<(), Fault> {
        let from = match from {
            Value::Text(code) => code.as_str(),
            _ => return Ok(()),
        };
        let site = |code: &str| {
            self.read(|store| master::canteen(store, code)).map(|found| found.map(|canteen| canteen.division).unwrap_or_default())
        };
        let (there, here) = (site(from)?, site(to)?);
        let (from, to) = (Site { canteen: from, division: &there }, Site { canteen: to, division: &here });
        Ok(bind(&MoveFacts { desk_canteen: canteen, desk_division: division, from: Some(from), to })?)
    }

    fn receipt_decision(&self, record: RecordId, field: &str, chosen: &Version, at_canteen: bool) -> Result<(), Fault> {
        let order = summary(self, record)?;
        let Some(ReceiptSummary { recorded_at, .. }) = order.receipt else { return Ok(()) };
        let now = self.clock.now();
        if let ("arrived_at", Value::Text(at)) = (field, &chosen.value) {
            let at = at.parse().map_err(|_| Fault::new(Code::BadInput, "送达时间看不懂。", "请选另一个时间。"))?;
            receipt::arrival(order.date, at, now)?;
        }
        if at_canteen {
            let (_, _, _, code) = self.read(|store| order::particulars(store, order.id))?;
            let free_hours = self.read(|store| master::canteen(store, &code))?.map_or(24, |canteen| canteen.receipt_free_hours);
            receipt::change(recorded_at, free_hours, now)?;
        }
        Ok(())
    }
}
