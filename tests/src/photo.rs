//! Pictures as phones make them, made up here.

use image::{ImageFormat, Rgb, RgbImage};
use std::path::{Path, PathBuf};

/// A small JPEG, where the picture does not matter.
///
/// # Errors
/// When the folder does not take it.
pub fn small(folder: &Path) -> anyhow::Result<PathBuf> {
    let path = folder.join("小照片.jpg");
    RgbImage::from_pixel(60, 40, Rgb([120, 80, 40])).save_with_format(&path, ImageFormat::Jpeg)?;
    Ok(path)
}

/// A JPEG of a front door, different for each `seed`.
///
/// # Errors
/// When the folder does not take it.
pub fn door(folder: &Path, seed: u8) -> anyhow::Result<PathBuf> {
    let picture = RgbImage::from_fn(2400, 1800, |x, y| {
        let door = (900..1500).contains(&x) && y > 400;
        let handle = (1400..1440).contains(&x) && (1000..1120).contains(&y);
        let shade = u8::try_from((x / 40 + y / 40) % 24).unwrap_or(0);
        match (door, handle) {
            (_, true) => Rgb([220, 190, 90]),
            (true, false) => Rgb([122 + shade, 74, 40 + seed % 60]),
            _ => Rgb([196 - shade, 188 - shade, 172]),
        }
    });
    let path = folder.join(format!("回单照片{seed}.jpg"));
    picture.save_with_format(&path, ImageFormat::Jpeg)?;
    Ok(path)
}
