//! What the programs are made of: the packages of Cargo.lock, what is known against them, by which licences they come, and the list of
//! them that goes with a release. Lives here: the packages and the report; advisories, licences and the bill of materials beside it.

mod advisories;
mod judged;
mod licences;
mod sbom;
mod yanked;

pub use advisories::remake;
pub use sbom::write as write_sbom;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};
use jiff::civil::Date;
use semver::Version;
use serde::Deserialize;

use crate::shell::Workshop;

/// The one registry from which packages come.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";
/// A snapshot of the advisories older than this is warned about.
const OLD_AFTER_DAYS: i64 = 90;

/// A package as Cargo.lock holds it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct Package {
    name: String,
    version: Version,
    source: Option<String>,
    checksum: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Lock {
    package: Vec<Package>,
}

/// The packages of Cargo.lock that are not our own.
fn locked(root: &Path) -> Result<Vec<Package>> {
    let lock: Lock = toml::from_str(&fs::read_to_string(root.join("Cargo.lock"))?)?;
    Ok(lock.package.into_iter().filter(|package| package.source.is_some()).collect())
}

/// What cargo tells of all packages, by name and version: their licence expression. It reads what is on the machine and asks no network.
fn described(shop: &Workshop) -> Result<BTreeMap<(String, Version), String>> {
    #[derive(Deserialize)]
    struct Told {
        packages: Vec<One>,
    }
    #[derive(Deserialize)]
    struct One {
        name: String,
        version: Version,
        license: Option<String>,
    }
    let output = shop.cargo(["metadata", "--format-version", "1", "--locked", "--offline"]).output()?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let told: Told = serde_json::from_slice(&output.stdout)?;
    Ok(told.packages.into_iter().map(|one| ((one.name, one.version), one.license.unwrap_or_default())).collect())
}

/// Where packages come from elsewhere, or without a checksum.
fn foreign(packages: &[Package]) -> Vec<String> {
    let foreign = packages.iter().filter(|package| package.source.as_deref() != Some(REGISTRY) || package.checksum.is_none());
    foreign.map(|package| format!("{} {} 不是来自 crates.io，或没有校验和", package.name, package.version)).collect()
}

/// All that speaks against the packages as they are locked.
fn problems(shop: &Workshop) -> Result<Vec<String>> {
    let packages = locked(&shop.root)?;
    let known = advisories::read(&shop.root)?;
    let mut problems = judged::problems(&known.advisories, &packages);
    problems.extend(yanked::of(&packages).1);
    problems.extend(foreign(&packages));
    problems.extend(licences::problems(&packages, &described(shop)?));
    Ok(problems)
}

/// Says how old the snapshot of the advisories is, what was judged, and what speaks against the packages. Only the last is a failure.
pub fn report(shop: &Workshop) -> Result<()> {
    let packages = locked(&shop.root)?;
    let known = advisories::read(&shop.root)?;
    let today: Date = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let age = known.taken.until(today)?.get_days();
    println!("依赖 {} 个；安全公告 {} 条，快照 {}（{}），已 {age} 天", packages.len(), known.advisories.len(), known.taken, known.commit);
    if i64::from(age) > OLD_AFTER_DAYS {
        println!("注意：快照超过 {OLD_AFTER_DAYS} 天。取一份新的 rustsec/advisory-db，运行 cargo xtask advisories 文件夹");
    }
    println!("撤回（yanked）：{} 个依赖在本机的索引中可查", yanked::of(&packages).0);
    for judged in judged::JUDGED {
        println!("已评估 {} {}：{}", judged.id, judged.package, judged.reason);
    }
    let problems = problems(shop)?;
    problems.iter().for_each(|problem| println!("问题：{problem}"));
    ensure!(problems.is_empty(), "{} 个问题", problems.len());
    println!("没有问题");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_speaks_against_the_packages_as_they_are_locked() -> Result<()> {
        let shop = Workshop::find()?;
        let problems = problems(&shop)?;
        ensure!(problems.is_empty(), "{problems:#?}");
        Ok(())
    }

    #[test]
    fn another_source_or_a_missing_checksum_is_named() -> Result<()> {
        let shop = Workshop::find()?;
        let packages = locked(&shop.root)?;
        ensure!(packages.len() > 500 && foreign(&packages).is_empty());
        let mut from_git = packages[0].clone();
        from_git.source = Some("git+https://example.org/fork#1".into());
        let mut unsummed = packages[1].clone();
        unsummed.checksum = None;
        ensure!(foreign(&[from_git, unsummed]).len() == 2);
        Ok(())
    }
}
