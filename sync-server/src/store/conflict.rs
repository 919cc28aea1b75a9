//! Fields in which different values stand until a person decides. Made from the log, where the values are.

use super::engine::{Put, put};
use super::{RecordName, Scope, StoreError, Tx};
use shared::conflict::FieldConflict;
use shared::kinds::RecordKind;
use shared::schema::KindId;

/// A record and the field in which something is open.
pub type OpenField = ((RecordKind, [u8; 16]), String);

/// Rows of a page.
const PAGE: i64 = 50;

/// What of the conflicts a scope sees. What is sealed under keys that were destroyed nobody can decide any more.
fn condition(scope: &Scope) -> String {
    let asked = RecordKind::ALL.iter().copied().filter(|kind| kind.is_asked());
    let seen = asked.filter_map(|kind| {
        let (table, seen) = (kind.code(), scope.condition(kind)?);
        let sealed: Vec<String> = kind.sealed().map(|field| format!("'{}'", field.name)).collect();
        let closed = match kind.key_owner() {
            _ if sealed.is_empty() => String::new(),
            None => format!(" AND NOT (x.field IN ({}) AND EXISTS (SELECT 1 FROM erased g WHERE g.elder = x.record))", sealed.join(", ")),
            Some(owner) => format!(
                " AND NOT (x.field IN ({}) AND EXISTS (SELECT 1 FROM erased g JOIN {table} r ON r.\"{owner}\" = g.elder WHERE r.id = x.record))",
                sealed.join(", ")
            ),
        };
        Some(format!("(x.kind = '{table}' AND EXISTS (SELECT 1 FROM {table} r WHERE r.id = x.record AND {seen}){closed})"))
    });
    format!("({})", seen.collect::<Vec<_>>().join(" OR "))
}

impl Tx<'_> {
    /// Writes what is open in a record, in place of what stood there.
    pub fn put_conflicts(&self, (kind, record): RecordName, open: &[FieldConflict]) -> Result<(), StoreError> {
        self.execute("DELETE FROM conflict WHERE record = $1 AND kind = $2", put![&record, kind.code()])?;
        let mut values = Vec::with_capacity(open.len() * 4);
        for conflict in open {
            values.extend([Put::Blob(&record), kind.code().into(), conflict.field.name.into(), conflict.at().into()]);
        }
        self.insert("INSERT INTO conflict (record, kind, field, at) VALUES", 4, "", &values)
    }

    /// Whether what stands there as open in a record is this.
    pub fn conflicts_stand(&self, (kind, record): RecordName, open: &[FieldConflict]) -> Result<bool, StoreError> {
        let sql = "SELECT field, at FROM conflict WHERE record = $1 AND kind = $2 ORDER BY field";
        let there: Vec<(String, i64)> = self.all(sql, put![&record, kind.code()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut due: Vec<(String, i64)> = open.iter().map(|conflict| (conflict.field.name.to_owned(), conflict.at())).collect();
        due.sort_unstable();
        Ok(there == due)
    }

    /// Records with something open of which the log knows nothing.
    pub fn conflicts_without(&self) -> Result<Vec<RecordName>, StoreError> {
        let sql = "SELECT DISTINCT x.kind, x.record FROM conflict x \
             WHERE NOT EXISTS (SELECT 1 FROM log l WHERE l.record = x.record AND l.kind = x.kind) ORDER BY x.record, x.kind";
        let names = self.all(sql, put![], |row| Ok((KindId::of_code(&row.get::<String>(0)?), row.get(1)?)))?;
        Ok(names.into_iter().filter_map(|(kind, record)| Some((kind?, record))).collect())
    }

    /// A page of what waits for a person in a scope, the latest first: records and fields; and how many there are.
    pub fn conflicts(&self, scope: &Scope, page: u32) -> Result<(Vec<OpenField>, u64), StoreError> {
        let condition = condition(scope);
        let count: i64 = self.value(&format!("SELECT count(*) FROM conflict x WHERE {condition}"), put![scope.code()])?.unwrap_or(0);
        let sql = format!(
            "SELECT x.kind, x.record, x.field FROM conflict x WHERE {condition} \
             ORDER BY x.at DESC, x.record, x.kind, x.field LIMIT {PAGE} OFFSET $2"
        );
        let rows = self.all(&sql, put![scope.code(), i64::from(page) * PAGE], |row| {
            Ok((RecordKind::of_code(&row.get::<String>(0)?), row.get(1)?, row.get(2)?))
        })?;
        let named = |(kind, record, field): (Option<RecordKind>, _, _)| Some(((kind?, record), field));
        Ok((rows.into_iter().filter_map(named).collect(), u64::try_from(count).unwrap_or(0)))
    }

    /// The name of the device of a number.
    pub fn device_name(&self, number: u32) -> Result<Option<String>, StoreError> {
        let name = self.one("SELECT name FROM device WHERE number = $1 ORDER BY id LIMIT 1", put![i64::from(number)], |row| row.get(0))?;
        Ok(name.flatten())
    }
}
