//! The page of the desk.

fn main() {
    ui::open(|| ui::desk::Desk());
}
