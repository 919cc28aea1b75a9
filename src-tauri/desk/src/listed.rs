//! Files that another desk took back with its list. Who is served here, or named by a list that stands here, keeps hers: the other desk
//! could not know.

use crate::desk::Inner;
use crate::journal::Mutation;
use crate::store::import::ImportedElder;
use crate::store::{StoreError, elder as table, import as imports, order as orders};
use rusqlite::Connection;
use shared::kinds::{ElderStatus, RecordKind};
use shared::schema::{FieldValue, Fields, RecordId};

impl Inner {
    /// Makes the file of an elder active again that came withdrawn; tells whether it did. Taking the list here back withdraws it once more.
    pub(crate) fn stay_listed(&self, transaction: &Connection, elder: RecordId) -> Result<bool, StoreError> {
        let status = |status: ElderStatus| {
            let mut fields = Fields::new();
            status.put("status", &mut fields);
            fields
        };
        let standing = table::fields(transaction, elder)?.and_then(|fields| ElderStatus::of(&fields));
        let list = imports::naming(transaction, elder, 0)?;
        if standing != Some(ElderStatus::Withdrawn) || list.is_none() && !orders::has_any(transaction, elder)? {
            return Ok(false);
        }
        let (before, after) = (status(ElderStatus::Withdrawn), status(ElderStatus::Active));
        self.write(transaction, &Mutation::edit(RecordKind::Elder, elder, after.clone()))?;
        if let Some(list) = list {
            imports::hand_on(transaction, ImportedElder { elder, created: false, before, after }, list)?;
        }
        Ok(true)
    }
}
