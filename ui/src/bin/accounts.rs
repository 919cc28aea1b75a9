//! The page of the accounts of others at the console.

fn main() {
    ui::open(|| ui::accounts::Accounts());
}
