//! Requests: what pages and other programs ask of the server.

use crate::schema::Sentence;
use crate::words::Told;

pub const NOT_FOUND: Told = ("It was not found, or it is outside your area.", "Go back to the page before and look again.");
pub const NO_SUCH_ACT: Told = (
    "This address does not take such a request.",
    "Refresh the page and try again; a program has to follow the interface document /api/openapi.json.",
);
pub const MALFORMED: Told = ("What was sent is malformed.", "Refresh the page or update the program, then try again.");
pub const TOO_LARGE: Told = ("This is too much for one upload.", "Upload it in several parts.");
pub const FROM_ANOTHER_PAGE: Told =
    ("This request did not come from a page of this system.", "Open the address of this system itself and do it there.");

/// A word of the address that is not understood, and what would be right where that is known.
#[must_use]
pub fn wrong_in_address(name: &str, wanted: Option<&Sentence>) -> (String, String) {
    let wanted = wanted.map_or(String::new(), |wanted| format!("{} ", wanted.en));
    (
        format!("“{name}” in the address is wrong."),
        format!("{wanted}Refresh the page and try again; a program has to follow the interface document /api/openapi.json."),
    )
}

/// A part of what was sent that is not understood.
#[must_use]
pub fn wrong_in_body(name: &str) -> (String, &'static str) {
    (format!("“{name}” in what was sent is wrong."), "Refresh the page or update the program, then try again.")
}
/// A device that used up what it may bring or ask in a day.
#[must_use]
pub fn budget_used_up(minutes: i64) -> (&'static str, String) {
    (
        "This computer brought or asked too much in one day; the server asks it to come later.",
        format!(
            "What was not sent stays on the computer and goes on by itself in about {minutes} minutes. If this goes on, let operations look at it."
        ),
    )
}

/// An account that asked too much in a day.
#[must_use]
pub fn account_asks_too_much(minutes: i64) -> (&'static str, String) {
    (
        "This account asked too much in one day; the server asks it to come later.",
        format!("Try again in about {minutes} minutes. If it is not you who uses it, change the password at once."),
    )
}

pub const TOO_MANY_AT_ONCE: Told = ("One account or computer asks too much at once.", "Wait until the former is answered, then try again.");
