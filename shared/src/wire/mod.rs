//! What crosses the wire between desk and server, version 1 (PROTOCOL.md). Frozen by snapshots:
//! apart from the records, and changed only by a new version. Bodies are JSON, but for batches of
//! changes: those are postcard, compressed by zstd, with a limit on the unpacked size.

#[cfg(feature = "crdt")]
mod batch;
#[cfg(test)]
mod frozen;

#[cfg(feature = "crdt")]
pub use batch::{BatchError, pack, unpack};

use serde::{Deserialize, Serialize};

/// The version in every path: `/v1/...`.
pub const VERSION: u32 = 1;
/// Most changes of a batch.
pub const MAX_BATCH_CHANGES: usize = 4_096;
/// Most bytes of a batch, packed.
pub const MAX_BATCH_PACKED: usize = 1024 * 1024;
/// Most bytes of a batch, unpacked.
pub const MAX_BATCH_UNPACKED: usize = 8 * 1024 * 1024;
/// Largest photo as stored and sent, in bytes.
pub const MAX_PHOTO_BYTES: usize = 2 * 1024 * 1024;

/// One change under way: of which record, and its automerge bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireChange {
    /// The code word of the record kind.
    pub kind: String,
    /// The record's id.
    pub record: [u8; 16],
    /// Raw automerge bytes.
    pub bytes: Vec<u8>,
}

/// Changes in the order in which they were made (push) or logged (pull).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// At most [`MAX_BATCH_CHANGES`].
    pub changes: Vec<WireChange>,
}

/// `POST /v1/enrol`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolAsk {
    /// The one-time code.
    pub code: String,
    /// What the device calls itself.
    pub name: String,
}

/// Answer to [`EnrolAsk`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// Secret of the device: `Authorization: Bearer …` on every later request.
    pub token: String,
    /// Opens the device's order numbers.
    pub device_number: u32,
    /// The canteen the device stands in; none at a township office.
    pub canteen: Option<String>,
    /// The division of the device's scope.
    pub division: String,
    /// Key of the elders' ids (hex), the same on all devices of the deployment.
    pub person_key: String,
}

impl std::fmt::Debug for Enrolled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enrolled")
            .field("device_number", &self.device_number)
            .field("canteen", &self.canteen)
            .field("division", &self.division)
            .finish_non_exhaustive()
    }
}

/// Answer to `POST /v1/push` (body: a packed [`Batch`]): all changes are durable but the refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pushed {
    /// Those that the server does not take, by hash.
    pub refused: Vec<RefusedChange>,
}

/// A change the server does not take, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedChange {
    /// Place in the pushed batch, from 0.
    pub index: u32,
    /// Why.
    pub reason: RefusedReason,
}

/// Why a change was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedReason {
    /// No change, or not of a flat record.
    Malformed,
    /// Over the limit of one change.
    TooLarge,
    /// A kind that desks don't author, or that the server does not know.
    ForeignKind,
    /// The record is outside of the device's scope.
    ForeignScope,
}

/// `GET /v1/pull?after=N`: answered with a packed [`Batch`] and these headers.
pub const HEADER_NEXT: &str = "x-next";
/// `1` while more changes wait behind `x-next`.
pub const HEADER_MORE: &str = "x-more";

/// `GET /v1/totals?upto=N`: what the server holds in the device's scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Number of changes.
    pub changes: u64,
    /// XOR of their hashes, in hex.
    pub digest: String,
}

/// `POST /v1/report`: what a device tells of itself after a sync.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceReport {
    /// Changes not yet sent.
    pub unsent: u64,
    /// Photos not yet sent.
    pub unsent_photos: u64,
    /// Changes set aside as refused.
    pub refused: u64,
    /// Version of the program.
    pub version: String,
    /// Whether the totals agreed.
    pub agrees: bool,
}
