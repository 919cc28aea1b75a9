//! What is done to a house beside its server: with SQL, with a file, by another server, by an operator.

use super::House;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use sync_server::{Clock, Server};

pub(super) fn open(database: Option<&str>, folder: &Path, clock: Clock) -> Result<Server, shared::fault::Fault> {
    match database {
        Some(database) => Server::open_at(database, folder, clock),
        None => Server::open(folder, clock),
    }
}

impl House {
    /// One more server on the same database and folder, or what it says instead.
    pub fn another(&self) -> Result<Server, shared::fault::Fault> {
        let hand = Arc::clone(&self.now);
        open(self.database.as_deref(), self.folder.path(), Clock::by(move || hand.load(Ordering::Relaxed)))
    }

    /// As an operator does it who has looked at what was changed.
    pub fn seal_anew(&self) {
        let database = self.database.as_deref().map(Into::into);
        let keeper = self.folder.path().join("keeper.key");
        let now = self.now.load(Ordering::Relaxed);
        Server::seal_anew(database.as_ref(), self.folder.path(), &keeper, Clock::by(move || now)).unwrap();
    }

    /// As somebody does it who has the database and no key.
    pub fn by_sql(&self, statements: &str) {
        match &self.database {
            Some(address) => crate::cluster::ask(address, |client| client.batch_execute(statements).unwrap()),
            None => rusqlite::Connection::open(self.folder.path().join("server.sqlite")).unwrap().execute_batch(statements).unwrap(),
        }
    }

    /// The tables of the database.
    fn tables(&self) -> Vec<String> {
        match &self.database {
            Some(address) => crate::cluster::ask(address, |client| {
                let sql = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'kept_%'";
                client.query(sql, &[]).unwrap().iter().map(|row| row.get(0)).collect()
            }),
            None => {
                let file = rusqlite::Connection::open(self.folder.path().join("server.sqlite")).unwrap();
                let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'kept_%'";
                let mut statement = file.prepare(sql).unwrap();
                statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
            }
        }
    }

    /// A backup of the whole database, beside it.
    pub fn back_up(&self) {
        self.by_sql(&self.tables().iter().map(|table| format!("CREATE TABLE kept_{table} AS SELECT * FROM {table};")).collect::<String>());
    }

    /// Puts the backup in the place of the database.
    pub fn put_back(&self) {
        let own = if self.database.is_some() { "OVERRIDING SYSTEM VALUE" } else { "" };
        let put = |table: &String| format!("DELETE FROM {table}; INSERT INTO {table} {own} SELECT * FROM kept_{table};");
        self.by_sql(&format!("BEGIN; {} COMMIT;", self.tables().iter().map(put).collect::<String>()));
    }

    /// Bytes as they stand in a statement.
    pub fn blob(&self, bytes: &[u8]) -> String {
        let hex = hex::encode(bytes);
        if self.database.is_some() { format!("decode('{hex}', 'hex')") } else { format!("X'{hex}'") }
    }
}
