//! Operators: who runs canteens.

use crate::words::Told;

#[must_use]
pub fn known_already(name: &str) -> (String, &'static str) {
    (format!("The operator “{name}” is registered already."), "operator list shows all operators.")
}

#[must_use]
pub fn no_such_operator(meant: &str) -> (String, &'static str) {
    (format!("There is no operator “{meant}”."), "Register it with operator add first, or check its name with operator list.")
}

pub const BAD_NAME: Told = ("The name of the operator is empty or too long.", "Enter a name of 1 to 60 characters.");
pub const BAD_LICENCE: Told =
    ("The unified social credit code does not have 18 characters.", "Copy it from the business licence, digits and letters only.");
pub const BAD_PHONE: Told = (
    "The phone of the operator does not look like a phone number.",
    "Enter 11 digits of a mobile, or a landline with its area code, 0766-8812345 for instance.",
);
