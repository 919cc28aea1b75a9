//! Photos: taking one in, opening it, getting it from another computer.

use super::count;
use crate::words::Told;

pub const PHOTOS: &str = "Photos";
pub const ONE: &str = "Photo";
pub const NONE: &str = "No photos.";
pub const TAKE: &str = "Take a photo";

#[must_use]
pub fn received(day: &str, time: &str) -> String {
    format!("Received by the server: {day} {time}")
}

/// Not at the server yet.
#[must_use]
pub fn pending(number: u32) -> String {
    format!("{} still to be uploaded by the canteen's computer.", count(number, "photo", "photos"))
}

pub const NOT_HERE: Told = ("There is no such photo here.", "Refresh and look again.");
pub const FILE_DOES_NOT_OPEN: Told = ("The photo's file does not open.", "Make sure that it is still there, and choose it again.");
pub const AWAITS_ITS_KEY: Told =
    ("This photo can't be opened yet: the elder's key has not reached this computer.", "Look again after the next sync.");
pub const OUT_OF_REACH: Told = (
    "This photo is not on this computer, and can't be fetched now.",
    "Look again when you are back online, or on the computer where it was taken in.",
);
pub const NOT_AT_THE_SERVER: Told =
    ("This photo was not found.", "The computer where it was taken in has not uploaded it yet; look again later.");
pub const TO_BE_CHOSEN_AGAIN: Told = ("One of the photos is not on this computer.", "Choose that photo again.");
const TAKE_ANOTHER: &str = "Take another one with the phone, saved as JPG or PNG, and choose that.";
pub const NO_PHOTO: Told = ("This file is not a photo.", TAKE_ANOTHER);
pub const DAMAGED: Told = ("The photo's file is damaged.", TAKE_ANOTHER);

/// More pixels than are read of a picture of its kind.
#[must_use]
pub fn too_large(width: u32, height: u32) -> (String, &'static str) {
    (
        format!("The photo has {width} by {height} pixels, which is too many."),
        "Turn off the high resolution mode (50 MP, 64 MP) or the panorama of the phone's camera and take another one; scan with fewer pixels, saved as JPG.",
    )
}

pub const HEIC: Told = (
    "This is a photo of the phone's high efficiency kind (HEIC), which can't be opened here.",
    "iPhone: Settings, Camera, Formats, Most Compatible; Android: turn off HEIF in the settings of the camera. Photos are JPG then; of one that is taken already, take a screenshot.",
);
pub const PDF: Told = ("This is a PDF, not a photo.", "Open it, take a screenshot, and choose that, saved as JPG or PNG.");
/// The file ended before the picture did; it is kept all the same.
pub const CUT_OFF: Told = ("The photo's file is not whole: its lower part is not seen.", "It was kept; take another one if you can.");
