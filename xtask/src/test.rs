//! `cargo xtask test`: what has to hold before a change goes in, in the order in which it fails fastest.

use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result};

use crate::setup::{Purpose, setup};
use crate::shell::{Beside, Workshop, answer, build_whole, step, whole};
use crate::wasm;

/// Runs everything; the test runner's summary is the last thing printed.
pub fn test(shop: &Workshop) -> Result<ExitCode> {
    let start = Instant::now();
    let way = setup(shop, Purpose::Everything)?;
    step("格式 cargo fmt", &mut shop.cargo(["fmt", "--all", "--check"]))?;
    wasm::build(shop, way)?;
    step("静态检查 cargo clippy", whole(shop, "clippy").args(["--all-targets", "--", "-D", "warnings"]))?;
    // What is shipped lacks the feature that makes data up, and nothing may be left of it.
    let shipped = ["clippy", "--package", "sync-server", "--package", "desk", "--", "-D", "warnings"];
    step("静态检查发布的程序", &mut shop.cargo(shipped))?;
    build_whole(shop)?;
    let (_screen, display) = screen(shop)?;
    println!("    准备用时 {:.1} 秒；测试用的屏幕 {display}", start.elapsed().as_secs_f64());
    let on_screen = |mut command: Command| {
        command.env("DISPLAY", &display).env("GDK_BACKEND", "x11").env("NO_AT_BRIDGE", "1").env_remove("WAYLAND_DISPLAY");
        // A bare machine has no locale, and Chromium's driver then finds no file with a Chinese name.
        command.env("LC_ALL", "C.UTF-8");
        command
    };
    if answer(&mut shop.cargo(["nextest", "--version"])).is_some() {
        // It runs no examples of the documentation; a test holds that there are none.
        return last(on_screen(whole(shop, "nextest run")).arg("--no-fail-fast"));
    }
    last(on_screen(whole(shop, "test")).arg("--no-fail-fast"))
}

/// A long run of the property of office lists: everybody who is planted is found as taken, refused or named.
pub fn layouts(shop: &Workshop, count: u64, seed: Option<u64>) -> Result<()> {
    let mut run = whole(shop, "test");
    run.args(["--lib", "--", "everybody_who_is_planted", "--nocapture"]).env("YINLING_LAYOUTS", count.to_string());
    step("各种版式的名单", run.envs(seed.map(|seed| ("YINLING_SEED", seed.to_string()))))
}

/// A long run of one door of the fuzzers, in the build of the tests.
pub fn fuzz(shop: &Workshop, target: &str, runs: u64, seed: Option<u64>) -> Result<()> {
    let mut fuzz = shop.cargo(["run", "--package", "tests", "--bin", "fuzz", "--", target]);
    fuzz.arg(runs.to_string()).args(seed.map(|seed| seed.to_string()));
    step("喂坏数据", fuzz.env("RUST_LOG", "off"))
}

/// The dictionary against which the desk packs its changes, made anew.
pub fn dictionary(shop: &Workshop) -> Result<()> {
    step("压缩字典", &mut shop.cargo(["run", "--package", "tests", "--bin", "dictionary"]))
}

/// The data dictionary of personal fields, made anew.
pub fn data_dictionary(shop: &Workshop) -> Result<()> {
    step("数据字典", &mut shop.cargo(["run", "--package", "tests", "--bin", "data-dictionary"]))
}

/// The tests themselves: nothing is printed after their own summary.
fn last(command: &mut Command) -> Result<ExitCode> {
    println!("==> 测试");
    let status = command.status().context("无法启动测试")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A screen nobody sees, on a number that X finds free itself.
pub fn screen(shop: &Workshop) -> Result<(Beside, String)> {
    let mut command = shop.command("Xvfb");
    command.args(["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"]);
    let mut screen = Beside::start("Xvfb", command.stdout(Stdio::piped()).stderr(Stdio::null()))?;
    let number = screen.first_line()?;
    Ok((screen, format!(":{}", number.trim())))
}
