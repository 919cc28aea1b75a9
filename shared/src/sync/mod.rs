//! The sync core: what desk and server say to each other and what each of them decides. No I/O, no
//! clock, no randomness: stores stand behind the traits [`office::Office`] and [`hub::Hub`], carriers
//! hand bytes over. The real carriers and the simulator drive the same code.

pub mod ahead;
pub mod desk;
pub mod envelope;
pub mod hub;
pub mod line;
pub mod message;
pub mod office;
pub mod set_sum;
pub mod snapshot;

pub use line::{ServerLine, Ticket};
pub use message::{Answer, Ask, Exchange, Exchanged, Standing};
pub use set_sum::{ChangeName, SetSum};
