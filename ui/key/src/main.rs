//! The program that holds keys, as the pages load it.

fn main() {
    ui_key::begin();
}
