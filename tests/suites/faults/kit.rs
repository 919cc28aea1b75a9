//! A small town in this process: one server, desks on clocks that can be turned, and a device that says what it is told to.

use anyhow::{Context, Result, bail, ensure};
use desk::{Clock, Desk, OneSync};
use jiff::Timestamp;
use shared::command::{ConflictRow, Conflicts, ElderForm, SaveElder};
use shared::crypto::{CryptoProvider, SecretKey, SoftProvider, StoredKey};
use shared::kinds::{Meal, RecordKind};
use shared::money::Fen;
use shared::schema::RecordId;
use shared::seal::DeviceKeys;
use shared::sync::desk::Summary;
use shared::sync::{Answer, Ask, Exchange, Exchanged, SessionToken, SetDigest, envelope};
use shared::wire::WireChange;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use sync_server::Server;
use tempfile::TempDir;
use tests::device;
use tests::program::in_memory;
use tests::records::lunch;

pub const TOWN: &str = "445381001";
pub const VILLAGE: &str = "445381001008";
/// 2026-11-22 09:48 in China.
pub const NOW: i64 = 1_795_312_080;

pub struct Town {
    pub root: TempDir,
    pub server: Option<Server>,
    pub canteen: String,
}

impl Town {
    pub fn new() -> Result<Self> {
        let mut town = Self { root: in_memory()?, server: None, canteen: String::new() };
        town.start()?;
        let server = town.server()?;
        let canteen = server.add_canteen("罗城街道长者饭堂", TOWN, None)?.code;
        server.add_price(&canteen, Meal::Lunch, "午餐", Fen(1200))?;
        town.canteen = canteen;
        Ok(town)
    }

    pub fn folder(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Starts the server on its folder.
    pub fn start(&mut self) -> Result<()> {
        let clock = sync_server::Clock::by(|| NOW);
        self.server = Some(Server::open_with(&self.folder("server"), clock, Arc::new(SoftProvider::new()))?);
        Ok(())
    }

    pub fn server(&self) -> Result<&Server> {
        self.server.as_ref().context("the server is up")
    }

    /// A desk in the canteen, or at the township.
    pub fn desk(&self, name: &str, at_town: bool) -> Result<Office> {
        self.desk_with(name, at_town, |_| {})
    }

    /// As [`Town::desk`]; `told` gets the public key.
    pub fn desk_with(&self, name: &str, at_town: bool, told: impl FnMut(&str)) -> Result<Office> {
        self.enrolled(&self.code(at_town)?, name, told)
    }

    /// A desk that is enrolled by this code.
    pub fn desk_by(&self, code: &str, name: &str) -> Result<Office> {
        self.enrolled(code, name, |_| {})
    }

    fn enrolled(&self, code: &str, name: &str, mut told: impl FnMut(&str)) -> Result<Office> {
        let (office, server) = (self.opened(name)?, self.server()?);
        office.desk.enrol_by("http://simulated", code, name, |ask| {
            told(&ask.public_key);
            server.enrol(ask)
        })?;
        office.sync(server)?;
        Ok(office)
    }

    /// A desk on its folder, as it lies there.
    pub fn opened(&self, name: &str) -> Result<Office> {
        let hand = Arc::new(AtomicI64::new(NOW));
        let desk = Desk::open_with(&self.folder(name), turned_by(&hand), Arc::new(SoftProvider::new()))?;
        Ok(Office { desk, hand })
    }

    /// A desk in the canteen that was enrolled, and has not synced yet.
    pub fn enrolled_only(&self, name: &str) -> Result<Office> {
        let (office, server) = (self.opened(name)?, self.server()?);
        office.desk.enrol_by("http://simulated", &self.code(false)?, name, |ask| server.enrol(ask))?;
        Ok(office)
    }

    /// Everybody hears of everything.
    pub fn heard(&self, offices: &[&Office]) -> Result<()> {
        let server = self.server()?;
        for _ in 0..3 {
            for office in offices {
                office.sync(server)?;
            }
        }
        for office in offices {
            ensure!(office.sync(server)?.agrees, "both ends agree");
            ensure!(office.desk.check()?.is_empty(), "{:?}", office.desk.check()?);
        }
        Ok(())
    }

    /// Everybody hears of everything, and nothing is left to decide.
    pub fn settled(&self, offices: &[&Office]) -> Result<()> {
        self.heard(offices)?;
        for office in offices {
            ensure!(open_at(&office.desk)?.is_empty(), "{:#?}", open_at(&office.desk)?);
        }
        ensure!(self.server()?.conflicts(None, None)?.is_empty());
        Ok(())
    }

    pub fn code(&self, at_town: bool) -> Result<String> {
        let server = self.server()?;
        Ok(if at_town { server.device_code(None, Some(TOWN))?.code } else { server.device_code(Some(&self.canteen), None)?.code })
    }

    pub fn device(&self, at_town: bool) -> Result<Device> {
        Device::enrolled(self.server()?, self.code(at_town)?, SoftProvider::new())
    }
}

pub fn turned_by(hand: &Arc<AtomicI64>) -> Clock {
    let hand = Arc::clone(hand);
    Clock::from_fn(move || Timestamp::from_second(hand.load(Ordering::Relaxed)).unwrap_or_default())
}

pub struct Office {
    pub desk: Desk,
    hand: Arc<AtomicI64>,
}

impl Office {
    /// A desk that was opened on a folder.
    pub fn over(desk: Desk, hand: Arc<AtomicI64>) -> Result<Self> {
        Ok(Self { desk, hand })
    }

    pub fn turn(&self, by: i64) {
        self.hand.fetch_add(by, Ordering::Relaxed);
    }

    pub fn sync(&self, server: &Server) -> Result<Summary> {
        let mut sync = OneSync::default();
        while let Some(envelope) = self.desk.next_envelope(&mut sync)? {
            let answer = server.receive(&envelope)?;
            self.desk.take_answer(&mut sync, answer)?;
        }
        self.desk.end_sync(&sync)?;
        Ok(sync.summary().clone())
    }

    pub fn elder(&self, name: &str, id_number: &str) -> Result<RecordId> {
        let form = ElderForm {
            name: name.into(),
            id_number: id_number.into(),
            division: VILLAGE.into(),
            delivery_need: true,
            ..Default::default()
        };
        Ok(self.desk.ask(&SaveElder { elder: None, form })?)
    }

    /// Takes an order and gives its id and number.
    pub fn order(&self, elder: RecordId) -> Result<(String, String)> {
        let taken = self.desk.ask(&lunch(elder))?;
        Ok((taken.id.to_string(), taken.number))
    }

    /// The ids of all orders here, each once.
    pub fn orders(&self) -> Result<BTreeSet<String>> {
        let ledger = self.desk.ledger_json(None, None)?;
        let rows = ledger["rows"].as_array().context("rows")?;
        let ids: BTreeSet<String> = rows.iter().filter_map(|row| Some(row["id"].as_str()?.replace('-', ""))).collect();
        if ids.len() == rows.len() { Ok(ids) } else { bail!("an order stands twice in the ledger") }
    }
}

/// Everything that waits for a person at a desk.
pub fn open_at(desk: &Desk) -> Result<Vec<ConflictRow>> {
    let mut open = Vec::new();
    for page in 0.. {
        let rows = desk.ask(&Conflicts { page })?.rows;
        if rows.is_empty() {
            break;
        }
        open.extend(rows);
    }
    Ok(open)
}

/// Ids as [`Office::orders`] gives them.
pub fn plain(ids: impl IntoIterator<Item = String>) -> BTreeSet<String> {
    ids.into_iter().map(|id| id.replace('-', "")).collect()
}

/// An enrolled device without a store.
pub struct Device {
    crypto: SoftProvider,
    key: StoredKey,
    pub id: [u8; 16],
    /// What it was given, sealed for it.
    keys: String,
    /// The server's time, as far as it was told.
    at: Cell<i64>,
    token: SessionToken,
}

impl Device {
    pub fn enrolled(server: &Server, code: String, crypto: SoftProvider) -> Result<Self> {
        let key = crypto.new_key()?;
        let enrolled = server.enrol(&device::enrol_ask(&crypto, &key, &code, "设备")?)?;
        let id = *enrolled.device.0.as_bytes();
        Ok(Self { crypto, key, id, keys: enrolled.keys, at: Cell::new(NOW), token: SessionToken::default() })
    }

    /// The keys of the towns of its area, by their codes.
    pub fn town_keys(&self) -> Result<Vec<(String, SecretKey)>> {
        let keys = DeviceKeys::unwrap(&self.crypto, &self.key, &hex::decode(&self.keys)?)?;
        Ok(keys.towns.into_iter().map(|(town, key)| (town, SecretKey::from_bytes(key))).collect())
    }

    pub fn envelope(&self, ask: &Ask) -> Result<Vec<u8>> {
        Ok(envelope::enclose(&self.crypto, &self.key, &self.id, self.at.get(), ask)?)
    }

    /// What the server answers; asked once more where its clock is another one.
    pub fn ask(&self, server: &Server, ask: &Ask) -> Result<Answer> {
        match server.receive(&self.envelope(ask)?)? {
            Answer::Clock(now) => {
                self.at.set(now);
                Ok(server.receive(&self.envelope(ask)?)?)
            }
            answer => Ok(answer),
        }
    }

    /// A push, as it would be sent next.
    pub fn pushing(&self, changes: Vec<WireChange>) -> Result<Vec<u8>> {
        self.envelope(&Ask::Exchange(Exchange { presents: self.token, changes, own_too: true, ..Exchange::default() }))
    }

    pub fn exchange(&mut self, server: &Server, changes: Vec<WireChange>) -> Result<Exchanged> {
        let mut ask = Exchange { presents: self.token, changes, own_too: true, ..Exchange::default() };
        loop {
            match self.ask(server, &Ask::Exchange(ask.clone()))? {
                Answer::Exchanged(exchanged) => {
                    self.token = exchanged.token;
                    return Ok(exchanged);
                }
                // The server was restored meanwhile.
                Answer::Stale(challenge) if ask.answers.is_none() => ask.answers = Some(challenge),
                other => bail!("{other:?}"),
            }
        }
    }

    /// What the server has for this device behind `after`, its own changes too.
    pub fn pull(&mut self, server: &Server, after: u64) -> Result<Exchanged> {
        let ask = Ask::Exchange(Exchange { presents: self.token, after, own_too: true, ..Exchange::default() });
        let Answer::Exchanged(exchanged) = self.ask(server, &ask)? else { bail!("no exchange") };
        self.token = exchanged.token;
        Ok(exchanged)
    }

    /// What the server holds for this device.
    pub fn held(&self, server: &Server) -> Result<Vec<SetDigest>> {
        match self.ask(server, &Ask::Buckets)? {
            Answer::Buckets(parts) => Ok(parts),
            other => bail!("{other:?}"),
        }
    }
}

pub fn wire(kind: RecordKind, record: RecordId, bytes: Vec<u8>) -> WireChange {
    WireChange { kind: kind.code().into(), record: *record.0.as_bytes(), bytes }
}
