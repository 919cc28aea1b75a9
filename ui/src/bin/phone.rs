//! The page of the courier's phone.

fn main() {
    ui::open(|| ui::phone::Phone());
}
