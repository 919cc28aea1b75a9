//! The sync core: what desk and server say to each other and what each of them decides. No I/O, no
//! clock, no randomness: stores stand behind the traits [`client_store::ClientStore`] and [`server::ServerStore`], carriers
//! hand bytes over. The real carriers and the simulator drive the same code.

pub mod ahead;
pub mod capability;
pub mod client_store;
pub mod desk;
pub mod envelope;
pub mod message;
mod repair;
pub mod reply;
pub mod server;
pub mod session;
pub mod set_digest;
pub mod snapshot;

pub use capability::{Capabilities, Capability, Named, NamedDigest};
pub use message::{Answer, Ask, Exchange, Exchanged, Standing};
pub use session::{DeviceSession, SessionToken};
pub use set_digest::{ChangeId, SetDigest};
