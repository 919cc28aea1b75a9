//! The server from outside: a real listener on port 0, real requests. One binary, one module a matter.
#![allow(clippy::unwrap_used, missing_docs)]

mod suite {
    mod console;
    pub mod kit;
    mod program;
    mod sync;
}
