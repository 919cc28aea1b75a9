//! The server's half of the line: what a device asked comes in, an answer goes out. What is stored
//! stands behind [`Hub`]; one call of [`answer`] is one transaction of it.

use super::line::{Judgement, ServerLine, Ticket};
use super::message::{Answer, Ask, Exchange, Exchanged, MAX_LOST_PHOTOS, PHOTO_PART, Standing};
use super::set_sum::{ChangeName, SetSum};
use crate::wire::{DeviceReport, MAX_PHOTO_BYTES, RefusedChange, WireChange};

/// About so many bytes of changes in one answer.
pub const PAGE_BYTES: usize = 1024 * 1024;

/// A piece of the feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Changes in the order of the feed.
    pub changes: Vec<WireChange>,
    /// The place after them.
    pub next: u64,
    /// Whether more waits behind.
    pub more: bool,
    /// Instead of changes: a page of the snapshot. Empty for none.
    pub packed: Vec<u8>,
}

/// What became of a piece of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoPiece {
    /// The photo has come so far.
    Held(u32),
    /// The device sent enough for now.
    Later,
    /// The whole is not what it says.
    Wrong,
}

/// What the server's half asks of its store, for one device and in one transaction.
pub trait Hub {
    /// The store failed; then nothing of the transaction counts.
    type Error;

    /// Whether this transaction may write. The first look is without; where more is needed, the whole is done again with.
    fn may_write(&self) -> bool;
    /// The line of the device.
    fn line(&mut self) -> Result<ServerLine, Self::Error>;
    /// Keeps the line of the device.
    fn keep_line(&mut self, line: &ServerLine) -> Result<(), Self::Error>;
    /// Sixteen random bytes.
    fn random(&mut self) -> [u8; 16];
    /// Admits and logs changes one after the other; gives those that it does not take. A known change is fine.
    fn admit(&mut self, changes: &[WireChange]) -> Result<Vec<RefusedChange>, Self::Error>;
    /// The feed of the device behind `after`, up to about [`PAGE_BYTES`].
    fn page(&mut self, after: u64, own_too: bool) -> Result<Page, Self::Error>;
    /// The sum of everything that is held for the device.
    fn sum(&mut self) -> Result<SetSum, Self::Error>;
    /// Shows everything that is held for the device, name and change.
    fn walk(&mut self, visit: &mut dyn FnMut(ChangeName, &WireChange)) -> Result<(), Self::Error>;
    /// Whether there is something behind `after` for the device.
    fn news(&mut self, after: u64) -> Result<bool, Self::Error>;
    /// Whether a report is worth keeping: it differs from the last, or that is old.
    fn wants_report(&mut self, report: &DeviceReport) -> Result<bool, Self::Error>;
    /// Keeps what the device told of itself.
    fn keep_report(&mut self, report: &DeviceReport) -> Result<(), Self::Error>;
    /// Takes a piece of a photo.
    fn put_photo(&mut self, hash: &[u8; 32], size: u32, at: u32, bytes: &[u8]) -> Result<PhotoPiece, Self::Error>;
    /// Photos in the device's scope that were here and are lost, at most so many.
    fn lost_photos(&mut self, most: usize) -> Result<Vec<[u8; 32]>, Self::Error>;
    /// A photo that a receipt in the device's scope names.
    fn photo(&mut self, hash: &[u8; 32]) -> Result<Option<Vec<u8>>, Self::Error>;
    /// The keys of the device's area as it stands now, wrapped for the device.
    fn keys(&mut self) -> Result<Vec<u8>, Self::Error>;
}

/// What became of an envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The answer.
    Answered(Answer),
    /// It has to be done again in a transaction that writes.
    NeedsWriting,
    /// The very same bytes were taken before: somebody plays them again. Nothing was done.
    Replay,
    /// What was asked makes no sense.
    Nonsense,
}

/// Answers what a device asked. `mark` tells its envelope from every other.
///
/// # Errors
/// Those of the store.
pub fn answer<H: Hub>(hub: &mut H, ask: &Ask, mark: [u8; 16]) -> Result<Heard, H::Error> {
    Ok(Heard::Answered(match ask {
        Ask::Exchange(exchange) => return exchanged(hub, exchange, mark),
        Ask::Parts => {
            let mut parts = vec![SetSum::default(); 256];
            hub.walk(&mut |name, _| {
                if let Some(part) = parts.get_mut(usize::from(name[0])) {
                    part.add(&name);
                }
            })?;
            Answer::Parts(parts)
        }
        Ask::Names(wanted) => {
            let mut names = Vec::new();
            hub.walk(&mut |name, _| {
                if wanted.contains(&name[0]) {
                    names.push(name);
                }
            })?;
            Answer::Names(names)
        }
        Ask::Fetch(wanted) => {
            let wanted: std::collections::HashSet<&ChangeName> = wanted.iter().collect();
            let (mut changes, mut bytes) = (Vec::new(), 0);
            hub.walk(&mut |name, change| {
                if wanted.contains(&name) && bytes < PAGE_BYTES {
                    bytes += change.bytes.len() + 40;
                    changes.push(change.clone());
                }
            })?;
            Answer::Changes(changes)
        }
        Ask::PutPhoto { hash, size, at, bytes } => {
            if *size as usize > MAX_PHOTO_BYTES
                || at.checked_add(u32::try_from(bytes.len()).unwrap_or(u32::MAX)).is_none_or(|end| end > *size)
            {
                return Ok(Heard::Nonsense);
            }
            if !hub.may_write() {
                return Ok(Heard::NeedsWriting);
            }
            match hub.put_photo(hash, *size, *at, bytes)? {
                PhotoPiece::Held(held) => Answer::PhotoHeld(held),
                PhotoPiece::Later => Answer::PhotoLater,
                PhotoPiece::Wrong => return Ok(Heard::Nonsense),
            }
        }
        Ask::GetPhoto { hash, at } => match hub.photo(hash)? {
            Some(photo) => {
                let piece = photo.get(*at as usize..).unwrap_or_default();
                let piece = piece.get(..PHOTO_PART).unwrap_or(piece);
                Answer::Photo { size: u32::try_from(photo.len()).unwrap_or(u32::MAX), bytes: piece.to_vec() }
            }
            None => Answer::NoPhoto,
        },
        Ask::Wait { after } => Answer::News(hub.news(*after)?),
        Ask::Keys => Answer::Keys(hub.keys()?),
    }))
}

fn exchanged<H: Hub>(hub: &mut H, exchange: &Exchange, mark: [u8; 16]) -> Result<Heard, H::Error> {
    let mut line = hub.line()?;
    if line.last_signature == mark {
        return Ok(Heard::Replay);
    }
    let judgement = line.judge(exchange.presents, exchange.answers);
    let idle = judgement == Judgement::GoesOn && exchange.changes.is_empty();
    if !idle && !hub.may_write() {
        return Ok(Heard::NeedsWriting);
    }
    if judgement == Judgement::Stale {
        // The same until it is answered: a doubled question must not make the first answer wrong.
        let challenge = line.challenge.unwrap_or_else(|| hub.random());
        line.challenge = Some(challenge);
        hub.keep_line(&line)?;
        return Ok(Heard::Answered(Answer::Stale(challenge)));
    }
    let refused = if exchange.changes.is_empty() { Vec::new() } else { hub.admit(&exchange.changes)? };
    if judgement == Judgement::Copy {
        // Heard, but told nothing: it has to enrol anew.
        line.challenge = None;
        line.last_signature = mark.to_vec();
        hub.keep_line(&line)?;
        let exchanged =
            Exchanged { ticket: exchange.presents, refused, next: exchange.after, standing: Standing::Copy, ..Exchanged::default() };
        return Ok(Heard::Answered(Answer::Exchanged(exchanged)));
    }
    let begins_anew = judgement == Judgement::TakesOver;
    let after = if begins_anew { 0 } else { exchange.after };
    let page = hub.page(after, exchange.own_too || begins_anew)?;
    let moves = !idle || !page.changes.is_empty() || !page.packed.is_empty();
    let wants_report = hub.wants_report(&exchange.report)?;
    if (moves || wants_report) && !hub.may_write() {
        return Ok(Heard::NeedsWriting);
    }
    if wants_report {
        hub.keep_report(&exchange.report)?;
    }
    let ticket = if moves {
        let next = Ticket(hub.random());
        if begins_anew {
            line.take_over(next);
        } else {
            line.go_on(exchange.presents, next);
        }
        line.last_signature = mark.to_vec();
        hub.keep_line(&line)?;
        next
    } else {
        exchange.presents
    };
    let (sum, lost_photos) = if page.more { (None, Vec::new()) } else { (Some(hub.sum()?), hub.lost_photos(MAX_LOST_PHOTOS)?) };
    let standing = if begins_anew { Standing::TakenOver } else { Standing::Good };
    Ok(Heard::Answered(Answer::Exchanged(Exchanged {
        ticket,
        refused,
        changes: page.changes,
        next: page.next,
        more: page.more,
        sum,
        standing,
        lost_photos,
        page: page.packed,
    })))
}
