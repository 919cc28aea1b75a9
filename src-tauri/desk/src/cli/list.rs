//! `desk list NAME`: any list of the screens by its name, narrowed by the same words as in an address, printed or written into a workbook.

use super::words::What;
use clap::Args;
use desk::Desk;
use shared::command::{List, ListWords};
use shared::fault;
use shared::fault::{Code, Fault};
use shared::list::{End, Filter, ListColumn, ListPage, ListRow, ListSpec};
use shared::schema::Language;
use std::fmt::Write as _;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Listing {
    /// 列表的名字
    name: String,
    /// 条件，可以写几个：from=2026-11-01 meal=lunch text=王 sort=-date
    words: Vec<String>,
    /// 导出到这个 Excel 文件
    #[arg(long)]
    out: Option<PathBuf>,
    #[command(flatten)]
    what: What,
    /// 标准输出只打印一个 JSON 值
    #[arg(long)]
    pub(crate) json: bool,
}

impl Listing {
    /// Prints the list; rows go out as they come.
    pub(crate) fn run(&self, desk: &Desk) -> Result<(), Fault> {
        let words = self.words()?;
        if let Some(out) = &self.out {
            let done = self.what.export(desk, &self.name, words, out)?;
            return if self.json {
                crate::say(&super::to_json(&done))
            } else {
                crate::say(&format!("已导出 {} 条：{}", done.rows, done.path))
            };
        }
        let ask = List { list: self.name.clone(), words };
        let mut out = Heard { out: BufWriter::new(std::io::stdout().lock()), enough: false };
        let written = if self.json { write_json(desk, &ask, &mut out) } else { write_words(desk, &ask, &mut out) };
        let written = written.and_then(|()| out.flush().map_err(|error| unwritten(&error)));
        if out.enough { Ok(()) } else { written }
    }

    fn words(&self) -> Result<ListWords, Fault> {
        let pair = |word: &String| match word.split_once('=') {
            Some((name, word)) => Ok((name.to_owned(), word.to_owned())),
            None => Err(fault!(Code::BadInput, program::condition_unread(word))),
        };
        self.words.iter().map(pair).collect()
    }
}

/// What a page holds, with all rows in it.
fn write_json(desk: &Desk, ask: &List, out: &mut impl Write) -> Result<(), Fault> {
    let mut begun = false;
    let page = desk.list_all(ask, &mut |row: &ListRow| {
        let head = if std::mem::replace(&mut begun, true) { "," } else { "{\"rows\":[" };
        out.write_all(head.as_bytes()).map_err(|error| unwritten(&error))?;
        serde_json::to_writer(&mut *out, row).map_err(|error| unwritten(&error))
    })?;
    let ListPage { total, sums, names, .. } = page;
    let rest = serde_json::json!({ "total": total, "sums": sums, "names": names }).to_string();
    let head = if begun { "" } else { "{\"rows\":[" };
    writeln!(out, "{head}],{}", rest.trim_start_matches('{')).map_err(|error| unwritten(&error))
}

fn write_words(desk: &Desk, ask: &List, out: &mut impl Write) -> Result<(), Fault> {
    let list = ListSpec::find(&ask.list);
    let columns: Vec<&ListColumn> = list.iter().flat_map(|list| list.columns_at(End::Desk)).collect();
    let page = desk.list_all(ask, &mut |row: &ListRow| {
        let cell = |list: &&'static ListSpec, column: &&ListColumn| {
            let value = row.cells.get(column.name())?;
            Some(list.in_words(column, value, Language::Zh, &shared::schema::Unnamed)).filter(|words| !words.is_empty())
        };
        let words: Vec<String> = list.iter().flat_map(|list| columns.iter().filter_map(move |column| cell(list, column))).collect();
        writeln!(out, "{}", words.join("  ")).map_err(|error| unwritten(&error))
    })?;
    writeln!(out, "共 {} 条", page.total).map_err(|error| unwritten(&error))
}

/// Notices a reader that has heard enough (`| head`): that is no failure, but there is no use in going on.
struct Heard<W: Write> {
    out: W,
    enough: bool,
}

impl<W: Write> Heard<W> {
    fn noticed<T>(&mut self, done: std::io::Result<T>) -> std::io::Result<T> {
        self.enough |= done.as_ref().is_err_and(|error| error.kind() == ErrorKind::BrokenPipe);
        done
    }
}

impl<W: Write> Write for Heard<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let done = self.out.write(bytes);
        self.noticed(done)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let done = self.out.flush();
        self.noticed(done)
    }
}

fn unwritten(error: &dyn std::error::Error) -> Fault {
    tracing::warn!(%error, "the list was not written to its end");
    fault!(Code::Broken, program::LISTING_CUT_OFF)
}

/// All lists with their columns and filters, for the help.
pub(crate) fn listed() -> String {
    let mut lines = String::from("全部列表，括号里是条件：\n");
    for list in ListSpec::at(End::Desk) {
        let columns: Vec<&str> = list.columns_at(End::Desk).map(ListColumn::name).collect();
        let filters: Vec<&str> = list.filters_at(End::Desk).flat_map(Filter::names).collect();
        let _ = writeln!(lines, "  {} {}：{}（{}）", list.name, list.title.zh, columns.join(" "), filters.join(" "));
    }
    lines.push_str("\n另外：sort=列名 排序，前面加 - 是倒序。");
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pipe whose reader has gone after some bytes.
    struct Pipe(usize);

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(ErrorKind::BrokenPipe)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_has_heard_enough_ends_the_list_and_is_no_failure() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::open(folder.path()).unwrap();
        let ask = List { list: "elders".to_owned(), ..List::default() };
        let written = |room: usize| {
            let mut out = Heard { out: Pipe(room), enough: false };
            (write_json(&desk, &ask, &mut out).is_ok(), write_words(&desk, &ask, &mut out).is_ok(), out.enough)
        };
        assert_eq!(written(10_000), (true, true, false));
        assert_eq!(written(3), (false, false, true));
    }
}
