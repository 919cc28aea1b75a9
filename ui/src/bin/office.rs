//! The page of the desk: its program of the office.

fn main() {
    ui::open(|| ui::desk::Office());
}
