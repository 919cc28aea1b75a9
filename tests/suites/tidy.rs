//! The shape of the tree: who may depend on whom, where SQL may stand, how long a file may grow, and
//! that each module says what it is.

use anyhow::{Context, Result, ensure};
use shared::kinds::RecordKind;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if path.is_dir() && !matches!(name.as_str(), "target" | "gen" | "node_modules") && !name.starts_with('.') {
            rust_files(&path, found)?;
        } else if name.ends_with(".rs") {
            found.push(path);
        }
    }
    Ok(())
}

/// All sources, by path.
pub fn all() -> Result<Vec<(String, String)>> {
    let root = root();
    let mut found = Vec::new();
    for folder in ["shared", "src-tauri", "sync-server", "ui", "tests", "xtask"] {
        rust_files(&root.join(folder), &mut found)?;
    }
    found.into_iter().map(|path| Ok((path.strip_prefix(&root)?.display().to_string(), fs::read_to_string(&path)?))).collect()
}

#[test]
fn every_module_says_what_it_is_and_stays_short() -> Result<()> {
    for (path, text) in all()? {
        ensure!(text.starts_with("//!"), "{path} does not open with what lives there");
        let lines = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().lines().count();
        ensure!(lines <= 400, "{path} has {lines} lines: a room too large");
    }
    Ok(())
}

#[test]
fn examples_are_tests_and_not_documentation() -> Result<()> {
    for (path, text) in all()? {
        let fences = text.lines().filter(|line| line.trim_start().starts_with("//")).filter_map(|line| line.split_once("```"));
        for (_, language) in fences.step_by(2) {
            ensure!(language == "text", "{path}: no run of the tests would see this example");
        }
    }
    Ok(())
}

#[test]
fn sql_stands_in_stores_only() -> Result<()> {
    for (path, text) in all()? {
        let product =
            path.starts_with("src-tauri") || path.starts_with("sync-server/src") || path.starts_with("shared") || path.starts_with("ui");
        // The statements of lists are text that follows from their specs, the same for desk and server.
        if !product || path.contains("/store/") || path == "shared/src/list/sql.rs" {
            continue;
        }
        for word in ["SELECT ", "INSERT INTO", "DELETE FROM", "CREATE TABLE"] {
            ensure!(!text.contains(word), "{path} holds SQL ({word})");
        }
    }
    Ok(())
}

/// Where the server works on records of whatever kind. What one kind needs is declared, or stands in a projector.
const ENGINE: [&str; 13] = [
    "journal.rs",
    "journal/",
    "store/check.rs",
    "store/conflict.rs",
    "store/feed.rs",
    "store/list.rs",
    "store/log.rs",
    "store/quarantine.rs",
    "store/row.rs",
    "store/scope.rs",
    "store/setting.rs",
    "store/snapshot.rs",
    "store/table.rs",
];
/// What it may know of the kinds: that there are some, and who writes them.
const OF_ALL_KINDS: [&str; 2] = ["RecordKind", "Level"];

/// The names of the product's kinds that a source takes from `shared::kinds`, or singles out of `RecordKind`.
fn nouns(text: &str) -> Vec<String> {
    let word = |rest: &str| rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default().to_owned();
    let mut found = Vec::new();
    for rest in text.split("kinds::").skip(1) {
        let names = match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default().split(',').map(|name| name.trim().to_owned()).collect(),
            None => vec![if rest.starts_with('*') { "*".to_owned() } else { word(rest) }],
        };
        found.extend(names.into_iter().filter(|name| !name.is_empty() && !OF_ALL_KINDS.contains(&name.as_str())));
    }
    // `ALL`, `KEYS` and what is asked of any kind are none; a kind is written like a type.
    let is_kind =
        |rest: &&str| rest.starts_with(['*', '{']) || word(rest).contains(char::is_lowercase) && rest.starts_with(char::is_uppercase);
    found.extend(text.split("RecordKind::").skip(1).filter(is_kind).map(|rest| format!("RecordKind::{}", word(rest))));
    found
}

#[test]
fn the_engine_of_the_server_names_no_kind() -> Result<()> {
    let all = all()?;
    for room in ENGINE {
        let files: Vec<_> = all.iter().filter(|(path, _)| path.starts_with(&format!("sync-server/src/{room}"))).collect();
        ensure!(!files.is_empty(), "{room} is gone: where is it now?");
        for (path, text) in files {
            let named = nouns(text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default());
            ensure!(named.is_empty(), "{path} names {named:?}: declare what it needs of them, or write a projector");
        }
    }
    let told =
        "use shared::kinds::{Level, Order, RecordKind};\nif kind == RecordKind::Elder || RecordKind::ALL.contains(shared::kinds::Receipt)";
    ensure!(nouns(told) == ["Order", "Receipt", "RecordKind::Elder"], "{:?}", nouns(told));
    Ok(())
}

#[test]
fn dependencies_point_one_way() -> Result<()> {
    for (path, banned) in [
        ("shared/Cargo.toml", &["rusqlite", "sqlx", "reqwest", "tokio", "tauri", "leptos", "axum"][..]),
        ("src-tauri/desk/Cargo.toml", &["tauri", "leptos", "sync-server"]),
        ("src-tauri/Cargo.toml", &["rusqlite", "automerge", "reqwest", "sync-server"]),
        ("ui/Cargo.toml", &["automerge", "rusqlite", "tokio", "desk", "sync-server"]),
        ("ui/key/Cargo.toml", &["leptos", "automerge", "rusqlite", "tokio", "desk", "sync-server", "ui", "gloo-net"]),
        ("sync-server/Cargo.toml", &["tauri", "leptos", "desk"]),
    ] {
        let text = fs::read_to_string(root().join(path))?;
        let dependencies = text.split("[dev-dependencies]").next().unwrap_or_default();
        for name in banned {
            let found = dependencies.lines().any(|line| line.starts_with(&format!("{name}.")) || line.starts_with(&format!("{name} ")));
            ensure!(!found, "{path} must not depend on {name}");
        }
    }
    for (path, text) in all()? {
        if path.starts_with("src-tauri/desk/src/") && !path.contains("/cli/") && !path.ends_with("main.rs") {
            ensure!(!text.contains("axum"), "{path}: the web server belongs to the program, not to the library");
        }
    }
    Ok(())
}

/// Tests and benches turn it on; who packs a program does not name it.
#[test]
fn no_program_that_is_shipped_is_built_with_what_makes_data_up() -> Result<()> {
    for path in ["src-tauri/desk/Cargo.toml", "sync-server/Cargo.toml"] {
        let text = fs::read_to_string(root().join(path))?;
        ensure!(text.contains("drill = []") && !text.contains("default ="), "{path}: a feature that is on by itself is in every program");
    }
    for path in ["Cargo.toml", "shared/Cargo.toml", "src-tauri/Cargo.toml", "ui/embed/Cargo.toml", "xtask/Cargo.toml"] {
        ensure!(!fs::read_to_string(root().join(path))?.contains("drill"), "{path} turns it on");
    }
    let packs = fs::read_to_string(root().join("xtask/src/bundle.rs"))?;
    let whole = |start: &str| packs.split(start).nth(1).and_then(|rest| rest.split("\n}\n").next()).unwrap_or_default().to_owned();
    let (built, packed) = (whole("fn released("), whole("pub fn bundle("));
    ensure!(built.contains("--release") && !built.contains("DRILL"), "the build of what is shipped has it: {built}");
    ensure!(
        packed.contains("released(shop, PROGRAMS)") && packed.contains("in DRILLS"),
        "what is packed is asked whether it has it: {packed}"
    );
    for (path, acts) in [("sync-server/src/arguments.rs", &["Demo {"][..]), ("src-tauri/desk/src/cli/mod.rs", &["Bench {", "Demo {"])] {
        let text = fs::read_to_string(root().join(path))?;
        for act in acts {
            let before = text.split(&format!("    {act}\n")).next().unwrap_or_default().trim_end();
            let lines: Vec<&str> = before.lines().rev().take(3).map(str::trim).collect();
            ensure!(before.len() < text.len() && lines.contains(&"#[cfg(feature = \"drill\")]"), "{path}: {act} {lines:?}");
        }
    }
    Ok(())
}

#[test]
fn one_engine_of_sqlite_in_the_lock() -> Result<()> {
    let lock = fs::read_to_string(root().join("Cargo.lock"))?;
    ensure!(lock.matches("name = \"libsqlite3-sys\"").count() == 1, "two builds of SQLite");
    ensure!(!lock.contains("name = \"sqlx\""), "sqlx does not resolve beside this rusqlite");
    Ok(())
}

const DESK: &str = "src-tauri/desk/src/";

/// Of the desk's library, what is no engine: what knows all features (commands and scripts by name, the benches' work), the office's
/// lists as they are read for the import, and the store with its file a table.
const NO_ENGINE: [&str; 9] = ["features/", "call.rs", "script.rs", "workload.rs", "import/", "store/", "cli/", "main.rs", "lib.rs"];

/// Modules of the store that read the tables of some noun.
const TABLES: [&str; 8] = ["disclosure", "doubt", "elder", "import", "master", "order", "staff", "transfer"];

/// Where the engine names a noun all the same, and why.
const NAMED: &[(&str, &[&str], &str)] = &[
    (
        "listed.rs",
        &["Elder", "elder", "import", "order"],
        "whom a list names that stands here, in the transaction of what took her file back",
    ),
    ("sealing.rs", &["Elder", "ElderKey"], "whose keys seal, and the records that carry them"),
    ("save.rs", &["master"], "the canteens to choose from in a form, and where they lie"),
    (
        "title.rs",
        &["elder", "master", "staff"],
        "the names of those who left, of canteens, which records name by code, and of who wrote a change",
    ),
    ("sync/apply.rs", &["Elder", "ElderKey", "Order", "elder"], "what else goes when a record leaves: its author, its number, its keys"),
    ("sync/client_store.rs", &["Device", "master"], "the centre may have put this desk elsewhere"),
];

/// The desk's sources below a folder without comments and tests, also those in files of their own, by their path in there.
fn desk_code(below: &str) -> Result<Vec<(String, String)>> {
    let is_test = |path: &str| path.ends_with("/tests.rs") || path.contains("/tests/");
    let code = |text: &str| {
        let product = text.split("#[cfg(test)]").next().unwrap_or_default();
        product.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
    };
    let below = format!("{DESK}{below}");
    let product = all()?.into_iter().filter(|(path, _)| !is_test(path));
    Ok(product.filter_map(|(path, text)| Some((path.strip_prefix(&below)?.to_owned(), code(&text)))).collect())
}

/// The words that follow on a path in some code: the next one, or all in its braces.
fn words_after(code: &str, path: &str) -> BTreeSet<String> {
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut words = BTreeSet::new();
    for rest in code.split(path).skip(1) {
        let group = rest.strip_prefix('{').and_then(|rest| rest.split('}').next());
        let group = group.unwrap_or_else(|| rest.split(|letter| !is_letter(letter)).next().unwrap_or_default());
        words.extend(group.split(|letter| !is_letter(letter)).filter(|word| !word.is_empty()).map(str::to_owned));
    }
    words
}

#[test]
fn a_feature_of_the_desk_plans_by_a_look_and_knows_no_other() -> Result<()> {
    let sources = desk_code("features/")?;
    let noun = |path: &str| path.split(['/', '.']).next().unwrap_or_default().to_owned();
    let nouns: BTreeSet<String> = sources.iter().map(|(path, _)| noun(path)).filter(|noun| noun != "mod").collect();
    ensure!(nouns.len() > 3, "where are they? {nouns:?}");
    for (path, code) in &sources {
        for word in ["rusqlite", "crate::desk", "Inner", "SELECT ", "INSERT ", "UPDATE ", "DELETE ", ".execute(", ".prepare", ".query_"] {
            ensure!(!code.contains(word), "features/{path} reaches around its look ({word})");
        }
        if path == "mod.rs" {
            continue;
        }
        let mut named = words_after(code, "features::");
        named.extend(words_after(code, "super::super::"));
        if !path.contains('/') || path.ends_with("/mod.rs") {
            named.extend(words_after(code, "super::"));
        }
        let others: Vec<&String> = named.iter().filter(|name| nouns.contains(*name) && **name != noun(path)).collect();
        ensure!(others.is_empty(), "features/{path} knows {others:?}");
    }
    Ok(())
}

#[test]
fn the_engine_of_the_desk_names_no_noun() -> Result<()> {
    let (kinds, mut found) = (RecordKind::ALL.iter().map(|kind| format!("{kind:?}")).collect::<BTreeSet<_>>(), BTreeMap::new());
    for (path, code) in desk_code("")?.into_iter().filter(|(path, _)| !NO_ENGINE.iter().any(|part| path.starts_with(part))) {
        let mut words = words_after(&code, "RecordKind::");
        words.extend(words_after(&code, "kinds::"));
        words.retain(|word| kinds.contains(word));
        words.extend(words_after(&code, "store::").into_iter().filter(|word| TABLES.contains(&word.as_str())));
        if !words.is_empty() {
            found.insert(path, words);
        }
    }
    let named = NAMED.iter().map(|(path, words, _)| ((*path).to_owned(), words.iter().map(|word| (*word).to_owned()).collect()));
    let named: BTreeMap<String, BTreeSet<String>> = named.collect();
    ensure!(found == named, "the engine names {found:?}, and may name {named:?}");
    Ok(())
}
