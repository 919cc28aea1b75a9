//! Who the server is, as it says itself under its own signature, and the one-time code that tells a desk which server to believe.
//! How the signature is checked stands here; whom to ask, and what to do with the answer, stands at the desk.

use super::EnrolAsk;
use crate::crypto::{CryptoError, CryptoProvider, PublicKey, Signature, StoredKey};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Before every hello that is signed: a signature of anything else is none of a hello.
const SIGNED_AS: &[u8] = b"yinling hello 1\n";

/// `POST /v2/hello`: who are you?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HelloAsk {
    /// 16 random bytes in hex: an answer to another question is none to this one.
    pub nonce: String,
}

/// What a server says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hello {
    /// The nonce of the question.
    pub nonce: String,
    /// Its SM2 key, x and y in hex: it signs every answer.
    pub key: String,
    /// Its TLS authority, DER in hex; none where its certificate is one that every computer checks by itself.
    pub authority: Option<String>,
    /// Its time, seconds since 1970.
    pub at: i64,
}

/// Answer to [`HelloAsk`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignedHello {
    /// A [`Hello`], as JSON.
    pub said: String,
    /// SM2 signature over `yinling hello 1`, a line feed and `said`, in hex.
    pub signature: String,
}

impl SignedHello {
    /// Signs what a server says of itself.
    ///
    /// # Errors
    /// The key can't sign.
    pub fn sign(crypto: &dyn CryptoProvider, key: &StoredKey, hello: &Hello) -> Result<Self, CryptoError> {
        let said = serde_json::to_string(hello).map_err(|_| CryptoError::BadPlain)?;
        let signature = crypto.sign(key, &[SIGNED_AS, said.as_bytes()].concat())?;
        Ok(Self { said, signature: hex::encode(signature.0) })
    }

    /// The hello and its key, where it answers this question and the key that it names has signed it. Whether that key is the right one
    /// is another question.
    #[must_use]
    pub fn open(&self, crypto: &dyn CryptoProvider, ask: &HelloAsk) -> Option<(Hello, PublicKey)> {
        let hello: Hello = serde_json::from_str(&self.said).ok()?;
        let key = PublicKey(hex::decode(&hello.key).ok()?.try_into().ok()?);
        let signature = Signature(hex::decode(&self.signature).ok()?.try_into().ok()?);
        crypto.verify(&key, &[SIGNED_AS, self.said.as_bytes()].concat(), &signature).ok()?;
        (hello.nonce == ask.nonce).then_some((hello, key))
    }
}

const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DIGITS: usize = 8;
const PRINT: usize = 12;

/// The first 60 bits of the SM3 digest of a server's key, in twelve letters and digits that are not mistaken for each other (Crockford's).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; PRINT]);

impl Fingerprint {
    /// Of a key.
    #[must_use]
    pub fn of(crypto: &dyn CryptoProvider, key: &PublicKey) -> Self {
        let digest = crypto.digest(&key.0);
        let bits = digest.iter().take(8).fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
        Self(std::array::from_fn(|at| LETTERS[(bits >> (59 - 5 * at)) as usize % LETTERS.len()]))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups: Vec<_> = self.0.chunks(4).map(String::from_utf8_lossy).collect();
        to.write_str(&groups.join("-"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, to)
    }
}

/// A one-time code as it is given out: `1234-5678-ABCD-EFGH-JKMN`. The digits are used up, the rest tells which server they are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolCode {
    /// The eight digits.
    pub digits: String,
    /// Of the key of the server that gave it out.
    pub server: Fingerprint,
}

impl fmt::Display for EnrolCode {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = self.digits.split_at_checked(4).unwrap_or((&self.digits, ""));
        write!(to, "{first}-{last}-{}", self.server)
    }
}

/// What was typed is no whole code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a code has eight digits and twelve letters or digits")]
pub struct NotACode;

impl FromStr for EnrolCode {
    type Err = NotACode;

    /// As people type it: small letters, full width, with whatever stands between the groups.
    fn from_str(typed: &str) -> Result<Self, NotACode> {
        let narrow = |sign: char| match sign {
            '！'..='～' => char::from_u32(u32::from(sign) - 0xFEE0).unwrap_or(sign),
            other => other,
        };
        let signs: Vec<char> =
            typed.chars().map(narrow).filter(char::is_ascii_alphanumeric).map(|sign| sign.to_ascii_uppercase()).collect();
        let (digits, print) = signs.split_at_checked(DIGITS).ok_or(NotACode)?;
        let told_apart = |sign: &char| match sign {
            'I' | 'L' => '1',
            'O' => '0',
            other => *other,
        };
        let digits: String = digits.iter().map(told_apart).collect();
        let print: Vec<u8> = print.iter().filter_map(|sign| u8::try_from(told_apart(sign)).ok()).collect();
        let server = <[u8; PRINT]>::try_from(print).map_err(|_| NotACode)?;
        if digits.bytes().all(|digit| digit.is_ascii_digit()) && server.iter().all(|letter| LETTERS.contains(letter)) {
            Ok(Self { digits, server: Fingerprint(server) })
        } else {
            Err(NotACode)
        }
    }
}

impl EnrolAsk {
    /// Of a device that enrols by a code under a key of its own.
    #[must_use]
    pub fn new(code: &EnrolCode, name: &str, key: &PublicKey, nonce: [u8; 16]) -> Self {
        Self { code: code.digits.clone(), name: name.to_owned(), public_key: hex::encode(key.0), nonce: hex::encode(nonce) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::SoftProvider;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let crypto = SoftProvider::seeded(3);
        let key = crypto.public_key(&crypto.new_key().unwrap()).unwrap();
        let code = EnrolCode { digits: "12345678".into(), server: Fingerprint::of(&crypto, &key) };
        let given = code.to_string();
        assert_eq!(given.len(), "1234-5678-ABCD-EFGH-JKMN".len());
        for typed in
            [given.clone(), given.to_lowercase(), given.replace('-', " "), given.replace('-', ""), format!(" {given}。"), wide(&given)]
        {
            assert_eq!(typed.parse(), Ok(code.clone()), "{typed}");
        }
        for typed in
            ["", "1234-5678", "12345678ABCDEFGHJKM", "1234-5678-ABCD-EFGH-JKMNP", "1234-567A-ABCD-EFGH-JKMN", "1234-5678-ABCD-EFGH-JKMU"]
        {
            assert_eq!(typed.parse::<EnrolCode>(), Err(NotACode), "{typed}");
        }
        let read: EnrolCode = "OI234567-oiloiloiloil".parse().unwrap();
        assert_eq!(read.to_string(), "0123-4567-0110-1101-1011");
    }

    fn wide(text: &str) -> String {
        text.chars().filter_map(|sign| char::from_u32(u32::from(sign) + 0xFEE0)).collect()
    }

    #[test]
    fn fingerprints_are_the_head_of_the_digest_of_the_key() {
        let crypto = SoftProvider::seeded(3);
        // SM3 of 64 bytes of 1 begins with the bits of these letters.
        let digest = hex::encode(crypto.digest(&[1; 64]));
        let bits = u64::from_str_radix(&digest[..15], 16).unwrap();
        let letters: String = (0..12).rev().map(|at| char::from(LETTERS[(bits >> (5 * at) & 31) as usize])).collect();
        assert_eq!(Fingerprint::of(&crypto, &PublicKey([1; 64])).to_string().replace('-', ""), letters);
    }

    #[test]
    fn a_hello_is_believed_for_its_own_question_and_key_alone() {
        let crypto = SoftProvider::seeded(4);
        let (key, other) = (crypto.new_key().unwrap(), crypto.new_key().unwrap());
        let public = crypto.public_key(&key).unwrap();
        let ask = HelloAsk { nonce: "07".repeat(16) };
        let hello = Hello { nonce: ask.nonce.clone(), key: hex::encode(public.0), authority: None, at: 7 };
        let signed = SignedHello::sign(&crypto, &key, &hello).unwrap();
        assert_eq!(signed.open(&crypto, &ask), Some((hello.clone(), public)));
        assert_eq!(signed.open(&crypto, &HelloAsk { nonce: "08".repeat(16) }), None);
        assert_eq!(SignedHello::sign(&crypto, &other, &hello).unwrap().open(&crypto, &ask), None, "signed by another key than it names");
        let bent = SignedHello { said: signed.said.replace("\"at\":7", "\"at\":8"), ..signed };
        assert_eq!(bent.open(&crypto, &ask), None);
    }
}
