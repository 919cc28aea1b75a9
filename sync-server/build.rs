//! Only so that a changed migration is embedded again.

fn main() {
    println!("cargo::rerun-if-changed=../migrations/server");
}
