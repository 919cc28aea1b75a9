//! The desk's store as the sync core sees it.

use super::apply::ApplyBatch;
use super::client::unknown_answer;
use crate::desk::Inner;
use crate::store::{StoreError, change, key, master, photo, refused};
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use shared::division;
use shared::fault::Fault;
use shared::kinds::RecordKind;
use shared::schema::{KindId, RecordId};
use shared::seal::{self, DeviceKeys};
use shared::sync::client_store::{Arrived, ClientSession, ClientStore, Unsent};
use shared::sync::{ChangeId, Named, SetDigest, set_digest};
use shared::wire::{DeviceReport, RefusedReason};
use std::collections::HashSet;

impl ClientStore for Inner {
    type Error = Fault;

    fn session(&self) -> Result<ClientSession, Fault> {
        self.read(change::session)
    }

    fn keep_named(&self, named: &Named) -> Result<(), Fault> {
        let session = ClientSession { named: Some(named.clone()), ..self.session()? };
        self.transact(|transaction| change::put_session(transaction, &session))
    }

    fn may_ask_capabilities(&self) -> bool {
        self.connection.may_ask_capabilities()
    }

    fn unsent(&self, behind: i64, most: usize, bytes: usize) -> Result<Vec<Unsent>, Fault> {
        self.read(|store| change::unsent(store, behind, most, bytes))
    }

    fn report(&self, travelling: usize) -> Result<DeviceReport, Fault> {
        let (unsent, refused) = self.read(change::counts)?;
        let (_, agrees) = self.last_sync()?;
        Ok(DeviceReport {
            unsent: unsent.saturating_sub(travelling as u64),
            unsent_photos: self.read(photo::unsent_count)?,
            refused,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            agrees: agrees.unwrap_or(true),
        })
    }

    fn apply(&self, arrived: &Arrived<'_>) -> Result<u64, Fault> {
        let now = self.clock.now();
        let (taken, settled) = self.transact_and_show(|transaction| {
            let mut batch = ApplyBatch::begin(self, transaction, now)?;
            let (mut refused, mut lost) = (arrived.refused.iter().peekable(), Vec::new());
            for (index, unsent) in arrived.sent.iter().enumerate() {
                match refused.next_if(|(refused, _)| *refused == index) {
                    // The tombstone itself goes only to places that see the elder.
                    Some((_, RefusedReason::Erased)) => batch.erase(RecordId(uuid::Uuid::from_bytes(unsent.change.record)))?,
                    // A restored server does not know what it made itself, and makes it anew.
                    Some((_, RefusedReason::ForeignKind | RefusedReason::ForeignScope)) if is_the_centres(transaction, unsent)? => {
                        lost.push(unsent);
                    }
                    Some((_, reason)) => refused::put(transaction, unsent.seq, *reason, now)?,
                    None => batch.digest.add(&name_of(unsent)),
                }
            }
            change::leave_outbox(transaction, arrived.sent)?;
            lost.into_iter().try_for_each(|unsent| batch.forget(unsent))?;
            let taken = batch.take(arrived.changes)?;
            change::pass_over_received(transaction)?;
            change::put_digest(transaction, &batch.digest)?;
            if let Some(session) = &arrived.session {
                change::put_session(transaction, session)?;
            }
            Ok((taken, batch.settled))
        })?;
        if settled {
            self.connection.wake();
        }
        if arrived.changes.iter().any(|change| seal::proof_of(&change.bytes).is_some()) {
            self.checkpoint()?;
        }
        if arrived.changes.iter().any(|change| change.kind == RecordKind::Device.code()) {
            self.follow_centre()?;
        }
        self.touched();
        Ok(taken)
    }

    fn digest(&self) -> Result<SetDigest, Fault> {
        self.read(change::digest)
    }

    fn walk(&self, visit: &mut dyn FnMut(ChangeId)) -> Result<(), Fault> {
        self.read(|store| change::walk(store, &mut |_, name| visit(name)))
    }

    fn send_again(&self, names: &HashSet<ChangeId>) -> Result<(), Fault> {
        self.transact(|transaction| change::send_again(transaction, names))
    }

    fn unsent_photos(&self, most: usize) -> Result<Vec<[u8; 32]>, Fault> {
        let hashes = self.read(|store| photo::unsent(store, u32::try_from(most).unwrap_or(u32::MAX)))?;
        Ok(hashes.iter().filter_map(|hash| hex::decode(hash).ok()?.try_into().ok()).collect())
    }

    fn photo(&self, hash: &[u8; 32]) -> Result<Option<Vec<u8>>, Fault> {
        let bytes = self.photo_here(hash);
        if bytes.is_none() {
            tracing::error!(hash = hex::encode(hash), "a photo is missing on this disk, or damaged");
        }
        Ok(bytes)
    }

    fn shut_out(&self) -> Result<(), Fault> {
        self.clear()
    }

    fn send_photos_again(&self, hashes: &[[u8; 32]]) -> Result<(), Fault> {
        let here: Vec<(String, usize)> = hashes.iter().filter_map(|hash| Some((hex::encode(hash), self.photo_here(hash)?.len()))).collect();
        if here.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        self.transact(|transaction| here.iter().try_for_each(|(hash, bytes)| photo::send_again(transaction, hash, *bytes, now)))?;
        self.touched();
        Ok(())
    }

    fn lacks_keys(&self) -> Result<bool, Fault> {
        let Some(enrolled) = self.facts().enrolled else { return Ok(false) };
        let here = self.read(key::towns)?;
        Ok(division::keyed(&enrolled.division).into_iter().any(|town| !here.contains(town)))
    }

    fn take_keys(&self, wrapped: &[u8]) -> Result<(), Fault> {
        let key = self.facts().device_key.ok_or_else(Fault::not_enrolled)?;
        let keys = DeviceKeys::unwrap(self.crypto.as_ref(), &key, wrapped).map_err(|_| unknown_answer())?;
        self.transact(|transaction| self.keep_keys(transaction, &keys))?;
        // Rows were opened though the log did not grow.
        self.learn_anew()
    }

    fn photo_sent(&self, hash: &[u8; 32]) -> Result<(), Fault> {
        self.transact(|transaction| photo::mark_sent(transaction, &hex::encode(hash)))?;
        self.touched();
        Ok(())
    }
}

impl Inner {
    /// The centre may have put this desk elsewhere: its canteen belongs to another town.
    fn follow_centre(&self) -> Result<(), Fault> {
        let Some(enrolled) = self.facts().enrolled else { return Ok(()) };
        match self.read(|store| master::division_of_device(store, enrolled.device))? {
            Some(division) if division != enrolled.division => self.change_facts(|facts| {
                if let Some(enrolled) = &mut facts.enrolled {
                    enrolled.division = division;
                }
            }),
            _ => Ok(()),
        }
    }

    /// A photo's bytes, if they lie here as they should.
    fn photo_here(&self, hash: &[u8; 32]) -> Option<Vec<u8>> {
        let bytes = std::fs::read(self.photo_path(&hex::encode(hash), false)?).ok()?;
        (Sha256::digest(&bytes)[..] == hash[..]).then_some(bytes)
    }
}

/// Whether the centre said it, of a record that only the centre makes.
fn is_the_centres(store: &Connection, unsent: &Unsent) -> Result<bool, StoreError> {
    let made = RecordKind::of_code(&unsent.change.kind).is_some_and(|kind| kind.is_made_by_the_centre());
    Ok(made && !change::is_own(store, unsent.seq)?)
}

fn name_of(unsent: &Unsent) -> ChangeId {
    let kind = KindId::of_code(&unsent.change.kind);
    kind.map(|kind| set_digest::id(kind, &unsent.change.record, &unsent.change.bytes)).unwrap_or_default()
}
