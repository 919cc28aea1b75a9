//! The ground every task stands on: the folders, the environment of child programs and how they are run.
//! Lives here: nothing that knows what the programs are for.

use std::env;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// The folders of one checkout and of the cache that outlives it.
#[derive(Debug)]
pub struct Workshop {
    /// The checkout.
    pub root: PathBuf,
    /// Kept between checkouts; may be empty.
    pub cache: PathBuf,
    /// Where native builds go.
    pub target: PathBuf,
}

impl Workshop {
    /// Finds the checkout from what cargo says, or from the current folder upwards.
    pub fn find() -> Result<Self> {
        let start = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(dir) => PathBuf::from(dir),
            None => env::current_dir()?,
        };
        let root = start
            .ancestors()
            .find(|dir| dir.join("Cargo.lock").is_file() && dir.join("xtask").is_dir())
            .context("请在项目文件夹里运行 cargo xtask")?
            .to_path_buf();
        let base = env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .filter(|dir| dir.is_absolute())
            .or_else(|| env::home_dir().map(|home| home.join(".cache")))
            .unwrap_or_else(env::temp_dir);
        let cache = base.join("yinling");
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(dir) => root.join(dir),
            None => cache.join("target"),
        };
        Ok(Self { root, cache, target })
    }

    /// The page as built by `wasm`.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// A built program; `release` or debug.
    pub fn program(&self, name: &str, release: bool) -> PathBuf {
        self.target.join(if release { "release" } else { "debug" }).join(name)
    }

    /// Tools that had to be installed by cargo.
    pub fn tool(&self, name: &str) -> PathBuf {
        self.cache.join("tools").join("bin").join(name)
    }

    /// The judge of accessibility, as npm lays it down.
    pub fn axe(&self) -> PathBuf {
        self.cache.join("tools").join("node_modules").join("axe-core").join("axe.min.js")
    }

    /// Any program, in the checkout, with the one environment that all children get.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        // What `cargo run` told this program about itself is not for the programs it starts.
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") || text == "CARGO_BIN_NAME" {
                command.env_remove(name);
            }
        }
        command
            .env("CARGO_TARGET_DIR", &self.target)
            .env("YINLING_DIST", self.dist())
            .env("YINLING_BIN_DIR", self.target.join("debug"))
            .env("YINLING_TAURI_DRIVER", self.tool("tauri-driver"))
            .env("YINLING_AXE", self.axe())
            // Without a graphics card WebKit's shared buffers stay black.
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        command
    }

    /// The cargo that started us, with the native target folder.
    pub fn cargo<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(arguments);
        command
    }
}

/// A cargo task over all crates. Checks, builds, tests and `run` choose the same set with the same
/// features, so that none of them builds the libraries a second time.
pub fn whole(shop: &Workshop, task: &str) -> Command {
    let mut cargo = shop.cargo(task.split(' '));
    cargo.args(["--workspace", "--features", "desk-window/custom-protocol"]);
    cargo
}

/// Builds all programs and tests, unoptimised.
pub fn build_whole(shop: &Workshop) -> Result<()> {
    step("构建程序 cargo build", whole(shop, "build").args(["--bins", "--tests"]))
}

/// Builds these programs alone, unoptimised; what the tests need of it later is there.
pub fn build_programs(shop: &Workshop, programs: &[&str]) -> Result<()> {
    let names = programs.iter().flat_map(|program| ["--bin", program]);
    step("构建程序 cargo build", whole(shop, "build").args(names))
}

/// Says what is being done, does it and fails where it fails. The time follows when it took noticeable time.
pub fn step(title: &str, command: &mut Command) -> Result<()> {
    println!("==> {title}");
    let start = Instant::now();
    let status = command.status().with_context(|| format!("无法启动 {}", line(command)))?;
    if !status.success() {
        bail!("{title} 没有通过（{status}）：{}", line(command));
    }
    println!("    {title}：{:.1} 秒", start.elapsed().as_secs_f64());
    Ok(())
}

/// What a program prints; `None` where it is missing or fails.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Waits for a program, but not for ever; `None` when it had to be ended.
pub fn within(limit: Duration, command: &mut Command) -> Result<Option<bool>> {
    let mut child = command.stdin(Stdio::null()).spawn()?;
    let start = Instant::now();
    while start.elapsed() < limit {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.success()));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

/// A program that runs beside us and ends with us.
#[derive(Debug)]
pub struct Beside {
    child: Child,
    name: String,
}

impl Beside {
    /// Starts it.
    pub fn start(name: &str, command: &mut Command) -> Result<Self> {
        let child = command.spawn().with_context(|| format!("无法启动 {name}：{}", line(command)))?;
        Ok(Self { child, name: name.to_owned() })
    }

    /// The first line it prints; the rest is left unread, so only for programs that print little.
    pub fn first_line(&mut self) -> Result<String> {
        let output = self.child.stdout.as_mut().context("没有接上标准输出")?;
        let mut said = Vec::new();
        let mut byte = [0];
        while output.read(&mut byte)? == 1 && byte[0] != b'\n' {
            said.push(byte[0]);
        }
        if said.is_empty() {
            bail!("{} 没有启动起来", self.name);
        }
        Ok(String::from_utf8_lossy(&said).into_owned())
    }

    /// Whether it has come to its end by itself.
    pub fn ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)) | Err(_))
    }

    /// Its name, for messages.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Beside {
    /// Asks first, so that the program can put its files away; then insists.
    fn drop(&mut self) {
        if self.ended() {
            return;
        }
        let asked = Command::new("sh").args(["-c", "kill -TERM \"$0\""]).arg(self.child.id().to_string()).status();
        let patience = Duration::from_secs(if asked.is_ok() { 5 } else { 0 });
        let start = Instant::now();
        while start.elapsed() < patience && !self.ended() {
            std::thread::sleep(Duration::from_millis(50));
        }
        if !self.ended() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// A command as one would type it.
fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// A path for messages: short where it lies in the checkout.
pub fn short<'a>(shop: &Workshop, path: &'a Path) -> std::path::Display<'a> {
    path.strip_prefix(&shop.root).unwrap_or(path).display()
}
