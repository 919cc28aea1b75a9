//! Disclosures: exports, full numbers, reasons, the watermark.

use crate::words::Told;

pub const ASK_REASON: &str = "Reason";
pub const SECOND: &str = "Second person";
pub const EXPLANATION: &str = "Explanation";
pub const FULL_NUMBERS: &str = "Export with full numbers";
pub const MASKED: &str = "numbers masked";
pub const FULL: &str = "with full numbers";
pub const SHOW_NUMBERS: &str = "Show full numbers";
pub const NUMBERS_SHOWN: &str = "Noted that they were shown";

pub const REASON_MISSING: Told = ("Choose a reason first.", "Choose one and press again; it is noted.");
pub const UNEXPLAINED: Told = ("You chose “Other”: say what it is for.", "Write a sentence as the explanation.");
pub const NOTHING_SEALED: Told = ("Nothing in this list is masked.", "Export it as it is.");

/// More full numbers than somebody takes alone in a day.
#[must_use]
pub fn too_many(most: u64, already: u64, asked: u64) -> (String, String) {
    (
        format!("Without a second person one computer takes the full numbers of at most {most} people a day; {already} were taken today, and this would be {asked}."),
        "Another one of the staff who may export agrees here by their PIN; where there is none, narrow the list, or leave the full numbers out.".to_owned(),
    )
}

/// Where the file goes by itself, and when.
#[must_use]
pub fn kept_for(days: u32) -> String {
    format!(
        "This file is deleted by itself after {days} days; save it elsewhere to keep it. It goes as well when this computer is disabled."
    )
}

/// The line that every sheet carries.
#[must_use]
pub fn mark(number: &str, at: &str, who: &str, why: &str, rows: Option<u64>, sealed: &str) -> String {
    let rows = rows.map(|rows| format!("{rows} rows")).unwrap_or_default();
    let parts = [format!("No. {number}"), at.to_owned(), who.to_owned(), why.to_owned(), rows, sealed.to_owned()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Who a desk is: its office, and the number of the device.
#[must_use]
pub fn desk(office: &str, device: u32) -> String {
    format!("{office} device {device}")
}

/// A reason with what was said beside it.
#[must_use]
pub fn because(reason: &str, note: &str) -> String {
    if note.is_empty() { reason.to_owned() } else { format!("{reason} ({note})") }
}

/// A row that is not as it was written.
#[must_use]
pub fn row_changed(sequence: i64) -> String {
    format!("disclosure {sequence} was changed")
}

#[must_use]
pub fn row_missing(sequence: i64) -> String {
    format!("disclosure {sequence} is missing")
}

/// An export of many persons waits for a second account.
#[must_use]
pub fn waits_for_second(number: &str, persons: u64, hours: i64) -> (String, String) {
    (
        format!("This table holds {persons} people: another account has to agree first. Request {number}."),
        format!(
            "Ask another account of this or a higher place to agree under “Export requests” (within {hours} hours), then export here again."
        ),
    )
}

pub const NOT_ASKED: Told = ("Choose a reason before you export.", "Press “Export table” and type the number of the reason.");
pub const NOT_YOURS_TO_DECIDE: Told =
    ("You can't agree to this export.", "An account other than the one that asks agrees, of the same or a higher place.");
pub const NO_SUCH_ASK: Told = ("There is no such export request, or it has expired.", "Whoever asked for it exports again.");

/// The second account, beside a reason.
#[must_use]
pub fn agreed_by(name: &str) -> String {
    format!("agreed by {name}")
}
pub const IS_NOTED: &str = "Time, reason and this computer are noted, and seen above.";

/// Before the reasons, of which one is typed by its number.
pub const WHY: &str = "What is it for? Type the number; behind a 4 write what for, as: 4 asked by the insurance. It is noted.";

/// Asked before somebody agrees.
#[must_use]
pub fn agree_to(number: &str) -> String {
    format!("Agree to the export request {number}? Whoever asked can then export once; it is noted.")
}
