//! The screens: six programs over one kit, beside which `ui/key` holds what makes and uses keys. `desk` for the canteen and the office (in the app's window or in a browser over loopback), which is two: what is used every day, and what is opened now and then;
//! `console` for the centre, `account` and `accounts` for one's own account there and those of others, `phone` for the courier. Screens show and ask; rules, records and sentences stand in
//! `shared`, and what a form means is decided by the plain structs of `form`. Each program is a page of its own
//! (`src/bin`), so that none carries the screens of another.

pub mod account;
pub mod accounts;
mod backend;
pub mod console;
pub mod desk;
mod edit;
mod form;
mod key;
mod kit;
mod list;
pub mod phone;
mod record;
mod seat;

use leptos::prelude::*;

/// Puts a program on the page, in place of the note that it is being opened.
pub fn open<V: IntoView + 'static>(program: fn() -> V) {
    console_error_panic_hook::set_once();
    if let Some(note) = document().get_element_by_id("boot") {
        note.remove();
    }
    mount_to_body(program);
}
