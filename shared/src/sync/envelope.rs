//! The envelope around what a desk asks: who asks, when, and a signature over every byte. It is opened
//! before anything inside is unpacked.
//!
//! ```text
//! "YLS2" (4) | device (16) | seconds since 1970 by the server's clock (8, little end first) | packed message | SM2 signature over all before (64)
//! ```

use super::message::{self, Ask, MessageError};
use crate::crypto::{CryptoError, CryptoProvider, PublicKey, Signature, StoredKey};

const MAGIC: &[u8; 4] = b"YLS2";
const TIME_ENDS: usize = MAGIC.len() + 16 + 8;
const SIGNATURE: usize = 64;
/// Most bytes of an envelope.
pub const MAX_ENVELOPE: usize = message::MAX_PACKED + TIME_ENDS + SIGNATURE;

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
    let mut bytes = [MAGIC.as_slice(), device, &at.to_le_bytes(), &message::pack(ask)?].concat();
    let signature = provider.sign(key, &bytes)?;
    bytes.extend_from_slice(&signature.0);
    Ok(bytes)
}

/// An envelope whose outside was read; nothing of it is trusted yet.
#[derive(Clone, Copy, Debug)]
pub struct Enclosed<'a> {
    /// The device that it says it is from.
    pub device: [u8; 16],
    /// When it says it was made, by the server's clock.
    pub at: i64,
    signed: &'a [u8],
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
        let (at, packed) = rest.split_first_chunk::<8>().ok_or(EnvelopeError::Malformed)?;
        Ok(Self { device: *device, at: i64::from_le_bytes(*at), signed, packed, signature: *signature })
    }

    /// Checks the signature, then unpacks.
    ///
    /// # Errors
    /// [`EnvelopeError`]
    pub fn open(&self, provider: &dyn CryptoProvider, key: &PublicKey) -> Result<Ask, EnvelopeError> {
        provider.verify(key, self.signed, &Signature(self.signature)).map_err(|_| EnvelopeError::Malformed)?;
        let ask: Ask = message::unpack(self.packed)?;
        if ask.fits() { Ok(ask) } else { Err(EnvelopeError::TooLarge) }
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
}
