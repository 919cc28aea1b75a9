//! The words of the command line (a contract: people automate against it) and what each does.

mod call;
#[cfg(feature = "drill")]
mod demo;
mod import;
mod list;
mod serve;
mod words;

use clap::{Parser, Subcommand};
use desk::Desk;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use serde_json::json;
use shared::command as ask;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{Disclosure, DisclosureReason};
use shared::list::ListSpec;
use shared::rule::half_width::half_width;
use std::path::PathBuf;
use words::{Elder, Import, Json, Order, Receipt, What};

/// 长者饭堂的桌面程序（命令行）
#[derive(Debug, Parser)]
#[command(name = "desk", version)]
pub(crate) struct Cli {
    /// 数据文件夹
    #[arg(long)]
    data: PathBuf,
    /// 以哪位工作人员的名义；口令写在环境变量 DESK_PIN 里
    #[arg(long = "as")]
    person: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 用登记码登记到服务器
    Enrol {
        #[arg(long)]
        server: String,
        #[arg(long)]
        code: String,
        #[arg(long, default_value = "")]
        name: String,
        #[command(flatten)]
        out: Json,
    },
    /// 现在同步
    Sync {
        #[command(flatten)]
        out: Json,
    },
    /// 按名字调用界面所用的功能，供脚本使用
    #[command(after_help = call::listed())]
    Call(call::Call),
    /// 按名字打印或导出界面上的列表
    #[command(after_help = list::listed())]
    List(list::Listing),
    /// 检查本机数据是否完好
    #[command(name = "verify", alias = "check")]
    Check {
        #[command(flatten)]
        out: Json,
    },
    /// 本机的取用记录：谁在什么时候导出过表格、看过完整号码，为什么；并检查有没有被改过
    Audit {
        #[command(flatten)]
        out: Json,
    },
    /// 按变更记录重做本机的各张表
    Rebuild {
        #[command(flatten)]
        out: Json,
    },
    /// 数据文件损坏时：把它放到一边，换一个新的，读得出的本机记录都带过去；然后同步取回其余
    Recover {
        #[command(flatten)]
        out: Json,
    },
    /// 本机状态
    Status {
        #[command(flatten)]
        out: Json,
    },
    /// 列出两处写得不一样、等人决定的内容
    Conflicts {
        #[command(flatten)]
        out: Json,
    },
    /// 导入名单，或撤销一次导入
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// 查找长者
    Elder {
        #[command(subcommand)]
        what: Elder,
    },
    /// 订单
    Order {
        #[command(subcommand)]
        what: Order,
    },
    /// 回单
    Receipt {
        #[command(subcommand)]
        what: Receipt,
    },
    /// 就餐台账
    Ledger {
        #[arg(long)]
        from: Option<Date>,
        #[arg(long)]
        to: Option<Date>,
        /// 导出到这个 Excel 文件
        #[arg(long)]
        out: Option<PathBuf>,
        #[command(flatten)]
        what: What,
        #[command(flatten)]
        json: Json,
    },
    /// 在本机浏览器里打开界面
    Serve {
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: std::net::SocketAddr,
    },
    /// 性能测试用：通过真实写入路径生成订单；发布的程序里没有，也不写进有人在用的数据目录
    #[cfg(feature = "drill")]
    Bench {
        #[arg(long)]
        records: u32,
        #[command(flatten)]
        out: Json,
    },
    /// 填入演示数据（昨天和今天的工作）；发布的程序里没有，也不写进有人在用的数据目录
    #[cfg(feature = "drill")]
    #[command(hide = true)]
    Demo {
        #[command(flatten)]
        out: Json,
    },
}

impl Cli {
    /// Whether the answer goes out as JSON.
    pub(crate) fn json(&self) -> bool {
        match &self.command {
            Command::Enrol { out, .. }
            | Command::Sync { out }
            | Command::Check { out }
            | Command::Audit { out }
            | Command::Rebuild { out }
            | Command::Recover { out }
            | Command::Status { out }
            | Command::Conflicts { out } => out.json,
            #[cfg(feature = "drill")]
            Command::Bench { out, .. } => out.json,
            #[cfg(feature = "drill")]
            Command::Demo { out } => out.json,
            Command::Import { what: Import::Elders(elders) } => elders.out.json,
            Command::Import { what: Import::Undo { out, .. } } => out.json,
            Command::Elder { what: Elder::Find { out, .. } } => out.json,
            Command::Order { what: Order::Take { out, .. } | Order::Outcome { out, .. } } => out.json,
            Command::Receipt { what: Receipt::Add { out, .. } } => out.json,
            Command::Ledger { json, .. } => json.json,
            Command::List(list) => list.json,
            Command::Serve { .. } => false,
            Command::Call(_) => true,
        }
    }

    /// Runs the command.
    pub(crate) fn run(&self) -> Result<(), Fault> {
        if let Command::Recover { out } = &self.command {
            let done = Desk::recover(&self.data)?;
            let words = format!("带过去 {} 笔本机记录，{} 处读不出来；旧文件在 {}。请现在同步。", done.own, done.unreadable, done.old_file);
            return if out.json { crate::say(&to_json(&done)) } else { crate::say(&words) };
        }
        #[cfg(feature = "drill")]
        if let Command::Demo { out } = &self.command {
            let filled = demo::fill(&self.data)?;
            return if out.json { crate::say(&to_json(&filled)) } else { crate::say(&filled) };
        }
        if let Command::Call(call) = &self.command
            && let Some(shapes) = call.shapes()?
        {
            return crate::say(&shapes);
        }
        let desk = match Desk::open(&self.data) {
            Err(fault) if matches!(self.command, Command::Check { .. }) => match Desk::rotten(&self.data) {
                Ok(found) if !found.is_empty() => return self.say_problems(&found),
                _ => return Err(fault),
            },
            opened => opened?,
        };
        if let Some(name) = &self.person {
            sign_in(&desk, name)?;
        }
        if let Command::Serve { listen } = &self.command {
            return serve::serve(&desk, *listen);
        }
        if let Command::Call(call) = &self.command {
            return crate::say(&call.ask(&desk)?);
        }
        if let Command::List(list) = &self.command {
            return list.run(&desk);
        }
        let (json, words) = self.answer(&desk)?;
        crate::say(if self.json() { &json } else { &words })
    }

    fn say_problems(&self, problems: &[String]) -> Result<(), Fault> {
        let (json, words) = problems_told(problems);
        crate::say(if self.json() { &json } else { &words })
    }

    /// The answer as JSON for scripts and in words for people.
    fn answer(&self, desk: &Desk) -> Result<(String, String), Fault> {
        match &self.command {
            Command::Enrol { server, code, name, .. } => {
                let status = desk.ask(&ask::Enrol { server: server.clone(), code: code.clone(), device_name: name.clone() })?;
                let json = json!({ "device_number": status.device_number, "office": status.office });
                Ok((json.to_string(), format!("已登记：{}", status.office)))
            }
            Command::Sync { .. } => {
                let report = desk.ask(&ask::SyncNow::default())?;
                let words = format!("上传 {} 笔，取回 {} 笔，待上传 {} 笔", report.pushed, report.pulled, report.unsent);
                Ok((to_json(&report), words))
            }
            Command::Check { .. } => Ok(problems_told(&[desk.check()?, desk.disclosures()?.1].concat())),
            Command::Audit { .. } => audit(desk),
            Command::Rebuild { .. } => {
                let repaired = desk.rebuild()?;
                Ok((json!({ "repaired": repaired }).to_string(), format!("已重做，改正 {repaired} 条")))
            }
            Command::Status { .. } => {
                let status = desk.ask(&ask::Status::default())?;
                Ok((to_json(&status), format!("{}，待上传 {} 笔", status.office, status.unsent)))
            }
            Command::Conflicts { .. } => conflicts(desk),
            Command::Import { what: Import::Elders(elders) } => elders.run(desk).map(|(done, words)| (to_json(&done), words)),
            Command::Import { what: Import::Undo { id, .. } } => {
                let done = desk.ask(&ask::UndoImport { import: *id })?;
                Ok((to_json(&done), format!("撤回 {}，恢复 {}，保留 {}", done.withdrawn, done.restored, done.kept.len())))
            }
            Command::Elder { what: Elder::Find { text, limit, .. } } => {
                let hits = desk.ask(&ask::FindElders { text: text.clone(), limit: *limit })?;
                let words: Vec<String> = hits.iter().map(|hit| format!("{} {} {}", hit.id, hit.name, hit.village)).collect();
                Ok((to_json(&hits), words.join("\n")))
            }
            Command::Order { what } => order(desk, what),
            Command::Receipt { what: Receipt::Add { order, photo, arrived_at, .. } } => {
                let kept = photo.iter().map(|path| desk.keep_photo_file(path, *order)).collect::<Result<Vec<_>, Fault>>()?;
                for (path, note) in photo.iter().zip(&kept).filter_map(|(path, kept)| Some((path, kept.note.as_ref()?))) {
                    eprintln!("{}：{note}", path.display());
                }
                let photos: Vec<String> = kept.into_iter().map(|kept| kept.hash).collect();
                let arrived_at = Some(time_of(desk, arrived_at)?);
                let state =
                    desk.ask(&ask::SaveReceipt { order: Some(*order), arrived_at, photos: photos.clone(), ..Default::default() })?;
                Ok((json!({ "order": order, "outcome": state, "photos": photos }).to_string(), "回单已保存".to_owned()))
            }
            Command::Ledger { from, to, out, what, .. } => {
                let value = desk.ledger_json(*from, *to)?;
                if let Some(out) = out {
                    let days =
                        [("from", from), ("to", to)].into_iter().filter_map(|(name, day)| Some((name.to_owned(), (*day)?.to_string())));
                    what.export(desk, "orders", days.collect(), out)?;
                }
                let count = value["rows"].as_array().map_or(0, Vec::len);
                Ok((value.to_string(), format!("共 {count} 笔")))
            }
            #[cfg(feature = "drill")]
            Command::Bench { records, .. } => {
                let report = desk.bench(*records)?;
                Ok((to_json(&report), format!("每秒保存 {:.0} 笔，修改 {:.0} 笔", report.create_per_s, report.edit_per_s)))
            }
            Command::Serve { .. } | Command::Recover { .. } | Command::Call(_) | Command::List(_) => Ok((String::new(), String::new())),
            #[cfg(feature = "drill")]
            Command::Demo { .. } => Ok((String::new(), String::new())),
        }
    }
}

/// Signs in whoever the command is given for; an environment is not seen by other people of the computer, an argument is.
fn sign_in(desk: &Desk, name: &str) -> Result<(), Fault> {
    desk.ask(&person(desk, name, "DESK_PIN")?).map(drop)
}

/// Somebody by name, with the PIN that stands in the environment.
fn person(desk: &Desk, name: &str, pin: &str) -> Result<ask::SignIn, Fault> {
    let known = desk.ask(&ask::People {})?.into_iter().find(|person| person.name == name);
    Ok(ask::SignIn { person: known.map(|person| person.id), pin: std::env::var(pin).unwrap_or_default(), new_pin: String::new() })
}

fn conflicts(desk: &Desk) -> Result<(String, String), Fault> {
    let mut rows = Vec::new();
    for page in 0.. {
        let found = desk.ask(&ask::Conflicts { page })?.rows;
        if found.is_empty() {
            break;
        }
        rows.extend(found);
    }
    let words: Vec<String> = rows.iter().map(ask::ConflictRow::in_words).collect();
    Ok((to_json(&rows), if words.is_empty() { "没有两处写得不一样的内容".to_owned() } else { words.join("\n") }))
}

/// What left this desk in plain, the latest last; then what is wrong with the rows.
fn audit(desk: &Desk) -> Result<(String, String), Fault> {
    let (rows, problems) = desk.disclosures()?;
    let json = json!({ "ok": problems.is_empty(), "problems": problems, "rows": rows }).to_string();
    let mut words: Vec<String> = rows.iter().map(in_words).collect();
    words.push(if problems.is_empty() { format!("共 {} 条，没有被改过", rows.len()) } else { problems.join("\n") });
    Ok((json, words.join("\n")))
}

fn in_words(row: &Disclosure) -> String {
    let list = row.list.as_deref().map(|list| ListSpec::find(list).map_or("名单里要改的行", |list| list.title.zh));
    let full = if row.unmasked { "含完整号码" } else { "号码已遮盖" };
    let reason = row.reason.map(DisclosureReason::said);
    let parts = [Some(row.act.said()), list, Some(full), reason, row.note.as_deref()];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    format!(
        "{} {} {} 编号 {} {} 人 {}",
        row.sequence,
        row.at,
        row.clerk.as_deref().unwrap_or("—"),
        row.number,
        row.persons,
        parts.join(" ")
    )
}

fn problems_told(problems: &[String]) -> (String, String) {
    let words = if problems.is_empty() { "数据完好".to_owned() } else { problems.join("\n") };
    (json!({ "ok": problems.is_empty(), "problems": problems }).to_string(), words)
}

fn order(desk: &Desk, what: &Order) -> Result<(String, String), Fault> {
    match what {
        Order::Take { elder, date, meal, mode, dish, note, reason, confirm, platform_number, .. } => {
            let taken = desk.ask(&ask::TakeOrder {
                elder: Some(*elder),
                date: *date,
                meal: *meal,
                mode: *mode,
                dish: dish.clone(),
                note: note.clone(),
                confirmed: *confirm || !reason.is_empty(),
                supplement_reason: reason.clone(),
                platform_number: platform_number.clone(),
            })?;
            Ok((to_json(&taken), format!("已下单 {}", taken.number)))
        }
        Order::Outcome { order, outcome, reason, .. } => {
            let state = desk.ask(&ask::SetOutcome { order: Some(*order), state: Some(*outcome), reason: *reason })?;
            Ok((json!({ "order": order, "outcome": state }).to_string(), state.said().to_owned()))
        }
    }
}

/// A full time, or a time of day of today.
fn time_of(desk: &Desk, text: &str) -> Result<DateTime, Fault> {
    let today = desk.ask(&ask::Status::default())?.now.date();
    read_time(text, today).ok_or_else(|| fault!(Code::BadInput, receipt::ARRIVAL_TYPED_WRONG))
}

/// Read as China's time; one that names its zone is that moment.
fn read_time(text: &str, today: Date) -> Option<DateTime> {
    let text: String = text.trim().chars().map(half_width).collect();
    if let Ok(pieces) = jiff::fmt::temporal::DateTimeParser::new().parse_pieces(&text)
        && let Some(time) = pieces.time()
    {
        let Some(offset) = pieces.to_numeric_offset() else {
            return pieces.time_zone_annotation().is_none().then(|| pieces.date().to_datetime(time));
        };
        let moment = offset.to_timestamp(pieces.date().to_datetime(time)).ok()?;
        return Some(Offset::constant(8).to_datetime(moment));
    }
    Time::strptime("%H:%M", &text).or_else(|_| Time::strptime("%H:%M:%S", &text)).ok().map(|time| today.to_datetime(time))
}

/// Written out at once: an import's rows are many.
fn to_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Cli, read_time};
    use clap::CommandFactory;
    use jiff::civil::date;

    #[test]
    fn a_time_of_any_zone_is_that_moment_in_china() {
        let today = date(2026, 11, 22);
        for (text, read) in [
            ("2026-11-22T12:05:00", Some("2026-11-22T12:05:00")),
            ("2026-11-22 12:05", Some("2026-11-22T12:05:00")),
            ("2026-11-22T12:05:00+08:00", Some("2026-11-22T12:05:00")),
            ("2026-11-22T04:05:00Z", Some("2026-11-22T12:05:00")),
            ("2026-11-22t04:05:00z", Some("2026-11-22T12:05:00")),
            ("2026-11-22T11:35:00+07:30", Some("2026-11-22T12:05:00")),
            ("2026-11-21T23:05:00-05:00", Some("2026-11-22T12:05:00")),
            ("2026-11-22T12:05:00+0800", Some("2026-11-22T12:05:00")),
            ("2026-11-22T12:05:00+08:00[Asia/Shanghai]", Some("2026-11-22T12:05:00")),
            // A name of a zone alone is not looked up.
            ("2026-11-22T12:05:00[America/New_York]", None),
            ("11:58", Some("2026-11-22T11:58:00")),
            ("11：58", Some("2026-11-22T11:58:00")),
            (" １１：５８ ", Some("2026-11-22T11:58:00")),
            ("11:58:30", Some("2026-11-22T11:58:30")),
            ("2026-11-22", None),
            ("25:00", None),
            ("", None),
        ] {
            assert_eq!(read_time(text, today).map(|read| read.to_string()).as_deref(), read, "{text}");
        }
    }

    /// Anybody who adds a command says here that people get it.
    const RELEASED: [&str; 16] = [
        "enrol",
        "sync",
        "call",
        "list",
        "verify",
        "audit",
        "rebuild",
        "recover",
        "status",
        "conflicts",
        "import",
        "elder",
        "order",
        "receipt",
        "ledger",
        "serve",
    ];

    #[test]
    fn what_makes_data_up_is_in_no_program_that_is_released() {
        let drill: &[&str] = if cfg!(feature = "drill") { &["bench", "demo"] } else { &[] };
        let parsed = Cli::command();
        let acts: Vec<&str> = parsed.get_subcommands().map(clap::Command::get_name).collect();
        assert_eq!(acts, [&RELEASED[..], drill].concat());
    }
}
