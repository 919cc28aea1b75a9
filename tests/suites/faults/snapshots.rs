//! Snapshots: a long history is joined over a bad line, the server packs while desks sync, and is killed while it packs.

use super::kit::{Device, NOW, TOWN, Town};
use anyhow::{Context, Result, bail, ensure};
use desk::Desk;
use shared::command::SyncNow;
use shared::crypto::SoftProvider;
use shared::kinds::RecordKind;
use shared::sync::{SetDigest, set_digest, snapshot};
use shared::wire::WireChange;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use sync_server::{Limits, Server};
use tests::fuzz::Dice;
use tests::history::History;
use tests::program::{Running, ServerHome, binary};
use tests::proxy::{Fate, Proxy};

/// A big canteen; half of it is brought home.
const ORDERS_A_DAY: u32 = 300;
const TEN_YEARS: u32 = 3_652;
/// 2 Mbit/s for five minutes.
const FIVE_MINUTES: usize = 2_000_000 / 8 * 300;
/// Days of history that the test makes; all days are alike.
const DAYS: u32 = 18;
/// Asking for a page and what HTTP says around it.
const AROUND: usize = 2_048;

fn push(device: &mut Device, server: &Server, changes: &[WireChange]) -> Result<()> {
    for some in changes.chunks(1_800) {
        let refused = device.exchange(server, some.to_vec())?.refused;
        ensure!(refused.is_empty(), "{refused:?}");
    }
    Ok(())
}

#[test]
fn f25_a_desk_joins_ten_years_over_a_slow_line_that_breaks() -> Result<()> {
    let town = Town::new()?;
    let server = town.server()?;
    let mut history = History::of(&town.canteen, 400, 25);
    let mut first = town.device(false)?;
    push(&mut first, server, &history.people())?;
    for _ in 0..DAYS {
        push(&mut first, server, &history.next_day(ORDERS_A_DAY)?)?;
    }
    let done = server.compact()?;
    ensure!(done.pages >= 4, "{done:?}");

    // What the pages cost.
    let mut reader = town.device(false)?;
    let (mut after, mut pages, mut orders) = (0, Vec::new(), HashSet::new());
    loop {
        let came = reader.pull(server, after)?;
        if came.page.is_empty() {
            break;
        }
        let changes = snapshot::unpack(&came.page)?;
        orders.extend(changes.iter().filter(|change| change.kind == RecordKind::Order.code()).map(|change| change.record));
        pages.push(came.page.len());
        after = came.next;
    }
    let (packed, largest, orders) = (pages.iter().sum::<usize>(), *pages.iter().max().context("a page")?, orders.len());
    let ten_years = packed * (ORDERS_A_DAY * TEN_YEARS) as usize / orders;
    // The tail is less than a page holds, and packed less well.
    let in_all = ten_years + ten_years / largest * AROUND + snapshot::PAGE_FILL / 3;
    println!("{} bytes an order, {} MB in ten years, of {} MB", packed / orders, in_all / 1_000_000, FIVE_MINUTES / 1_000_000);
    ensure!(in_all <= FIVE_MINUTES, "{} bytes an order, {in_all} bytes in ten years", packed / orders);

    // On a good line everything comes once.
    let runtime = tokio::runtime::Runtime::new()?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let proxy = Proxy::before(&listener.local_addr()?.to_string())?;
    runtime.spawn(sync_server::serve_until(listener, server.clone(), None, Limits::default(), std::future::pending()));
    let join = |name: &str| -> Result<Desk> {
        let clock = super::kit::turned_by(&Arc::new(AtomicI64::new(NOW)));
        let desk = Desk::open_with(&town.folder(name), clock, Arc::new(SoftProvider::new()))?;
        desk.enrol_by(&proxy.url(), &town.code(false)?, name, |ask| server.enrol(ask))?;
        Ok(desk)
    };
    // A desk that was enrolled begins by itself: until it is asked to, nothing gets through.
    let dead = Fate { up: 0, ..Fate::GOOD };
    proxy.set(dead);
    let good = join("good")?;
    proxy.set(Fate::GOOD);
    ensure!(good.ask(&SyncNow {})?.agrees);
    let whole = proxy.carried();
    ensure!(
        whole >= packed && whole <= packed + snapshot::PAGE_FILL / 3 + (pages.len() + 8) * AROUND,
        "{whole} bytes for pages of {packed}"
    );

    let count = |desk: &Desk| -> Result<usize> { Ok(desk.ledger_json(None, None)?["rows"].as_array().context("rows")?.len()) };
    ensure!(count(&good)? == (DAYS * ORDERS_A_DAY) as usize);
    drop(good);

    // On one that breaks after a page and a half, a page that came does not come again.
    proxy.set(dead);
    let bad = join("bad")?;
    let (before, mut breaks) = (proxy.carried(), 0);
    proxy.set(Fate { down: largest * 3 / 2, ..Fate::GOOD });
    while !bad.ask(&SyncNow {}).is_ok_and(|report| report.agrees) {
        breaks += 1;
        ensure!(breaks < 40, "it gets nowhere");
        proxy.set(Fate { down: largest * 3 / 2, ..Fate::GOOD });
    }
    let sent = proxy.carried() - before;
    ensure!(breaks >= 3 && sent <= whole + breaks * (largest + AROUND), "{sent} bytes in {breaks} pieces, {whole} at once");
    ensure!(count(&bad)? == (DAYS * ORDERS_A_DAY) as usize);
    ensure!(bad.check()?.is_empty());
    Ok(())
}

/// A device that reads, and what it holds by then.
struct Reader {
    device: Device,
    after: u64,
    held: HashMap<[u8; 16], ([u8; 16], String)>,
    pages: u32,
}

impl Reader {
    fn new(town: &Town, at_town: bool) -> Result<Self> {
        Ok(Self { device: town.device(at_town)?, after: 0, held: HashMap::new(), pages: 0 })
    }

    /// Reads on; at the end it holds what the server says that it should.
    fn read(&mut self, server: &Server) -> Result<bool> {
        let mut came = self.device.pull(server, self.after)?;
        if !came.page.is_empty() {
            ensure!(came.changes.is_empty() && came.more);
            came.changes = snapshot::unpack(&came.page)?;
            self.pages += 1;
        }
        ensure!(came.next >= self.after);
        self.after = came.next;
        for change in came.changes {
            if change.bytes.is_empty() {
                self.held.retain(|_, (record, kind)| (*record, &*kind) != (change.record, &change.kind));
                continue;
            }
            let kind = RecordKind::of_code(&change.kind).context("a kind")?;
            self.held.insert(set_digest::id(kind, &change.record, &change.bytes), (change.record, change.kind));
        }
        if let Some(due) = came.digest {
            let mut digest = SetDigest::default();
            self.held.keys().for_each(|name| digest.add(name));
            ensure!(digest == due, "it holds {} changes, the server says {}", digest.changes, due.changes);
        }
        Ok(came.more)
    }
}

#[test]
fn f26_who_reads_while_the_server_packs_gets_everything_once() -> Result<()> {
    for seed in 0..6 {
        read_while_packing(seed).with_context(|| format!("seed {seed}"))?;
    }
    Ok(())
}

/// Reading, packing, pushing, moving and erasing in any order; readers stop for long and go on where they were.
fn read_while_packing(seed: u64) -> Result<()> {
    let town = Town::new()?;
    let server = town.server()?;
    let office = town.desk("desk", false)?;
    let (mut dice, mut history) = (Dice(seed), History::of(&town.canteen, 20, seed));
    let mut first = town.device(false)?;
    push(&mut first, server, &history.next_day(60)?)?;
    let mut elders = Vec::new();
    for number in 0..6 {
        elders.push(office.elder(&format!("长者{number}"), "")?);
    }
    office.sync(server)?;
    let mut readers = Vec::new();
    for step in 0..120 {
        match dice.below(12) {
            0 | 1 => drop(server.compact_in(2_000 << dice.below(5))?),
            2 => push(&mut first, server, &history.next_day(5)?)?,
            3 => server.move_canteen(&town.canteen, [TOWN, "445381106"][dice.below(2)])?,
            4 if step % 3 == 0 => {
                if let Some(elder) = elders.pop() {
                    server.erase_elder(&elder.to_string())?;
                }
            }
            5 | 6 if readers.len() < 8 => readers.push(Reader::new(&town, dice.below(2) == 0)?),
            _ if readers.is_empty() => {}
            _ => {
                let chosen = dice.below(readers.len());
                readers[chosen].read(server)?;
            }
        }
    }
    for reader in &mut readers {
        while reader.read(server)? {}
    }
    let found = server.verify()?;
    ensure!(found.ok, "{:?}", found.problems);
    server.compact_in(4_000)?;
    let mut late = Reader::new(&town, false)?;
    while late.read(server)? {}
    ensure!(late.pages > 3, "who comes last reads pages: {}", late.pages);
    Ok(())
}

/// The pages that lie there, place by place.
fn pages(home: &Path) -> Result<Vec<(i64, i64, Vec<u8>)>> {
    let store = rusqlite::Connection::open(home.join("server.sqlite"))?;
    let mut statement = store.prepare("SELECT scope, after, page FROM snapshot ORDER BY scope, after")?;
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

#[test]
fn f27_killed_while_it_packs_the_server_keeps_its_pages_and_goes_on() -> Result<()> {
    let town = Town::new()?;
    let mut first = town.device(false)?;
    let mut history = History::of(&town.canteen, 20, 27);
    // A place more, with a feed of its own.
    town.device(true)?;
    push(&mut first, town.server()?, &history.next_day(400)?)?;
    let folder = town.folder("server");
    let compact = ["compact", "--page", "6000", "--json"];
    let program = |arguments: &[&str]| {
        let mut command = std::process::Command::new(binary("sync-server"));
        command.env("RUST_LOG", "warn").arg("--data").arg(&folder).args(arguments).stdout(Stdio::null());
        command
    };
    let (mut before, mut killed) = (Vec::new(), 0);
    for wanted in [1, 2, 3, 10, 20, 40, 60] {
        let mut packing = program(&compact).spawn()?;
        while pages(&folder)?.len() < wanted && packing.try_wait()?.is_none() {
            std::thread::yield_now();
        }
        killed += u32::from(packing.try_wait()?.is_none());
        packing.kill()?;
        packing.wait()?;
        let now = pages(&folder)?;
        ensure!(before.iter().all(|page| now.contains(page)), "pages that were there are lost or changed");
        let found = town.server()?.verify()?;
        ensure!(found.ok, "killed at {wanted}: {:?}", found.problems);
        let mut reader = Reader::new(&town, false)?;
        while reader.read(town.server()?)? {}
        before = now;
    }
    ensure!(killed >= 4, "it was killed at work {killed} times");
    ensure!(program(&compact).status()?.success() && pages(&folder)?.len() > 60);
    // Once it is done there is nothing left to do.
    let done = pages(&folder)?;
    ensure!(program(&compact).status()?.success() && pages(&folder)? == done);
    let mut reader = Reader::new(&town, true)?;
    while reader.read(town.server()?)? {}
    ensure!(reader.pages > 30);
    Ok(())
}

/// The power is cut after every change of the disk while it packs.
#[cfg(target_os = "linux")]
#[test]
fn f27_a_power_cut_while_it_packs_leaves_pages_that_are_right() -> Result<()> {
    use super::crash_server::Device;
    use super::cuts::{cut_everywhere, number_of};
    use tests::disk::{self, What};
    let tools = tempfile::tempdir()?;
    let recorder = disk::recorder(tools.path())?;
    let record = tools.path().join("ops");
    let home = ServerHome::watched(&recorder, &record)?;
    let (canteen, code) = home.canteen_with_code("罗城街道长者饭堂", "445381001")?;
    let server: Running = home.serve("127.0.0.1:0")?;
    let mut device = Device::enrol(&server.listening()?, &code)?;
    device.push(History::of(&canteen, 5, 27).next_day(12)?)?;
    let pushed = disk::read(&record)?.len();
    server.kill()?;
    let done = home.json(&["compact", "--page", "2500"])?;
    ensure!(done["packed"].as_u64().is_some_and(|packed| packed >= 3), "{done}");
    let ops = disk::read(&record)?;
    let mut answered: Vec<usize> = ops.iter().enumerate().filter(|(_, op)| op.what == What::Answer).map(|(at, _)| at).collect();
    answered.push(pushed);
    answered.sort_unstable();
    let shown = |folder: &Path| -> Result<String> {
        let server = Server::open_with(folder, sync_server::Clock::by(|| NOW), Arc::new(SoftProvider::new()))?;
        let found = server.verify()?;
        if !found.ok {
            bail!("{:?}", found.problems);
        }
        Ok(format!("{} changes, {} pages", found.changes, pages(folder)?.len()))
    };
    cut_everywhere(&ops, &answered, number_of("YINLING_IMAGES").unwrap_or(2), &shown).context("the server packs")
}
