//! The server's half of the session: what a device asked comes in, an answer goes out. What is stored
//! stands behind [`ServerStore`]; one call of [`answer`] is one transaction of it.

use super::capability::{Capabilities, Capability, Named};
use super::message::{Answer, Ask, Exchange, Exchanged, MAX_LOST_PHOTOS, PHOTO_PART, Standing};
use super::session::{DeviceSession, Judgement, SessionToken};
use super::set_digest::{ChangeId, SetDigest};
use crate::wire::{DeviceReport, MAX_PHOTO_BYTES, RefusedChange, WireChange};

/// About so many bytes of changes in one answer.
pub const PAGE_BYTES: usize = 1024 * 1024;

/// A piece of the feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Changes in the order of the feed.
    pub changes: Vec<WireChange>,
    /// The position after them.
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
pub trait ServerStore {
    /// The store failed; then nothing of the transaction counts.
    type Error;

    /// Whether this transaction may write. The first look is without; where more is needed, the whole is done again with.
    fn may_write(&self) -> bool;
    /// The session of the device.
    fn session(&mut self) -> Result<DeviceSession, Self::Error>;
    /// Keeps the session of the device.
    fn keep_session(&mut self, session: &DeviceSession) -> Result<(), Self::Error>;
    /// Sixteen random bytes.
    fn random(&mut self) -> [u8; 16];
    /// The session token that comes after that one.
    fn next_token(&mut self, last: SessionToken) -> Result<SessionToken, Self::Error>;
    /// A device presents a session token that its session does not know: looks whether it was given later than the last that is known of.
    fn look_back(&mut self, presents: SessionToken, last: SessionToken) -> Result<(), Self::Error>;
    /// Admits and logs changes one after the other; gives those that it does not take. A known change is fine.
    fn admit(&mut self, changes: &[WireChange]) -> Result<Vec<RefusedChange>, Self::Error>;
    /// The feed of the device behind `after`, up to about [`PAGE_BYTES`]; a page of the snapshot only for whom takes them.
    fn page(&mut self, after: u64, own_too: bool, snapshots: bool) -> Result<Page, Self::Error>;
    /// The digest of everything that is held for the device.
    fn digest(&mut self) -> Result<SetDigest, Self::Error>;
    /// Shows everything that is held for the device, name and change.
    fn walk(&mut self, visit: &mut dyn FnMut(ChangeId, &WireChange)) -> Result<(), Self::Error>;
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
pub enum Received {
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
pub fn answer<H: ServerStore>(store: &mut H, ask: &Ask, mark: [u8; 16]) -> Result<Received, H::Error> {
    Ok(Received::Answered(match ask {
        Ask::Exchange(exchange) => return exchanged(store, exchange, mark),
        Ask::Buckets => {
            let mut buckets = vec![SetDigest::default(); 256];
            store.walk(&mut |name, _| {
                if let Some(bucket) = buckets.get_mut(usize::from(name[0])) {
                    bucket.add(&name);
                }
            })?;
            Answer::Buckets(buckets)
        }
        Ask::ChangeIds(wanted) => {
            let mut names = Vec::new();
            store.walk(&mut |name, _| {
                if wanted.contains(&name[0]) {
                    names.push(name);
                }
            })?;
            Answer::ChangeIds(names)
        }
        Ask::Fetch(wanted) => {
            let wanted: std::collections::HashSet<&ChangeId> = wanted.iter().collect();
            let (mut changes, mut bytes) = (Vec::new(), 0);
            store.walk(&mut |name, change| {
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
                return Ok(Received::Nonsense);
            }
            if !store.may_write() {
                return Ok(Received::NeedsWriting);
            }
            match store.put_photo(hash, *size, *at, bytes)? {
                PhotoPiece::Held(held) => Answer::PhotoHeld(held),
                PhotoPiece::Later => Answer::PhotoLater,
                PhotoPiece::Wrong => return Ok(Received::Nonsense),
            }
        }
        Ask::GetPhoto { hash, at } => match store.photo(hash)? {
            Some(photo) => {
                let piece = photo.get(*at as usize..).unwrap_or_default();
                let piece = piece.get(..PHOTO_PART).unwrap_or(piece);
                Answer::Photo { size: u32::try_from(photo.len()).unwrap_or(u32::MAX), bytes: piece.to_vec() }
            }
            None => Answer::NoPhoto,
        },
        Ask::Wait { after } => Answer::News(store.news(*after)?),
        Ask::Keys => Answer::Keys(store.keys()?),
        Ask::Capabilities(names) => {
            let session = store.session()?;
            if session.named.as_ref() != Some(names) {
                if !store.may_write() {
                    return Ok(Received::NeedsWriting);
                }
                store.keep_session(&DeviceSession { named: Some(names.clone()), ..session })?;
            }
            Answer::Capabilities(Capabilities::own())
        }
    }))
}

fn exchanged<H: ServerStore>(store: &mut H, exchange: &Exchange, mark: [u8; 16]) -> Result<Received, H::Error> {
    let mut session = store.session()?;
    if session.last_signature == mark {
        return Ok(Received::Replay);
    }
    let judgement = session.judge(exchange.presents, exchange.answers);
    let idle = judgement == Judgement::GoesOn && exchange.changes.is_empty();
    if !idle && !store.may_write() {
        return Ok(Received::NeedsWriting);
    }
    if judgement == Judgement::Stale {
        // The same until it is answered: a doubled question must not make the first answer wrong.
        let challenge = session.challenge.unwrap_or_else(|| store.random());
        session.challenge = Some(challenge);
        store.look_back(exchange.presents, session.current)?;
        store.keep_session(&session)?;
        return Ok(Received::Answered(Answer::Stale(challenge)));
    }
    let refused = if exchange.changes.is_empty() { Vec::new() } else { store.admit(&exchange.changes)? };
    if judgement == Judgement::Copy {
        // Heard, but told nothing: it has to enrol anew.
        session.challenge = None;
        session.last_signature = mark.to_vec();
        store.keep_session(&session)?;
        let exchanged =
            Exchanged { token: exchange.presents, refused, next: exchange.after, standing: Standing::Copy, ..Exchanged::default() };
        return Ok(Received::Answered(Answer::Exchanged(exchanged)));
    }
    let begins_anew = judgement == Judgement::TakesOver;
    let after = if begins_anew { 0 } else { exchange.after };
    let page = store.page(after, exchange.own_too || begins_anew, session.speaks(Capability::SnapshotPages))?;
    let moves = !idle || !page.changes.is_empty() || !page.packed.is_empty();
    let wants_report = store.wants_report(&exchange.report)?;
    if (moves || wants_report) && !store.may_write() {
        return Ok(Received::NeedsWriting);
    }
    if wants_report {
        store.keep_report(&exchange.report)?;
    }
    let token = if moves {
        let next = store.next_token(session.current)?;
        if begins_anew {
            session.take_over(next);
        } else {
            session.go_on(exchange.presents, next);
        }
        session.last_signature = mark.to_vec();
        store.keep_session(&session)?;
        next
    } else {
        exchange.presents
    };
    let digest = if page.more { None } else { Some(store.digest()?) };
    let lost_photos = if page.more || !session.speaks(Capability::LostPhotos) { Vec::new() } else { store.lost_photos(MAX_LOST_PHOTOS)? };
    let standing = if begins_anew { Standing::TakenOver } else { Standing::Good };
    let exchanged = Exchanged {
        token,
        refused,
        changes: page.changes,
        next: page.next,
        more: page.more,
        digest,
        standing,
        lost_photos,
        page: page.packed,
    };
    Ok(Received::Answered(match session.named {
        Some(desk) => Answer::ExchangedAs(Named { desk, server: Capabilities::own() }.digest(), exchanged),
        None => Answer::Exchanged(exchanged),
    }))
}
