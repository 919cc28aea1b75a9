//! The suite in software. A stored key is the private number itself, 32 bytes big-endian.
//!
//! Nonces of signatures are drawn over the whole range: HMAC-DRBG over key, digest and 32 fresh random bytes
//! (RFC 6979 with additional input), so neither a weak system source nor a repeated draw gives the key away.
//!
//! Limits: while it signs, the curve's crate holds the private number on the stack and does not wipe it there; SM4 looks
//! its S-box up in a table of 256 bytes, so who measures caches on the same machine learns of it. A module has neither.

use super::random::{Drawing, Source};
use super::{CryptoError, CryptoProvider, KeyedMac, PublicKey, SecretKey, Signature, StoredKey, WRAP_OVERHEAD};
use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead, Nonce, Payload};
use aes_gcm::{AesGcm, KeyInit};
use hmac::{Hmac, Mac};
use sm2::Scalar;
use sm2::dsa::signature::{RandomizedSigner, Verifier};
use sm2::dsa::{SigningKey, VerifyingKey};
use sm2::elliptic_curve::Generate;
use sm2::pke::{DecryptingKey, EncryptingKey, Mode};
use sm3::{Digest, Sm3};
use sm4::Sm4;
use zeroize::Zeroizing;

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

impl Default for SoftProvider {
    fn default() -> Self {
        Self::new()
    }
}

fn point(key: &PublicKey) -> Result<sm2::PublicKey, CryptoError> {
    sm2::PublicKey::from_sec1_bytes(&[&[UNCOMPRESSED][..], &key.0].concat()).map_err(|_| CryptoError::BadPublicKey)
}

/// The private number: 1 to n - 2, as n - 1 can't sign.
fn secret(key: &StoredKey) -> Result<sm2::SecretKey, CryptoError> {
    let bytes: &[u8; 32] = key.as_bytes().try_into().map_err(|_| CryptoError::BadStoredKey)?;
    let secret = sm2::SecretKey::from_bytes(bytes.into()).map_err(|_| CryptoError::BadStoredKey)?;
    let one_less_than_n = -Scalar::ONE;
    if *secret.to_nonzero_scalar() == one_less_than_n { Err(CryptoError::BadStoredKey) } else { Ok(secret) }
}

/// The state after the key; wiped when it is let go of.
#[derive(Debug)]
struct Keyed(Hmac<Sm3>);

impl Keyed {
    fn under(key: &[u8]) -> Self {
        Self(Hmac::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length")))
    }
}

impl KeyedMac for Keyed {
    fn mac(&self, bytes: &[u8]) -> [u8; 32] {
        let mut mac = self.0.clone();
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    }
}

impl CryptoProvider for SoftProvider {
    fn new_key(&self) -> Result<StoredKey, CryptoError> {
        let key = sm2::SecretKey::try_generate_from_rng(&mut Drawing(&self.source)).map_err(|_| CryptoError::NoRandomness)?;
        Ok(StoredKey::from_bytes(Zeroizing::new(key.to_bytes()).to_vec()))
    }

    fn public_key(&self, key: &StoredKey) -> Result<PublicKey, CryptoError> {
        let encoded = secret(key)?.public_key().to_sec1_bytes();
        encoded.get(1..).and_then(|xy| xy.try_into().ok()).map(PublicKey).ok_or(CryptoError::BadStoredKey)
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
        Keyed::under(key).mac(bytes)
    }

    fn keyed(&self, key: &[u8]) -> Box<dyn KeyedMac> {
        Box::new(Keyed::under(key))
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

    fn random(&self, into: &mut [u8]) {
        if let Err(error) = self.source.fill(into) {
            panic!("{error}");
        }
    }
}

#[cfg(all(test, debug_assertions))]
mod tests {
    use super::*;
    use sm2::elliptic_curve::PrimeField;

    /// The number that was drawn for this signature: k = s (1 + d) + r d.
    fn nonce(key: &StoredKey, signature: &Signature) -> Scalar {
        let number = |bytes: &[u8]| Scalar::from_repr(bytes.try_into().unwrap()).unwrap();
        let (d, r, s) = (number(key.as_bytes()), number(&signature.0[..32]), number(&signature.0[32..]));
        s * (Scalar::ONE + d) + r * d
    }

    #[test]
    fn nonces_use_their_whole_range() {
        let provider = SoftProvider::new();
        let key = provider.new_key().unwrap();
        let nonces: Vec<_> = (0..64).map(|_| nonce(&key, &provider.sign(&key, b"news").unwrap()).to_repr()).collect();
        for at in 0..32 {
            let values: std::collections::BTreeSet<u8> = nonces.iter().map(|nonce| nonce[at]).collect();
            assert!(values.len() > 32, "byte {at} of the nonce takes only {} values in 64 signatures", values.len());
        }
    }

    #[test]
    fn the_same_draw_for_another_message_is_another_nonce() {
        let key = SoftProvider::new().new_key().unwrap();
        let nonce_of = |message: &[u8]| nonce(&key, &SoftProvider::seeded(7).sign(&key, message).unwrap());
        assert_eq!(nonce_of(b"one"), nonce_of(b"one"));
        assert_ne!(nonce_of(b"one"), nonce_of(b"two"));
    }

    #[test]
    fn a_wrap_draws_its_whole_number() {
        let mut drawn = [0; 32];
        SoftProvider::seeded(3).source.fill(&mut drawn).unwrap();
        let once = StoredKey::from_bytes(drawn.to_vec());
        let to = SoftProvider::seeded(4);
        let to = to.public_key(&to.new_key().unwrap()).unwrap();
        let wrapped = SoftProvider::seeded(3).wrap(&to, b"secret").unwrap();
        assert_eq!(wrapped[1..65], SoftProvider::new().public_key(&once).unwrap().0);
    }

    #[test]
    fn a_seed_repeats_itself_and_another_does_not() {
        let run = |seed| {
            let provider = SoftProvider::seeded(seed);
            let key = provider.new_key().unwrap();
            let secret = SecretKey::draw(&provider);
            let sealed = provider.seal(&secret, b"", b"plain").unwrap();
            (provider.public_key(&key).unwrap(), provider.sign(&key, b"news").unwrap(), sealed)
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
    }

    #[test]
    fn what_is_repeated_is_drawn_anew() {
        let provider = SoftProvider::new();
        let (key, secret) = (provider.new_key().unwrap(), SecretKey::draw(&provider));
        let to = provider.public_key(&key).unwrap();
        assert_ne!(key.as_bytes(), provider.new_key().unwrap().as_bytes());
        assert_ne!(secret.as_bytes(), SecretKey::draw(&provider).as_bytes());
        assert_ne!(provider.sign(&key, b"x").unwrap(), provider.sign(&key, b"x").unwrap());
        assert_ne!(provider.seal(&secret, b"", b"x").unwrap()[..12], provider.seal(&secret, b"", b"x").unwrap()[..12]);
        assert_ne!(provider.wrap(&to, b"x").unwrap()[..65], provider.wrap(&to, b"x").unwrap()[..65]);
    }
}
