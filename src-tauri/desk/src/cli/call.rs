//! `desk call NAME`: the table of commands that the screens use, for scripts. The ask comes as JSON on stdin, the reply goes out as JSON
//! on stdout. Nothing is decided here.

use desk::Desk;
use serde_json::{Map, Value, json};
use shared::command::COMMANDS;
use shared::fault;
use shared::fault::{Code, Fault};
use std::fmt::Write as _;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

/// More than this is no question.
const MOST: u64 = 4 * 1024 * 1024;

#[derive(Debug, clap::Args)]
pub(crate) struct Call {
    /// 功能的名字
    name: String,
    /// 交给程序的文件（名单、照片）：它的代号和文件名填进 file 和 file_name
    #[arg(long)]
    file: Option<PathBuf>,
    /// 不执行，只打印问与答的 JSON Schema
    #[arg(long)]
    shapes: bool,
    /// 与其他命令一致；这里总是 JSON
    #[arg(long)]
    json: bool,
}

impl Call {
    /// What is asked and answered, without a desk; none where the desk is to be asked.
    pub(crate) fn shapes(&self) -> Result<Option<Value>, Fault> {
        let Some(known) = COMMANDS.iter().find(|command| command.name == self.name) else {
            return Err(fault!(Code::BadInput, program::no_command_named(&self.name)));
        };
        Ok(self.shapes.then(|| json!({ "name": known.name, "ask": (known.ask)(), "reply": (known.reply)() })))
    }

    /// Asks the desk what stands on stdin.
    pub(crate) fn ask(&self, desk: &Desk) -> Result<Value, Fault> {
        let mut ask = read(std::io::stdin().lock(), std::io::stdin().is_terminal())?;
        if let Some(file) = &self.file {
            hand_over(desk, file, &mut ask)?;
        }
        desk.call(&self.name, Value::Object(ask))
    }
}

/// The ask; nothing at all is an ask without particulars.
fn read(mut from: impl Read, by_hand: bool) -> Result<Map<String, Value>, Fault> {
    let mut text = String::new();
    if !by_hand {
        let whole = from.by_ref().take(MOST).read_to_string(&mut text).is_ok() && from.read(&mut [0]).is_ok_and(|more| more == 0);
        if !whole {
            return Err(fault!(Code::BadInput, program::STDIN_NOT_TEXT));
        }
    }
    if text.trim().is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_str(&text).map_err(|_| fault!(Code::BadInput, program::STDIN_NOT_JSON))
}

fn hand_over(desk: &Desk, file: &Path, ask: &mut Map<String, Value>) -> Result<(), Fault> {
    let unread = |_| fault!(Code::BadFile, program::file_unread(&file.display().to_string()));
    let handle = desk.hand_over(&std::fs::read(file).map_err(unread)?)?;
    ask.insert("file".to_owned(), handle.into());
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    ask.entry("file_name").or_insert(name.into());
    Ok(())
}

/// All commands with their shapes in short, for the help.
pub(crate) fn listed() -> String {
    let mut lines = String::from("标准输入是问（JSON 对象，缺的字段取默认值），标准输出是答。全部功能：\n");
    for command in COMMANDS {
        let (ask, reply) = ((command.ask)().to_value(), (command.reply)().to_value());
        let _ = writeln!(lines, "  {} {} → {}", command.name, brief(&ask), brief(&reply));
    }
    lines.push_str("\n每个功能的完整写法：desk --data … call NAME --shapes");
    lines
}

/// A shape in a few words: `{text: string, limit: integer}`, `[ElderHit]`.
fn brief(schema: &Value) -> String {
    if let Some(named) = schema["$ref"].as_str() {
        return named.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(parts) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        return parts.iter().map(brief).collect::<Vec<_>>().join("|");
    }
    match &schema["type"] {
        Value::String(kind) if kind == "object" => {
            let fields = schema["properties"].as_object().into_iter().flatten().map(|(name, field)| format!("{name}: {}", brief(field)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::String(kind) if kind == "array" => format!("[{}]", brief(&schema["items"])),
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("|"),
        _ => "any".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ask_is_an_object_or_nothing_and_not_endless() {
        assert_eq!(read(&b"{\"text\": \"wgy\"}"[..], false).unwrap()["text"], "wgy");
        assert!(read(&b" \n"[..], false).unwrap().is_empty());
        assert!(read(std::io::repeat(b' '), true).unwrap().is_empty(), "nobody types it");
        for wrong in [&b"[]"[..], b"{", b"\xff\xfe"] {
            assert_eq!(read(wrong, false).unwrap_err().code, Code::BadInput);
        }
        assert_eq!(read(std::io::repeat(b' '), false).unwrap_err().code, Code::BadInput);
    }

    #[test]
    fn every_command_of_the_table_is_listed_with_its_shapes_and_answered() {
        let (listed, folder) = (listed(), tempfile::tempdir().unwrap());
        let desk = Desk::open(folder.path()).unwrap();
        for command in COMMANDS {
            assert!(listed.contains(&format!("  {} ", command.name)), "{}", command.name);
            let answer = desk.call(command.name, json!([]));
            assert!(!answer.is_err_and(|fault| fault.happened.contains("没有这个功能")), "{}", command.name);
        }
        let finding = listed.lines().find(|line| line.contains(" find_elders ")).unwrap();
        assert!(finding.contains("text: string") && finding.contains("limit: integer") && finding.ends_with("→ [ElderHit]"), "{finding}");
        assert!(desk.call("no_such", json!({})).is_err());
    }
}
