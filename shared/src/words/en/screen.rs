//! The names of the screens, menus and keys.

pub const EVERY_DAY: &str = "Every day";
pub const FILES: &str = "Files";
pub const HERE: &str = "This computer";
pub const MEALS: &str = "Meals";
pub const OFFICES: &str = "Offices";
pub const TODAY: &str = "Today";
pub const PHONE_ORDER: &str = "Phone order";
pub const DELIVERY: &str = "Delivery";
pub const AUDIT: &str = "Audit log";
pub const LEDGER: &str = "Ledger";
pub const MEAL_LEDGER: &str = "Meal ledger";
pub const ELDERS: &str = "Elders";
pub const IMPORT: &str = "Import a list";
pub const CONFLICTS: &str = "Conflicts";
pub const SETTINGS: &str = "Settings";
pub const DEVICES: &str = "Devices and sync";
pub const MENU: &str = "Main menu";
pub const ALL: &str = "All screens";
pub const FIND: &str = "Find a screen";
pub const FIND_LABEL: &str = "Name of a screen";
pub const FIND_HINT: &str = "A part of its name, order for instance";
pub const FOUND: &str = "Screens";
pub const NOT_FOUND: &str = "No screen has this name. Try with fewer letters.";
pub const KEYS_HERE: &str = "Keys of this screen";
pub const OTHER_SCREENS: &str = "To other screens";
pub const FIND_ANOTHER: &str = "find another screen";
pub const WITHOUT_NETWORK: &str = "You can take orders and write receipts without a network. \
    The top right shows how much is still to be uploaded; it is uploaded once you are online.";
pub const KEY_NEXT: &str = "Next field";
pub const KEY_SWITCH: &str = "Switch";
pub const SPACE_KEY: &str = "Space";
