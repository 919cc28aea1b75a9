//! Writes the data dictionary where it lies in the checkout.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(tests::data_dictionary::PLACE);
    std::fs::write(place, tests::data_dictionary::page())?;
    println!("{}", tests::data_dictionary::PLACE);
    Ok(())
}
