//! The words, records and rules of the elder canteens, shared by desk, server and screens.
//! No I/O, no clock, no randomness and no floats live here: facts come in, verdicts go out.
//! The one exception is `crypto`, behind its feature: keys and nonces are drawn there.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod chain;
pub mod command;
#[cfg(feature = "crdt")]
pub mod conflict;
pub mod console;
#[cfg(feature = "crdt")]
pub mod crdt;
#[cfg(feature = "crypto")]
pub mod crypto;
pub mod division;
pub mod fault;
pub mod form;
#[cfg(feature = "schema")]
pub mod json_schema;
pub mod kinds;
pub mod list;
pub mod money;
pub mod rights;
pub mod rule;
pub mod schema;
#[cfg(feature = "sync")]
pub mod seal;
#[cfg(feature = "sync")]
pub mod sync;
#[cfg(feature = "crdt")]
pub mod timeline;
pub mod wire;
pub mod words;
#[cfg(feature = "workbook")]
pub mod workbook;
