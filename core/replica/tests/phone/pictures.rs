//! Codes in pictures that somebody chose.

use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageFormat, Luma, imageops};
use proptest::prelude::*;
use saddlebag_replica::{UnreadablePicture, read_enrolment, read_picture};

const ENROLMENT: &str = "saddlebag:https://sync.example:8470#000102030405060708090a0b0c0d0e0f#7K3M-9QXT-2BVA";
const WAYBILL: &str = "YT8812345678901";
/// [`WAYBILL`] as Code 128: the widths of bars and gaps, in turn.
const WAYBILL_BARS: &str = "2112143121132133113112223112221232212232112211322212312132122231123121313112223211221231221232214113112331112";

const PAPER: Luma<u8> = Luma([235]);
const INK: Luma<u8> = Luma([25]);

fn paper(width: u32, height: u32) -> GrayImage {
    GrayImage::from_pixel(width, height, PAPER)
}

/// The QR of a text, each of its squares so many pixels wide, with the quiet zone around it.
fn qr(text: &str, square: u32) -> GrayImage {
    let code = qrcode::QrCode::new(text).unwrap();
    let width = u32::try_from(code.width()).unwrap();
    let colors = code.to_colors();
    GrayImage::from_fn((width + 8) * square, (width + 8) * square, |x, y| {
        let (x, y) = ((x / square).wrapping_sub(4), (y / square).wrapping_sub(4));
        let dark = x < width && y < width && colors[(y * width + x) as usize] == qrcode::Color::Dark;
        if dark { INK } else { PAPER }
    })
}

/// The bars of the waybill, the narrowest so many pixels wide.
fn bars(narrowest: u32) -> GrayImage {
    let widths = WAYBILL_BARS
        .bytes()
        .map(|width| u32::from(width - b'0') * narrowest);
    let quiet = 12 * narrowest;
    let mut picture = paper(widths.clone().sum::<u32>() + 2 * quiet, 60 * narrowest);
    let mut x = quiet;
    for (at, width) in widths.enumerate() {
        for column in (x..x + width).filter(|_| at % 2 == 0) {
            for row in 5 * narrowest..55 * narrowest {
                picture.put_pixel(column, row, INK);
            }
        }
        x += width;
    }
    picture
}

fn written(picture: GrayImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(picture)
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

fn read(picture: GrayImage) -> Vec<String> {
    let mut texts = read_picture(&written(picture, ImageFormat::Png)).unwrap();
    texts.sort();
    texts
}

#[test]
fn the_qr_of_an_enrolment_is_read_from_png_and_jpeg() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg] {
        let texts = read_picture(&written(qr(ENROLMENT, 6), format)).unwrap();
        assert_eq!(texts, [ENROLMENT]);
        assert_eq!(read_enrolment(&texts[0]).unwrap().code, "7K3M-9QXT-2BVA");
    }
}

#[test]
fn a_waybill_is_read_however_it_lies() {
    let lying = bars(3);
    assert_eq!(read(imageops::rotate90(&lying)), [WAYBILL]);
    assert_eq!(read(imageops::rotate180(&lying)), [WAYBILL]);
    assert_eq!(read(lying), [WAYBILL]);
}

#[test]
fn all_codes_of_a_label_are_read_each_once() {
    let mut label = paper(900, 1_100);
    imageops::replace(&mut label, &bars(3), 60, 60);
    imageops::replace(&mut label, &qr("https://carrier.example/1", 8), 200, 500);
    assert_eq!(read(label), [WAYBILL, "https://carrier.example/1"]);
}

#[test]
fn a_code_is_found_small_in_a_large_photo() {
    let mut photo = paper(2_400, 1_800);
    imageops::replace(&mut photo, &qr(ENROLMENT, 3), 2_000, 1_500);
    assert_eq!(read(photo), [ENROLMENT]);
}

#[test]
fn where_there_is_no_code_none_is_found() {
    assert_eq!(read(paper(400, 300)), [""; 0]);
    assert_eq!(read(paper(1, 1)), [""; 0]);
}

#[test]
fn what_is_no_picture_is_told() {
    let gif = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff;";
    for bytes in [
        &b""[..],
        b"saddlebag",
        gif,
        &written(qr("A", 4), ImageFormat::Png)[..60],
    ] {
        assert_eq!(read_picture(bytes), Err(UnreadablePicture::NotAPicture));
    }
    assert_eq!(
        UnreadablePicture::CODES,
        [UnreadablePicture::TooLarge, UnreadablePicture::NotAPicture].map(UnreadablePicture::code)
    );
}

/// A PNG of a few bytes that says it is this large.
fn claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = written(paper(8, 8), ImageFormat::Png);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let check = crc_32(&bytes[12..29]).to_be_bytes();
    bytes[29..33].copy_from_slice(&check);
    bytes
}

fn crc_32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            crc >> 1 ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

#[test]
fn what_is_too_large_is_told_before_it_is_unpacked() {
    assert_eq!(
        read_picture(&vec![0; 20 * 1024 * 1024 + 1]),
        Err(UnreadablePicture::TooLarge)
    );
    assert_eq!(
        read_picture(&claiming(10_000, 5_001)),
        Err(UnreadablePicture::TooLarge)
    );
    assert_eq!(
        read_picture(&claiming(u32::MAX >> 1, 2)),
        Err(UnreadablePicture::TooLarge)
    );
    assert_eq!(
        read_picture(&claiming(8, 9)),
        Err(UnreadablePicture::NotAPicture),
        "a row is missing"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn damaged_pictures_are_read_or_refused(at in any::<prop::sample::Index>(), byte: u8, jpeg: bool) {
        let format = if jpeg { ImageFormat::Jpeg } else { ImageFormat::Png };
        let mut bytes = written(qr("A", 3), format);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = read_picture(&bytes);
    }
}
