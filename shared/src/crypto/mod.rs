//! What the product needs of cryptography, behind one trait, so that certified modules (SDF, SKF) can stand in for
//! the software one. One suite, the national one: SM2 (GB/T 32918), SM3 (GB/T 32905), SM4-GCM (GB/T 32907, 36624).
//! What is signed, sealed and wrapped, and for whom, is decided elsewhere; no formats but those of keys and seals.

mod fixed;
pub mod key_file;
mod random;
mod soft;
mod value;

pub use soft::SoftProvider;
pub use value::{PublicKey, SecretKey, Signature, StoredKey};

/// Bytes that [`CryptoProvider::seal`] adds: the nonce (12) and the tag (16).
pub const SEAL_OVERHEAD: usize = 12 + 16;

/// Bytes that [`CryptoProvider::wrap`] adds: C1 (a point, 65) and C3 (a digest, 32).
pub const WRAP_OVERHEAD: usize = 65 + 32;

/// One implementation of the suite. All of them read each other's signatures, seals and wraps.
/// Nothing that comes from outside makes it panic: garbage is refused with an error.
pub trait CryptoProvider: Send + Sync + std::fmt::Debug {
    /// A new signing key: what is stored of it. The software one stores the key itself, a module a handle.
    fn new_key(&self) -> Result<StoredKey, CryptoError>;

    /// The public half of a stored key.
    fn public_key(&self, key: &StoredKey) -> Result<PublicKey, CryptoError>;

    /// Signs with SM2 over SM3 (GB/T 32918.2), user id `1234567812345678`. Signing the same message again gives another signature.
    fn sign(&self, key: &StoredKey, message: &[u8]) -> Result<Signature, CryptoError>;

    /// Accepts what [`CryptoProvider::sign`] made for this message; refuses points off the curve and numbers out of range.
    fn verify(&self, key: &PublicKey, message: &[u8], signature: &Signature) -> Result<(), CryptoError>;

    /// SM3.
    fn digest(&self, bytes: &[u8]) -> [u8; 32];

    /// HMAC over SM3. Who compares it with one from outside compares in constant time.
    fn mac(&self, key: &[u8], bytes: &[u8]) -> [u8; 32];

    /// The same under one key, for many: what depends on the key alone is worked out once.
    fn keyed(&self, key: &[u8]) -> Box<dyn KeyedMac>;

    /// SM4-GCM: a fresh nonce of 12 bytes, the ciphertext, the tag of 16 bytes. `aad` is protected but not contained.
    /// Fresh nonces are random: under one key no more than 2^32 seals.
    fn seal(&self, key: &SecretKey, aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, CryptoError>;

    /// What was sealed under this key with this `aad`; anything else is refused.
    fn open(&self, key: &SecretKey, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, CryptoError>;

    /// SM2 encryption (GB/T 32918.4), laid out C1 C3 C2 with C1 as `04 x y`. An empty secret is refused.
    fn wrap(&self, to: &PublicKey, secret: &[u8]) -> Result<Vec<u8>, CryptoError>;

    /// The secret wrapped for this key.
    fn unwrap(&self, key: &StoredKey, wrapped: &[u8]) -> Result<Vec<u8>, CryptoError>;

    /// Fills with random bytes.
    ///
    /// # Panics
    /// Where the system has no randomness: there is nothing safe to go on with.
    fn random(&self, into: &mut [u8]);
}

/// HMAC over SM3 under a key that was given before ([`CryptoProvider::keyed`]).
pub trait KeyedMac: Send + Sync + std::fmt::Debug {
    /// [`CryptoProvider::mac`] under that key.
    fn mac(&self, bytes: &[u8]) -> [u8; 32];
}

/// Why it was refused. Says nothing of keys and contents, so it may be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CryptoError {
    /// A public key that is no point of the curve.
    #[error("the public key is not a point of the curve")]
    BadPublicKey,
    /// A stored key that this provider can't use.
    #[error("the stored key can't be used")]
    BadStoredKey,
    /// Not signed by this key, or not this message.
    #[error("the signature does not fit")]
    BadSignature,
    /// Not sealed or wrapped for this key, or changed since.
    #[error("the sealed bytes can't be opened")]
    BadSeal,
    /// Nothing to seal, or too much.
    #[error("this can't be sealed")]
    BadPlain,
    /// The system or the module has no randomness.
    #[error("no randomness could be drawn")]
    NoRandomness,
}
