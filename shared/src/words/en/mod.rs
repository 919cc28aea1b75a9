//! The English words, one file a noun, with the same names as the Chinese ones; the second language.

pub mod account;
pub mod accounts;
pub mod alarm;
pub mod audit;
pub mod binding;
pub mod calendar;
pub mod concern;
pub mod conflict;
pub mod database;
pub mod delivery;
pub mod device;
pub mod disclosure;
pub mod doubt;
pub mod elder;
pub mod enrolment;
pub mod file;
pub mod form;
pub mod import;
pub mod key;
pub mod key_file;
pub mod kitchen;
pub mod left_out;
pub mod list;
pub mod menu;
pub mod money;
pub mod operator;
pub mod order;
pub mod overview;
pub mod page;
pub mod period;
pub mod phone_order;
pub mod photo;
pub mod place;
pub mod program;
pub mod receipt;
pub mod record;
pub mod request;
pub mod screen;
pub mod settings;
pub mod staff;
pub mod standing;
pub mod sync;
pub mod time;
pub mod today;

/// So many of something: 1 order, 2 orders.
#[must_use]
pub fn count(number: impl Into<u64>, one: &str, many: &str) -> String {
    let number = number.into();
    format!("{number} {}", if number == 1 { one } else { many })
}
