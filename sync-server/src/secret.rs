//! Random secrets, their hashes at rest, and passwords. Nothing here knows where they are kept.

use crate::hashing::Seat;
use argon2::password_hash::PasswordHasher;
use argon2::password_hash::phc::{Output, PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use rand::RngExt;
use sha2::{Digest, Sha256};
use std::io::{Read, Seek};
use std::sync::LazyLock;

/// 32 random bytes in hex.
#[must_use]
pub fn token() -> String {
    hex::encode(rand::rng().random::<[u8; 32]>())
}

/// SHA-256: how tokens and codes stand in tables.
#[must_use]
pub fn hash(secret: &str) -> [u8; 32] {
    sha256(secret.as_bytes())
}

/// SHA-256 of bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 of a file, piece by piece; it is read from its beginning and stands at its end after.
///
/// # Errors
/// When it can't be read.
pub fn sha256_of(file: &mut std::fs::File) -> std::io::Result<[u8; 32]> {
    file.rewind()?;
    let (mut digest, mut piece) = (Sha256::new(), [0; 16 * 1024]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(digest.finalize().into()),
            many => digest.update(&piece[..many]),
        }
    }
}

/// The eight digits of a one-time code.
#[must_use]
pub fn digits() -> String {
    format!("{:08}", rand::rng().random_range(0..100_000_000u32))
}

/// A password of twelve letters and digits.
#[must_use]
pub fn password() -> String {
    const SIGNS: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut rng = rand::rng();
    let mut text: String = (0..10).map(|_| char::from(SIGNS[rng.random_range(0..SIGNS.len())])).collect();
    text.push(char::from(SIGNS[rng.random_range(0..24)]));
    text.push(char::from(SIGNS[rng.random_range(24..SIGNS.len())]));
    text
}

/// The argon2 hash of a password, with its salt. Nobody hashes without a seat.
///
/// # Errors
/// The machine has no randomness or no memory.
pub fn hash_password(_: &Seat, password: &str) -> Result<String, argon2::password_hash::Error> {
    Ok(Argon2::default().hash_password(password.as_bytes())?.to_string())
}

static NOBODY: LazyLock<String> = LazyLock::new(|| hash_password(&Seat::at_the_machine(), "nobody").unwrap_or_default());

/// Whether the password fits. Without a stored hash it takes as long and never fits.
#[must_use]
pub fn password_fits(seat: &mut Seat, stored: Option<&str>, password: &str) -> bool {
    let fits = hashes_to(seat, password, stored.unwrap_or(&NOBODY));
    fits == Some(true) && stored.is_some()
}

/// Whether the password hashes to that; none where that is no hash.
fn hashes_to(seat: &mut Seat, password: &str, stored: &str) -> Option<bool> {
    let stored = PasswordHash::new(stored).ok()?;
    let (salt, expect) = (stored.salt?, stored.hash?);
    let params = Params::try_from(&stored).ok()?;
    let memory = seat.memory(params.block_count());
    let argon2 = Argon2::new(Algorithm::try_from(stored.algorithm.as_str()).ok()?, Version::try_from(stored.version?).ok()?, params);
    let mut hash = [0; Output::MAX_LENGTH];
    let hash = hash.get_mut(..expect.len())?;
    argon2.hash_password_into_with_memory(password.as_bytes(), &salt, hash, memory).ok()?;
    // Compared in constant time.
    Some(Output::new(hash).ok()? == expect)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_passwords_keep_the_rule() {
        assert_eq!(shared::rule::password::check("demo", &password()), Ok(()));
    }

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let mut seat = Seat::at_the_machine();
        let stored = hash_password(&seat, "yufan2026x").unwrap();
        assert!(password_fits(&mut seat, Some(&stored), "yufan2026x"));
        assert!(!password_fits(&mut seat, Some(&stored), "yufan2026y"));
        assert!(!password_fits(&mut seat, None, "nobody"));
    }
}
