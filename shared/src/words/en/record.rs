//! Records: looking at one, its history, those that do not merge.

use crate::schema::Label;
use crate::schema::RecordId;
use crate::words::Told;

pub const QUARANTINED: Told = (
    "The changes of this record do not merge, and it can't be changed for now.",
    "Nothing else is touched and work goes on. Ask support to repair this one; until then, note changes on paper.",
);
pub const DOES_NOT_MERGE: &str = "The changes contradict each other and do not merge";
pub const DAMAGED_CHANGE: &str = "One of the changes is damaged and can't be read";
pub const ADD_NEW: &str = "New";
pub const HISTORY: &str = "History";
pub const SAVED: &str = "Saved.";
pub const UNSAVED: &str = "There are unsaved changes.";
pub const GO_ON_EDITING: &str = "Go on editing";
pub const DISCARD: &str = "Discard changes";

/// A new one in a list.
#[must_use]
pub fn new_in(list: Label) -> String {
    format!("{}: new", list.en)
}

/// What happened to a record at a time.
#[must_use]
pub fn happened(all: &[String], unsent: bool) -> String {
    format!("{}{}", all.join("; "), if unsent { " (to upload)" } else { "" })
}

pub const CONTENTS: &str = "Contents";
pub const BACK: &str = "Back";
pub const NOT_HERE: Told = ("There is nothing of that kind here.", "Refresh and look again.");
pub const KIND_ASKED: &str = "The kind of record";
pub const RECORD_ASKED: &str = "The record";
pub const ROW_ASKED: &str = "The one to look at";

/// In the place of what is to be opened once its key is here.
pub const AWAITS_ITS_KEY: &str = "Key awaited";

/// In the place of what nobody opens any more.
pub const ERASED: &str = "Erased";

/// A record of a kind that this program does not know.
#[must_use]
pub fn untitled(id: RecordId) -> String {
    format!("Record {id}")
}

/// What a record of a kind that only newer programs know is called.
pub const OF_A_LATER_KIND: &str = "Record";
