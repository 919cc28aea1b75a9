//! Release builds: the deb package with the desk and the server, and the measurements.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::setup::{Purpose, setup};
use crate::shell::{Workshop, answer, short, step};
use crate::supply;
use crate::test::screen;
use crate::wasm;

/// What people get.
pub const PROGRAMS: &[&str] = &["desk", "desk-window", "sync-server"];
/// With these features.
pub const FEATURES: &str = "desk-window/custom-protocol";
const WITHOUT_WINDOW: &[&str] = &["desk", "sync-server"];
/// Where the programs lie, and by which names one calls them.
const HOME: &str = "usr/lib/yinling";
const NAMES: &[(&str, &str)] = &[("yinling", "desk-window"), ("yinling-desk", "desk"), ("yinling-server", "sync-server")];

/// What else the package holds, by its place in the checkout and on the machine.
const FILES: &[(&str, &str)] = &[
    ("LICENSE", "usr/share/doc/yinling/copyright"),
    ("CHANGELOG.md", "usr/share/doc/yinling/CHANGELOG.md"),
    ("installers/yinling.desktop", "usr/share/applications/yinling.desktop"),
    ("installers/yinling-server.service", "usr/lib/systemd/system/yinling-server.service"),
    ("src-tauri/icons/icon.png", "usr/share/icons/hicolor/256x256/apps/yinling.png"),
];

/// The part of the bench that looks at the window, and those that start what only the tests need as well.
const IN_A_WINDOW: &[&str] = &["office"];
const WITH_TOOLS: &[&str] = &["office", "postgres"];

/// What makes data up: `bench` and `demo`. Programs that are measured have it; those that are shipped never.
const DRILL: &str = "desk/drill,sync-server/drill";
const DRILLS: &[(&str, &str)] = &[("desk", "bench"), ("desk", "demo"), ("sync-server", "demo")];

/// Builds the programs as they are shipped, but for the workload, and measures them: the parts named, or all.
pub fn bench(shop: &Workshop, parts: &[String]) -> Result<()> {
    let one_of = |names: &[&str]| parts.is_empty() || parts.iter().any(|part| names.contains(&part.as_str()));
    let window = one_of(IN_A_WINDOW);
    let way = setup(shop, if one_of(WITH_TOOLS) { Purpose::Everything } else { Purpose::WithoutWindow })?;
    wasm::build(shop, way)?;
    step("测速构建", released(shop, if window { PROGRAMS } else { WITHOUT_WINDOW }).args(["--features", DRILL]))?;
    let mut bench = shop.cargo(["run", "--release", "--package", "tests", "--bin", "bench", "--"]);
    bench.args(parts).env("YINLING_BIN_DIR", shop.target.join("release"));
    if !window {
        return step("测速", &mut bench);
    }
    let (_screen, display) = screen(shop)?;
    bench.env("DISPLAY", &display).env("GDK_BACKEND", "x11").env("NO_AT_BRIDGE", "1").env_remove("WAYLAND_DISPLAY");
    step("测速", &mut bench)
}

/// The build of programs as people get them: whichever are built, with the features that all of them together have.
fn released(shop: &Workshop, programs: &[&str]) -> Command {
    let mut build = shop.cargo(["build", "--release", "--features", FEATURES]);
    for package in PROGRAMS {
        build.args(["--package", package]);
    }
    for program in programs {
        build.args(["--bin", program]);
    }
    build
}

/// Packs one deb for the machine's own architecture.
pub fn bundle(shop: &Workshop) -> Result<()> {
    wasm::build(shop, setup(shop, Purpose::Programs)?)?;
    step("发布构建", &mut released(shop, PROGRAMS))?;
    for (program, act) in DRILLS {
        if answer(Command::new(shop.program(program, true)).args([*act, "--help"])).is_some() {
            bail!("{program} 里有 {act}，不能发布");
        }
    }

    let architecture = answer(Command::new("dpkg").arg("--print-architecture")).context("没有 dpkg，打不了 deb 包")?;
    let (version, architecture) = (env!("CARGO_PKG_VERSION"), architecture.trim());
    let stage = shop.root.join("target").join("bundle");
    if stage.exists() {
        fs::remove_dir_all(&stage)?;
    }
    let tree = stage.join("tree");
    for program in PROGRAMS {
        let placed = tree.join(HOME).join(program);
        place(&shop.program(program, true), &placed)?;
        step(&format!("去掉 {program} 的符号 strip"), shop.command("strip").arg(&placed))?;
    }
    for (source, place_in_tree) in FILES {
        place(&shop.root.join(source), &tree.join(place_in_tree))?;
    }
    supply::write_sbom(shop, &tree.join("usr/share/doc/yinling/yinling.cdx.json"))?;
    link_names(&tree)?;
    let control = fs::read_to_string(shop.root.join("installers/control.in"))?;
    let control = control.replace("@VERSION@", version).replace("@ARCHITECTURE@", architecture);
    let size = answer(Command::new("du").arg("-sk").arg(&tree)).context("没有 du，算不出安装后的大小")?;
    let control = control.replace("@SIZE@", size.split_whitespace().next().unwrap_or_default());
    fs::create_dir_all(tree.join("DEBIAN"))?;
    fs::write(tree.join("DEBIAN/control"), control)?;
    // Whatever the umask of the one who builds it: everybody may read, nobody but root may write.
    step("权限", shop.command("chmod").args(["-R", "u=rwX,go=rX"]).arg(&tree))?;

    let package = stage.join(format!("yinling_{version}_{architecture}.deb"));
    step("打包 dpkg-deb", shop.command("dpkg-deb").args(["--root-owner-group", "--build"]).arg(&tree).arg(&package))?;
    println!("安装包：{}，{} KB", short(shop, &package), fs::metadata(&package)?.len() / 1024);
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
