//! What programs of earlier versions said and heard, kept byte by byte in `samples/wire`: it is understood as long as its version is
//! served. `YINLING_RECORD=1 cargo nextest run recorded` records the present version anew.

use crate::faults::kit::{Office, Town};
use anyhow::{Context, Result, ensure};
use desk::OneSync;
use serde::{Deserialize, Serialize};
use shared::command::{SaveReceipt, SetOutcome};
use shared::crypto::{PublicKey, SoftProvider};
use shared::kinds::{OrderState, RecordKind};
use shared::sync::envelope::Enclosed;
use shared::sync::{Answer, Ask, message};
use shared::wire::{VERSION, WireChange};
use std::path::PathBuf;
use tests::photo;

/// A few syncs of one desk.
#[derive(Default, Serialize, Deserialize)]
struct Recording {
    version: u32,
    /// The device's public key, in hex: its signatures still fit.
    public_key: String,
    canteen: String,
    /// Question and answer as they crossed the wire, in hex.
    said: Vec<(String, String)>,
    /// The ledger of a desk that took all of it in.
    ledger: serde_json::Value,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples/wire")
}

fn sync(office: &Office, town: &Town, recording: &mut Recording) -> Result<()> {
    let mut sync = OneSync::default();
    while let Some(envelope) = office.desk.next_envelope(&mut sync)? {
        let answer = town.server()?.receive(&envelope)?;
        recording.said.push((hex::encode(&envelope), hex::encode(message::pack(&answer)?)));
        office.desk.take_answer(&mut sync, answer)?;
    }
    office.desk.end_sync(&sync)?;
    Ok(())
}

fn record() -> Result<Recording> {
    let town = Town::new()?;
    let mut recording = Recording { version: VERSION, canteen: town.canteen.clone(), ..Recording::default() };
    let desk = town.desk_with("desk", false, |key| recording.public_key = key.to_owned())?;
    let elder = desk.elder("王桂英", "")?;
    let (order, _) = desk.order(elder)?;
    sync(&desk, &town, &mut recording)?;
    let order_id = order.parse()?;
    let order = Some(order_id);
    desk.desk.ask(&SetOutcome { order, state: Some(OrderState::Out), reason: None })?;
    let photo = desk.desk.keep_photo_file(&photo::small(town.root.path())?, order_id)?.hash;
    let arrived_at = "2026-11-22T09:40:00".parse().ok();
    desk.desk.ask(&SaveReceipt { order, arrived_at, photos: vec![photo], ..SaveReceipt::default() })?;
    sync(&desk, &town, &mut recording)?;
    sync(&desk, &town, &mut recording)?;
    recording.ledger = desk.desk.ledger_json(None, None)?;
    Ok(recording)
}

#[test]
fn f41_what_is_recorded_is_understood() -> Result<()> {
    if std::env::var_os("YINLING_RECORD").is_some() {
        std::fs::create_dir_all(folder())?;
        let file = folder().join(format!("v{VERSION}.json"));
        std::fs::write(file, serde_json::to_string_pretty(&record()?)? + "\n")?;
    }
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder())?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.sort();
    ensure!(files.iter().any(|file| file.ends_with(format!("v{VERSION}.json"))), "this version is not recorded yet");
    for file in files {
        play(&file).with_context(|| file.display().to_string())?;
    }
    Ok(())
}

/// Opens every envelope with the key of that time, reads every answer, and brings the changes to a server and a desk of today.
fn play(file: &std::path::Path) -> Result<()> {
    let recording: Recording = serde_json::from_slice(&std::fs::read(file)?)?;
    let key = PublicKey(hex::decode(&recording.public_key)?.try_into().map_err(|_| anyhow::anyhow!("the key"))?);
    let (mut up, mut down) = (Vec::<WireChange>::new(), Vec::new());
    for (question, answer) in &recording.said {
        let question = hex::decode(question)?;
        match Enclosed::read(&question)?.open(&SoftProvider::new(), &key)? {
            Ask::Exchange(exchange) => up.extend(exchange.changes),
            Ask::PutPhoto { bytes, .. } => ensure!(!bytes.is_empty()),
            _ => {}
        }
        if let Answer::Exchanged(exchanged) | Answer::ExchangedAs(_, exchanged) = message::unpack(&hex::decode(answer)?)? {
            down.extend(exchanged.changes);
        }
    }
    // Keys are of the deployment that was recorded; what is sealed stays closed in this one.
    up.retain(|change| change.kind != RecordKind::ElderKey.code());
    ensure!(!up.is_empty());
    let town = Town::new()?;
    ensure!(town.canteen == recording.canteen);
    let mut device = town.device(false)?;
    let refused = device.exchange(town.server()?, up)?.refused;
    ensure!(refused.is_empty(), "{refused:?}");
    let desk = town.desk("today", false)?;
    ensure!(desk.sync(town.server()?)?.agrees);
    ensure!(desk.desk.check()?.is_empty());
    let ledger = desk.desk.ledger_json(None, None)?;
    ensure!(ledger == recording.ledger, "recorded {}, today {ledger}", recording.ledger);
    Ok(())
}
