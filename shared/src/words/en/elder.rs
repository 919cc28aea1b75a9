//! Elders and their papers.

use crate::rule::id_number::IdNumberError;
use crate::schema::Label;
use crate::words::Told;

/// Why an ID number is not taken; a sentence without its end.
#[must_use]
pub fn id_number(error: IdNumberError) -> &'static str {
    match error {
        IdNumberError::Length => "An ID number has 18 characters",
        IdNumberError::Characters => "The ID number contains characters that are not digits",
        IdNumberError::Rounded => {
            "The spreadsheet has rounded the ID number and its last digits are lost; set the column to text and type it again"
        }
        IdNumberError::BirthDate => "The birth date in the ID number does not exist",
        IdNumberError::CheckDigit => "The ID number fails its check digit; look for a digit that was miscopied",
    }
}

pub const NEEDS_DELIVERY: &str = "Needs delivery";
pub const EMERGENCY: &str = "Emergency";
pub const FAMILY: &str = "Family";

#[must_use]
pub fn aged(years: i16) -> String {
    format!("{years} y")
}

/// The state of a file that is not in use.
#[must_use]
pub fn file_state(state: &str) -> String {
    format!("File: {state}")
}

pub const NOT_HERE: Told = ("There is no such elder here.", "Refresh and look again.");
pub const DATA_ERASED: Told = (
    "The data of this elder was erased on the elder's own request.",
    "ID number, phone, address and photos can't be entered any more. If the elder asks for meals again, make a new file without ID number.",
);
pub const ID_NUMBER_STAYS: Told = (
    "An ID number can't be changed directly.",
    "Make sure that this is the right person; if the number was wrong from the beginning, make a new file.",
);
pub const VILLAGE_OUTSIDE: Told =
    ("This village or community is outside what this computer may change.", "Choose one of this township from the list.");
pub const BIRTH_DATE_UNREAD: Told = ("The date of birth is not understood.", "Enter it like 1944-05-06.");

#[must_use]
pub fn id_number_known(name: &str) -> (String, &'static str) {
    (format!("There is a file with this ID number already: {name}."), "Search for this elder on the left instead of making a second file.")
}

#[must_use]
pub fn bad_id_number(error: IdNumberError) -> (String, &'static str) {
    (format!("{}.", id_number(error)), "Correct it from the card; without a card leave it empty for now.")
}

#[must_use]
pub fn not_a_phone(label: Label) -> (String, &'static str) {
    (
        format!("{} does not look like a phone number.", label.en),
        "Enter 11 digits of a mobile, or a landline with its area code, like 0766-8812345.",
    )
}

pub const NO_ELDER_FITS: &str = "No elder fits. Press F2 to register one, or import a list.";
pub const NEW_ONE: &str = "New elder";
pub const REGISTER_NEW: &str = "Register elder";
pub const FILE: &str = "Elder's file";
pub const FILE_SAVED: &str = "The file is saved.";
pub const EMERGENCY_CONTACT: &str = "Emergency contact";
pub const EMERGENCY_PHONE: &str = "Contact phone";
pub const FIND_VILLAGE: &str = "Name or pinyin initials";
pub const NAME_MISSING: &str = "Fill in the name";
pub const VILLAGE_MISSING: &str = "Choose the village or community";
pub const BIRTH_UNREADABLE: &str = "The date of birth is not understood; enter it like 1944-03-05";
pub const NOT_A_PHONE: &str = "The phone number is wrong: 11 digits of a mobile, or a landline";

pub const NEITHER_NUMBER_NOR_ID: Told = ("This is neither an ID number nor the id of a file.", "Check it and try again.");
