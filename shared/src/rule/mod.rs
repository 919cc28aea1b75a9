//! The rules: pure functions and types that can't be wrong. Facts in, verdict out.

pub mod apart;
pub mod binding;
pub mod calendar;
pub mod challenge;
pub mod disclosure;
pub mod document;
pub mod doubt;
pub mod half_width;
pub mod id_number;
pub mod kitchen;
pub mod listed;
pub mod meal_time;
pub mod menu;
pub mod name;
pub mod noted;
pub mod order;
pub mod order_number;
pub mod password;
pub mod phone;
pub mod pin;
pub mod receipt;
pub mod run;
pub mod standing;
