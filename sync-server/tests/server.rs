//! The server from outside: a real listener on port 0, real requests. One binary, one module a matter.
#![allow(clippy::unwrap_used, missing_docs)]

mod suite {
    pub mod kit;
    mod sync;
}
