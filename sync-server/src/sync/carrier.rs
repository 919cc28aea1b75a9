//! `POST /v2/sync`: an envelope comes in over HTTP, the sync core answers, the server's key signs.

use super::device_tx::DeviceTx;
use super::fresh::Freshness;
use super::live;
use crate::audit::{Actor, Event};
use crate::budget::Of;
use crate::fault::{Refusal, malformed, too_large, unknown_device};
use crate::route::{Octets, RequestId, Source};
use crate::store::Identity;
use crate::{Parts, Server};
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use shared::fault;
use shared::fault::Code;
use shared::kinds::{AuditEvent, RecordKind};
use shared::sync::envelope::{Enclosed, EnvelopeError};
use shared::sync::reply::{self, Question};
use shared::sync::server::{self, Received};
use shared::sync::{Answer, Ask, Exchange};

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
        Asker::Device(device, Ask::Wait { after }) => {
            charge(parts, &device, enclosed.device, &Ask::Wait { after }, by)?;
            return Ok(Opened::Waits(device, after));
        }
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
        Some((device, key)) => match enclosed.open(parts.crypto.as_ref(), &key) {
            Ok(ask) => (Asker::Device(device, ask), None),
            Err(error) => {
                let refusal = Refusal::from(error);
                let mut event = Event::of(AuditEvent::EnvelopeRefused);
                parts.noted_read(&by.clone().device(&device), "envelope", event.refused(refusal.fault.code))?;
                return Err(refusal);
            }
        },
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

/// Whether the whole feed of a device is read for it.
const fn is_walk(ask: &Ask) -> bool {
    matches!(ask, Ask::Buckets | Ask::ChangeIds(_) | Ask::Fetch(_))
}

/// What the day's budgets of a device are charged for before anything is done.
fn costs(ask: &Ask) -> Vec<(Of, usize)> {
    let mut costs = match ask {
        Ask::Exchange(Exchange { changes, .. }) if !changes.is_empty() => vec![
            (Of::Bytes, changes.iter().map(|change| change.bytes.len()).sum()),
            (Of::Changes, changes.len()),
            (Of::Persons, changes.iter().filter(|change| change.kind == RecordKind::Elder.code()).count()),
        ],
        ask if is_walk(ask) => vec![(Of::Sums, 1)],
        _ => Vec::new(),
    };
    costs.push((Of::Requests, 1));
    costs
}

/// Charges a device, or asks it to come later and tells the auditors. Nothing is charged where something is used up.
fn charge(parts: &Parts, device: &Identity, id: [u8; 16], ask: &Ask, by: &Actor) -> Result<(), Refusal> {
    let (now, costs) = (parts.clock.seconds(), costs(ask));
    let nothing = costs.iter().map(|(of, _)| (*of, 0)).collect::<Vec<_>>();
    for (of, much) in nothing.into_iter().chain(costs) {
        if let Err(wait) = parts.budgets.spend(id, of, much, now) {
            let mut event = Event::of(AuditEvent::BudgetUsedUp);
            event.refused(Code::NotNow).made(of.detail(), of.a_day());
            parts.noted_read(&by.clone().device(device), "budget", &event)?;
            return Err(Refusal::from(fault!(Code::NotNow, request::budget_used_up(wait / 60 + 1))).after(wait));
        }
    }
    Ok(())
}

/// Answers what a device asks. Nothing is written where looking is enough.
fn answer(parts: &Parts, enclosed: &Enclosed<'_>, device: &Identity, ask: &Ask, by: &Actor) -> Result<Answer, Refusal> {
    let mark = enclosed.mark();
    let _walk = if is_walk(ask) { Some(parts.walk_for(enclosed.device)?) } else { None };
    charge(parts, device, enclosed.device, ask, by)?;
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
    use shared::crypto::{CryptoProvider, SoftProvider, StoredKey};
    use shared::schema::RecordId;
    use shared::sync::envelope;
    use shared::wire::{EnrolAsk, WireChange};

    /// A server with a canteen, and what its devices are made of.
    struct House {
        _folder: tempfile::TempDir,
        server: Server,
        crypto: SoftProvider,
        canteen: String,
    }

    type Device = (StoredKey, RecordId);

    impl House {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let server = Server::open(folder.path(), Clock::by(|| 0)).unwrap();
            let canteen = server.add_canteen("罗城街道长者饭堂", "445381001", None).unwrap().code;
            Self { _folder: folder, server, crypto: SoftProvider::new(), canteen }
        }

        fn enrolled(&self) -> Device {
            let key = self.crypto.new_key().unwrap();
            let code = self.server.device_code(Some(&self.canteen), None).unwrap().code.parse().unwrap();
            let ask = EnrolAsk::new(&code, "电脑", &self.crypto.public_key(&key).unwrap(), [7; 16]);
            (key, self.server.enrol(&ask).unwrap().device)
        }

        /// What a device is told that asks this.
        fn asks(&self, (key, device): &Device, ask: &Ask) -> Result<(), Refusal> {
            let bytes = envelope::enclose(&self.crypto, key, device.0.as_bytes(), 0, ask).unwrap();
            open(&self.server.0, &Question::of(&bytes).unwrap(), &bytes, &Actor::itself()).map(drop)
        }
    }

    #[test]
    fn a_device_that_has_its_share_is_asked_to_come_again_and_others_are_answered() {
        let house = House::new();
        let asks = |device| house.asks(device, &Ask::Buckets).map_err(|refusal| refusal.status);
        let (greedy, other) = (house.enrolled(), house.enrolled());
        let mut held: Vec<_> = (0..crate::AT_ONCE).map(|_| house.server.0.share_of(greedy.1.0.as_bytes()).unwrap()).collect();
        assert_eq!((asks(&greedy), asks(&other)), (Err(StatusCode::TOO_MANY_REQUESTS), Ok(())));
        held.pop();
        assert_eq!(asks(&greedy), Ok(()));
    }

    #[test]
    fn a_question_that_a_whole_feed_is_read_for_is_one_at_a_time_and_leaves_readers_for_others() {
        let house = House::new();
        let devices: Vec<Device> = (0..=crate::WALKS).map(|_| house.enrolled()).collect();
        let asks = |device| house.asks(device, &Ask::Buckets).map_err(|refusal| refusal.status);
        let mut held = vec![house.server.0.walk_for(*devices[0].1.0.as_bytes()).unwrap()];
        assert_eq!((asks(&devices[0]), asks(&devices[1])), (Err(StatusCode::TOO_MANY_REQUESTS), Ok(())));
        assert!(house.asks(&devices[0], &Ask::Keys).is_ok(), "it is answered all else");
        held.push(house.server.0.walk_for(*devices[1].1.0.as_bytes()).unwrap());
        assert_eq!(asks(&devices[2]), Err(StatusCode::TOO_MANY_REQUESTS));
        assert!(house.asks(&devices[2], &Ask::Exchange(Exchange::default())).is_ok());
        held.pop();
        assert_eq!(asks(&devices[2]), Ok(()));
    }

    #[test]
    fn who_used_up_a_budget_comes_later_is_told_to_the_auditors_and_others_are_answered() {
        let house = House::new();
        let change = |kind: RecordKind| {
            let bytes = vec![0; 100];
            Ask::Exchange(Exchange {
                changes: vec![WireChange { kind: kind.code().into(), record: [9; 16], bytes }],
                ..Exchange::default()
            })
        };
        let push = change(RecordKind::Order);
        for (of, asks) in [
            (Of::Bytes, &push),
            (Of::Changes, &push),
            (Of::Persons, &change(RecordKind::Elder)),
            (Of::Sums, &Ask::Buckets),
            (Of::Sums, &Ask::ChangeIds(vec![1])),
            (Of::Sums, &Ask::Fetch(vec![[1; 16]])),
            (Of::Requests, &Ask::Keys),
            (Of::Requests, &Ask::Wait { after: 0 }),
        ] {
            let (greedy, other) = (house.enrolled(), house.enrolled());
            let all = usize::try_from(of.a_day()).unwrap();
            house.server.0.budgets.spend(*greedy.1.0.as_bytes(), of, all, 0).unwrap();
            let refusal = house.asks(&greedy, asks).unwrap_err();
            assert_eq!((refusal.status, refusal.fault.code), (StatusCode::TOO_MANY_REQUESTS, Code::NotNow), "{of:?}");
            assert!(refusal.after.is_some_and(|seconds| seconds > 0), "{of:?}");
            assert!(house.asks(&other, asks).is_ok(), "{of:?}: another device");
            assert_eq!(house.asks(&greedy, &Ask::Keys).is_ok(), of != Of::Requests, "{of:?}: what costs nothing of it");
            let noted = house.server.0.store.read(|tx| tx.audit_after(0, i64::MAX)).unwrap();
            let last = noted.into_iter().flatten().rfind(|row| row.event == AuditEvent::BudgetUsedUp.code()).unwrap();
            assert_eq!(last.device.as_deref(), Some(greedy.1.0.as_bytes().as_slice()), "{of:?}");
        }
    }

    #[test]
    fn what_a_device_brings_is_charged_to_it() {
        let house = House::new();
        let device = house.enrolled();
        let bytes = usize::try_from(Of::Bytes.a_day()).unwrap();
        house.server.0.budgets.spend(*device.1.0.as_bytes(), Of::Bytes, bytes - 100, 0).unwrap();
        let brings = || {
            let change = WireChange { kind: RecordKind::Order.code().into(), record: [9; 16], bytes: vec![0; 60] };
            Ask::Exchange(Exchange { changes: vec![change], ..Exchange::default() })
        };
        assert!(house.asks(&device, &brings()).is_ok());
        assert!(house.asks(&device, &brings()).is_ok(), "what is left is enough to begin with");
        assert!(house.asks(&device, &brings()).is_err());
    }
}
