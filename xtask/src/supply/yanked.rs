//! Which packages their authors took back, as far as cargo's own index on this machine tells: what was never looked up there is not known.
//! Lives here: how that index is read. It is asked from no network.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Package;

#[derive(Debug, Deserialize)]
struct Entry {
    vers: String,
    yanked: bool,
}

/// The file of a package in an index: `se/mv/semver`.
fn place(name: &str) -> PathBuf {
    let name = name.to_lowercase();
    let folder = match name.len() {
        1 => "1".to_owned(),
        2 => "2".to_owned(),
        3 => format!("3/{}", &name[..1]),
        _ => format!("{}/{}", &name[..2], &name[2..4]),
    };
    Path::new(&folder).join(name)
}

/// Whether that version was taken back, by the bytes of an index file: versions and JSON by turns, parted by zeros.
fn told(file: &[u8], version: &str) -> Option<bool> {
    let entries = file.split(|byte| *byte == 0).filter(|part| part.starts_with(b"{"));
    let mut entries = entries.filter_map(|part| serde_json::from_slice::<Entry>(part).ok());
    entries.find(|entry| entry.vers == version).map(|entry| entry.yanked)
}

/// How many packages the index knows, and a sentence for each that was taken back.
pub fn of(packages: &[Package]) -> (usize, Vec<String>) {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo"))).unwrap_or_default();
    let indexes: Vec<PathBuf> = fs::read_dir(home.join("registry/index"))
        .map(|folders| folders.flatten().map(|folder| folder.path().join(".cache")).collect())
        .unwrap_or_default();
    let known = packages.iter().filter_map(|package| {
        let files = indexes.iter().filter_map(|index| fs::read(index.join(place(&package.name))).ok());
        let yanked = files.filter_map(|file| told(&file, &package.version.to_string())).max()?;
        Some((package, yanked))
    });
    let known: Vec<_> = known.collect();
    let back = known.iter().filter(|(_, yanked)| *yanked);
    (known.len(), back.map(|(package, _)| format!("{} {} 已被作者撤回（yanked）", package.name, package.version)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_file_tells_what_was_taken_back() {
        let file = b"\x03\x02\0\0\0etag\x000.1.0\0{\"vers\":\"0.1.0\",\"yanked\":true}\x000.2.0\0{\"vers\":\"0.2.0\",\"yanked\":false}\0";
        assert_eq!(["0.1.0", "0.2.0", "0.3.0"].map(|version| told(file, version)), [Some(true), Some(false), None]);
        let places = ["a", "cc", "Zip", "semver"].map(|name| place(name).display().to_string());
        assert_eq!(places, ["1/a", "2/cc", "3/z/zip", "se/mv/semver"]);
    }
}
