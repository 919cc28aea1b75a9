//! What is said on the session, protocol version 2. Postcard, then one zstd frame; frozen by tests.
//! Every list and every byte count has a limit that is checked before and while unpacking.

use super::capability::{Capabilities, NamedDigest};
use super::session::{Challenge, SessionToken};
use super::set_digest::{ChangeId, SetDigest};
use crate::wire::{DeviceReport, RefusedChange, WireChange};
use serde::{Deserialize, Serialize};
use std::io::Read;

/// Most bytes of a message as sent.
pub const MAX_PACKED: usize = 1024 * 1024;
/// Most bytes of a message unpacked.
pub const MAX_UNPACKED: usize = 8 * 1024 * 1024;
/// Most changes of a message.
pub const MAX_CHANGES: usize = 4_096;
/// Most names of a message.
pub const MAX_CHANGE_IDS: usize = 4_096;
/// Bytes of a photo in one message.
pub const PHOTO_PART: usize = 256 * 1024;
/// Lost photos told in one answer. Others are told next time.
pub const MAX_LOST_PHOTOS: usize = 16;

/// What a desk asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// The main road: changes up, changes down, sums compared.
    Exchange(Exchange),
    /// The digests of the 256 buckets of what the server holds for this device.
    Buckets,
    /// The names in some parts.
    ChangeIds(Vec<u8>),
    /// The changes of these names.
    Fetch(Vec<ChangeId>),
    /// A piece of a photo, from byte `at` on; `size` is the whole. Empty pieces ask how far it has come.
    PutPhoto {
        /// SHA-256 of the whole.
        hash: [u8; 32],
        /// Bytes in all.
        size: u32,
        /// Where the piece begins.
        at: u32,
        /// The piece.
        bytes: Vec<u8>,
    },
    /// A photo from byte `at` on.
    GetPhoto {
        /// SHA-256 of the whole.
        hash: [u8; 32],
        /// Where to go on.
        at: u32,
    },
    /// Answered as soon as there is news behind `after`, or after a while.
    Wait {
        /// The device's position in the feed.
        after: u64,
    },
    /// The keys of the device's area, as it was given them when it enrolled: it lost one, or its canteen moved.
    Keys,
    /// What the desk speaks. A server that does not know the question refuses it; the base is spoken with it.
    Capabilities(Capabilities),
}

/// One exchange, upwards.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The session token of the last exchange.
    pub presents: SessionToken,
    /// Answers the server's question, where it asked one.
    pub answers: Option<Challenge>,
    /// Changes in the order in which they were made.
    pub changes: Vec<WireChange>,
    /// The position in the feed up to which the desk has everything.
    pub after: u64,
    /// The desk wants its own changes too: it begins anew.
    pub own_too: bool,
    /// How the desk stands, not counting what travels here.
    pub report: DeviceReport,
}

/// What the server answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// To [`Ask::Exchange`].
    Exchanged(Exchanged),
    /// To [`Ask::Exchange`] with an old session token: ask again with this.
    Stale(Challenge),
    /// To [`Ask::Parts`].
    Buckets(Vec<SetDigest>),
    /// To [`Ask::Names`].
    ChangeIds(Vec<ChangeId>),
    /// To [`Ask::Fetch`]: as many as fit, in the order of the log.
    Changes(Vec<WireChange>),
    /// To [`Ask::PutPhoto`]: the server holds so many bytes of it.
    PhotoHeld(u32),
    /// To [`Ask::GetPhoto`]: a piece, and the size of the whole.
    Photo {
        /// Bytes in all.
        size: u32,
        /// The piece.
        bytes: Vec<u8>,
    },
    /// To [`Ask::GetPhoto`]: there is none, or not for this device.
    NoPhoto,
    /// To [`Ask::Wait`]: whether there is news.
    News(bool),
    /// To everything: the device was shut out. It keeps nothing but what has not gone up.
    ShutOut,
    /// To [`Ask::PutPhoto`]: the device sent so much that the server takes no more photos now. They keep, and go up another time.
    PhotoLater,
    /// To [`Ask::Keys`]: wrapped for the device alone (`shared::seal::DeviceKeys`).
    Keys(Vec<u8>),
    /// To [`Ask::Capabilities`]: what the server speaks.
    Capabilities(Capabilities),
    /// To [`Ask::Exchange`] of a device that told its capabilities: [`Answer::Exchanged`] and the digest of what both ends named.
    ExchangedAs(NamedDigest, Exchanged),
    /// To everything that was made at another time than now: the server's clock, seconds since 1970. Ask again by it.
    Clock(i64),
}

/// One exchange, downwards. Everything sent is durable but the refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchanged {
    /// To present next time.
    pub token: SessionToken,
    /// Of the changes sent, those that the server does not take.
    pub refused: Vec<RefusedChange>,
    /// Changes for the desk, in the order of the feed.
    pub changes: Vec<WireChange>,
    /// The position in the feed after them.
    pub next: u64,
    /// Whether more waits behind.
    pub more: bool,
    /// The digest of all that the server holds for the device, when nothing waits behind.
    pub digest: Option<SetDigest>,
    /// How the server sees the device.
    pub standing: Standing,
    /// Photos that the server had and lost, of receipts that the device knows: it should send them again if it has them.
    pub lost_photos: Vec<[u8; 32]>,
    /// Instead of changes: a page of the snapshot of the device's scope ([`super::snapshot`]), as it lies there. Empty for none.
    pub page: Vec<u8>,
}

/// How the server sees a device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// All is well.
    #[default]
    Good,
    /// Its session token was old: it was restored, or the server was. It looks through everything again.
    TakenOver,
    /// Another copy of the same device is at work: this one is heard, but has to enrol anew.
    Copy,
}

/// Why bytes are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// Over a limit.
    #[error("the message is too large")]
    TooLarge,
    /// Not a message of this version.
    #[error("the bytes are no message")]
    Malformed,
}

/// Packs a message.
///
/// # Errors
/// [`MessageError::TooLarge`]; say less at once.
pub fn pack<T: Serialize>(message: &T) -> Result<Vec<u8>, MessageError> {
    let plain = postcard::to_stdvec(message).map_err(|_| MessageError::Malformed)?;
    if plain.len() > MAX_UNPACKED {
        return Err(MessageError::TooLarge);
    }
    let packed = zstd::bulk::compress(&plain, 3).map_err(|_| MessageError::Malformed)?;
    if packed.len() > MAX_PACKED { Err(MessageError::TooLarge) } else { Ok(packed) }
}

/// Unpacks a message from outside. Never makes more than [`MAX_UNPACKED`].
///
/// # Errors
/// [`MessageError`]
pub fn unpack<T: serde::de::DeserializeOwned>(packed: &[u8]) -> Result<T, MessageError> {
    if packed.len() > MAX_PACKED {
        return Err(MessageError::TooLarge);
    }
    let decoder = zstd::Decoder::new(packed).map_err(|_| MessageError::Malformed)?;
    let mut plain = Vec::new();
    decoder.take(MAX_UNPACKED as u64 + 1).read_to_end(&mut plain).map_err(|_| MessageError::Malformed)?;
    if plain.len() > MAX_UNPACKED {
        return Err(MessageError::TooLarge);
    }
    match postcard::take_from_bytes(&plain) {
        Ok((message, [])) => Ok(message),
        _ => Err(MessageError::Malformed),
    }
}

impl Ask {
    /// Whether the lists of the message keep their limits.
    #[must_use]
    pub fn fits(&self) -> bool {
        match self {
            Self::Exchange(exchange) => exchange.changes.len() <= MAX_CHANGES,
            Self::ChangeIds(parts) => parts.len() <= 256,
            Self::Fetch(names) => names.len() <= MAX_CHANGE_IDS,
            Self::PutPhoto { bytes, .. } => bytes.len() <= PHOTO_PART,
            Self::Buckets | Self::GetPhoto { .. } | Self::Wait { .. } | Self::Keys | Self::Capabilities(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::Capability;
    use crate::wire::RefusedReason;

    fn frozen<T: Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(message: T, expect: &str) {
        assert_eq!(hex::encode(postcard::to_stdvec(&message).unwrap()), expect, "{message:?}");
        assert_eq!(unpack::<T>(&pack(&message).unwrap()), Ok(message));
    }

    fn change() -> WireChange {
        WireChange { kind: "elder".into(), record: [7; 16], bytes: vec![1, 2, 3] }
    }

    #[test]
    fn every_message_of_version_2_letter_by_letter() {
        let record = "07".repeat(16);
        let sixteen = "09".repeat(16);
        let report = DeviceReport { unsent: 1, unsent_photos: 2, refused: 3, version: "0.1".into(), agrees: true };
        let exchange = Exchange {
            presents: SessionToken([9; 16]),
            answers: Some([9; 16]),
            changes: vec![change()],
            after: 300,
            own_too: true,
            report,
        };
        frozen(Ask::Exchange(exchange), &format!("00{sixteen}01{sixteen}0105656c646572{record}03010203ac020101020303302e3101"));
        frozen(Ask::Buckets, "01");
        frozen(Ask::ChangeIds(vec![5, 6]), "02020506");
        frozen(Ask::Fetch(vec![[9; 16]]), &format!("0301{sixteen}"));
        let hash = "08".repeat(32);
        frozen(Ask::PutPhoto { hash: [8; 32], size: 300, at: 2, bytes: vec![1] }, &format!("04{hash}ac02020101"));
        frozen(Ask::GetPhoto { hash: [8; 32], at: 2 }, &format!("05{hash}02"));
        frozen(Ask::Wait { after: 2 }, "0602");
        frozen(Ask::Keys, "07");
        let names: Capabilities = [Capability::Wait, Capability::Keys].into_iter().collect();
        frozen(Ask::Capabilities(names.clone()), "0802046b6579730477616974");

        let refused = |index, reason| RefusedChange { index, reason };
        let exchanged = Exchanged {
            token: SessionToken([9; 16]),
            refused: vec![
                refused(0, RefusedReason::Malformed),
                refused(1, RefusedReason::TooLarge),
                refused(2, RefusedReason::ForeignKind),
                refused(3, RefusedReason::ForeignScope),
                refused(4, RefusedReason::Erased),
            ],
            changes: vec![change()],
            next: 300,
            more: false,
            digest: Some(SetDigest { changes: 1, lanes: [2, 3] }),
            standing: Standing::Copy,
            lost_photos: vec![[8; 32]],
            page: vec![6, 7],
        };
        let letters = format!("{sixteen}05000001010202030304040105656c646572{record}03010203ac0200010102030201{hash}020607");
        frozen(Answer::Exchanged(exchanged.clone()), &format!("00{letters}"));
        frozen(Answer::ExchangedAs([1, 2, 3, 4], exchanged), &format!("0d01020304{letters}"));
        frozen(Answer::Stale([9; 16]), &format!("01{sixteen}"));
        frozen(Answer::Buckets(vec![SetDigest { changes: 1, lanes: [2, 3] }]), "0201010203");
        frozen(Answer::ChangeIds(vec![[9; 16]]), &format!("0301{sixteen}"));
        frozen(Answer::Changes(vec![change()]), &format!("040105656c646572{record}03010203"));
        frozen(Answer::PhotoHeld(300), "05ac02");
        frozen(Answer::Photo { size: 300, bytes: vec![1] }, "06ac020101");
        frozen(Answer::NoPhoto, "07");
        frozen(Answer::News(true), "0801");
        frozen(Answer::ShutOut, "09");
        frozen(Answer::PhotoLater, "0a");
        frozen(Answer::Keys(vec![1, 2]), "0b020102");
        frozen(Answer::Capabilities(names), "0c02046b6579730477616974");
        frozen(Answer::Clock(300), "0ed804");
    }

    #[test]
    fn f28_f29_bombs_and_leftovers_are_refused() {
        let bomb = zstd::encode_all(std::io::repeat(0).take(1 << 30), 3).unwrap();
        assert!(bomb.len() < 200_000);
        assert_eq!(unpack::<Ask>(&bomb), Err(MessageError::TooLarge));
        assert_eq!(unpack::<Ask>(b"nonsense"), Err(MessageError::Malformed));
        let more = zstd::bulk::compress(&[1, 1], 3).unwrap();
        assert_eq!(unpack::<Ask>(&more), Err(MessageError::Malformed));
        // Lists that claim 2^60 members; the second has eight million, of no letters.
        for (of, members) in [(3, 0), (8, MAX_UNPACKED - 10)] {
            let claims = zstd::bulk::compress(&[&[of][..], &[0xff; 8], &[0x0f], &vec![0; members]].concat(), 3).unwrap();
            assert_eq!(unpack::<Ask>(&claims), Err(MessageError::Malformed));
        }
    }
}
