//! Menu items and menus of the day.

use crate::words::Told;

#[must_use]
pub fn day_too_far(days: i64) -> String {
    format!("The day is too far from today, {days} days ahead at most")
}

/// A meal for which no dish was chosen.
pub const PLAIN_DISH: &str = "Standard";

pub const BAD_DISH: Told = ("The dish has no name, or its price is negative or above 10,000 yuan.", "Check it and try again.");

pub const NO_SUCH_DISH: Told = ("This canteen has no such dish.", "Check the menu items and try again.");
pub const NOTHING_TO_PUBLISH: Told = ("There is nothing to be published.", "Put dishes on the menu first; days of rest are not published.");
pub const NOTHING_TO_COPY: Told = ("There is no dish to be copied.", "See why each of them is not.");
pub const SAME_WEEK: Told = ("This is the same week.", "Go to another week, then copy.");

#[must_use]
pub fn too_far(days: i64) -> (String, &'static str) {
    (format!("{}.", day_too_far(days)), "Choose a nearer day.")
}

pub const WEEK: &str = "Week's menu";
pub const WEEK_BEFORE: &str = "Week before";
pub const TURN_WEEKS: &str = "Week before, after";
pub const OPEN_MEAL: &str = "Open the meal";
pub const WEEK_AFTER: &str = "Week after";
pub const COPY: &str = "As last week";
pub const PUBLISH_WEEK: &str = "Publish the week";
pub const PUBLISH_DAY: &str = "Publish";
pub const PRINT: &str = "Print for the wall";
pub const PUBLISHED: &str = "Published";
pub const NOT_PUBLISHED: &str = "Not published";
pub const ON_THE_MENU: &str = "On the menu";
pub const ADD: &str = "Add dishes";
pub const ADD_HINT: &str = "Name or pinyin initials; Enter adds the first";
pub const TAKE_OFF: &str = "Take off";
pub const NONE_FITS: &str = "No such dish among the menu items, or it is no longer offered. Enter it there first.";
pub const NONE_YET: &str = "No dishes yet.";
pub const NOTHING_NEW: &str = "Last week has no dish to be copied";
pub const NOT_COPIED: &str = "These are not copied:";

#[must_use]
pub fn week_from(first: &str, last: &str) -> String {
    format!("{first} to {last}")
}

#[must_use]
pub fn not_published(dishes: usize) -> String {
    format!("{dishes} not published")
}

#[must_use]
pub fn would_copy(dishes: u32, days: usize) -> String {
    format!("{dishes} dishes are put on the menus of {days} days of this week, not yet published")
}

/// How many dishes of a day.
#[must_use]
pub fn dishes_on(day: &str, dishes: u32) -> String {
    format!("{day}: {dishes}")
}

#[must_use]
pub fn copy(dishes: u32) -> String {
    format!("Copy these {dishes} dishes")
}

#[must_use]
pub fn copied(dishes: u32) -> String {
    format!("{dishes} dishes copied. Look them over, then publish.")
}

#[must_use]
pub fn published(dishes: u32) -> String {
    format!("{dishes} dishes published")
}

#[must_use]
pub fn ordered_on_rest(orders: u32) -> String {
    format!("{orders} orders stand")
}

#[must_use]
pub fn allergens(words: &str) -> String {
    format!("Contains: {words}")
}

pub const SHEET_FOOT: &str = "If food makes you ill, ask the staff first.";
