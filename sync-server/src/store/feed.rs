//! Scopes and what each is to read. A scope is a canteen, a division or everybody; only those that a
//! device reads have a feed. A feed is ranges of the log: a change stands in the feed of every scope
//! that sees its record; a record that a scope sees only now is put there whole, and one that leaves
//! it is taken out, with a word that it has left.

use super::engine::{Got, Put, Row, put};
use super::log::logged_of;
use super::sealed::LOG;
use super::{Audience, RecordName, Scope, StoreError, Tx};
use shared::kinds::RecordKind;
use shared::schema::Scope as Placed;
use shared::sync::server::Page;
use shared::sync::{ChangeId, SetDigest, set_digest};
use shared::wire::WireChange;
use std::collections::BTreeSet;

/// The scope of what everybody sees.
pub const EVERYBODY: &str = "*";
/// Lengths of the codes of a city, a county, a town and a village.
const LEVELS: [usize; 4] = [4, 6, 9, 12];

impl Scope {
    /// The scope that a device of this scope reads, beside that of everybody.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Canteen(code) => format!("c:{code}"),
            Self::Division(code) => format!("d:{code}"),
        }
    }
}

/// All scopes that see a record with these audiences.
#[must_use]
pub fn scope_keys(audiences: &[Audience]) -> BTreeSet<String> {
    let mut scopes = BTreeSet::new();
    for audience in audiences {
        if audience.canteen == EVERYBODY {
            scopes.insert(EVERYBODY.to_owned());
            continue;
        }
        if !audience.canteen.is_empty() {
            scopes.insert(format!("c:{}", audience.canteen));
        }
        scopes.extend(LEVELS.iter().filter_map(|length| audience.division.get(..*length)).map(|code| format!("d:{code}")));
    }
    scopes
}

/// A piece of a feed: changes that follow each other in the log, or a record that has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// The position of the last of them.
    pub upto: i64,
    /// The first in the log.
    pub seq: i64,
    /// How many.
    pub changes: i64,
    /// For the device that brought them as well.
    pub whole: bool,
    /// The record that has left the scope.
    pub left: Option<RecordName>,
}

impl Range {
    /// Takes in one more change, if it follows. A range does not grow beyond what is read at a time.
    pub fn goes_on(&mut self, pos: i64, seq: i64, whole: bool) -> bool {
        let follows =
            self.changes < PIECE && self.left.is_none() && self.whole == whole && pos == self.upto + 1 && seq == self.seq + self.changes;
        if follows {
            self.upto = pos;
            self.changes += 1;
        }
        follows
    }

    /// What is left of it without the change at `seq`.
    #[must_use]
    pub fn without(&self, seq: i64) -> Vec<Self> {
        let before = Self { upto: self.upto - (self.seq + self.changes - seq), changes: seq - self.seq, ..self.clone() };
        let after = Self { seq: seq + 1, changes: self.seq + self.changes - seq - 1, ..self.clone() };
        [before, after].into_iter().filter(|part| part.changes > 0).collect()
    }
}

impl Tx<'_> {
    /// All scopes that have a feed: name, id and sum.
    pub fn scopes(&self) -> Result<Vec<(String, i64, SetDigest)>, StoreError> {
        self.all("SELECT name, id, digest FROM scope", put![], |row| Ok((row.get(0)?, row.get(1)?, sum_of(row.get(2)?))))
    }

    /// A scope by name.
    pub fn scope_of(&self, name: &str) -> Result<Option<(i64, SetDigest)>, StoreError> {
        self.one("SELECT id, digest FROM scope WHERE name = $1", put![name], |row| Ok((row.get(0)?, sum_of(row.get(1)?))))
    }

    /// Opens a feed for a scope.
    pub fn add_scope(&self, name: &str) -> Result<i64, StoreError> {
        let id =
            self.value("INSERT INTO scope (name, digest) VALUES ($1, $2) RETURNING id", put![name, &SetDigest::default().to_bytes()])?;
        id.ok_or(StoreError::Overlooked)
    }

    /// Keeps the sum of a scope.
    pub fn put_digest(&self, scope: i64, sum: &SetDigest) -> Result<(), StoreError> {
        self.execute("UPDATE scope SET digest = $1 WHERE id = $2", put![&sum.to_bytes(), scope])?;
        Ok(())
    }

    /// Puts ranges into the feed of a scope.
    pub fn feed(&self, scope: i64, ranges: &[Range]) -> Result<(), StoreError> {
        let mut values = Vec::with_capacity(ranges.len() * 7);
        for range in ranges {
            let (kind, record) = range.left.as_ref().map(|(kind, record)| (kind.code(), record)).unzip();
            values.extend([scope.into(), range.upto.into(), range.seq.into(), range.changes.into(), i64::from(range.whole).into()]);
            values.extend([kind.into(), record.map_or(Put::Null, |record| Put::Blob(record))]);
        }
        self.insert("INSERT INTO feed (scope, upto, seq, changes, whole, kind, record) VALUES", 7, "", &values)
    }

    /// Takes a logged change out of the feed of a scope; tells whether it stood there.
    pub fn take_out(&self, scope: i64, seq: i64) -> Result<bool, StoreError> {
        let found = self.one(
            "SELECT upto, seq, changes, whole FROM feed WHERE scope = $1 AND seq <= $2 AND kind IS NULL ORDER BY seq DESC LIMIT 1",
            put![scope, seq],
            |row| Ok(Range { upto: row.get(0)?, seq: row.get(1)?, changes: row.get(2)?, whole: row.get(3)?, left: None }),
        )?;
        let Some(range) = found.filter(|range| seq < range.seq + range.changes) else { return Ok(false) };
        self.execute("DELETE FROM feed WHERE scope = $1 AND upto = $2", put![scope, range.upto])?;
        self.feed(scope, &range.without(seq))?;
        self.spoil_snapshot(scope, range.upto - range.changes + 1 + seq - range.seq)?;
        Ok(true)
    }

    /// The ends: the last position given to any feed, and the last position in the log.
    pub fn ends(&self) -> Result<(i64, i64), StoreError> {
        let ends = self.setting(ENDS)?.unwrap_or_default();
        let (pos, seq) = ends.split_once(' ').unwrap_or_default();
        Ok((pos.parse().unwrap_or(0), seq.parse().unwrap_or(0)))
    }

    /// Keeps the ends.
    pub fn put_ends(&self, pos: i64, seq: i64) -> Result<(), StoreError> {
        self.set(ENDS, &format!("{pos} {seq}"))
    }

    /// The next ranges of two feeds behind `after`, about `PIECE` changes of them: the position where they end, and whether there is more.
    fn ahead(&self, scopes: [i64; 2], after: i64) -> Result<Option<i64>, StoreError> {
        let sql = format!(
            "SELECT f.upto, f.changes FROM (SELECT upto, changes FROM feed WHERE upto > $1 AND scope = $2 \
             UNION ALL SELECT upto, changes FROM feed WHERE upto > $1 AND scope = $3 ORDER BY 1 LIMIT {PIECE}) f ORDER BY f.upto"
        );
        let (mut upto, mut changes) = (None, 0);
        self.0.query(&sql, put![after, scopes[0], scopes[1]], &mut |row| {
            upto = Some(row.get(0)?);
            changes += row.get::<i64>(1)?;
            Ok(changes < PIECE)
        })?;
        Ok(upto)
    }

    /// Shows what two feeds hold behind `after`, in order: position, whether it is for everybody, device, change. Ends when `each` says no.
    fn run(
        &self,
        scopes: [i64; 2],
        mut after: i64,
        each: &mut dyn FnMut(&Passing<'_>) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT CASE WHEN l.seq IS NULL THEN f.upto ELSE f.upto - f.changes + 1 + l.seq - f.seq END, f.whole, f.kind, f.record, {} \
             FROM feed f LEFT JOIN log l ON f.kind IS NULL AND l.seq >= f.seq AND l.seq < f.seq + f.changes \
             WHERE f.scope IN ($1, $2) AND f.upto > $3 AND f.upto <= $4 ORDER BY f.upto, l.seq",
            LOG.listed("l.")
        );
        let mut goes_on = true;
        while goes_on && let Some(upto) = self.ahead(scopes, after)? {
            self.0.query(&sql, put![scopes[0], scopes[1], after, upto], &mut |row| {
                let pos = row.get(0)?;
                if pos > after {
                    goes_on = each(&Passing { tx: self, pos, row })?;
                }
                Ok(goes_on)
            })?;
            after = upto;
        }
        Ok(())
    }

    /// What two feeds hold behind `after`, not beyond `until`, up to about so many bytes and changes, without those of the device `but`.
    pub fn page(
        &self,
        scopes: [i64; 2],
        (after, until): (i64, Option<i64>),
        (bytes, most): (usize, usize),
        but: Option<&[u8]>,
    ) -> Result<Page, StoreError> {
        let (mut changes, mut size, mut next, mut more) = (Vec::new(), 0, after, false);
        self.run(scopes, after, &mut |passing| {
            more = changes.len() >= most || size >= bytes;
            if !more && let Some(until) = until.filter(|until| passing.pos > *until) {
                (more, next) = (true, until);
            }
            if more {
                return Ok(false);
            }
            next = passing.pos;
            if passing.is_for(but)?
                && let Some(change) = passing.change()?
            {
                size += change.bytes.len() + 40;
                changes.push(change);
            }
            Ok(true)
        })?;
        Ok(Page { changes, next: u64::try_from(next).unwrap_or(0), more, packed: Vec::new() })
    }

    /// Whether two feeds hold something behind `after` that is not of the device `but`.
    pub fn news(&self, scopes: [i64; 2], after: i64, but: &[u8]) -> Result<bool, StoreError> {
        let mut news = false;
        self.run(scopes, after, &mut |passing| {
            news = passing.is_for(Some(but))? && passing.change()?.is_some();
            Ok(!news)
        })?;
        Ok(news)
    }

    /// Shows everything that two feeds hold, in order.
    pub fn walk(&self, scopes: [i64; 2], visit: &mut dyn FnMut(&WireChange)) -> Result<(), StoreError> {
        self.run(scopes, 0, &mut |passing| {
            passing.change()?.filter(|change| !change.bytes.is_empty()).iter().for_each(&mut *visit);
            Ok(true)
        })
    }

    /// Position in the log and name of every change that a scope may see, in order: for the first feed of a scope.
    pub fn visible(&self, scope: &Scope) -> Result<Vec<(i64, ChangeId)>, StoreError> {
        let mut visible = Vec::new();
        for kind in RecordKind::ALL.iter().copied().filter(|kind| kind.leaves_the_server()) {
            // What has no row is seen where the record is to which it belongs.
            let table = if let Placed::With(owner) = kind.scope { owner } else { kind };
            let Some(condition) = scope.condition(table) else { continue };
            let sql = format!(
                "SELECT {} FROM (SELECT r.id FROM {} r WHERE {condition} AND r.id > $2 ORDER BY r.id LIMIT {PIECE}) s \
                 JOIN log l ON l.record = s.id AND l.kind = $3 ORDER BY l.record",
                LOG.listed("l."),
                table.code()
            );
            let mut after = Vec::new();
            loop {
                let some = self.all(&sql, put![scope.code(), &after, kind.code()], |row| {
                    let fits = self.fitting(&LOG, row, 0)?.is_some();
                    let (_, record, logged) = logged_of(row, 0)?;
                    Ok((record, fits.then(|| (logged.seq, set_digest::id(kind, &record, &logged.bytes)))))
                })?;
                let Some((last, _)) = some.last() else { break };
                after = last.to_vec();
                visible.extend(some.into_iter().filter_map(|(_, named)| named));
            }
        }
        visible.sort_unstable_by_key(|(seq, _)| *seq);
        Ok(visible)
    }
}

/// Where the columns of the log begin in what passes by.
const CHANGE: usize = 4;

/// What passes by when feeds are run through.
struct Passing<'r> {
    tx: &'r Tx<'r>,
    pos: i64,
    row: &'r Row<'r>,
}

impl Passing<'_> {
    fn is_for(&self, but: Option<&[u8]>) -> Result<bool, StoreError> {
        if but.is_none() || self.row.get::<bool>(1)? {
            return Ok(true);
        }
        Ok(self.row.get::<Option<Vec<u8>>>(CHANGE + 4)?.as_deref() != but)
    }

    /// The change; one without bytes where the record has left; none where another hand changed it, which goes to nobody.
    fn change(&self) -> Result<Option<WireChange>, StoreError> {
        if self.row.got(CHANGE)? == Got::Null {
            let named = (self.row.get::<Option<String>>(2)?, self.row.get::<Option<[u8; 16]>>(3)?);
            return Ok(Some(WireChange { kind: named.0.unwrap_or_default(), record: named.1.unwrap_or_default(), bytes: Vec::new() }));
        }
        if self.tx.fitting(&LOG, self.row, CHANGE)?.is_none() {
            return Ok(None);
        }
        let (kind, record, logged) = logged_of(self.row, CHANGE)?;
        Ok(Some(WireChange { kind, record, bytes: logged.bytes }))
    }
}

const ENDS: &str = "ends";
/// About so many changes are asked for at a time.
const PIECE: i64 = 512;

fn sum_of(bytes: Vec<u8>) -> SetDigest {
    SetDigest::from_bytes(&bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_record_is_seen_at_its_canteen_and_on_every_level_above() {
        let audience = |canteen: &str, division: &str| Audience { canteen: canteen.into(), division: division.into() };
        let scopes = scope_keys(&[audience("C1", "445381001"), audience("", "445381001008")]);
        let expect = ["c:C1", "d:4453", "d:445381", "d:445381001", "d:445381001008"];
        assert_eq!(scopes.iter().map(String::as_str).collect::<Vec<_>>(), expect);
        assert_eq!(scope_keys(&[audience("*", "")]), BTreeSet::from(["*".to_owned()]));
        assert_eq!(scope_keys(&[audience("C2", "")]), BTreeSet::from(["c:C2".to_owned()]));
    }
    proptest! {
        #[test]
        fn a_range_without_a_change_keeps_the_places_of_the_others(first in 1i64..50, changes in 1i64..20, gap in 0i64..1000, at in any::<prop::sample::Index>()) {
            let range = Range { upto: first + changes - 1 + gap, seq: first, changes, whole: false, left: None };
            let scopes = |range: &Range| (0..range.changes).map(|n| (range.upto - range.changes + 1 + n, range.seq + n)).collect::<Vec<_>>();
            let seq = first + i64::try_from(at.index(usize::try_from(changes).unwrap())).unwrap();
            let expect: Vec<_> = scopes(&range).into_iter().filter(|(_, other)| *other != seq).collect();
            prop_assert_eq!(range.without(seq).iter().flat_map(scopes).collect::<Vec<_>>(), expect);
        }
    }
}
