//! Where records are seen, and what follows when that changes: a record arrives whole at a scope that sees
//! it only now, and is withdrawn from one that sees it no longer.

use super::{Journal, ScopeFeed};
use crate::store::{Audience, EVERYBODY, Logged, Range, RecordName, Scope, StoreError, kinds_at_canteens, scope_keys};
use shared::kinds::RecordKind;
use shared::schema::{Fields, KindId, Scope as Placed, Value};
use shared::sync::{ChangeId, SetDigest, set_digest};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Names of scopes.
pub(super) type Visibility = Rc<BTreeSet<String>>;

/// Who brings a change, and when.
#[derive(Clone, Copy, Debug)]
pub struct Writer<'a> {
    /// Id of the device and what it may see; none for the centre.
    pub device: Option<(&'a [u8], &'a Scope)>,
    /// The server's time, in seconds.
    pub at: i64,
}

pub(super) fn text(fields: &Fields, name: &str) -> Option<String> {
    match fields.get(name) {
        Some(Value::Text(text)) if !text.is_empty() => Some(text.to_string()),
        _ => None,
    }
}

/// The record by whose fields it follows where a record is seen: its own, or those of the one to which it belongs.
pub(super) fn placed_by((kind, record): RecordName) -> RecordName {
    match kind.known().map(|kind| kind.scope) {
        Some(Placed::With(owner)) => (owner.into(), record),
        _ => (kind, record),
    }
}

/// The setting that names the kinds that were logged without being known.
const OPEN_KINDS: &str = "open_kinds";

impl Journal<'_, '_> {
    /// The scopes where a record with these fields is seen.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn audiences(&mut self, kind: impl Into<KindId>, fields: &Fields) -> Result<Vec<Audience>, StoreError> {
        let kind = kind.into();
        if kind.is_set_aside() {
            return Ok(Vec::new());
        }
        // A kind that this program does not know is placed by the two names that are part of the protocol.
        match kind.known().map_or(Placed::Named, |kind| kind.scope) {
            Placed::Named | Placed::With(_) => self.named_places(fields),
            Placed::Everybody => Ok(vec![Audience { canteen: EVERYBODY.into(), division: String::new() }]),
            Placed::Server => Ok(Vec::new()),
        }
    }

    /// Where a record with these fields stands, by which is judged who writes it. What everybody sees stands at one place: at its canteen where it
    /// names one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn places(&mut self, kind: KindId, fields: &Fields) -> Result<Vec<Audience>, StoreError> {
        match kind.known().map(|kind| kind.scope) {
            Some(Placed::Everybody) => Ok(self.named_places(fields)?.into_iter().take(1).collect()),
            _ => self.audiences(kind, fields),
        }
    }

    /// The canteen and the division that the fields name, in this order.
    fn named_places(&mut self, fields: &Fields) -> Result<Vec<Audience>, StoreError> {
        let at_canteen = match text(fields, "canteen").filter(|code| code != EVERYBODY) {
            Some(canteen) => Some(Audience { division: self.division_of(&canteen)?, canteen }),
            _ => None,
        };
        let in_division = text(fields, "division").map(|division| Audience { canteen: String::new(), division });
        Ok(at_canteen.into_iter().chain(in_division).collect())
    }

    fn division_of(&mut self, canteen: &str) -> Result<String, StoreError> {
        if let Some(division) = self.canteens.get(canteen) {
            return Ok(division.clone());
        }
        let division = self.tx.canteen(canteen)?.map(|site| site.division).unwrap_or_default();
        self.canteens.insert(canteen.to_owned(), division.clone());
        Ok(division)
    }

    /// A canteen is taken to stand there; where is asked for anew with none.
    fn place_canteen(&mut self, code: &str, division: Option<&str>) {
        self.last_visibility = None;
        match division {
            Some(division) => drop(self.canteens.insert(code.to_owned(), division.to_owned())),
            None => drop(self.canteens.remove(code)),
        }
    }

    /// The scopes that see a record. One of which only changes are known that wait for others is seen by those who brought them.
    pub(super) fn visibility(&mut self, kind: KindId, fields: &Fields, changes: &[Logged]) -> Result<Visibility, StoreError> {
        if fields.is_empty() {
            let mut scopes = BTreeSet::new();
            for device in changes.iter().filter_map(|logged| logged.device.as_ref()) {
                scopes.extend(self.tx.device_scope(device)?.map(|scope| scope.key()));
            }
            return Ok(scopes.into());
        }
        let named = |name: &str| fields.get(name).cloned().unwrap_or(Value::Null);
        let by = (kind, ["canteen", "code", "division"].map(named));
        if let Some((_, scopes)) = self.last_visibility.as_ref().filter(|(last, _)| *last == by) {
            return Ok(Rc::clone(scopes));
        }
        let scopes: Visibility = scope_keys(&self.audiences(kind, fields)?).into();
        self.last_visibility = Some((by, Rc::clone(&scopes)));
        Ok(scopes)
    }

    /// Feeds a record's latest change to all that see it: the change, or the whole to those who see it only now.
    pub(super) fn publish(
        &mut self,
        name: RecordName,
        seen_before: &BTreeSet<String>,
        seen_now: &BTreeSet<String>,
        (seq, change): (i64, ChangeId),
    ) -> Result<(), StoreError> {
        let is_new = self.file(name)?.is_none_or(|file| file.changes.len() == 1);
        if !is_new && seen_before != seen_now {
            let earlier = self.file(name)?.and_then(|file| Some(file.changes.split_last()?.1.to_vec())).unwrap_or_default();
            self.backfill(name, seen_before, seen_now, &earlier)?;
        }
        self.pos += 1;
        for scope in seen_now {
            self.feed(scope, self.pos, seq, !is_new && !seen_before.contains(scope), &change);
        }
        Ok(())
    }

    /// Puts a record's changes into the feeds of scopes that see it only now, and takes them out where it is seen no longer.
    pub(super) fn backfill(
        &mut self,
        name: RecordName,
        seen_before: &BTreeSet<String>,
        seen_now: &BTreeSet<String>,
        changes: &[Logged],
    ) -> Result<(), StoreError> {
        // What is gathered may be what is taken out.
        self.flush()?;
        let named: Vec<(i64, ChangeId)> =
            changes.iter().map(|logged| (logged.seq, set_digest::id(name.0, &name.1, &logged.bytes))).collect();
        for (seq, change) in &named {
            self.pos += 1;
            for scope in seen_now.difference(seen_before) {
                self.feed(scope, self.pos, *seq, true, change);
            }
        }
        for scope in seen_before.difference(seen_now) {
            let Some(known) = self.scopes.get_mut(scope) else { continue };
            for (seq, change) in &named {
                if self.tx.take_out(known.id, *seq)? {
                    known.digest.take_off(change);
                }
            }
            self.retract(scope, name);
        }
        Ok(())
    }

    /// A device that writes what its scope does not see is told that the record has left.
    pub(super) fn notify_writer(&mut self, name: RecordName, seen_now: &BTreeSet<String>, by: Writer<'_>) {
        if let Some((_, scope)) = by.device
            && !seen_now.contains(&scope.key())
            && !seen_now.contains(EVERYBODY)
        {
            self.retract(&scope.key(), name);
        }
    }

    /// Who brings what is known already is told once more whether he may keep it.
    pub(super) fn notify_again(&mut self, name: RecordName, by: Writer<'_>) -> Result<(), StoreError> {
        let fields = self.fields(placed_by(name))?.unwrap_or_default();
        let changes = self.file(name)?.map(|file| file.changes.clone()).unwrap_or_default();
        let seen_now = self.visibility(name.0, &fields, &changes)?;
        self.notify_writer(name, &seen_now, by);
        Ok(())
    }

    pub(super) fn retract(&mut self, scope: &str, name: RecordName) {
        let Some(scope) = self.scopes.get_mut(scope) else { return };
        if scope.new.last().is_some_and(|last| last.left == Some(name)) {
            return;
        }
        (self.pos, self.logged, scope.touched) = (self.pos + 1, true, true);
        scope.new.push(Range { upto: self.pos, seq: 0, changes: 1, whole: true, left: Some(name) });
    }

    pub(super) fn feed(&mut self, scope: &str, pos: i64, seq: i64, whole: bool, change: &ChangeId) {
        let Some(scope) = self.scopes.get_mut(scope) else { return };
        if !scope.new.last_mut().is_some_and(|last| last.goes_on(pos, seq, whole)) {
            scope.new.push(Range { upto: pos, seq, changes: 1, whole, left: None });
        }
        scope.digest.add(change);
        (scope.touched, self.logged) = (true, true);
    }

    /// The canteen stands elsewhere, or is there only now: all records that name it are seen elsewhere.
    pub(super) fn canteen_moves(&mut self, name: RecordName, before: &Fields) -> Result<(), StoreError> {
        let Some(after) = self.fields(name)? else { return Ok(()) };
        let codes: BTreeSet<String> = [before, &after].iter().filter_map(|fields| text(fields, "code")).collect();
        for code in codes {
            // Of several canteens under one code the first counts.
            self.place_canteen(&code, None);
            let old = self.division_of(&code)?;
            self.flush()?;
            self.place_canteen(&code, None);
            let new = self.division_of(&code)?;
            if old == new {
                continue;
            }
            for kind in kinds_at_canteens().collect::<Vec<_>>() {
                for some in self.tx.records_at(kind, &code)?.chunks(1_024) {
                    self.expect(some.to_vec())?;
                    for record in some {
                        self.canteen_moved((kind.into(), *record), &code, &old, &new)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn canteen_moved(&mut self, name: RecordName, code: &str, old: &str, new: &str) -> Result<(), StoreError> {
        let Some(file) = self.file(name)? else { return Ok(()) };
        let (fields, changes) = (file.fields.clone(), file.changes.clone());
        self.place_canteen(code, Some(old));
        let seen_before = self.visibility(name.0, &fields, &changes)?;
        self.place_canteen(code, Some(new));
        let seen_now = self.visibility(name.0, &fields, &changes)?;
        if seen_before == seen_now {
            return Ok(());
        }
        self.backfill(name, &seen_before, &seen_now, &changes)?;
        for (other, changes) in self.seen_with(name)? {
            self.backfill(other, &seen_before, &seen_now, &changes)?;
        }
        Ok(())
    }

    /// A record is seen elsewhere than with the fields `before`, and so is what is seen where it is.
    pub(super) fn others_follow(&mut self, name: RecordName, before: &Fields) -> Result<(), StoreError> {
        for (other, changes) in self.seen_with(name)? {
            let after = self.fields(name)?.unwrap_or_default();
            let (seen_before, seen_now) = (self.visibility(other.0, before, &changes)?, self.visibility(other.0, &after, &changes)?);
            if seen_before != seen_now {
                self.backfill(other, &seen_before, &seen_now, &changes)?;
            }
        }
        Ok(())
    }

    /// What is logged that is seen where this record is.
    fn seen_with(&mut self, (kind, record): RecordName) -> Result<Vec<(RecordName, Vec<Logged>)>, StoreError> {
        let mut others = Vec::new();
        for other in kind.known().into_iter().flat_map(RecordKind::seen_with) {
            let changes = self.file((other.into(), record))?.map(|file| file.changes.clone());
            others.extend(changes.filter(|changes| !changes.is_empty()).map(|changes| ((other.into(), record), changes)));
        }
        Ok(others)
    }

    /// Opens the feed of a scope with everything that it may see, unless it is open already.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn open_feed(&mut self, scope: &Scope) -> Result<(), StoreError> {
        self.flush()?;
        let name = scope.key();
        if self.scopes.contains_key(&name) {
            return Ok(());
        }
        self.open_scope(&name)?;
        let mut visible = self.tx.visible(scope)?;
        visible.extend(self.visible_of_open_kinds(&name)?);
        visible.sort_unstable_by_key(|(seq, _)| *seq);
        for (seq, change) in visible {
            self.pos += 1;
            self.feed(&name, self.pos, seq, false, &change);
        }
        self.flush()
    }

    /// What a scope may see of kinds that this program does not know: they have no rows to look in.
    fn visible_of_open_kinds(&mut self, scope: &str) -> Result<Vec<(i64, ChangeId)>, StoreError> {
        let mut visible = Vec::new();
        for kind in self.open_kinds()?.into_iter().filter(|kind| kind.known().is_none()) {
            for some in self.tx.records_of(kind)?.chunks(1_024) {
                self.expect(some.to_vec())?;
                for record in some {
                    let Some(file) = self.file((kind, *record))?.cloned() else { continue };
                    if self.visibility(kind, &file.fields, &file.changes)?.contains(scope) {
                        visible.extend(file.changes.iter().map(|logged| (logged.seq, set_digest::id(kind, record, &logged.bytes))));
                    }
                }
            }
        }
        Ok(visible)
    }

    /// The kinds that were logged without being known.
    fn open_kinds(&self) -> Result<BTreeSet<KindId>, StoreError> {
        let noted = self.tx.setting(OPEN_KINDS)?.unwrap_or_default();
        Ok(noted.split_whitespace().filter_map(KindId::of_code).collect())
    }

    /// Notes kinds that are logged without being known.
    pub(super) fn note_open(&self, kinds: BTreeSet<KindId>) -> Result<(), StoreError> {
        if kinds.is_empty() {
            return Ok(());
        }
        let noted = self.open_kinds()?;
        if kinds.is_subset(&noted) {
            return Ok(());
        }
        let all: Vec<String> = noted.union(&kinds).map(|kind| kind.code().to_owned()).collect();
        self.tx.set(OPEN_KINDS, &all.join(" "))
    }

    pub(super) fn open_scope(&mut self, name: &str) -> Result<(), StoreError> {
        if !self.scopes.contains_key(name) {
            let id = self.tx.add_scope(name)?;
            self.scopes.insert(name.to_owned(), ScopeFeed { id, digest: SetDigest::default(), touched: false, new: Vec::new() });
        }
        Ok(())
    }
}
