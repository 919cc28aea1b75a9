//! The real programs: a server on port 0, desks by their command line, both killable.

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// A built program: in the folder that `cargo xtask` names, else beside this program, or above it where it is a test.
#[must_use]
pub fn binary(name: &str) -> PathBuf {
    let given = std::env::var_os("YINLING_BIN_DIR").map(PathBuf::from);
    given.or_else(|| beside(&std::env::current_exe().ok()?)).unwrap_or_default().join(name)
}

/// Where cargo puts programs, as seen from one of them; tests lie in a folder of their own below it.
fn beside(exe: &Path) -> Option<PathBuf> {
    let folder = exe.parent()?;
    Some(if folder.ends_with("deps") { folder.parent()? } else { folder }.to_owned())
}

/// The hour at which the programs of the tests live: a Sunday, before the lunch cut-off.
pub const NOW: &str = "2026-11-22T09:48:00";

/// A file of `tests/samples`.
#[must_use]
pub fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name)
}

/// A running program that is killed, hard, when dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    /// The first line it printed.
    pub first_line: Value,
    more: Receiver<String>,
}

impl Running {
    /// Starts a program and waits for the JSON it prints first.
    ///
    /// # Errors
    /// When it does not start or prints something else.
    pub fn start(mut command: Command) -> Result<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().with_context(|| format!("start {command:?}"))?;
        let mut out = BufReader::new(child.stdout.take().context("its output")?);
        let mut line = String::new();
        out.read_line(&mut line)?;
        // The rest is read away, so that the program never waits for a full pipe.
        let (line_read, more) = channel();
        std::thread::spawn(move || out.lines().map_while(Result::ok).for_each(|line| drop(line_read.send(line))));
        let first_line = serde_json::from_str(&line).with_context(|| format!("{command:?} printed {line:?}"))?;
        Ok(Self { child, first_line, more })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// When it did not say.
    pub fn listening(&self) -> Result<String> {
        Ok(self.first_line["listening"].as_str().context("no address in the first line")?.to_owned())
    }

    /// Its number in the system.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next line it printed, as JSON.
    ///
    /// # Errors
    /// When it prints none within twenty seconds.
    pub fn next_line(&self) -> Result<Value> {
        let line = self.more.recv_timeout(Duration::from_secs(20)).context("no further line")?;
        Ok(serde_json::from_str(&line)?)
    }

    /// The most memory it ever had, in bytes.
    ///
    /// # Errors
    /// Where the system keeps no such account.
    pub fn most_memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no account of memory")?;
        let kilobytes: u64 = most.trim().trim_end_matches(" kB").parse()?;
        Ok(kilobytes * 1024)
    }

    /// `kill -9`, and waits until it is gone.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server's data folder and its programs.
#[derive(Debug)]
pub struct ServerHome {
    dir: tempfile::TempDir,
    /// The recorder and its record, where the disk is watched.
    watched: Option<(PathBuf, PathBuf)>,
    /// The address of a PostgreSQL database; none where the folder's own SQLite serves.
    database: Option<String>,
}

impl ServerHome {
    /// An empty one.
    ///
    /// # Errors
    /// When there is no room for a folder.
    pub fn new() -> Result<Self> {
        Ok(Self { dir: tempfile::tempdir()?, watched: None, database: None })
    }

    /// One whose changes on the disk are recorded.
    ///
    /// # Errors
    /// When there is no room for a folder.
    pub fn watched(recorder: &Path, record: &Path) -> Result<Self> {
        Ok(Self { watched: Some((recorder.to_owned(), record.to_owned())), ..Self::new()? })
    }

    /// The same on a PostgreSQL database.
    #[must_use]
    pub fn on_database(self, address: &str) -> Self {
        Self { database: Some(address.to_owned()), ..self }
    }

    /// Its folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The program on this folder.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(binary("sync-server"));
        if let Some((recorder, record)) = &self.watched {
            command = crate::disk::under(command, recorder, self.dir.path());
            command.env("YINLING_OPS", record);
        }
        match &self.database {
            Some(address) => command.env("YINLING_DATABASE", address),
            None => command.env_remove("YINLING_DATABASE"),
        };
        command.env("YINLING_NOW", NOW).env("RUST_LOG", "warn").arg("--data").arg(self.dir.path());
        command
    }

    /// Serves on a free port, or on the one given as `127.0.0.1:PORT`.
    ///
    /// # Errors
    /// When it does not start.
    pub fn serve(&self, listen: &str) -> Result<Running> {
        let mut command = self.command();
        command.args(["serve", "--listen", listen]);
        Running::start(command)
    }

    /// Runs an admin command and gives its JSON.
    ///
    /// # Errors
    /// When it fails.
    pub fn admin(&self, arguments: &[&str]) -> Result<Value> {
        json_of(self.command().arg("admin").args(arguments).arg("--json").output()?)
    }

    /// Runs another command and gives its JSON.
    ///
    /// # Errors
    /// When it fails.
    pub fn json(&self, arguments: &[&str]) -> Result<Value> {
        json_of(self.command().args(arguments).arg("--json").output()?)
    }

    /// A canteen with its dishes, and a code for a device in it.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn canteen_with_code(&self, name: &str, division: &str) -> Result<(String, String)> {
        let canteen = self.admin(&["canteen", "add", "--name", name, "--division", division])?;
        let canteen = canteen["code"].as_str().context("no canteen code")?.to_owned();
        for (meal, name, price) in [("lunch", "软饭", "12"), ("lunch", "普通", "12"), ("breakfast", "普通", "5"), ("dinner", "普通", "10")]
        {
            self.admin(&["price", "add", "--canteen", &canteen, "--meal", meal, "--name", name, "--price", price])?;
        }
        let code = self.admin(&["device", "code", "--canteen", &canteen])?;
        Ok((canteen, code["code"].as_str().context("no device code")?.to_owned()))
    }

    /// Erases the elder with that ID number, which is told by the standard input.
    ///
    /// # Errors
    /// When the server knows nobody of that number.
    pub fn erase(&self, number: &str) -> Result<Value> {
        let mut command = self.command();
        command.args(["admin", "elder", "erase", "--json"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        child.stdin.take().context("its input")?.write_all(format!("{number}\n").as_bytes())?;
        json_of(child.wait_with_output()?)
    }

    /// Adds an account with the password given.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn account(&self, name: &str, role: &str, division: &str, password: &str) -> Result<()> {
        let mut command = self.command();
        command.args(["admin", "account", "add", "--name", name, "--role", role, "--division", division]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        child.stdin.take().context("its input")?.write_all(format!("{password}\n").as_bytes())?;
        if child.wait()?.success() { Ok(()) } else { bail!("the account was refused") }
    }
}

/// A desk's data folder and its program.
#[derive(Debug)]
pub struct DeskHome {
    dir: tempfile::TempDir,
}

impl DeskHome {
    /// An empty one.
    ///
    /// # Errors
    /// When there is no room for a folder.
    pub fn new() -> Result<Self> {
        Ok(Self { dir: tempfile::tempdir()? })
    }

    /// One that is enrolled.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn enrolled(server: &str, code: &str) -> Result<Self> {
        let home = Self::new()?;
        home.json(&["enrol", "--server", server, "--code", code, "--json"])?;
        Ok(home)
    }

    /// A second one with the same folder, as when a disk is cloned.
    ///
    /// # Errors
    /// When a file can't be copied.
    pub fn copied(&self) -> Result<Self> {
        let copy = Self::new()?;
        copy_folder(self.path(), copy.path())?;
        Ok(copy)
    }

    /// Its folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The program on this folder.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(binary("desk"));
        command.env("YINLING_NOW", NOW).arg("--data").arg(self.dir.path());
        command
    }

    /// Runs a command and gives what it printed and its exit code.
    ///
    /// # Errors
    /// When the program can't be run.
    pub fn run(&self, arguments: &[&str]) -> Result<Output> {
        Ok(self.command().args(arguments).output()?)
    }

    /// Runs a command and gives its JSON.
    ///
    /// # Errors
    /// When it fails; the words it printed are in the error.
    pub fn json(&self, arguments: &[&str]) -> Result<Value> {
        json_of(self.run(arguments)?)
    }

    /// Serves the screens on loopback.
    ///
    /// # Errors
    /// When it does not start.
    pub fn serve(&self) -> Result<Running> {
        let mut command = self.command();
        command.arg("serve");
        Running::start(command)
    }
}

/// `desk serve` and what a screen asks of it.
#[derive(Debug)]
pub struct Screen {
    /// The program.
    pub served: Running,
    client: reqwest::blocking::Client,
}

impl Screen {
    /// Starts it.
    ///
    /// # Errors
    /// When it does not start.
    pub fn open(command: Command) -> Result<Self> {
        Ok(Self { served: Running::start(command)?, client: reqwest::blocking::Client::builder().no_proxy().build()? })
    }

    /// Sends a body; gives the answer, or the fault.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn post(&self, path: &str, body: Vec<u8>) -> Result<Result<Value, Value>> {
        let open = self.served.first_line["open"].as_str().context("open")?;
        let (address, token) = open.split_once("/#token=").context("token")?;
        let ask = self.client.post(format!("{address}{path}")).header("x-desk-token", token).header("content-type", "application/json");
        let answer = ask.body(body).send()?;
        Ok(if answer.status().is_success() { Ok(answer.json()?) } else { Err(answer.json()?) })
    }

    /// A command that goes well.
    ///
    /// # Errors
    /// When it does not.
    pub fn call(&self, name: &str, ask: &Value) -> Result<Value> {
        self.post(&format!("/call/{name}"), ask.to_string().into_bytes())?.map_err(|fault| anyhow!("{name}: {fault}"))
    }

    /// `kill -9`.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn kill(self) -> Result<()> {
        self.served.kill()
    }
}

/// A folder in memory, where the machine has one: for what is written often and looked at by nobody.
///
/// # Errors
/// When there is no room.
pub fn in_memory() -> std::io::Result<tempfile::TempDir> {
    let shm = Path::new("/dev/shm");
    if shm.is_dir() { tempfile::tempdir_in(shm) } else { tempfile::tempdir() }
}

/// Sends a program a signal by name: `STOP`, `CONT`.
///
/// # Errors
/// When the system refuses.
pub fn signal(name: &str, program: u32) -> Result<()> {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(program.to_string()).status()?;
    if sent.success() { Ok(()) } else { bail!("the signal was refused") }
}

/// Copies a folder with all below it.
///
/// # Errors
/// When a file can't be copied.
pub fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn json_of(output: Output) -> Result<Value> {
    if !output.status.success() {
        return Err(anyhow!("{}: {}{}", output.status, String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_from_tests_and_from_programs() {
        for exe in ["/t/release/bench", "/t/release/deps/suites-0123"] {
            assert_eq!(beside(Path::new(exe)), Some("/t/release".into()), "{exe}");
        }
    }
}
