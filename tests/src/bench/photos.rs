//! Photos as phones and scanners make them, of sixty-four and of two hundred megapixels: how long a receipt with one takes, and what memory.

use crate::{row, watched};
use anyhow::{Context, Result, ensure};
use image::codecs::jpeg::JpegEncoder;
use image::{GenericImageView, Rgb};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use tests::program::{DeskHome, ServerHome};

/// What is asked of any of them, in MiB, and of sixty-four megapixels, in seconds.
const MOST_MEMORY: f64 = 160.0;
const MOST_TIME: f64 = 1.5;

/// A kind of file, its sides, and what writes it.
type Photo = (&'static str, (u32, u32), fn(&Path, (u32, u32)) -> Result<()>);

const PHOTOS: [Photo; 5] = [
    ("JPEG, 64 megapixels", (9_248, 6_936), jpeg),
    ("JPEG, 200 megapixels", (16_320, 12_240), jpeg),
    ("JPEG in several passes, 18 megapixels in full colour, the most that is taken", (6_000, 3_000), in_passes),
    ("PNG, 64 megapixels", (9_248, 6_936), png),
    ("PNG, 200 megapixels", (16_320, 12_240), png),
];

pub fn measure() -> Result<()> {
    let home = ServerHome::new()?;
    let (_, code) = home.canteen_with_code("罗城街道长者饭堂", "445381001")?;
    let server = home.serve("127.0.0.1:0")?;
    let desk = DeskHome::enrolled(&server.listening()?, &code)?;
    let elder = desk.elder_of("elders_luocheng.xlsx", "王冬梅")?;
    // A release build goes by the machine's clock: brought yesterday at noon.
    let day = jiff::Zoned::now().date().yesterday()?;
    let (date, arrived) = (day.to_string(), day.at(12, 0, 0, 0).to_string());
    let take = ["order", "take", "--elder", &elder, "--date", &date, "--mode", "own_delivery", "--reason", "测速", "--confirm", "--json"];
    let order = desk.json(&take)?["id"].as_str().context("order")?.to_owned();
    desk.json(&["order", "outcome", "--order", &order, "--outcome", "delivered", "--json"])?;
    let add = |photo: &Path| {
        let mut command = desk.command();
        command.args(["receipt", "add", "--order", &order, "--arrived-at", &arrived, "--json", "--photo"]).arg(photo);
        watched(command)
    };
    // A small one, for what the program takes anyway.
    let (alone, _) = add(&tests::photo::small(desk.path())?)?;
    for (what, sides, write) in PHOTOS {
        let path: PathBuf = desk.path().join("照片.bin");
        write(&path, sides)?;
        let (seconds, peak) = add(&path).with_context(|| what.to_owned())?;
        let asked = (sides.0 * sides.1 < 70_000_000).then_some(MOST_TIME);
        row(&format!("{what}: what it adds to a receipt (s)"), seconds - alone, asked);
        row(&format!("{what}: the desk's peak memory (MiB)"), peak, Some(MOST_MEMORY));
        std::fs::remove_file(&path)?;
    }
    Ok(())
}

/// Something to see at each place, so that no file is small.
fn pixel(x: u32, y: u32) -> [u8; 3] {
    let shade = u8::try_from((x / 7 + y / 5) % 96).unwrap_or(0);
    [160 - shade, 60 + shade, u8::try_from((x / 64) * (y / 64) % 200).unwrap_or(0)]
}

/// A picture that lies nowhere.
struct Scene(u32, u32);

impl GenericImageView for Scene {
    type Pixel = Rgb<u8>;

    fn dimensions(&self) -> (u32, u32) {
        (self.0, self.1)
    }

    fn get_pixel(&self, x: u32, y: u32) -> Rgb<u8> {
        Rgb(pixel(x, y))
    }
}

fn jpeg(path: &Path, (width, height): (u32, u32)) -> Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    JpegEncoder::new_with_quality(&mut out, 80).encode_image(&Scene(width, height))?;
    Ok(out.flush()?)
}

fn png(path: &Path, (width, height): (u32, u32)) -> Result<()> {
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header()?;
    let mut rows = writer.stream_writer()?;
    for y in 0..height {
        let row: Vec<u8> = (0..width).flat_map(|x| pixel(x, y)).collect();
        rows.write_all(&row)?;
    }
    Ok(rows.finish()?)
}

/// A progressive JPEG of three full colours that has its first pass only: each block is as the one before it, a bit of each colour.
fn in_passes(path: &Path, (width, height): (u32, u32)) -> Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    out.write_all(&[0xff, 0xd8])?;
    let mut segment = |marker: u8, data: &[u8]| -> Result<()> {
        out.write_all(&[0xff, marker])?;
        out.write_all(&u16::try_from(data.len() + 2)?.to_be_bytes())?;
        Ok(out.write_all(data)?)
    };
    ensure!(width.is_multiple_of(8) && height.is_multiple_of(8), "whole blocks");
    let sides = [u16::try_from(height)?.to_be_bytes(), u16::try_from(width)?.to_be_bytes()].concat();
    let colours: Vec<u8> = (1..=3).flat_map(|colour| [colour, 0x11, 0]).collect();
    segment(0xdb, &[&[0][..], &[1; 64]].concat())?;
    segment(0xc2, &[&[8][..], &sides, &[3], &colours].concat())?;
    // One code of one bit, 0: no difference.
    segment(0xc4, &[&[0, 1][..], &[0; 15], &[0]].concat())?;
    segment(0xda, &[3, 1, 0, 2, 0, 3, 0, 0, 0, 0])?;
    let blocks = u64::from(width / 8) * u64::from(height / 8);
    out.write_all(&vec![0; usize::try_from((blocks * 3).div_ceil(8))?])?;
    out.write_all(&[0xff, 0xd9])?;
    Ok(out.flush()?)
}
