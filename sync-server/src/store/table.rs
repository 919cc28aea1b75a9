//! The tables of records, made as their kinds are declared when a database is opened. Columns that stand in no declaration are left
//! alone: a newer program may run beside this one.

use super::engine::{Dialect, postgres, put, sqlite};
use super::{Base, Store, StoreError, Tx};
use shared::kinds::RecordKind;
use shared::schema::{Column, Missing, Tables, index_name};

impl Store {
    /// Makes what is declared and not there; a database in which nothing is missing is only looked at.
    pub(super) fn with_tables(self) -> Result<Self, StoreError> {
        let dialect = match &self.base {
            Base::Sqlite(_) => &sqlite::DIALECT,
            Base::Postgres(_) => &postgres::DIALECT,
        };
        let lacks = |tx: &Tx<'_>| {
            let newer = tx.declared()?.keys().any(|code| RecordKind::of_code(code).is_none());
            if newer { Err(StoreError::Newer) } else { Ok(!tx.missing(dialect)?.is_empty()) }
        };
        if self.read(lacks)? {
            self.write(|tx| tx.make_missing(dialect))?;
        }
        Ok(self)
    }
}

impl Tx<'_> {
    fn missing(&self, dialect: &Dialect) -> Result<Vec<Missing>, StoreError> {
        let columns = self.all(dialect.tables, put![], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let tables: Tables = columns.into_iter().collect();
        let kinds = RecordKind::ALL.iter().filter(|kind| kind.has_row());
        Ok(kinds.flat_map(|kind| tables.missing(*kind, kind.server_indexes, |column| dialect.told(column))).collect())
    }

    /// One writes at a time: another process may have made it since somebody looked.
    fn make_missing(&self, dialect: &Dialect) -> Result<(), StoreError> {
        let mut declared = self.declared()?;
        for missing in self.missing(dialect)? {
            for statement in made(missing, dialect) {
                self.execute(&statement, put![])?;
            }
            if let Missing::Table(kind) | Missing::Column(kind, _) = missing
                && let Some(digest) = declared.get_mut(kind.code())
            {
                // The rows are not what the declaration makes of the log: they are made anew.
                digest.clear();
            }
        }
        if declared.is_empty() { Ok(()) } else { self.set_declared(&declared) }
    }
}

/// The statements that make it.
fn made(missing: Missing, dialect: &Dialect) -> Vec<String> {
    let column = |column: Column| {
        let collation = if matches!(column, Column::Text | Column::Set) { dialect.collation } else { "" };
        format!("{}{collation}", dialect.told(column))
    };
    match missing {
        Missing::Table(kind) => {
            let table = kind.code();
            let columns: String = kind.fields.iter().map(|field| format!(", \"{}\" {}", field.name, column(field.ty.column()))).collect();
            let create = format!("CREATE TABLE {table} (id {} PRIMARY KEY{columns})", dialect.told(Column::Id));
            vec![format!("DROP TABLE IF EXISTS {table}"), create]
        }
        Missing::Column(kind, field) => {
            vec![format!("ALTER TABLE {} ADD COLUMN \"{}\" {}", kind.code(), field.name, column(field.ty.column()))]
        }
        Missing::Index(kind, fields) => {
            vec![format!("CREATE INDEX {} ON {} (\"{}\")", index_name(kind, fields), kind.code(), fields.join("\", \""))]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::on_postgres_database;
    use crate::{Clock, Server};
    use shared::kinds::Level;
    use shared::schema::{Fields, digests};
    use std::collections::BTreeSet;

    const NOON: i64 = 1_795_320_000;

    /// With a way to open the same database again and again.
    fn on_both(act: impl Fn(&dyn Fn() -> Result<Server, shared::fault::Fault>)) {
        let folder = tempfile::tempdir().unwrap();
        act(&|| Server::open(folder.path(), Clock::by(|| NOON)));
        let (folder, database) = (tempfile::tempdir().unwrap(), on_postgres_database());
        act(&|| Server::open_at(&database, folder.path(), Clock::by(|| NOON)));
    }

    fn kinds() -> impl Iterator<Item = RecordKind> {
        RecordKind::ALL.iter().copied().filter(|kind| kind.has_row())
    }

    fn dialect(store: &Store) -> &'static Dialect {
        if store.is_shared() { &postgres::DIALECT } else { &sqlite::DIALECT }
    }

    fn schema(server: &Server) -> BTreeSet<(String, String, String)> {
        let store = &server.0.store;
        let of = |tx: &Tx<'_>| tx.all(dialect(store).tables, put![], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        store.read(of).unwrap().into_iter().collect()
    }

    fn rows(server: &Server) -> Vec<(RecordKind, [u8; 16], Fields)> {
        let of = |tx: &Tx<'_>, kind: RecordKind| {
            let ids = tx.all(&format!("SELECT id FROM {} ORDER BY id", kind.code()), put![], |row| row.get(0))?;
            ids.into_iter()
                .map(|id: [u8; 16]| Ok((kind, id, tx.row(kind, &id)?.unwrap_or_default())))
                .collect::<Result<Vec<_>, StoreError>>()
        };
        kinds().flat_map(|kind| server.0.store.read(|tx| of(tx, kind)).unwrap()).collect()
    }

    fn run(server: &Server, statements: &str) {
        let act = |tx: &Tx<'_>| statements.split("; ").try_for_each(|statement| tx.execute(statement, put![]).map(drop));
        server.0.store.write(act).unwrap();
    }

    #[test]
    fn what_a_database_lacks_is_made_and_filled_from_the_log() {
        on_both(|open| {
            let server = open().unwrap();
            server.demo().unwrap();
            server.add_account("所长", Level::Town, "445381106", "correct horse 4 battery").unwrap();
            let (filled, whole, found) = (rows(&server), schema(&server), server.verify().unwrap());
            assert!(found.ok && filled.len() > 100 && filled.iter().any(|(kind, ..)| *kind == RecordKind::Account), "{found:?}");
            let all: Vec<String> = kinds().map(|kind| format!("DROP TABLE {}", kind.code())).collect();
            let other = if server.0.store.is_shared() { "BYTEA" } else { "BLOB" };
            for lacks in [
                &all.join("; "),
                "DROP INDEX meal_order_by_canteen_date",
                "ALTER TABLE meal_order DROP COLUMN elder_name; ALTER TABLE receipt DROP COLUMN photos; ALTER TABLE elder DROP COLUMN status",
                // Of another type.
                &format!("DROP TABLE canteen; CREATE TABLE canteen (id {other} PRIMARY KEY, operator TEXT, code TEXT)"),
            ] {
                run(&open().unwrap(), lacks);
                let server = open().unwrap();
                let checked = server.verify().unwrap();
                assert!(rows(&server) == filled && schema(&server) == whole && checked.ok, "{lacks}: {checked:?}");
            }
            // A newer program's column stays, and what it holds.
            run(&server, "ALTER TABLE canteen ADD COLUMN later BIGINT; UPDATE canteen SET later = 7; DROP TABLE meal_order");
            let server = open().unwrap();
            let later = |tx: &Tx<'_>| tx.value::<i64>("SELECT count(*) FROM canteen WHERE later = 7", put![]);
            let canteens = filled.iter().filter(|(kind, ..)| *kind == RecordKind::Canteen).count();
            assert_eq!(server.0.store.read(later).unwrap(), i64::try_from(canteens).ok());
            assert!(rows(&server) == filled);
        });
    }

    #[test]
    fn a_database_in_which_nothing_is_missing_and_that_of_a_newer_program_are_only_looked_at() {
        on_both(|open| {
            let server = open().unwrap();
            let missing = |server: &Server| server.0.store.read(|tx| tx.missing(dialect(&server.0.store))).unwrap();
            assert_eq!(missing(&server), []);
            let mut declared = digests();
            declared.insert("menu_of_2031".into(), "x".into());
            server.0.store.write(|tx| tx.set_declared(&declared)).unwrap();
            run(&server, "DROP TABLE meal_order");
            assert!(open().unwrap_err().next_step.contains("程序版本不低于上次用过的"));
            assert_eq!(missing(&server)[0], Missing::Table(RecordKind::Order));
        });
    }

    #[test]
    fn servers_that_open_a_new_database_at_once_make_its_tables_once() {
        let (database, folder) = (on_postgres_database(), tempfile::tempdir().unwrap());
        std::thread::scope(|scope| {
            let open = || scope.spawn(|| Store::open_at(&database.as_str().into(), folder.path()).map(drop));
            let all: Vec<_> = (0..4).map(|_| open()).collect();
            all.into_iter().for_each(|opened| opened.join().unwrap().unwrap());
        });
    }

    #[test]
    fn no_kind_has_the_name_of_another_table() {
        let (folder, database) = (tempfile::tempdir().unwrap(), on_postgres_database());
        let here = Store::on(Base::Sqlite(sqlite::Sqlite::open(&folder.path().join("server.sqlite")).unwrap()));
        let there = Store::on(Base::Postgres(postgres::Postgres::open(&database.as_str().into()).unwrap()));
        for store in [here, there] {
            let names = store.read(|tx| tx.all(dialect(&store).tables, put![], |row| row.get::<String>(0))).unwrap();
            assert!(!names.is_empty() && kinds().all(|kind| names.iter().all(|name| name != kind.code())));
        }
    }
}
