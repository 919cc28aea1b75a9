//! Photos: turned upright, made small, stripped of everything hidden, named by their content and
//! written durably. Nothing from a camera is stored as it came.

use crate::desk::Inner;
use crate::fault::OrBroken;
use crate::store;
use image::{DynamicImage, ImageReader, Limits, codecs::jpeg::JpegEncoder, imageops::FilterType};
use sha2::{Digest, Sha256};
use shared::command::{KeepPhoto, PhotoData, PhotoKept};
use shared::fault::{Code, Fault};
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

/// Long side of what is stored, in pixels.
const LONG_SIDE: u32 = 1600;
/// Long side of a thumbnail.
const THUMBNAIL_SIDE: u32 = 240;
/// A picture with a longer side is refused before it is decoded.
const MOST_PIXELS_A_SIDE: u32 = 12_000;
/// And one with more pixels in all: three bytes each, once more while it is turned. The limit on memory does not hold
/// for JPEG, whose decoder believes its header.
const MOST_PIXELS: u64 = 40_000_000;

impl Inner {
    /// Takes a photo that was handed over.
    pub(crate) fn keep_photo(&self, ask: &KeepPhoto) -> Result<PhotoKept, Fault> {
        let inbox = self.handed_over(&ask.file)?;
        let kept = self.keep_photo_file(&inbox)?;
        let _ = std::fs::remove_file(inbox);
        Ok(kept)
    }

    /// Takes a photo from a file.
    pub(crate) fn keep_photo_file(&self, path: &Path) -> Result<PhotoKept, Fault> {
        let bytes = std::fs::read(path).map_err(|_| Fault::new(Code::BadPhoto, "照片文件打不开。", "请确认文件还在，再选一次。"))?;
        let picture = upright(&bytes)?;
        let stored = jpeg(&fit(&picture, LONG_SIDE), 82)?;
        let thumbnail = jpeg(&fit(&picture, THUMBNAIL_SIDE), 75)?;
        let hash = hex::encode(Sha256::digest(&stored));
        let (Some(full), Some(small)) = (self.photo_path(&hash, false), self.photo_path(&hash, true)) else {
            return Err(shared::zh::broken());
        };
        write_durably(&full, &stored).or_broken()?;
        write_durably(&small, &thumbnail).or_broken()?;
        let now = self.clock.now();
        self.transact(|transaction| store::photo::keep(transaction, &hash, stored.len(), now))?;
        Ok(PhotoKept { hash, thumbnail: data_url(&thumbnail) })
    }

    /// A stored photo as a data URL.
    pub(crate) fn photo_data(&self, ask: &PhotoData) -> Result<String, Fault> {
        let here = || self.photo_path(&ask.hash, ask.thumbnail).and_then(|path| std::fs::read(path).ok());
        if let Some(bytes) = here() {
            return Ok(data_url(&bytes));
        }
        let absent = |_| Fault::new(Code::NotFound, "这张照片不在这台电脑上，现在也取不到。", "联网后再看，或到拍照的那台电脑上看。");
        let fetched = self.fetch_photo(&ask.hash).map_err(absent)?;
        self.keep_fetched(&ask.hash, &fetched)?;
        here().map(|bytes| data_url(&bytes)).ok_or_else(shared::zh::broken)
    }

    /// Keeps a photo that another desk took and the server handed out.
    fn keep_fetched(&self, hash: &str, bytes: &[u8]) -> Result<(), Fault> {
        let (Some(full), Some(small)) = (self.photo_path(hash, false), self.photo_path(hash, true)) else {
            return Err(shared::zh::broken());
        };
        if hex::encode(Sha256::digest(bytes)) != hash {
            return Err(bad_photo("服务器给的照片和回单对不上。"));
        }
        write_durably(&small, &jpeg(&fit(&upright(bytes)?, THUMBNAIL_SIDE), 75)?).or_broken()?;
        write_durably(&full, bytes).or_broken()
    }

    /// Where a photo lies, `None` when that is no hash.
    pub(crate) fn photo_path(&self, hash: &str, thumbnail: bool) -> Option<PathBuf> {
        let plain = hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let name = if thumbnail { format!("{hash}.small.jpg") } else { format!("{hash}.jpg") };
        plain.then(|| self.dir.join("photos").join(&hash[..2]).join(name))
    }
}

fn bad_photo(happened: &str) -> Fault {
    Fault::new(Code::BadPhoto, happened, "请用手机重新拍一张，存成 JPG 或 PNG 再选。")
}

/// Decodes within limits and turns as the camera meant it.
fn upright(bytes: &[u8]) -> Result<DynamicImage, Fault> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_PIXELS_A_SIDE);
    limits.max_image_height = Some(MOST_PIXELS_A_SIDE);
    limits.max_alloc = Some(256 * 1024 * 1024);
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| bad_photo("照片文件读不出来。"))?;
    let Some(format) = reader.format() else { return Err(bad_photo("这个文件不是照片。")) };
    let size = ImageReader::with_format(Cursor::new(bytes), format).into_dimensions();
    if size.is_ok_and(|(width, height)| u64::from(width) * u64::from(height) > MOST_PIXELS) {
        return Err(bad_photo("照片的尺寸太大。"));
    }
    reader.limits(limits);
    let mut picture = reader.decode().map_err(|_| bad_photo("照片已损坏，或者尺寸太大。"))?;
    if let Some(orientation) = orientation(bytes) {
        picture.apply_orientation(orientation);
    }
    Ok(picture)
}

fn orientation(bytes: &[u8]) -> Option<image::metadata::Orientation> {
    let exif = exif::Reader::new().read_from_container(&mut Cursor::new(bytes)).ok()?;
    let value = exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY)?.value.get_uint(0)?;
    image::metadata::Orientation::from_exif(u8::try_from(value).ok()?)
}

fn fit(picture: &DynamicImage, long_side: u32) -> DynamicImage {
    if picture.width().max(picture.height()) <= long_side {
        picture.clone()
    } else {
        picture.resize(long_side, long_side, FilterType::Triangle)
    }
}

fn jpeg(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    picture.to_rgb8().write_with_encoder(encoder).or_broken()?;
    Ok(bytes)
}

/// A file under a name of its content appears whole or not at all, and survives a power cut.
pub(crate) fn write_durably(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    if !path.is_file() {
        std::fs::create_dir_all(folder)?;
        let partial = folder.join(format!(".{}", uuid::Uuid::new_v4().simple()));
        let written = std::fs::File::create(&partial).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()?;
            std::fs::rename(&partial, path)
        });
        if let Err(error) = written {
            let _ = std::fs::remove_file(&partial);
            return Err(error);
        }
    }
    // Also for a file that is there: who wrote it may have been killed before this step. The folder
    // may be as new as the file, and so may the one above it.
    // Windows does not sync folders; the rename is journalled there.
    #[cfg(unix)]
    for folder in folder.ancestors().take(3) {
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

    fn picture(width: u32, height: u32) -> DynamicImage {
        DynamicImage::ImageRgb8(image::RgbImage::from_fn(width, height, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 9])))
    }

    /// A JPEG with an EXIF block in front that says orientation 6 and a camera's name.
    fn from_a_phone(width: u32, height: u32) -> Vec<u8> {
        let plain = jpeg(&picture(width, height), 80).unwrap();
        let tiff: &[u8] = b"II*\0\x08\0\0\0\x02\0\x0f\x01\x02\0\x08\0\0\0\x26\0\0\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0SECRETS\0";
        let mut app1 = b"Exif\0\0".to_vec();
        app1.extend_from_slice(tiff);
        let mut bytes = vec![0xff, 0xd8, 0xff, 0xe1];
        bytes.extend_from_slice(&u16::try_from(app1.len() + 2).unwrap().to_be_bytes());
        bytes.extend_from_slice(&app1);
        bytes.extend_from_slice(&plain[2..]);
        bytes
    }

    #[test]
    fn a_phone_photo_is_turned_made_small_and_stripped() {
        let bytes = from_a_phone(2000, 1000);
        assert!(bytes.windows(7).any(|window| window == b"SECRETS"));
        let turned = upright(&bytes).unwrap();
        assert_eq!((turned.width(), turned.height()), (1000, 2000));
        let stored = jpeg(&fit(&turned, LONG_SIDE), 82).unwrap();
        let again = upright(&stored).unwrap();
        assert_eq!((again.width(), again.height()), (800, 1600));
        assert!(!stored.windows(7).any(|window| window == b"SECRETS"));
        assert!(orientation(&stored).is_none());
    }

    #[test]
    fn what_is_no_photo_is_refused_in_words() {
        assert_eq!(upright(b"not a photo").unwrap_err().code, Code::BadPhoto);
        assert_eq!(upright(&from_a_phone(50, 50)[..200]).unwrap_err().code, Code::BadPhoto);
    }
}
