//! The screens: crate `ui` to wasm, wasm-bindgen over it, and the static files of `ui/web`, all into `dist/`.
//! Does nothing when nothing has changed since the last time.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest as _, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::setup::WasmWay;
use crate::shell::{Workshop, short, step};

const TARGET: &str = "wasm32-unknown-unknown";
/// What the page is made of.
const INPUTS: &[&str] = &["Cargo.toml", "Cargo.lock", "ui", "shared", "xtask/src/wasm.rs"];

/// Brings `dist/` up to date.
pub fn build(shop: &Workshop, way: WasmWay) -> Result<()> {
    let dist = shop.dist();
    let stamp = shop.root.join("target").join("dist.stamp");
    let inputs = fingerprint(&shop.root, way)?;
    if dist.join("ui_bg.wasm").is_file() && fs::read_to_string(&stamp).is_ok_and(|last| last == inputs) {
        println!("==> 界面没有变化，沿用 {}", short(shop, &dist));
        return Ok(());
    }
    let (mut cargo, folder) = compiler(shop, way);
    step("构建界面 ui（wasm）", &mut cargo)?;

    // No wasm-opt: Debian's (108) writes the export of the second table wrongly, so that the page does not start,
    // and it would save three parts in a hundred of what travels.
    let start = Instant::now();
    let bound = folder.join("bound");
    if bound.exists() {
        fs::remove_dir_all(&bound)?;
    }
    let built = folder.join(TARGET).join("wasm").join("ui.wasm");
    Bindgen::new()
        .input_path(&built)
        .web(true)
        .and_then(|bindgen| bindgen.typescript(false).demangle(false).generate(&bound))
        .with_context(|| format!("wasm-bindgen 处理不了 {}", built.display()))?;
    let mut files = files_below(&bound)?;
    files.extend(files_below(&shop.root.join("ui").join("web"))?);
    replace(&dist, &files)?;
    fs::create_dir_all(shop.root.join("target"))?;
    fs::write(stamp, inputs)?;

    let (size, packed) = sizes(&dist.join("ui_bg.wasm"))?;
    println!("    wasm {size} KB，gzip 后 {packed} KB；绑定用时 {:.1} 秒", start.elapsed().as_secs_f64());
    Ok(())
}

/// The cargo that can build for wasm here, and its target folder, apart from that of native builds.
fn compiler(shop: &Workshop, way: WasmWay) -> (Command, PathBuf) {
    let build = ["rustc", "--package", "ui", "--lib", "--profile", "wasm", "--target", TARGET];
    // Stripping would take away the section by which wasm-bindgen knows what the compiler made use of.
    let keep = ["--", "-C", "link-arg=--keep-section=target_features"];
    let (mut command, folder) = match way {
        WasmWay::Host => (shop.cargo(build), shop.cache.join("wasm-target")),
        WasmWay::Debian => {
            let mut command = shop.command("/usr/bin/cargo");
            command
                .args(build)
                .args(["-Z", "build-std=std,panic_abort"])
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19")
                .env("RUSTC", "/usr/bin/rustc")
                .env("RUSTC_BOOTSTRAP", "1")
                // Set by rustup and `cargo run` for the host's own Rust.
                .env_remove("LD_LIBRARY_PATH")
                .env_remove("RUSTUP_TOOLCHAIN")
                .env_remove("CARGO");
            (command, shop.cache.join("wasm-target-debian"))
        }
    };
    // Leptos forgets the types of views between components: a much smaller page for a hardly slower one.
    command.args(keep).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "--cfg erase_components").env("CARGO_TARGET_DIR", &folder);
    (command, folder)
}

/// One hash over the names and contents of all inputs.
fn fingerprint(root: &Path, way: WasmWay) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(format!("{way:?}"));
    for input in INPUTS {
        let path = root.join(input);
        let files = if path.is_dir() { files_below(&path)? } else { BTreeMap::from([(PathBuf::new(), path)]) };
        for (name, file) in files {
            let content = fs::read(&file).with_context(|| format!("读不了 {}", file.display()))?;
            hash.update(format!("{input}/{}:{}\n", name.display(), content.len()));
            hash.update(content);
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// All files below a folder, by their path in it; none where the folder is missing.
fn files_below(folder: &Path) -> Result<BTreeMap<PathBuf, PathBuf>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        if !next.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(folder)?.to_path_buf(), path);
            }
        }
    }
    Ok(files)
}

/// Makes `dist` hold exactly these files; those that are the same keep their time, so that nothing is built again for them.
fn replace(dist: &Path, files: &BTreeMap<PathBuf, PathBuf>) -> Result<()> {
    for (name, old) in files_below(dist)? {
        if !files.contains_key(&name) {
            fs::remove_file(old)?;
        }
    }
    for (name, source) in files {
        let place = dist.join(name);
        let content = fs::read(source)?;
        if fs::read(&place).is_ok_and(|present| present == content) {
            continue;
        }
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&place, content).with_context(|| format!("写不了 {}", place.display()))?;
    }
    Ok(())
}

/// Size in KB as it is, and gzipped.
fn sizes(file: &Path) -> Result<(usize, usize)> {
    let content = fs::read(file)?;
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&content)?;
    Ok((content.len() / 1024, packer.finish()?.len() / 1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dist_holds_exactly_what_was_made() {
        let folder = std::env::temp_dir().join(format!("yinling-xtask-{}", std::process::id()));
        let (made, dist) = (folder.join("made"), folder.join("dist"));
        fs::create_dir_all(made.join("icons")).unwrap();
        fs::create_dir_all(&dist).unwrap();
        fs::write(made.join("index.html"), "new").unwrap();
        fs::write(made.join("icons/a.svg"), "<svg/>").unwrap();
        fs::write(dist.join("index.html"), "old").unwrap();
        fs::write(dist.join("stale.js"), "").unwrap();
        replace(&dist, &files_below(&made).unwrap()).unwrap();
        let names: Vec<_> = files_below(&dist).unwrap().into_keys().collect();
        assert_eq!(names, [PathBuf::from("icons/a.svg"), PathBuf::from("index.html")]);
        assert_eq!(fs::read_to_string(dist.join("index.html")).unwrap(), "new");
        fs::remove_dir_all(folder).unwrap();
    }
}
