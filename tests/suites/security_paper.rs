//! `docs/security.md` says no other number than the code.

use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;

#[test]
fn the_security_paper_says_what_the_code_says() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let paper = fs::read_to_string(root.join("docs/security.md"))?;
    let mut held = 0;
    for row in paper.lines().filter(|line| line.starts_with("| ")) {
        let named: Vec<&str> = row.split('`').skip(1).step_by(2).collect();
        let [file, code] = named[..] else { continue };
        if !file.ends_with(".rs") {
            continue;
        }
        let source = fs::read_to_string(root.join(file)).with_context(|| format!("{row}: no file {file}"))?;
        ensure!(source.contains(code), "{file} does not say {code}: {row}");
        held += 1;
    }
    ensure!(held > 30, "only {held} rows name where they stand");
    Ok(())
}
