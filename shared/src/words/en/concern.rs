//! Concerns: what was seen when a meal was brought, and has to be followed up.

pub const NOTE_MISSING: &str = "say what was done, and by whom";

#[must_use]
pub fn count(open: u64) -> String {
    format!("{open} to look after")
}
