//! Demo data.

use serde::Serialize;

/// What the demo gives.
#[derive(Clone, Debug, Serialize)]
pub struct DemoMade {
    /// One-time code for a device at the first canteen.
    pub device_code: String,
    /// One-time code for a device at the first canteen's town.
    pub town_device_code: String,
    /// Name of the account.
    pub console_account: String,
    /// Its password; only at the first run.
    pub console_password: Option<String>,
}

impl crate::Server {
    /// x
    ///
    /// # Errors
    /// x
    pub fn demo(&self) -> Result<DemoMade, shared::fault::Fault> {
        Err(shared::zh::broken())
    }
}
