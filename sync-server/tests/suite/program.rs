//! The program itself: its output and exit codes, which scripts rely on.

use super::kit::program;
use crate::cluster::{ask, database_for};
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use tempfile::TempDir;

/// A server as its own process, killed when dropped.
pub struct Running {
    pub url: String,
    pub child: Child,
    _out: BufReader<ChildStdout>,
}

impl Running {
    /// Serves by a program on a free port.
    pub fn start(mut program: Command) -> Self {
        let mut child = program.args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        Self { url: told["listening"].as_str().unwrap().to_owned(), child, _out: out }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// A data folder, and a database where the suite runs on PostgreSQL.
pub struct Place {
    folder: TempDir,
    database: Option<String>,
}

impl Place {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database: database_for(module_path!()) }
    }

    pub fn program(&self) -> Command {
        program(self.folder.path(), self.database.as_deref())
    }

    /// What the program answers to a line, and its exit code.
    pub fn answer(&self, line: &str) -> (Option<i32>, Value) {
        answer(self, line)
    }

    /// How many servers may serve here.
    pub fn servers(&self) -> usize {
        if self.database.is_some() { 2 } else { 1 }
    }

    /// The pages of snapshots that lie there: place, where each begins and ends, bytes.
    pub fn pages(&self) -> Vec<(i64, i64, i64, Vec<u8>)> {
        let sql = "SELECT scope, after, upto, page FROM snapshot ORDER BY scope, after";
        match &self.database {
            Some(address) => ask(address, |client| {
                let rows = client.query(sql, &[]).unwrap();
                rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect()
            }),
            None => {
                let store = rusqlite::Connection::open(self.folder.path().join("server.sqlite")).unwrap();
                let mut statement = store.prepare(sql).unwrap();
                let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).unwrap();
                rows.map(Result::unwrap).collect()
            }
        }
    }

    /// As a disk or a hand could do it.
    pub fn damage(&self, statement: &str) {
        match &self.database {
            Some(address) => ask(address, |client| client.batch_execute(statement).unwrap()),
            None => rusqlite::Connection::open(self.folder.path().join("server.sqlite")).unwrap().execute_batch(statement).unwrap(),
        }
    }
}

fn answer(place: &Place, line: &str) -> (Option<i32>, Value) {
    let output = place.program().args(line.split(' ')).stdin(Stdio::null()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.trim().lines().count(), 1, "one JSON value: {text} {}", String::from_utf8_lossy(&output.stderr));
    (output.status.code(), serde_json::from_str(&text).unwrap())
}

#[test]
fn admin_and_demo_answer_in_json() {
    let place = Place::new();
    let (exit, canteen) = answer(&place, "admin canteen add --name 罗城街道长者饭堂 --division 445381001 --json");
    assert_eq!((exit, canteen["code"].as_str()), (Some(0), Some("C001")));
    let (exit, code) = answer(&place, "admin device code --canteen C001 --json");
    assert_eq!((exit, code["code"].as_str().unwrap().len()), (Some(0), "1234-5678-ABCD-EFGH-JKMN".len()));
    let (exit, fault) = answer(&place, "admin device code --canteen C999 --json");
    assert_eq!((exit, fault["code"].as_str()), (Some(1), Some("bad_input")));

    // What is made up goes into no folder in which somebody works.
    let (exit, fault) = answer(&place, "demo");
    assert_eq!((exit, fault["code"].as_str()), (Some(1), Some("not_now")));
    let demo = Place::new();
    let (exit, first) = answer(&demo, "demo");
    assert_eq!(exit, Some(0));
    assert!(first["console_password"].is_string());
    let (exit, second) = answer(&demo, "demo");
    assert_eq!((exit, second["console_password"].is_null()), (Some(0), true));
    assert_ne!(first["device_code"], second["device_code"]);

    let add = ["admin", "account", "add", "--name", "liang", "--role", "town", "--division", "445381001"];
    for (password, exit) in [("short\n", 1), ("yufan2026x\n", 0)] {
        let mut child = place.program().args(add).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(exit));
    }
}

#[test]
fn operators_are_entered_and_named_on_canteens() {
    let place = Place::new();
    let ask = |line: &str| answer(&place, line);
    let (exit, one) = ask("admin operator add --name 云浮康养服务有限公司 --licence 91445300ma4w00000x --phone 0766-8812345 --json");
    assert_eq!((exit, one["licence"].as_str(), one["canteens"].as_array().map(Vec::len)), (Some(0), Some("91445300MA4W00000X"), Some(0)));
    for (what, line) in [
        ("the same name", "admin operator add --name 云浮康养服务有限公司 --json"),
        ("the same licence", "admin operator add --name 别的公司 --licence 91445300MA4W00000X --json"),
        ("a short licence", "admin operator add --name 短号 --licence 9144 --json"),
        ("no phone", "admin operator add --name 无号 --phone 123 --json"),
        ("not known", "admin canteen add --name 新饭堂 --division 445381001 --operator 没有的公司 --json"),
    ] {
        let (exit, fault) = ask(line);
        assert_eq!((exit, fault["code"].as_str()), (Some(1), Some("bad_input")), "{what}");
    }
    ask("admin canteen add --name 罗城街道长者饭堂 --division 445381001 --operator 云浮康养服务有限公司 --json");
    ask("admin canteen add --name 泗纶镇长者饭堂 --division 445381001 --json");
    let id = one["id"].as_str().unwrap();
    for _ in 0..2 {
        assert_eq!(ask(&format!("admin canteen operator --code C002 --operator {id} --json")).0, Some(0), "again is fine");
    }
    assert_eq!(ask(&format!("admin canteen operator --code C009 --operator {id} --json")).0, Some(1));
    let (_, all) = ask("admin operator list --json");
    assert_eq!(all[0]["canteens"], serde_json::json!(["C001", "C002"]), "{all}");
}

#[test]
fn the_city_is_a_setting_that_a_new_database_has() {
    let place = Place::new();
    let ask = |line: &str| answer(&place, line);
    assert_eq!(ask("admin city --json"), (Some(0), serde_json::json!({ "code": "4453", "name": "云浮市" })));
    for unknown in ["4401", "445381", "445381001", "云浮市"] {
        let (exit, fault) = ask(&format!("admin city {unknown} --json"));
        assert_eq!((exit, fault["code"].as_str()), (Some(1), Some("bad_input")), "{unknown}");
    }
    // As a program with the divisions of another city has set it.
    place.damage("UPDATE setting SET value = '4401' WHERE name = 'city'");
    assert_eq!(ask("admin city --json").1["code"], "broken", "by another hand it is set to nothing");
    assert_eq!(ask("seal --json").0, Some(0));
    assert_eq!(ask("admin city --json").1["code"], "4401", "a start leaves it as it is");
    let (_, fault) = ask("admin device code --division 44 --json");
    assert!(fault["next_step"].as_str().unwrap().contains("4401"), "{fault}");
    assert_eq!(ask("admin city 4453 --json").1["name"], "云浮市");
    assert_eq!(ask("admin city --json").1["code"], "4453");
}

#[test]
fn serve_says_where_and_two_do_not_share_a_folder() {
    let place = Place::new();
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let mut child = place.program().args(serve).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || serde_json::from_str::<Value>(&lines.next().unwrap().unwrap()).unwrap();
    let (listening, first) = (next(), next());
    let url = listening["listening"].as_str().unwrap();
    let file = Path::new(first["first_account"].as_str().unwrap());
    assert!(std::fs::read_to_string(file).unwrap().starts_with(&format!("{url}/first#")), "and no line of a journal has it");
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions()) & 0o777, 0o600);
    if place.database.is_none() {
        let second = place.program().args(serve).output().unwrap();
        assert_eq!(second.status.code(), Some(1));
    }
    let (exit, _) = answer(&place, "admin canteen add --name 新饭堂 --division 445381001 --json");
    assert_eq!(exit, Some(0), "admin works beside a serving server");
    child.kill().unwrap();
    child.wait().unwrap();
}
