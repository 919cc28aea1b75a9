//! Sync: sending, receiving, what was rejected, the line being away.

use super::count;
use crate::wire::RefusedReason;
use crate::words::Told;

pub const NOT_SYNCED: Told = ("This computer has not synced for the first time yet.", "Connect and sync once, then do this again.");
pub const OFFLINE: Told = ("The server can't be reached now.", "You can go on working; everything is uploaded when you are back online.");
pub const OTHER_VERSION: Told = (
    "The server and the program on this computer are of different versions, so they can't sync for now.",
    "Update the program on this computer; if it is the latest, ask support to update the server. What was entered is kept here and work goes on.",
);

/// Why the server rejected a record; a sentence without its end.
#[must_use]
pub fn refused(reason: RefusedReason) -> &'static str {
    match reason {
        RefusedReason::Malformed => "The content is malformed",
        RefusedReason::TooLarge => "The content is too long",
        RefusedReason::ForeignKind => "Only your supervising office may change records of this kind",
        RefusedReason::ForeignScope => "It is outside what this computer may change",
        RefusedReason::Asked => "Another place holds this elder's file and was asked for it; take orders as usual until it answers",
        RefusedReason::Erased => "The data of this elder was erased on request",
    }
}

pub const ALL_SENT: &str = "all uploaded";
pub const NEVER: &str = "never synced";
pub const PRESS_TO_SYNC: &str = "Press here or F12 to sync at once";
pub const TO_ENROL_AGAIN: &str = "Enrol again";
pub const NO_ANSWER: &str = "No answer";
pub const NOT_ENROLLED: &str = "Not enrolled";
pub const SYNCING: &str = "Syncing";
pub const DISAGREES: &str = "Totals differ";
pub const ONLINE: &str = "Online";
pub const OFFLINE_READY: &str = "Offline, ready";

#[must_use]
pub fn done(pushed: u64, pulled: u64) -> String {
    format!("Synced: {pushed} sent, {pulled} received.")
}

#[must_use]
pub fn unsent(records: u64) -> String {
    format!("{records} to upload")
}

#[must_use]
pub fn unsent_with_photos(records: u64, photos: u64) -> String {
    format!("{records} and {} to upload", count(photos, "photo", "photos"))
}

#[must_use]
pub fn last(moment: &str) -> String {
    format!("last sync {moment}")
}

#[must_use]
pub fn refused_count(changes: u64) -> String {
    format!("{changes} rejected")
}

#[must_use]
pub fn conflict_count(fields: u64) -> String {
    count(fields, "conflict", "conflicts")
}

#[must_use]
pub fn transfer_count(requests: u64) -> String {
    count(requests, "transfer request", "transfer requests")
}

pub const NOT_SENT: &str = "Not sent";
pub const BAD_ADDRESS: Told =
    ("The server's address is wrong.", "Write name:port, such as yl.example.cn:8630; ask your supervising office for it.");
pub const PLAIN_ADDRESS: Told = (
    "An address without encryption can't be used: others would see the elders' data.",
    "Begin it with https:// instead of http://, or write the name and port alone.",
);
pub const CERTIFICATE_NOT_GOOD: Told = (
    "The server's certificate is no longer good.",
    "Ask support to replace it; you can go on working, everything is sent by itself after that.",
);

/// The certificate does not hold by this computer's date, which is another than the server's.
#[must_use]
pub fn wrong_clock(here: &str, there: &str) -> (String, &'static str) {
    (
        format!("The date of this computer is wrong: here it is {here}, at the server {there}."),
        "Set the computer's date and time; you can go on working, everything is sent by itself after that.",
    )
}

/// The server was put back from a backup, when, and up to when it knew everything.
#[must_use]
pub fn server_restored(at: &str, back_to: &str) -> (String, &'static str) {
    (
        format!("The server was put back from a backup on {at}, with what it held on {back_to}."),
        "What was entered here is still here and is sent again by itself. What the offices changed since may be out of date.",
    )
}

pub const FAILED_ANSWER: Told =
    ("The server did not answer as it should.", "It is tried again by itself; if it goes on like this, call support.");
pub const NOT_THE_SERVER: Told = (
    "The network answers with something else than the server; it may want you to log in first.",
    "Open a browser and see whether the network wants a login. You can go on working; everything is uploaded when you are back online.",
);
pub const UNREAD_ANSWER: Told = (
    "The server's answer is not understood; its version may be another one.",
    "Ask support to update the program. All records are still here, and work goes on.",
);
pub const FIRST_TIME: &str = "First sync, fetching the records";
pub const OLDER_DESK: Told = (
    "The program on this computer is too old for the server.",
    "Update the program here; what was entered is all kept on this computer, and work goes on.",
);
pub const OLDER_SERVER: Told = (
    "The server is older than the program on this computer.",
    "Ask support to update the server; what was entered is all kept on this computer, and work goes on.",
);
pub const REPLAYED: Told = ("This was sent and dealt with before.", "Nothing needs to be done; it syncs by itself later.");
