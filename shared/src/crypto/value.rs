//! Keys and signatures as they are stored and sent. The secret ones are wiped when dropped and never shown.

use super::{CryptoProvider, fixed};
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroizing;

/// An SM2 public key: x and y, each 32 bytes, big-endian. Whether it is a point of the curve is checked where it is used.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PublicKey(#[serde(with = "fixed")] pub [u8; 64]);

/// An SM2 signature: r and s, each 32 bytes, big-endian. Not unique: signing again gives another one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Signature(#[serde(with = "fixed")] pub [u8; 64]);

impl fmt::Debug for PublicKey {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "PublicKey({})", hex::encode(self.0))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Signature({})", hex::encode(self.0))
    }
}

/// An SM4 key of 16 bytes.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<[u8; 16]>);

impl SecretKey {
    /// A fresh random key.
    pub fn draw(provider: &dyn CryptoProvider) -> Self {
        let mut bytes = Zeroizing::new([0; 16]);
        provider.random(bytes.as_mut());
        Self(bytes)
    }

    /// A key that came from a wrap or a store.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The key itself, to wrap or store it.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("SecretKey(..)")
    }
}

/// What is stored of a signing key; only the provider that made it reads it.
#[derive(Clone)]
pub struct StoredKey(Zeroizing<Vec<u8>>);

impl StoredKey {
    /// A key as it came from the store.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes to store.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for StoredKey {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("StoredKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_for_people_and_bare_bytes_for_machines() {
        let key = PublicKey(std::array::from_fn(|at| at as u8));
        let json = serde_json::to_string(&key).unwrap();
        assert_eq!(json, format!("\"{}\"", hex::encode(key.0)));
        assert_eq!(serde_json::from_str::<PublicKey>(&json).unwrap(), key);
        let packed = postcard::to_allocvec(&key).unwrap();
        assert_eq!(packed, key.0);
        assert_eq!(postcard::from_bytes::<PublicKey>(&packed).unwrap(), key);
    }

    #[test]
    fn another_length_is_refused() {
        for text in [
            "\"\"",
            "\"00\"",
            &format!("\"{}\"", "00".repeat(63)),
            &format!("\"{}\"", "00".repeat(65)),
            &format!("\"{}\"", "zz".repeat(64)),
            "7",
        ] {
            assert!(serde_json::from_str::<Signature>(text).is_err(), "{text}");
        }
        assert!(postcard::from_bytes::<Signature>(&[0; 63]).is_err());
    }

    #[test]
    fn secrets_are_not_shown() {
        let secret = format!("{:?} {:?}", SecretKey::from_bytes([0xAB; 16]), StoredKey::from_bytes(vec![0xAB; 32]));
        assert_eq!(secret, "SecretKey(..) StoredKey(..)");
    }
}
