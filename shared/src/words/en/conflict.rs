//! Conflicts: two computers said different things, and somebody has to decide.

use crate::words::Told;

pub const CHANGED_MEANWHILE: Told = ("This has changed again just now.", "Look at what stands there now, and choose once more.");
pub const NOTHING_DIFFERS: &str = "Nothing was changed differently in two places.";
pub const DECIDED_AT_DESKS: &str = "Two computers changed the same field differently. Here you can only look; \
    a canteen or township office decides under “Conflicts” on its computer, and then it leaves this list.";
pub const CHOOSE_RIGHT_ONE: &str =
    "Two computers changed the same thing differently. Find out which is right and press it; it is then changed everywhere.";
pub const WHAT_DIFFERS: &str = "What was changed differently";
pub const NEXT_ONE: &str = "Next";
pub const CHOOSE_THIS: &str = "Choose this";
pub const KEEP_STANDING: &str = "Keep this";
pub const USE_OTHER: &str = "Use this instead";
pub const STANDING: &str = "In use now";
pub const WRITTEN_ELSEWHERE: &str = "Written elsewhere";

#[must_use]
pub fn decided(title: &str, label: &str, value: &str) -> String {
    format!("{title}: {label} is now “{value}”.")
}

/// Stands for a value that the server does not open.
pub const SEALED_HERE: &str = "Sealed; decide it at the canteen or the township office";

/// What was said beside the one that is shown, in one cell.
#[must_use]
pub fn others(said: &[String]) -> String {
    said.join("; ")
}

/// The devices that said the same, each with its time.
#[must_use]
pub fn said_by(devices: &[String]) -> String {
    devices.join(", ")
}
