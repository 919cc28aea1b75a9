//! Keys of records in the log: wrapped keys and tombstones. They have no document and no row, and are seen where
//! their owner is seen, the record whose id they bear.

use super::visibility::{Visibility, placed_by};
use super::{Journal, RecordFile, Writer};
use crate::store::{Logged, RecordName, StoreError};
use shared::kinds::RecordKind;
use shared::schema::KindId;
use shared::seal::WrappedKey;
use shared::sync::set_digest;

const KIND: KindId = KindId::Known(RecordKind::KEYS);

impl Journal<'_, '_> {
    /// What is logged of a record's keys.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn keys(&mut self, owner: [u8; 16]) -> Result<Vec<Logged>, StoreError> {
        self.logged((KIND, owner))
    }

    /// Logs a wrapped key or a tombstone. A known one only tells its bearer whether it sees the owner.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn append_key(&mut self, owner: [u8; 16], bytes: &[u8], by: Writer<'_>) -> Result<(), StoreError> {
        let name: RecordName = (KIND, owner);
        let fields = self.fields(placed_by((KIND, owner)))?.unwrap_or_default();
        let mut file = self.file(name)?.cloned().unwrap_or_else(|| RecordFile::of(KIND));
        let changes = &mut file.changes;
        if changes.iter().any(|known| known.bytes == bytes) {
            return self.notify_again(name, by);
        }
        let seen_before = if changes.is_empty() { Visibility::default() } else { self.visibility(KIND, &fields, changes)? };
        let seq = self.seq + 1;
        changes.push(Logged { seq, bytes: bytes.to_vec(), device: by.device.map(|(id, _)| id.to_vec()), received_at: by.at });
        (self.seq, self.logged) = (seq, true);
        let seen_now = self.visibility(KIND, &fields, changes)?;
        let files = self.files.entry(owner).or_default();
        files.retain(|file| file.kind != KIND);
        files.push(file);
        self.publish(name, &seen_before, &seen_now, (seq, set_digest::id(KIND, &owner, bytes)))?;
        self.notify_writer(name, &seen_now, by);
        Ok(())
    }

    /// Takes wrapped keys of a record out of the log and of every feed, for good: those that `go`. Gives them.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn forget_keys(&mut self, owner: [u8; 16], go: impl Fn(&Logged) -> bool) -> Result<Vec<Logged>, StoreError> {
        // What is gathered may be what goes.
        self.flush()?;
        let goes = |logged: &Logged| WrappedKey::read(&logged.bytes).is_some() && go(logged);
        let wrapped_keys: Vec<Logged> = self.keys(owner)?.into_iter().filter(goes).collect();
        for logged in &wrapped_keys {
            let name = set_digest::id(KIND, &owner, &logged.bytes);
            for scope in self.scopes.values_mut() {
                if self.tx.take_out(scope.id, logged.seq)? {
                    scope.digest.take_off(&name);
                    scope.touched = true;
                }
            }
            self.tx.forget(logged.seq)?;
        }
        for file in self.files.get_mut(&owner).into_iter().flatten().filter(|file| file.kind == KIND) {
            file.changes.retain(|logged| !goes(logged));
            file.kept = file.changes.len();
        }
        self.logged |= !wrapped_keys.is_empty();
        Ok(wrapped_keys)
    }
}
