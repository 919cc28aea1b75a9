//! The server from outside: a real listener on port 0, real requests. One binary, one module a matter;
//! the suite stands here twice, once on each engine.
#![allow(clippy::unwrap_used, clippy::duplicate_mod, missing_docs)]

#[allow(dead_code, reason = "the bench uses more of it")]
mod cluster;
mod database_connection;
#[path = "suite/mod.rs"]
mod postgres;
mod shared_database;
#[path = "suite/mod.rs"]
mod sqlite;
