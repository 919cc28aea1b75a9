//! Data folders of earlier versions, of a server and of one of its desks, kept in `samples/folders`: every later version opens them and
//! goes on. The desk had work that was not sent yet. `YINLING_RECORD=1 cargo nextest run recorded` records those of the present version
//! anew; a released one is never recorded again, the next gets a folder of its own.
//!
//! The keys in them are made up and stand here, so that the desk's file opens on any machine.

use crate::faults::kit::{NOW, TOWN, VILLAGE, turned_by};
use anyhow::{Context, Result, ensure};
use desk::{Desk, OneSync};
use serde::{Deserialize, Serialize};
use shared::command::{ElderCard, ElderForm, SaveElder, SaveReceipt, SetOutcome, Status, TakeOrder};
use shared::crypto::{CryptoError, CryptoProvider, KeyedMac, PublicKey, SecretKey, Signature, SoftProvider, StoredKey};
use shared::kinds::{Meal, OrderState};
use shared::money::Fen;
use shared::schema::RecordId;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use sync_server::{Clock, Server};
use tests::program::{copy_folder, in_memory};
use tests::records::lunch;

/// The server's root key and the key of the desk's file.
const MADE_UP: [u8; 32] = [0x17; 32];
/// The folder of this version.
const PRESENT: &str = "1";
const PHONE: &str = "13912345678";
const DESK: &str = "desk.sqlite";
const SERVER: &str = "server.sqlite";

/// What the folders hold.
#[derive(Default, Serialize, Deserialize)]
pub struct Recorded {
    /// The desk's canteen.
    pub canteen: String,
    /// Elders and orders on the desk, all confirmed to somebody.
    pub elders: Vec<RecordId>,
    /// See there.
    pub orders: Vec<RecordId>,
    unsent: u64,
    ledger: serde_json::Value,
}

/// The suite as ever, but that a new file of a desk gets the key that is known.
#[derive(Debug)]
struct Known(SoftProvider);

impl CryptoProvider for Known {
    fn random(&self, into: &mut [u8]) {
        self.0.random(into);
        if into.len() == MADE_UP.len() {
            into.copy_from_slice(&MADE_UP);
        }
    }
    fn new_key(&self) -> Result<StoredKey, CryptoError> {
        self.0.new_key()
    }
    fn public_key(&self, key: &StoredKey) -> Result<PublicKey, CryptoError> {
        self.0.public_key(key)
    }
    fn sign(&self, key: &StoredKey, message: &[u8]) -> Result<Signature, CryptoError> {
        self.0.sign(key, message)
    }
    fn verify(&self, key: &PublicKey, message: &[u8], signature: &Signature) -> Result<(), CryptoError> {
        self.0.verify(key, message, signature)
    }
    fn digest(&self, bytes: &[u8]) -> [u8; 32] {
        self.0.digest(bytes)
    }
    fn mac(&self, key: &[u8], bytes: &[u8]) -> [u8; 32] {
        self.0.mac(key, bytes)
    }
    fn keyed(&self, key: &[u8]) -> Box<dyn KeyedMac> {
        self.0.keyed(key)
    }
    fn seal(&self, key: &SecretKey, aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.0.seal(key, aad, plain)
    }
    fn open(&self, key: &SecretKey, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.0.open(key, aad, sealed)
    }
    fn wrap(&self, to: &PublicKey, secret: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.0.wrap(to, secret)
    }
    fn unwrap(&self, key: &StoredKey, wrapped: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.0.unwrap(key, wrapped)
    }
}

fn samples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples/folders")
}

/// All versions that are recorded.
pub fn versions() -> Result<Vec<PathBuf>> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(samples())?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    all.sort();
    Ok(all)
}

fn open(folder: &Path, seed: u64) -> Result<Desk> {
    Ok(Desk::open_with(folder, turned_by(&Arc::new(AtomicI64::new(NOW))), Arc::new(Known(SoftProvider::seeded(seed))))?)
}

fn serve(folder: &Path, seed: u64) -> Result<Server> {
    Ok(Server::open_with(folder, Clock::by(|| NOW), Arc::new(SoftProvider::seeded(seed)))?)
}

/// The keys beside folders that are empty yet.
fn place_keys(root: &Path) -> Result<(PathBuf, PathBuf)> {
    let (server, desk) = (root.join("server"), root.join("desk"));
    std::fs::create_dir_all(&server)?;
    std::fs::write(server.join("keeper.key"), hex::encode(MADE_UP))?;
    // An empty desk, whose key is sealed for this machine.
    drop(open(&desk, 1)?);
    Ok((server, desk))
}

/// Lays a recorded version out as `server` and `desk` in `root`.
pub fn lay_out(version: &Path, root: &Path) -> Result<Recorded> {
    let (server, desk) = place_keys(root)?;
    for (folder, name) in [(&server, SERVER), (&desk, DESK)] {
        for beside in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(folder.join(format!("{name}{beside}")));
        }
        let packed = std::fs::read(version.join(format!("{name}.zst")))?;
        std::fs::write(folder.join(name), zstd::decode_all(packed.as_slice())?)?;
    }
    Ok(serde_json::from_slice(&std::fs::read(version.join("recorded.json"))?)?)
}

fn sync(desk: &Desk, server: &Server) -> Result<()> {
    let mut sync = OneSync::default();
    while let Some(envelope) = desk.next_envelope(&mut sync)? {
        desk.take_answer(&mut sync, server.receive(&envelope)?)?;
    }
    ensure!(sync.summary().agrees && sync.summary().refused.is_empty(), "{:?}", sync.summary());
    Ok(desk.end_sync(&sync)?)
}

fn elder(desk: &Desk, name: &str) -> Result<RecordId> {
    let form = ElderForm { name: name.into(), phone: PHONE.into(), division: VILLAGE.into(), ..ElderForm::default() };
    Ok(desk.ask(&SaveElder { elder: None, form })?)
}

fn order(desk: &Desk, elder: RecordId, day: u32) -> Result<RecordId> {
    let take = TakeOrder { date: format!("2026-11-{day}").parse().ok(), ..lunch(elder) };
    Ok(desk.ask(&take)?.id)
}

fn ledger(desk: &Desk) -> Result<serde_json::Value> {
    Ok(desk.ledger_json("2026-11-01".parse().ok(), "2026-11-30".parse().ok())?)
}

fn record(into: &Path) -> Result<()> {
    let root = in_memory()?;
    let (at_server, at_desk) = place_keys(root.path())?;
    let server = serve(&at_server, 2)?;
    let canteen = server.add_canteen("罗城街道长者饭堂", TOWN, None)?.code;
    server.add_price(&canteen, Meal::Lunch, "午餐", Fen(1200))?;
    let desk = open(&at_desk, 3)?;
    desk.enrol_by("http://recorded", &server.device_code(Some(&canteen), None)?.code, "旧电脑", |ask| server.enrol(ask))?;
    sync(&desk, &server)?;
    let mut recorded = Recorded { canteen, elders: vec![elder(&desk, "王桂英")?], ..Recorded::default() };
    recorded.orders = (22..25).map(|day| order(&desk, recorded.elders[0], day)).collect::<Result<_>>()?;
    let served = Some(recorded.orders[0]);
    desk.ask(&SetOutcome { order: served, state: Some(OrderState::Out), reason: None })?;
    desk.ask(&SaveReceipt { order: served, arrived_at: "2026-11-22T09:40:00".parse().ok(), ..SaveReceipt::default() })?;
    sync(&desk, &server)?;
    recorded.elders.push(elder(&desk, "李木生")?);
    recorded.orders.push(order(&desk, recorded.elders[1], 25)?);
    recorded.unsent = desk.ask(&Status {})?.unsent;
    recorded.ledger = ledger(&desk)?;
    // Closed, so that the files are whole.
    drop((server, desk));
    std::fs::create_dir_all(into)?;
    for (folder, name) in [(&at_server, SERVER), (&at_desk, DESK)] {
        std::fs::write(into.join(format!("{name}.zst")), zstd::encode_all(std::fs::read(folder.join(name))?.as_slice(), 19)?)?;
    }
    Ok(std::fs::write(into.join("recorded.json"), serde_json::to_string_pretty(&recorded)? + "\n")?)
}

#[test]
fn f45_recorded_folders_open_and_go_on() -> Result<()> {
    if std::env::var_os("YINLING_RECORD").is_some() {
        record(&samples().join(PRESENT))?;
    }
    ensure!(versions()?.iter().any(|version| version.ends_with(PRESENT)), "this version is not recorded yet");
    for version in versions()? {
        go_on(&version).with_context(|| version.display().to_string())?;
    }
    Ok(())
}

fn go_on(version: &Path) -> Result<()> {
    let root = in_memory()?;
    let recorded = lay_out(version, root.path())?;
    let (at_server, at_desk) = (root.path().join("server"), root.path().join("desk"));
    // The desk alone first: its server may be away while it is upgraded. Twice: the second start finds nothing to do.
    for _ in 0..2 {
        let desk = open(&at_desk, 4)?;
        ensure!(desk.check()?.is_empty() && desk.ask(&Status {})?.unsent == recorded.unsent && recorded.unsent > 0);
        ensure!(ledger(&desk)? == recorded.ledger, "the ledger is another one");
    }
    let before = root.path().join("server_before");
    copy_folder(&at_server, &before)?;
    let desk = open(&at_desk, 5)?;
    let added = order(&desk, recorded.elders[1], 26)?;
    let server = serve(&at_server, 6)?;
    sync(&desk, &server)?;
    ensure!(desk.ask(&Status {})?.unsent == 0 && desk.check()?.is_empty());
    // Who comes anew sees all of it, and reads what is sealed.
    let other = open(&root.path().join("other"), 7)?;
    other.enrol_by("http://recorded", &server.device_code(Some(&recorded.canteen), None)?.code, "新电脑", |ask| server.enrol(ask))?;
    sync(&other, &server)?;
    let shown = ledger(&other)?.to_string().replace('-', "");
    let all = recorded.orders.iter().chain([&added]);
    ensure!(all.into_iter().all(|order| shown.contains(&order.to_string())), "an order is lost");
    for elder in &recorded.elders {
        ensure!(other.ask(&ElderCard { elder: Some(*elder) })?.form.phone == "139****5678");
    }
    // The upgraded server dies and its folder of before comes back: the upgraded desk brings what it has.
    drop(server);
    let restored = serve(&before, 8)?;
    sync(&desk, &restored)?;
    ensure!(desk.ask(&Status {})?.unsent == 0);
    Ok(())
}
