//! What a machine needs before anything can be built: system packages, a Rust for wasm, the window driver.
//! Installs only what is missing; quick when nothing is.

use std::fs;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::shell::{Workshop, answer, step, within};

/// What the machine is to be able to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Build the screens only.
    Screens,
    /// Build and start the programs that need no screen of this machine.
    WithoutWindow,
    /// Build and open the programs.
    Programs,
    /// The tests in a real window and a real browser as well.
    Everything,
}

/// Where the standard library for wasm comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WasmWay {
    /// The host's Rust has it.
    Host,
    /// Debian's own Rust builds it from source.
    Debian,
}

/// Every build links, also that of the screens (its macros run here).
const LINKER: &[&str] = &["gcc", "libc6-dev"];
/// SQLCipher's OpenSSL is built from source and linked in: domestic systems have other versions, Windows none.
const OPENSSL: &[&str] = &["make", "perl"];
const WINDOW: &[&str] = &["pkg-config", "libwebkit2gtk-4.1-dev", "libgtk-3-dev", "librsvg2-dev"];
const DRIVERS: &[&str] =
    &["webkit2gtk-driver", "xvfb", "dbus-x11", "chromium", "chromium-driver", "fonts-noto-cjk", "postgresql", "openssl"];
const DEBIAN_RUST: &[&str] = &["rustc-web", "cargo-web", "rust-web-src", "lld-19"];
const WASM: &str = "wasm32-unknown-unknown";

/// Brings the machine to where `purpose` works, and says how wasm is built here.
pub fn setup(shop: &Workshop, purpose: Purpose) -> Result<WasmWay> {
    fs::create_dir_all(&shop.cache).with_context(|| format!("不能写入缓存文件夹 {}", shop.cache.display()))?;
    let packages = match purpose {
        Purpose::Screens => LINKER.to_vec(),
        Purpose::WithoutWindow => [LINKER, OPENSSL].concat(),
        Purpose::Programs => [LINKER, OPENSSL, WINDOW].concat(),
        Purpose::Everything => [LINKER, OPENSSL, WINDOW, DRIVERS].concat(),
    };
    install(shop, &packages)?;
    if purpose == Purpose::Everything {
        locked_packages(shop)?;
        checkers(shop)?;
        window_driver(shop)?;
        axe(shop)?;
    }
    wasm_way(shop)
}

fn wasm_way(shop: &Workshop) -> Result<WasmWay> {
    if host_has_wasm(shop) {
        return Ok(WasmWay::Host);
    }
    // Once Debian's Rust is there, no time is spent on trying the network again.
    if missing(DEBIAN_RUST)?.is_empty() {
        return Ok(WasmWay::Debian);
    }
    println!("==> 安装 wasm 目标（rustup target add {WASM}）");
    let added = within(Duration::from_secs(60), shop.command("rustup").args(["target", "add", WASM]));
    if matches!(added, Ok(Some(true))) && host_has_wasm(shop) {
        return Ok(WasmWay::Host);
    }
    println!("    rustup 取不到，改用 Debian 的 Rust");
    install(shop, DEBIAN_RUST)?;
    Ok(WasmWay::Debian)
}

fn host_has_wasm(shop: &Workshop) -> bool {
    let mut rustc = shop.command("rustc");
    answer(rustc.args(["--print", "target-libdir", "--target", WASM]))
        .and_then(|dir| fs::read_dir(dir.trim()).ok())
        .is_some_and(|files| files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd-")))
}

/// All locked packages, those of other systems too: their licences are looked at, and no test asks the network for them.
fn locked_packages(shop: &Workshop) -> Result<()> {
    if answer(&mut shop.cargo(["fetch", "--locked", "--offline"])).is_some() {
        return Ok(());
    }
    step("下载依赖 cargo fetch", &mut shop.cargo(["fetch", "--locked"]))
}

/// What a small installation of Rust leaves out.
fn checkers(shop: &Workshop) -> Result<()> {
    for (task, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if answer(&mut shop.cargo([task, "--version"])).is_none() {
            step(&format!("安装 {component}"), shop.command("rustup").args(["component", "add", component]))?;
        }
    }
    Ok(())
}

/// tauri-driver stands between the tests and the real window.
fn window_driver(shop: &Workshop) -> Result<()> {
    if shop.tool("tauri-driver").is_file() {
        return Ok(());
    }
    let tools = shop.cache.join("tools");
    let mut cargo = shop.cargo(["install", "tauri-driver", "--version", "^2", "--locked", "--root"]);
    step("安装 tauri-driver", cargo.arg(tools))
}

/// axe-core judges the screens by WCAG in the browser tests; a file of JavaScript from npm, never shipped.
fn axe(shop: &Workshop) -> Result<()> {
    let place = shop.axe();
    if place.is_file() {
        return Ok(());
    }
    if answer(shop.command("npm").arg("--version")).is_none() {
        install(shop, &["npm"])?;
    }
    let mut npm = shop.command("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save", "--prefix"]).arg(shop.cache.join("tools"));
    step("安装 axe-core", npm.arg("axe-core@4.14.1"))
}

fn install(shop: &Workshop, packages: &[&str]) -> Result<()> {
    let missing = missing(packages)?;
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    let Some(prefix) = superuser(shop) else {
        bail!("缺少系统软件包：{names}。请让管理员运行：apt-get update && apt-get install {names}");
    };
    let apt = |arguments: &[&str]| {
        let mut command = shop.command("env");
        command.args(prefix).args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]).args(arguments);
        command
    };
    step("更新软件包目录", &mut apt(&["update"]))?;
    let mut command = apt(&["install", "--yes", "--no-install-recommends"]);
    step(&format!("安装 {names}"), command.args(&missing))
        .with_context(|| format!("系统软件包没有装上：{names}。请检查网络和软件源，或让管理员安装后再试"))
}

/// Which of the packages are not installed.
fn missing<'a>(packages: &[&'a str]) -> Result<Vec<&'a str>> {
    let output = Command::new("dpkg-query").args(["-W", "-f", "${Package} ${db:Status-Status}\\n"]).args(packages).output();
    let output = output.context("没有 dpkg-query：自动安装只支持 Debian 系的系统，其他系统请按 README 自行安装依赖")?;
    let listed = String::from_utf8_lossy(&output.stdout);
    let there = |name: &str| listed.lines().any(|line| line.split_once(' ') == Some((name, "installed")));
    Ok(packages.iter().copied().filter(|name| !there(name)).collect())
}

/// The words that give a command the administrator's rights; none for root itself.
fn superuser(shop: &Workshop) -> Option<&'static [&'static str]> {
    if answer(shop.command("id").arg("-u")).is_some_and(|id| id.trim() == "0") {
        return Some(&[]);
    }
    let allowed = shop.command("sudo").arg("-v").status().is_ok_and(|status| status.success());
    allowed.then_some(&["sudo", "env"])
}
