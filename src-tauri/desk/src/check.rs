//! The desk looks itself over: whether the file is whole, and whether every row is what the log makes of it.

use crate::desk::{Desk, Inner};
use crate::fault::{OrBroken, broken};
use crate::store::{StoreError, change, check};
use rusqlite::Connection;
use shared::crdt;
use shared::fault::Fault;
use shared::record::{RecordId, RecordKind};

impl Desk {
    /// What is damaged or does not fit, in Chinese; nothing where all is well. Changes nothing.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn check(&self) -> Result<Vec<String>, Fault> {
        self.0.check()
    }
}

impl Inner {
    fn check(&self) -> Result<Vec<String>, Fault> {
        let mut writer = self.writer.lock().map_err(broken)?;
        // Taken back in the end: the rows are written anew only to be compared.
        let transaction = writer.transaction().or_broken()?;
        let mut found: Vec<String> =
            check::damage(&transaction).or_broken()?.into_iter().map(|line| format!("数据文件有损坏：{line}")).collect();
        let unlike = self.unlike(&transaction).or_broken()?;
        drop(transaction);
        drop(writer);
        found.extend(unlike.into_iter().map(|(kind, record)| format!("{}与变更记录对不上", self.title(Some(kind), record))));
        Ok(found)
    }

    /// The records whose row is not what their changes make.
    fn unlike(&self, connection: &Connection) -> Result<Vec<(RecordKind, RecordId)>, StoreError> {
        let mut unlike = Vec::new();
        for (kind, record) in change::records(connection)?.into_iter().filter(|(kind, _)| kind.has_row()) {
            let before = check::row(connection, kind, record)?;
            self.project(connection, kind, record, crdt::fields(&change::history(connection, kind, record)?)?)?;
            if check::row(connection, kind, record)? != before {
                unlike.push((kind, record));
            }
        }
        Ok(unlike)
    }
}
