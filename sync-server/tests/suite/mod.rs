//! What must hold on both engines. The name of this module in `server.rs` says on which it runs.

mod accounts;
mod altered;
mod apart;
mod audit;
mod capabilities;
mod claims;
mod compaction;
mod conflicts;
mod console;
mod document;
mod document_people;
mod doubts;
mod every_kind;
mod exports;
mod health;
mod in_use;
mod keys;
#[allow(dead_code, reason = "what runs on one engine alone uses more of it")]
pub mod kit;
mod language;
mod line;
mod lists;
mod live;
mod lived_in;
mod networks;
mod odd_values;
mod own;
mod photos;
pub mod program;
mod restored;
mod rights_wait;
mod routes;
mod scope;
mod second_factor;
mod sign_in;
mod staff;
mod sync;
