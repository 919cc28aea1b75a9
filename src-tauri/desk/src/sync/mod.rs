//! Sync with the server: enrolment, push, pull, photos, totals. It runs beside the work and never
//! in its way; what is unsent waits in the outbox, however long.

mod apply;
mod client;
mod client_store;
mod connection;
mod one;
mod run;
mod server;
mod trust;

pub(crate) use connection::ServerConnection;
pub use one::OneSync;
pub(crate) use run::LastSync;
