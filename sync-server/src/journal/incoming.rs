//! A change on its way into the log: read, with all that follows from it alone. No store is asked for that.

use crate::projector::{Contributions, Projectors};
use crate::store::RecordName;
use shared::crdt::{self, CrdtError, Decoded};
use shared::schema::{Fields, KindId};
use shared::sync::{ChangeId, set_digest};

/// A change that was read.
#[derive(Debug)]
pub struct Incoming<'a> {
    pub(super) name: RecordName,
    pub(super) bytes: &'a [u8],
    pub(super) decoded: Decoded,
    pub(super) change: ChangeId,
    /// What it sets; `Null` where it clears.
    pub(super) touched: Fields,
    /// What its record contributes where it is the first change and nothing else lies under the id.
    pub(super) alone: Contributions,
}

impl<'a> Incoming<'a> {
    /// Reads a change of that record.
    ///
    /// # Errors
    /// [`CrdtError`] says what is wrong with the bytes.
    pub fn read<K: Into<KindId>>((kind, record): (K, [u8; 16]), bytes: &'a [u8]) -> Result<Self, CrdtError> {
        let name: RecordName = (kind.into(), record);
        let decoded = crdt::decode(bytes)?;
        let touched = decoded.touched();
        let of = |kind| (name.0 == kind).then_some(&touched);
        let alone = if decoded.is_first() { Projectors::contributions(of) } else { Contributions::default() };
        Ok(Self { name, bytes, change: set_digest::id_of_hash(name.0, &name.1, &decoded.hash), decoded, touched, alone })
    }

    /// The record it belongs to.
    #[must_use]
    pub fn name(&self) -> RecordName {
        self.name
    }

    /// What it sets; `Null` where it clears.
    #[must_use]
    pub fn touched(&self) -> &Fields {
        &self.touched
    }

    /// Whether it builds on no other.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.decoded.is_first()
    }
}
