//! Makes the dictionary against which the desk packs its changes (`src-tauri/desk/src/store/packed.rs`). Only before a release:
//! what was written with the old one can't be read with another. The same changes and the same zstd make the same one, byte
//! for byte.

#[path = "../../src-tauri/desk/src/store/packed/samples.rs"]
mod samples;

use std::error::Error;
use std::path::Path;

const BYTES: usize = 8 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri/desk/src/store/change.dictionary");
    let made = zstd::dict::from_samples(&samples::samples(1)?, BYTES)?;
    let same = std::fs::read(&path).is_ok_and(|known| known == made);
    std::fs::write(&path, made)?;
    println!("{}", if same { "与现有的字典完全一样" } else { "字典变了：用旧字典写的资料要另给编号才读得出来" });
    Ok(())
}
