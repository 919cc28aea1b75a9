//! Photos: turned upright, made small, stripped of everything hidden, sealed for their owner, named by what
//! is stored and written durably. Nothing from a camera is stored as it came, and nothing in plain.

mod frame;
mod picture;

use crate::desk::Inner;
use crate::fault::OrBroken;
use crate::inbox::MOST;
use crate::look::Look;
use crate::store;
use image::{RgbImage, codecs::jpeg::JpegEncoder, imageops::FilterType};
use picture::Picture;
use sha2::{Digest, Sha256};
use shared::command::{PhotoData, PhotoKept};
use shared::fault;
use shared::fault::{Code, Fault};
use shared::schema::RecordId;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Long side of what is stored, in pixels.
const LONG_SIDE: u32 = 1600;
/// Long side of a thumbnail.
const THUMBNAIL_SIDE: u32 = 240;

impl Inner {
    /// Takes a photo that was handed over, of something that belongs to whom `owner` says.
    pub(crate) fn keep_photo(&self, handle: &str, owner: impl FnOnce(&Look<'_>) -> Result<RecordId, Fault>) -> Result<PhotoKept, Fault> {
        let path = self.handed_over(handle)?;
        let kept = owner(&self.look()).and_then(|owner| self.keep_photo_file(&path, owner));
        crate::inbox::forget(&path);
        kept
    }

    /// Takes a photo from a file. It is sealed for its owner.
    pub(crate) fn keep_photo_file(&self, path: &Path, owner: RecordId) -> Result<PhotoKept, Fault> {
        self.look().not_erased(owner)?;
        let bytes = read_to_a_limit(path)?;
        let Picture { image, is_cut } = picture::read(&bytes, LONG_SIDE)?;
        drop(bytes);
        let (plain, thumbnail) = (jpeg(&fit(&image, LONG_SIDE), 82)?, jpeg(&fit(&image, THUMBNAIL_SIDE), 75)?);
        let note = is_cut.then(|| fault!(Code::BadPhoto, photo::CUT_OFF));
        let digest = Sha256::digest(&plain);
        // Sealing again would give another name: what was cut off is added again under the name it has.
        if let Some(hash) = self.read(|store| store::photo::same(store, owner, &digest))?
            && self.photo_path(&hash, false).is_some_and(|path| path.is_file())
        {
            return Ok(PhotoKept { hash, thumbnail: data_url(&thumbnail), note });
        }
        let keys = self.commit_made(|transaction| self.keys_to_seal(transaction, owner, None))?;
        let sealed = keys.seal_photo(self.crypto.as_ref(), owner, &plain).or_broken()?;
        let hash = hex::encode(Sha256::digest(&sealed));
        self.write_photo(&hash, &sealed, &keys.seal_photo(self.crypto.as_ref(), owner, &thumbnail).or_broken()?)?;
        let taken = store::photo::Taken { hash: &hash, elder: owner, plain: &digest, bytes: sealed.len(), at: self.clock.now() };
        self.transact(|transaction| store::photo::keep(transaction, &taken))?;
        Ok(PhotoKept { hash, thumbnail: data_url(&thumbnail), note })
    }

    fn write_photo(&self, hash: &str, full: &[u8], small: &[u8]) -> Result<(), Fault> {
        let paths = self.photo_path(hash, false).zip(self.photo_path(hash, true));
        let (full_path, small_path) = paths.ok_or_else(Fault::broken)?;
        write_durably(&full_path, full).or_broken()?;
        write_durably(&small_path, small).or_broken()
    }

    /// A stored photo as a data URL.
    pub(crate) fn photo_data(&self, ask: &PhotoData) -> Result<String, Fault> {
        let locked = || fault!(Code::NotNow, photo::AWAITS_ITS_KEY);
        let elder = self.read(|store| store::photo::elder(store, &ask.hash))?.ok_or_else(|| fault!(Code::NotFound, photo::NOT_HERE))?;
        let keys = self.read(|store| self.elder_keys(store, elder))?;
        let open = |sealed: &[u8]| keys.open_photo(self.crypto.as_ref(), elder, sealed).ok_or_else(locked);
        let here = || self.photo_path(&ask.hash, ask.thumbnail).and_then(|path| std::fs::read(path).ok());
        if let Some(sealed) = here() {
            return Ok(data_url(&open(&sealed)?));
        }
        let absent = |_| fault!(Code::NotFound, photo::OUT_OF_REACH);
        let fetched = self.fetch_photo(&ask.hash).map_err(absent)?;
        let full = open(&fetched)?;
        // It was somebody else's program that made it.
        let small = jpeg(&fit(&picture::read(&full, THUMBNAIL_SIDE)?.image, THUMBNAIL_SIDE), 75)?;
        self.write_photo(&ask.hash, &fetched, &keys.seal_photo(self.crypto.as_ref(), elder, &small).or_broken()?)?;
        Ok(data_url(if ask.thumbnail { &small } else { &full }))
    }

    /// Where a sealed photo lies, `None` when that is no hash.
    pub(crate) fn photo_path(&self, hash: &str, thumbnail: bool) -> Option<PathBuf> {
        let plain = hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let name = if thumbnail { format!("{hash}.small.sealed") } else { format!("{hash}.sealed") };
        plain.then(|| self.dir.join("photos").join(&hash[..2]).join(name))
    }
}

/// A photo's file, of no more than a screen hands over.
fn read_to_a_limit(path: &Path) -> Result<Vec<u8>, Fault> {
    let unopened = |_: std::io::Error| fault!(Code::BadPhoto, photo::FILE_DOES_NOT_OPEN);
    let mut bytes = Vec::new();
    std::fs::File::open(path).and_then(|file| file.take(MOST as u64 + 1).read_to_end(&mut bytes)).map_err(unopened)?;
    if bytes.len() > MOST { Err(fault!(Code::BadPhoto, program::FILE_OVER_50_MB)) } else { Ok(bytes) }
}

fn fit(picture: &RgbImage, long_side: u32) -> RgbImage {
    let (width, height) = picture.dimensions();
    let long = width.max(height);
    if long <= long_side {
        return picture.clone();
    }
    let side = |of: u32| u32::try_from(u64::from(of) * u64::from(long_side) / u64::from(long)).unwrap_or(long_side).max(1);
    image::imageops::resize(picture, side(width), side(height), FilterType::Triangle)
}

fn jpeg(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    picture.write_with_encoder(encoder).or_broken()?;
    Ok(bytes)
}

/// A file under a name of its content appears whole or not at all, and survives a power cut.
pub(crate) fn write_durably(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    if !path.is_file() {
        crate::folder::make(folder)?;
        let partial = folder.join(format!(".{}", uuid::Uuid::new_v4().simple()));
        let written = crate::folder::new_file(&partial).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()?;
            std::fs::rename(&partial, path)
        });
        if let Err(error) = written {
            let _ = std::fs::remove_file(&partial);
            return Err(error);
        }
    }
    // Also for a file that is there: who wrote it may have been killed before this step.
    sync_folders(path)
}

/// Makes the name of a file durable. Its folder may be as new as the file, and so may the one above it.
/// Windows does not sync folders; the rename is journalled there.
pub(crate) fn sync_folders(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    // Whole: above a relative path there is no folder with a name.
    for folder in std::path::absolute(path)?.ancestors().skip(1).take(3) {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn data_url(jpeg: &[u8]) -> String {
    use base64::Engine as _;
    format!("data:image/jpeg;base64,{}", base64::engine::general_purpose::STANDARD.encode(jpeg))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_gigabytes_is_refused_before_it_is_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(1 << 40).unwrap();
        assert_eq!(read_to_a_limit(file.path()).unwrap_err().code, Code::BadPhoto);
        assert_eq!(read_to_a_limit(Path::new("/no/such")).unwrap_err().code, Code::BadPhoto);
    }
}
