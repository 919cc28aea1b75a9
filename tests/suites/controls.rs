//! The tables of controls in `docs`: every test and file that they name is there, what is met names one, and the counts in ARCHITECTURE are
//! those of the tables.

use crate::faults::catalogue::tests;
use anyhow::{Context, Result, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The states of a control.
const STATES: [&str; 4] = ["met", "partly", "not", "n/a"];

/// Where each table begins, how it is called in ARCHITECTURE, and how many rows it has.
const TABLES: [(&str, &str, usize); 3] =
    [("## 等保", "等保 GB/T 22239 level 3", 34), ("## 密评", "密评 GB/T 39786 level 3", 10), ("## OWASP", "ASVS 5.0 L1+L2", 217)];

fn cells(line: &str) -> Option<Vec<&str>> {
    let cells: Vec<&str> = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect();
    (!["id", "---"].contains(&cells[0])).then_some(cells)
}

/// What stands between backticks.
fn named(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

#[test]
fn every_control_names_tests_and_files_that_are_there() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (controls, architecture) = (fs::read_to_string(root.join("docs/controls.md"))?, fs::read_to_string(root.join("ARCHITECTURE.md"))?);
    let tests = tests()?;
    for (heading, called, rows) in TABLES {
        let (_, table) = controls.split_once(heading).with_context(|| heading.to_owned())?;
        let table: Vec<Vec<&str>> = table.split("\n## ").next().unwrap_or_default().lines().filter_map(cells).collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &table {
            let [id, state, what, shown] = row[..] else { anyhow::bail!("not four cells: {row:?}") };
            ensure!(STATES.contains(&state) && !what.is_empty(), "{id}: {state} {what}");
            ensure!(!["met", "partly"].contains(&state) || named(shown).count() > 0, "{id} is {state}, and nothing shows it");
            for name in named(shown) {
                let is_file = name.contains(['/', '.']);
                ensure!(if is_file { root.join(name).is_file() } else { tests.contains(name) }, "{id}: there is no {name}");
            }
            *counts.entry(state).or_default() += 1;
        }
        let ids: BTreeSet<&str> = table.iter().map(|row| row[0]).collect();
        ensure!((table.len(), ids.len()) == (rows, rows), "{called} has {} rows", table.len());
        let counted = STATES.map(|state| counts.get(state).copied().unwrap_or(0).to_string()).join(" | ");
        let line = format!("| {called} | {rows} | {counted} |");
        ensure!(architecture.contains(&line), "ARCHITECTURE says something else than {line}");
    }
    Ok(())
}
