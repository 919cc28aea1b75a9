//! The screens: the programs of crate `ui`, and that of `ui-key` which they load, to wasm, wasm-bindgen over each, and the static files of `ui/web`, each
//! program into a folder of `dist/`. Does nothing when nothing has changed since the last time.

mod unused;
mod wordless;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::setup::WasmWay;
use crate::shell::{Workshop, short, step};

const TARGET: &str = "wasm32-unknown-unknown";
/// What the page is made of.
const INPUTS: &[&str] = &["Cargo.toml", "Cargo.lock", "ui", "shared", "xtask/src/wasm.rs", "xtask/src/wasm"];
/// A program of the screens.
struct Program {
    name: &'static str,
    /// The folder of `dist/` in which it lies, and what its files are called there. Several programs may be of one page, which takes one of them.
    place: (&'static str, &'static str),
    /// The folders of `ui/web` from which its page takes its files.
    web: &'static [&'static str],
    /// How much of it may travel, in KiB: all files of its page but those of the page's other programs, packed as they are handed out.
    budget: u64,
}

const fn program(name: &'static str, place: (&'static str, &'static str), web: &'static [&'static str], budget: u64) -> Program {
    Program { name, place, web, budget }
}

const PROGRAMS: &[Program] = &[
    program("desk", ("desk", "ui"), &["kit", "seat", "desk"], 450),
    program("meals", ("desk", "meals"), &["kit", "seat", "desk"], 450),
    program("office", ("desk", "office"), &["kit", "seat", "desk"], 450),
    program("console", ("console", "ui"), &["kit", "console"], 250),
    program("account", ("account", "ui"), &["kit", "account"], 150),
    program("accounts", ("accounts", "ui"), &["kit", "account", "accounts"], 150),
    program("phone", ("phone", "ui"), &["kit", "seat", "phone"], 150),
    program("key", ("key", "ui"), &["key"], 120),
];

impl Program {
    /// One of its files, by how its name ends.
    fn file(&self, end: &str) -> PathBuf {
        Path::new(self.place.0).join(format!("{}{end}", self.place.1))
    }
}

/// In `dist`, what travels: every file of every program, gzipped.
const PACKED: &str = "packed";

/// Brings `dist/` up to date.
pub fn build(shop: &Workshop, way: WasmWay) -> Result<()> {
    let dist = shop.dist();
    let stamp = shop.root.join("target").join("dist.stamp");
    let inputs = fingerprint(&shop.root, way)?;
    let there = PROGRAMS.iter().all(|program| dist.join(program.file("_bg.wasm")).is_file());
    if there && fs::read_to_string(&stamp).is_ok_and(|last| last == inputs) {
        println!("==> 界面没有变化，沿用 {}", short(shop, &dist));
        return tell_weights(&dist);
    }
    let (mut cargo, folder) = compiler(shop, way, "ui");
    step("构建界面 ui（wasm）", &mut cargo)?;
    // By itself, so that the pages are built without what it needs.
    step("构建密钥程序 ui-key（wasm）", &mut compiler(shop, way, "ui-key").0)?;

    // No wasm-opt: Debian's (108) writes the export of the second table wrongly, so that the page does not start,
    // and it would save three parts in a hundred of what travels.
    let start = Instant::now();
    let bound = folder.join("bound");
    if bound.exists() {
        fs::remove_dir_all(&bound)?;
    }
    let web = shop.root.join("ui").join("web");
    let mut files = BTreeMap::new();
    for Program { name, place: (page, called), web: folders, .. } in PROGRAMS {
        let built = folder.join(TARGET).join("wasm").join(format!("ui-{name}.wasm"));
        let bound = bound.join(name);
        let module = wordless::page(&built).with_context(|| format!("读不了 {}", built.display()))?;
        let mut bindgen = Bindgen::new();
        let made =
            bindgen.input_module(called, module).web(true).and_then(|bindgen| bindgen.typescript(false).demangle(false).generate_output());
        let mut made = made.with_context(|| format!("wasm-bindgen 处理不了 {}", built.display()))?;
        unused::leave_out(made.wasm_mut());
        made.emit(&bound).with_context(|| format!("写不了 {}", bound.display()))?;
        let glue = bound.join(format!("{called}.js"));
        fs::write(&glue, unused::plain(&fs::read_to_string(&glue)?))?;
        for source in std::iter::once(bound).chain(folders.iter().map(|folder| web.join(folder))) {
            files.extend(files_below(&source)?.into_iter().map(|(name, path)| (Path::new(page).join(name), path)));
        }
    }
    let packed = pack(&files, &folder.join(PACKED))?;
    files.extend(packed);
    replace(&dist, &files)?;
    fs::create_dir_all(shop.root.join("target"))?;
    fs::write(stamp, inputs)?;
    println!("    绑定用时 {:.1} 秒", start.elapsed().as_secs_f64());
    tell_weights(&dist)
}

/// The cargo that can build for wasm here, and its target folder, apart from that of native builds.
fn compiler(shop: &Workshop, way: WasmWay, package: &str) -> (Command, PathBuf) {
    let build = ["build", "--package", package, "--bins", "--features", "page", "--profile", "wasm", "--target", TARGET];
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
    // Leptos forgets the types of views between components: a much smaller page for a hardly slower one. Stripping would
    // take away the section by which wasm-bindgen knows what the compiler made use of.
    let mut flags = "--cfg erase_components -C link-arg=--keep-section=target_features".to_owned();
    for sources in library_sources() {
        flags.push_str(&format!(" --remap-path-prefix={}=", sources.display()));
    }
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags).env("CARGO_TARGET_DIR", &folder);
    (command, folder)
}

/// Where the sources of libraries lie on this machine. A page names the place of a panic; where that machine keeps its files says
/// nothing to anybody and takes room.
fn library_sources() -> Vec<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let registries = home.and_then(|home| std::fs::read_dir(home.join("registry/src")).ok());
    let mut found: Vec<PathBuf> = registries.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    // The flags are part of what is built: in another order all would be built anew.
    found.sort();
    found.retain(|path| !path.to_string_lossy().contains(char::is_whitespace));
    found
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

/// Every file packed for its way, under `packed/` in `dist`. The packer takes its time, once, and saves a twentieth on each way.
fn pack(files: &BTreeMap<PathBuf, PathBuf>, folder: &Path) -> Result<BTreeMap<PathBuf, PathBuf>> {
    let mut packed = BTreeMap::new();
    for (name, source) in files {
        let mut place = folder.join(name).into_os_string();
        place.push(".gz");
        let place = PathBuf::from(place);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        let content = fs::read(source)?;
        zopfli::compress(zopfli::Options::default(), zopfli::Format::Gzip, content.as_slice(), fs::File::create(&place)?)
            .with_context(|| format!("写不了 {}", place.display()))?;
        packed.insert(Path::new(PACKED).join(place.strip_prefix(folder)?), place);
    }
    Ok(packed)
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

/// What a page weighs, in bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Weight {
    /// The wasm as it is.
    wasm: u64,
    wasm_packed: u64,
    /// All files of the page, packed.
    page: u64,
}

fn weigh(dist: &Path, program: &Program) -> Result<Weight> {
    let mut weight = Weight::default();
    let others = PROGRAMS.iter().filter(|other| other.place.0 == program.place.0 && other.name != program.name);
    let not_taken: Vec<PathBuf> = others.flat_map(|other| [".js.gz", "_bg.wasm.gz"].map(|end| other.file(end))).collect();
    for (name, file) in files_below(&dist.join(PACKED).join(program.place.0))? {
        let (name, packed) = (Path::new(program.place.0).join(name), fs::metadata(file)?.len());
        if not_taken.contains(&name) {
            continue;
        }
        weight.page += packed;
        if name == program.file("_bg.wasm.gz") {
            weight.wasm_packed = packed;
            weight.wasm = fs::metadata(dist.join(program.file("_bg.wasm")))?.len();
        }
    }
    Ok(weight)
}

fn tell_weights(dist: &Path) -> Result<()> {
    for program in PROGRAMS {
        let Weight { wasm, wasm_packed, page } = weigh(dist, program)?;
        let kib = |bytes: u64| bytes.div_ceil(1024);
        let Program { name, budget, .. } = program;
        println!("    {name}：wasm {} KiB，gzip 后 {}；整页 gzip 后 {} KiB，上限 {budget}", kib(wasm), kib(wasm_packed), kib(page));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What travels to a page stays within what was promised for it. Built by `cargo xtask wasm`; without that there is
    /// nothing to weigh, and this says so.
    #[test]
    fn every_page_keeps_its_budget() {
        let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist");
        let found = PROGRAMS.iter().map(|program| (program.name, weigh(&dist, program).unwrap(), program.budget));
        let (built, missing): (Vec<_>, Vec<_>) = found.partition(|(_, weight, _)| weight.wasm > 0);
        assert!(missing.is_empty(), "not built, run `cargo xtask wasm` first: {missing:?}");
        let heavy: Vec<_> = built.iter().filter(|(_, weight, budget)| weight.page > budget * 1024).collect();
        assert!(heavy.is_empty(), "heavier than promised (program, bytes, KiB): {heavy:?}");
    }

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
