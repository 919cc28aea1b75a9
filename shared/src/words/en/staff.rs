//! Staff: signing in, PINs, locking, changing the person.

use crate::rule::pin::{PinProblem, SHORTEST, TO_AGREE, TO_CHOOSE};
use crate::words::Told;

/// What a new PIN has to be, for those who choose one.
#[must_use]
pub fn pin_rule() -> String {
    format!("A PIN has at least {SHORTEST} characters, digits will do; not 123456, not one digit only, not a birthday.")
}

/// A PIN that is not taken.
#[must_use]
pub fn weak_pin(problem: PinProblem) -> (&'static str, String) {
    let happened = match problem {
        PinProblem::Short => "The PIN is too short.",
        PinProblem::Long => "The PIN is too long.",
        PinProblem::Guessed => "This PIN is easily guessed.",
    };
    (happened, format!("Choose another one: {}", pin_rule()))
}

pub const WHO: &str = "Who uses this computer?";
pub const LOCKED_TITLE: &str = "Locked";
pub const LOCK: &str = "Lock";
pub const CHANGE: &str = "Change person";
pub const PIN: &str = "PIN";
pub const PIN_OLD: &str = "PIN now";
pub const PIN_NEW: &str = "New PIN";
pub const PIN_AGAIN: &str = "Once more";
pub const PINS_DIFFER: Told = ("The two PINs differ.", "Type it once more.");
pub const SIGN_IN: &str = "Start work";
pub const CHOOSE_PIN: &str = "First time on this computer: choose a PIN of your own.";
pub const CHANGE_PIN: &str = "Change PIN";
pub const NO_PIN: &str = "No PIN yet";
pub const WAITS: &str = "Too many wrong PINs, try later";
pub const BACK: &str = "Back";
pub const RESET_PIN: &str = "Reset PIN";
pub const NOBODY_YET: &str = "No staff is entered on this computer yet: anybody can use it.";
pub const NOBODY_YET_HINT: &str = "Enter the manager first, then the others; each signs in by a PIN, and each act is kept with who did it.";
pub const ENTER_STAFF: &str = "Enter staff";
pub const FIRST_PIN: &str = "Set the PIN and start";

#[must_use]
pub fn pin_reset(name: &str) -> String {
    format!("The PIN of {name} is void; within {} days a new one can be chosen when signing in.", TO_CHOOSE / 24)
}

pub const DISABLE: &str = "Disable";
pub const ENABLE: &str = "Enable";

#[must_use]
pub fn sure_disable(name: &str) -> String {
    format!("Disable {name}? The computer that is used locks with its next sync.")
}

#[must_use]
pub fn sure_enable(name: &str) -> String {
    format!("Enable {name} again?")
}

#[must_use]
pub fn sure_reset(name: &str) -> String {
    format!("Make the PIN of {name} void? It ends with the next sync of the computer, and another one is chosen at the sign-in.")
}

pub const LOCKED: Told = ("The desk is locked, nobody is signed in.", "Choose your name and type your PIN.");
pub const NOT_THIS_ROLE: Told = ("Your role does not do this.", "Ask the manager, or change to somebody who may.");
pub const NOBODY: Told =
    ("There is no such person here, or the person is disabled.", "Choose from the list; the manager enters who is new.");
/// Of a second person who agrees.
#[must_use]
pub fn second_is_new() -> (String, &'static str) {
    (
        format!("Whoever agrees has had their PIN on this computer for {TO_AGREE} hours."),
        "Ask somebody who has one for longer, or come again tomorrow.",
    )
}
pub const SECOND_IS_ANOTHER: Told = (
    "Whoever agrees is another one of the staff, with a PIN.",
    "Let somebody other than who sits here choose their name and type their PIN.",
);
pub const WRONG_PIN: Told = ("The PIN is wrong.", "Try again; if you forgot it, ask the manager to reset it.");
pub const ASK_FOR_RESET: Told = ("You have no PIN on this computer yet.", "Ask the manager to reset your PIN under Staff, then sign in.");
pub const MANAGER_FIRST: Told = ("No manager has set a PIN yet.", "A manager signs in first, then the others.");
pub const PIN_MISSING: Told = ("There is no PIN yet.", "Type a new PIN.");

#[must_use]
pub fn wait(minutes: i64) -> (String, &'static str) {
    (
        format!("Too many wrong PINs; try again in {minutes} minutes."),
        "Wait a little; meanwhile somebody else may sign in, or ask the manager to reset the PIN.",
    )
}
