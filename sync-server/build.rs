//! Puts the built screens (`dist` beside the crates) into the binary, or a page that says they were
//! not built. Nothing else is generated.

use std::collections::hash_map::DefaultHasher;
use std::fmt::Write;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

const NO_PAGE: &str = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>长者饭堂</title>\
<p>服务已启动，但这个程序里没有带上页面。请用完整的安装包。</p></html>";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let dist = root.join("../dist");
    println!("cargo::rerun-if-changed=../migrations/server/sqlite");
    println!("cargo::rerun-if-changed=../dist");
    let mut files = Vec::new();
    if dist.join("index.html").is_file() {
        collect(&dist, &dist, &mut files)?;
    } else {
        let page = out.join("no-page.html");
        std::fs::write(&page, NO_PAGE)?;
        files.push(("index.html".to_owned(), page));
    }
    files.sort();
    let mut table = String::from("const ASSETS: &[Asset] = &[\n");
    for (path, file) in files {
        let mut hasher = DefaultHasher::new();
        std::fs::read(&file)?.hash(&mut hasher);
        let etag = format!("\"{:016x}\"", hasher.finish());
        writeln!(table, "    Asset {{ path: {path:?}, etag: {etag:?}, bytes: include_bytes!({:?}) }},", file.canonicalize()?)?;
    }
    table.push_str("];\n");
    std::fs::write(out.join("page.rs"), table)?;
    Ok(())
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if let Ok(inside) = path.strip_prefix(root) {
            files.push((inside.to_string_lossy().replace('\\', "/"), path));
        }
    }
    Ok(())
}
