//! Faults by their number in the catalogue: what goes wrong and what must hold then.

#[cfg(unix)]
mod crash;
#[cfg(unix)]
mod full;
#[cfg(unix)]
mod fuzz;
mod kills;
