//! Places and what each is to read. A place is a canteen, a division or everybody; only those that a
//! device reads have a feed. A change stands in the feed of every place that sees its record; a
//! record that a place sees only now is put there whole.

use super::engine::{Row, put};
use super::{Grant, Scope, StoreError, Tx};
use shared::record::RecordKind;
use shared::sync::SetSum;
use shared::sync::hub::Page;
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

/// A change as it stands in a feed.
pub struct Fed {
    /// Its place in the log.
    pub seq: i64,
    /// Its record kind, record and bytes.
    pub change: WireChange,
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

    /// Puts a logged change into the feed of a place.
    pub fn feed(&self, place: i64, pos: i64, seq: i64) -> Result<(), StoreError> {
        self.execute("INSERT INTO feed (place, pos, seq) VALUES ($1, $2, $3)", put![place, pos, seq])?;
        Ok(())
    }

    /// The last position given to any feed.
    pub fn last_pos(&self) -> Result<i64, StoreError> {
        Ok(self.setting(LAST_POS)?.and_then(|value| value.parse().ok()).unwrap_or(0))
    }

    /// Keeps the last position given.
    pub fn put_last_pos(&self, pos: i64) -> Result<(), StoreError> {
        self.set(LAST_POS, &pos.to_string())
    }

    /// What two feeds hold behind `after`, up to about so many bytes and changes, without those of the device `but`.
    pub fn page(&self, places: [i64; 2], after: i64, bytes: usize, most: usize, but: Option<&[u8]>) -> Result<Page, StoreError> {
        let sql = format!(
            "SELECT f.pos, l.kind, l.record, l.bytes, l.device FROM (SELECT pos, seq FROM feed WHERE pos > $1 AND place = $2 \
             UNION ALL SELECT pos, seq FROM feed WHERE pos > $1 AND place = $3 ORDER BY 1 LIMIT {PIECE}) f \
             JOIN log l ON l.seq = f.seq ORDER BY f.pos"
        );
        let (mut changes, mut size, mut next, mut more) = (Vec::new(), 0, after, false);
        loop {
            let mut seen = 0;
            self.0.query(&sql, put![next, places[0], places[1]], &mut |row| {
                more = changes.len() >= most || size >= bytes;
                if more {
                    return Ok(false);
                }
                seen += 1;
                next = row.get(0)?;
                let device: Option<Vec<u8>> = row.get(4)?;
                if but.is_none() || device.as_deref() != but {
                    let change = change_of(row, 1)?;
                    size += change.bytes.len() + 40;
                    changes.push(change);
                }
                Ok(true)
            })?;
            if more || seen < PIECE {
                return Ok(Page { changes, next: whole(next), more });
            }
        }
    }

    /// Whether two feeds hold something behind `after` that is not of the device `but`.
    pub fn news(&self, places: [i64; 2], after: i64, but: &[u8]) -> Result<bool, StoreError> {
        self.exists(
            "SELECT 1 FROM feed f JOIN log l ON l.seq = f.seq WHERE f.place IN ($1, $2) AND f.pos > $3 \
             AND (l.device IS NULL OR l.device <> $4) LIMIT 1",
            put![places[0], places[1], after, but],
        )
    }

    /// Shows everything that two feeds hold, in order; a change that stands in a feed twice is shown once.
    pub fn walk(&self, places: [i64; 2], visit: &mut dyn FnMut(&WireChange)) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT l.seq, l.kind, l.record, l.bytes FROM log l WHERE l.seq > $1 \
             AND l.seq IN (SELECT seq FROM feed WHERE place IN ($2, $3)) ORDER BY l.seq LIMIT {PIECE}"
        );
        let mut after = 0;
        loop {
            let mut seen = 0;
            self.0.query(&sql, put![after, places[0], places[1]], &mut |row| {
                seen += 1;
                after = row.get(0)?;
                visit(&change_of(row, 1)?);
                Ok(true)
            })?;
            if seen < PIECE {
                return Ok(());
            }
        }
    }

    /// Everything in the log that a scope may see, in order: for the first feed of a place.
    pub fn visible(&self, scope: &Scope) -> Result<Vec<Fed>, StoreError> {
        let (condition, code) = scope.condition("$1");
        let sql = format!(
            "SELECT l.seq, l.kind, l.record, l.bytes FROM log l WHERE EXISTS \
             (SELECT 1 FROM scope s WHERE s.record = l.record AND s.kind = l.kind AND s.canteen <> '*' AND {condition}) ORDER BY l.seq"
        );
        self.all(&sql, put![code], |row| Ok(Fed { seq: row.get(0)?, change: change_of(row, 1)? }))
    }

    /// The grants of a record.
    pub fn grants(&self, kind: RecordKind, record: &[u8]) -> Result<Vec<Grant>, StoreError> {
        self.all("SELECT canteen, division FROM scope WHERE record = $1 AND kind = $2", put![record, kind.code()], |row| {
            Ok(Grant { canteen: row.get(0)?, division: row.get(1)? })
        })
    }
}

const LAST_POS: &str = "last_pos";
/// So many rows are asked for at a time.
const PIECE: u32 = 512;

fn change_of(row: &Row<'_>, from: usize) -> Result<WireChange, StoreError> {
    Ok(WireChange { kind: row.get(from)?, record: row.get(from + 1)?, bytes: row.get(from + 2)? })
}

fn whole(pos: i64) -> u64 {
    u64::try_from(pos).unwrap_or(0)
}

fn sum_of(bytes: Vec<u8>) -> SetSum {
    SetSum::from_bytes(&bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_seen_at_its_canteen_and_on_every_level_above() {
        let grant = |canteen: &str, division: &str| Grant { canteen: canteen.into(), division: division.into() };
        let places = places_of(&[grant("C1", "445381001"), grant("", "445381001008")]);
        let expect = ["c:C1", "d:4453", "d:445381", "d:445381001", "d:445381001008"];
        assert_eq!(places.iter().map(String::as_str).collect::<Vec<_>>(), expect);
        assert_eq!(places_of(&[grant("*", "")]), BTreeSet::from(["*".to_owned()]));
        assert_eq!(places_of(&[grant("C2", "")]), BTreeSet::from(["c:C2".to_owned()]));
    }
}
