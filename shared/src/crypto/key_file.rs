//! A signing key in a file, under a passphrase: what a person keeps on a stick. The form is the standards' own, so that other programs read it:
//! PKCS#8 in PEM, encrypted by PBES2 (RFC 8018, GM/T 0091) with PBKDF2 over HMAC-SM3 and SM4-CBC. It is laid out as here and in no other way;
//! what is laid out otherwise is none of ours. Software alone has such a file: a key in a module never leaves it.

use super::{CryptoProvider, StoredKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use sm4::Sm4;
use zeroize::Zeroizing;

/// Rounds of PBKDF2: about a second in a browser, and as long for each guess of whoever found the stick.
const ROUNDS: u32 = 600_000;

const BEGIN: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
const END: &str = "-----END ENCRYPTED PRIVATE KEY-----";
/// Signs of base 64 on a line.
const LINE: usize = 64;

/// The file up to the salt.
#[rustfmt::skip]
const BEFORE_SALT: [u8; 35] = [
    0x30, 0x81, 0xF8, // EncryptedPrivateKeyInfo
    0x30, 0x63, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05, 0x0D, // by PBES2
    0x30, 0x56, // of
    0x30, 0x36, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05, 0x0C, // PBKDF2
    0x30, 0x29, 0x04, 0x10, // with a salt of 16 bytes
];

/// Between salt and initialization vector.
#[rustfmt::skip]
const BEFORE_VECTOR: [u8; 37] = [
    0x02, 0x03, 0x09, 0x27, 0xC0, // 600,000 rounds
    0x02, 0x01, 0x10, // 16 bytes
    0x30, 0x0D, 0x06, 0x09, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x83, 0x11, 0x02, 0x05, 0x00, // HMAC-SM3
    0x30, 0x1C, 0x06, 0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x68, 0x02, 0x04, 0x10, // and SM4-CBC
];

/// Between that and what is encrypted.
#[rustfmt::skip]
const BEFORE_SEALED: [u8; 3] = [
    0x04, 0x81, 0x90, // 144 bytes
];

/// PrivateKeyInfo up to the private number.
#[rustfmt::skip]
const BEFORE_NUMBER: [u8; 36] = [
    0x30, 0x81, 0x87, 0x02, 0x01, 0x00, // PrivateKeyInfo
    0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D, // of a point of the curve SM2
    0x04, 0x6D, 0x30, 0x6B, 0x02, 0x01, 0x01, 0x04, 0x20, // ECPrivateKey of 32 bytes
];

/// Between that and the public key.
#[rustfmt::skip]
const BEFORE_POINT: [u8; 6] = [
    0xA1, 0x44, 0x03, 0x42, 0x00, 0x04, // not compressed
];

/// Bytes that are encrypted: all of PrivateKeyInfo.
const PLAIN: usize = BEFORE_NUMBER.len() + 32 + BEFORE_POINT.len() + 64;
const SEALED: usize = 144;
const DER: usize = BEFORE_SALT.len() + 16 + BEFORE_VECTOR.len() + 16 + BEFORE_SEALED.len() + SEALED;

/// Why no key came out of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    /// It holds none, or none in this form.
    #[error("the file holds no key")]
    NoKey,
    /// Another passphrase, or the file was damaged.
    #[error("the passphrase does not open the file")]
    WrongPassphrase,
}

/// The key that a passphrase makes: the first block of PBKDF2.
fn key_of(provider: &dyn CryptoProvider, passphrase: &str, salt: &[u8; 16]) -> Zeroizing<[u8; 16]> {
    let under = provider.keyed(passphrase.as_bytes());
    let mut round = Zeroizing::new(under.mac(&[&salt[..], &1_u32.to_be_bytes()].concat()));
    let mut sum = round.clone();
    for _ in 1..ROUNDS {
        *round = under.mac(&*round);
        sum.iter_mut().zip(round.iter()).for_each(|(sum, byte)| *sum ^= byte);
    }
    let mut key = Zeroizing::new([0; 16]);
    key.copy_from_slice(&sum[..16]);
    key
}

/// The file of a key that the software made.
///
/// # Errors
/// [`KeyFileError::NoKey`] for a key that is none of the software's.
pub fn lock(provider: &dyn CryptoProvider, key: &StoredKey, passphrase: &str) -> Result<String, KeyFileError> {
    let public = provider.public_key(key).map_err(|_| KeyFileError::NoKey)?;
    let plain = Zeroizing::new([&BEFORE_NUMBER[..], key.as_bytes(), &BEFORE_POINT, &public.0].concat());
    let (mut salt, mut vector) = ([0; 16], [0; 16]);
    provider.random(&mut salt);
    provider.random(&mut vector);
    let by = key_of(provider, passphrase, &salt);
    let mut sealed = Zeroizing::new([0; SEALED]);
    sealed.get_mut(..PLAIN).ok_or(KeyFileError::NoKey)?.copy_from_slice(&plain);
    let cipher = cbc::Encryptor::<Sm4>::new((&*by).into(), &vector.into());
    cipher.encrypt_padded::<Pkcs7>(sealed.as_mut(), PLAIN).map_err(|_| KeyFileError::NoKey)?;
    let der = [&BEFORE_SALT[..], &salt, &BEFORE_VECTOR, &vector, &BEFORE_SEALED, &*sealed].concat();
    let mut pem = format!("{BEGIN}\n");
    let mut rest = BASE64.encode(der);
    while !rest.is_empty() {
        let next = rest.split_off(rest.len().min(LINE));
        pem.push_str(&rest);
        pem.push('\n');
        rest = next;
    }
    pem.push_str(END);
    pem.push('\n');
    Ok(pem)
}

/// The key in a file.
///
/// # Errors
/// [`KeyFileError`]; of the key nothing is told.
pub fn unlock(provider: &dyn CryptoProvider, file: &[u8], passphrase: &str) -> Result<StoredKey, KeyFileError> {
    let (salt, vector, sealed) = parts(file).ok_or(KeyFileError::NoKey)?;
    let by = key_of(provider, passphrase, &salt);
    let mut plain = Zeroizing::new(sealed);
    let cipher = cbc::Decryptor::<Sm4>::new((&*by).into(), &vector.into());
    let plain = cipher.decrypt_padded::<Pkcs7>(plain.as_mut()).map_err(|_| KeyFileError::WrongPassphrase)?;
    number_of(provider, plain).ok_or(KeyFileError::WrongPassphrase)
}

/// Salt, initialization vector and what is encrypted.
fn parts(file: &[u8]) -> Option<([u8; 16], [u8; 16], [u8; SEALED])> {
    // Of a hostile file no more is read than there is to a right one; some programs write a note before it.
    let text = str::from_utf8(file.get(..4096).unwrap_or(file)).ok()?;
    let (_, text) = text.split_once(BEGIN)?;
    let (text, _) = text.split_once(END)?;
    let text: String = text.split_ascii_whitespace().collect();
    let der = BASE64.decode(text).ok().filter(|der| der.len() == DER)?;
    let (salt, rest) = der.strip_prefix(&BEFORE_SALT)?.split_first_chunk::<16>()?;
    let (vector, rest) = rest.strip_prefix(&BEFORE_VECTOR)?.split_first_chunk::<16>()?;
    Some((*salt, *vector, rest.strip_prefix(&BEFORE_SEALED)?.try_into().ok()?))
}

/// The private number of a PrivateKeyInfo, where the public key beside it is its own.
fn number_of(provider: &dyn CryptoProvider, plain: &[u8]) -> Option<StoredKey> {
    let (number, rest) = plain.strip_prefix(&BEFORE_NUMBER)?.split_first_chunk::<32>()?;
    let key = StoredKey::from_bytes(number.to_vec());
    let public = provider.public_key(&key).ok()?;
    (rest.strip_prefix(&BEFORE_POINT)? == public.0).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::SoftProvider;

    const PASSPHRASE: &str = "yanhe-liang-2026";

    #[test]
    fn a_file_opens_by_its_passphrase_alone_and_is_another_one_each_time() {
        let provider = SoftProvider::new();
        let key = provider.new_key().unwrap();
        let file = lock(&provider, &key, PASSPHRASE).unwrap();
        assert_eq!(unlock(&provider, file.as_bytes(), PASSPHRASE).unwrap().as_bytes(), key.as_bytes());
        let noted = format!("张三的密钥\r\n{}", file.replace('\n', "\r\n"));
        assert_eq!(unlock(&provider, noted.as_bytes(), PASSPHRASE).unwrap().as_bytes(), key.as_bytes());
        assert_eq!(unlock(&provider, file.as_bytes(), "yanhe-liang-2027").unwrap_err(), KeyFileError::WrongPassphrase);
        assert_ne!(file, lock(&provider, &key, PASSPHRASE).unwrap());
        assert!(file.lines().all(|line| line.len() <= LINE) && !file.contains(&hex::encode(key.as_bytes())));
    }

    #[test]
    fn what_is_no_file_of_a_key_or_was_changed_gives_none() {
        let provider = SoftProvider::new();
        let file = lock(&provider, &provider.new_key().unwrap(), PASSPHRASE).unwrap();
        let of = |der: &[u8]| format!("{BEGIN}\n{}\n{END}\n", BASE64.encode(der));
        let body: String = file.lines().filter(|line| !line.starts_with('-')).collect();
        let der = BASE64.decode(body).unwrap();
        assert_eq!(der.len(), DER);
        let open = |file: &[u8]| unlock(&provider, file, PASSPHRASE).unwrap_err();
        for (file, what) in [
            (String::new(), "empty"),
            (file.replace("ENCRYPTED ", ""), "another kind"),
            (of(&der[1..]), "cut"),
            (of(&[&der[..], &[0]].concat()), "longer"),
            (format!("{}{file}", "x".repeat(5000)), "far behind"),
        ] {
            assert_eq!(open(file.as_bytes()), KeyFileError::NoKey, "{what}");
        }
        assert_eq!(open(&[0xFF; 300]), KeyFileError::NoKey);
        // What says how it is encrypted is as it is laid out; what is encrypted does not open.
        for (at, expected) in [(4, KeyFileError::NoKey), (36, KeyFileError::WrongPassphrase), (54, KeyFileError::NoKey)] {
            let mut changed = der.clone();
            changed[at] ^= 1;
            assert_eq!(open(of(&changed).as_bytes()), expected, "{at}");
        }
        for at in [90, DER - 1] {
            let mut changed = der.clone();
            changed[at] ^= 1;
            assert_eq!(open(of(&changed).as_bytes()), KeyFileError::WrongPassphrase, "{at}");
        }
    }
}
