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
