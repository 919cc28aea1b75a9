//! The desk's store as the sync core asks for it, and what is kept there of the session.

use super::capability::{Capability, Named};
use super::message::Standing;
use super::session::SessionToken;
use super::set_digest::{ChangeId, SetDigest};
use crate::wire::{DeviceReport, RefusedReason, WireChange};
use std::collections::HashSet;

/// The desk's end of its session, kept in the store.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct ClientSession {
    /// The session token of the last exchange.
    pub token: SessionToken,
    /// The position in the feed up to which everything is here.
    pub after: u64,
    /// The feed is read with the desk's own changes too, until its end is reached once.
    pub own_too: bool,
    /// How the server saw this desk last.
    pub standing: Standing,
    /// What both ends told each other that they speak; `None` where they did not, or one of them tells something else now.
    pub named: Option<Named>,
}

impl ClientSession {
    /// Whether the server speaks this.
    #[must_use]
    pub fn server_speaks(&self, capability: Capability) -> bool {
        capability.is_spoken(self.named.as_ref().map(|named| &named.server))
    }
}

/// A change that waits for the server, with its position in the desk's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// Its place.
    pub seq: i64,
    /// The change.
    pub change: WireChange,
}

/// What an exchange did, to be taken in by one transaction.
#[derive(Debug)]
pub struct Arrived<'a> {
    /// What was sent: it leaves the outbox.
    pub sent: &'a [Unsent],
    /// Of these, by index, what the server does not take: it is set aside.
    pub refused: &'a [(usize, RefusedReason)],
    /// Changes from the server; those known already do nothing.
    pub changes: &'a [WireChange],
    /// The session from now on; `None` where it stays.
    pub session: Option<ClientSession>,
}

/// What the desk's half asks of its store.
pub trait ClientStore {
    /// The store failed.
    type Error;

    /// The session as it is kept.
    fn session(&self) -> Result<ClientSession, Self::Error>;
    /// Keeps what both ends told each other that they speak.
    fn keep_named(&self, named: &Named) -> Result<(), Self::Error>;
    /// Whether the server may be asked what it speaks: it has not refused the question since the program began.
    fn may_ask_capabilities(&self) -> bool;
    /// What waits behind that position in the log, oldest first, at most so many and about so many bytes.
    fn unsent(&self, behind: i64, most: usize, bytes: usize) -> Result<Vec<Unsent>, Self::Error>;
    /// How the desk stands, not counting `travelling` changes.
    fn report(&self, travelling: usize) -> Result<DeviceReport, Self::Error>;
    /// Takes in what came, durably; gives how many changes were new.
    fn apply(&self, arrived: &Arrived<'_>) -> Result<u64, Self::Error>;
    /// The digest of everything that both ends should hold.
    fn digest(&self) -> Result<SetDigest, Self::Error>;
    /// Shows everything that both ends should hold, by name.
    fn walk(&self, visit: &mut dyn FnMut(ChangeId)) -> Result<(), Self::Error>;
    /// Puts changes that the server lost into the outbox again.
    fn send_again(&self, names: &HashSet<ChangeId>) -> Result<(), Self::Error>;
    /// Photos that wait, oldest first.
    fn unsent_photos(&self, most: usize) -> Result<Vec<[u8; 32]>, Self::Error>;
    /// A photo's bytes; `None` when the disk has lost it.
    fn photo(&self, hash: &[u8; 32]) -> Result<Option<Vec<u8>>, Self::Error>;
    /// This desk was shut out: forgets, durably, everything that the server knows.
    fn shut_out(&self) -> Result<(), Self::Error>;
    /// The server lost these photos: those that are here wait again.
    fn send_photos_again(&self, hashes: &[[u8; 32]]) -> Result<(), Self::Error>;
    /// Whether a key of this desk's area is not here.
    fn lacks_keys(&self) -> Result<bool, Self::Error>;
    /// Takes in the keys of this desk's area, and opens with them what was closed.
    fn take_keys(&self, wrapped: &[u8]) -> Result<(), Self::Error>;
    /// The server has the photo.
    fn photo_sent(&self, hash: &[u8; 32]) -> Result<(), Self::Error>;
}
