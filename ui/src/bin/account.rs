//! The page of one's own account at the console.

fn main() {
    ui::open(|| ui::account::Account());
}
