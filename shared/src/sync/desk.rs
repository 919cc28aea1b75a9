//! The desk's half of the session: what to ask next, and what to do with the answer. What is stored
//! stands behind [`ClientStore`]; each answer is taken in by one transaction of it. It may be cut
//! anywhere: the next sync goes on from what is stored.

use super::capability::{Capabilities, Capability, Named, NamedDigest};
use super::client_store::{Arrived, ClientSession, ClientStore, Unsent};
use super::message::{Answer, Ask, Exchange, Exchanged, MAX_CHANGE_IDS, MAX_CHANGES, PHOTO_PART, Standing};
use super::repair::{at_once, compare, name_of};
use super::session::Challenge;
use super::set_digest::{ChangeId, SetDigest};
use super::snapshot;
use crate::kinds::RecordKind;
use crate::wire::{DeviceReport, RefusedReason, WireChange};
use std::collections::HashSet;

/// Bytes of changes in one exchange, before packing.
pub const PUSH_BYTES: usize = 3 * 1024 * 1024;
/// Changes in one exchange.
pub const PUSH_CHANGES: usize = MAX_CHANGES / 2;
/// Photos sent in one sync at most; the rest follows with the next.
const PHOTOS: usize = 50;

/// Why a sync ended early.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SyncError<E> {
    /// The desk's store failed.
    #[error("the store failed")]
    Store(E),
    /// The server said something that does not fit.
    #[error("the answer does not fit")]
    Unexpected,
}

impl<E> From<E> for SyncError<E> {
    fn from(error: E) -> Self {
        Self::Store(error)
    }
}

/// What a sync did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Changes that the server took.
    pub pushed: u64,
    /// Changes that were new here.
    pub pulled: u64,
    /// Photos sent.
    pub photos: u64,
    /// Changes refused, as sent, with the reason.
    pub refused: Vec<(Unsent, RefusedReason)>,
    /// Whether both ends hold the same.
    pub agrees: bool,
    /// Whether they had to be brought together.
    pub repaired: bool,
    /// How the server sees this desk.
    pub standing: Standing,
    /// Whether the server has shut this desk out.
    pub shut_out: bool,
}

#[derive(Debug)]
enum Stage {
    Exchange,
    /// Reached from [`Stage::Exchange`], which goes on behind it.
    Capabilities,
    Buckets,
    /// The parts that differ, each with about how many names it has; and what we miss so far.
    ChangeIds(Vec<(u8, u64)>, Vec<ChangeId>),
    Fetch(Vec<ChangeId>),
    Keys,
    Photos(Vec<[u8; 32]>),
    Over,
}

/// One sync, from the first exchange to the last photo.
#[derive(Debug)]
pub struct DeskSync {
    stage: Stage,
    speaks: Capabilities,
    /// Capabilities are asked once a sync at most.
    asked_capabilities: bool,
    challenge: Option<Challenge>,
    challenged: u8,
    /// Changes in one exchange at most.
    piece: usize,
    sent: Vec<Unsent>,
    /// What follows, read while the former travels.
    ahead: Vec<Unsent>,
    photo: Option<(Vec<u8>, u32)>,
    looked_through: bool,
    reported: Option<DeviceReport>,
    /// What it did so far.
    pub summary: Summary,
}

impl Default for DeskSync {
    fn default() -> Self {
        Self {
            stage: Stage::Exchange,
            speaks: Capabilities::own(),
            asked_capabilities: false,
            challenge: None,
            challenged: 0,
            piece: PUSH_CHANGES,
            sent: Vec::new(),
            ahead: Vec::new(),
            photo: None,
            looked_through: false,
            reported: None,
            summary: Summary::default(),
        }
    }
}

impl DeskSync {
    /// A sync that sends at most so many changes at a time.
    #[must_use]
    pub fn in_pieces(piece: usize) -> Self {
        Self { piece, ..Self::default() }
    }

    /// The same sync of a program that speaks only these.
    #[must_use]
    pub fn speaking(self, speaks: Capabilities) -> Self {
        Self { speaks, ..self }
    }

    /// The server refused the last question, since it does not understand it. Gives whether the sync goes on without the answer.
    pub fn not_understood(&mut self) -> bool {
        let goes_on = matches!(self.stage, Stage::Capabilities);
        if goes_on {
            self.stage = Stage::Exchange;
        }
        goes_on
    }

    /// Reads what is to go up next; a carrier does so while the last question travels.
    ///
    /// # Errors
    /// Those of the store.
    pub fn look_ahead<O: ClientStore>(&mut self, store: &O) -> Result<(), O::Error> {
        // Behind another question, what was sent before it goes first.
        if matches!(self.stage, Stage::Exchange)
            && let Some(last) = self.sent.last()
            && self.sent.is_sorted_by_key(|sent| sent.seq)
        {
            self.ahead = store.unsent(last.seq, self.piece, PUSH_BYTES)?;
        }
        Ok(())
    }

    /// What to ask next; `None` when the sync is over.
    ///
    /// # Errors
    /// [`SyncError::Store`]
    pub fn next<O: ClientStore>(&mut self, store: &O) -> Result<Option<Ask>, SyncError<O::Error>> {
        loop {
            match &mut self.stage {
                Stage::Exchange => {
                    let session = store.session()?;
                    let told = session.named.as_ref().is_some_and(|named| named.desk == self.speaks);
                    if !told && !self.asked_capabilities && store.may_ask_capabilities() {
                        self.asked_capabilities = true;
                        self.stage = Stage::Capabilities;
                        continue;
                    }
                    self.sent = match std::mem::take(&mut self.ahead) {
                        ahead if ahead.is_empty() => store.unsent(0, self.piece, PUSH_BYTES)?,
                        ahead => ahead,
                    };
                    let report = self.report(store)?;
                    return Ok(Some(Ask::Exchange(Exchange {
                        presents: session.token,
                        answers: self.challenge,
                        changes: self.sent.iter().map(|unsent| unsent.change.clone()).collect(),
                        after: session.after,
                        own_too: session.own_too,
                        report,
                    })));
                }
                Stage::Capabilities => return Ok(Some(Ask::Capabilities(self.speaks.clone()))),
                Stage::Buckets => return Ok(Some(Ask::Buckets)),
                Stage::ChangeIds(parts, missing) if parts.is_empty() => self.stage = Stage::Fetch(std::mem::take(missing)),
                Stage::ChangeIds(parts, _) => return Ok(Some(Ask::ChangeIds(at_once(parts)))),
                Stage::Fetch(names) if names.is_empty() => self.stage = Stage::Exchange,
                Stage::Fetch(names) => {
                    return Ok(Some(Ask::Fetch(names.iter().take(MAX_CHANGE_IDS).copied().collect())));
                }
                Stage::Keys => return Ok(Some(Ask::Keys)),
                Stage::Photos(waiting) => {
                    let Some(hash) = waiting.last().copied() else {
                        self.stage = Stage::Over;
                        continue;
                    };
                    if self.photo.is_none() {
                        match store.photo(&hash)? {
                            Some(bytes) => self.photo = Some((bytes, 0)),
                            None => {
                                waiting.pop();
                                continue;
                            }
                        }
                    }
                    let Some((photo, at)) = &self.photo else { continue };
                    let piece = photo.get(*at as usize..).unwrap_or_default();
                    let bytes = piece.get(..PHOTO_PART).unwrap_or(piece).to_vec();
                    let size = u32::try_from(photo.len()).unwrap_or(u32::MAX);
                    return Ok(Some(Ask::PutPhoto { hash, size, at: *at, bytes }));
                }
                Stage::Over => return Ok(None),
            }
        }
    }

    /// How the desk stands. What waits is counted once, and again only when more travels than was left: a long outbox is
    /// not run through with every piece of it.
    fn report<O: ClientStore>(&mut self, store: &O) -> Result<DeviceReport, O::Error> {
        let travelling = self.sent.len() as u64;
        let report = match self.reported.take() {
            Some(last) if travelling > 0 && travelling <= last.unsent => DeviceReport { unsent: last.unsent - travelling, ..last },
            _ => store.report(self.sent.len())?,
        };
        self.reported = Some(report.clone());
        Ok(report)
    }

    /// Takes in what the server answered to the last question.
    ///
    /// # Errors
    /// [`SyncError`]
    pub fn receive<O: ClientStore>(&mut self, store: &O, answer: Answer) -> Result<(), SyncError<O::Error>> {
        // What was read ahead is good where nothing was refused and nothing left, keys least of all: else the same goes up once more, or
        // what waits has changed.
        let leaves = |change: &WireChange| change.bytes.is_empty() || change.kind == RecordKind::ElderKey.code();
        let stands = |all: &Exchanged| all.page.is_empty() && all.refused.is_empty() && !all.changes.iter().any(leaves);
        if !matches!(&answer, Answer::Exchanged(all) | Answer::ExchangedAs(_, all) if stands(all)) {
            self.ahead.clear();
        }
        match (&mut self.stage, answer) {
            (_, Answer::ShutOut) => {
                store.shut_out()?;
                self.summary.shut_out = true;
                self.stage = Stage::Over;
            }
            (Stage::Exchange, Answer::Stale(challenge)) if self.challenged < 3 => {
                self.challenge = Some(challenge);
                self.challenged += 1;
                // A restored folder, or another copy of it: the server may know other names than this program's.
                if store.may_ask_capabilities() {
                    self.stage = Stage::Capabilities;
                }
            }
            (Stage::Exchange, Answer::Exchanged(exchanged)) => self.exchanged(store, exchanged, None)?,
            (Stage::Exchange, Answer::ExchangedAs(named, exchanged)) => self.exchanged(store, exchanged, Some(named))?,
            (Stage::Capabilities, Answer::Capabilities(server)) => {
                store.keep_named(&Named { desk: self.speaks.clone(), server })?;
                self.stage = Stage::Exchange;
            }
            (Stage::Buckets, Answer::Buckets(theirs)) if theirs.len() == 256 => {
                let mut ours = vec![SetDigest::default(); 256];
                store.walk(&mut |name| {
                    if let Some(part) = ours.get_mut(usize::from(name[0])) {
                        part.add(&name);
                    }
                })?;
                let parts = (0u8..=255).zip(ours.iter().zip(&theirs)).filter(|(_, (ours, theirs))| ours != theirs);
                self.stage =
                    Stage::ChangeIds(parts.map(|(part, (ours, theirs))| (part, ours.changes.max(theirs.changes))).collect(), Vec::new());
            }
            (Stage::ChangeIds(parts, missing), Answer::ChangeIds(theirs)) => {
                let asked = at_once(parts);
                parts.retain(|(part, _)| !asked.contains(part));
                missing.extend(compare(store, theirs, &asked)?);
            }
            (Stage::Fetch(names), Answer::Changes(changes)) => {
                let before = names.len();
                let came: HashSet<ChangeId> = changes.iter().filter_map(name_of).collect();
                names.retain(|name| !came.contains(name));
                if names.len() == before {
                    return Err(SyncError::Unexpected);
                }
                self.summary.pulled += store.apply(&Arrived { sent: &[], refused: &[], changes: &changes, session: None })?;
            }
            (Stage::Keys, Answer::Keys(wrapped)) => {
                store.take_keys(&wrapped)?;
                self.stage = photos(store)?;
            }
            (Stage::Photos(waiting), Answer::PhotoHeld(held)) => {
                let (Some(hash), Some((bytes, at))) = (waiting.last().copied(), self.photo.as_mut()) else {
                    return Err(SyncError::Unexpected);
                };
                if held as usize >= bytes.len() {
                    store.photo_sent(&hash)?;
                    self.summary.photos += 1;
                    self.photo = None;
                    waiting.pop();
                } else if held == *at {
                    return Err(SyncError::Unexpected);
                } else {
                    *at = held;
                }
            }
            (Stage::Photos(_), Answer::PhotoLater) => {
                self.photo = None;
                self.stage = Stage::Over;
            }
            _ => return Err(SyncError::Unexpected),
        }
        Ok(())
    }

    fn exchanged<O: ClientStore>(
        &mut self,
        store: &O,
        mut exchanged: Exchanged,
        named: Option<NamedDigest>,
    ) -> Result<(), SyncError<O::Error>> {
        if !exchanged.page.is_empty() {
            exchanged.changes.extend(snapshot::unpack(&exchanged.page).map_err(|_| SyncError::Unexpected)?);
        }
        let session = store.session()?;
        let begins_anew = exchanged.standing == Standing::TakenOver;
        let next = ClientSession {
            token: exchanged.token,
            after: exchanged.next,
            own_too: (session.own_too || begins_anew) && exchanged.more,
            standing: exchanged.standing,
            // The server speaks something else now, or another one answers; it may also have forgotten what this desk speaks.
            named: session.named.clone().filter(|both| named == Some(both.digest())),
        };
        let refused: Vec<(usize, RefusedReason)> = exchanged
            .refused
            .iter()
            .map(|refused| (refused.index as usize, refused.reason))
            .filter(|(index, _)| *index < self.sent.len())
            .collect();
        let arrived =
            Arrived { sent: &self.sent, refused: &refused, changes: &exchanged.changes, session: (next != session).then(|| next.clone()) };
        if !arrived.sent.is_empty() || !arrived.changes.is_empty() || arrived.session.is_some() {
            self.summary.pulled += store.apply(&arrived)?;
        }
        let sent = std::mem::take(&mut self.sent);
        let more_to_send = !sent.is_empty();
        self.summary.pushed += (sent.len() - refused.len().min(sent.len())) as u64;
        for (index, reason) in refused {
            self.summary.refused.extend(sent.get(index).map(|unsent| (unsent.clone(), reason)));
        }
        self.summary.standing = exchanged.standing;
        (self.challenge, self.challenged) = (None, 0);
        // A full exchange went up: perhaps there is more.
        if exchanged.more || (more_to_send && (!self.ahead.is_empty() || !store.unsent(0, 1, 1)?.is_empty())) {
            return Ok(());
        }
        if !exchanged.lost_photos.is_empty() {
            store.send_photos_again(&exchanged.lost_photos)?;
        }
        self.summary.agrees = exchanged.digest == Some(store.digest()?);
        let copy = exchanged.standing == Standing::Copy;
        self.stage = if copy {
            Stage::Over
        } else if self.summary.agrees || self.looked_through {
            // What both ends hold may be closed here for want of a key.
            if next.server_speaks(Capability::Keys) && store.lacks_keys()? { Stage::Keys } else { photos(store)? }
        } else {
            self.looked_through = true;
            self.summary.repaired = true;
            Stage::Buckets
        };
        Ok(())
    }
}

fn photos<O: ClientStore>(store: &O) -> Result<Stage, O::Error> {
    Ok(Stage::Photos(store.unsent_photos(PHOTOS)?.into_iter().rev().collect()))
}
