//! The envelope around what the server answers: to whom, to which question, and a signature over every byte. It is opened before
//! anything inside is unpacked; what it says was said by the server itself, to this question, now.
//!
//! ```text
//! "YLR2" (4) | device (16) | mark of the question (16) | packed message | SM2 signature over all before (64)
//! ```

use super::envelope::EnvelopeError;
use super::message;
use crate::crypto::{CryptoProvider, PublicKey, Signature, StoredKey};
use serde::Serialize;

const MAGIC: &[u8; 4] = b"YLR2";
const SIGNATURE: usize = 64;
/// Bytes that it adds to a packed message.
pub const OVERHEAD: usize = MAGIC.len() + 16 + 16 + SIGNATURE;

/// The question that is answered: no answer fits two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// The device that asks; zeros before it has an id.
    pub device: [u8; 16],
    /// Tells this question from every other: [`super::envelope::Enclosed::mark`], or what was drawn for it.
    pub mark: [u8; 16],
}

impl Question {
    /// The question of an envelope that was just made.
    ///
    /// # Errors
    /// The bytes are no envelope.
    pub fn of(envelope: &[u8]) -> Result<Self, EnvelopeError> {
        let enclosed = super::envelope::Enclosed::read(envelope)?;
        Ok(Self { device: enclosed.device, mark: enclosed.mark() })
    }

    fn head(&self) -> Vec<u8> {
        [MAGIC.as_slice(), &self.device, &self.mark].concat()
    }
}

/// Signs and encloses what the server answers.
///
/// # Errors
/// [`EnvelopeError`]
pub fn enclose<T: Serialize>(
    provider: &dyn CryptoProvider,
    key: &StoredKey,
    question: &Question,
    answer: &T,
) -> Result<Vec<u8>, EnvelopeError> {
    let mut bytes = question.head();
    bytes.extend(message::pack(answer)?);
    let signature = provider.sign(key, &bytes)?;
    bytes.extend_from_slice(&signature.0);
    Ok(bytes)
}

/// The packed message, where the server itself answers this question; `None` for everything else.
#[must_use]
pub fn check<'a>(provider: &dyn CryptoProvider, key: &PublicKey, question: &Question, bytes: &'a [u8]) -> Option<&'a [u8]> {
    let (signed, signature) = bytes.split_last_chunk::<SIGNATURE>()?;
    let packed = signed.strip_prefix(question.head().as_slice())?;
    provider.verify(key, signed, &Signature(*signature)).ok()?;
    Some(packed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::SoftProvider;
    use crate::sync::Answer;

    #[test]
    fn an_answer_is_the_servers_own_to_one_question_and_no_byte_may_change() {
        let crypto = SoftProvider::seeded(9);
        let (key, other) = (crypto.new_key().unwrap(), crypto.new_key().unwrap());
        let public = crypto.public_key(&key).unwrap();
        let question = Question { device: [5; 16], mark: [6; 16] };
        let sent = enclose(&crypto, &key, &question, &Answer::ShutOut).unwrap();
        assert_eq!(sent.len(), OVERHEAD + message::pack(&Answer::ShutOut).unwrap().len());
        let read = |question: &Question, bytes: &[u8]| {
            check(&crypto, &public, question, bytes).map(|packed| message::unpack::<Answer>(packed).unwrap())
        };
        assert_eq!(read(&question, &sent), Some(Answer::ShutOut));
        for another in [Question { device: [7; 16], ..question }, Question { mark: [7; 16], ..question }] {
            assert_eq!(read(&another, &sent), None);
        }
        let foreign = enclose(&crypto, &other, &question, &Answer::ShutOut).unwrap();
        assert_eq!(read(&question, &foreign), None);
        for at in 0..sent.len() {
            let mut flipped = sent.clone();
            flipped[at] ^= 1;
            assert_eq!(read(&question, &flipped), None, "flip at {at}");
            assert_eq!(read(&question, &sent[..at]), None, "cut at {at}");
        }
    }
}
