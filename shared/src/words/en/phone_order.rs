//! Orders by phone: finding the elder, filling in the order, what is looked at before it is saved.

pub const CHOOSE_PERSON: &str = "Choose";
pub const CHOOSE_AND_SAVE: &str = "Confirm, save";
pub const CHANGE_CHOICE: &str = "Change";
pub const AS_LAST_TIME: &str = "As last time";
pub const CLEAR: &str = "Clear";
pub const FIND_ELDER: &str = "Find an elder";
pub const SEARCHED_BY: &str = "Name, initials, phone, last 4 of ID";
pub const FOUND: &str = "Elders found";
pub const NOBODY_FOUND: &str = "Nobody found. Check what you typed, or press F2 to register.";
pub const REGISTER_UNKNOWN: &str = "Not found: new elder";
pub const LATEST_CALLS: &str = "Latest calls";
pub const THIS_ELDER: &str = "This elder";
pub const HOW_IT_GOES: &str = "Answer the phone, type the initials of the name, press Enter to choose, and Enter again to save.";
pub const REGISTER_AND_ORDER: &str = "Register and order";
pub const RECENT_ORDERS: &str = "Recent orders";
pub const NO_ORDER_YET: &str = "No orders yet.";
pub const THIS_ORDER: &str = "This order";
pub const OTHER_DAY: &str = "Other";
pub const DAY_EXAMPLE: &str = "e.g. 11-25 or 1125";
pub const DAY_UNREADABLE: &str = "The date is not understood; enter it like 11-25 or 1125";
pub const NO_DISHES: &str = "No dishes for this meal";
pub const PLATFORM_ORDER: &str = "Platform no.";
pub const PLATFORM_NUMBER_IF_ANY: &str = "Third-party order number, optional";
pub const NO_PRICE: &str = "No price";
pub const SAVE_ORDER: &str = "Save order";
pub const LOOK_FIRST: &str = "Please check first";
pub const SAVE_ANYWAY: &str = "Save anyway";
pub const GO_BACK: &str = "Go back";

#[must_use]
pub fn ordered_already(number: &str) -> String {
    format!("This meal has order {number} already")
}

/// The same in a tag.
#[must_use]
pub fn ordered(number: &str) -> String {
    format!("Ordered {number}")
}
