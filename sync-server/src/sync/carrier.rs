//! `POST /v2/sync`: an envelope comes in over HTTP, the sync core answers, the server's key signs.

use super::device_tx::DeviceTx;
use super::fresh::Freshness;
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
use shared::sync::reply::{self, Question};
use shared::sync::server::{self, Received};
use shared::sync::{Answer, Ask};

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
    /// The answer, signed.
    Answered(Vec<u8>),
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
    let question = Question::of(&body)?;
    let signed = match server.run(move |parts| open(parts, &question, &body, &Actor::stranger(&from, request.0))).await? {
        Opened::Answered(signed) => signed,
        Opened::Waits(device, after) => {
            let news = Answer::News(live::wait(&server, device, after, live::HOLD).await?);
            server.run(move |parts| sign(parts, &question, &news)).await?
        }
    };
    Ok(Octets(signed))
}

/// An answer as it goes over the line.
pub(crate) fn sign(parts: &Parts, question: &Question, answer: &Answer) -> Result<Vec<u8>, Refusal> {
    Ok(reply::enclose(parts.crypto.as_ref(), parts.server_key.stored(), question, answer)?)
}

fn open(parts: &Parts, question: &Question, bytes: &[u8], by: &Actor) -> Result<Opened, Refusal> {
    let enclosed = Enclosed::read(bytes)?;
    let answer = match unpack(parts, &enclosed, by)? {
        Asker::Device(device, Ask::Wait { after }) => return Ok(Opened::Waits(device, after)),
        Asker::Device(device, ask) => {
            let _share = parts.share_of(&device.id)?;
            answer(parts, &enclosed, &device, &ask, by)?
        }
        Asker::Told(answer) => answer,
    };
    sign(parts, question, &answer).map(Opened::Answered)
}

/// Hears one envelope and answers at once, whether there is news or not.
pub(crate) fn receive(parts: &Parts, bytes: &[u8], by: &Actor) -> Result<Answer, Refusal> {
    let enclosed = Enclosed::read(bytes)?;
    match unpack(parts, &enclosed, by)? {
        Asker::Device(device, ask) => answer(parts, &enclosed, &device, &ask, by),
        Asker::Told(answer) => Ok(answer),
    }
}

/// Who asks.
enum Asker {
    Device(Identity, Ask),
    /// One that was shut out, or whose clock is another than the server's: all it is told is that.
    Told(Answer),
}

/// Who asks, and what. Nothing is unpacked before its signature is checked, and nothing is heard twice.
fn unpack(parts: &Parts, enclosed: &Enclosed<'_>, by: &Actor) -> Result<Asker, Refusal> {
    let known = parts.store.read(|tx| tx.device(&enclosed.device))?;
    let (asker, shut_out) = match known {
        Some((device, key)) => (Asker::Device(device, enclosed.open(parts.crypto.as_ref(), &key)?), None),
        None => {
            let (device, key) = parts.store.read(|tx| tx.shut_out(&enclosed.device))?.ok_or_else(unknown_device)?;
            let _: Ask = enclosed.open(parts.crypto.as_ref(), &key)?;
            (Asker::Told(Answer::ShutOut), Some(device))
        }
    };
    let now = parts.clock.seconds();
    match parts.fresh.hear(enclosed.mark(), enclosed.at, now) {
        Freshness::Fresh => {}
        Freshness::OtherTime => return Ok(Asker::Told(Answer::Clock(now))),
        Freshness::Replayed => return Err(replayed()),
    }
    if let Some(device) = shut_out {
        parts.noted_read(&by.clone().device(&device), "shut out", Event::of(AuditEvent::DeviceShutOut).refused(Code::NotEnrolled))?;
    }
    Ok(asker)
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
                let mut device_tx = DeviceTx::writing(parts, tx, &device, (&by, enclosed.proof(parts.crypto.as_ref())))?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clock;
    use axum::http::StatusCode;
    use shared::crypto::{CryptoProvider, SoftProvider};
    use shared::sync::envelope;
    use shared::wire::EnrolAsk;

    #[test]
    fn a_device_that_has_its_share_is_asked_to_come_again_and_others_are_answered() {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::open(folder.path(), Clock::by(|| 0)).unwrap();
        let crypto = SoftProvider::new();
        let canteen = server.add_canteen("罗城街道长者饭堂", "445381001", None).unwrap().code;
        let enrolled = || {
            let key = crypto.new_key().unwrap();
            let code = server.device_code(Some(&canteen), None).unwrap().code.parse().unwrap();
            let ask = EnrolAsk::new(&code, "电脑", &crypto.public_key(&key).unwrap(), [7; 16]);
            (key, server.enrol(&ask).unwrap().device)
        };
        let asks = |(key, device): &(_, shared::schema::RecordId)| {
            let bytes = envelope::enclose(&crypto, key, device.0.as_bytes(), 0, &Ask::Buckets).unwrap();
            open(&server.0, &Question::of(&bytes).unwrap(), &bytes, &Actor::itself()).map(drop).map_err(|refusal| refusal.status)
        };
        let (greedy, other) = (enrolled(), enrolled());
        let mut held: Vec<_> = (0..crate::AT_ONCE).map(|_| server.0.share_of(greedy.1.0.as_bytes()).unwrap()).collect();
        assert_eq!((asks(&greedy), asks(&other)), (Err(StatusCode::TOO_MANY_REQUESTS), Ok(())));
        held.pop();
        assert_eq!(asks(&greedy), Ok(()));
    }
}
