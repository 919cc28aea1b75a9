//! Opens the program that this page is: the desk or the console.

use crate::backend::{self, Program};
use crate::screen;
use leptos::prelude::*;

/// Asks which program it is and puts it on the page.
pub async fn open() {
    let program = backend::program().await;
    if let Some(note) = document().get_element_by_id("boot") {
        note.remove();
    }
    match program {
        Program::Desk => mount_to_body(screen::desk::Desk),
        Program::Console => mount_to_body(screen::console::Console),
    }
}
