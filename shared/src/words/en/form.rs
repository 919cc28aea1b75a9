//! Forms: filling in, checking, saving.

use crate::schema::Label;
use crate::words::Told;

/// What is wrong in a form, each a sentence without its end.
#[must_use]
pub fn problems<'a>(all: impl Iterator<Item = &'a str>) -> (String, &'static str) {
    (format!("{}.", all.collect::<Vec<_>>().join("; ")), "Correct it and save again.")
}

/// Another record has the same.
#[must_use]
pub fn twice(labels: &[Label], kind: Label) -> (String, &'static str) {
    let labels: Vec<&str> = labels.iter().map(|label| label.en).collect();
    (format!("{}: there is one with the same {} already.", kind.en, labels.join(", ")), "Find it in the list and change that one.")
}

/// The label of money with its unit.
#[must_use]
pub fn in_yuan(label: Label) -> String {
    format!("{} (¥)", label.en)
}

#[must_use]
pub fn unknown(label: Label) -> String {
    format!("{} is not in the list; choose again", label.en)
}

#[must_use]
pub fn missing(label: Label) -> String {
    format!("{} is missing", label.en)
}

#[must_use]
pub fn too_long(label: Label, most: usize) -> String {
    format!("{} is too long, {most} characters at most", label.en)
}

#[must_use]
pub fn control_character(label: Label) -> String {
    format!("{} contains invisible control characters; delete it and type it again", label.en)
}

#[must_use]
pub fn not_one_of_them(label: Label) -> String {
    format!("{} has to be one of those that are offered", label.en)
}

#[must_use]
pub fn not_in_the_list(label: Label) -> String {
    format!("{} has to be chosen from the list", label.en)
}

/// Has to be written like the example.
#[must_use]
pub fn written_like(label: Label, example: &str) -> String {
    format!("{} is written like {example}", label.en)
}

#[must_use]
pub fn not_money(label: Label) -> String {
    format!("{} is written like 12 or 12.50, in yuan", label.en)
}

#[must_use]
pub fn not_a_number(label: Label) -> String {
    format!("{} has to be a whole number", label.en)
}

#[must_use]
pub fn not_a_phone(label: Label) -> String {
    format!("{} does not look like a phone number: 11 digits, or a landline with its area code", label.en)
}

#[must_use]
pub fn not_typed(label: Label) -> String {
    format!("{} can't be filled in directly", label.en)
}

pub const NO_SUCH_FIELD: Told = ("There is no such field here.", "Refresh and look again.");

/// Something that an act needs was not given.
#[must_use]
pub fn not_given(what: Label) -> (String, String) {
    (format!("{} is missing.", what.en), "Fill it in and save again.".to_owned())
}

#[must_use]
pub fn outside_scope(label: Label) -> String {
    format!("{} is outside what this computer may change", label.en)
}

/// Of a field that has a meaning only where another one says `word`.
#[must_use]
pub fn only_with(label: Label, other: Label, word: Label) -> String {
    format!("{} is filled in only where {} is “{}”", label.en, other.en, word.en)
}

pub const PLEASE_CHOOSE: &str = "Choose";
pub const SAVE: &str = "Save";
pub const UNSEEN_IN_NAME: Told = ("The name has characters that can't be seen.", "Type it again, with visible characters only.");
