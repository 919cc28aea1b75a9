//! Turns the built screens in `dist/` into a table of embedded files for each program, each as it is and packed as
//! `cargo xtask wasm` left it. Without them (a first check before the screens are built) the table holds one page that says so.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const PROGRAMS: [&str; 6] = ["desk", "console", "account", "accounts", "phone", KEY];
/// Loaded by pages, and none itself.
const KEY: &str = "key";

fn main() -> io::Result<()> {
    let dist = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../dist");
    let out = PathBuf::from(env::var("OUT_DIR").unwrap_or_default());
    println!("cargo:rerun-if-changed={}", dist.display());
    PROGRAMS.iter().try_for_each(|program| table(program, &dist, &out))
}

fn table(program: &str, dist: &Path, out: &Path) -> io::Result<()> {
    let (folder, packed) = (dist.join(program), dist.join("packed").join(program));
    let mut files = Vec::new();
    collect(&folder, &folder, &mut files)?;
    if program != KEY && !files.iter().any(|(name, _)| name == "index.html") {
        let page = out.join("unbuilt.html");
        fs::write(
            &page,
            "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>银龄饭堂</title><p>界面还没有构建，请运行 cargo xtask run。</p></html>",
        )?;
        files = vec![("index.html".to_owned(), page)];
    }
    files.sort();
    let mut table = String::from("&[\n");
    for (name, path) in files {
        let path = path.canonicalize()?;
        let mut hasher = DefaultHasher::new();
        let content = fs::read(&path)?;
        content.hash(&mut hasher);
        let etag = format!("\"{:016x}\"", hasher.finish());
        let packed = packed.join(format!("{name}.gz"));
        let packed =
            if packed.is_file() { format!("Some(include_bytes!({:?}).as_slice())", packed.canonicalize()?) } else { "None".to_owned() };
        writeln!(table, "    ({name:?}, {etag:?}, include_bytes!({path:?}), {packed}),").map_err(io::Error::other)?;
        println!("cargo:rerun-if-changed={}", path.display());
    }
    table.push_str("]\n");
    fs::write(out.join(program).with_extension("rs"), table)
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if let Ok(name) = path.strip_prefix(root)
            && !name.to_string_lossy().starts_with('.')
        {
            files.push((name.to_string_lossy().replace('\\', "/"), path.clone()));
        }
    }
    Ok(())
}
