//! The office itself: local store, journal, orders, receipts, import, export, sync. A library for
//! the window, the loopback server and the command line. No window, no screens and no web server here.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod call;
mod check;
mod clear;
mod clock;
mod decision;
pub mod export;
mod facts;
mod fault;
mod features;
mod folder;
pub mod import;
mod inbox;
mod journal;
mod letters;
mod list;
mod listed;
mod look;
mod photo;
mod pinyin;
mod plan;
mod progress;
mod recover;
mod routine;
mod save;
mod script;
mod sealing;
pub mod search;
mod seat;
mod store;
mod sync;
mod title;
mod vault;
#[cfg(any(test, feature = "drill"))]
mod workload;

pub use clock::Clock;
pub use desk::Desk;
pub use recover::Recovered;
pub use script::ListFile;
pub use sync::OneSync;
#[cfg(any(test, feature = "drill"))]
pub use workload::WorkloadReport;

mod desk;
