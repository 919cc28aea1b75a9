//! A picture as a camera, a scanner or another program wrote it, read to a small one that stands upright on white. What memory it takes follows
//! from what is kept, not from what came: JPEG is decoded at an eighth where that is enough, PNG row by row. What can't be read is told by its kind.

use image::{DynamicImage, GrayImage, ImageFormat, ImageReader, Limits, Rgb, RgbImage};
use jpeg_decoder::{CodingProcess, PixelFormat};
use shared::fault;
use shared::fault::{Code, Fault};
use std::io::Cursor;

/// Pixels of a JPEG or a PNG that are read: phones take up to two hundred million.
const MOST_PIXELS: u64 = 220_000_000;
/// Pixels of a JPEG for each byte of its file: an even ground has up to two hundred, and of a file that was cut off a part is there. What claims
/// more keeps the processor busy with nothing.
const MOST_PIXELS_A_BYTE: u64 = 1_000;
/// Of a kind that is decoded whole, in memory: WebP, GIF, BMP, JPEG in several passes, PNG in seven.
const MOST_PIXELS_WHOLE: u64 = 24_000_000;
/// Values of a JPEG in several passes, of all colours: eighteen million pixels in full colour, and as telephones sample, all that are decoded whole.
const MOST_VALUES_WHOLE: u64 = 54_000_000;
/// Bytes that one such picture may take.
const MOST_BYTES: usize = 128 << 20;

/// A picture that was read.
#[derive(Debug)]
pub(crate) struct Picture {
    /// Upright, its long side no more than twice what was asked for.
    pub(crate) image: RgbImage,
    /// The file ended before the picture did.
    pub(crate) is_cut: bool,
}

/// Reads a picture of which no more than `long_side` pixels a side are kept.
pub(crate) fn read(bytes: &[u8], long_side: u32) -> Result<Picture, Fault> {
    let (image, is_cut) = match kind_of(bytes) {
        Kind::Jpeg => jpeg(bytes, long_side)?,
        Kind::Png => (png(bytes, long_side)?, false),
        Kind::Whole(format) => (whole(bytes, format)?, false),
        Kind::Heic => return Err(fault!(Code::BadPhoto, photo::HEIC)),
        Kind::Pdf => return Err(fault!(Code::BadPhoto, photo::PDF)),
        Kind::Other => return Err(fault!(Code::BadPhoto, photo::NO_PHOTO)),
    };
    let mut image = DynamicImage::ImageRgb8(image);
    if let Some(orientation) = orientation(bytes) {
        image.apply_orientation(orientation);
    }
    Ok(Picture { image: image.into_rgb8(), is_cut })
}

/// What a file is by its first bytes.
#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Jpeg,
    Png,
    /// Decoded whole.
    Whole(ImageFormat),
    /// HEIC or AVIF, as telephones save room.
    Heic,
    Pdf,
    Other,
}

fn kind_of(bytes: &[u8]) -> Kind {
    let at = |from: usize, what: &[u8]| bytes.get(from..).is_some_and(|rest| rest.starts_with(what));
    match () {
        () if at(0, &[0xff, 0xd8, 0xff]) => Kind::Jpeg,
        () if at(0, b"\x89PNG\r\n\x1a\n") => Kind::Png,
        () if at(0, b"RIFF") && at(8, b"WEBP") => Kind::Whole(ImageFormat::WebP),
        () if at(0, b"GIF8") => Kind::Whole(ImageFormat::Gif),
        () if at(0, b"BM") => Kind::Whole(ImageFormat::Bmp),
        () if at(4, b"ftyp") => Kind::Heic,
        () if at(0, b"%PDF") => Kind::Pdf,
        () => Kind::Other,
    }
}

fn damaged<E>(_: E) -> Fault {
    fault!(Code::BadPhoto, photo::DAMAGED)
}

/// Refuses what has more pixels than that, by its size.
fn check_pixels((width, height): (u32, u32), most: u64) -> Result<(), Fault> {
    if width == 0 || height == 0 {
        return Err(damaged(()));
    }
    if u64::from(width) * u64::from(height) > most { Err(fault!(Code::BadPhoto, photo::too_large(width, height))) } else { Ok(()) }
}

fn jpeg(bytes: &[u8], long_side: u32) -> Result<(RgbImage, bool), Fault> {
    // One that ends early is read as if the rest of it were grey.
    let tail = &bytes[bytes.len().saturating_sub(4_096)..];
    let is_cut = !tail.windows(2).any(|two| two == [0xff, 0xd9]);
    let end: &[u8] = if is_cut { &[0xff, 0xd9] } else { &[] };
    let mut decoder = jpeg_decoder::Decoder::new(std::io::Read::chain(bytes, end));
    decoder.read_info().map_err(damaged)?;
    let info = decoder.info().ok_or_else(|| damaged(()))?;
    let size = (u32::from(info.width), u32::from(info.height));
    let in_passes = info.coding_process == CodingProcess::DctProgressive || info.coding_process == CodingProcess::Lossless;
    check_pixels(size, if in_passes { MOST_PIXELS_WHOLE } else { MOST_PIXELS })?;
    if in_passes && super::frame::values(bytes).is_none_or(|values| values > MOST_VALUES_WHOLE) {
        return Err(fault!(Code::BadPhoto, photo::too_large(size.0, size.1)));
    }
    if u64::from(size.0) * u64::from(size.1) > bytes.len() as u64 * MOST_PIXELS_A_BYTE {
        return Err(damaged(()));
    }
    let side = |of: u32| u16::try_from((u64::from(of) * u64::from(long_side) / u64::from(size.0.max(size.1))).max(1)).unwrap_or(u16::MAX);
    let (width, height) = decoder.scale(side(size.0), side(size.1)).map_err(damaged)?;
    let pixels = decoder.decode().map_err(damaged)?;
    let (width, height) = (u32::from(width), u32::from(height));
    let rgb = match info.pixel_format {
        PixelFormat::RGB24 => RgbImage::from_raw(width, height, pixels),
        PixelFormat::L8 => GrayImage::from_raw(width, height, pixels).map(|grey| DynamicImage::ImageLuma8(grey).into_rgb8()),
        PixelFormat::L16 => {
            let high = pixels.chunks_exact(2).map(|two| u16::from_ne_bytes([two[0], two[1]]).to_be_bytes()[0]).collect();
            GrayImage::from_raw(width, height, high).map(|grey| DynamicImage::ImageLuma8(grey).into_rgb8())
        }
        PixelFormat::CMYK32 => {
            let left = |ink: u8| u16::from(u8::MAX - ink);
            let of = |ink: u8, black: u8| u8::try_from(left(ink) * left(black) / 255).unwrap_or(u8::MAX);
            let rgb = pixels.chunks_exact(4).flat_map(|four| [of(four[0], four[3]), of(four[1], four[3]), of(four[2], four[3])]).collect();
            RgbImage::from_raw(width, height, rgb)
        }
    };
    Ok((rgb.ok_or_else(|| damaged(()))?, is_cut))
}

/// PNG, in which one pixel is the mean of as many as are left out.
fn png(bytes: &[u8], long_side: u32) -> Result<RgbImage, Fault> {
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: MOST_BYTES });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
    let mut reader = decoder.read_info().map_err(damaged)?;
    let (size, interlaced) = (reader.info().size(), reader.info().interlaced);
    check_pixels(size, if interlaced { MOST_PIXELS_WHOLE } else { MOST_PIXELS })?;
    let channels = reader.output_color_type().0.samples();
    let mut means = Means::new(size, (size.0.max(size.1) / long_side.max(1)).max(1));
    if interlaced {
        let mut all = vec![0; reader.output_buffer_size().ok_or_else(|| damaged(()))?];
        reader.next_frame(&mut all).map_err(damaged)?;
        all.chunks_exact(size.0 as usize * channels).for_each(|row| means.take(row, channels));
    } else {
        while let Some(row) = reader.next_row().map_err(damaged)? {
            means.take(row.data(), channels);
        }
    }
    means.done().ok_or_else(|| damaged(()))
}

/// Sums up rows of pixels until each is the mean of a square.
struct Means {
    by: u32,
    /// Of a row that comes.
    pixels: usize,
    /// Of what is made.
    width: u32,
    sums: Vec<[u32; 3]>,
    rows: u32,
    rgb: Vec<u8>,
}

impl Means {
    fn new((pixels, _): (u32, u32), by: u32) -> Self {
        let width = pixels.div_ceil(by);
        Self { by, pixels: pixels as usize, width, sums: vec![[0; 3]; width as usize], rows: 0, rgb: Vec::new() }
    }

    /// One more row, grey or coloured, with or without alpha, laid on white.
    fn take(&mut self, row: &[u8], channels: usize) {
        for (at, pixel) in row.chunks_exact(channels).enumerate() {
            let alpha = if channels.is_multiple_of(2) { u32::from(pixel[channels - 1]) } else { 255 };
            let on_white = |value: u8| (u32::from(value) * alpha + 255 * (255 - alpha)) / 255;
            let [red, green, blue] = if channels < 3 { [pixel[0]; 3] } else { [pixel[0], pixel[1], pixel[2]] };
            let sum = &mut self.sums[at / self.by as usize];
            for (sum, value) in sum.iter_mut().zip([red, green, blue]) {
                *sum += on_white(value);
            }
        }
        self.rows += 1;
        if self.rows == self.by {
            self.put();
        }
    }

    fn put(&mut self) {
        let by = self.by as usize;
        for (at, sum) in self.sums.iter_mut().enumerate() {
            // The last one of a row stands for fewer.
            let across = u32::try_from(by.min(self.pixels - at * by)).unwrap_or(self.by);
            let many = across * self.rows;
            self.rgb.extend(sum.map(|sum| u8::try_from(sum / many).unwrap_or(u8::MAX)));
            *sum = [0; 3];
        }
        self.rows = 0;
    }

    fn done(mut self) -> Option<RgbImage> {
        if self.rows > 0 {
            self.put();
        }
        let height = u32::try_from(self.rgb.len() / 3).ok()? / self.width;
        RgbImage::from_raw(self.width, height, self.rgb)
    }
}

fn whole(bytes: &[u8], format: ImageFormat) -> Result<RgbImage, Fault> {
    let limited = || {
        let mut limits = Limits::default();
        limits.max_alloc = Some(MOST_BYTES as u64);
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        reader.limits(limits);
        reader
    };
    check_pixels(limited().into_dimensions().map_err(damaged)?, MOST_PIXELS_WHOLE)?;
    let image = limited().decode().map_err(damaged)?;
    if !image.color().has_alpha() {
        return Ok(image.into_rgb8());
    }
    let rgba = image.into_rgba8();
    Ok(RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [red, green, blue, alpha] = rgba.get_pixel(x, y).0.map(u16::from);
        Rgb([red, green, blue].map(|value| u8::try_from((value * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)))
    }))
}

/// How the camera was held, also where other fields of what it wrote are damaged.
pub(crate) fn orientation(bytes: &[u8]) -> Option<image::metadata::Orientation> {
    let mut reader = exif::Reader::new();
    reader.continue_on_error(true);
    let read = reader.read_from_container(&mut Cursor::new(bytes)).or_else(|error| error.distill_partial_result(|_| ()));
    let exif = read.ok()?;
    let value = exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY)?.value.get_uint(0)?;
    image::metadata::Orientation::from_exif(u8::try_from(value).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::codecs::jpeg::JpegEncoder;
    use image::{DynamicImage, RgbaImage};
    use shared::words::{Language, speaking};
    use std::borrow::Cow;
    use std::path::Path;

    const SIDE: u32 = 1600;

    fn case(name: &str) -> Vec<u8> {
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/samples/photos").join(name)).unwrap()
    }

    fn refused(bytes: &[u8]) -> Fault {
        read(bytes, SIDE).unwrap_err()
    }

    /// Whether the upper half is bluer than the lower one.
    fn is_blue_above(image: &RgbImage) -> bool {
        let blue = |y: u32| {
            let of = |x: u32| i64::from(image.get_pixel(x, y).0[2]) - i64::from(image.get_pixel(x, y).0[0]);
            (0..image.width()).map(of).sum::<i64>()
        };
        blue(image.height() / 8) > blue(image.height() * 7 / 8)
    }

    fn drawn(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| Rgb([(x * 255 / width) as u8, (y * 255 / height) as u8, 9]))
    }

    fn jpeg_of(image: &RgbImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 80)).unwrap();
        bytes
    }

    fn written(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// How far two pictures of one size are from each other, in the mean of all values.
    fn distance(one: &RgbImage, other: &RgbImage) -> f64 {
        assert_eq!(one.dimensions(), other.dimensions());
        let all: u64 = one.iter().zip(other.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        all as f64 / one.len() as f64
    }

    #[test]
    fn f69_photos_of_fifty_megapixels_and_panoramas_are_taken_small() {
        for (name, wide) in [("many_pixels_a.jpg", 2.0), ("panorama_a.jpg", 7.0)] {
            let picture = read(&case(name), SIDE).unwrap();
            let (width, height) = picture.image.dimensions();
            assert!((SIDE..2 * SIDE).contains(&width) && !picture.is_cut && is_blue_above(&picture.image), "{name}: {width} {height}");
            assert!(f64::from(width) / f64::from(height) < wide && width > height, "{name}: {width} {height}");
        }
    }

    #[test]
    fn f69_a_photo_stands_upright_whatever_else_is_damaged_in_what_the_camera_wrote() {
        for name in ["broken_directory_a.jpg", "cut_off_maker_a.jpg"] {
            let picture = read(&case(name), SIDE).unwrap();
            assert_eq!(picture.image.dimensions(), (900, 1200), "{name}");
            assert!(is_blue_above(&picture.image), "{name}");
        }
    }

    #[test]
    fn what_is_transparent_is_white() {
        let scan = read(&case("scan_without_ground_a.png"), SIDE).unwrap().image;
        let light = scan.pixels().filter(|pixel| pixel.0.iter().all(|value| *value > 200)).count();
        assert!(light * 2 > scan.pixels().len(), "the paper is light");
        let half = RgbaImage::from_fn(40, 30, |x, _| image::Rgba([0, 0, 0, if x < 20 { 0 } else { 255 }]));
        for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
            let read = read(&written(&DynamicImage::ImageRgba8(half.clone()), format), SIDE).unwrap().image;
            assert_eq!((read.get_pixel(3, 3).0, read.get_pixel(30, 3).0), ([255; 3], [0; 3]), "{format:?}");
        }
    }

    #[test]
    fn every_kind_is_read_or_told_by_its_name() {
        let image = drawn(300, 200);
        let any = DynamicImage::ImageRgb8(image.clone());
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Bmp, ImageFormat::Gif] {
            let bytes = written(&any, format);
            let read = read(&bytes, SIDE).unwrap();
            assert!(distance(&read.image, &image) < 8.0 && !read.is_cut, "{format:?}");
            let told = refused(&bytes[..60]);
            assert_eq!(told.code, Code::BadPhoto, "{format:?}");
        }
        for grey in [
            DynamicImage::ImageLuma8(any.to_luma8()),
            DynamicImage::ImageLumaA8(any.to_luma_alpha8()),
            DynamicImage::ImageRgb16(any.to_rgb16()),
        ] {
            let read = read(&written(&grey, ImageFormat::Png), SIDE).unwrap().image;
            assert!(distance(&read, &grey.to_rgb8()) < 1.0, "{:?}", grey.color());
        }
        speaking(Language::Zh, || {
            assert!(refused(&case("real_heic_a.heic")).happened.contains("HEIC"));
            assert!(refused(b"\0\0\0\x1cftypavif").next_step.contains("JPG"));
            assert!(refused(b"%PDF-1.7").happened.contains("PDF"));
            assert_eq!(refused(b"not a photo").happened, refused(b"").happened);
        });
    }

    #[test]
    fn half_a_photo_is_taken_and_known_to_be_half() {
        let image = drawn(900, 600);
        let bytes = jpeg_of(&image);
        for percent in [30, 60, 95] {
            let picture = read(&bytes[..bytes.len() * percent / 100], SIDE).unwrap();
            assert!(picture.is_cut, "{percent}");
            let upper = |image: &RgbImage| image::imageops::crop_imm(image, 0, 0, 900, 150).to_image();
            assert!(distance(&upper(&picture.image), &upper(&image)) < 4.0, "{percent}: what is there is seen");
        }
        assert!(!read(&[bytes.as_slice(), &[0; 100]].concat(), SIDE).unwrap().is_cut, "what stands behind the end does not matter");
    }

    #[test]
    fn a_small_file_that_claims_many_pixels_is_damaged() {
        let mut bytes = jpeg_of(&drawn(300, 200));
        let frame = bytes.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
        bytes[frame + 5..frame + 9].copy_from_slice(&[0x36, 0xb0, 0x36, 0xb0]);
        assert_eq!(refused(&bytes).code, Code::BadPhoto);
    }

    #[test]
    fn a_large_png_is_made_small_row_by_row() {
        let image = drawn(3_700, 2_500);
        let read = read(&written(&DynamicImage::ImageRgb8(image), ImageFormat::Png), 800).unwrap().image;
        assert_eq!(read.dimensions(), (925, 625));
        assert!(distance(&read, &drawn(925, 625)) < 1.5);
    }

    #[test]
    fn f38_a_picture_that_announces_too_much_is_told_with_its_size() {
        let mut head = Vec::new();
        let mut writer = png::Encoder::new(&mut head, 30_000, 30_000).write_header().unwrap();
        writer.write_chunk(png::chunk::IDAT, &[]).unwrap();
        drop(writer);
        speaking(Language::Zh, || {
            let told = refused(&head);
            assert!(told.happened.contains("30000×30000") && told.next_step.contains("高像素"), "{told:?}");
        });
        // A profile that unpacks to much more than a picture may take is not looked at.
        let mut bytes = Vec::new();
        let mut info = png::Info::with_size(2, 2);
        info.icc_profile = Some(Cow::Owned(vec![0; 300 << 20]));
        let mut writer = png::Encoder::with_info(&mut bytes, info).unwrap().write_header().unwrap();
        writer.write_image_data(&[255; 4]).unwrap();
        drop(writer);
        assert!(bytes.len() < 1 << 20, "{}", bytes.len());
        assert_eq!(read(&bytes, SIDE).unwrap().image.dimensions(), (2, 2));
    }

    /// A JPEG with an EXIF block in front that says orientation 6 and a camera's name.
    #[test]
    fn a_phone_photo_is_turned_made_small_and_stripped() {
        let plain = jpeg_of(&drawn(2000, 1000));
        let tiff: &[u8] = b"II*\0\x08\0\0\0\x02\0\x0f\x01\x02\0\x08\0\0\0\x26\0\0\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0SECRETS\0";
        let app1 = [b"Exif\0\0", tiff].concat();
        let length = u16::try_from(app1.len() + 2).unwrap().to_be_bytes();
        let bytes = [&[0xff, 0xd8, 0xff, 0xe1], length.as_slice(), &app1, &plain[2..]].concat();
        let turned = read(&bytes, SIDE).unwrap().image;
        assert_eq!(turned.dimensions(), (1000, 2000));
        let stored = jpeg_of(&turned);
        assert!(!stored.windows(7).any(|window| window == b"SECRETS"));
        assert!(orientation(&stored).is_none());
    }
}
