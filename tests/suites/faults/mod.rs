//! Faults by their number in the catalogue: what goes wrong and what must hold then.

pub mod catalogue;
mod claims;
mod clock;
mod connection;
#[cfg(target_os = "linux")]
mod crash;
#[cfg(target_os = "linux")]
mod crash_server;
#[cfg(target_os = "linux")]
mod cuts;
#[cfg(target_os = "linux")]
mod full;
#[cfg(target_os = "linux")]
mod fuzz;
mod hostile_words;
mod kills;
pub mod kit;
mod line;
mod load;
mod pairs;
mod restored;
#[cfg(target_os = "linux")]
mod root_key;
mod rot;
mod sets;
mod snapshots;
mod taken_back;
mod upgrade;
