//! The page of the centre's console.

fn main() {
    ui::open(|| ui::console::Console());
}
