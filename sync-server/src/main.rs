//! The command line of the server: `serve`, `admin`, `demo`. Arguments in, JSON and exit codes out;
//! what is done stands in the library.

use clap::{Parser, Subcommand};
use serde::Serialize;
use shared::fault::{Code, Fault};
use shared::money::Fen;
use shared::record::{Level, Meal};
use shared::zh;
use std::io::{ErrorKind, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use sync_server::{Clock, Server};

/// 长者饭堂同步服务
#[derive(Debug, Parser)]
#[command(version)]
struct Line {
    /// 数据目录
    #[arg(long, global = true, default_value = "data")]
    data: PathBuf,
    /// PostgreSQL 数据库，比如 postgres://用户:密码@主机/库名；不写时用环境变量 YINLING_DATABASE，都没有时用数据目录里的 SQLite
    #[arg(long, global = true, alias = "database-url")]
    database: Option<String>,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// 启动服务
    Serve {
        /// 监听地址，端口 0 为任选
        #[arg(long, default_value = "127.0.0.1:8630")]
        listen: std::net::SocketAddr,
    },
    /// 管理饭堂、设备和账号
    Admin {
        #[command(subcommand)]
        what: Admin,
    },
    /// 检查每张照片的文件是否还在、有没有损坏；缺的会请设备重传
    Scrub {
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 列出隔离的资料：修改记录合不到一起，停在原来的样子
    Quarantine {
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 生成演示数据
    Demo {
        /// 输出 JSON（总是如此）
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
enum Admin {
    /// 饭堂
    Canteen {
        #[command(subcommand)]
        act: CanteenAct,
    },
    /// 运营商
    Operator {
        #[command(subcommand)]
        act: OperatorAct,
    },
    /// 餐品价格
    Price {
        #[command(subcommand)]
        act: PriceAct,
    },
    /// 设备
    Device {
        #[command(subcommand)]
        act: DeviceAct,
    },
    /// 账号
    Account {
        #[command(subcommand)]
        act: AccountAct,
    },
}

#[derive(Debug, Subcommand)]
enum CanteenAct {
    /// 新增饭堂
    Add {
        /// 名称
        #[arg(long)]
        name: String,
        /// 镇街（9 位）或村社区（12 位）代码
        #[arg(long)]
        division: String,
        /// 运营商的名称或 id
        #[arg(long)]
        operator: Option<String>,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 饭堂改属另一个镇街或村社区（区划调整）
    Move {
        /// 饭堂编号
        #[arg(long)]
        code: String,
        /// 镇街（9 位）或村社区（12 位）代码
        #[arg(long)]
        division: String,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 给已有的饭堂指明运营商
    Operator {
        /// 饭堂编号
        #[arg(long)]
        code: String,
        /// 运营商的名称或 id
        #[arg(long)]
        operator: String,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
enum OperatorAct {
    /// 登记运营商
    Add {
        /// 名称
        #[arg(long)]
        name: String,
        /// 统一社会信用代码，18 位
        #[arg(long)]
        licence: Option<String>,
        /// 电话
        #[arg(long)]
        phone: Option<String>,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 列出运营商和它们的饭堂
    List {
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
enum PriceAct {
    /// 给饭堂新增一个餐品，从今天起有效
    Add {
        /// 饭堂编号
        #[arg(long)]
        canteen: String,
        /// breakfast、lunch 或 dinner
        #[arg(long)]
        meal: Meal,
        /// 餐品
        #[arg(long)]
        name: String,
        /// 价格，元，比如 12 或 12.50
        #[arg(long, value_parser = yuan)]
        price: Fen,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
}

fn yuan(text: &str) -> Result<Fen, String> {
    Fen::parse_yuan(text).ok_or_else(|| "价格要写成 12 或 12.50".to_owned())
}

#[derive(Debug, Subcommand)]
enum DeviceAct {
    /// 一次性登记码
    Code {
        /// 饭堂编号
        #[arg(long, required_unless_present = "division", conflicts_with = "division")]
        canteen: Option<String>,
        /// 区划代码
        #[arg(long)]
        division: Option<String>,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 停用设备
    Revoke {
        /// 设备号
        #[arg(long)]
        number: i64,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
enum AccountAct {
    /// 新增账号，密码从标准输入读
    Add {
        /// 账号
        #[arg(long)]
        name: String,
        /// 角色
        #[arg(long, value_parser = role)]
        role: Level,
        /// 区划代码；饭堂账号填饭堂编号
        #[arg(long)]
        division: String,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
}

fn role(text: &str) -> Result<Level, String> {
    Level::of_code(text).ok_or_else(|| "角色是 city、county、town、canteen 之一".to_owned())
}

#[derive(Serialize)]
struct Done {
    ok: bool,
}

#[derive(Serialize)]
struct Listening {
    listening: String,
}

#[derive(Serialize)]
struct FirstAccount {
    first_account: String,
}

fn main() -> ExitCode {
    let line = match Line::try_parse() {
        Ok(line) => line,
        Err(error) if error.use_stderr() => {
            let fault = zh::usage(&error.to_string());
            eprintln!("{fault}");
            return ExitCode::from(fault.exit_code());
        }
        // Help and version are answers.
        Err(answer) => {
            return if say_line(answer.to_string().trim_end()).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        }
    };
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info,refinery_core=warn".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal()).init();
    let json = line.act.wants_json();
    match run(line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            if json {
                say(&fault).ok();
            }
            eprintln!("{fault}");
            ExitCode::from(fault.exit_code())
        }
    }
}

impl Act {
    fn wants_json(&self) -> bool {
        match self {
            Self::Serve { .. } => false,
            Self::Demo { .. } => true,
            Self::Scrub { json } | Self::Quarantine { json } => *json,
            Self::Admin { what } => match what {
                Admin::Canteen {
                    act: CanteenAct::Add { json, .. } | CanteenAct::Move { json, .. } | CanteenAct::Operator { json, .. },
                }
                | Admin::Operator { act: OperatorAct::Add { json, .. } | OperatorAct::List { json } }
                | Admin::Price { act: PriceAct::Add { json, .. } }
                | Admin::Device { act: DeviceAct::Code { json, .. } | DeviceAct::Revoke { json, .. } }
                | Admin::Account { act: AccountAct::Add { json, .. } } => *json,
            },
        }
    }
}

fn run(line: Line) -> Result<(), Fault> {
    let json = line.act.wants_json();
    // From the environment as well, so that its password does not stand in the list of processes.
    let database = line.database.or_else(|| std::env::var("YINLING_DATABASE").ok()).filter(|url| !url.is_empty());
    let server = match database {
        Some(url) => Server::open_at(&url, &line.data, Clock::system())?,
        None => Server::open(&line.data, Clock::system())?,
    };
    let what = match line.act {
        Act::Serve { listen } => return serve(server, listen),
        Act::Demo { .. } => return say(&server.demo()?),
        Act::Scrub { .. } => {
            let found = server.scrub()?;
            let words = format!("检查了 {} 张照片，新发现丢失或损坏 {} 张，共缺 {} 张", found.checked, found.lost, found.missing);
            return told(json, &found, &words);
        }
        Act::Quarantine { .. } => {
            let all = server.quarantine()?;
            let line = |one: &sync_server::Quarantined| {
                format!("{} {} 第 {} 条起，{}：{}", one.kind_name, one.record, one.seq, one.since, one.reason)
            };
            let words =
                if all.is_empty() { "没有隔离的资料".to_owned() } else { all.iter().map(line).collect::<Vec<_>>().join("\n") };
            return told(json, &all, &words);
        }
        Act::Admin { what } => what,
    };
    match what {
        Admin::Canteen { act: CanteenAct::Add { name, division, operator, .. } } => {
            let given = server.add_canteen(&name, &division, operator.as_deref())?;
            told(json, &given, &format!("已新增饭堂，编号 {}", given.code))
        }
        Admin::Canteen { act: CanteenAct::Move { code, division, .. } } => {
            server.move_canteen(&code, &division)?;
            told(json, &Done { ok: true }, &format!("{code} 现在属于 {division}"))
        }
        Admin::Canteen { act: CanteenAct::Operator { code, operator, .. } } => {
            server.name_operator(&code, &operator)?;
            told(json, &Done { ok: true }, &format!("{code} 的运营商是 {operator}"))
        }
        Admin::Operator { act: OperatorAct::Add { name, licence, phone, .. } } => {
            let given = server.add_operator(&name, licence.as_deref(), phone.as_deref())?;
            told(json, &given, &format!("已登记运营商 {}", given.name))
        }
        Admin::Operator { act: OperatorAct::List { .. } } => {
            let all = server.operators()?;
            let words: Vec<String> = all.iter().map(|one| format!("{} {} {}", one.id, one.name, one.canteens.join("、"))).collect();
            told(json, &all, &words.join("\n"))
        }
        Admin::Price { act: PriceAct::Add { canteen, meal, name, price, .. } } => {
            server.add_price(&canteen, meal, &name, price)?;
            told(json, &Done { ok: true }, &format!("已给 {canteen} 新增餐品 {name}，{price} 元"))
        }
        Admin::Device { act: DeviceAct::Code { canteen, division, .. } } => {
            let given = server.device_code(canteen.as_deref(), division.as_deref())?;
            told(json, &given, &format!("登记码 {}，7 天内有效，只能用一次", given.code))
        }
        Admin::Device { act: DeviceAct::Revoke { number, .. } } => {
            server.revoke_device(number)?;
            told(json, &Done { ok: true }, &format!("已停用 {number} 号设备"))
        }
        Admin::Account { act: AccountAct::Add { name, role, division, .. } } => {
            let mut password = String::new();
            std::io::stdin().take(4096).read_to_string(&mut password).map_err(|_| zh::broken())?;
            server.add_account(&name, role, &division, password.trim_end_matches(['\r', '\n']))?;
            told(json, &Done { ok: true }, &format!("已新增账号 {name}"))
        }
    }
}

fn told(json: bool, value: &impl Serialize, words: &str) -> Result<(), Fault> {
    if json {
        return say(value);
    }
    say_line(words)
}

/// One JSON value on a line of stdout, at once.
fn say(value: &impl Serialize) -> Result<(), Fault> {
    let text = serde_json::to_string(value).map_err(|_| zh::broken())?;
    say_line(&text)
}

/// A line on stdout. A reader that has heard enough (`| head`) is no failure.
fn say_line(text: &str) -> Result<(), Fault> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(zh::broken()),
        _ => Ok(()),
    }
}

fn serve(server: Server, listen: std::net::SocketAddr) -> Result<(), Fault> {
    let _claim = server.claim()?;
    let runtime = tokio::runtime::Runtime::new().map_err(|_| zh::broken())?;
    runtime.block_on(async {
        let busy = |_| Fault::new(Code::NotNow, format!("地址 {listen} 用不了。"), "请换一个端口，或停止占用它的程序。");
        let listener = tokio::net::TcpListener::bind(listen).await.map_err(busy)?;
        let address = listener.local_addr().map_err(|_| zh::broken())?;
        say(&Listening { listening: format!("http://{address}") })?;
        if let Some(token) = server.first_link()? {
            say(&FirstAccount { first_account: format!("http://{address}/first?token={token}") })?;
        }
        tracing::info!(%address, "serving");
        sync_server::serve(listener, server).await.map_err(|error| {
            tracing::error!(%error, "the listener failed");
            zh::broken()
        })
    })
}
