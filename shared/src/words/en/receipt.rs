//! Receipts: time of arrival, photos, corrections.

use crate::words::Told;
use crate::words::en::count;

pub const ARRIVAL_IN_THE_FUTURE: Told = ("The time of arrival is later than now.", "Check the time of arrival.");
pub const ARRIVAL_BEFORE_THE_DAY: Told = ("The time of arrival is before the day of the meal.", "Check day and time.");
pub const TOO_MANY_PHOTOS: Told = ("A receipt takes 9 photos at most.", "Keep the clearest ones.");
pub const WINDOW_OVER: Told = ("The time in which a receipt can be changed directly is over.", "Tell the township office the reason.");
pub const LACKING: &str = "Receipt missing";
pub const WRITE: &str = "Write receipt";
pub const WRITE_NOW: &str = "Add receipt";
pub const NOTE_OF_IT: &str = "Receipt note";
pub const WRITTEN: &str = "Receipt written";
pub const PHOTO_OF_IT: &str = "Receipt photo";
pub const FETCHING_PHOTO: &str = "Fetching the photo…";

/// When this computer says that it was written.
#[must_use]
pub fn written_here(at: &str) -> String {
    format!("{at} (this computer)")
}

#[must_use]
pub fn photos(number: u64) -> String {
    count(number, "photo", "photos")
}

pub const CHANGE: &str = "Change receipt";
pub const SAVE: &str = "Save receipt";
pub const OUTCOME: &str = "Outcome";
pub const ELDER_SEEN: &str = "Was the elder seen?";
pub const ARRIVED_AT: &str = "Time of arrival";
pub const ARRIVAL_MISSING: &str = "Fill in the time of arrival";
pub const NOTE: &str = "Note";
pub const NOTE_IF_ANY: &str = "Optional";
pub const REMOVE_PHOTO: &str = "Remove this photo";
pub const PREPARING_PHOTOS: &str = "Preparing photos…";
pub const PHOTOS_STILL_COMING: &str = "The photos are still being prepared; wait a moment";

#[must_use]
pub fn photos_at_most(most: usize) -> String {
    format!("A receipt takes {most} photos at most")
}

#[must_use]
pub fn saved(name: &str, state: &str) -> String {
    format!("{name}: {state}.")
}

pub const ARRIVAL_UNREAD: Told = ("The time of arrival is not understood.", "Choose another time.");
pub const ARRIVAL_TYPED_WRONG: Told = ("The time of arrival is not understood.", "Enter it like 2026-11-22T11:58 or 11:58.");
pub const SAVE_THEN_NEXT: &str = "Save, next";
pub const SAVE_IT_THEN_NEXT: &str = "Save receipt, next";
pub const RECORDED_WHEN_SAVED: &str = "By this computer on saving, by the server after upload";
pub const ANOTHER_OUTCOME: &str = "Other…";
pub const OTHER_OUTCOMES: &str = "Other outcomes";
pub const OTHER_REASON: &str = "Another reason";
pub const CHOOSE_PHOTOS: &str = "Choose photos";
pub const DROP_PHOTOS: &str = "Or drop them here. They are made smaller, hidden data is removed";
pub const ARRIVAL_UNREADABLE: &str = "The time of arrival is not understood; enter it like 11:58 or 1158";
pub const CHOOSE_OUTCOME: &str = "Choose an outcome";

#[must_use]
pub fn of_elder(name: &str) -> String {
    format!("Receipt · {name}")
}

#[must_use]
pub fn saved_as(name: &str, state: &str) -> String {
    format!("Receipt of {name} saved: {state}.")
}

#[must_use]
pub fn recorded_here(day: &str, clock: &str) -> String {
    format!("{day} {clock} (this computer)")
}
