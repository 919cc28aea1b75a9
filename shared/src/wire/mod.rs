//! What crosses the wire between desk and server, version 2 (PROTOCOL.md): the JSON of enrolment and
//! the words that `sync::message` is made of. Frozen by snapshots: apart from the records, and
//! changed only by a new version.

#[cfg(test)]
mod frozen;
#[cfg(feature = "crypto")]
mod server;

#[cfg(feature = "crypto")]
pub use server::{EnrolCode, Fingerprint, Hello, HelloAsk, NotACode, SignedHello};

use serde::{Deserialize, Serialize};

/// The version in every path: `/v2/...`.
pub const VERSION: u32 = 2;
/// Largest photo as stored and sent, in bytes.
pub const MAX_PHOTO_BYTES: usize = 2 * 1024 * 1024;

/// One change under way: of which record, and its automerge bytes. Downwards, one without bytes says
/// that the record has left the device's scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireChange {
    /// The code word of the record kind.
    pub kind: String,
    /// The record's id.
    pub record: [u8; 16],
    /// Raw automerge bytes.
    pub bytes: Vec<u8>,
}

/// `POST /v2/enrol`: an [`EnrolAsk`] that the server's key alone opens, so that what stands between hears no code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SealedEnrolAsk {
    /// The JSON of an [`EnrolAsk`], wrapped by SM2 for the server's key, in hex.
    pub sealed: String,
}

/// What a device asks that wants to enrol. The answer is an [`Enrolled`] in a signed reply (`sync::reply`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EnrolAsk {
    /// The eight digits of the one-time code.
    pub code: String,
    /// What the device calls itself.
    pub name: String,
    /// Checks the device's signatures from now on: SM2, x and y in hex.
    pub public_key: String,
    /// 16 random bytes in hex, the mark of the question.
    pub nonce: String,
}

/// Answer to [`EnrolAsk`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Enrolled {
    /// Id of the device: it stands on every envelope.
    pub device: crate::schema::RecordId,
    /// Opens the device's order numbers.
    pub device_number: u32,
    /// The canteen the device stands in; none at a township office.
    pub canteen: Option<String>,
    /// The division of the device's scope.
    pub division: String,
    /// Key of the elders' ids and keys of the towns in scope, wrapped for the device (`shared::seal::DeviceKeys`), in hex.
    pub keys: String,
    /// The key that signs the server's answers, in hex. What an older program kept has none.
    #[serde(default)]
    pub server_key: String,
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
    /// The elder's keys were destroyed; there are to be no new ones.
    Erased,
    /// Another place holds the person's file: it was asked for, and what was written is kept until that place answers.
    Asked,
}

impl RefusedReason {
    /// Every reason.
    pub const ALL: [Self; 6] = [Self::Malformed, Self::TooLarge, Self::ForeignKind, Self::ForeignScope, Self::Erased, Self::Asked];

    /// The code word, as it stands on the wire and in tables.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TooLarge => "too_large",
            Self::ForeignKind => "foreign_kind",
            Self::ForeignScope => "foreign_scope",
            Self::Erased => "erased",
            Self::Asked => "asked",
        }
    }

    /// The reason of a code word.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// What a device tells of itself with every exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
