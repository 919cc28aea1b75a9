//! The suite in software. A stored key is the private number itself, 32 bytes big-endian.
//!
//! Nonces of signatures are drawn over the whole range: HMAC-DRBG over key, digest and 32 fresh random bytes
//! (RFC 6979 with additional input), so neither a weak system source nor a repeated draw gives the key away.

use super::random::{Drawing, Source};
use super::{CryptoError, CryptoProvider, PublicKey, SecretKey, Signature, StoredKey, WRAP_OVERHEAD};
use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead, Nonce, Payload};
use aes_gcm::{AesGcm, KeyInit};
use hmac::{Hmac, Mac};
use sm2::dsa::signature::{RandomizedSigner, Verifier};
use sm2::dsa::{SigningKey, VerifyingKey};
use sm2::elliptic_curve::Generate;
use sm2::pke::{DecryptingKey, EncryptingKey, Mode};
use sm3::{Digest, Sm3};
use sm4::Sm4;

/// The user id that GB/T 32918 and GM/T 0009 give for those who have none.
const USER_ID: &str = "1234567812345678";

/// How an uncompressed point begins.
const UNCOMPRESSED: u8 = 4;

type Sm4Gcm = AesGcm<Sm4, U12>;

/// The suite in software.
#[derive(Debug)]
pub struct SoftProvider {
    source: Source,
}

impl SoftProvider {
    /// Draws from the system.
    #[must_use]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self { source: Source::System }
    }

    /// Draws from a seed: the same calls in the same order give the same keys, signatures and seals. For simulations
    /// only, nothing it makes is secret; a release without the feature `simulation` does not have it.
    #[cfg(any(debug_assertions, feature = "simulation"))]
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self { source: Source::Seeded { seed, drawn: std::sync::atomic::AtomicU64::new(0) } }
    }
}

fn point(key: &PublicKey) -> Result<sm2::PublicKey, CryptoError> {
    let mut bytes = [UNCOMPRESSED; 65];
    bytes[1..].copy_from_slice(&key.0);
    sm2::PublicKey::from_sec1_bytes(&bytes).map_err(|_| CryptoError::BadPublicKey)
}

fn secret(key: &StoredKey) -> Result<sm2::SecretKey, CryptoError> {
    sm2::SecretKey::from_slice(key.as_bytes()).map_err(|_| CryptoError::BadStoredKey)
}

impl CryptoProvider for SoftProvider {
    fn new_key(&self) -> Result<StoredKey, CryptoError> {
        let key = sm2::SecretKey::try_generate_from_rng(&mut Drawing(&self.source)).map_err(|_| CryptoError::NoRandomness)?;
        Ok(StoredKey::from_bytes(key.to_bytes().to_vec()))
    }

    fn public_key(&self, key: &StoredKey) -> Result<PublicKey, CryptoError> {
        let encoded = secret(key)?.public_key().to_sec1_bytes();
        let mut bytes = [0; 64];
        let coordinates = encoded.get(1..).filter(|rest| rest.len() == bytes.len()).ok_or(CryptoError::BadStoredKey)?;
        bytes.copy_from_slice(coordinates);
        Ok(PublicKey(bytes))
    }

    fn sign(&self, key: &StoredKey, message: &[u8]) -> Result<Signature, CryptoError> {
        let signing = SigningKey::new(USER_ID, &secret(key)?).map_err(|_| CryptoError::BadStoredKey)?;
        let signature = signing.try_sign_with_rng(&mut Drawing(&self.source), message).map_err(|_| CryptoError::NoRandomness)?;
        Ok(Signature(signature.to_bytes().into()))
    }

    fn verify(&self, key: &PublicKey, message: &[u8], signature: &Signature) -> Result<(), CryptoError> {
        let verifying = VerifyingKey::new(USER_ID, point(key)?).map_err(|_| CryptoError::BadPublicKey)?;
        let signature = sm2::dsa::Signature::from_slice(&signature.0).map_err(|_| CryptoError::BadSignature)?;
        verifying.verify(message, &signature).map_err(|_| CryptoError::BadSignature)
    }

    fn digest(&self, bytes: &[u8]) -> [u8; 32] {
        Sm3::digest(bytes).into()
    }

    fn mac(&self, key: &[u8], bytes: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sm3>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    }

    fn seal(&self, key: &SecretKey, aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let mut nonce = [0; 12];
        self.source.fill(&mut nonce)?;
        let sealed = Sm4Gcm::new(key.as_bytes().into())
            .encrypt(&Nonce::<Sm4Gcm>::from(nonce), Payload { msg: plain, aad })
            .map_err(|_| CryptoError::BadPlain)?;
        Ok([&nonce[..], &sealed].concat())
    }

    fn open(&self, key: &SecretKey, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let (nonce, rest) = sealed.split_first_chunk::<12>().ok_or(CryptoError::BadSeal)?;
        Sm4Gcm::new(key.as_bytes().into())
            .decrypt(&Nonce::<Sm4Gcm>::from(*nonce), Payload { msg: rest, aad })
            .map_err(|_| CryptoError::BadSeal)
    }

    fn wrap(&self, to: &PublicKey, secret: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let to = EncryptingKey::new_with_mode(point(to)?, Mode::C1C3C2);
        if secret.is_empty() {
            return Err(CryptoError::BadPlain);
        }
        to.encrypt(&mut Drawing(&self.source), secret).map_err(|_| CryptoError::NoRandomness)
    }

    fn unwrap(&self, key: &StoredKey, wrapped: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let key = DecryptingKey::new_with_mode(secret(key)?.to_nonzero_scalar(), Mode::C1C3C2);
        if wrapped.len() <= WRAP_OVERHEAD || wrapped.first() != Some(&UNCOMPRESSED) {
            return Err(CryptoError::BadSeal);
        }
        key.decrypt(wrapped).map_err(|_| CryptoError::BadSeal)
    }

    #[allow(clippy::panic)]
    fn random(&self, into: &mut [u8]) {
        if let Err(error) = self.source.fill(into) {
            panic!("{error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_verifies() {
        let provider = SoftProvider::new();
        let key = provider.new_key().unwrap();
        let public = provider.public_key(&key).unwrap();
        let signature = provider.sign(&key, b"news").unwrap();
        assert_eq!(provider.verify(&public, b"news", &signature), Ok(()));
        assert_eq!(provider.verify(&public, b"other news", &signature), Err(CryptoError::BadSignature));
    }

    #[test]
    fn seals_and_wraps() {
        let provider = SoftProvider::new();
        let key = provider.new_key().unwrap();
        let public = provider.public_key(&key).unwrap();
        let secret = SecretKey::draw(&provider);
        let sealed = provider.seal(&secret, b"for", b"plain").unwrap();
        assert_eq!(provider.open(&secret, b"for", &sealed).unwrap(), b"plain");
        let wrapped = provider.wrap(&public, secret.as_bytes()).unwrap();
        assert_eq!(provider.unwrap(&key, &wrapped).unwrap(), secret.as_bytes());
    }
}
