//! Accounts, passwords, signing in.

use crate::kinds::Role;
use crate::rule::password::{PasswordProblem, SHORTEST};
use crate::words::Told;

/// What a new password has to be, for those who choose one.
#[must_use]
pub fn password_rule() -> String {
    format!("A password has at least {SHORTEST} characters, letters as well as digits, and does not contain the account's name.")
}

/// A password that is not taken.
#[must_use]
pub fn weak_password(problem: PasswordProblem) -> (&'static str, String) {
    let happened = match problem {
        PasswordProblem::Short => "The password is too short.",
        PasswordProblem::Long => "The password is too long.",
        PasswordProblem::OneKind => "The password has letters only, or digits only.",
        PasswordProblem::HoldsName => "The password contains the account's name.",
        PasswordProblem::Guessed => "The password is a common one and easily guessed.",
    };
    (happened, format!("Choose another one. {}", password_rule()))
}

pub const SIGN_IN: &str = "Sign in";
pub const SIGN_IN_HINT: &str = "Your civil affairs office gives out accounts and passwords.";
pub const SIGN_OUT: &str = "Sign out";
pub const FIRST_ACCOUNT: &str = "The city's account";
pub const MAKE_FIRST_ACCOUNT: &str = "Make the account";
pub const HAVE_AN_ACCOUNT: &str = "There is an account already: sign in";
pub const NAME: &str = "Account";
pub const PASSWORD: &str = "Password";
pub const PASSWORD_AGAIN: &str = "Password again";
pub const PASSWORDS_DIFFER: Told = ("The two passwords differ.", "Type them again.");

#[must_use]
pub fn first_account_hint() -> String {
    format!("This is the first account of a new server, and this address works once only. {}", password_rule())
}

pub const NOT_SIGNED_IN: Told = ("You are not signed in, or the session is over.", "Sign in again.");
pub const NAME_LOCKED: Told = (
    "The password was wrong too many times, and this account can't be signed in to from your place for now.",
    "Try again in a quarter of an hour; if you have forgotten the password, ask the administrator of your supervising office.",
);
pub const TRIED_TOO_OFTEN: Told = ("Passwords were wrong too many times, and the server slows signing in down.", "Try again in a minute.");
pub const TOO_MANY_SIGN_IN: Told = ("There are too many people signing in at once for the server.", "Try again in a few seconds.");
pub const WRONG_PASSWORD: Told = (
    "The account or the password is wrong.",
    "Check both and try again; after five wrong tries the name is locked for a quarter of an hour.",
);
pub const FIRST_LINK_OVER: Told =
    ("This link is not valid, was used already or has expired.", "Start the server again and use the link that it prints then.");
pub const NOT_FROM_HERE: Told = (
    "Accounts of administrators are used from certain networks only.",
    "Sign in at a computer of your office; where the network has changed, change admin networks on the server.",
);
pub const NOT_THIS_ROLE: Told =
    ("Your account may not do this.", "Sign in with an account that may, or ask the administrator of your supervising office.");
pub const BAD_NAME: Told = ("The name of the account is empty or too long.", "Enter a name of 1 to 30 characters.");

#[must_use]
pub fn name_taken(name: &str) -> (String, &'static str) {
    (format!("There is an account “{name}” already."), "Choose another name.")
}

/// A name that looks like another one.
#[must_use]
pub fn name_alike(other: &str) -> (String, &'static str) {
    (format!("The name looks like that of the account “{other}”."), "Choose a name that can be told apart.")
}

#[must_use]
pub fn no_such_account(name: &str) -> (String, &'static str) {
    (format!("There is no account “{name}”."), "Look the name up with sync-server admin account list.")
}

/// A role that there is not in such a place.
#[must_use]
pub fn role_of_another_place(division: &str, role: Role) -> (String, &'static str) {
    (
        format!("The division {division} does not go with the role “{}”.", role.label().en),
        "Check the code: 4 digits for a city, 6 for a county, 9 for a township; for a canteen, the code of the canteen.",
    )
}

pub const OWN: &str = "My account";
pub const BACK: &str = "Back to the console";
pub const ROLE: &str = "Role";
pub const CHANGE_PASSWORD: &str = "Change password";
pub const PASSWORD_NOW: &str = "Password now";
pub const PASSWORD_NEW: &str = "New password";
pub const PASSWORD_CHANGED: &str = "The password was changed; you are signed out everywhere else.";
pub const PASSWORD_DUE: &str = "Choose a password of your own first.";
pub const FACTOR: &str = "Code of an app";
pub const FACTOR_WHY: &str = "Once it is on, signing in asks for a code of six digits from your phone as well: a password that others know opens nothing. Enrolment codes need this or a key.";
pub const FACTOR_BEGIN: &str = "Turn on codes";
pub const FACTOR_SCAN: &str = "Photograph this with an authenticator app, then type the six digits that it shows.";
pub const FACTOR_PICTURE: &str = "QR code for the app";
pub const FACTOR_TYPE: &str = "Or type this into the app:";
pub const FACTOR_CODE: &str = "Code";
pub const FACTOR_CONFIRM: &str = "Confirm";
pub const FACTOR_ON: &str = "Codes are on";
pub const FACTOR_END: &str = "Turn it off";
pub const FACTOR_ENDED: &str = "Codes are off.";
pub const FACTOR_OTHER_PHONE: &str = "Another phone";
pub const FACTOR_OLD: &str = "Code of now";
pub const USE_KEY: &str = "Use a key";
pub const KEY_READY: &str = "Signed by the key";
pub const KEYS: &str = "Keys";
pub const KEYS_WHY: &str = "A key is an encrypted file on a stick. Signing in takes it in the place of a code, without a phone. Its passphrase never leaves this computer.";
pub const KEY_MAKE: &str = "Make a key";
pub const KEY_ADDED: &str = "The key is registered.";
pub const KEY_END: &str = "End";
pub const KEY_ENDED: &str = "The key is ended.";
pub const SESSIONS: &str = "Signed in at";
pub const SESSION_HERE: &str = "Here";
pub const SESSION_END: &str = "Sign out";
pub const SESSION_ENDED: &str = "Signed out there.";
pub const FACTOR_WANTED: Told =
    ("The password fits; a code or a key is wanted as well.", "Type the six digits from your phone, or use the key on your stick.");
pub const WRONG_CODE: Told =
    ("The code is wrong, or was used before.", "Wait for the next one and type it; the phone's clock has to be right.");
pub const KEY_WANTED: Told = ("Only a key counts here, no code.", "Choose Use a key, and the key of this account.");
/// At the door.
pub fn unused(days: i64) -> (String, &'static str) {
    (format!("Nobody used this account for {days} days: it is disabled."), "Ask the security administrator to enable it again.")
}
pub const SAME_PASSWORD: Told = ("The new password is the old one.", "Choose another one.");
pub const PASSWORD_DUE_FIRST: Told = ("The password has to be changed first.", "Open My account and choose a password of your own.");
pub const FACTOR_NOT_BEGUN: Told = ("Codes of an app were not begun, or there are none.", "Turn them on under My account.");
pub const FACTOR_FIRST: Told =
    ("Enrolment codes need a code or a key, and this account has neither.", "Turn one of them on under My account first.");
pub const LAST_FACTOR: Told = (
    "This account needs a code or a key; the last one can't be ended.",
    "Turn on another one first. If all are lost, a security administrator ends them.",
);
pub const WRONG_KEY: Told =
    ("The signature of the key does not fit, came too late or was used.", "Use the key once more; it has to be a key of this account.");
pub const NO_KEY: Told = ("This account has no key.", "Type the six digits from your phone.");
pub const NO_SUCH_KEY: Told = ("This key is ended already.", "Load the page anew.");
pub const KEY_TAKEN: Told = ("This key is registered already.", "Make another one for this account.");
pub const TOO_MANY_KEYS: Told = ("There are five keys already.", "End one that is not used first.");
pub const NO_SUCH_SESSION: Told = ("This session is over already.", "Refresh and look again.");

/// Since when the password stands.
#[must_use]
pub fn password_since(at: &str) -> String {
    format!("The password was chosen on {at}.")
}

/// A session: since when, when something was asked last, from where it was opened.
#[must_use]
pub fn session(since: &str, seen: &str, source: &str) -> String {
    format!("Since {since}, last seen {seen}, from {source}")
}
