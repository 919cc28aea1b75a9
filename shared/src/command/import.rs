//! What is asked and answered about imports of office files. Screens read no more of an answer than they show: their pages are weighed.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// How a file is to be read otherwise than it looks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ListChoice {
    /// Whether a sheet is taken.
    Sheet {
        /// The sheet by its name.
        sheet: String,
        /// Whether its people are taken.
        take: bool,
    },
    /// What is done with rows that are asked about.
    Rows {
        /// Their code: `hidden_row`, `struck_row`, `gone`, `example_row`.
        rows: String,
        /// What is done with them.
        act: AskedAct,
    },
    /// What a column is taken for.
    Column {
        /// Which of the file's lists, from 0.
        #[serde(default)]
        list: u32,
        /// The column, from 0.
        column: u32,
        /// The elder's field by name; none to leave it out.
        field: Option<String>,
    },
}

/// What is done with a row that is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AskedAct {
    /// It is taken as any other.
    Take,
    /// A file that is known is closed as the row says; nobody new is filed.
    Close,
}

/// A list as found: the rows below a header, on one sheet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FoundList {
    /// Its sheet.
    pub sheet: String,
    /// The row of the header, from 1; 0 where the list has none and its columns are told by their values.
    pub header_row: u32,
    /// Rows below it.
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    pub rows: u64,
    /// Whether its people are taken.
    pub taken: bool,
    /// Why not: `hidden_sheet`, `very_hidden_sheet`, `example_sheet`, `sheet_not_wanted`, `no_header`; empty if they are.
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    pub code: String,
    /// Its columns.
    pub columns: Vec<FoundColumn>,
}

/// Something of the file that is not taken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeftOut {
    /// `sheet`, `column` or `row`.
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    pub what: String,
    /// A stable word for scripts.
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    pub code: String,
    /// The sheet.
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    pub sheet: String,
    /// Where on it: columns by their words, rows by their numbers.
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    pub place: String,
    /// How many rows or people it may be; 0 where that says nothing.
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    pub rows: u64,
    /// For people.
    pub message: String,
}

/// A column as found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FoundColumn {
    /// The column, from 0.
    pub column: u32,
    /// The word above it.
    pub header: String,
    /// What it is taken for.
    pub field: Option<String>,
    /// The first values in it.
    pub samples: Vec<String>,
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    /// A new elder.
    New,
    /// A known elder with something new.
    Update,
    /// A known elder, nothing new.
    Same,
    /// Not taken; the reason stands beside it.
    Error,
}

/// A row of the file and what becomes of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportRow {
    /// The sheet, where people of more than one are taken.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sheet: String,
    /// The row in the file, from 1.
    pub row: u32,
    /// What becomes of it.
    pub bucket: Bucket,
    /// A stable word for scripts: `bad_id`, `name_missing`, `field_kept`, `gone`, …
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    pub code: String,
    /// For people: what is wrong, what changes, what the field keeps, what of the row is left out.
    pub message: String,
    /// 姓名, for the eye.
    pub name: String,
    /// Columns (from 0) that are wrong.
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    #[cfg_attr(not(target_arch = "wasm32"), serde(default))]
    pub columns: Vec<u32>,
}

/// What an import would do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportPreview {
    /// The lists in it.
    pub lists: Vec<FoundList>,
    /// What of the file is not taken.
    pub left_out: Vec<LeftOut>,
    /// Rows that are asked about, counted by their code.
    pub asked: Vec<(String, u64)>,
    /// The fields a column may be taken for: name and label.
    pub fields: Vec<(String, String)>,
    /// Counts.
    pub new: u64,
    /// Counts.
    pub update: u64,
    /// Counts.
    pub same: u64,
    /// Counts.
    pub error: u64,
    /// Errors first, then updates, then the rest; at most two thousand on a screen.
    pub rows: Vec<ImportRow>,
    /// When the same file was imported before.
    pub same_file: Option<DateTime>,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportDone {
    /// Names the import for undoing it.
    pub import: i64,
    /// Counts.
    pub new: u64,
    /// Counts.
    pub update: u64,
    /// Counts.
    pub same: u64,
    /// Counts.
    pub error: u64,
    /// All rows.
    pub rows: Vec<ImportRow>,
    /// The lists in the file.
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    pub lists: Vec<FoundList>,
    /// What of the file was not taken.
    pub left_out: Vec<LeftOut>,
}

/// What an undo did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UndoDone {
    /// Files taken back.
    pub withdrawn: u64,
    /// Files set back to what they were.
    pub restored: u64,
    /// Files that stay because a later list names them too.
    pub listed: u64,
    /// Files that were used or changed since and stay, by name.
    pub kept: Vec<String>,
}

/// An import of the past.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportEntry {
    /// Its number.
    pub import: i64,
    /// The file.
    pub file_name: String,
    /// When.
    pub at: DateTime,
    /// Counts.
    pub new: u64,
    /// Counts.
    pub update: u64,
    /// Counts.
    pub same: u64,
    /// Counts.
    pub error: u64,
    /// When it was taken back.
    pub undone_at: Option<DateTime>,
}
