//! `POST /v2/sync`: an envelope comes in over HTTP, the sync core answers.

use super::device_tx::DeviceTx;
use super::live;
use crate::audit::{Actor, Event};
use crate::fault::{Refusal, malformed, too_large, unknown_device};
use crate::route::{Octets, RequestId, Source};
use crate::store::Identity;
use crate::{Parts, Server};
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use shared::fault;
use shared::fault::Code;
use shared::kinds::AuditEvent;
use shared::sync::envelope::{Enclosed, EnvelopeError};
use shared::sync::server::{self, Received};
use shared::sync::{Answer, Ask, message};

/// Tells replays apart from what a desk should do something about; the log has the rest.
fn replayed() -> Refusal {
    fault!(Code::NotNow, sync::REPLAYED).into()
}

impl From<EnvelopeError> for Refusal {
    fn from(error: EnvelopeError) -> Self {
        match error {
            EnvelopeError::TooLarge => too_large(),
            EnvelopeError::Malformed | EnvelopeError::Key => malformed(),
        }
    }
}

/// What an envelope comes to.
enum Opened {
    Answered(Answer),
    /// A question that is held.
    Waits(Identity, u64),
}

pub async fn sync(
    State(server): State<Server>,
    from: Source,
    request: RequestId,
    body: Result<Bytes, BytesRejection>,
) -> Result<Octets, Refusal> {
    let body = body.map_err(|_| too_large())?;
    let answer = match server.run(move |parts| open(parts, &body, &Actor::stranger(&from, request.0))).await? {
        Opened::Answered(answer) => answer,
        Opened::Waits(device, after) => Answer::News(live::wait(&server, device, after, live::HOLD).await?),
    };
    message::pack(&answer).map(Octets).map_err(|_| too_large())
}

fn open(parts: &Parts, bytes: &[u8], by: &Actor) -> Result<Opened, Refusal> {
    let enclosed = Enclosed::read(bytes)?;
    match unpack(parts, &enclosed, by)? {
        Some((device, Ask::Wait { after })) => Ok(Opened::Waits(device, after)),
        Some((device, ask)) => answer(parts, &enclosed, &device, &ask, by).map(Opened::Answered),
        None => Ok(Opened::Answered(Answer::ShutOut)),
    }
}

/// Hears one envelope and answers at once, whether there is news or not.
pub(crate) fn receive(parts: &Parts, bytes: &[u8], by: &Actor) -> Result<Answer, Refusal> {
    let enclosed = Enclosed::read(bytes)?;
    match unpack(parts, &enclosed, by)? {
        Some((device, ask)) => answer(parts, &enclosed, &device, &ask, by),
        None => Ok(Answer::ShutOut),
    }
}

/// Who asks, and what; none where the device was shut out. Nothing is unpacked before its signature is checked.
fn unpack(parts: &Parts, enclosed: &Enclosed<'_>, by: &Actor) -> Result<Option<(Identity, Ask)>, Refusal> {
    if let Some((device, key)) = parts.store.read(|tx| tx.device(&enclosed.device))? {
        return Ok(Some((device, enclosed.open(parts.crypto.as_ref(), &key)?)));
    }
    let (device, key) = parts.store.read(|tx| tx.shut_out(&enclosed.device))?.ok_or_else(unknown_device)?;
    let _: Ask = enclosed.open(parts.crypto.as_ref(), &key)?;
    parts.noted_read(&by.clone().device(&device), "shut out", Event::of(AuditEvent::DeviceShutOut).refused(Code::NotEnrolled))?;
    Ok(None)
}

/// Answers what a device asks. Nothing is written where looking is enough.
fn answer(parts: &Parts, enclosed: &Enclosed<'_>, device: &Identity, ask: &Ask, by: &Actor) -> Result<Answer, Refusal> {
    let mark = enclosed.mark();
    let looked = parts.store.read(|tx| server::answer(&mut DeviceTx::looking(parts, tx, device), ask, mark))?;
    let received = match looked {
        Received::NeedsWriting => {
            let received = parts.store.write(|tx| {
                // Shut out since? The transaction that writes decides.
                let (device, _) = tx.device(&enclosed.device)?.ok_or_else(unknown_device)?;
                let by = by.clone().device(&device);
                let mut device_tx = DeviceTx::writing(parts, tx, &device, &by)?;
                let received = server::answer(&mut device_tx, ask, mark)?;
                device_tx.close()?;
                Ok::<_, Refusal>(received)
            })?;
            parts.live.notify();
            received
        }
        received => received,
    };
    match received {
        Received::Answered(answer) => Ok(answer),
        Received::Replay => Err(replayed()),
        Received::Nonsense | Received::NeedsWriting => Err(malformed()),
    }
}
