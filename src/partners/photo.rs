//! Photos: checked, turned upright, made small, encoded anew; nothing of the file as it came is kept.

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// Largest file that is taken.
pub const MAX_FILE_BYTES: usize = 8 * 1024 * 1024;
/// Longest side of what is kept, pixels.
const MAX_SIDE_PX: u32 = 1_600;
/// Shortest side of what is of use, pixels.
const MIN_SIDE_PX: u32 = 200;
/// Longest side that is decoded: a small file can say that it is enormous.
const MAX_DECODED_PX: u32 = 12_000;
const QUALITY: u8 = 82;
/// Most bytes of what is decoded; forty megapixels of 32 bits.
const MAX_DECODED_BYTES: u64 = 160 * 1024 * 1024;

/// Why a file is no photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhotoFault {
    /// Not JPEG, PNG or WebP.
    #[error("not JPEG, PNG or WebP")]
    Type,
    /// Damaged, or larger than is decoded.
    #[error("it cannot be read")]
    Unreadable,
    /// Too small to show anything.
    #[error("it is too small")]
    TooSmall,
}

/// A photo that is fit to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// JPEG.
    pub bytes: Vec<u8>,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// Makes a photo of a file; takes up to a second of one core.
///
/// # Errors
/// [`PhotoFault`].
pub fn encode(file: &[u8]) -> Result<Photo, PhotoFault> {
    let format = image::guess_format(file).map_err(|_| PhotoFault::Type)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(PhotoFault::Type);
    }
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_DECODED_PX);
    limits.max_image_height = Some(MAX_DECODED_PX);
    limits.max_alloc = Some(512 * 1024 * 1024);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| PhotoFault::Unreadable)?;
    // `from_decoder` asks no limits of what it allocates itself.
    if decoder.total_bytes() > MAX_DECODED_BYTES {
        return Err(PhotoFault::Unreadable);
    }
    let orientation = decoder.orientation().map_err(|_| PhotoFault::Unreadable)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| PhotoFault::Unreadable)?;
    picture.apply_orientation(orientation);
    if picture.width().min(picture.height()) < MIN_SIDE_PX {
        return Err(PhotoFault::TooSmall);
    }
    if picture.width().max(picture.height()) > MAX_SIDE_PX {
        picture = picture.resize(MAX_SIDE_PX, MAX_SIDE_PX, image::imageops::FilterType::Triangle);
    }
    let opaque = on_white(&picture);
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&opaque).map_err(|_| PhotoFault::Unreadable)?;
    Ok(Photo { bytes, width: opaque.width(), height: opaque.height() })
}

/// JPEG knows no transparency; what is see-through was drawn for a white page.
fn on_white(picture: &DynamicImage) -> image::RgbImage {
    let mut out = image::RgbImage::new(picture.width(), picture.height());
    for (to, from) in out.pixels_mut().zip(picture.to_rgba8().pixels()) {
        let [red, green, blue, alpha] = from.0.map(u16::from);
        let mix = |c: u16| ((c * alpha + 255 * (255 - alpha)) / 255) as u8;
        *to = image::Rgb([mix(red), mix(green), mix(blue)]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let picture = image::RgbaImage::from_fn(width, height, |x, y| image::Rgba([x as u8, y as u8, 7, 255]));
        let mut bytes = Vec::new();
        picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        bytes
    }

    #[test]
    fn a_large_picture_becomes_a_small_jpeg() {
        let photo = encode(&png(3_200, 1_000)).unwrap();
        assert_eq!((photo.width, photo.height), (1_600, 500));
        assert_eq!(image::guess_format(&photo.bytes).unwrap(), ImageFormat::Jpeg);
    }

    #[test]
    fn nothing_that_came_with_the_file_is_kept() {
        // A JPEG with an EXIF block that says "turn me by 90 degrees" and holds a place.
        let plain = encode(&png(400, 300)).unwrap().bytes;
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
        exif.extend_from_slice(b"GPS 45.0344 41.9642 Anna");
        let mut file = plain[..2].to_vec();
        file.extend_from_slice(&[0xff, 0xe1]);
        file.extend_from_slice(&u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
        file.extend_from_slice(&exif);
        file.extend_from_slice(&plain[2..]);
        let photo = encode(&file).unwrap();
        assert_eq!((photo.width, photo.height), (300, 400), "turned upright");
        let holds = |needle: &[u8]| photo.bytes.windows(needle.len()).any(|w| w == needle);
        assert!(!holds(b"Exif") && !holds(b"Anna") && !holds(b"45.0344"));
    }

    #[test]
    fn what_is_no_photo_is_refused() {
        assert_eq!(encode(b"<svg onload=alert(1)>"), Err(PhotoFault::Type));
        assert_eq!(encode(b"GIF89a\x01\0\x01\0"), Err(PhotoFault::Type));
        assert_eq!(encode(&png(100, 900)), Err(PhotoFault::TooSmall));
        assert_eq!(encode(&png(400, 300)[..200]), Err(PhotoFault::Unreadable));
        // A PNG that says it has 2^30 pixels a side.
        let mut bomb = png(400, 300);
        bomb[16..24].copy_from_slice(&[0x40, 0, 0, 0, 0x40, 0, 0, 0]);
        assert_eq!(encode(&bomb), Err(PhotoFault::Unreadable));
    }
}
