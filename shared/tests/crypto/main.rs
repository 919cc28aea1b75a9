//! The suite against the standards' examples, against another implementation, and against whoever changes a bit.
#![cfg(feature = "crypto")]
#![allow(clippy::unwrap_used)]

mod der;
#[cfg(debug_assertions)]
mod openssl;
mod refusal;
mod vectors;
