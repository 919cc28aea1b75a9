//! Lists: filters, order, totals, exports.

use crate::schema::Label;
use crate::words::Told;
use crate::words::en::count;

/// A filter that is not understood, and what would be right.
#[must_use]
pub fn unread(name: &str, wanted: &str) -> (String, String) {
    (format!("The filter {name} of the list is not understood."), wanted.to_owned())
}

#[must_use]
pub fn days(from: &str, to: &str) -> String {
    match (from, to) {
        (from, to) if from == to => from.to_owned(),
        (from, "") => format!("from {from}"),
        ("", to) => format!("until {to}"),
        (from, to) => format!("{from} to {to}"),
    }
}

/// A text that is looked for.
#[must_use]
pub fn text(text: &str) -> String {
    format!("“{text}”")
}

/// What a list is narrowed by.
#[must_use]
pub fn narrowed(by: &[String]) -> String {
    if by.is_empty() { "all".to_owned() } else { by.join(", ") }
}

pub const ONCE: &str = "Write each filter once only.";
pub const PAGE: &str = "Pages are whole numbers from 0.";
pub const RECORD: &str = "The id of a row.";
pub const BEFORE: &str = "A row number from 1, as a whole number.";
pub const DAY: &str = "Days are written like 2026-11-22.";
pub const DAYS_IN_ORDER: &str = "The first day may not be later than the last.";
pub const DIVISION: &str = "Enter a division code of 4, 6, 9 or 12 digits.";
pub const ONE_OR_NOTHING: &str = "Enter 1, or leave it empty for none.";

#[must_use]
pub fn too_long(most: usize) -> String {
    format!("{most} characters at most.")
}

/// The code words that a filter takes.
#[must_use]
pub fn code_words(all: &[(&str, Label)]) -> String {
    let all: Vec<String> = all.iter().map(|(code, label)| format!("{code} ({})", label.en)).collect();
    format!("One of: {}.", all.join(", "))
}

/// The filters that a list has.
#[must_use]
pub fn filters(list: Label, names: &[&str]) -> String {
    format!("“{}” has these filters: {}.", list.en, names.join(", "))
}

/// The columns by which a list can be ordered.
#[must_use]
pub fn orders(names: &[&str]) -> String {
    format!("It can be ordered by: {}; put - in front for descending order.", names.join(", "))
}

/// The foot of a workbook.
#[must_use]
pub fn total(rows: u64) -> String {
    format!("Total: {rows}")
}

pub const CHOOSE_ROW: &str = "Choose";
pub const OPEN_ROW: &str = "Open";
pub const EXPORT_KEY: &str = "Export";
pub const TURN_PAGES: &str = "Pages";
pub const CLEAR_FILTERS: &str = "Clear filters";
pub const EXPORT_TABLE: &str = "Export";
pub const EXPORTING: &str = "Exporting";
pub const PREVIOUS_PAGE: &str = "Previous";
pub const NEXT_PAGE: &str = "Next";

#[must_use]
pub fn exported(rows: u64, file_name: &str) -> String {
    format!("Exported {}: {file_name}", count(rows, "row", "rows"))
}

#[must_use]
pub fn page_of(page: u32, pages: u32, rows: u64) -> String {
    format!("Page {page} / {pages} · {rows} in all")
}

pub const NOTHING_FITS: &str = "Nothing matches.";

/// The head of what is yes or no, together.
pub const MARKS: &str = "Marks";

/// What can be typed where a desk looks for people: it knows them by more than what stands in the columns.
#[must_use]
pub fn hint_of_people(hint: &str) -> String {
    format!("{hint}, initials, phone, last 4 of ID")
}

/// A filter that asks for nothing.
#[must_use]
pub fn any(label: &str) -> String {
    format!("{label}: any")
}

/// Narrow no more by it.
#[must_use]
pub fn clear(label: &str) -> String {
    format!("Clear: {label}")
}

/// Only rows of which it is so.
#[must_use]
pub fn only(label: &str) -> String {
    format!("Only: {label}")
}

/// Before the sum of a column.
#[must_use]
pub fn sum_of(label: &str) -> String {
    format!("Total of {label}:")
}

pub const ONLY_CHANGED: Told = ("Nothing can be added to this list.", "The server makes its entries; open one that is there to change it.");
pub const ONLY_READ: Told = ("This list can be read only.", "It is kept by your supervising office, or on another screen.");
pub const EXPORT_NOT_WRITTEN: Told = (
    "The exported file can't be written.",
    "Close the file of that name if it is open, make sure that the disk has room, and export again.",
);

#[must_use]
pub fn file_is_there(name: &str) -> (String, &'static str) {
    (format!("There is a file of this name already: {name}."), "Give another file name; add --replace to put the new one in its place.")
}

/// The name of an exported file that has no other.
pub const NAMELESS_EXPORT: &str = "Export";

#[must_use]
pub fn not_written_here(list: Label) -> (String, &'static str) {
    (format!("This computer may not change “{}”.", list.en), "Ask your supervising office to do it.")
}

#[must_use]
pub fn unknown(asked: &str, names: &[&str]) -> (String, String) {
    (format!("There is no list “{asked}”."), format!("There are: {}.", names.join(", ")))
}

#[must_use]
pub fn being_gathered(list: Label) -> String {
    format!("Preparing: {}", list.en)
}

#[must_use]
pub fn being_written(list: Label) -> String {
    format!("Writing: {}", list.en)
}

/// The title of an exported list, with what it is narrowed by.
#[must_use]
pub fn titled(list: Label, about: &str) -> String {
    format!("{} ({about})", list.en)
}

pub const TOO_MANY_EXPORTS: Told = ("Several exports are being written already.", "Wait a minute or two, then export again.");
pub const EXPORT_FAILED: Told =
    ("The export was not written.", "Try again later; if it fails once more, call support, as the disk of the server may be full.");
