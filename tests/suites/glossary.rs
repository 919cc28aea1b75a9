//! The glossary held to the code: its names stand there, none twice, and what is declared of records, changes,
//! sync and keys has a row. A word that only this file or a comment knows does not count.

use super::tidy;
use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Names below this heading are given, and not yet taken.
const TO_COME: &str = "Words of kinds to come";
/// What stands in the place of a Chinese word where people never read one.
const NONE: &str = "—";
/// Where every public type is a word of the engine.
const ENGINE: [&str; 4] = ["shared/src/sync/", "shared/src/crdt/", "shared/src/seal.rs", "shared/src/conflict.rs"];
/// Where kinds of record and lists of code words are declared, and by what.
const DECLARED: [&str; 2] = ["shared/src/record/", "shared/src/kinds/"];
const DECLARING: [&str; 2] = ["record! {", "words! {"];

struct Row {
    chinese: String,
    names: Vec<String>,
    is_to_come: bool,
}

/// The rows of all tables.
fn rows(glossary: &str) -> Result<Vec<Row>> {
    let (mut found, mut is_to_come) = (Vec::new(), false);
    for line in glossary.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            is_to_come = heading == TO_COME;
        }
        let Some(line) = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" |")) else { continue };
        let cells: Vec<&str> = line.split(" | ").map(str::trim).collect();
        if cells[0] == "Chinese" || cells[0].starts_with("---") {
            continue;
        }
        let [chinese, names, term, meaning] = cells[..] else { anyhow::bail!("not four cells: {line}") };
        ensure!(![chinese, names, term, meaning].contains(&""), "an empty cell: {line}");
        let names: Vec<String> = names.split(", ").map(|name| name.trim_matches('`').to_owned()).collect();
        found.push(Row { chinese: chinese.to_owned(), names, is_to_come });
    }
    Ok(found)
}

/// A source without its comments and strings. Char literals and lifetimes stay: they hold no names.
fn code_only(text: &str) -> String {
    let (mut code, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(['/', '"', '\'']) {
        code.push_str(&rest[..at]);
        rest = &rest[at..];
        let skip = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with('"') {
            let hashes = code.len() - code.trim_end_matches('#').len();
            let is_raw = code.trim_end_matches('#').ends_with('r') && !code.ends_with("br");
            end_of_string(rest, is_raw.then_some(hashes))
        } else if rest.starts_with("'\"'") || rest.starts_with("'/'") {
            3
        } else if rest.starts_with("'\\\"'") {
            4
        } else {
            1
        };
        rest = &rest[skip..];
    }
    code + rest
}

/// How long a string literal is that begins with a quotation mark; a raw one ends with as many `#` as given.
fn end_of_string(text: &str, raw: Option<usize>) -> usize {
    if let Some(hashes) = raw {
        let end = format!("\"{}", "#".repeat(hashes));
        return text[1..].find(&end).map_or(text.len(), |at| at + 1 + end.len());
    }
    let mut is_escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The words of the statements in a folder of migrations: tables and columns.
fn tables(folder: &Path, found: &mut BTreeSet<String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            tables(&path, found)?;
        } else {
            let text = fs::read_to_string(&path)?;
            let statements = text.lines().filter_map(|line| line.split("--").next());
            found.extend(statements.flat_map(words).map(str::to_owned));
        }
    }
    Ok(())
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').filter(|word| !word.is_empty())
}

/// What is declared by the macros: the first name behind the brace and its comments.
fn declared(code: &str) -> BTreeSet<String> {
    let blocks = DECLARING.iter().flat_map(|macro_name| code.split(macro_name).skip(1));
    blocks.filter_map(|block| words(block).next()).map(str::to_owned).collect()
}

/// The public types of a source, but for its errors, which are told in words elsewhere.
fn public_types(code: &str) -> BTreeSet<String> {
    let lines = code.lines().filter_map(|line| line.trim_start().strip_prefix("pub "));
    let types = lines.filter_map(|line| ["struct ", "enum ", "trait ", "type "].iter().find_map(|kind| line.strip_prefix(kind)));
    types.filter_map(|rest| words(rest).next()).filter(|name| !name.ends_with("Error")).map(str::to_owned).collect()
}

/// All that is wrong with a glossary, in words.
fn problems(glossary: &str, in_code: &BTreeSet<String>, due: &BTreeSet<String>) -> Result<Vec<String>> {
    let (mut found, mut terms, mut named, mut to_come) = (Vec::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for row in rows(glossary)? {
        if row.chinese != NONE && !terms.insert(row.chinese.clone()) {
            found.push(format!("{} stands twice", row.chinese));
        }
        for name in row.names {
            if !row.is_to_come && !in_code.contains(&name) {
                found.push(format!("{name} stands nowhere in the code"));
            }
            if !(if row.is_to_come { &mut to_come } else { &mut named }).insert(name.clone()) {
                found.push(format!("{name} stands twice"));
            }
        }
    }
    found.extend(named.intersection(&to_come).map(|name| format!("{name} is both here and to come")));
    found.extend(due.difference(&named).map(|name| format!("{name} has no row")));
    Ok(found)
}

#[test]
fn every_noun_stands_in_the_glossary_and_every_name_of_it_in_the_code() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let glossary = fs::read_to_string(root.join("docs/GLOSSARY.md"))?;
    let (mut in_code, mut kinds, mut engine) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    tables(&root.join("migrations"), &mut in_code)?;
    for (path, text) in tidy::all()? {
        if path == "tests/suites/glossary.rs" {
            continue;
        }
        let code = code_only(&text);
        in_code.extend(words(&code).map(str::to_owned));
        if DECLARED.iter().any(|folder| path.starts_with(folder)) {
            kinds.extend(declared(&code));
        }
        if ENGINE.iter().any(|place| path.starts_with(place)) {
            engine.extend(public_types(&code));
        }
    }
    ensure!(
        kinds.len() >= 15 && kinds.contains("Elder") && kinds.contains("Meal"),
        "declarations are looked for in the wrong way: {kinds:?}"
    );
    ensure!(engine.len() >= 20 && engine.contains("Exchange"), "public types are looked for in the wrong way: {engine:?}");
    let due = kinds.union(&engine).cloned().collect();
    let found = problems(&glossary, &in_code, &due)?;
    ensure!(found.is_empty(), "docs/GLOSSARY.md:\n{}", found.join("\n"));
    Ok(())
}

#[test]
fn what_is_wrong_with_a_glossary_is_found() -> Result<()> {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let source = "record! {\n    /// Ghost\n    Elder \"elder\" { }\n}\n// Phantom\npub struct Order; let a = \"Spectre\"; let b = r#\"a \" Wraith\"#; 'x: '\"';";
    let code = code_only(source);
    let in_code: BTreeSet<String> = words(&code).map(str::to_owned).collect();
    ensure!(["Ghost", "Phantom", "Spectre", "Wraith"].iter().all(|name| !in_code.contains(*name)), "{in_code:?}");
    ensure!(declared(&code) == set(&["Elder"]) && public_types(&code) == set(&["Order"]));
    let head = "| Chinese | name in code | standard term | meaning |\n| --- | --- | --- | --- |\n";
    let due = set(&["Elder", "Order"]);
    let wrong = format!(
        "{head}| 长者 | `Elder` | client | a |\n| 长者 | `Ghost` | b | c |\n| — | `Elder` | d | e |\n## {TO_COME}\n| 补贴 | `Elder` | f | g |\n"
    );
    let expect = [
        "长者 stands twice",
        "Ghost stands nowhere in the code",
        "Elder stands twice",
        "Elder is both here and to come",
        "Order has no row",
    ];
    ensure!(problems(&wrong, &in_code, &due)? == expect, "{:?}", problems(&wrong, &in_code, &due)?);
    ensure!(problems(&format!("{head}| 长者 | `Elder`, `Order` | client | a |\n"), &in_code, &due)?.is_empty());
    ensure!(rows("| a | `b` | c |\n").is_err() && rows("| a | `b` |  | c |\n").is_err());
    Ok(())
}
