//! Sync with the server: enrolment, push, pull, photos, totals. It runs beside the work and never
//! in its way; what is unsent waits in the outbox, however long.

mod client;
mod intake;
mod line;
mod office;
mod one;
mod run;

pub(crate) use line::SyncLine;
pub use one::OneSync;
pub(crate) use run::LastSync;
