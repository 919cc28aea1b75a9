//! What of an office's list is not imported: sheets, columns, rows, cells.

use crate::schema::Label;

#[must_use]
pub fn sheet_left_out(code: &str, sheet: &str, rows: u64) -> String {
    if code == "no_header" {
        return format!(
            "Sheet “{sheet}” has no column names; its columns are told by their values and imported once you have checked them ({rows} rows)"
        );
    }
    let why = match code {
        "hidden_sheet" | "very_hidden_sheet" => "is hidden",
        "example_sheet" => "looks like an example",
        _ => "was not chosen",
    };
    format!("Sheet “{sheet}” {why} and was not imported ({rows} rows)")
}

#[must_use]
pub fn sheet_without_header(sheet: &str, people: u64) -> String {
    format!("Sheet “{sheet}” has no header; the {people} ID numbers on it were not imported")
}

#[must_use]
pub fn sheets_without_list(sheets: &[String]) -> String {
    format!("{} sheets hold no list: {}", sheets.len(), few(sheets))
}

/// The first of many names.
fn few(names: &[String]) -> String {
    let first = names.iter().take(5).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > 5 { format!("{first} …") } else { first }
}

#[must_use]
pub fn columns_not_taken(sheet: &str, columns: &[String]) -> String {
    format!("Sheet “{sheet}”: these columns were not imported: {}", columns.join(", "))
}

#[must_use]
pub fn no_village_column(sheet: &str) -> String {
    format!("Sheet “{sheet}”: no column was taken for the village")
}

#[must_use]
pub fn people_above_the_header(sheet: &str, places: &[String]) -> String {
    format!("Sheet “{sheet}”: ID numbers above the header were not imported: {}", few(places))
}

#[must_use]
pub fn row_goes_on(row: u32) -> String {
    format!("Row {row} is of the same person as the row above, and was not imported")
}

#[must_use]
pub fn row_of_formulas(row: u32) -> String {
    format!("Name and ID number of row {row} are formulas without a result; it was not imported")
}

#[must_use]
pub fn row_is_no_person(row: u32, text: &str) -> String {
    format!("Row {row} does not look like an elder and was not imported: {text}")
}

#[must_use]
pub fn more_rows_left_out(rows: u64) -> String {
    format!("{rows} more rows do not look like elders and were not imported")
}

#[must_use]
pub fn row_says_gone(words: &str) -> String {
    format!("It says “{words}” and was not imported; decide first what becomes of the file")
}

#[must_use]
pub fn formula_without_value(label: Label) -> String {
    format!(
        "{} is a formula and the file does not hold its result; open and save it in a spreadsheet program, then import it again",
        label.en
    )
}

#[must_use]
pub fn struck_out_in(column: &str, text: &str) -> String {
    format!("“{text}” is struck out under “{column}” and was left out")
}

#[must_use]
pub fn village_from_above(village: &str) -> String {
    format!("Village “{village}” as written above")
}

#[must_use]
pub fn filed_under_the_town(town: &str) -> String {
    format!("No village is given; filed under {town} for now")
}

#[must_use]
pub fn filed_under(typed: &str, village: &str) -> String {
    format!("“{typed}” is filed under {village}")
}

#[must_use]
pub fn phone_left_empty(label: Label) -> String {
    format!("{} is not a phone number and stays empty", label.en)
}

#[must_use]
pub fn phones_left_out(label: Label, count: usize) -> String {
    format!("{}: {count} more numbers were not imported", label.en)
}

#[must_use]
pub fn extension_left_out(label: Label) -> String {
    format!("{}: the extension was not imported", label.en)
}

#[must_use]
pub fn broken_in_text(label: Label) -> String {
    format!("{} has broken characters; check it", label.en)
}

#[must_use]
pub fn word_left_out(label: Label, typed: &str) -> String {
    format!("{} “{typed}” is not understood and stays empty", label.en)
}
