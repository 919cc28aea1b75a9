//! What comes back about imports of office files.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// What a column of the file is taken for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ColumnChoice {
    /// The column, from 0.
    pub column: u32,
    /// The elder's field by name; none to leave it out.
    pub field: Option<String>,
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
    /// The row in the file, from 1.
    pub row: u32,
    /// What becomes of it.
    pub bucket: Bucket,
    /// A stable word for scripts: `bad_id`, `name_missing`, `field_kept`, …
    pub code: String,
    /// In Chinese: what is wrong, what changes, what the field keeps.
    pub message: String,
    /// 姓名, for the eye.
    pub name: String,
    /// Columns (from 0) that are wrong.
    #[serde(default)]
    pub columns: Vec<u32>,
}

/// What an import would do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportPreview {
    /// The sheet that was read.
    pub sheet: String,
    /// The row of the header, from 1.
    pub header_row: u32,
    /// The columns.
    pub columns: Vec<FoundColumn>,
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
}

/// What an undo did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UndoDone {
    /// Files taken back.
    pub withdrawn: u64,
    /// Files set back to what they were.
    pub restored: u64,
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
