//! Release builds: the deb package with the desk and the server, and the measurements.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::setup::{Purpose, setup};
use crate::shell::{Workshop, answer, short, step};
use crate::test::screen;
use crate::wasm;

const PROGRAMS: &[&str] = &["desk", "desk-window", "sync-server"];
/// Where the programs lie, and by which names one calls them.
const HOME: &str = "usr/lib/yinling";
const NAMES: &[(&str, &str)] = &[("yinling", "desk-window"), ("yinling-desk", "desk"), ("yinling-server", "sync-server")];

/// Builds the programs as they are shipped and measures them.
pub fn bench(shop: &Workshop) -> Result<()> {
    wasm::build(shop, setup(shop, Purpose::Everything)?)?;
    step("发布构建", &mut released(shop))?;
    let (_screen, display) = screen(shop)?;
    let mut bench = shop.cargo(["run", "--release", "--package", "tests", "--bin", "bench"]);
    bench.env("DISPLAY", &display).env("GDK_BACKEND", "x11").env("NO_AT_BRIDGE", "1").env_remove("WAYLAND_DISPLAY");
    step("测速", bench.env("YINLING_BIN_DIR", shop.target.join("release")))
}

/// The build of the programs that people get.
fn released(shop: &Workshop) -> Command {
    let mut build = shop.cargo(["build", "--release", "--features", "desk-window/custom-protocol"]);
    for program in PROGRAMS {
        build.args(["--package", program]);
    }
    build
}

/// Packs one deb for the machine's own architecture.
pub fn bundle(shop: &Workshop) -> Result<()> {
    wasm::build(shop, setup(shop, Purpose::Programs)?)?;
    step("发布构建", &mut released(shop))?;

    let architecture = answer(Command::new("dpkg").arg("--print-architecture")).context("没有 dpkg，打不了 deb 包")?;
    let (version, architecture) = (env!("CARGO_PKG_VERSION"), architecture.trim());
    let stage = shop.root.join("target").join("bundle");
    if stage.exists() {
        fs::remove_dir_all(&stage)?;
    }
    let tree = stage.join("tree");
    for program in PROGRAMS {
        place(&shop.program(program, true), &tree.join(HOME).join(program))?;
    }
    link_names(&tree)?;
    let installers = shop.root.join("installers");
    place(&installers.join("yinling.desktop"), &tree.join("usr/share/applications/yinling.desktop"))?;
    place(&installers.join("yinling-server.service"), &tree.join("usr/lib/systemd/system/yinling-server.service"))?;
    place(&shop.root.join("src-tauri/icons/icon.png"), &tree.join("usr/share/icons/hicolor/256x256/apps/yinling.png"))?;
    let control = fs::read_to_string(installers.join("control.in"))?;
    fs::create_dir_all(tree.join("DEBIAN"))?;
    fs::write(tree.join("DEBIAN/control"), control.replace("@VERSION@", version).replace("@ARCHITECTURE@", architecture))?;

    let package = stage.join(format!("yinling_{version}_{architecture}.deb"));
    step("打包 dpkg-deb", shop.command("dpkg-deb").args(["--root-owner-group", "--build"]).arg(&tree).arg(&package))?;
    println!("安装包：{}", short(shop, &package));
    Ok(())
}

fn place(source: &Path, target: &Path) -> Result<()> {
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(source, target).with_context(|| format!("缺少 {}", source.display()))?;
    Ok(())
}

#[cfg(unix)]
fn link_names(tree: &Path) -> Result<()> {
    let folder = tree.join("usr/bin");
    fs::create_dir_all(&folder)?;
    for (name, program) in NAMES {
        std::os::unix::fs::symlink(format!("/{HOME}/{program}"), folder.join(name))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn link_names(_: &Path) -> Result<()> {
    anyhow::bail!("deb 包只能在 Linux 上制作")
}
