//! The page of the desk: its program of every day.

fn main() {
    ui::open(|| ui::desk::Day());
}
