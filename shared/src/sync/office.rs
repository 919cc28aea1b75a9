//! The desk's store as the sync core asks for it, and what is kept there of the line.

use super::line::Ticket;
use super::message::Standing;
use super::set_sum::{ChangeName, SetSum};
use crate::wire::{DeviceReport, RefusedReason, WireChange};
use std::collections::HashSet;

/// The desk's end of its line, kept in the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct DeskLine {
    /// The ticket of the last exchange.
    pub ticket: Ticket,
    /// The place in the feed up to which everything is here.
    pub after: u64,
    /// The feed is read with the desk's own changes too, until its end is reached once.
    pub own_too: bool,
    /// How the server saw this desk last.
    pub standing: Standing,
}

/// A change that waits for the server, with its place in the desk's log.
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
    /// The line from now on; `None` where it stays.
    pub line: Option<DeskLine>,
}

/// What the desk's half asks of its store.
pub trait Office {
    /// The store failed.
    type Error;

    /// The line as it is kept.
    fn line(&self) -> Result<DeskLine, Self::Error>;
    /// What waits behind that place of the log, oldest first, at most so many and about so many bytes.
    fn unsent(&self, behind: i64, most: usize, bytes: usize) -> Result<Vec<Unsent>, Self::Error>;
    /// How the desk stands, not counting `travelling` changes.
    fn report(&self, travelling: usize) -> Result<DeviceReport, Self::Error>;
    /// Takes in what came, durably; gives how many changes were new.
    fn take_in(&self, arrived: &Arrived<'_>) -> Result<u64, Self::Error>;
    /// The sum of everything that both ends should hold.
    fn sum(&self) -> Result<SetSum, Self::Error>;
    /// Shows everything that both ends should hold, by name.
    fn walk(&self, visit: &mut dyn FnMut(ChangeName)) -> Result<(), Self::Error>;
    /// Puts changes that the server lost into the outbox again.
    fn send_again(&self, names: &HashSet<ChangeName>) -> Result<(), Self::Error>;
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
