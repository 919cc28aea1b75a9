//! One order up to a server that holds a million and down to another desk, beside one that holds a thousand. The million is
//! brought through the server's own door, in this process and without a carrier, before it serves: in full messages, by
//! forty canteens one after the other.

use super::row;
use super::town::office;
use anyhow::{Context, Result, bail, ensure};
use desk::Desk;
use jiff::ToSpan;
use jiff::civil::date;
use shared::command::{ElderForm, SaveElder, SyncNow, SyncReport};
use shared::crdt::{ActorId, first_change};
use shared::crypto::{CryptoProvider, SoftProvider};
use shared::kinds::{Order, RecordKind};
use shared::rule::order_number;
use shared::schema::{Record, RecordId};
use shared::sync::{Answer, Ask, Exchange, SessionToken, envelope};
use shared::wire::WireChange;
use std::cell::RefCell;
use std::time::{Duration, Instant};
use sync_server::{Clock, Server};
use tempfile::TempDir;
use tests::device;
use tests::program::{Running, ServerHome};
use tests::proxy::Proxy;
use tests::records::{lunch, placed};

pub(super) const TOWN: &str = "445381001";
const CANTEENS: u32 = 40;
const MESSAGE: u32 = 4_000;
const ROUNDS: usize = 60;
/// Orders of all measurements at one place.
const HUNGRY: usize = 400;

/// Prints the rows. Both servers are asked in turns, so that what else the machine does falls on both.
pub(super) fn measure() -> Result<()> {
    let begun = Instant::now();
    let (few, many) = (Place::holding(1_000)?, Place::holding(1_000_000)?);
    row("the making of servers with 1,000 and 1,000,000 orders (s)", begun.elapsed().as_secs_f64(), None);
    // A server that starts looks all its tables over.
    let (ms_of_few, ms_of_many, ..) = in_turns(&few, &many)?;
    row("one order up and down while it looks itself over, holds 1,000,000 (ms; 1,000)", ms_of_many, Some(ms_of_few));
    let begun = Instant::now();
    many.is_idle()?;
    row("it is done after (s)", begun.elapsed().as_secs_f64(), None);
    let (ms_of_few, ms_of_many, of_few, of_many) = in_turns(&few, &many)?;
    row("one order up and down, server holds 1,000,000 (ms; 1,000)", ms_of_many, Some(ms_of_few));
    row("the most bytes of it, HTTP and all (1,000)", of_many, Some(of_few));
    Ok(())
}

/// The middle time of an order at both, and the most bytes of one.
fn in_turns(few: &Place, many: &Place) -> Result<(f64, f64, f64, f64)> {
    let (mut of_few, mut of_many) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        of_few.push(few.one_order()?);
        of_many.push(many.one_order()?);
    }
    let middle = |told: &mut Vec<(f64, usize)>| {
        told.sort_by(|one, other| one.0.total_cmp(&other.0));
        told.get(ROUNDS / 2).map_or(0.0, |(ms, _)| *ms)
    };
    let most = |told: &[(f64, usize)]| told.iter().map(|(_, bytes)| *bytes).max().unwrap_or(0) as f64;
    Ok((middle(&mut of_few), middle(&mut of_many), most(&of_few), most(&of_many)))
}

/// A server that holds so many orders, and two desks of its first canteen.
pub(super) struct Place {
    one: Desk,
    other: Desk,
    /// Who has not ordered yet: a second order for a meal is doubtful, and its doubt would travel as well.
    hungry: RefCell<Vec<RecordId>>,
    proxy: Proxy,
    pub(super) server: Running,
    pub(super) home: ServerHome,
    _folder: TempDir,
}

impl Place {
    pub(super) fn holding(orders: u32) -> Result<Self> {
        let (home, folder) = (ServerHome::new()?, tempfile::tempdir()?);
        let (canteen, _) = home.canteen_with_code("罗城街道长者饭堂", TOWN)?;
        fill(&Server::open(home.path(), Clock::system())?, &canteen, orders)?;
        let server = home.serve("127.0.0.1:0")?;
        let proxy = Proxy::before(server.listening()?.trim_start_matches("http://"))?;
        let desk = |name: &str| -> Result<Desk> {
            let code = home.admin(&["device", "code", "--canteen", &canteen])?;
            let desk = office(&folder.path().join(name), &proxy.url(), code["code"].as_str().context("code")?.to_owned())?;
            ensure!(sync(&desk)?.agrees);
            Ok(desk)
        };
        let (one, other) = (desk("one")?, desk("other")?);
        let form = |at: usize| ElderForm { name: format!("王桂英{at}"), division: format!("{TOWN}008"), ..ElderForm::default() };
        let hungry = (0..HUNGRY).map(|at| Ok(one.ask(&SaveElder { elder: None, form: form(at) })?)).collect::<Result<Vec<_>>>()?;
        sync(&one)?;
        sync(&other)?;
        Ok(Self { one, other, hungry: RefCell::new(hungry), proxy, server, home, _folder: folder })
    }

    /// Waits until the server has nothing more to do: in a second it uses less than a twentieth of a core.
    pub(super) fn is_idle(&self) -> Result<()> {
        let ticks = || -> Result<u64> {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.server.id()))?;
            let times = stat.rsplit(") ").next().context("times")?.split(' ').skip(11).take(2);
            Ok(times.filter_map(|time| time.parse::<u64>().ok()).sum())
        };
        loop {
            let before = ticks()?;
            std::thread::sleep(Duration::from_secs(1));
            if ticks()? - before < 5 {
                return Ok(());
            }
        }
    }

    /// Milliseconds and bytes of one order, from one desk to the server and from there to the other.
    pub(super) fn one_order(&self) -> Result<(f64, usize)> {
        let elder = self.hungry.borrow_mut().pop().context("somebody who has not ordered")?;
        self.one.ask(&lunch(elder))?;
        let (begun, before) = (Instant::now(), self.proxy.carried());
        let (up, down) = (sync(&self.one)?, sync(&self.other)?);
        let told = (begun.elapsed().as_secs_f64() * 1e3, self.proxy.carried() - before);
        ensure!(up.pushed == 1 && down.pulled >= 1 && up.agrees && down.agrees, "{up:?} {down:?}");
        Ok(told)
    }
}

fn sync(desk: &Desk) -> Result<SyncReport> {
    Ok(desk.ask(&SyncNow::default())?)
}

/// Lets a device of each of forty canteens bring its share of so many orders, a hundred a day.
fn fill(server: &Server, first: &str, orders: u32) -> Result<()> {
    let mut canteens = vec![first.to_owned()];
    for number in 1..CANTEENS {
        canteens.push(server.add_canteen(&format!("第{number}饭堂"), TOWN, None)?.code);
    }
    let crypto = SoftProvider::new();
    let actor = ActorId::from([9; 16]);
    for canteen in &canteens {
        let key = crypto.new_key()?;
        let code = server.device_code(Some(canteen), None)?.code;
        let device = server.enrol(&device::enrol_ask(&crypto, &key, &code, "饭堂")?)?.device;
        let (mut presents, mut after) = (SessionToken::default(), 0);
        let all: Vec<u32> = (0..orders / CANTEENS).collect();
        for some in all.chunks(MESSAGE as usize) {
            let changes = some.iter().map(|number| change(&actor, canteen, *number)).collect();
            let exchange = Exchange { presents, changes, after, ..Exchange::default() };
            let envelope = envelope::enclose(&crypto, &key, device.0.as_bytes(), Clock::system().seconds(), &Ask::Exchange(exchange))?;
            let Answer::Exchanged(exchanged) = server.receive(&envelope)? else { bail!("not taken") };
            ensure!(exchanged.refused.is_empty(), "{:?}", exchanged.refused);
            (presents, after) = (exchanged.token, exchanged.next);
        }
    }
    Ok(())
}

fn change(actor: &ActorId, canteen: &str, number: u32) -> WireChange {
    let day = date(2024, 1, 1).saturating_add(i64::from(number / 100).days());
    let at = day.at(9, 48, 0, 0);
    let id = RecordId(uuid::Uuid::now_v7());
    let order = Order {
        elder_name: Some("王桂英".into()),
        dish: Some("软饭".into()),
        note: Some("少盐".into()),
        ..placed(order_number::compose(1, number), id, canteen, at)
    };
    let bytes = first_change(actor, &order.to_fields(), 1_704_073_680 + i64::from(number)).bytes;
    WireChange { kind: RecordKind::Order.code().to_owned(), record: *id.0.as_bytes(), bytes }
}
