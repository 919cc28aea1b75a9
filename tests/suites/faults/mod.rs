//! Faults by their number in the catalogue: what goes wrong and what must hold then.

#[cfg(unix)]
mod crash;
mod kills;
