//! The words, records and rules of the elder canteens, shared by desk, server and screens.
//! No I/O, no clock, no randomness and no floats live here: facts come in, verdicts go out.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod command;
pub mod console;
#[cfg(feature = "crdt")]
pub mod crdt;
pub mod division;
pub mod fault;
pub mod money;
pub mod record;
pub mod rule;
#[cfg(feature = "crdt")]
pub mod story;
pub mod wire;
pub mod zh;
