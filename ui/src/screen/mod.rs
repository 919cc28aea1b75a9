//! The screens: the desk of a canteen or town office, and the console of the centre.

pub mod console;
pub mod desk;
mod order_facts;
mod said_by;
