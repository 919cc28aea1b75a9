//! The catalogue of faults, F-01 to F-46: each has a test that carries its number, or stands here with the reason why not.

use anyhow::{Result, ensure};
use std::collections::BTreeMap;

/// Faults without a test, and why.
const OPEN: &[(u32, &str)] = &[
    (8, "a disk that is read only is told at the start; the tests run as root, whom no rights stop"),
    (10, "imports and photos are held to sizes by their own tests; a failing allocation ends the program, then F-03 holds"),
];

/// The numbers at the head of a test's name: `f20_f21_copies_…`.
fn numbers(name: &str) -> impl Iterator<Item = u32> {
    name.split('_').map_while(|word| {
        let digits = word.strip_prefix('f').filter(|digits| digits.len() == 2)?;
        digits.parse().ok()
    })
}

#[test]
fn every_fault_has_its_test_or_a_reason() -> Result<()> {
    let mut tested: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for (path, text) in crate::tidy::all()? {
        let mut lines = text.lines().map(str::trim).peekable();
        while let Some(line) = lines.next() {
            let is_test = line.starts_with("#[test]") || line.starts_with("#[tokio::test");
            let Some(next) = lines.peek().filter(|_| is_test) else { continue };
            let name = next.trim_start_matches("async ").trim_start_matches("fn ").split('(').next().unwrap_or_default();
            numbers(name).for_each(|number| tested.entry(number).or_default().push(format!("{path}: {name}")));
        }
    }
    for number in 1..=46 {
        let reason = OPEN.iter().find(|(open, _)| *open == number);
        match (tested.get(&number), reason) {
            (None, None) => anyhow::bail!("F-{number:02} has neither a test nor a reason"),
            (Some(found), Some(_)) => anyhow::bail!("F-{number:02} is tested now ({found:?}): take it off the list"),
            _ => {}
        }
    }
    ensure!(OPEN.iter().all(|(number, reason)| (1..=46).contains(number) && reason.len() > 20));
    Ok(())
}
