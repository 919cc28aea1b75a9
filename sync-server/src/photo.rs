//! Sealed photo files: `photos/aa/<hash>.sealed` in the data folder, written whole and durable or not at all; how much a device
//! may send; and the scrub, which finds photos that got lost or damaged. Their devices are asked for them again.

mod scrub;

pub use scrub::{ScrubReport, scrub_on};

use crate::secret;
use crate::store::{StoreError, Tx};
use shared::sync::server::PhotoPiece;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// A device's photos of one day: ten times what a canteen of two hundred deliveries takes. What goes beyond is a
/// fault or a flood, and waits for the next day.
const DAY_PHOTOS: i64 = 2_000;
/// Their bytes: as many of half a megabyte, twice what a photo has after it was made small.
const DAY_BYTES: i64 = 1024 * 1024 * 1024;
/// Photos that a device may have begun and not ended. It sends one after the other; some are left behind by a broken connection.
const BEGUN_PHOTOS: i64 = 32;
/// Their bytes when they are whole: sixteen of the largest.
const BEGUN_BYTES: i64 = 32 * 1024 * 1024;

const DAY: i64 = 86_400;
/// China's clock is so far ahead of what seconds are counted from.
const CHINA: i64 = 8 * 3_600;

/// Whether `hash` is a SHA-256 in lower-case hex: the only names that become paths.
#[must_use]
pub fn is_hash(hash: &str) -> bool {
    hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

fn path_of(folder: &Path, hash: &str) -> PathBuf {
    folder.join("photos").join(&hash[..2]).join(format!("{hash}.sealed"))
}

/// Each device has its own beginning of a photo: another one can't spoil it.
fn part_of(folder: &Path, hash: &str, device: &[u8]) -> PathBuf {
    path_of(folder, hash).with_file_name(format!("{hash}.{}.part", hex::encode(device)))
}

/// A device that sends photos.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// The data folder.
    pub folder: &'a Path,
    /// The device.
    pub device: &'a [u8],
    /// The server's time, in seconds.
    pub now: i64,
}

impl Sender<'_> {
    /// Takes a piece of a photo from byte `at` on, in a transaction that writes.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn take_piece(&self, tx: &Tx<'_>, hash: &str, size: u32, at: u32, bytes: &[u8]) -> Result<PhotoPiece, StoreError> {
        if tx.has_photo(hash)? {
            return Ok(PhotoPiece::Held(size));
        }
        // What the server lost and asked for again is not counted a second time.
        if !tx.has_part(self.device, hash)? && !tx.is_lost(hash)? && !self.has_room(tx, size)? {
            return Ok(PhotoPiece::Later);
        }
        match self.put_part(hash, size, at, bytes)? {
            Some(held) if held < size => {
                tx.put_part(self.device, hash, size, self.now)?;
                Ok(PhotoPiece::Held(held))
            }
            Some(_) => {
                tx.end_part(self.device, hash)?;
                tx.put_photo(hash, size, self.device, self.now)?;
                Ok(PhotoPiece::Held(size))
            }
            None => {
                tx.end_part(self.device, hash)?;
                Ok(PhotoPiece::Wrong)
            }
        }
    }

    /// Whether the device may begin another photo.
    fn has_room(&self, tx: &Tx<'_>, size: u32) -> Result<bool, StoreError> {
        let midnight = self.now - (self.now + CHINA).rem_euclid(DAY);
        let ((sent, sent_bytes), (begun, begun_bytes)) = (tx.sent_since(self.device, midnight)?, tx.begun(self.device)?);
        let size = i64::from(size);
        let fits = sent + begun < DAY_PHOTOS
            && sent_bytes + begun_bytes + size <= DAY_BYTES
            && begun < BEGUN_PHOTOS
            && begun_bytes + size <= BEGUN_BYTES;
        if !fits {
            tracing::warn!(device = hex::encode(self.device), sent, begun, "a device sends more photos than it should; they wait");
        }
        Ok(fits)
    }

    /// Gives how far the photo has come: a piece that does not begin where the last one ended is left. At the end the whole
    /// is checked; then it is on the disk under its name. `None` when it is not what it says: what came is thrown away.
    fn put_part(&self, hash: &str, size: u32, at: u32, bytes: &[u8]) -> Result<Option<u32>, StoreError> {
        let path = path_of(self.folder, hash);
        let Some(parent) = path.parent() else { return Ok(None) };
        fs::create_dir_all(parent)?;
        let beside = part_of(self.folder, hash, self.device);
        let mut file = File::options().create(true).append(true).read(true).open(&beside)?;
        if file.metadata()?.len() == u64::from(at) {
            file.write_all(bytes)?;
        }
        let held = file.metadata()?.len();
        if held < u64::from(size) {
            return Ok(u32::try_from(held).ok());
        }
        let whole = fs::read(&beside)?;
        if hex::encode(secret::sha256(&whole)) != hash || !shared::seal::looks_sealed(&whole) {
            fs::remove_file(&beside)?;
            return Ok(None);
        }
        file.sync_all()?;
        fs::rename(&beside, &path)?;
        #[cfg(unix)]
        for folder in parent.ancestors().take(3) {
            File::open(folder)?.sync_all()?;
        }
        Ok(Some(size))
    }
}

/// The bytes of a photo. What can't be read is not there; the scrub finds it.
#[must_use]
pub fn read(folder: &Path, hash: &str) -> Option<Vec<u8>> {
    let read = fs::read(path_of(folder, hash));
    if let Err(error) = &read {
        tracing::error!(%error, hash, "a photo can't be read");
    }
    read.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    /// 2026-11-22 12:00 in China.
    const NOON: i64 = 1_795_320_000;

    fn name(number: i64) -> String {
        format!("{number:064x}")
    }

    #[test]
    fn a_device_sends_so_much_a_day_and_the_rest_the_next_day() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::with_keys(Store::open(folder.path()).unwrap());
        let at = |now| Sender { folder: folder.path(), device: &[1; 16], now };
        let takes = |sender: Sender<'_>, number: i64| store.write(|tx| sender.take_piece(tx, &name(number), 9, 0, &[7])).unwrap();
        let sent = |device: &[u8], number: i64, size: u32| store.write(|tx| tx.put_photo(&name(number), size, device, NOON)).unwrap();
        (0..DAY_PHOTOS - 1).for_each(|number| sent(&[1; 16], number, 9));
        assert_eq!(takes(at(NOON), 9_000), PhotoPiece::Held(1));
        assert_eq!(takes(at(NOON + 12 * 3_600 - 1), 9_001), PhotoPiece::Later, "that was one too many");
        assert_eq!(takes(Sender { device: &[2; 16], ..at(NOON) }, 9_001), PhotoPiece::Held(1), "each device for itself");
        assert_eq!(takes(at(NOON), 9_000), PhotoPiece::Held(1), "what was begun goes on");
        assert_eq!(takes(at(NOON + 12 * 3_600), 9_001), PhotoPiece::Held(1), "midnight in China");
        store.write(|tx| tx.mark_lost(&name(5), Some(NOON))).unwrap();
        assert_eq!(takes(at(NOON), 5), PhotoPiece::Held(1), "it is asked for by the server");

        sent(&[3; 16], 10_000, u32::try_from(DAY_BYTES - 8).unwrap());
        assert_eq!(takes(Sender { device: &[3; 16], ..at(NOON) }, 10_001), PhotoPiece::Later, "so many bytes");
    }
}
