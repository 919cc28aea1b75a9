//! `POST /v2/sync`: an envelope comes in over HTTP, the sync core answers.

use super::hub::Counter;
use crate::fault::{Refusal, malformed, too_large, unknown_device};
use crate::{Parts, Server};
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use shared::fault::Code;
use shared::sync::envelope::{Enclosed, EnvelopeError};
use shared::sync::hub::{self, Heard};
use shared::sync::{Answer, Ask, message};

/// Tells replays apart from what a desk should do something about; the log has the rest.
fn replayed() -> Refusal {
    Refusal::new(Code::NotNow, "这次提交已经处理过。", "不用再做什么，稍后会自动同步。")
}

impl From<EnvelopeError> for Refusal {
    fn from(error: EnvelopeError) -> Self {
        match error {
            EnvelopeError::TooLarge => too_large(),
            EnvelopeError::Malformed | EnvelopeError::Key => malformed(),
        }
    }
}

pub async fn sync(State(server): State<Server>, body: Result<Bytes, BytesRejection>) -> Result<Response, Refusal> {
    let body = body.map_err(|_| too_large())?;
    let answer = server.run(move |parts| hear(parts, &body)).await?;
    let packed = message::pack(&answer).map_err(|_| too_large())?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], packed).into_response())
}

/// Hears one envelope. Nothing is unpacked before its signature is checked; nothing is written where looking is enough.
pub(crate) fn hear(parts: &Parts, bytes: &[u8]) -> Result<Answer, Refusal> {
    let enclosed = Enclosed::read(bytes)?;
    let Some((device, key)) = parts.store.read(|tx| tx.device(&enclosed.device))? else {
        let key = parts.store.read(|tx| tx.shut_out(&enclosed.device))?.ok_or_else(unknown_device)?;
        let _: Ask = enclosed.open(parts.crypto.as_ref(), &key)?;
        return Ok(Answer::ShutOut);
    };
    let ask: Ask = enclosed.open(parts.crypto.as_ref(), &key)?;
    let mark = enclosed.mark();
    let looked = parts.store.read(|tx| hub::answer(&mut Counter::looking(parts, tx, &device), &ask, mark))?;
    let heard = match looked {
        Heard::NeedsWriting => parts.store.write(|tx| {
            // Shut out since? The transaction that writes decides.
            let (device, _) = tx.device(&enclosed.device)?.ok_or_else(unknown_device)?;
            let mut counter = Counter::writing(parts, tx, &device)?;
            let heard = hub::answer(&mut counter, &ask, mark)?;
            counter.close()?;
            Ok::<_, Refusal>(heard)
        })?,
        heard => heard,
    };
    match heard {
        Heard::Answered(answer) => Ok(answer),
        Heard::Replay => Err(replayed()),
        Heard::Nonsense | Heard::NeedsWriting => Err(malformed()),
    }
}
