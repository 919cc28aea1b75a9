//! The screens: the desk (in the app's window or in a browser over loopback) and the centre's
//! console, from one kit. Screens show and ask; rules, records and sentences stand in `shared`,
//! and what a form means is decided by the plain structs of `form`.

mod app;
mod backend;
mod form;
mod kit;
mod screen;

use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page when the program has been loaded.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(app::open());
}
