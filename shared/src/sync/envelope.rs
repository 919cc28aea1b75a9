//! The envelope around what a desk asks: who asks, when, which changes it brings, and a signature over all of it. It is opened
//! before anything inside is unpacked.
//!
//! ```text
//! "YLS2" (4) | device (16) | seconds since 1970 by the server's clock (8, little end first) | digest of the changes (32) | packed message
//!   | SM2 signature (64) over: "YLS2" | device | seconds | digest of the changes | SM3 of the packed message (32)
//! ```
//!
//! So the changes alone tell later that this device signed them: what is signed is 92 bytes, of which the log has all but one digest and
//! the signature ([`Proof`]).

use super::message::{self, Ask, MessageError};
use crate::crypto::{CryptoError, CryptoProvider, PublicKey, Signature, StoredKey};

const MAGIC: &[u8; 4] = b"YLS2";
const HEAD_ENDS: usize = MAGIC.len() + 16 + 8 + 32;
const SIGNATURE: usize = 64;
/// Most bytes of an envelope.
pub const MAX_ENVELOPE: usize = message::MAX_PACKED + HEAD_ENDS + SIGNATURE;

/// Why an envelope can't be made or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Over the limit.
    #[error("the envelope is too large")]
    TooLarge,
    /// Not an envelope of this version, or its signature is not that of the device.
    #[error("the bytes are no envelope of that device")]
    Malformed,
    /// The key could not sign.
    #[error("the key did not sign")]
    Key,
}

impl From<MessageError> for EnvelopeError {
    fn from(error: MessageError) -> Self {
        match error {
            MessageError::TooLarge => Self::TooLarge,
            MessageError::Malformed => Self::Malformed,
        }
    }
}

impl From<CryptoError> for EnvelopeError {
    fn from(_: CryptoError) -> Self {
        Self::Key
    }
}

/// Signs and encloses what a device asks. `at` is the server's time, seconds since 1970, as far as the device knows it.
///
/// # Errors
/// [`EnvelopeError`]
pub fn enclose(provider: &dyn CryptoProvider, key: &StoredKey, device: &[u8; 16], at: i64, ask: &Ask) -> Result<Vec<u8>, EnvelopeError> {
    enclose_packed(provider, key, (device, at), &changes_of(provider, ask), &message::pack(ask)?)
}

/// Signs and encloses a packed message that brings changes of this digest.
///
/// # Errors
/// [`EnvelopeError`]
pub fn enclose_packed(
    provider: &dyn CryptoProvider,
    key: &StoredKey,
    (device, at): (&[u8; 16], i64),
    changes: &[u8; 32],
    packed: &[u8],
) -> Result<Vec<u8>, EnvelopeError> {
    let head = [MAGIC.as_slice(), device, &at.to_le_bytes(), changes].concat();
    let signature = provider.sign(key, &[&head[..], &provider.digest(packed)].concat())?;
    Ok([&head[..], packed, &signature.0].concat())
}

/// SM3 over one change: the length of its kind's name (1), that, the record (16), the bytes.
#[must_use]
pub fn change_digest(provider: &dyn CryptoProvider, kind: &str, record: &[u8; 16], bytes: &[u8]) -> [u8; 32] {
    let length = u8::try_from(kind.len()).unwrap_or(u8::MAX);
    provider.digest(&[&[length], kind.as_bytes(), record, bytes].concat())
}

/// SM3 over the digests of changes, in the order in which they are sent.
#[must_use]
pub fn digest_of(provider: &dyn CryptoProvider, changes: impl Iterator<Item = [u8; 32]>) -> [u8; 32] {
    provider.digest(&changes.flatten().collect::<Vec<u8>>())
}

/// The digest of the changes that a message brings; most bring none.
#[must_use]
pub fn changes_of(provider: &dyn CryptoProvider, ask: &Ask) -> [u8; 32] {
    let changes = if let Ask::Exchange(exchange) = ask { &exchange.changes[..] } else { &[] };
    digest_of(provider, changes.iter().map(|change| change_digest(provider, &change.kind, &change.record, &change.bytes)))
}

/// What is left of an envelope when its changes are kept elsewhere: enough to show that the device signed them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The device.
    pub device: [u8; 16],
    /// When the envelope was made.
    pub at: i64,
    /// SM3 of the packed message.
    pub message: [u8; 32],
    /// The signature.
    pub signature: [u8; SIGNATURE],
}

impl Proof {
    /// Whether the device with that key signed changes of this digest.
    #[must_use]
    pub fn holds(&self, provider: &dyn CryptoProvider, key: &PublicKey, changes: &[u8; 32]) -> bool {
        let signed = [MAGIC.as_slice(), &self.device, &self.at.to_le_bytes(), changes, &self.message].concat();
        provider.verify(key, &signed, &Signature(self.signature)).is_ok()
    }
}

/// An envelope whose outside was read; nothing of it is trusted yet.
#[derive(Clone, Copy, Debug)]
pub struct Enclosed<'a> {
    /// The device that it says it is from.
    pub device: [u8; 16],
    /// When it says it was made, by the server's clock.
    pub at: i64,
    changes: [u8; 32],
    packed: &'a [u8],
    signature: [u8; SIGNATURE],
}

impl<'a> Enclosed<'a> {
    /// Reads the outside.
    ///
    /// # Errors
    /// [`EnvelopeError`]
    pub fn read(bytes: &'a [u8]) -> Result<Self, EnvelopeError> {
        if bytes.len() > MAX_ENVELOPE {
            return Err(EnvelopeError::TooLarge);
        }
        let (signed, signature) = bytes.split_last_chunk::<SIGNATURE>().ok_or(EnvelopeError::Malformed)?;
        let rest = signed.strip_prefix(MAGIC).ok_or(EnvelopeError::Malformed)?;
        let (device, rest) = rest.split_first_chunk::<16>().ok_or(EnvelopeError::Malformed)?;
        let (at, rest) = rest.split_first_chunk::<8>().ok_or(EnvelopeError::Malformed)?;
        let (changes, packed) = rest.split_first_chunk::<32>().ok_or(EnvelopeError::Malformed)?;
        Ok(Self { device: *device, at: i64::from_le_bytes(*at), changes: *changes, packed, signature: *signature })
    }

    /// What is to be kept beside the changes.
    #[must_use]
    pub fn proof(&self, provider: &dyn CryptoProvider) -> Proof {
        Proof { device: self.device, at: self.at, message: provider.digest(self.packed), signature: self.signature }
    }

    /// Checks the signature, then unpacks, and holds the changes to what was signed.
    ///
    /// # Errors
    /// [`EnvelopeError`]
    pub fn open(&self, provider: &dyn CryptoProvider, key: &PublicKey) -> Result<Ask, EnvelopeError> {
        if !self.proof(provider).holds(provider, key, &self.changes) {
            return Err(EnvelopeError::Malformed);
        }
        let ask: Ask = message::unpack(self.packed)?;
        if !ask.fits() {
            return Err(EnvelopeError::TooLarge);
        }
        if changes_of(provider, &ask) == self.changes { Ok(ask) } else { Err(EnvelopeError::Malformed) }
    }

    /// Tells this signing from every other, also of the same message.
    #[must_use]
    pub fn mark(&self) -> [u8; 16] {
        let mut mark = [0; 16];
        mark.copy_from_slice(&self.signature[..16]);
        mark
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::SoftProvider;
    use crate::sync::Exchange;
    use crate::wire::WireChange;

    #[test]
    fn f17_f18_only_the_device_itself_opens_its_envelope_and_no_byte_may_change() {
        let provider = SoftProvider::seeded(7);
        let (key, other) = (provider.new_key().unwrap(), provider.new_key().unwrap());
        let (public, foreign) = (provider.public_key(&key).unwrap(), provider.public_key(&other).unwrap());
        let ask = Ask::Wait { after: 7 };
        let sent = enclose(&provider, &key, &[5; 16], 300, &ask).unwrap();
        let read = Enclosed::read(&sent).unwrap();
        assert_eq!((read.device, read.at), ([5; 16], 300));
        assert_eq!(read.open(&provider, &public), Ok(ask));
        assert_eq!(read.open(&provider, &foreign), Err(EnvelopeError::Malformed));
        for at in 0..sent.len() {
            let mut flipped = sent.clone();
            flipped[at] ^= 1;
            let opened = Enclosed::read(&flipped).and_then(|read| read.open(&provider, &public));
            assert_eq!(opened, Err(EnvelopeError::Malformed), "flip at {at}");
            let opened = Enclosed::read(&sent[..at]).and_then(|read| read.open(&provider, &public));
            assert_eq!(opened, Err(EnvelopeError::Malformed), "cut at {at}");
        }
    }

    #[test]
    fn what_is_kept_of_an_envelope_shows_who_signed_its_changes_and_no_others() {
        let provider = SoftProvider::seeded(8);
        let (key, other) = (provider.new_key().unwrap(), provider.new_key().unwrap());
        let (public, foreign) = (provider.public_key(&key).unwrap(), provider.public_key(&other).unwrap());
        let change = |price: u8| WireChange { kind: "order".into(), record: [7; 16], bytes: vec![price] };
        let ask = |changes| Ask::Exchange(Exchange { changes, ..Exchange::default() });
        let pushed = ask(vec![change(12), change(13)]);
        let sent = enclose(&provider, &key, &[5; 16], 300, &pushed).unwrap();
        let proof = Enclosed::read(&sent).unwrap().proof(&provider);
        assert!(proof.holds(&provider, &public, &changes_of(&provider, &pushed)));
        assert!(!proof.holds(&provider, &foreign, &changes_of(&provider, &pushed)));
        for forged in [vec![change(12), change(14)], vec![change(13), change(12)], vec![change(12)], vec![]] {
            assert!(!proof.holds(&provider, &public, &changes_of(&provider, &ask(forged))));
        }
        // Who signs one thing and sends another is not heard.
        let packed = message::pack(&pushed).unwrap();
        let two = enclose_packed(&provider, &key, (&[5; 16], 300), &changes_of(&provider, &ask(vec![change(12)])), &packed).unwrap();
        assert_eq!(Enclosed::read(&two).unwrap().open(&provider, &public), Err(EnvelopeError::Malformed));
    }
}
