//! Many devices of one canteen, each no more than a key: what a server bears without as many desks.

use crate::device;
use crate::program::ServerHome;
use anyhow::{Context, Result, bail, ensure};
use shared::crdt::{ActorId, first_change};
use shared::crypto::{CryptoProvider, SoftProvider, StoredKey};
use shared::kinds::RecordKind;
use shared::schema::{Fields, Value};
use shared::sync::{Answer, Ask, Exchange, SessionToken, envelope};
use shared::wire::{Enrolled, WireChange};
use std::pin::Pin;
use sync_server::{Clock, Server};
use tokio::task::JoinSet;

/// Devices that wait are begun so many at a time.
const AT_ONCE: usize = 50;

/// Devices of one canteen; the first one speaks, the others listen.
#[derive(Debug)]
pub struct Crowd {
    devices: Vec<(Enrolled, StoredKey)>,
    canteen: String,
    clock: Clock,
    http: reqwest::Client,
}

impl Crowd {
    /// Enrols so many in a folder that nobody serves yet, and one that speaks; their clock is the one that will be the server's.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn enrol(home: &ServerHome, listeners: usize, clock: Clock) -> Result<Self> {
        let server = Server::open(home.path(), clock.clone())?;
        let canteen = server.add_canteen("罗城街道长者饭堂", "445381001", None)?.code;
        let crypto = SoftProvider::new();
        let devices = (0..=listeners).map(|number| {
            let key = crypto.new_key()?;
            let code = server.device_code(Some(&canteen), None)?.code;
            Ok((server.enrol(&device::enrol_ask(&crypto, &key, &code, &format!("电脑{number}"))?)?, key))
        });
        let devices = devices.collect::<Result<_>>()?;
        Ok(Self { devices, canteen, clock, http: reqwest::Client::builder().no_proxy().build()? })
    }

    fn ask(&self, at: usize, address: &str, ask: &Ask) -> Result<impl Future<Output = Result<Answer>> + Send + 'static> {
        let (enrolled, key) = self.devices.get(at).context("a device")?;
        let (crypto, server_key) = (SoftProvider::new(), device::server_key(enrolled)?);
        let envelope = envelope::enclose(&crypto, key, enrolled.device.0.as_bytes(), self.clock.seconds(), ask)?;
        let request = self.http.post(format!("{address}/v2/sync")).body(envelope.clone());
        Ok(async move { device::answer(&crypto, &server_key, &envelope, &request.send().await?.error_for_status()?.bytes().await?) })
    }

    async fn exchange(&self, address: &str, exchange: Exchange) -> Result<shared::sync::Exchanged> {
        match self.ask(0, address, &Ask::Exchange(exchange))?.await? {
            Answer::Exchanged(exchanged) => Ok(exchanged),
            other => bail!("{other:?}"),
        }
    }

    /// Lets all listeners wait at once. When `meanwhile` is called all of them are held; then one change is made.
    /// Comes back when each of them was told that there is news; gives how many they are.
    ///
    /// # Errors
    /// When one is told something else, or the server fails.
    pub async fn hear_one_change(&self, address: &str, meanwhile: impl FnOnce()) -> Result<usize> {
        let (mut after, mut presents, mut more) = (0, SessionToken::default(), true);
        while more {
            let page = self.exchange(address, Exchange { presents, after, ..Exchange::default() }).await?;
            (after, presents, more) = (page.next, page.token, page.more);
        }
        let wait = Ask::Wait { after };
        let mut waits = Vec::new();
        for some in (1..self.devices.len()).collect::<Vec<_>>().chunks(AT_ONCE) {
            let mut begun = JoinSet::new();
            for at in some {
                let (one, other) = (self.ask(*at, address, &wait)?, self.ask(*at, address, &wait)?);
                let at = *at;
                begun.spawn(async move { Ok::<_, anyhow::Error>((at, held(one, other).await?)) });
            }
            while let Some(held) = begun.join_next().await {
                waits.push(held??);
            }
        }
        meanwhile();
        let fields = Fields::from([("canteen".into(), Value::Text(self.canteen.as_str().into()))]);
        let bytes = first_change(&ActorId::from([7; 16]), &fields, 1).bytes;
        let change = WireChange { kind: RecordKind::Order.code().to_owned(), record: [9; 16], bytes };
        let told = self.exchange(address, Exchange { presents, after, changes: vec![change], ..Exchange::default() }).await?;
        ensure!(told.refused.is_empty(), "{:?}", told.refused);
        let many = waits.len();
        for (at, wait) in waits {
            let mut answer = wait.await?;
            // On a slow machine a wait may have ended before the change came.
            while answer == Answer::News(false) {
                answer = self.ask(at, address, &Ask::Wait { after })?.await?;
            }
            ensure!(answer == Answer::News(true), "{answer:?}");
        }
        Ok(many)
    }
}

type Wait = Pin<Box<dyn Future<Output = Result<Answer>> + Send>>;

/// Of two waits of one device the server ends the one as soon as it holds the other: gives that other one.
async fn held(
    one: impl Future<Output = Result<Answer>> + Send + 'static,
    other: impl Future<Output = Result<Answer>> + Send + 'static,
) -> Result<Wait> {
    let (mut one, mut other): (Wait, Wait) = (Box::pin(one), Box::pin(other));
    let (ended, held) = tokio::select! {
        ended = &mut one => (ended?, other),
        ended = &mut other => (ended?, one),
    };
    ensure!(ended == Answer::News(false), "there was no news yet");
    Ok(held)
}
