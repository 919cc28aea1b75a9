//! Faults by their number in the catalogue: what goes wrong and what must hold then.

mod catalogue;
mod clock;
#[cfg(unix)]
mod crash;
#[cfg(unix)]
mod full;
#[cfg(unix)]
mod fuzz;
mod kills;
pub mod kit;
mod line;
mod load;
mod sets;
