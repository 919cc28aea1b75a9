//! `POST /v2/enrol`: a one-time code becomes a device with a key of its own. Wrong tries are slowed down.

use crate::audit::{Actor, Place};
use crate::fault::{Refusal, malformed};
use crate::journal::Journal;
use crate::route::{Octets, RequestId, Source};
use crate::store::{CodeFor, Scope};
use crate::{Parts, Server};
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use shared::crypto::PublicKey;
use shared::fault;
use shared::fault::Code;
use shared::kinds::{AuditEvent, Device, RecordKind};
use shared::rule::name;
use shared::sync::reply::{self, Question};
use shared::wire::{EnrolAsk, Enrolled, SealedEnrolAsk};

const WINDOW: i64 = 15 * 60;
const MOST_BY_ADDRESS: i64 = 10;
const MOST_BY_ALL: i64 = 50;

pub async fn enrol(
    State(server): State<Server>,
    from: Source,
    request: RequestId,
    ask: Result<Json<SealedEnrolAsk>, JsonRejection>,
) -> Result<Octets, Refusal> {
    let Json(SealedEnrolAsk { sealed }) = ask?;
    server.run(move |parts| enrol_sealed(parts, &sealed, &Actor::stranger(&from, request.0))).await.map(Octets)
}

/// Opens what was wrapped for the server's key, and signs the answer.
fn enrol_sealed(parts: &Parts, sealed: &str, by: &Actor) -> Result<Vec<u8>, Refusal> {
    let crypto = parts.crypto.as_ref();
    let opened = hex::decode(sealed).ok().and_then(|sealed| crypto.unwrap(parts.server_key.stored(), &sealed).ok());
    let ask: EnrolAsk = opened.and_then(|json| serde_json::from_slice(&json).ok()).ok_or_else(malformed)?;
    let mark = hex::decode(&ask.nonce).ok().and_then(|nonce| nonce.try_into().ok()).ok_or_else(malformed)?;
    let enrolled = enrol_now(parts, &ask, by)?;
    Ok(reply::enclose(crypto, parts.server_key.stored(), &Question { device: [0; 16], mark }, &enrolled)?)
}

/// Each try is noted, but for those that are slowed down.
pub(crate) fn enrol_now(parts: &Parts, ask: &EnrolAsk, by: &Actor) -> Result<Enrolled, Refusal> {
    let now = parts.clock.seconds();
    // Counted in the store, by address and in all, for the servers on one database together.
    let window = now / WINDOW;
    let (by_address, by_all) = parts.store.read(|tx| tx.wrong_codes(&by.source, window))?;
    if by_address >= MOST_BY_ADDRESS || by_all >= MOST_BY_ALL {
        return Err(Refusal::from(fault!(Code::NotNow, enrolment::TOO_MANY_TRIES)).after(WINDOW - now % WINDOW));
    }
    let name: String = name::plain(&ask.name).chars().take(50).collect();
    if name.is_empty() {
        return Err(fault!(Code::BadInput, enrolment::WITHOUT_A_NAME).into());
    }
    let key = hex::decode(&ask.public_key).ok().and_then(|bytes| bytes.try_into().ok()).map(PublicKey).ok_or_else(malformed)?;
    let code = parts.code_mark(&ask.code);
    let enrolled = parts.audited(by, AuditEvent::DeviceEnrolled, |tx, noted| {
        let Some(CodeFor { canteen, division }) = tx.use_code(&code, now)? else {
            tx.wrong_code(&by.source, window)?;
            noted.refused(Code::Refused);
            return Ok(None);
        };
        noted.at(Place { division: division.clone(), canteen: canteen.clone() });
        let number = tx.next_device_number()?;
        let device = Device { number, name: name.clone(), canteen: canteen.clone(), division: division.clone(), revoked: false };
        let id = parts.centre.create(tx, &device, now)?;
        noted.record(RecordKind::Device, id.bytes()).object(number);
        if !tx.put_key(id.bytes(), &key, now)? {
            // The whole is taken back, the code with it.
            return Err(fault!(Code::Refused, enrolment::KEY_KNOWN_ALREADY).into());
        }
        let scope = canteen.clone().map_or_else(|| Scope::Division(division.clone()), Scope::Canteen);
        Journal::open(tx)?.open_feed(&scope)?;
        let device_number = u32::try_from(number).unwrap_or(0);
        let keys = parts.keys().of_device(&division);
        // A point that is none can't be enrolled: it could sign nothing either.
        let keys = hex::encode(keys.wrap(parts.crypto.as_ref(), &key).map_err(|_| malformed())?);
        let server_key = hex::encode(parts.server_key.public().0);
        Ok::<_, Refusal>(Some(Enrolled { device: id, device_number, canteen, division, keys, server_key }))
    })?;
    enrolled.ok_or_else(|| fault!(Code::Refused, enrolment::WRONG_CODE).into())
}
