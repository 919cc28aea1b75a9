//! Places and what each is to read. A place is a canteen, a division or everybody; only those that a
//! device reads have a feed. A feed is ranges of the log: a change stands in the feed of every place
//! that sees its record; a record that a place sees only now is put there whole, and one that leaves
//! it is taken out, with a word that it has left.

use super::engine::{Put, Row, put};
use super::{Grant, RecordName, Scope, StoreError, Tx};
use shared::kinds::RecordKind;
use shared::schema::Scope as Placed;
use shared::sync::hub::Page;
use shared::sync::{ChangeName, SetSum, set_sum};
use shared::wire::WireChange;
use std::collections::BTreeSet;

/// The place of what everybody sees.
pub const EVERYBODY: &str = "*";
/// Lengths of the codes of a city, a county, a town and a village.
const LEVELS: [usize; 4] = [4, 6, 9, 12];

impl Scope {
    /// The place that a device of this scope reads, beside that of everybody.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Self::Canteen(code) => format!("c:{code}"),
            Self::Division(code) => format!("d:{code}"),
        }
    }
}

/// All places that see a record with these grants.
#[must_use]
pub fn places_of(grants: &[Grant]) -> BTreeSet<String> {
    let mut places = BTreeSet::new();
    for grant in grants {
        if grant.canteen == EVERYBODY {
            places.insert(EVERYBODY.to_owned());
            continue;
        }
        if !grant.canteen.is_empty() {
            places.insert(format!("c:{}", grant.canteen));
        }
        places.extend(LEVELS.iter().filter_map(|length| grant.division.get(..*length)).map(|code| format!("d:{code}")));
    }
    places
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
    /// The record that has left the place.
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
    /// All places that have a feed: name, id and sum.
    pub fn places(&self) -> Result<Vec<(String, i64, SetSum)>, StoreError> {
        self.all("SELECT name, id, sum FROM place", put![], |row| Ok((row.get(0)?, row.get(1)?, sum_of(row.get(2)?))))
    }

    /// A place by name.
    pub fn place(&self, name: &str) -> Result<Option<(i64, SetSum)>, StoreError> {
        self.one("SELECT id, sum FROM place WHERE name = $1", put![name], |row| Ok((row.get(0)?, sum_of(row.get(1)?))))
    }

    /// Opens a feed for a place.
    pub fn add_place(&self, name: &str) -> Result<i64, StoreError> {
        let id = self.value("INSERT INTO place (name, sum) VALUES ($1, $2) RETURNING id", put![name, &SetSum::default().to_bytes()])?;
        id.ok_or(StoreError::Overlooked)
    }

    /// Keeps the sum of a place.
    pub fn put_sum(&self, place: i64, sum: &SetSum) -> Result<(), StoreError> {
        self.execute("UPDATE place SET sum = $1 WHERE id = $2", put![&sum.to_bytes(), place])?;
        Ok(())
    }

    /// Puts ranges into the feed of a place.
    pub fn feed(&self, place: i64, ranges: &[Range]) -> Result<(), StoreError> {
        let mut values = Vec::with_capacity(ranges.len() * 7);
        for range in ranges {
            let (kind, record) = range.left.as_ref().map(|(kind, record)| (kind.code(), record)).unzip();
            values.extend([place.into(), range.upto.into(), range.seq.into(), range.changes.into(), i64::from(range.whole).into()]);
            values.extend([kind.into(), record.map_or(Put::Null, |record| Put::Blob(record))]);
        }
        self.insert("INSERT INTO feed (place, upto, seq, changes, whole, kind, record) VALUES", 7, "", &values)
    }

    /// Takes a logged change out of the feed of a place; tells whether it stood there.
    pub fn take_out(&self, place: i64, seq: i64) -> Result<bool, StoreError> {
        let found = self.one(
            "SELECT upto, seq, changes, whole FROM feed WHERE place = $1 AND seq <= $2 AND kind IS NULL ORDER BY seq DESC LIMIT 1",
            put![place, seq],
            |row| Ok(Range { upto: row.get(0)?, seq: row.get(1)?, changes: row.get(2)?, whole: row.get(3)?, left: None }),
        )?;
        let Some(range) = found.filter(|range| seq < range.seq + range.changes) else { return Ok(false) };
        self.execute("DELETE FROM feed WHERE place = $1 AND upto = $2", put![place, range.upto])?;
        self.feed(place, &range.without(seq))?;
        self.spoil_snapshot(place, range.upto - range.changes + 1 + seq - range.seq)?;
        Ok(true)
    }

    /// The ends: the last position given to any feed, and the last place in the log.
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
    fn ahead(&self, places: [i64; 2], after: i64) -> Result<Option<i64>, StoreError> {
        let sql = format!(
            "SELECT f.upto, f.changes FROM (SELECT upto, changes FROM feed WHERE upto > $1 AND place = $2 \
             UNION ALL SELECT upto, changes FROM feed WHERE upto > $1 AND place = $3 ORDER BY 1 LIMIT {PIECE}) f ORDER BY f.upto"
        );
        let (mut upto, mut changes) = (None, 0);
        self.0.query(&sql, put![after, places[0], places[1]], &mut |row| {
            upto = Some(row.get(0)?);
            changes += row.get::<i64>(1)?;
            Ok(changes < PIECE)
        })?;
        Ok(upto)
    }

    /// Shows what two feeds hold behind `after`, in order: position, whether it is for everybody, device, change. Ends when `each` says no.
    fn run(
        &self,
        places: [i64; 2],
        mut after: i64,
        each: &mut dyn FnMut(&Passing<'_>) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let sql = "SELECT CASE WHEN l.seq IS NULL THEN f.upto ELSE f.upto - f.changes + 1 + l.seq - f.seq END, f.whole, l.device, \
             coalesce(l.kind, f.kind), coalesce(l.record, f.record), l.bytes \
             FROM feed f LEFT JOIN log l ON f.kind IS NULL AND l.seq >= f.seq AND l.seq < f.seq + f.changes \
             WHERE f.place IN ($1, $2) AND f.upto > $3 AND f.upto <= $4 ORDER BY f.upto, l.seq";
        let mut goes_on = true;
        while goes_on && let Some(upto) = self.ahead(places, after)? {
            self.0.query(sql, put![places[0], places[1], after, upto], &mut |row| {
                let pos = row.get(0)?;
                if pos > after {
                    goes_on = each(&Passing { pos, row })?;
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
        places: [i64; 2],
        (after, until): (i64, Option<i64>),
        (bytes, most): (usize, usize),
        but: Option<&[u8]>,
    ) -> Result<Page, StoreError> {
        let (mut changes, mut size, mut next, mut more) = (Vec::new(), 0, after, false);
        self.run(places, after, &mut |passing| {
            more = changes.len() >= most || size >= bytes;
            if !more && let Some(until) = until.filter(|until| passing.pos > *until) {
                (more, next) = (true, until);
            }
            if more {
                return Ok(false);
            }
            next = passing.pos;
            if passing.is_for(but)? {
                let change = passing.change()?;
                size += change.bytes.len() + 40;
                changes.push(change);
            }
            Ok(true)
        })?;
        Ok(Page { changes, next: u64::try_from(next).unwrap_or(0), more, packed: Vec::new() })
    }

    /// Whether two feeds hold something behind `after` that is not of the device `but`.
    pub fn news(&self, places: [i64; 2], after: i64, but: &[u8]) -> Result<bool, StoreError> {
        let mut news = false;
        self.run(places, after, &mut |passing| {
            news = passing.is_for(Some(but))?;
            Ok(!news)
        })?;
        Ok(news)
    }

    /// Shows everything that two feeds hold, in order.
    pub fn walk(&self, places: [i64; 2], visit: &mut dyn FnMut(&WireChange)) -> Result<(), StoreError> {
        self.run(places, 0, &mut |passing| {
            let change = passing.change()?;
            if !change.bytes.is_empty() {
                visit(&change);
            }
            Ok(true)
        })
    }

    /// Place in the log and name of every change that a scope may see, in order: for the first feed of a place.
    pub fn visible(&self, scope: &Scope) -> Result<Vec<(i64, ChangeName)>, StoreError> {
        let mut visible = Vec::new();
        for kind in RecordKind::ALL.iter().copied().filter(|kind| kind.leaves_the_server()) {
            // What has no row is seen where the record is to which it belongs.
            let table = if let Placed::With(owner) = kind.scope { owner } else { kind };
            let Some(condition) = scope.condition(table) else { continue };
            let sql = format!(
                "SELECT l.seq, l.record, l.bytes FROM (SELECT r.id FROM {} r WHERE {condition} AND r.id > $2 ORDER BY r.id LIMIT {PIECE}) s \
                 JOIN log l ON l.record = s.id AND l.kind = $3 ORDER BY l.record",
                table.code()
            );
            let mut after = Vec::new();
            loop {
                let some = self.all(&sql, put![scope.code(), &after, kind.code()], |row| {
                    let (record, bytes): ([u8; 16], Vec<u8>) = (row.get(1)?, row.get(2)?);
                    Ok((record, (row.get(0)?, set_sum::name(kind, &record, &bytes))))
                })?;
                let Some((last, _)) = some.last() else { break };
                after = last.to_vec();
                visible.extend(some.into_iter().map(|(_, named)| named));
            }
        }
        visible.sort_unstable_by_key(|(seq, _)| *seq);
        Ok(visible)
    }
}

/// What passes by when feeds are run through.
struct Passing<'r> {
    pos: i64,
    row: &'r Row<'r>,
}

impl Passing<'_> {
    fn is_for(&self, but: Option<&[u8]>) -> Result<bool, StoreError> {
        if but.is_none() || self.row.get::<bool>(1)? {
            return Ok(true);
        }
        Ok(self.row.get::<Option<Vec<u8>>>(2)?.as_deref() != but)
    }

    /// The change; one without bytes where the record has left.
    fn change(&self) -> Result<WireChange, StoreError> {
        let bytes = self.row.get::<Option<Vec<u8>>>(5)?.unwrap_or_default();
        Ok(WireChange { kind: self.row.get(3)?, record: self.row.get(4)?, bytes })
    }
}

const ENDS: &str = "ends";
/// About so many changes are asked for at a time.
const PIECE: i64 = 512;

fn sum_of(bytes: Vec<u8>) -> SetSum {
    SetSum::from_bytes(&bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_record_is_seen_at_its_canteen_and_on_every_level_above() {
        let grant = |canteen: &str, division: &str| Grant { canteen: canteen.into(), division: division.into() };
        let places = places_of(&[grant("C1", "445381001"), grant("", "445381001008")]);
        let expect = ["c:C1", "d:4453", "d:445381", "d:445381001", "d:445381001008"];
        assert_eq!(places.iter().map(String::as_str).collect::<Vec<_>>(), expect);
        assert_eq!(places_of(&[grant("*", "")]), BTreeSet::from(["*".to_owned()]));
        assert_eq!(places_of(&[grant("C2", "")]), BTreeSet::from(["c:C2".to_owned()]));
    }
    proptest! {
        #[test]
        fn a_range_without_a_change_keeps_the_places_of_the_others(first in 1i64..50, changes in 1i64..20, gap in 0i64..1000, at in any::<prop::sample::Index>()) {
            let range = Range { upto: first + changes - 1 + gap, seq: first, changes, whole: false, left: None };
            let places = |range: &Range| (0..range.changes).map(|n| (range.upto - range.changes + 1 + n, range.seq + n)).collect::<Vec<_>>();
            let seq = first + i64::try_from(at.index(usize::try_from(changes).unwrap())).unwrap();
            let expect: Vec<_> = places(&range).into_iter().filter(|(_, other)| *other != seq).collect();
            prop_assert_eq!(range.without(seq).iter().flat_map(places).collect::<Vec<_>>(), expect);
        }
    }
}
