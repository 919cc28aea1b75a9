//! The shape of the tree: who may depend on whom, where SQL may stand, how long a file may grow, and
//! that each module says what it is.

use anyhow::{Context, Result, ensure};
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

#[test]
fn dependencies_point_one_way() -> Result<()> {
    for (path, banned) in [
        ("shared/Cargo.toml", &["rusqlite", "sqlx", "reqwest", "tokio", "tauri", "leptos", "axum"][..]),
        ("src-tauri/desk/Cargo.toml", &["tauri", "leptos", "sync-server"]),
        ("src-tauri/Cargo.toml", &["rusqlite", "automerge", "reqwest", "sync-server"]),
        ("ui/Cargo.toml", &["automerge", "rusqlite", "tokio", "desk", "sync-server"]),
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

#[test]
fn one_engine_of_sqlite_in_the_lock() -> Result<()> {
    let lock = fs::read_to_string(root().join("Cargo.lock"))?;
    ensure!(lock.matches("name = \"libsqlite3-sys\"").count() == 1, "two builds of SQLite");
    ensure!(!lock.contains("name = \"sqlx\""), "sqlx does not resolve beside this rusqlite");
    Ok(())
}
