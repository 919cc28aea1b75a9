//! Build step of the window: the list of commands the page may call, and a page to stand in
//! while the screens have not been built yet (so that checks work before `cargo xtask wasm`).

use std::{fs, io, path::Path};

const DIST: &str = "../dist/desk";
const STAND_IN: &str = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>银龄饭堂</title>\
<p>界面还没有构建。请先运行 cargo xtask wasm，再重新构建。</p></html>\n";

fn main() {
    println!("cargo:rerun-if-changed={DIST}");
    if let Err(error) = stand_in(Path::new(DIST)) {
        println!("cargo:warning=dist/desk/index.html could not be written: {error}");
    }
    let manifest = tauri_build::AppManifest::new().commands(&["call", "hand_over"]);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        println!("cargo:warning={error:#}");
        std::process::exit(1);
    }
}

fn stand_in(dist: &Path) -> io::Result<()> {
    let index = dist.join("index.html");
    if index.exists() {
        return Ok(());
    }
    fs::create_dir_all(dist)?;
    fs::write(index, STAND_IN)
}
