//! The audit log.

/// The log was changed by another hand.
#[must_use]
pub fn broken_from(row: i64) -> String {
    format!(
        "From row {row} on, the audit log is not as it was written: somebody changed the database. Leave everything as it is and tell your supervisor."
    )
}

/// Other tables were changed by another hand.
pub const TABLES_BROKEN: &str =
    "The database was changed by another hand. Leave it as it is, run sync-server verify on the server, tell your supervisor.";

/// What is wrong with the log, by the first row.
#[must_use]
pub fn row_changed(row: i64) -> String {
    format!("Row {row} of the audit log was changed, or put in later")
}

#[must_use]
pub fn row_missing(row: i64) -> String {
    format!("From row {row} on, rows of the audit log were deleted")
}

#[must_use]
pub fn end_changed(row: i64) -> String {
    format!("The end of the audit log was changed: nothing is sure from row {row} on")
}

#[must_use]
pub fn otherwise_beside(row: i64, file: &str) -> String {
    format!("From row {row} on, the audit log is not as {file} has it: the database was put back or cut")
}

/// A value with its label.
#[must_use]
pub fn labelled(label: &str, value: &str) -> String {
    format!("{label}: {value}")
}

/// What stood there and what stands there now.
#[must_use]
pub fn changed(old: &str, new: &str) -> String {
    format!("{old} → {new}")
}

/// Some details in a row.
#[must_use]
pub fn together(all: &[String]) -> String {
    all.join(", ")
}

/// Whoever runs a command on the server's machine, and the server by itself.
pub const MACHINE: &str = "Server command line";
pub const ITSELF: &str = "The server itself";

pub const NEWEST: &str = "Newest";
pub const OLDER: &str = "Older";
pub const NOTHING: &str = "No audit entry fits";

#[must_use]
pub fn kept_too_short(days: i64) -> (String, String) {
    ("The audit log can't be kept for so short a time.".to_owned(), format!("Keep it for at least {days} days."))
}

#[must_use]
pub fn broken_and_kept(row: i64) -> (String, &'static str) {
    (
        format!("The audit log was changed from row {row} on, so it is not pruned."),
        "Leave everything as it is, look with sync-server audit verify, and tell your supervisor.",
    )
}
