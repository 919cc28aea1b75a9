//! Imports of lists: preview, rows with errors, undo.

use crate::command::Bucket;
use crate::kinds::ElderStatus;
use crate::schema::Label;
use crate::words::Told;
use jiff::civil::Date;
use std::borrow::Borrow;

/// What becomes of a row.
#[must_use]
pub const fn bucket(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::New => "New",
        Bucket::Update => "Changed",
        Bucket::Same => "Same",
        Bucket::Error => "Error",
    }
}

pub const READING_THE_LIST: &str = "Reading the list";
pub const CHECKING_THE_LIST: &str = "Checking the list";
pub const SAVING_THE_LIST: &str = "Saving the list";
pub const TAKING_BACK: &str = "Undoing the import";
pub const NOT_HERE: Told = ("There is no such import here.", "Refresh and look again.");
pub const TAKEN_BACK_BEFORE: Told = ("This import was undone already.", "Nothing needs to be done.");

/// The name of the file with a list's wrong rows.
#[must_use]
pub fn errors_file(list: &str, at: &str) -> String {
    format!("{list} to correct {at}")
}

/// The name of its sheet.
pub const ROWS_TO_CORRECT: &str = "Rows to correct";

/// The word above the reasons in it; it stands for no field, so a second import leaves the column out.
pub const REASON: &str = "What is wrong";

/// A column that says in which town the village of the next one lies.
pub const TOWN: &str = "Township";

/// Sentences without an end, one after the other.
#[must_use]
pub fn sentences<S: Borrow<str>>(all: &[S]) -> String {
    all.join("; ")
}

const SAVE_AS_XLSX: &str = "Open it in a spreadsheet program, save it as .xlsx and import that.";
pub const FILE_DOES_NOT_OPEN: Told = ("The file does not open.", "Close it in the spreadsheet program first, then choose it again.");
pub const FILE_TOO_LARGE: Told =
    ("The file is larger than 50 MB and was not read.", "Keep only the sheet with the list, without pictures, save it and import that.");
pub const FILE_EMPTY: Told = ("The file is empty.", "Check whether it is the right one, or have it sent again.");
pub const NOTHING_IN_IT: Told =
    ("There is nothing in the file.", "Check whether it is the right one, or whether the list is in another file.");
pub const FILE_DAMAGED: Told = ("The file is damaged, or is not a spreadsheet.", SAVE_AS_XLSX);
pub const TABLE_TOO_LARGE: Told = (
    "The table is too large: 200,000 rows and 200 columns at most.",
    "Delete rows, columns and sheets that are not of the list, save it as .xlsx and import that.",
);
pub const FILE_UNDER_PASSWORD: Told =
    ("The file opens with a password only.", "Take the password off in a spreadsheet program, save it and import that.");
pub const FILE_UNFOLDS_TOO_FAR: Told =
    ("The file unpacks to an abnormal size and was not read.", "Ask those who sent it, and have them export the list again.");
pub const NO_HEADER: Told = (
    "No header was found: no row contains column names such as 姓名 (name) and 身份证号 (ID number), and the columns are not plain from what is in them.",
    "Put a row of column names above the list, with 姓名 and 身份证号 at least, and import it again.",
);
pub const XLS_TOO_LARGE: Told = ("The .xls file is larger than 20 MB and was not read.", SAVE_AS_XLSX);
pub const NO_WORKBOOK: Told = ("This file is not an Excel workbook.", "Choose the .xlsx, .xls or .csv file of the list.");
pub const NO_XLSX: Told = ("This file is not an Excel workbook (.xlsx).", SAVE_AS_XLSX);
pub const ENCODING_UNKNOWN: Told = ("The encoding of this file can't be told, or it is not a table.", SAVE_AS_XLSX);
pub const WEB_PAGE: Told = ("This file is a web page, and no list with column names was found in it.", SAVE_AS_XLSX);
pub const NAME_MISSING: &str = "The name is missing";
pub const NAME_GARBLED: &str =
    "A rare character of the name was lost when the list was saved; fill it in, or save the list as .xlsx and import that";
pub const NAME_KEPT: &str = "A character of the name is lost in the list; the name stays as it is";
pub const ROW_QUARANTINED: &str = "The changes of this record do not merge, and it can't be changed for now; \
     this row was not imported. Ask support to repair it, then import again";
pub const ID_NUMBER_MISSING: &str = "The ID number is missing; elders without a card need both date of birth and village";
pub const PLACE_MISSING: &str = "Township and village are missing, so it is not known where the elder belongs";

#[must_use]
pub fn twice_in_the_list(first: u32) -> String {
    format!("The same person as in row {first}; keep only one of them")
}

#[must_use]
pub fn birth_date_differs(typed: &str, date: Date) -> String {
    format!("Date of birth “{typed}” does not agree with {date} in the ID number; check whether it is the right person")
}

#[must_use]
pub fn birth_date_unread(typed: &str) -> String {
    format!("Date of birth “{typed}” is not understood; enter it like 1950-01-02")
}

/// Names that are nearly the one that was typed.
fn or(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!("; similar names: {}", near.join(", ")) }
}

#[must_use]
pub fn unknown_town(town: &str, near: &[String]) -> String {
    format!("There is no township “{town}”{}", or(near))
}

#[must_use]
pub fn unknown_village(town: &str, village: &str, near: &[String]) -> String {
    format!("There is no village or community “{village}” in {town}{}", or(near))
}

#[must_use]
pub fn village_in_several(towns: &[String], village: &str) -> String {
    format!("“{village}” is in each of {}; add a column for the township", towns.join(", "))
}

#[must_use]
pub fn place_outside(place: &str) -> String {
    format!("{place} is outside what this computer may change")
}

#[must_use]
pub fn not_a_phone(label: Label) -> String {
    format!("{} is not a phone number; check the number of digits", label.en)
}

/// The name of the sheet that says what was left out; such a sheet is never read as a list.
pub const LEFT_OUT: &str = "Not imported";
pub const SHEET: &str = "Sheet";
pub const PLACE_IN_FILE: &str = "Where";
pub const TAKEN_AS_OTHER_DOCUMENT: &str = "The number is not that of an ID card; kept as another document";
pub const ROW_IS_EXAMPLE: &str = "This row looks like an example";
pub const ROW_IS_HIDDEN: &str = "This row is hidden in the file";
pub const ROW_IS_STRUCK: &str = "This row is struck out in the file";
pub const CLOSED_BEFORE: &str = "The file says so already";
pub const NO_FILE_TO_CLOSE: &str = "There is no file of this person, and none was made";
pub const BROUGHT_BACK: &str = "The file was withdrawn, and is brought back";

/// That all lists stand where whoever opens the file does not see them.
#[must_use]
pub fn only_hidden_sheets(sheets: &[String]) -> (String, &'static str) {
    (
        format!("The only lists are on hidden sheets: {}.", sheets.join(", ")),
        "Unhide them in a spreadsheet program and save the file; if they are old lists, put the new one into the file.",
    )
}

#[must_use]
pub fn errors_over_the_list(name: &str) -> (String, &'static str) {
    (format!("The rows to correct can't be written over the list itself: {name}."), "Give another file name; the list was not touched.")
}

#[must_use]
pub fn file_is_closed(status: ElderStatus) -> String {
    format!("The file says “{}” and the list still has this person; check which is right", status.label().en)
}

#[must_use]
pub fn file_closed(status: ElderStatus) -> String {
    format!("The file becomes “{}”", status.label().en)
}

#[must_use]
pub fn twice_in_the_file(sheet: &str, row: u32) -> String {
    format!("The same person as in row {row} of sheet “{sheet}”; keep only one of them")
}

pub const TAKE_SHEET: &str = "Import this sheet";
/// Sheets without column names, and which of their columns were taken for what.
#[must_use]
pub fn columns_by_values(sheets: &[(String, Vec<(String, &str)>)]) -> (String, &'static str) {
    let columns =
        |taken: &[(String, &str)]| taken.iter().map(|(column, field)| format!("{column} as {field}")).collect::<Vec<_>>().join(", ");
    let told =
        sheets.iter().map(|(sheet, taken)| format!("Sheet “{sheet}” has no column names; told by their values: {}. ", columns(taken)));
    (
        told.collect::<String>().trim_end().to_owned(),
        "Check the columns: if they are right, name the sheet with --sheet; if not, add a row of column names, save as .xlsx and import it again.",
    )
}

pub const TAKE_BY_VALUES: &str = "The columns are right: import this sheet";
pub const LEAVE_SHEET: &str = "Leave this sheet out";
pub const TAKE_ROWS: &str = "Import them as well";
pub const CLOSE_FILES: &str = "Change the files so";

/// More lines than are shown.
#[must_use]
pub fn and_more(count: usize) -> String {
    format!("{count} more")
}

/// Rows that wait for an answer.
#[must_use]
pub fn asked(code: &str, rows: u64) -> String {
    let what = match code {
        "hidden_row" => "are hidden in the file",
        "struck_row" => "are struck out in the file",
        "gone" => "say that the person died or moved away",
        _ => "look like examples",
    };
    format!("{rows} rows {what} and are not imported")
}

/// A change whose values are not shown.
#[must_use]
pub fn changed_unseen(label: Label) -> String {
    format!("{} changes", label.en)
}

#[must_use]
pub fn filled_in(label: Label, given: &str) -> String {
    format!("{} filled in: {given}", label.en)
}

/// What the office's list says otherwise than the record, its values not shown.
#[must_use]
pub fn kept_unseen(label: Label) -> String {
    format!("{}: list and record differ; the record is kept", label.en)
}

#[must_use]
pub fn kept_empty(label: Label, given: &str) -> String {
    format!("{}: list {given}, record cleared; the record is kept", label.en)
}

#[must_use]
pub fn kept(label: Label, given: &str, now: &str) -> String {
    format!("{}: list {given}, record {now}; the record is kept", label.en)
}

pub const CHECKING_AGAIN: &str = "Checking again";
pub const IMPORTING: &str = "Importing";
pub const WRITING_ERRORS: &str = "Writing the error sheet";
pub const UNDOING: &str = "Undoing";
pub const WAIT: &str = "Please wait";
pub const CHOOSE_FILE: &str = "Choose file";
pub const CHOOSE_LIST_FILE: &str = "Choose list file";
pub const CHOOSE_ANOTHER_FILE: &str = "Choose another file";
pub const ANOTHER_FILE: &str = "Another file";
pub const START: &str = "Import";
pub const LIST_FILE: &str = "List file";
pub const WHAT_CAN_BE_READ: &str =
    "Excel, WPS or CSV; it can be dropped here too. You see the result first, and nothing is written until you confirm.";
pub const TIME: &str = "Time";
pub const FILE: &str = "File";
pub const PAST_IMPORTS: &str = "Past imports";
pub const NO_IMPORTS: &str = "Nothing was imported yet.";
pub const UNDO: &str = "Undo";
pub const UNDO_FOR_SURE: &str = "Press again to undo it";
pub const UNDO_THIS: &str = "Undo this import";
pub const ROW: &str = "Row";
pub const RESULT: &str = "Result";
pub const EXPLANATION: &str = "Explanation";
pub const ROWS: &str = "Rows of the list";
pub const NO_SUCH_ROWS: &str = "There are no such rows.";

/// Follows `same_file`.
pub const SAME_FILE_IS_SAFE: &str = " Importing it again makes no elder twice; rows that are the same are skipped.";

pub const COLUMNS: &str = "What each column is";
pub const COLUMNS_CAN_BE_CHANGED: &str = " (can be corrected)";
pub const NO_ROWS_TO_IMPORT: &str = "No rows to import";
pub const NOT_IMPORTED: &str = "Do not import";
pub const IMPORT_ANOTHER: &str = "Import another";
pub const DOWNLOAD_ERRORS: &str = "Download errors";

#[must_use]
pub fn download_errors(rows: u64) -> String {
    format!("Download errors ({})", super::count(rows, "row", "rows"))
}

#[must_use]
pub fn errors_written(file_name: &str) -> String {
    format!("Error sheet written: {file_name}")
}

#[must_use]
pub fn sheet_and_header(sheet: &str, row: u32) -> String {
    if row == 0 { format!("Sheet “{sheet}”, no column names") } else { format!("Sheet “{sheet}”, header in row {row}") }
}

#[must_use]
pub fn same_file(day: &str, clock: &str) -> String {
    format!("This file was imported before, on {day} at {clock}.")
}

/// A column without a header.
#[must_use]
pub fn column(number: u32) -> String {
    format!("Column {number}")
}

/// What stands in a column.
#[must_use]
pub fn samples(samples: &[String]) -> String {
    samples.join(", ")
}

#[must_use]
pub fn to_import(new: u64, update: u64) -> String {
    format!("Import: {new} new, {update} changed")
}

#[must_use]
pub fn imported(new: u64, update: u64, same: u64, error: u64) -> String {
    format!("Imported: {new} new, {update} changed, {same} the same, {} with errors.", super::count(error, "row", "rows"))
}

#[must_use]
pub fn undone(withdrawn: u64, restored: u64) -> String {
    format!("Undone: {} removed, {restored} restored.", super::count(withdrawn, "new elder", "new elders"))
}

#[must_use]
pub fn undone_at(day: &str, clock: &str) -> String {
    format!("Undone {day} {clock}")
}

/// Follows `undone`.
#[must_use]
pub fn listed_later(count: u64) -> String {
    format!(" {count} are on a later list too and are kept.")
}

/// Follows `undone`.
#[must_use]
pub fn stayed(names: &[String]) -> String {
    format!(" These elders were used or changed since and are kept: {}.", names.join(", "))
}
