//! What is changed, cut, foreign or garbage is refused, and nothing panics.

use proptest::collection::vec;
use proptest::prelude::*;
use shared::crypto::{CryptoError, CryptoProvider, PublicKey, SEAL_OVERHEAD, SecretKey, Signature, SoftProvider, StoredKey, WRAP_OVERHEAD};

/// The order of the curve.
const N: &str = "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123";
/// The prime of its field.
const P: &str = "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF";

fn wide(hex: &str) -> [u8; 32] {
    hex::decode(hex).unwrap().try_into().unwrap()
}

/// `number + plus`, big-endian.
fn plus(number: [u8; 32], plus: i16) -> [u8; 32] {
    let mut sum = number;
    let mut carry = plus;
    for byte in sum.iter_mut().rev() {
        let here = i16::from(*byte) + carry;
        *byte = here.rem_euclid(256) as u8;
        carry = here.div_euclid(256);
    }
    assert_eq!(carry, 0);
    sum
}

fn minus(from: [u8; 32], number: &[u8]) -> [u8; 32] {
    let mut difference = from;
    let mut borrow = 0;
    for (byte, less) in difference.iter_mut().zip(number).rev() {
        let here = i16::from(*byte) - i16::from(*less) - borrow;
        *byte = here.rem_euclid(256) as u8;
        borrow = i16::from(here < 0);
    }
    difference
}

fn pair(provider: &SoftProvider) -> (StoredKey, PublicKey) {
    let key = provider.new_key().unwrap();
    let public = provider.public_key(&key).unwrap();
    (key, public)
}

/// The same bytes with one bit changed, for each bit.
fn flips(bytes: &[u8]) -> impl Iterator<Item = (usize, Vec<u8>)> {
    (0..bytes.len() * 8).map(|bit| {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        (bit, flipped)
    })
}

#[test]
fn a_flipped_bit_of_message_signature_or_key_is_refused() {
    let provider = SoftProvider::new();
    let (key, public) = pair(&provider);
    let message = b"three orders";
    let signature = provider.sign(&key, message).unwrap();
    for (bit, flipped) in flips(message) {
        assert_eq!(provider.verify(&public, &flipped, &signature), Err(CryptoError::BadSignature), "message, bit {bit}");
    }
    for (bit, flipped) in flips(&signature.0) {
        let flipped = Signature(flipped.try_into().unwrap());
        assert_eq!(provider.verify(&public, message, &flipped), Err(CryptoError::BadSignature), "signature, bit {bit}");
    }
    for (bit, flipped) in flips(&public.0) {
        let flipped = PublicKey(flipped.try_into().unwrap());
        assert_eq!(provider.verify(&flipped, message, &signature), Err(CryptoError::BadPublicKey), "key, bit {bit}");
    }
}

#[test]
fn a_flipped_bit_of_a_seal_or_its_surroundings_is_refused() {
    let provider = SoftProvider::new();
    let key = SecretKey::draw(&provider);
    let aad = b"elder 7, phone";
    let sealed = provider.seal(&key, aad, b"a phone number").unwrap();
    for (bit, flipped) in flips(&sealed) {
        assert_eq!(provider.open(&key, aad, &flipped), Err(CryptoError::BadSeal), "seal, bit {bit}");
    }
    for (bit, flipped) in flips(aad) {
        assert_eq!(provider.open(&key, &flipped, &sealed), Err(CryptoError::BadSeal), "aad, bit {bit}");
    }
    for (bit, flipped) in flips(key.as_bytes()) {
        let flipped = SecretKey::from_bytes(flipped.try_into().unwrap());
        assert_eq!(provider.open(&flipped, aad, &sealed), Err(CryptoError::BadSeal), "key, bit {bit}");
    }
}

#[test]
fn a_flipped_bit_of_a_wrap_is_refused() {
    let provider = SoftProvider::new();
    let (key, public) = pair(&provider);
    let wrapped = provider.wrap(&public, &[5; 16]).unwrap();
    for (bit, flipped) in flips(&wrapped) {
        assert_eq!(provider.unwrap(&key, &flipped), Err(CryptoError::BadSeal), "bit {bit}");
    }
}

#[test]
fn what_is_cut_or_longer_is_refused() {
    let provider = SoftProvider::new();
    let (key, public) = pair(&provider);
    let secret = SecretKey::draw(&provider);
    let sealed = provider.seal(&secret, b"", b"plain").unwrap();
    let wrapped = provider.wrap(&public, b"plain").unwrap();
    assert_eq!((sealed.len(), wrapped.len()), (5 + SEAL_OVERHEAD, 5 + WRAP_OVERHEAD));
    for length in 0..sealed.len() {
        assert_eq!(provider.open(&secret, b"", &sealed[..length]), Err(CryptoError::BadSeal), "{length} bytes");
    }
    for length in 0..wrapped.len() {
        assert_eq!(provider.unwrap(&key, &wrapped[..length]), Err(CryptoError::BadSeal), "{length} bytes");
    }
    assert_eq!(provider.open(&secret, b"", &[&sealed[..], &[0]].concat()), Err(CryptoError::BadSeal));
    assert_eq!(provider.unwrap(&key, &[&wrapped[..], &[0]].concat()), Err(CryptoError::BadSeal));
    assert_eq!(provider.wrap(&public, b""), Err(CryptoError::BadPlain));
}

/// Anybody can make one that fits: C1 of some number and C3 of the shared point, with nothing in between.
#[test]
fn a_wrap_of_nothing_is_refused() {
    let provider = SoftProvider::new();
    let (key, public) = pair(&provider);
    let (number, c1) = pair(&provider);
    let number = sm2::SecretKey::from_slice(number.as_bytes()).unwrap();
    let to = sm2::PublicKey::from_sec1_bytes(&[&[4][..], &public.0].concat()).unwrap();
    let shared = sm2::PublicKey::from_affine((to.to_projective() * *number.to_nonzero_scalar()).to_affine()).unwrap().to_sec1_bytes();
    let forged = |plain: &[u8]| {
        let mask = provider.digest(&[&shared[1..], &1_u32.to_be_bytes()].concat());
        let c2: Vec<u8> = plain.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect();
        [&[4], &c1.0[..], &provider.digest(&[&shared[1..33], plain, &shared[33..]].concat()), &c2].concat()
    };
    assert_eq!(provider.unwrap(&key, &forged(b"x")).unwrap(), b"x");
    assert_eq!(provider.unwrap(&key, &forged(b"")), Err(CryptoError::BadSeal));
}

#[test]
fn the_wrong_key_is_refused() {
    let provider = SoftProvider::new();
    let (key, public) = pair(&provider);
    let (stranger, foreign) = pair(&provider);
    let signature = provider.sign(&key, b"news").unwrap();
    assert_eq!(provider.verify(&foreign, b"news", &signature), Err(CryptoError::BadSignature));
    let mirrored = PublicKey([&public.0[..32], &minus(wide(P), &public.0[32..])].concat().try_into().unwrap());
    assert_eq!(provider.verify(&mirrored, b"news", &signature), Err(CryptoError::BadSignature));
    assert_eq!(provider.unwrap(&stranger, &provider.wrap(&public, b"x").unwrap()), Err(CryptoError::BadSeal));
    let sealed = provider.seal(&SecretKey::draw(&provider), b"", b"x").unwrap();
    assert_eq!(provider.open(&SecretKey::draw(&provider), b"", &sealed), Err(CryptoError::BadSeal));
}

#[test]
fn numbers_out_of_range_are_refused() {
    let provider = SoftProvider::new();
    let (key, public) = pair(&provider);
    let good = provider.sign(&key, b"news").unwrap();
    let (r, s) = good.0.split_at(32);
    let n = wide(N);
    for bad in [[0; 32], n, plus(n, 1), [0xFF; 32]] {
        for signature in [[&bad, s].concat(), [r, &bad].concat(), [bad, bad].concat()] {
            let signature = Signature(signature.try_into().unwrap());
            assert_eq!(provider.verify(&public, b"news", &signature), Err(CryptoError::BadSignature), "{signature:?}");
        }
    }
    for signature in [[r, &minus(n, r)].concat(), [r, &minus(n, s)].concat(), [s, r].concat()] {
        let signature = Signature(signature.try_into().unwrap());
        assert_eq!(provider.verify(&public, b"news", &signature), Err(CryptoError::BadSignature), "{signature:?}");
    }
}

#[test]
fn a_stored_key_out_of_range_is_refused() {
    let provider = SoftProvider::new();
    let (_, public) = pair(&provider);
    let wrapped = provider.wrap(&public, b"x").unwrap();
    let n = wide(N);
    let bad = [vec![], vec![1; 31], vec![1; 33], vec![0; 32], plus(n, -1).to_vec(), n.to_vec(), vec![0xFF; 32]];
    for key in bad.map(StoredKey::from_bytes) {
        assert_eq!(provider.public_key(&key), Err(CryptoError::BadStoredKey));
        assert_eq!(provider.sign(&key, b"x"), Err(CryptoError::BadStoredKey));
        assert_eq!(provider.unwrap(&key, &wrapped), Err(CryptoError::BadStoredKey));
    }
    let last = StoredKey::from_bytes(plus(n, -2).to_vec());
    let signature = provider.sign(&last, b"x").unwrap();
    assert_eq!(provider.verify(&provider.public_key(&last).unwrap(), b"x", &signature), Ok(()));
}

#[test]
fn a_coordinate_beyond_the_prime_is_refused() {
    let provider = SoftProvider::new();
    let (small, xy) = (1..=i16::MAX)
        .find_map(|x| {
            let compressed = [&[2][..], &plus([0; 32], x)].concat();
            Some((x, sm2::PublicKey::from_sec1_bytes(&compressed).ok()?.to_sec1_bytes()))
        })
        .unwrap();
    let point = PublicKey(xy[1..].try_into().unwrap());
    assert!(provider.wrap(&point, b"x").is_ok());
    let beyond = PublicKey([&plus(wide(P), small), &xy[33..]].concat().try_into().unwrap());
    assert_eq!(provider.wrap(&beyond, b"x"), Err(CryptoError::BadPublicKey));
}

#[test]
fn other_ways_to_write_the_point_of_a_wrap_are_refused() {
    let provider = SoftProvider::new();
    let (key, public) = pair(&provider);
    let wrapped = provider.wrap(&public, &[5; 64]).unwrap();
    for tag in 0..=u8::MAX {
        let mut retagged = wrapped.clone();
        retagged[0] = tag;
        let compressed = [&[tag], &wrapped[1..33], &wrapped[65..]].concat();
        assert_eq!(provider.unwrap(&key, &retagged).is_ok(), tag == 4, "tag {tag}");
        assert!(provider.unwrap(&key, &compressed).is_err(), "tag {tag}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn everything_comes_back(message in vec(any::<u8>(), 0..600), aad in vec(any::<u8>(), 0..100), key: [u8; 16]) {
        let provider = SoftProvider::new();
        let (private, public) = pair(&provider);
        let signature = provider.sign(&private, &message).unwrap();
        prop_assert_eq!(provider.verify(&public, &message, &signature), Ok(()));
        let key = SecretKey::from_bytes(key);
        let sealed = provider.seal(&key, &aad, &message).unwrap();
        prop_assert_eq!(provider.open(&key, &aad, &sealed).unwrap(), message.clone());
        if !message.is_empty() {
            let wrapped = provider.wrap(&public, &message).unwrap();
            prop_assert_eq!(provider.unwrap(&private, &wrapped).unwrap(), message);
        }
    }

    #[test]
    fn garbage_is_refused(x: [u8; 32], y: [u8; 32], stored in vec(any::<u8>(), 0..80), mut bytes in vec(any::<u8>(), 0..300)) {
        let provider = SoftProvider::new();
        let (private, public) = pair(&provider);
        let garbage: [u8; 64] = [x, y].concat().try_into().unwrap();
        let signature = provider.sign(&private, &bytes).unwrap();
        prop_assert_eq!(provider.verify(&PublicKey(garbage), &bytes, &signature), Err(CryptoError::BadPublicKey));
        prop_assert_eq!(provider.wrap(&PublicKey(garbage), b"x"), Err(CryptoError::BadPublicKey));
        prop_assert_eq!(provider.verify(&public, &bytes, &Signature(garbage)), Err(CryptoError::BadSignature));
        prop_assert_eq!(provider.open(&SecretKey::draw(&provider), &stored, &bytes), Err(CryptoError::BadSeal));
        prop_assert_eq!(provider.unwrap(&private, &bytes), Err(CryptoError::BadSeal));
        if let Some(first) = bytes.first_mut() {
            *first = 4;
        }
        prop_assert_eq!(provider.unwrap(&private, &bytes), Err(CryptoError::BadSeal));
        let on_the_curve = [&[4][..], &public.0, &bytes].concat();
        prop_assert_eq!(provider.unwrap(&private, &on_the_curve), Err(CryptoError::BadSeal));
        let stored = StoredKey::from_bytes(stored);
        if stored.as_bytes().len() != 32 {
            prop_assert_eq!(provider.sign(&stored, &bytes), Err(CryptoError::BadStoredKey));
        }
    }
}
