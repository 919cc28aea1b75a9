//! The bill of materials of what is released: CycloneDX 1.5, each package that is linked into a program or a page, with checksum and licence,
//! and what needs what. The same checkout gives the same bytes: no time and no random number stands in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use semver::Version;
use serde_json::{Value, json};

use super::{Package, described, licences, locked};
use crate::bundle::{FEATURES, PROGRAMS};
use crate::shell::{Workshop, short};

/// What is released, as cargo names it: the programs with the features of all of them together, and the pages that they carry.
fn released() -> [Vec<&'static str>; 2] {
    let programs = PROGRAMS.iter().flat_map(|program| ["--package", program]).chain(["--features", FEATURES]);
    [programs.collect(), vec!["--package", "ui", "--features", "page", "--target", "wasm32-unknown-unknown"]]
}

/// Packages whose C sources are compiled while others are built and then linked in: cargo takes them for tools.
const LINKED_IN: &[(&str, &str)] = &[("openssl-sys", "openssl-src")];

type Name = (String, Version);

/// What needs what among the released packages.
type Graph = BTreeMap<Name, BTreeSet<Name>>;

/// One line of `cargo tree --prefix depth`: `3|bytes v1.12.1|`.
fn read_line(line: &str) -> Option<(usize, Name)> {
    let mut parts = line.split('|');
    let (depth, package) = (parts.next()?.parse().ok()?, parts.next()?);
    let mut words = package.split(' ');
    let name = words.next()?.to_owned();
    Some((depth, (name, words.next()?.strip_prefix('v')?.parse().ok()?)))
}

/// Takes the lines of a tree into the graph; what a package needs stands below its first mention.
fn read_tree(text: &str, graph: &mut Graph) -> Result<()> {
    let mut above: Vec<Name> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let (depth, name) = read_line(line).with_context(|| format!("cargo tree: {line}"))?;
        above.truncate(depth);
        if let Some(parent) = above.last() {
            graph.entry(parent.clone()).or_default().insert(name.clone());
        }
        graph.entry(name.clone()).or_default();
        above.push(name);
    }
    Ok(())
}

fn graph(shop: &Workshop, packages: &[Package]) -> Result<Graph> {
    let mut graph = Graph::new();
    for what in released() {
        let mut tree = shop.cargo(["tree", "--locked", "--offline", "--edges", "normal", "--prefix", "depth", "--format", "|{p}|"]);
        let output = tree.args(what).output()?;
        ensure!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
        read_tree(&String::from_utf8(output.stdout)?, &mut graph)?;
    }
    for (by, source) in LINKED_IN {
        let named =
            |name: &str| packages.iter().find(|package| package.name == name).map(|package| (name.to_owned(), package.version.clone()));
        let (by, source) = named(by).zip(named(source)).with_context(|| format!("{by} no longer links {source}"))?;
        graph.entry(by).or_default().insert(source.clone());
        graph.entry(source).or_default();
    }
    Ok(graph)
}

fn reference((name, version): &Name) -> String {
    format!("pkg:cargo/{name}@{version}")
}

/// The bill as JSON.
fn bill(shop: &Workshop) -> Result<Value> {
    let packages = locked(&shop.root)?;
    let described = described(shop)?;
    let graph = graph(shop, &packages)?;
    let checksums: BTreeMap<Name, &str> = packages
        .iter()
        .filter_map(|package| Some(((package.name.clone(), package.version.clone()), package.checksum.as_deref()?)))
        .collect();
    let component = |name: &Name| -> Result<Value> {
        let licence = described.get(name).with_context(|| format!("cargo does not know {}", reference(name)))?;
        let program = PROGRAMS.contains(&name.0.as_str()) || name.0 == "ui";
        let mut component = json!({
            "type": if program { "application" } else { "library" },
            "bom-ref": reference(name),
            "name": name.0,
            "version": name.1.to_string(),
            "scope": "required",
            "licenses": [{ "expression": licences::canonical(licence) }],
            "purl": reference(name),
        });
        if let Some(checksum) = checksums.get(name) {
            component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
        }
        Ok(component)
    };
    let needs = |(name, needs): (&Name, &BTreeSet<Name>)| json!({ "ref": reference(name), "dependsOn": needs.iter().map(reference).collect::<Vec<_>>() });
    let whole = format!("yinling@{}", env!("CARGO_PKG_VERSION"));
    let roots: Vec<String> = graph.keys().filter(|name| PROGRAMS.contains(&name.0.as_str()) || name.0 == "ui").map(reference).collect();
    let mut dependencies = vec![json!({ "ref": whole, "dependsOn": roots })];
    dependencies.extend(graph.iter().map(needs));
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": whole,
                "name": "yinling",
                "version": env!("CARGO_PKG_VERSION"),
                "licenses": [{ "expression": "Apache-2.0" }],
            },
        },
        "components": graph.keys().map(component).collect::<Result<Vec<_>>>()?,
        "dependencies": dependencies,
    }))
}

/// Writes the bill to a file.
pub fn write(shop: &Workshop, place: &Path) -> Result<()> {
    let bill = bill(shop)?;
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(place, serde_json::to_string_pretty(&bill)? + "\n")?;
    println!("物料清单：{}，{} 个组件", short(shop, place), bill["components"].as_array().map_or(0, Vec::len));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<'a>(list: &'a Value, key: &str) -> Vec<&'a str> {
        list.as_array().into_iter().flatten().filter_map(|one| one[key].as_str()).collect()
    }

    /// What CycloneDX 1.5 asks of the parts that are used here.
    #[test]
    fn the_bill_has_the_shape_of_cyclonedx_and_is_the_same_each_time() -> Result<()> {
        let shop = Workshop::find()?;
        let bill = bill(&shop)?;
        assert_eq!(serde_json::to_string(&bill)?, serde_json::to_string(&super::bill(&shop)?)?);
        assert_eq!((&bill["bomFormat"], &bill["specVersion"], &bill["version"]), (&json!("CycloneDX"), &json!("1.5"), &json!(1)));
        let known = ["bomFormat", "specVersion", "version", "metadata", "components", "dependencies"];
        assert!(bill.as_object().is_some_and(|bill| bill.keys().all(|key| known.contains(&key.as_str()))));
        let references = texts(&bill["components"], "bom-ref");
        let all: BTreeSet<&str> = references.iter().copied().collect();
        assert_eq!(all.len(), references.len(), "a reference stands twice");
        for component in bill["components"].as_array().context("no components")? {
            assert!(["application", "library"].contains(&component["type"].as_str().unwrap_or_default()), "{component}");
            assert!(
                ["name", "version", "purl"].iter().all(|key| component[key].as_str().is_some_and(|text| !text.is_empty())),
                "{component}"
            );
            let licence = component["licenses"][0]["expression"].as_str().unwrap_or_default();
            assert!(spdx::Expression::parse(licence).is_ok(), "{component}");
            let own = licence == "Apache-2.0" && component.get("hashes").is_none();
            let hash = component["hashes"][0]["content"].as_str().unwrap_or_default();
            assert!(own || hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{component}");
        }
        let refs = texts(&bill["dependencies"], "ref");
        assert_eq!(refs.len(), all.len() + 1);
        for needs in bill["dependencies"].as_array().context("no dependencies")? {
            let on = needs["dependsOn"].as_array().context("no list")?;
            assert!(on.iter().all(|one| one.as_str().is_some_and(|one| all.contains(one))), "{needs}");
        }
        Ok(())
    }

    /// Each program's own tree is in it, all that is needed can be reached from the programs, and nothing of the tests alone is there.
    #[test]
    fn every_released_package_is_in_the_bill() -> Result<()> {
        let shop = Workshop::find()?;
        let bill = bill(&shop)?;
        let all: BTreeSet<&str> = texts(&bill["components"], "purl").into_iter().collect();
        for program in PROGRAMS {
            let tree =
                shop.cargo(["tree", "--locked", "--offline", "--edges", "normal", "--prefix", "none", "--package", program]).output()?;
            let tree = String::from_utf8(tree.stdout)?;
            let missing: Vec<String> = tree
                .lines()
                .filter_map(|line| {
                    Some(format!(
                        "pkg:cargo/{}",
                        line.split_once(" v").map(|(name, rest)| [name, rest.split(' ').next().unwrap_or_default()].join("@"))?
                    ))
                })
                .filter(|package| !all.contains(package.as_str()))
                .collect();
            assert!(tree.lines().count() > 50 && missing.is_empty(), "{program}: {missing:?}");
        }
        let has = |name: &str| all.iter().any(|package| package.starts_with(&format!("pkg:cargo/{name}@")));
        for name in ["shared", "tauri", "axum", "libsqlite3-sys", "openssl-src", "zstd-sys", "leptos", "web-sys"] {
            assert!(has(name), "{name}");
        }
        assert!(!["proptest", "thirtyfour", "jsonschema", "xtask", "tests"].iter().any(|name| has(name)));
        Ok(())
    }
}
