//! The simulated town: two canteens and the township office, one server. What may happen, and what must hold afterwards.

mod accidents;
mod acts;
mod later;
mod money;
mod standing;
mod stranger;
mod versions;

use crate::faults::kit::open_at;
use crate::folders::Recorded;
use anyhow::{Context, Result, bail, ensure};
use desk::{Clock, Desk};
use jiff::Timestamp;
use shared::command::{ElderCard, List, RefusedChanges, Status};
use shared::crypto::SoftProvider;
use shared::fault::Code;
use shared::kinds::Meal;
use shared::list::ListRow;
use shared::schema::{RecordId, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use sync_server::Server;
use tempfile::TempDir;
use tests::program::in_memory;

const TOWN: &str = "445381001";
const VILLAGE: &str = "445381001008";
/// 2026-11-22 09:48 in China.
const BEGIN: i64 = 1_795_312_080;

/// A desk and its folder. `place` is 0 and 1 for the canteens, 2 for the township.
struct Office {
    name: String,
    place: usize,
    folder: PathBuf,
    desk: Option<Desk>,
    clock: Arc<AtomicI64>,
    elders: Vec<RecordId>,
    orders: Vec<RecordId>,
    /// There is or was another one of it, with the same device's number: order numbers may come twice.
    copied: bool,
    starts: u64,
}

/// A copy of a folder, and what its office knew then.
struct Backup {
    office: usize,
    folder: PathBuf,
    confirmed: BTreeSet<String>,
    elders: Vec<RecordId>,
    orders: Vec<RecordId>,
}

pub struct World {
    root: TempDir,
    seed: u64,
    random: u64,
    server: Option<Server>,
    server_clock: Arc<AtomicI64>,
    server_starts: u64,
    server_backup: Option<PathBuf>,
    canteens: [String; 2],
    offices: Vec<Office>,
    backups: Vec<Backup>,
    /// Orders that somebody was told are saved, by the place that took them.
    confirmed: BTreeMap<String, usize>,
    /// The numbers of all orders that were taken.
    numbers: BTreeSet<String>,
    /// Those whose keys were destroyed.
    erased: BTreeSet<RecordId>,
    copies: u32,
    /// A desk of an earlier version that was not upgraded yet, and the step in which it is.
    old: Option<(Recorded, usize)>,
    steps: usize,
    /// What programs of a later version wrote.
    later: later::Later,
    stranger: stranger::Stranger,
    money: money::Money,
    standing: standing::Standing,
    server_was_restored: bool,
    versions: versions::Versions,
    pub trace: Vec<String>,
}

impl World {
    /// A town whose programs are all of this version, or of several.
    pub fn new(seed: u64, mixed: bool) -> Result<Self> {
        let root = in_memory()?;
        let mut world = Self {
            root,
            seed,
            random: seed ^ 0x9E37_79B9_7F4A_7C15,
            server: None,
            server_clock: Arc::new(AtomicI64::new(BEGIN)),
            server_starts: 0,
            server_backup: None,
            canteens: [String::new(), String::new()],
            offices: Vec::new(),
            backups: Vec::new(),
            confirmed: BTreeMap::new(),
            numbers: BTreeSet::new(),
            erased: BTreeSet::new(),
            copies: 0,
            old: None,
            steps: 0,
            later: later::Later::new(seed),
            stranger: stranger::Stranger::new(seed),
            money: money::Money::new(seed),
            standing: standing::Standing::new(seed, mixed),
            server_was_restored: false,
            versions: versions::Versions::new(seed, mixed),
            trace: Vec::new(),
        };
        world.begin_old()?;
        world.start_server()?;
        for (at, name) in ["罗城街道长者饭堂", "第二饭堂"].into_iter().enumerate().skip(usize::from(world.old.is_some())) {
            let server = world.server()?;
            let code = server.add_canteen(name, TOWN, None)?.code;
            server.add_price(&code, Meal::Lunch, "午餐", shared::money::Fen(1200))?;
            world.canteens[at] = code;
        }
        for place in 0..3 {
            let folder = world.root.path().join(format!("desk{place}"));
            world.open_office(["甲", "乙", "镇"][place].to_owned(), place, folder, Vec::new(), Vec::new())?;
            world.enrol(place)?;
            world.sync_well(place)?;
        }
        world.enrol_later()?;
        world.enrol_stranger()?;
        Ok(world)
    }

    /// The next number from the seed, below `most`.
    fn roll(&mut self, most: usize) -> usize {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mixed = (self.random ^ (self.random >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        usize::try_from((mixed >> 33) % most as u64).unwrap_or(0)
    }

    fn note(&mut self, what: String) -> Result<()> {
        self.trace.push(what);
        Ok(())
    }

    pub fn tail(&self) -> String {
        self.trace[self.trace.len().saturating_sub(40)..].join("\n")
    }

    fn server(&self) -> Result<&Server> {
        self.server.as_ref().context("the server is up")
    }

    fn start_server(&mut self) -> Result<()> {
        self.server_starts += 1;
        let crypto = Arc::new(SoftProvider::seeded(self.seed ^ (0xA000 + self.server_starts)));
        let hand = Arc::clone(&self.server_clock);
        let folder = self.root.path().join("server");
        self.server = Some(Server::open_with(&folder, sync_server::Clock::by(move || hand.load(Ordering::Relaxed)), crypto)?);
        self.change_server()
    }

    fn open_office(&mut self, name: String, place: usize, folder: PathBuf, elders: Vec<RecordId>, orders: Vec<RecordId>) -> Result<()> {
        let clock = Arc::new(AtomicI64::new(BEGIN));
        self.offices.push(Office { name, place, folder, desk: None, clock, elders, orders, copied: false, starts: 0 });
        self.start(self.offices.len() - 1)
    }

    /// Starts the program of an office on its folder: a new process, a new author.
    fn start(&mut self, at: usize) -> Result<()> {
        let seed = self.seed;
        let office = &mut self.offices[at];
        office.desk = None;
        office.starts += 1;
        let crypto = Arc::new(SoftProvider::seeded(seed ^ ((at as u64 + 1) << 32) ^ office.starts));
        let hand = Arc::clone(&office.clock);
        let clock = Clock::from_fn(move || Timestamp::from_second(hand.load(Ordering::Relaxed)).unwrap_or(Timestamp::UNIX_EPOCH));
        office.desk = Some(Desk::open_with(&office.folder, clock, crypto)?);
        Ok(())
    }

    fn desk(&self, at: usize) -> Result<Desk> {
        self.offices[at].desk.clone().context("the desk is up")
    }

    fn enrol(&mut self, at: usize) -> Result<()> {
        let place = self.offices[at].place;
        let server = self.server()?;
        let code = match self.canteens.get(place) {
            Some(canteen) => server.device_code(Some(canteen), None)?.code,
            None => server.device_code(None, Some(TOWN))?.code,
        };
        self.desk(at)?.enrol_by("http://simulated", &code, "电脑", |ask| server.enrol(ask))?;
        Ok(())
    }

    /// One thing happens.
    pub fn step(&mut self) -> Result<()> {
        self.steps += 1;
        if self.old.as_ref().is_some_and(|(_, step)| *step == self.steps) {
            self.upgrade()?;
        }
        self.changes_by_itself()?;
        self.of_a_later_version()?;
        self.of_a_stranger()?;
        self.of_money()?;
        self.of_standing()?;
        let at = self.roll(self.offices.len());
        self.server_clock.fetch_add(1, Ordering::Relaxed);
        match self.roll(100) {
            0..24 => self.take_order(at),
            24..33 => self.enrol_elder(at),
            33..34 => self.erase(at),
            34..38 => self.correct(at),
            38..46 => self.edit(at),
            46..50 => self.move_elder(at),
            50..53 => self.decide(at),
            53..77 => self.sync_badly(at),
            77..80 => self.compact(),
            80..86 => {
                self.note(format!("{} dies", self.offices[at].name))?;
                self.start(at)
            }
            86..89 => {
                self.note("server dies".into())?;
                self.server = None;
                self.start_server()
            }
            89..92 => self.jump(at),
            92..95 => self.back_up(at),
            95..97 => self.restore(),
            97..98 => self.copy(at),
            98..99 => self.back_up_server(),
            _ => self.restore_server(),
        }
    }

    fn ledger(&self, at: usize) -> Result<BTreeMap<String, String>> {
        let ledger = self.desk(at)?.ledger_json("2026-11-01".parse().ok(), "2026-12-31".parse().ok())?;
        let mut rows = BTreeMap::new();
        for row in ledger["rows"].as_array().context("rows")? {
            let id = row["id"].as_str().context("id")?.replace('-', "");
            ensure!(rows.insert(id, row.to_string()).is_none(), "an order stands twice in the ledger");
        }
        Ok(rows)
    }

    /// The line is good again: within a few rounds nothing waits, everybody agrees, and what was confirmed is there.
    pub fn heal(&mut self) -> Result<()> {
        self.upgrade()?;
        for round in 0.. {
            ensure!(round < 12, "it does not come to rest");
            let mut rest = true;
            for at in 0..self.offices.len() {
                rest &= self.sync_well(at)?;
            }
            if rest {
                break;
            }
        }
        self.server_is_sound()?;
        self.money_is_sound()?;
        self.nobody_is_ordered_twice()?;
        let town = self.ledger(2)?;
        for id in self.confirmed.keys() {
            ensure!(town.contains_key(id), "a confirmed order is lost: {id}");
        }
        for at in 0..self.offices.len() {
            let status = self.desk(at)?.ask(&Status {})?;
            let refused = self.desk(at)?.ask(&RefusedChanges {})?;
            ensure!(status.unsent == 0 && refused.is_empty(), "{}: {} wait, refused {refused:?}", self.offices[at].name, status.unsent);
            let ledger = self.ledger(at)?;
            for (id, row) in &ledger {
                match town.get(id) {
                    Some(there) if there == row => {}
                    Some(there) => bail!("{} shows {row}, the town {there}", self.offices[at].name),
                    None => bail!("{} has an order that the town has not: {row}", self.offices[at].name),
                }
                if let Some(place) = self.confirmed.get(id) {
                    ensure!(
                        self.offices[at].place == 2 || self.offices[at].place == *place,
                        "{} sees another's order",
                        self.offices[at].name
                    );
                }
            }
            self.phones(at)?;
            self.open(at)?;
            let own = self.confirmed.iter().filter(|(_, place)| **place == self.offices[at].place);
            for (id, _) in own {
                ensure!(ledger.contains_key(id), "{} lost {id}", self.offices[at].name);
            }
        }
        Ok(())
    }

    /// Every office lists what the server lists for its place as waiting for a person.
    fn open(&self, at: usize) -> Result<()> {
        let office = &self.offices[at];
        let here: BTreeSet<(RecordId, String, String)> =
            open_at(&self.desk(at)?)?.into_iter().map(|line| (line.record, line.field, line.stands)).collect();
        let canteen = self.canteens.get(office.place).map(String::as_str);
        let there = self.server()?.conflicts(canteen, canteen.is_none().then_some(TOWN))?;
        let there = there.into_iter().map(|line| (line.record, line.field, line.stands)).collect();
        ensure!(here == there, "{} lists {here:#?}, the server {there:#?}", office.name);
        Ok(())
    }

    /// Whether an office asked for the file of somebody who eats elsewhere, and has its own of her as long as she does.
    fn asks_for(&self, at: usize, elder: RecordId) -> Result<bool> {
        let asked = self.desk(at)?.ask(&List { list: "transfers".into(), ..List::default() })?;
        let of_her = |row: &ListRow| row.cells.get("elder") == Some(&Value::Text(elder.to_string().as_str().into()));
        Ok(asked.rows.iter().any(|row| of_her(row) && row.cells.get("side") == Some(&Value::Text("asking".into()))))
    }

    /// Every office reads the phone that the township reads, and of those who were erased none.
    fn phones(&self, at: usize) -> Result<()> {
        for elder in &self.offices[at].elders {
            let read = |at: usize| -> Result<Option<String>> {
                match self.desk(at)?.ask(&ElderCard { elder: Some(*elder) }) {
                    Ok(card) => Ok(Some(card.form.phone)),
                    Err(fault) if fault.code == Code::NotFound => Ok(None),
                    Err(fault) => Err(fault.into()),
                }
            };
            // Who eats elsewhere now has left the canteen, never the town.
            let (Some(here), town) = (read(at)?, read(2)?.context("the town knows everybody")?) else { continue };
            let name = &self.offices[at].name;
            if here != town && self.asks_for(at, *elder)? {
                continue;
            }
            ensure!(here == town, "{name} reads the phone {here} of {elder}, the town {town}");
            ensure!(here.is_empty() == self.erased.contains(elder), "{name} reads the phone {here:?} of {elder}: {:?}", self.erased);
        }
        Ok(())
    }
}
