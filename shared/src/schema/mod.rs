//! What kinds of record, fields and their values are: the one engine under all of them. A kind is declared once, in
//! `crate::kinds`; documents, rows, checks, words, conflicts and histories follow from the declaration. No kind and no field
//! is named here, and nothing here knows where a record is stored.

#[cfg(any(debug_assertions, test, feature = "simulation"))]
pub mod arbitrary;
#[cfg(all(test, feature = "sync"))]
mod every_kind;
mod field;
mod fields;
mod in_words;
mod kind;
mod language;
mod personal;
mod record;
mod table;
mod value;

pub use field::{Column, Field, FieldType, OnConflict, SealedUnder};
pub use fields::{FieldName, Fields};
pub use in_words::{Names, Remembered, Unnamed, in_words, masked, name, title};
pub use kind::{Author, Content, IdFrom, Kind, KindCode, KindId, Layout, MAX_CODE, PLACING, Scope, digests};
pub(crate) use language::words;
pub use language::{Label, Language, Sentence, Words, language, speak, speaking};
pub use personal::{Class, Entry, Kept, Open, Purpose};
pub(crate) use record::record;
pub use record::{Record, RecordId, differences};
pub use table::{Missing, Tables, index_name};
pub use value::{FieldValue, KeySet, Malformed, TextValue, Value};
