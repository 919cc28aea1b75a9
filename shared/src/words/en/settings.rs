//! Settings, and this computer.

use super::count;

pub const LOOK_AND_CLERK: &str = "Display and clerk";
pub const LANGUAGE: &str = "Language";
pub const CLERK: &str = "Clerk";
pub const SAVE: &str = "Save settings";
pub const SAVED: &str = "Settings saved.";
pub const OFFICE: &str = "Canteen or township";
pub const DIVISION: &str = "Division";
pub const DEVICE_NUMBER: &str = "Device number";
pub const LAST_SYNC: &str = "Last sync";
pub const NEVER_SYNCED: &str = "never";
pub const CHECK: &str = "Both ends";
pub const AGREES: &str = "agree";
pub const DISAGREES: &str = "do not agree; the next sync repairs it";
pub const NOT_CHECKED: &str = "not compared yet";
pub const QUARANTINED: &str = "Quarantined records";
pub const SYNC_HINT: &str = "Press F12, or click the sync status at the top right, to sync now.";
pub const DECIDE: &str = "Take a look";
pub const REFUSED: &str = "Rejected records";
pub const REFUSED_HINT: &str = "The server rejected these changes. They stay on this computer, and nothing else is touched. \
    Tell the township office what is listed below; the canteen or township in charge of the record has to change it.";
pub const NONE_REFUSED: &str = "No rejected records.";
pub const RECORD: &str = "Record";
pub const REASON: &str = "Reason";

#[must_use]
pub fn quarantined(records: u64) -> String {
    format!(
        "{}: their changes do not merge, they stay as they were, and nothing else is touched. Ask support to repair them.",
        count(records, "record", "records")
    )
}

#[must_use]
pub fn unsent(records: u64, photos: u64) -> String {
    format!("{}, {}", count(records, "record", "records"), count(photos, "photo", "photos"))
}

#[must_use]
pub fn conflicts(fields: u64) -> String {
    format!("Two computers said different things about {}; somebody has to decide.", count(fields, "field", "fields"))
}
