//! Codes in a picture that somebody chose: a photo of a label, a screenshot of an enrolment.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::imageops::thumbnail;
use image::{GrayImage, ImageError, ImageFormat, ImageReader, Limits};
use rxing::helpers::detect_multiple_in_luma_with_hints;
use rxing::{BarcodeFormat, DecodeHints};

/// The largest file that is looked at, in bytes.
const MAX_BYTES: usize = 20 * 1024 * 1024;
/// The largest picture, in pixels.
const MAX_PIXELS: u64 = 50_000_000;
/// What decoding may take of memory, in bytes: twice what 50 megapixels of a camera are.
const MAX_MEMORY: u64 = 2 * 3 * MAX_PIXELS;

/// The longer side at which codes are looked for, in pixels: the first finds what fills the picture in a moment, the
/// second the small code in a corner.
const SIDES: [u32; 2] = [1_200, 3_000];

/// What a waybill or an enrolment may be printed as.
const FORMATS: [BarcodeFormat; 8] = [
    BarcodeFormat::QR_CODE,
    BarcodeFormat::CODE_128,
    BarcodeFormat::CODE_39,
    BarcodeFormat::CODE_93,
    BarcodeFormat::EAN_13,
    BarcodeFormat::EAN_8,
    BarcodeFormat::ITF,
    BarcodeFormat::UPC_A,
];

/// Why a picture was not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnreadablePicture {
    /// More than 20 MiB, or more than 50 megapixels.
    #[error("the picture is too large")]
    TooLarge,
    /// Neither PNG nor JPEG, or damaged.
    #[error("not a picture that can be read")]
    NotAPicture,
}

impl UnreadablePicture {
    /// The stable codes of these errors.
    pub const CODES: [&str; 2] = ["picture_too_large", "not_a_picture"];

    /// The stable code of this error.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "picture_too_large",
            Self::NotAPicture => "not_a_picture",
        }
    }
}

impl From<ImageError> for UnreadablePicture {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Limits(_) => Self::TooLarge,
            _ => Self::NotAPicture,
        }
    }
}

/// The texts of the QR and one-dimensional codes in a PNG or JPEG, each once; none where no code is found.
///
/// # Errors
///
/// See [`UnreadablePicture`].
pub fn read_picture(bytes: &[u8]) -> Result<Vec<String>, UnreadablePicture> {
    let picture = decode(bytes)?;
    let longer = picture.width().max(picture.height());
    for (at, side) in SIDES.into_iter().enumerate() {
        if at > 0 && SIDES.get(at - 1).is_some_and(|smaller| longer <= *smaller) {
            break;
        }
        let texts = texts_in(shrunk(&picture, side));
        if !texts.is_empty() {
            return Ok(texts);
        }
    }
    Ok(Vec::new())
}

fn decode(bytes: &[u8]) -> Result<GrayImage, UnreadablePicture> {
    if bytes.len() > MAX_BYTES {
        return Err(UnreadablePicture::TooLarge);
    }
    let reader = || {
        let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
        let reader = reader.map_err(|_| UnreadablePicture::NotAPicture)?;
        match reader.format() {
            Some(ImageFormat::Png | ImageFormat::Jpeg) => Ok(reader),
            _ => Err(UnreadablePicture::NotAPicture),
        }
    };
    let (width, height) = reader()?.into_dimensions()?;
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(UnreadablePicture::TooLarge);
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_MEMORY);
    let mut reader = reader()?;
    reader.limits(limits);
    Ok(reader.decode()?.into_luma8())
}

/// The picture, its longer side at most so many pixels.
fn shrunk(picture: &GrayImage, side: u32) -> GrayImage {
    let (width, height) = picture.dimensions();
    let longer = width.max(height);
    if longer <= side {
        return picture.clone();
    }
    let scaled = |length: u32| u64::from(length) * u64::from(side) / u64::from(longer);
    let length = |length| u32::try_from(scaled(length)).unwrap_or(side).max(1);
    thumbnail(picture, length(width), length(height))
}

fn texts_in(picture: GrayImage) -> Vec<String> {
    let (width, height) = picture.dimensions();
    let mut hints = DecodeHints {
        PossibleFormats: Some(FORMATS.into()),
        TryHarder: Some(true),
        AlsoInverted: Some(true),
        ..DecodeHints::default()
    };
    let luma = picture.into_raw();
    // A picture is a stranger's bytes, and what reads it was written for pictures that hold codes: where it panics,
    // nothing was found.
    let found = catch_unwind(AssertUnwindSafe(|| {
        detect_multiple_in_luma_with_hints(luma, width, height, &mut hints)
    }));
    let found = found.ok().and_then(Result::ok).unwrap_or_default();
    let mut seen = BTreeSet::new();
    let texts = found.iter().map(|code| code.getText().to_owned());
    texts
        .filter(|text| !text.is_empty() && seen.insert(text.clone()))
        .collect()
}
