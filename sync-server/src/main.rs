//! The command line of the server: `serve`, `admin`, `verify` and the others. Arguments in, JSON and exit codes out;
//! what is done stands in the library.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod arguments;

use arguments::{
    AccountAct, Act, Admin, Args, AuditAct, CanteenAct, DeviceAct, ElderAct, FactorsOf, KeysAct, LineArgs, OperatorAct, PriceAct,
};
use clap::Parser;
use serde::Serialize;
use shared::fault;
use shared::fault::{Code, Fault};
use std::io::{ErrorKind, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use sync_server::{Clock, Database, FactorsWanted, Server};

#[derive(Serialize)]
struct Done {
    ok: bool,
}

#[derive(Serialize)]
struct Listening {
    listening: String,
}

/// The file in which the link to the first account lies.
#[derive(Serialize)]
struct FirstAccount {
    first_account: PathBuf,
}

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) if error.use_stderr() => {
            let fault = Fault::usage(&error.to_string());
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
    let json = args.act.wants_json();
    match run(args) {
        Ok(code) => code,
        Err(fault) => {
            if json {
                say(&fault).ok();
            }
            eprintln!("{fault}");
            ExitCode::from(fault.exit_code())
        }
    }
}

fn run(args: Args) -> Result<ExitCode, Fault> {
    let json = args.act.wants_json();
    // From the environment as well, so that its password does not stand in the list of processes.
    let database = args.database.or_else(|| std::env::var("YINLING_DATABASE").ok()).filter(|url| !url.is_empty());
    let authority =
        args.database_ca.or_else(|| std::env::var_os("YINLING_DATABASE_CA").map(PathBuf::from)).filter(|file| !file.as_os_str().is_empty());
    let database = database.as_deref().map(|address| Database { address, authority: authority.as_deref() });
    let keeper = args.keeper.or_else(|| std::env::var_os("YINLING_KEEPER").map(PathBuf::from));
    let keeper = keeper.unwrap_or_else(|| args.data.join("keeper.key"));
    let is_new = database.is_none() && !args.data.join("server.sqlite").exists();
    if let Act::Seal { .. } = args.act {
        let done = Server::seal_anew(database.as_ref(), &args.data, &keeper, Clock::system())?;
        told(json, &done, &format!("已按现在的内容重新封存 {} 行；正在运行的服务请重启", done.rows))?;
        return Ok(ExitCode::SUCCESS);
    }
    let server = Server::open_kept(database.as_ref(), &args.data, &keeper, Clock::system())?;
    if is_new {
        // Perhaps the path was mistyped.
        eprintln!("{} 里还没有数据，新建了一套空的。要用原来的，请删掉这个文件夹，用 --data 写对路径。", args.data.display());
    }
    match args.act {
        Act::Verify { .. } => verify(&server, json),
        Act::Audit { act: AuditAct::Verify { .. } } => verify_audit(&server, json),
        act => answer(server, act, json).map(|()| ExitCode::SUCCESS),
    }
}

/// Says what differs, and what to do about it.
fn verify(server: &Server, json: bool) -> Result<ExitCode, Fault> {
    let found = server.verify()?;
    if found.ok {
        told(json, &found, &format!("{} 份资料的 {} 条变更都完好，各张表与它们一致", found.records, found.changes))?;
        return Ok(ExitCode::SUCCESS);
    }
    told(json, &found, &found.problems.join("\n"))?;
    if found.altered {
        eprintln!("有 {} 处不对，数据库被程序以外的人改过。请保留现场，报告上级，从备份恢复。", found.mismatches);
    } else {
        eprintln!("有 {} 处与变更记录不一致。请运行 sync-server rebuild 重做，再检查一次；仍有问题请联系运维。", found.mismatches);
    }
    Ok(ExitCode::FAILURE)
}

/// Says whether the audit log is as it was written, and names the first row that is not.
fn verify_audit(server: &Server, json: bool) -> Result<ExitCode, Fault> {
    let found = server.verify_audit()?;
    let words = found.problem.clone().unwrap_or_else(|| format!("审计日志的 {} 条都和当初写下的一样", found.rows));
    told(json, &found, &words)?;
    Ok(if found.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn answer(server: Server, act: Act, json: bool) -> Result<(), Fault> {
    let what = match act {
        Act::Serve { listen, line } => return serve(server, listen, line),
        #[cfg(feature = "drill")]
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
        Act::Conflicts { canteen, division, .. } => {
            let all = server.conflicts(canteen.as_deref(), division.as_deref())?;
            let words: Vec<String> = all.iter().map(shared::command::ConflictRow::in_words).collect();
            let words = if words.is_empty() { "没有两处写得不一样的内容".to_owned() } else { words.join("\n") };
            return told(json, &all, &words);
        }
        Act::Verify { .. } => return verify(&server, json).map(drop),
        Act::Rebuild { .. } => {
            let found = server.rebuild()?;
            let words = found.problems.iter().chain([&format!("已重做，改正 {} 处", found.mismatches)]).cloned().collect::<Vec<_>>();
            return told(json, &found, &words.join("\n"));
        }
        Act::Seal { .. } => return Ok(()),
        Act::Restored { .. } => {
            let done = server.settle_restore()?;
            let words = format!(
                "已记下数据库从备份恢复过（第 {} 期）；各台电脑下次同步时知道，并补传恢复点以后的内容。所有人都要重新登录，没用过的登记码和链接都作废",
                done.epoch
            );
            return told(json, &done, &words);
        }
        Act::Compact { page, .. } => {
            let done = server.compact_in(page)?;
            let words = format!("{} 处的快照共 {} 页，新打包 {} 页、{} 字节", done.scopes, done.pages, done.packed, done.bytes);
            return told(json, &done, &words);
        }
        Act::Audit { act: AuditAct::Verify { .. } } => return verify_audit(&server, json).map(drop),
        Act::Audit { act: AuditAct::List { last, .. } } => {
            let all = server.audit_listed(last)?;
            let words: Vec<String> = all.iter().map(ToString::to_string).collect();
            return told(json, &all, &words.join("\n"));
        }
        Act::Audit { act: AuditAct::Prune { keep, .. } } => {
            let done = server.prune_audit(keep)?;
            return told(json, &done, &format!("删掉 {} 条，从第 {} 条起都还在", done.rows, done.first));
        }
        Act::Admin { what } => what,
    };
    match what {
        Admin::City { code, .. } => {
            let city = code.map_or_else(|| server.city(), |code| server.set_city(&code))?;
            told(json, &city, &format!("这套系统属于 {}（{}）", city.name, city.code))
        }
        Admin::Networks { networks, anywhere, .. } => {
            let set = anywhere || !networks.is_empty();
            let named = if set { server.set_networks(&networks)? } else { server.networks()? };
            let all = named.administrators_from.join("、");
            told(
                json,
                &named,
                &if all.is_empty() {
                    "管理员账号不限网络".to_owned()
                } else {
                    format!("管理员账号只能从这些网络使用：{all}")
                },
            )
        }
        Admin::Factors { of, keys, .. } => {
            let asked = of.map(|of| FactorsWanted { of_everybody: of == FactorsOf::Everybody, keys_alone: keys });
            let wanted = asked.map_or_else(|| server.factors_wanted(), |asked| server.want_factors(asked))?;
            let (of, by) = (
                if wanted.of_everybody { "所有账号" } else { "管理员账号" },
                if wanted.keys_alone { "SM2 密钥" } else { "动态码或 SM2 密钥" },
            );
            told(json, &wanted, &format!("{of}登录时除密码外还要{by}"))
        }
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
        Admin::Account { act } => account(&server, act, json),
        Admin::Elder { act: ElderAct::Erase { who, .. } } => {
            let erased = server.erase_elder(&who.map_or_else(from_stdin, Ok)?)?;
            told(json, &erased, &format!("已销毁档案 {} 的密钥；各台电脑下次同步时一并删除", erased.elder))
        }
        Admin::Authority => say_line(&server.authority()?),
        Admin::Keys { act: KeysAct::Rotate { .. } } => {
            let rotated = server.rotate_root()?;
            let words =
                format!("已换上新的根密钥，请马上备份。旧的在 {}：以前的数据库备份只能用它打开，那些备份都不要了再销毁它", rotated.old);
            told(json, &rotated, &words)
        }
    }
}

fn account(server: &Server, act: AccountAct, json: bool) -> Result<(), Fault> {
    let done = |words: String| told(json, &Done { ok: true }, &words);
    match act {
        AccountAct::Add { name, role, division, .. } => {
            server.add_account(&name, role, &division, &from_stdin()?)?;
            done(format!("已新增账号 {name}"))
        }
        AccountAct::List { .. } => {
            let all = server.accounts()?;
            let line = |one: &sync_server::AccountListed| {
                let marks = [(one.disabled, "，已停用"), (one.waits, "，待核准"), (one.locked, "，有地方锁定")];
                let marks: String = marks.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect();
                format!("{} {} {}，登录着 {} 处{marks}", one.name, one.role.label().zh, one.division, one.sessions)
            };
            let words = if all.is_empty() { "还没有账号".to_owned() } else { all.iter().map(line).collect::<Vec<_>>().join("\n") };
            told(json, &all, &words)
        }
        AccountAct::Disable(one) => {
            server.disable_account(&one.name, true)?;
            done(format!("已停用账号 {}，已经登录的都退出了", one.name))
        }
        AccountAct::Enable(one) => {
            server.disable_account(&one.name, false)?;
            done(format!("已启用账号 {}", one.name))
        }
        AccountAct::Unlock(one) => {
            server.unlock_account(&one.name)?;
            done(format!("账号 {} 不再锁定", one.name))
        }
        AccountAct::Person { one, person, phone } => {
            server.name_person(&one.name, &person, &phone)?;
            done(format!("已写明账号 {} 是{person}的", one.name))
        }
        AccountAct::Password { one, stdin } => {
            let brought = if stdin { Some(from_stdin()?) } else { None };
            let given = server.reset_password(&one.name, brought.as_deref())?;
            let words = given.password.as_ref().map_or_else(
                || format!("已重设账号 {} 的密码", one.name),
                |password| format!("账号 {} 的新密码是 {password}，只显示这一次，请当面交给本人", one.name),
            );
            told(json, &given, &words)
        }
    }
}

/// What stands on the standard input, without the end of its line.
fn from_stdin() -> Result<String, Fault> {
    let mut text = String::new();
    std::io::stdin().take(4096).read_to_string(&mut text).map_err(|_| Fault::broken())?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn told(json: bool, value: &impl Serialize, words: &str) -> Result<(), Fault> {
    if json {
        return say(value);
    }
    say_line(words)
}

/// One JSON value on a line of stdout, at once.
fn say(value: &impl Serialize) -> Result<(), Fault> {
    let text = serde_json::to_string(value).map_err(|_| Fault::broken())?;
    say_line(&text)
}

/// A line on stdout. A reader that has heard enough (`| head`) is no failure.
fn say_line(text: &str) -> Result<(), Fault> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Fault::broken()),
        _ => Ok(()),
    }
}

fn serve(server: Server, listen: std::net::SocketAddr, line: LineArgs) -> Result<(), Fault> {
    let _claim = server.claim()?;
    let line = line.certificate(listen).map(|from| server.tls(from)).transpose()?;
    let runtime = tokio::runtime::Runtime::new().map_err(|_| Fault::broken())?;
    let served = runtime.block_on(async {
        let busy = |_| fault!(Code::NotNow, program::address_taken(listen));
        let listener = tokio::net::TcpListener::bind(listen).await.map_err(busy)?;
        let address = listener.local_addr().map_err(|_| Fault::broken())?;
        let scheme = if line.is_some() { "https" } else { "http" };
        let address = format!("{scheme}://{address}");
        say(&Listening { listening: address.clone() })?;
        if let Some(first_account) = server.first_link_file(&address)? {
            say(&FirstAccount { first_account })?;
        }
        tracing::info!(%address, scheme, "serving");
        sync_server::serve(listener, server, line).await.map_err(|error| {
            tracing::error!(%error, "the listener failed");
            Fault::broken()
        })
    });
    // What is cut off is not waited for.
    runtime.shutdown_timeout(std::time::Duration::from_millis(500));
    served
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;
    use std::collections::BTreeSet;

    /// Every command with the event that it leaves behind, whether it is done or refused.
    const EVENTS: [(&str, &str); 35] = [
        ("admin authority", "authority_shown"),
        ("admin city", "city_shown"),
        ("admin city 4453", "city_set"),
        ("admin networks", "networks_shown"),
        ("admin networks 10.0.0.0/8", "networks_set"),
        ("admin factors", "factors_shown"),
        ("admin factors everybody --keys", "factors_set"),
        ("admin canteen add --name 罗城街道长者饭堂 --division 445381001", "canteen_added"),
        ("admin canteen move --code C001 --division 445381106", "canteen_moved"),
        ("admin operator add --name 康养公司", "operator_added"),
        ("admin operator list", "operators_listed"),
        ("admin canteen operator --code C001 --operator 康养公司", "canteen_operator"),
        ("admin price add --canteen C001 --meal lunch --name 软饭 --price 12", "price_added"),
        ("admin device code --canteen C001", "device_code"),
        ("admin device revoke --number 7", "device_revoked"),
        ("admin account add --name chen --role city --division 4453", "account_added"),
        ("admin account list", "accounts_listed"),
        ("admin account disable --name chen", "account_disabled"),
        ("admin account enable --name chen", "account_enabled"),
        ("admin account unlock --name chen", "account_unlocked"),
        ("admin account person --name chen --person 陈敏 --phone 13800000001", "account_person"),
        ("admin account password --name chen", "password_reset"),
        ("admin elder erase --who 01890000-0000-7000-8000-000000000000", "elder_erased"),
        ("admin keys rotate", "root_rotated"),
        ("scrub", "scrubbed"),
        ("verify", "verified"),
        ("rebuild", "rebuilt"),
        ("seal", "tables_sealed"),
        ("restored", "restore_settled"),
        ("compact", "compacted"),
        ("quarantine", "quarantine_listed"),
        ("conflicts", "conflicts_listed"),
        ("audit verify", "audit_verified"),
        ("audit list", "audit_listed"),
        ("audit prune", "audit_pruned"),
    ];
    /// It ends with its own last act, and serves until it is told to end; its start is noted by the server itself.
    const OTHERS: [&str; 2] = ["demo", "serve"];

    /// The commands that do something.
    fn leaves(command: &clap::Command, above: &str, found: &mut BTreeSet<String>) {
        for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
            let path = format!("{above} {}", below.get_name()).trim().to_owned();
            if below.has_subcommands() {
                leaves(below, &path, found);
            } else {
                found.insert(path);
            }
        }
    }

    #[test]
    fn every_command_leaves_its_event_behind() {
        let mut all = BTreeSet::new();
        leaves(&Args::command(), "", &mut all);
        let known = |path: &String| {
            OTHERS.contains(&path.as_str()) || EVENTS.iter().any(|(line, _)| format!("{line} ").starts_with(&format!("{path} ")))
        };
        let unknown: Vec<&String> = all.iter().filter(|path| !known(path)).collect();
        assert_eq!(unknown, [""; 0], "new: which event has it?");
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_str().unwrap();
        for (line, event) in EVENTS {
            let words = ["sync-server", "--data", data].into_iter().chain(line.split(' '));
            // Refused or done: what is asked is noted.
            let _ = run(Args::try_parse_from(words).unwrap());
            let server = Server::open_kept(None, folder.path(), &folder.path().join("keeper.key"), Clock::system()).unwrap();
            let last = server.audit_listed(1).unwrap();
            assert_eq!(last[0].event, event, "{line}: {last:?}");
        }
    }
}
