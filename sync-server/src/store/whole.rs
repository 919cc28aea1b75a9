//! Sealed tables as a whole: held against their ends, emptied where that does no harm, and sealed for the first time when a database comes
//! from a version without seals.

use super::engine::{Got, Put, put};
use super::seal::End;
use super::sealed::{ALL, LOG, STANDING, Sealed};
use super::setting::{OPEN, SIGNATURES_CHECKED};
use super::{StoreError, Tx};
use std::collections::BTreeSet;

/// The setting that says which tables were sealed.
const SEALED: &str = "sealed_tables";
/// The end that says how far all others were with the last row of the audit log.
const AUDIT: &str = "audit";
/// So many rows of the log are sealed at a time.
const AT_ONCE: i64 = 2_000;

/// What of a table is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsealed {
    /// A row, by its key.
    Row(&'static str, String),
    /// Rows went, came back, or the table's end was changed.
    Table(&'static str),
    /// All tables are older than the audit log says.
    PutBack,
}

impl Tx<'_> {
    /// Holds a table against its end; shows the keys of rows that do not fit.
    fn look_over(&self, of: &Sealed, bad: &mut dyn FnMut(String)) -> Result<bool, StoreError> {
        let open = if of.name == "setting" { format!(" WHERE name NOT IN ('{}')", OPEN.join("', '")) } else { String::new() };
        let sql = format!("SELECT {} FROM {}{open}", of.listed(""), of.name);
        let (mut rows, mut sum, mut all_fit) = (0, 0_u128, true);
        self.0.stream(&sql, put![], &mut |row| {
            match self.fitting(of, row, 0)? {
                Some(mac) => (rows, sum) = (rows + 1, sum.wrapping_add(mac.share)),
                None => {
                    all_fit = false;
                    bad(of.key_of(row, 0));
                }
            }
            Ok(true)
        })?;
        let fits = all_fit && self.end_of(of.name)?.is_some_and(|end| (end.rows, end.sum) == (rows, sum));
        if !fits {
            self.forged(of.name, "");
        }
        Ok(fits)
    }

    /// Whether a table is as its end says. It is read whole: for tables that do not grow with the years.
    pub(super) fn is_whole(&self, of: &Sealed) -> Result<bool, StoreError> {
        self.look_over(of, &mut |_| {})
    }

    /// Empties a table that is not as its end says: nobody knows which of its rows came back.
    pub(super) fn empty_unless_whole(&self, of: &Sealed) -> Result<(), StoreError> {
        if self.is_whole(of)? {
            return Ok(());
        }
        self.execute(&format!("DELETE FROM {}", of.name), put![])?;
        let version = self.end_of(of.name)?.unwrap_or_default().version;
        self.put_end(of.name, &End { version: version + 1, ..End::default() })
    }

    /// Holds the sealed tables against their ends, all or those that do not grow with the years, and their ends against the audit log.
    pub fn unsealed(&self, all: bool) -> Result<Vec<Unsealed>, StoreError> {
        let mut found = Vec::new();
        for of in ALL.iter().filter(|of| all || !of.is_large) {
            let begins = found.len();
            let fits = self.look_over(of, &mut |key| found.push(Unsealed::Row(of.name, key)))?;
            if !fits && found.len() == begins {
                found.push(Unsealed::Table(of.name));
            }
        }
        if !self.follow_the_audit()? {
            self.forged(AUDIT, "");
            found.push(Unsealed::PutBack);
        }
        Ok(found)
    }

    /// Whether every row of the log is there, as it was written.
    pub fn log_is_whole(&self) -> Result<bool, StoreError> {
        self.is_whole(&LOG)
    }

    fn versions(&self) -> Result<i64, StoreError> {
        let seal = self.seal()?;
        let ends: Vec<(String, Vec<u8>)> =
            self.all("SELECT name, sealed FROM table_end WHERE name <> $1", put![AUDIT], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let versions = ends.iter().filter_map(|(name, sealed)| Some(seal.open(name, sealed)?.version));
        Ok(versions.fold(0, i64::saturating_add))
    }

    /// Notes how far the tables are with this row of the audit log.
    pub fn bind_to_audit(&self, row: i64) -> Result<(), StoreError> {
        let end = End { version: self.versions()?, rows: row, sum: 0 };
        self.put_end(AUDIT, &end)
    }

    /// Whether the tables are at least where they were with the last row of the audit log.
    fn follow_the_audit(&self) -> Result<bool, StoreError> {
        let last = self.audit_end(super::EndName::Head)?.map_or(0, |head| head.number);
        let Some(bound) = self.end_of(AUDIT)? else { return Ok(last == 0) };
        Ok(bound.rows == last && self.versions()? >= bound.version)
    }

    /// Seals what was not sealed before: all tables but those that are known to be. Gives how many rows that were, and which tables are
    /// sealed now. What a hand with SQL takes away from the setting, the caller knows from elsewhere.
    pub fn seal_tables(&self, known: &BTreeSet<String>) -> Result<(u64, BTreeSet<String>), StoreError> {
        let sealed = self.all_sealed_tables(known)?;
        let due: Vec<&Sealed> = ALL.iter().copied().filter(|of| !sealed.contains(of.name)).collect();
        if due.is_empty() {
            return Ok((0, sealed));
        }
        self.seal_anew(&due).map(|rows| (rows, ALL.iter().map(|of| of.name.to_owned()).chain(sealed).collect()))
    }

    /// Seals all tables as they stand, whatever stood there before.
    pub fn seal_all_anew(&self) -> Result<u64, StoreError> {
        self.seal_anew(ALL)
    }

    fn seal_anew(&self, due: &[&Sealed]) -> Result<u64, StoreError> {
        let mut rows = 0;
        // What was held against signatures is what stood there before.
        self.execute("DELETE FROM setting WHERE name = $1", put![SIGNATURES_CHECKED])?;
        for of in due {
            rows += self.seal_table(of)?;
        }
        if due.iter().any(|of| of.name == STANDING.name) {
            self.note_all_standing()?;
        }
        let named: Vec<&str> = ALL.iter().map(|of| of.name).collect();
        self.set(SEALED, &named.join(" "))?;
        let last = self.audit_end(super::EndName::Head)?.map_or(0, |head| head.number);
        if last > 0 {
            self.bind_to_audit(last)?;
        }
        Ok(rows)
    }

    /// Which tables the database says were sealed; none where it says so with a wrong MAC.
    fn sealed_tables(&self) -> Result<BTreeSet<String>, StoreError> {
        let text = match self.setting(SEALED) {
            Err(StoreError::Forged(_)) => None,
            text => text?,
        };
        Ok(text.unwrap_or_default().split_whitespace().map(ToOwned::to_owned).collect())
    }

    /// The tables that are sealed, as the database and the caller know them.
    pub fn all_sealed_tables(&self, known: &BTreeSet<String>) -> Result<BTreeSet<String>, StoreError> {
        Ok(self.sealed_tables()?.union(known).cloned().collect())
    }

    /// Whether all tables are known to be sealed.
    pub fn are_sealed(&self, known: &BTreeSet<String>) -> Result<bool, StoreError> {
        let sealed = self.all_sealed_tables(known)?;
        Ok(ALL.iter().all(|of| sealed.contains(of.name)))
    }

    /// Gives every row of a table its MAC, and the table its end.
    fn seal_table(&self, of: &Sealed) -> Result<u64, StoreError> {
        let seal = self.seal()?;
        if of.name == STANDING.name {
            self.execute("DELETE FROM standing", put![])?;
        }
        let paged = of.name == LOG.name;
        let condition = match of.name {
            "setting" => format!("name NOT IN ('{}')", OPEN.join("', '")),
            _ if paged => format!("seq > $1 ORDER BY seq LIMIT {AT_ONCE}"),
            _ => "1 = 1".to_owned(),
        };
        let sql = format!("SELECT {} FROM {} WHERE {condition}", of.listed(""), of.name);
        let keys: Vec<String> = of.key.iter().zip(2..).map(|(name, at)| format!("{name} = ${at}")).collect();
        let update = format!("UPDATE {} SET mac = $1 WHERE {}", of.name, keys.join(" AND "));
        let version = self.end_of(of.name)?.unwrap_or_default().version;
        let (mut end, mut after) = (End { version: version + 1, ..End::default() }, i64::MIN);
        loop {
            let values: &[Put<'_>] = if paged { put![after] } else { put![] };
            let some = self.all(&sql, values, |row| {
                let mac = seal.mac(of.name, of.names().enumerate().map(|(at, name)| (name, row.got(at).unwrap_or(Got::Null))));
                let key: Vec<_> = (0..of.key.len()).map(|at| row.got(at).map(super::sealed::Kept::of)).collect::<Result<_, _>>()?;
                Ok((key, mac))
            })?;
            for (key, mac) in &some {
                let values: Vec<Put<'_>> = [Put::Blob(&mac.kept)].into_iter().chain(key.iter().map(super::sealed::Kept::put)).collect();
                self.execute(&update, &values)?;
                (end.rows, end.sum) = (end.rows + 1, end.sum.wrapping_add(mac.share));
            }
            match some.last().and_then(|(key, _)| key.first()) {
                Some(super::sealed::Kept::Int(last)) if paged => after = *last,
                _ => break,
            }
        }
        self.put_end(of.name, &end)?;
        Ok(u64::try_from(end.rows).unwrap_or(0))
    }
}
