//! The bench: speed and size beside what the same machine does bare, in the same run. It prints a
//! table; nothing passes or fails by it. `cargo xtask bench [PART…]` builds the programs that it measures.

mod ahead;
#[path = "../../../sync-server/tests/cluster/mod.rs"]
#[allow(dead_code, reason = "the suites of the server use more of it")]
mod cluster;
mod ledger;
mod million;
mod on_postgres;
mod pages;
mod photos;
mod sync;
mod together;
mod town;

use anyhow::{Context, Result, bail, ensure};
use rust_xlsxwriter::Workbook;
use shared::schema::RecordId;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tests::crowd::Crowd;
use tests::program::{DeskHome, ServerHome, binary};

const ORDERS: u32 = 3_000;
const ELDERS: usize = 50_000;
const LISTENERS: usize = 5_000;
/// Columns for the names of the figures.
const WIDE: usize = 64;

/// A part of the bench: its name, the programs it starts, and what prints its rows.
type Part = (&'static str, &'static [&'static str], fn() -> Result<()>);

const PARTS: [Part; 10] = [
    ("sync", &["desk", "sync-server"], sync::measure),
    ("together", &["desk", "sync-server"], together::measure),
    ("postgres", &["desk", "sync-server"], on_postgres::measure),
    ("million", &["desk", "sync-server"], million::measure),
    ("ledger", &["desk", "sync-server"], ledger::measure),
    ("waiting", &["sync-server"], waiting),
    ("office", &["desk", "sync-server", "desk-window"], office),
    ("ahead", &["desk", "sync-server"], ahead::measure),
    ("photos", &["desk", "sync-server"], photos::measure),
    ("pages", &["desk", "sync-server"], pages::measure),
];

/// The parts named, or all.
fn main() -> Result<()> {
    let only: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = only.iter().find(|name| PARTS.iter().all(|(known, ..)| known != name)) {
        bail!("no part is called {unknown}; there are {}", PARTS.map(|(name, ..)| name).join(", "));
    }
    let wanted = || PARTS.iter().filter(|(name, ..)| only.is_empty() || only.iter().any(|only| only == name));
    for program in wanted().flat_map(|(_, programs, _)| *programs) {
        let file = binary(program);
        ensure!(file.is_file(), "{} is not built; cargo xtask bench {} builds what is measured", file.display(), only.join(" "));
    }
    println!("{:<WIDE$} {:>16} {:>16} {:>8}", "what", "ours", "beside", "ratio");
    wanted().try_for_each(|(_, _, measure)| measure())
}

/// What one desk does by itself.
fn office() -> Result<()> {
    let home = ServerHome::new()?;
    let (_, code) = home.canteen_with_code("罗城街道长者饭堂", "445381001")?;
    let server = home.serve("127.0.0.1:0")?;
    let desk = DeskHome::enrolled(&server.listening()?, &code)?;
    saving(&desk)?;
    search();
    import(&desk)?;
    window(&desk);
    Ok(())
}

fn row(what: &str, ours: f64, beside: Option<f64>) {
    match beside {
        Some(beside) => println!("{what:<WIDE$} {ours:>16.1} {beside:>16.1} {:>8.2}", ours / beside),
        None => println!("{what:<WIDE$} {ours:>16.1}"),
    }
}

/// Orders through the real write path, beside one bare SQLite transaction with the same row in the same folder.
fn saving(desk: &DeskHome) -> Result<()> {
    let (bare_per_s, bare_p99) = bare(desk.path())?;
    let ours = desk.json(&["bench", "--records", &ORDERS.to_string(), "--json"])?;
    row("durable order saves a second", ours["create_per_s"].as_f64().context("create")?, Some(bare_per_s));
    row("the slowest hundredth of them (us)", ours["create_p99_us"].as_f64().context("p99")?, Some(bare_p99));
    row("durable outcomes a second", ours["edit_per_s"].as_f64().context("edit")?, Some(bare_per_s));
    Ok(())
}

/// A bare SQLite file that is as durable as ours; encrypted as the desk's own is, or plain as the server's.
fn bare_file(file: &Path, encrypted: bool) -> Result<rusqlite::Connection> {
    let store = rusqlite::Connection::open(file)?;
    if encrypted {
        store.pragma_update(None, "key", format!("x'{}'", "07".repeat(32)))?;
        store.pragma_update(None, "cipher_hmac_algorithm", "HMAC_SHA256")?;
    }
    store.pragma_update(None, "journal_mode", "WAL")?;
    store.pragma_update(None, "synchronous", "FULL")?;
    Ok(store)
}

fn bare(folder: &Path) -> Result<(f64, f64)> {
    let file = bare_file(&folder.join("bare.sqlite"), true)?;
    file.execute_batch(
        "CREATE TABLE meal_order (id BLOB PRIMARY KEY, number TEXT, elder TEXT, canteen TEXT, date TEXT, meal TEXT, mode TEXT,
         dish TEXT, price INTEGER, note TEXT, state TEXT, state_at TEXT, taken_at TEXT)",
    )?;
    let mut times = Vec::new();
    let begun = Instant::now();
    for n in 0..ORDERS {
        let each = Instant::now();
        let id = RecordId::from_bytes(&[&n.to_be_bytes()[..], &[7; 12]].concat()).context("id")?;
        file.prepare_cached(
            "INSERT INTO meal_order VALUES (?1, ?2, ?3, 'C001', '2026-11-22', 'lunch', 'own_delivery', '软饭', 1200, '少盐', 'placed', '2026-11-22T09:48:00', '2026-11-22T09:48:00')",
        )?
        .execute(rusqlite::params![id.bytes(), shared::rule::order_number::compose(1, n), id.to_string()])?;
        times.push(each.elapsed());
    }
    let per_s = f64::from(ORDERS) / begun.elapsed().as_secs_f64();
    times.sort();
    let p99 = times.get(times.len() * 99 / 100).copied().unwrap_or_default();
    Ok((per_s, p99.as_secs_f64() * 1e6))
}

/// The server's memory while 5,000 devices wait for news, beside what it takes with nobody there.
fn waiting() -> Result<()> {
    let home = ServerHome::new()?;
    let crowd = Crowd::enrol(&home, LISTENERS, sync_server::Clock::system())?;
    let server = home.serve("127.0.0.1:0")?;
    let (address, before, mut during) = (server.listening()?, memory_mib(server.id(), "VmRSS:"), 0.0);
    tokio::runtime::Runtime::new()?.block_on(crowd.hear_one_change(&address, || during = memory_mib(server.id(), "VmRSS:")))?;
    row("server's memory while 5,000 devices wait (MiB)", during, Some(before));
    Ok(())
}

const SURNAMES: [&str; 12] = ["王", "李", "张", "陈", "梁", "黄", "单", "仇", "区", "曾", "欧阳", "䶮"];
const GIVEN: [&str; 12] = ["桂英", "秀兰", "亚妹", "建国", "少芳", "永康", "冬梅", "国远", "贵云", "金凤", "玉珍", "志强"];

fn search() {
    let mut index = desk::search::ElderIndex::default();
    for n in 0..ELDERS {
        let id = RecordId::from_bytes(&[&(n as u64).to_be_bytes()[..], &[1; 8]].concat());
        let name = format!("{}{}", SURNAMES[n % 12], GIVEN[n / 12 % 12]);
        let phones = vec![format!("138{:08}", n * 37 % 100_000_000)];
        if let Some(id) = id {
            index.insert(desk::search::SearchEntry { id, name, phones, id_number: Some(format!("44538119400101{:04}", n % 10_000)) });
        }
    }
    let mut slowest = Duration::ZERO;
    for text in ["w", "wgy", "王", "桂英", "oyxl", "syy", "1380", "0026", "zzzz", "yan"] {
        let begun = Instant::now();
        let found = index.find(text, 8);
        slowest = slowest.max(begun.elapsed());
        assert!(found.len() <= 8);
    }
    row("search, 50,000 elders, slowest of ten (ms; frame 16)", slowest.as_secs_f64() * 1e3, Some(16.0));
}

fn import(desk: &DeskHome) -> Result<()> {
    let file = desk.path().join("五万人.xlsx");
    office_list(&file, ELDERS)?;
    for what in ["import of 50,000 rows", "the same list again, nothing new in it"] {
        let mut command = desk.command();
        command.args(["import", "elders"]).arg(&file);
        let (seconds, peak) = watched(command)?;
        row(&format!("{what} (s)"), seconds, None);
        row("its peak memory (MiB)", peak, None);
    }
    Ok(())
}

/// Writes an office's list of so many people.
fn office_list(file: &Path, people: usize) -> Result<()> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    for (column, word) in ["姓名", "身份证号", "村居", "住址", "送餐需求"].iter().enumerate() {
        sheet.write_string(0, u16::try_from(column)?, *word)?;
    }
    for n in 0..people {
        let at = u32::try_from(n + 1)?;
        sheet.write_string(at, 0, format!("{}{}", SURNAMES[n % 12], GIVEN[n / 12 % 12]))?;
        sheet.write_string(at, 1, id_number(n))?;
        sheet.write_string(at, 2, "细坑社区")?;
        sheet.write_string(at, 3, format!("细坑路{n}号"))?;
        sheet.write_string(at, 4, if n % 3 == 0 { "是" } else { "否" })?;
    }
    workbook.save(file)?;
    Ok(())
}

/// Runs a program to its end: seconds, and the most memory that it had, in MiB.
fn watched(mut command: Command) -> Result<(f64, f64)> {
    let begun = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn()?;
    let mut peak = 0.0f64;
    let ended = loop {
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        peak = peak.max(memory_mib(child.id(), "VmHWM:"));
        std::thread::sleep(Duration::from_millis(10));
    };
    ensure!(ended.success(), "{command:?} ended with {ended}");
    Ok((begun.elapsed().as_secs_f64(), peak))
}

fn id_number(n: usize) -> String {
    let body = format!("445381{}{:02}{:02}{:03}", 1930 + n / 1000 % 40, 1 + n / 28 % 12, 1 + n % 28, n / 336 % 1000);
    "0123456789X"
        .chars()
        .map(|check| format!("{body}{check}"))
        .find(|id| shared::rule::id_number::IdNumber::parse(id).is_ok())
        .unwrap_or(body)
}

fn memory_mib(process: u32, which: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(which));
    line.and_then(|text| text.trim().trim_end_matches(" kB").trim().parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

fn window(desk: &DeskHome) {
    let measured = tokio::runtime::Runtime::new().context("runtime").and_then(|runtime| {
        runtime.block_on(async {
            let page = tests::browser::window(desk.path()).await?;
            page.see("nav-order").await?;
            let usable = age(&binary("desk-window"));
            page.close().await?;
            usable
        })
    });
    match measured {
        Ok(usable) => row("window, process start to first usable screen (ms)", usable * 1e3, None),
        Err(error) => println!("{:<WIDE$} not measured: {error:#}", "window, process start to first usable screen"),
    }
}

/// Seconds since the kernel started this program, so that the driver's own start is not counted.
fn age(program: &Path) -> Result<f64> {
    let now: f64 = std::fs::read_to_string("/proc/uptime")?.split(' ').next().unwrap_or_default().parse()?;
    let program = program.canonicalize()?;
    let runs = |folder: &Path| std::fs::read_link(folder.join("exe")).is_ok_and(|exe| exe == program);
    let process = std::fs::read_dir("/proc")?.flatten().map(|entry| entry.path()).find(|folder| runs(folder));
    let stat = std::fs::read_to_string(process.context("the window runs no more")?.join("stat"))?;
    // The name in brackets may hold anything; the start is the twentieth word behind it, in hundredths on every Linux.
    let start = stat.rsplit(')').next().and_then(|words| words.split_whitespace().nth(19)).context("stat")?;
    Ok(now - start.parse::<f64>()? / 100.0)
}
