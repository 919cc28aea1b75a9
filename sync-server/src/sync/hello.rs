//! `POST /v2/hello`: who the server is, under its own signature. A desk asks before it has enrolled, when it knows no certificate yet,
//! and when the certificate does not hold any more.

use crate::fault::{Refusal, malformed};
use crate::{Parts, Server};
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use shared::wire::{Hello, HelloAsk, SignedHello};

pub async fn hello(State(server): State<Server>, ask: Result<Json<HelloAsk>, JsonRejection>) -> Result<Json<SignedHello>, Refusal> {
    let Json(ask) = ask?;
    server.run(move |parts| hello_now(parts, &ask)).await.map(Json)
}

pub(crate) fn hello_now(parts: &Parts, ask: &HelloAsk) -> Result<SignedHello, Refusal> {
    if hex::decode(&ask.nonce).map_or(0, |nonce| nonce.len()) != 16 {
        return Err(malformed());
    }
    let hello = Hello {
        nonce: ask.nonce.clone(),
        key: hex::encode(parts.server_key.public().0),
        authority: parts.tls.authority().map(hex::encode),
        at: parts.clock.seconds(),
    };
    SignedHello::sign(parts.crypto.as_ref(), parts.server_key.stored(), &hello).map_err(|error| {
        tracing::error!(%error, "the server's key does not sign");
        shared::fault::Fault::broken().into()
    })
}
