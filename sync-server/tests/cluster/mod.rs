//! A PostgreSQL of the tests' own: in a temporary folder, on a socket in there, gone when the test
//! process is, however that ends. A database for each test.

use postgres::{Client, NoTls};
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// A running server. Ends when it is dropped, or with this process.
pub struct Cluster {
    folder: PathBuf,
    bin: PathBuf,
    keeper: Child,
    made: AtomicU32,
}

/// Waits for the end of its input, which comes with the end of the tests, and cleans up.
const KEEPER: &str = r#"
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }
cd "$FOLDER" || exit 1
[ "$(id -u)" = 0 ] && chown -R postgres "$FOLDER"
as "$BIN/initdb" -D data -U yinling -A trust -E UTF8 --locale=C --no-sync --no-instructions >log 2>&1 &&
as "$BIN/pg_ctl" -D data -w -l "$FOLDER/server.log" -o "-k $FOLDER -c listen_addresses= -c max_connections=200 $MORE -c shared_buffers=32MB" start >>log 2>&1 </dev/null &&
echo ready
cat >/dev/null
as "$BIN/pg_ctl" -D data -m immediate stop >/dev/null 2>&1
cd / && rm -rf "$FOLDER"
"#;

impl Cluster {
    /// One that never waits for the disk: what it holds need not outlive the machine.
    pub fn start() -> Self {
        Self::start_in(new_folder(), "-c fsync=off")
    }

    /// One that syncs as it does by itself.
    pub fn durable() -> Self {
        Self::start_in(new_folder(), "")
    }

    /// One with more options in a folder that may hold what they name.
    pub fn start_in(folder: PathBuf, more: &str) -> Self {
        let bin = programs();
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER]).env("FOLDER", &folder).env("BIN", &bin).env("MORE", more).process_group(0);
        let mut keeper = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told = || fs::read_to_string(folder.join("log")).unwrap_or_default();
        assert_eq!(line.trim(), "ready", "no PostgreSQL: {}", told());
        Self { folder, bin, keeper, made: AtomicU32::new(0) }
    }

    /// The one that the tests of this process share.
    pub fn of_all() -> &'static Self {
        static ALL: OnceLock<Cluster> = OnceLock::new();
        ALL.get_or_init(Self::start)
    }

    /// The address of a new, empty database.
    pub fn database(&self) -> String {
        let name = format!("t{}", self.made.fetch_add(1, Ordering::Relaxed));
        self.ask("postgres", |client| client.batch_execute(&format!("CREATE DATABASE {name}")).unwrap());
        self.address(&name)
    }

    /// The address of a database on the socket of this server.
    pub fn address(&self, name: &str) -> String {
        format!("postgres:///{name}?host={}&user=yinling", self.folder.display())
    }

    /// Asks a database directly, as its administrator could.
    pub fn ask<T: Send>(&self, name: &str, act: impl FnOnce(&mut Client) -> T + Send) -> T {
        ask(&self.address(name), act)
    }

    /// `stop`, `start` or `restart`, as when the machine fails.
    pub fn control(&self, what: &str) {
        let ctl = self.bin.join("pg_ctl");
        let root = fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
        let mut command = if root {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(ctl);
            command
        } else {
            Command::new(ctl)
        };
        command.args(["-w", "-D"]).arg(self.folder.join("data")).current_dir(&self.folder);
        if what != "start" {
            command.args(["-m", "immediate"]);
        }
        if what != "stop" {
            command.arg("-l").arg(self.folder.join("server.log"));
            command.arg("-o").arg(format!("-k {} -c listen_addresses= -c max_connections=200 -c fsync=off", self.folder.display()));
        }
        let done = command.arg(what).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert!(done.success(), "pg_ctl {what}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        self.keeper.wait().unwrap();
    }
}

/// Where a server can live; it is gone with it.
pub fn new_folder() -> PathBuf {
    tempfile::Builder::new().prefix("pg").tempdir().unwrap().keep()
}

/// Asks the database at an address; on a thread of its own, because the client blocks.
pub fn ask<T: Send>(address: &str, act: impl FnOnce(&mut Client) -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(|| act(&mut Client::connect(address, NoTls).unwrap())).join().unwrap())
}

/// Debian keeps the programs of the server out of the path.
fn programs() -> PathBuf {
    let all = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let newest = all.filter(|bin| bin.join("initdb").is_file()).max();
    newest.unwrap_or_else(|| {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        let found = std::env::split_paths(&paths).find(|bin| bin.join("initdb").is_file());
        found.expect("没有 PostgreSQL：请安装 Debian 的 postgresql 软件包（cargo xtask setup 会装）")
    })
}

/// Whether a module of that path is the suite on PostgreSQL.
pub fn is_postgres(module: &str) -> bool {
    module.split("::").any(|part| part == "postgres")
}

/// A new database for a module of the suite, or none where it runs on SQLite.
pub fn database_for(module: &str) -> Option<String> {
    is_postgres(module).then(|| Cluster::of_all().database())
}
