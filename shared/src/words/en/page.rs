//! Opening a page, how it looks, the name of the product.

pub const PRODUCT: &str = "Elder canteens";
pub const CONSOLE: &str = "Elder canteens · Supervision";
pub const COURIER: &str = "Elder canteens · Delivery";
pub const OPENING: &str = "Opening…";
pub const RETRYING: &str = "Retrying. This page opens by itself once the problem is solved; there is no need to restart.";
pub const LARGE_TYPE: &str = "Large type";
pub const HIGH_CONTRAST: &str = "High contrast";
pub const SERVER_AWAY: &str = "Server not reached, trying again";

/// When what stands on the page was fetched.
#[must_use]
pub fn fresh(clock: &str) -> String {
    format!("as of {clock}")
}
