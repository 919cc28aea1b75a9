//! `desk import elders`: an office's list by its path, read as it looks or as somebody says.

use super::words::Json;
use clap::Args;
use desk::{Desk, ListFile};
use shared::command::{AskedAct, ImportDone, ListChoice};
use shared::fault;
use shared::fault::{Code, Fault};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Elders {
    file: PathBuf,
    /// 只看结果，不写入
    #[arg(long)]
    dry_run: bool,
    /// 有错的行写到这个 Excel 文件
    #[arg(long)]
    errors: Option<PathBuf>,
    /// 错误表的文件已经有了也写，替换它
    #[arg(long)]
    replace: bool,
    /// 也导入这张工作表，可以写几次
    #[arg(long = "sheet")]
    sheets: Vec<String>,
    /// 不导入这张工作表，可以写几次
    #[arg(long = "without")]
    without: Vec<String>,
    /// 这一列是什么：列名=字段，字段留空是不导入，可以写几次
    #[arg(long = "column")]
    columns: Vec<String>,
    /// 问到的行怎么办：hidden_row、struck_row、gone、example_row 等于 take 或 close，可以写几次
    #[arg(long = "answer")]
    answers: Vec<String>,
    #[command(flatten)]
    pub(super) out: Json,
}

impl Elders {
    /// Does it, and says what was done, in JSON and in words.
    pub(super) fn run(&self, desk: &Desk) -> Result<(ImportDone, String), Fault> {
        let choice = |take| move |sheet: &String| Ok(ListChoice::Sheet { sheet: sheet.clone(), take });
        let sheets = self.sheets.iter().map(choice(true)).chain(self.without.iter().map(choice(false)));
        let choices: Vec<ListChoice> = sheets.chain(self.answers.iter().map(|text| answer(text))).collect::<Result<_, Fault>>()?;
        let words: Vec<(String, String)> = self.columns.iter().map(|pair| self::pair(pair)).collect::<Result<_, _>>()?;
        let known = |field: &str| field.is_empty() || desk::import::fields().iter().any(|(name, _)| *name == field);
        if let Some((_, field)) = words.iter().find(|(_, field)| !known(field)) {
            return Err(fault!(Code::BadInput, program::condition_unread(field)));
        }
        let list = ListFile {
            path: &self.file,
            dry_run: self.dry_run,
            errors: self.errors.as_deref(),
            replace: self.replace,
            choices: &choices,
            words: &words,
        };
        let done = desk.import_list(&list)?;
        let counts = format!("新增 {}，更新 {}，不变 {}，有错 {}", done.new, done.update, done.same, done.error);
        let words = done.left_out.iter().map(|left| left.message.clone());
        let words = [counts].into_iter().chain(words).collect::<Vec<_>>().join("\n");
        Ok((done, words))
    }
}

fn pair(text: &str) -> Result<(String, String), Fault> {
    let (word, field) = text.rsplit_once('=').ok_or_else(|| fault!(Code::BadInput, program::condition_unread(text)))?;
    Ok((word.to_owned(), field.to_owned()))
}

fn answer(text: &str) -> Result<ListChoice, Fault> {
    let (rows, act) = pair(text)?;
    let act = match act.as_str() {
        "take" => AskedAct::Take,
        "close" => AskedAct::Close,
        _ => return Err(fault!(Code::BadInput, program::condition_unread(text))),
    };
    Ok(ListChoice::Rows { rows, act })
}
