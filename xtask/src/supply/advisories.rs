//! The advisories known of packages: a snapshot of the RustSec database with its date, and a short list by hand of what only GitHub's database
//! has. Lives here: how a snapshot is made from a checkout and read, and when an advisory speaks of a version. It never fails by age.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use jiff::civil::Date;
use semver::{Version, VersionReq};
use serde::Deserialize;

use crate::shell::{Workshop, answer, short};

/// One advisory a line: id, package, date, kind, patched, unaffected, title, parted by tabs; several ranges by ` | `.
const SNAPSHOT: &str = "xtask/supply/advisories.tsv";
/// The same for what RustSec lacks.
const BY_HAND: &str = "xtask/supply/ghsa.tsv";
const OR: &str = " | ";

/// What an advisory is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A hole.
    Vulnerability,
    /// Safe code can break memory.
    Unsound,
    /// Nobody looks after it.
    Unmaintained,
    /// Something to know.
    Notice,
}

impl About {
    const ALL: [(Self, &str); 4] = [
        (Self::Vulnerability, "vulnerability"),
        (Self::Unsound, "unsound"),
        (Self::Unmaintained, "unmaintained"),
        (Self::Notice, "notice"),
    ];

    fn parse(word: &str) -> Result<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(about, _)| *about).with_context(|| format!("no kind of advisory: {word}"))
    }

    /// As it stands in the snapshot.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(about, _)| *about == self).map_or("", |(_, word)| *word)
    }
}

/// One advisory.
#[derive(Clone, Debug)]
pub struct Advisory {
    pub id: String,
    pub package: String,
    pub about: About,
    pub title: String,
    /// Of a package that is patched or was never affected.
    fine: Vec<VersionReq>,
}

impl Advisory {
    /// Whether it speaks of that version: neither patched nor unaffected. A preliminary release counts as what it comes before.
    pub fn speaks_of(&self, package: &str, version: &Version) -> bool {
        self.package == package && !self.fine.iter().any(|range| range.matches(version))
    }

    /// Reads a line of the snapshot.
    pub fn parse(line: &str) -> Result<Self> {
        let [id, package, date, about, patched, unaffected, title] = line.split('\t').collect::<Vec<_>>()[..] else {
            bail!("not seven columns: {line}");
        };
        date.parse::<Date>().with_context(|| format!("{id}: {date}"))?;
        let ranges = [patched, unaffected].into_iter().flat_map(|ranges| ranges.split(OR)).filter(|range| !range.is_empty());
        Ok(Self {
            id: id.to_owned(),
            package: package.to_owned(),
            about: About::parse(about)?,
            title: title.to_owned(),
            fine: ranges.map(|range| range.parse().with_context(|| format!("{id}: {range}"))).collect::<Result<_>>()?,
        })
    }
}

/// What is known.
#[derive(Debug)]
pub struct Known {
    /// The day of the snapshot's last change.
    pub taken: Date,
    /// The commit of the database.
    pub commit: String,
    pub advisories: Vec<Advisory>,
}

fn parse(text: &str) -> Result<Vec<Advisory>> {
    text.lines().filter(|line| !line.starts_with('#')).map(Advisory::parse).collect()
}

/// Reads snapshot and hand list.
pub fn read(root: &Path) -> Result<Known> {
    let text = fs::read_to_string(root.join(SNAPSHOT))?;
    let head = text.lines().next().and_then(|line| line.strip_prefix("# rustsec/advisory-db ")).context("the snapshot has no head")?;
    let (commit, taken) = head.split_once(' ').context("the head names commit and day")?;
    let mut advisories = parse(&text)?;
    advisories.extend(parse(&fs::read_to_string(root.join(BY_HAND))?)?);
    Ok(Known { taken: taken.parse()?, commit: commit.to_owned(), advisories })
}

#[derive(Debug, Deserialize)]
struct Front {
    advisory: Head,
    versions: Versions,
}

#[derive(Debug, Deserialize)]
struct Head {
    id: String,
    package: String,
    date: String,
    informational: Option<String>,
    withdrawn: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Versions {
    #[serde(default)]
    patched: Vec<String>,
    #[serde(default)]
    unaffected: Vec<String>,
}

/// One file of the database as a line; `None` for one that was withdrawn.
fn line_of(text: &str) -> Result<Option<String>> {
    let (_, rest) = text.split_once("```toml").context("no head")?;
    let (head, body) = rest.split_once("```").context("the head has no end")?;
    let Front { advisory, versions } = toml::from_str(head)?;
    if advisory.withdrawn.is_some() {
        return Ok(None);
    }
    let title = body.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default().replace('\t', " ");
    let about = advisory.informational.as_deref().unwrap_or(About::Vulnerability.word());
    let (patched, unaffected) = (versions.patched.join(OR), versions.unaffected.join(OR));
    let line = [&advisory.id, &advisory.package, &advisory.date, about, &patched, &unaffected, title.trim()].join("\t");
    Advisory::parse(&line)?;
    Ok(Some(line))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{} 不是 advisory-db 的检出", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            files(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    Ok(())
}

/// Makes the snapshot anew from a checkout of `rustsec/advisory-db`.
pub fn remake(shop: &Workshop, checkout: &Path) -> Result<()> {
    let git = |format: &str| {
        let mut git = Command::new("git");
        answer(git.arg("-C").arg(checkout).args(["log", "-1", "--date=short", &format!("--format={format}")]))
    };
    let commit = git("%H").context("git 读不出这个检出")?;
    let day = git("%cd").context("git 读不出这个检出")?;
    let mut found = Vec::new();
    files(&checkout.join("crates"), &mut found)?;
    let mut lines = Vec::new();
    for path in found {
        let line = line_of(&fs::read_to_string(&path)?).with_context(|| path.display().to_string())?;
        lines.extend(line);
    }
    lines.sort();
    ensure!(lines.len() > 1000, "只有 {} 条公告，这个检出不完整", lines.len());
    let head = format!(
        "# rustsec/advisory-db {} {}\n# made by `cargo xtask advisories`; CC0-1.0, from GitHub's database CC-BY-4.0\n",
        commit.trim(),
        day.trim()
    );
    let place = shop.root.join(SNAPSHOT);
    fs::write(&place, head + &lines.join("\n") + "\n")?;
    println!("{}：{} 条公告，{}", short(shop, &place), lines.len(), day.trim());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_database_becomes_a_line_that_speaks_of_its_versions() -> Result<()> {
        let file = "```toml\n[advisory]\nid = \"RUSTSEC-2030-0001\"\npackage = \"abacus\"\ndate = \"2030-01-02\"\n\n[versions]\n\
                    patched = [\">= 1.2.3, < 2.0.0\", \">= 2.0.5\"]\nunaffected = [\"< 1.0.0\"]\n```\n\n# Beads\tlost\n\nMore.\n";
        let advisory = Advisory::parse(&line_of(file)?.context("withdrawn?")?)?;
        assert_eq!((advisory.about, advisory.title.as_str()), (About::Vulnerability, "Beads lost"));
        let speaks = |version: &str| advisory.speaks_of("abacus", &version.parse().unwrap());
        assert_eq!(["0.9.0", "1.0.0", "1.2.2", "1.2.3", "2.0.4", "2.0.5"].map(speaks), [false, true, true, false, true, false]);
        assert!(speaks("2.0.5-rc.1") && !advisory.speaks_of("bead", &Version::new(1, 0, 0)));
        assert_eq!(line_of(&file.replace("date =", "withdrawn = \"2030-02-01\"\ndate ="))?, None);
        assert!(line_of(&file.replace("[versions]", "informational = \"odd\"\n[versions]")).is_err(), "a new kind is looked at by people");
        Ok(())
    }

    #[test]
    fn the_snapshot_is_whole_and_small() -> Result<()> {
        let root = Workshop::find()?.root;
        let known = read(&root)?;
        let of = |about| known.advisories.iter().filter(|advisory| advisory.about == about).count();
        assert!(About::ALL.iter().all(|(about, _)| of(*about) > 0) && of(About::Vulnerability) > 500);
        assert_eq!(known.commit.len(), 40);
        assert!(fs::metadata(root.join(SNAPSHOT))?.len() < 400 * 1024);
        // Each line by hand is what RustSec lacks; once it has it, the line goes.
        let by_hand = parse(&fs::read_to_string(root.join(BY_HAND))?)?;
        assert!(!by_hand.is_empty() && by_hand.iter().all(|advisory| advisory.id.starts_with("GHSA-")));
        Ok(())
    }

    /// The versions that were current when these were found would be told.
    #[test]
    fn what_only_github_has_is_known_by_hand() -> Result<()> {
        let known = read(&Workshop::find()?.root)?;
        let spoken = |package: &str, version: &str| -> Result<usize> {
            let version = version.parse()?;
            Ok(known.advisories.iter().filter(|advisory| advisory.speaks_of(package, &version)).count())
        };
        assert_eq!((spoken("tauri", "2.11.0")?, spoken("tauri", "2.11.1")?), (1, 0));
        assert_eq!((spoken("sm2", "0.14.0-rc.0")?, spoken("sm2", "0.14.0")?), (2, 0));
        Ok(())
    }
}
