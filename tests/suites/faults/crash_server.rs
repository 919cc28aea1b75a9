//! A power cut under the server: what it answered is there, changes and photos, and its store opens.

use super::cuts::{cut_everywhere, number_of};
use super::kit::{NOW, VILLAGE, wire};
use anyhow::{Context, Result, bail, ensure};
use reqwest::blocking::Client;
use sha2::{Digest, Sha256};
use shared::crdt::{ActorId, first_change};
use shared::crypto::{CryptoProvider, PublicKey, SoftProvider, StoredKey};
use shared::kinds::RecordKind;
use shared::schema::{Fields, RecordId, Value};
use shared::sync::{Answer, Ask, Exchange, SessionToken, envelope};
use shared::wire::WireChange;
use std::path::Path;
use std::sync::Arc;
use sync_server::Server;
use tests::device;
use tests::disk::{self, What};
use tests::photo;
use tests::program::{Running, ServerHome};

/// A device that speaks HTTP.
pub(super) struct Device {
    crypto: SoftProvider,
    key: StoredKey,
    id: [u8; 16],
    server_key: PublicKey,
    address: String,
    token: SessionToken,
}

impl Device {
    pub(super) fn enrol(address: &str, code: &str) -> Result<Self> {
        let crypto = SoftProvider::new();
        let key = crypto.new_key()?;
        let ask = device::enrol_ask(&crypto, &key, code, "设备")?;
        let enrolled = device::enrol(&Client::new(), &crypto, address, &ask)?;
        let (id, server_key) = (*enrolled.device.0.as_bytes(), device::server_key(&enrolled)?);
        Ok(Self { crypto, key, id, server_key, address: address.to_owned(), token: SessionToken::default() })
    }

    pub(super) fn envelope(&self, ask: &Ask) -> Result<Vec<u8>> {
        Ok(envelope::enclose(&self.crypto, &self.key, &self.id, NOW, ask)?)
    }

    fn ask(&self, ask: &Ask) -> Result<Answer> {
        let envelope = self.envelope(ask)?;
        let sent = Client::new().post(format!("{}/v2/sync", self.address)).body(envelope.clone()).send()?;
        device::answer(&self.crypto, &self.server_key, &envelope, &sent.error_for_status()?.bytes()?)
    }

    pub(super) fn push(&mut self, changes: Vec<WireChange>) -> Result<()> {
        match self.ask(&Ask::Exchange(Exchange { presents: self.token, changes, ..Exchange::default() }))? {
            Answer::Exchanged(exchanged) if exchanged.refused.is_empty() => self.token = exchanged.token,
            other => bail!("{other:?}"),
        }
        Ok(())
    }
}

fn change(kind: RecordKind, number: u8, fields: &[(&str, Value)]) -> WireChange {
    let fields: Fields = fields.iter().map(|(name, value)| ((*name).into(), value.clone())).collect();
    wire(kind, RecordId(uuid::Uuid::from_bytes([number; 16])), first_change(&ActorId::from([number; 16]), &fields, NOW).bytes)
}

#[test]
fn f34_a_power_cut_of_the_server_at_any_step_loses_nothing_that_it_answered() -> Result<()> {
    let tools = tempfile::tempdir()?;
    let recorder = disk::recorder(tools.path())?;
    let record = tools.path().join("ops");
    let home = ServerHome::watched(&recorder, &record)?;
    let so_far = || Ok::<_, anyhow::Error>(disk::read(&record)?.len());
    let mut answered = Vec::new();
    let (canteen, code) = home.canteen_with_code("罗城街道长者饭堂", "445381001")?;
    let server: Running = home.serve("127.0.0.1:0")?;
    let mut device = Device::enrol(&server.listening()?, &code)?;
    answered.push(so_far()?);
    let text = |text: &str| Value::Text(text.into());
    for number in 1..4 {
        let elder = [("name", text("王桂英")), ("division", text(VILLAGE)), ("canteen", text(&canteen)), ("status", text("active"))];
        device.push(vec![change(RecordKind::Elder, number, &elder), change(RecordKind::Elder, number + 100, &elder)])?;
        answered.push(so_far()?);
    }
    // Sealed, as far as a server can tell.
    let photo = [&[1], &std::fs::read(photo::small(tools.path())?)?[..]].concat();
    let hash: [u8; 32] = Sha256::digest(&photo).into();
    let named = format!("photos/{}", hex::encode(hash));
    device.push(vec![change(RecordKind::Receipt, 9, &[("canteen", text(&canteen)), (named.as_str(), Value::Bool(true))])])?;
    answered.push(so_far()?);
    let size = u32::try_from(photo.len())?;
    for piece in photo.chunks(photo.len() / 3 + 1) {
        let at = u32::try_from(piece.as_ptr().addr() - photo.as_ptr().addr())?;
        device.ask(&Ask::PutPhoto { hash, size, at, bytes: piece.to_vec() })?;
        answered.push(so_far()?);
    }
    server.kill()?;
    // Started again on what the kill left, and once more used.
    let server = home.serve("127.0.0.1:0")?;
    device.address = server.listening()?;
    device.push(vec![change(RecordKind::Elder, 50, &[("name", text("李木生")), ("canteen", text(&canteen))])])?;
    answered.push(so_far()?);
    server.kill()?;

    let ops = disk::read(&record)?;
    // Commands of the administrator answer on standard output.
    answered.extend(ops.iter().enumerate().filter(|(_, op)| op.what == What::Answer).map(|(at, _)| at));
    answered.sort_unstable();
    let (parts, picture) = (device.envelope(&Ask::Buckets)?, device.envelope(&Ask::GetPhoto { hash, at: 0 })?);
    let shown = |folder: &Path| -> Result<String> {
        let server = Server::open_with(folder, sync_server::Clock::by(|| NOW), Arc::new(SoftProvider::new()))?;
        let held = match server.receive(&parts) {
            Ok(Answer::Buckets(parts)) => hex::encode(Sha256::digest(parts.iter().flat_map(|part| part.to_bytes()).collect::<Vec<_>>())),
            Err(fault) if fault.code == shared::fault::Code::NotEnrolled => "not enrolled".to_owned(),
            other => bail!("{other:?}"),
        };
        let picture = match server.receive(&picture) {
            Ok(Answer::Photo { bytes, .. }) => {
                ensure!(bytes == photo, "the photo is not what was sent");
                "the photo"
            }
            Ok(Answer::NoPhoto) | Err(_) => "no photo",
            other => bail!("{other:?}"),
        };
        Ok(format!("{held}, {picture}"))
    };
    ensure!(answered.len() > 10, "the record is not whole");
    cut_everywhere(&ops, &answered, number_of("YINLING_IMAGES").unwrap_or(2), &shown).context("the server")
}
