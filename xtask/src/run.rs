//! `cargo xtask run`: the whole thing on one machine, with made-up data: the server, an enrolled desk and its window.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::progress::Steps;
use crate::setup::{Purpose, setup};
use crate::shell::{Beside, Workshop, answer, build_programs, short};
use crate::wasm;

/// Builds what it starts, starts it, and ends everything on Ctrl-C or when one of the programs ends.
pub fn run(shop: &Workshop, data: &Path, desk_only: bool) -> Result<()> {
    let stop = stop_signal()?;
    let window = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()));
    let steps = Steps::of(if desk_only { 4 } else { 6 });

    let way = {
        let _step = steps.next("准备系统软件包和工具");
        setup(shop, if window { Purpose::Programs } else { Purpose::WithoutWindow })?
    };
    {
        let _step = steps.next("构建界面");
        wasm::build(shop, way)?;
    }
    {
        let _step = steps.next("构建程序");
        build_programs(shop, wanted(window, desk_only))?;
    }

    let stage = Stage { shop, data: env::current_dir()?.join(data) };
    fs::create_dir_all(&stage.data).with_context(|| format!("不能写入数据文件夹 {}", stage.data.display()))?;
    let mut programs = Vec::new();
    if !desk_only {
        let mut demo = {
            let _step = steps.next("准备服务器和各饭堂的演示数据");
            stage.demo()?
        };
        let (server, address) = stage.server()?;
        programs.push(server);
        {
            let _step = steps.next("登记办公端，填入长者、订单和回单");
            stage.enrol(&address, &demo)?;
            stage.fill(&mut demo)?;
        }
        println!("\n监管平台：{address}");
        if let (Some(account), Some(password)) = (demo["console_account"].as_str(), demo["console_password"].as_str()) {
            println!("账号：{account}  密码：{password}");
        }
    }
    {
        let _step = steps.next("打开办公端");
        programs.push(stage.desk(window)?);
    }
    println!("准备好了，一共用了 {} 秒。数据在 {}", steps.seconds(), short(shop, &stage.data));
    println!("可以试着导入的名单：tests/samples/elders_luocheng.xlsx");
    println!("按 Ctrl-C 结束。");
    let watched = watch(&stop, &mut programs);
    // The desk before its server.
    while programs.pop().is_some() {}
    watched
}

/// The programs that are started. The window is built only where there is a screen for it; a desk is enrolled and filled by
/// the command line.
fn wanted(window: bool, desk_only: bool) -> &'static [&'static str] {
    match (window, desk_only) {
        (true, true) => &["desk-window"],
        (false, true) => &["desk"],
        (true, false) => &["sync-server", "desk", "desk-window"],
        (false, false) => &["sync-server", "desk"],
    }
}

fn stop_signal() -> Result<Receiver<()>> {
    let (send, stop) = channel();
    // Nobody listens any more once everything is being ended.
    ctrlc::set_handler(move || {
        let _ = send.send(());
    })?;
    Ok(stop)
}

fn watch(stop: &Receiver<()>, programs: &mut [Beside]) -> Result<()> {
    while let Err(RecvTimeoutError::Timeout) = stop.recv_timeout(Duration::from_millis(200)) {
        for program in programs.iter_mut() {
            if program.ended() {
                println!("{} 已结束。", program.name());
                return Ok(());
            }
        }
    }
    println!("\n正在结束……");
    Ok(())
}

/// The built programs and the folder they play in.
struct Stage<'a> {
    shop: &'a Workshop,
    data: PathBuf,
}

impl Stage<'_> {
    fn program(&self, name: &str, part: &str) -> Command {
        let mut command = self.shop.command(self.shop.program(name, false));
        command.arg("--data").arg(self.data.join(part));
        command
    }

    /// Fills the server once; what it said the first time is kept for the next runs.
    fn demo(&self) -> Result<Value> {
        let kept = self.data.join("demo.json");
        let output = self.program("sync-server", "server").arg("demo").stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            bail!("演示数据没有准备好（{}）。删掉 {} 后可以重来", output.status, short(self.shop, &self.data));
        }
        let said: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let mut known: Value = fs::read_to_string(&kept)
            .ok()
            .and_then(|text| serde_json::from_str(&text).ok())
            .filter(Value::is_object)
            .unwrap_or_else(|| json!({}));
        // The password is said once, when the account is made.
        for (name, value) in said.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
            known[name] = value.clone();
        }
        self.keep(&known)?;
        Ok(known)
    }

    /// Keeps what is known of the demo for the next runs.
    fn keep(&self, demo: &Value) -> Result<()> {
        let kept = self.data.join("demo.json");
        fs::write(&kept, demo.to_string()).with_context(|| format!("写不了 {}", short(self.shop, &kept)))
    }

    /// Starts the server where it was last time, since the desk remembers the address.
    fn server(&self) -> Result<(Beside, String)> {
        let kept = self.data.join("address");
        let last = fs::read_to_string(&kept).unwrap_or_default();
        let listen = last.trim().strip_prefix("http://").unwrap_or("127.0.0.1:0");
        let mut command = self.program("sync-server", "server");
        command.args(["serve", "--listen", listen]).stdout(Stdio::piped());
        let mut server = Beside::start("同步服务", &mut command)?;
        let said = server.first_line().with_context(|| format!("同步服务没能在 {listen} 监听"))?;
        let said: Value = serde_json::from_str(&said)?;
        let address = said["listening"].as_str().context("同步服务没有说出自己的地址")?.to_owned();
        fs::write(kept, &address)?;
        Ok((server, address))
    }

    /// Makes the desk known to the server, unless it is already.
    fn enrol(&self, address: &str, demo: &Value) -> Result<()> {
        let status = answer(self.program("desk", "desk").args(["status", "--json"])).unwrap_or_default();
        let status: Value = serde_json::from_str(&status).unwrap_or_default();
        if status["enrolled"] == true {
            return Ok(());
        }
        let code = demo["device_code"].as_str().context("演示数据里没有登记码")?;
        told(self.program("desk", "desk").args(["enrol", "--server", address, "--code", code]))
    }

    /// Fills the desk once: elders, and the work of yesterday and today. One that was ended in the middle is filled up.
    fn fill(&self, demo: &mut Value) -> Result<()> {
        if demo["desk_filled"] == true {
            return Ok(());
        }
        told(self.program("desk", "desk").arg("demo"))?;
        demo["desk_filled"] = true.into();
        self.keep(demo)
    }

    /// The window where there is a screen; else the same office for a browser.
    fn desk(&self, window: bool) -> Result<Beside> {
        if window {
            return Beside::start("办公端", &mut self.program("desk-window", "desk"));
        }
        let mut desk = Beside::start("办公端", self.program("desk", "desk").arg("serve").stdout(Stdio::piped()))?;
        let said: Value = serde_json::from_str(&desk.first_line()?)?;
        println!("办公端（没有图形界面，请在浏览器中打开）：{}", said["open"].as_str().context("办公端没有说出自己的地址")?);
        Ok(desk)
    }
}

/// Runs a program that says one line of what it did.
fn told(command: &mut Command) -> Result<()> {
    let status = command.status().context("办公端程序启动不了")?;
    if !status.success() {
        bail!("办公端没有准备好（{status}），原因见上面一行");
    }
    Ok(())
}
