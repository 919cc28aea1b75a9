//! `push`: what devices signed when they pushed, kept beside the log so that it can be shown later; `moved_change`: digests of changes that were
//! taken out of the log since, or stand there under another name.

use super::engine::put;
use super::log::logged_of;
use super::sealed::{LOG, MOVED_CHANGE, PUSH};
use super::{Logged, StoreError, Tx};
use shared::sync::envelope::{Proof, change_digest};

/// A push of which something was logged, or held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// Its number, from 1.
    pub number: i64,
    /// What was signed, but for the changes.
    pub proof: Proof,
    /// Its changes in the order in which they were sent.
    pub parts: Vec<PushedPart>,
}

/// Changes of a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushedPart {
    /// They follow each other in the log: the first, and how many.
    Logged(i64, i64),
    /// One that was not logged then: refused, held, or known before. Its digest.
    Named([u8; 32]),
}

/// A change of a device, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// Its place in the log.
    pub seq: i64,
    /// Its digest.
    pub digest: [u8; 32],
    /// The device; none where the change stands there no more as it came.
    pub device: Option<Vec<u8>>,
}

impl PushedPart {
    const LOGGED: u8 = 1;
    const NAMED: u8 = 2;

    fn write(parts: &[Self]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for part in parts {
            match part {
                Self::Logged(first, many) => {
                    bytes.push(Self::LOGGED);
                    bytes.extend_from_slice(&first.to_be_bytes());
                    bytes.extend_from_slice(&many.to_be_bytes());
                }
                Self::Named(digest) => {
                    bytes.push(Self::NAMED);
                    bytes.extend_from_slice(digest);
                }
            }
        }
        bytes
    }

    fn read(mut bytes: &[u8]) -> Option<Vec<Self>> {
        let mut parts = Vec::new();
        while let Some((of, rest)) = bytes.split_first() {
            let (part, rest) = match *of {
                Self::LOGGED => {
                    let (first, rest) = rest.split_first_chunk()?;
                    let (many, rest) = rest.split_first_chunk()?;
                    (Self::Logged(i64::from_be_bytes(*first), i64::from_be_bytes(*many)), rest)
                }
                Self::NAMED => {
                    let (digest, rest) = rest.split_first_chunk()?;
                    (Self::Named(*digest), rest)
                }
                _ => return None,
            };
            parts.push(part);
            bytes = rest;
        }
        Some(parts)
    }

    /// Puts one more change behind the others.
    pub fn go_on(parts: &mut Vec<Self>, seq: i64) {
        match parts.last_mut() {
            Some(Self::Logged(first, many)) if *first + *many == seq => *many += 1,
            _ => parts.push(Self::Logged(seq, 1)),
        }
    }
}

impl Tx<'_> {
    /// Keeps what a device signed.
    pub fn put_push(&self, push: &Pushed) -> Result<(), StoreError> {
        let Proof { device, at, message, signature } = &push.proof;
        self.put_sealed(&PUSH, put![push.number, device, *at, message, signature, &PushedPart::write(&push.parts)])
    }

    /// Pushes behind a number, at most so many, in their order.
    pub fn pushes_after(&self, number: i64, most: i64) -> Result<Vec<Pushed>, StoreError> {
        self.sealed(&PUSH, "number > $1 ORDER BY number LIMIT $2", put![number, most], |row| {
            let parts: Vec<u8> = row.get(5)?;
            Ok(Pushed {
                number: row.get(0)?,
                proof: Proof { device: row.get(1)?, at: row.get(2)?, message: row.get(3)?, signature: row.get(4)? },
                parts: PushedPart::read(&parts).ok_or(StoreError::Column(5))?,
            })
        })
    }

    /// The number of the next push.
    pub fn next_push(&self) -> Result<i64, StoreError> {
        Ok(self.value("SELECT coalesce(max(number), 0) + 1 FROM push", put![])?.unwrap_or(1))
    }

    /// Changes that follow each other in the log, as they came.
    pub fn brought(&self, first: i64, many: i64) -> Result<Vec<Brought>, StoreError> {
        let crypto = self.seal()?.crypto();
        let until = first.saturating_add(many);
        let between = "seq >= $1 AND seq < $2";
        let mut there = self.sealed(&LOG, between, put![first, until], |row| {
            let (kind, record, logged) = logged_of(row, 0)?;
            Ok(Brought { seq: logged.seq, digest: change_digest(crypto, &kind, &record, &logged.bytes), device: logged.device })
        })?;
        let moved = self.sealed(&MOVED_CHANGE, between, put![first, until], |row| {
            Ok(Brought { seq: row.get(0)?, digest: row.get(1)?, device: None })
        })?;
        for moved in moved {
            there.retain(|known| known.seq != moved.seq);
            there.push(moved);
        }
        there.sort_unstable_by_key(|brought| brought.seq);
        Ok(there)
    }

    /// A change of a device stands in the log no more as it came: its digest stays.
    pub(super) fn note_moved(&self, kind: &str, record: &[u8; 16], logged: &Logged) -> Result<(), StoreError> {
        if logged.device.is_some() {
            let digest = change_digest(self.seal()?.crypto(), kind, record, &logged.bytes);
            self.add_sealed(&MOVED_CHANGE, put![logged.seq, &digest])?;
        }
        Ok(())
    }

    /// Changes of devices in the log behind a place, at most so many.
    pub fn brought_after(&self, seq: i64, most: i64) -> Result<Vec<Brought>, StoreError> {
        let crypto = self.seal()?.crypto();
        self.sealed(&LOG, "seq > $1 AND device IS NOT NULL ORDER BY seq LIMIT $2", put![seq, most], |row| {
            let (kind, record, logged) = logged_of(row, 0)?;
            Ok(Brought { seq: logged.seq, digest: change_digest(crypto, &kind, &record, &logged.bytes), device: logged.device })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_as_they_were_written_and_nothing_else_is() {
        let mut parts = Vec::new();
        [5, 6, 7].into_iter().for_each(|seq| PushedPart::go_on(&mut parts, seq));
        parts.push(PushedPart::Named([9; 32]));
        PushedPart::go_on(&mut parts, 8);
        assert_eq!(parts, [PushedPart::Logged(5, 3), PushedPart::Named([9; 32]), PushedPart::Logged(8, 1)]);
        let bytes = PushedPart::write(&parts);
        assert_eq!(PushedPart::read(&bytes), Some(parts));
        assert_eq!(PushedPart::read(&bytes[..bytes.len() - 1]), None);
        assert_eq!(PushedPart::read(&[3]), None);
    }
}
