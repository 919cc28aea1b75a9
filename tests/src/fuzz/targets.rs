//! The targets themselves: what is done with an input, and whether all is well afterwards.

use super::Target;
use crate::hostile;
use crate::lacking::opened;
use crate::program::in_memory;
use crate::records::lunch;
use anyhow::{Context, Result, ensure};
use desk::{Clock, Desk, OneSync};
use jiff::Timestamp;
use shared::command::{ElderForm, KeepPhoto, LatestOrders, SaveElder, Status, TakeOrder};
use shared::crdt::{self, ActorId};
use shared::crypto::{CryptoProvider, PublicKey, SoftProvider, StoredKey};
use shared::fault::Code;
use shared::schema::{Fields, RecordId, Value};
use shared::sync::envelope::{self, Enclosed};
use shared::sync::{Answer, Ask, message, snapshot};
use std::sync::Arc;
use sync_server::Server;
use tempfile::TempDir;

/// 2026-11-22 12:00 in China.
const NOON: i64 = 1_795_320_000;

/// One target, open.
#[derive(Debug)]
pub struct OpenTarget {
    target: Target,
    crypto: SoftProvider,
    key: StoredKey,
    public: PublicKey,
    device: [u8; 16],
    server: Server,
    desk: Desk,
    canteen: String,
    _folder: TempDir,
}

impl OpenTarget {
    /// Opens one: a server, a device enrolled at it, and a desk.
    ///
    /// # Errors
    /// When there is no room for folders.
    pub fn open(target: Target) -> Result<Self> {
        let folder = in_memory()?;
        let crypto = SoftProvider::new();
        let key = crypto.new_key()?;
        let public = crypto.public_key(&key)?;
        let server = Server::open_with(&folder.path().join("server"), sync_server::Clock::by(|| NOON), Arc::new(SoftProvider::new()))?;
        let canteen = server.add_canteen("罗城街道长者饭堂", "445381001", None)?.code;
        let code = server.device_code(Some(&canteen), None)?.code;
        let enrolled = server.enrol(&crate::device::enrol_ask(&crypto, &key, &code, "电脑")?)?;
        let clock = Clock::from_fn(|| Timestamp::from_second(NOON).unwrap_or_default());
        let desk = Desk::open_with(&folder.path().join("desk"), clock, Arc::new(SoftProvider::new()))?;
        let open = Self { target, crypto, key, public, device: *enrolled.device.0.as_bytes(), server, desk, canteen, _folder: folder };
        open.enrol_desk()?;
        Ok(open)
    }

    fn enrol_desk(&self) -> Result<()> {
        let code = self.server.device_code(Some(&self.canteen), None)?.code;
        Ok(self.desk.enrol_by("http://127.0.0.1:9", &code, "电脑", |ask| self.server.enrol(ask))?)
    }

    /// Pushes an input in; gives whether it was taken as good.
    ///
    /// # Errors
    /// When something that must hold does not.
    pub fn push(&mut self, input: &[u8]) -> Result<bool> {
        match self.target {
            Target::Message => message_target(input),
            Target::Change => {
                let whole = hostile::chunk(1, hostile::body(input).unwrap_or_default());
                Ok(change_target(input)? | change_target(&whole)?)
            }
            Target::Envelope => self.envelope_target(input),
            Target::Server => self.server_target(input),
            Target::Answer => self.answer_target(input),
            Target::Photo => self.photo_target(input),
            Target::Snapshot => snapshot_target(input),
        }
    }

    /// Server and desk work on as if nothing had been.
    ///
    /// # Errors
    /// When they don't.
    pub fn still_works(&self) -> Result<()> {
        let answer = self.server.receive(&self.signed(&message::pack(&Ask::Buckets)?)?)?;
        ensure!(matches!(answer, Answer::Buckets(_)));
        self.desk.ask(&Status {})?;
        Ok(())
    }

    fn signed(&self, packed: &[u8]) -> Result<Vec<u8>> {
        let changes = message::unpack(packed).map_or([0; 32], |ask| envelope::changes_of(&self.crypto, &ask));
        Ok(envelope::enclose_packed(&self.crypto, &self.key, (&self.device, NOON), &changes, packed)?)
    }

    fn envelope_target(&self, input: &[u8]) -> Result<bool> {
        let mut bytes = self.signed(&zstd::bulk::compress(input, 1)?)?;
        let opened = |bytes: &[u8]| Enclosed::read(bytes).and_then(|read| read.open(&self.crypto, &self.public)).is_ok();
        let whole = opened(&bytes);
        ensure!(!opened(input), "bytes that nobody signed were opened");
        // One byte of it, somewhere, is not what was signed.
        let at = input.iter().map(|byte| usize::from(*byte)).sum::<usize>() % bytes.len();
        bytes[at] ^= 0x20;
        ensure!(!opened(&bytes), "bytes that nobody signed were opened");
        Ok(whole)
    }

    fn server_target(&self, input: &[u8]) -> Result<bool> {
        let packed = zstd::bulk::compress(input, 1)?;
        match self.server.receive(&self.signed(&packed)?) {
            Ok(answer) => {
                message::pack(&answer)?;
                Ok(true)
            }
            Err(fault) => {
                ensure!(fault.code != Code::Broken, "the server broke: {fault:?}");
                Ok(false)
            }
        }
    }

    fn answer_target(&self, input: &[u8]) -> Result<bool> {
        let Ok(answer) = message::unpack::<Answer>(&zstd::bulk::compress(input, 1)?) else { return Ok(false) };
        // An answer may have shut it out.
        if !self.desk.ask(&Status {})?.enrolled {
            self.enrol_desk()?;
        }
        let mut sync = OneSync::default();
        let mut taken = false;
        for _ in 0..4 {
            let Some(envelope) = self.desk.next_envelope(&mut sync)? else { break };
            // What is spoken is asked before everything else; behind it are the answers that do more.
            if !matches!(answer, Answer::Capabilities(_)) && matches!(opened(&envelope), Some((_, Ask::Capabilities(_)))) {
                self.desk.take_answer(&mut sync, self.server.receive(&envelope)?)?;
                continue;
            }
            match self.desk.take_answer(&mut sync, answer.clone()) {
                Ok(()) => taken = true,
                Err(fault) if fault.code == Code::Broken => anyhow::bail!("the desk broke: {fault:?}"),
                Err(_) => break,
            }
        }
        Ok(taken)
    }

    /// An order that photos may belong to.
    fn order(&self) -> Result<RecordId> {
        if let Some(order) = self.desk.ask(&LatestOrders { limit: 1 })?.first() {
            return Ok(order.id);
        }
        let form = ElderForm { name: "王桂英".into(), division: "445381001008".into(), ..ElderForm::default() };
        let elder = self.desk.ask(&SaveElder { elder: None, form })?;
        Ok(self.desk.ask(&TakeOrder { date: "2026-11-23".parse().ok(), ..lunch(elder) })?.id)
    }

    fn photo_target(&self, input: &[u8]) -> Result<bool> {
        let number = |at: usize| u32::from_le_bytes(std::array::from_fn(|i| input.get(at + i).copied().unwrap_or(0)));
        let piece = Ask::PutPhoto {
            hash: [number(3).to_le_bytes()[0]; 32],
            size: number(0) >> 8,
            at: number(4) >> 10,
            bytes: input.get(..1000).unwrap_or(input).to_vec(),
        };
        let heard = self.server.receive(&self.signed(&message::pack(&piece)?)?);
        ensure!(heard.as_ref().err().is_none_or(|fault| fault.code != Code::Broken), "the server broke: {heard:?}");
        let file = self.desk.hand_over(input)?;
        match self.desk.ask(&KeepPhoto { file, order: Some(self.order()?) }) {
            Ok(_) => Ok(true),
            Err(fault) => {
                ensure!(fault.code == Code::BadPhoto, "the desk says {fault:?}");
                Ok(false)
            }
        }
    }
}

fn message_target(input: &[u8]) -> Result<bool> {
    let packed = zstd::bulk::compress(input, 1)?;
    let mut taken = false;
    for bytes in [input, &packed] {
        if let Ok(ask) = message::unpack::<Ask>(bytes) {
            taken = true;
            let _ = ask.fits();
            ensure!(message::unpack::<Ask>(&message::pack(&ask)?)? == ask, "what was read is not what is written");
        }
        if let Ok(answer) = message::unpack::<Answer>(bytes) {
            taken = true;
            ensure!(message::unpack::<Answer>(&message::pack(&answer)?)? == answer, "what was read is not what is written");
        }
    }
    Ok(taken)
}

fn snapshot_target(input: &[u8]) -> Result<bool> {
    let (columns, random) = snapshot::halves(input).unwrap_or((input, &[]));
    let packed = snapshot::joined(&zstd::bulk::compress(columns, 1)?, &zstd::bulk::compress(random, 1)?);
    let mut taken = false;
    for bytes in [input, &packed] {
        if let Ok(changes) = snapshot::unpack(bytes) {
            taken = true;
            // A page may say more clumsily what another one says, so it is not the bytes that come back.
            if let Ok(again) = snapshot::pack(&changes) {
                ensure!(snapshot::unpack(&again)? == changes, "what was read is not what is written");
            }
        }
    }
    Ok(taken)
}

/// An admitted change can be read alone and among others, and built upon or refused in words.
fn change_target(bytes: &[u8]) -> Result<bool> {
    let _ = crdt::hash_of(bytes);
    let Ok(decoded) = crdt::decode(bytes) else { return Ok(false) };
    ensure!(decoded.hash == crdt::hash_of(bytes));
    let automerge = automerge::Change::from_bytes(bytes.to_vec()).context("automerge does not take it")?;
    ensure!(automerge.hash().0 == decoded.hash && automerge.raw_bytes() == bytes && automerge.len() == decoded.touched().len());
    let alone = if decoded.is_first() { decoded.touched() } else { Fields::new() };
    ensure!(crdt::fields(&[bytes])?.iter().all(|(key, value)| alone.get(key) == Some(value)), "it reads in two ways");
    let _ = decoded.made_at();
    let other = crdt::first_change(&ActorId::from([1; 16]), &Fields::from([("name".into(), Value::Text("李".into()))]), 1);
    crdt::fields(&[bytes.to_vec(), other.bytes.clone(), bytes.to_vec()]).ok();
    let ours = Fields::from([("name".into(), Value::Text("陈".into())), ("note".into(), Value::Null)]);
    for history in [vec![bytes.to_vec()], vec![other.bytes, bytes.to_vec()]] {
        if let Ok(next) = crdt::next_change(&ActorId::from([2; 16]), &history, &ours, 2) {
            ensure!(crdt::decode(&next.bytes).is_ok(), "a change on top of an admitted one is not admitted");
        }
    }
    Ok(true)
}
