//! What a device says to a server, without a desk: how it enrols over HTTP, and answers whose signature is checked.

use anyhow::{Context, Result};
use reqwest::blocking::Client;
use serde::de::DeserializeOwned;
use shared::crypto::{CryptoProvider, PublicKey, StoredKey};
use shared::sync::message;
use shared::sync::reply::{self, Question};
use shared::wire::{EnrolAsk, Enrolled, HelloAsk, SealedEnrolAsk, SignedHello};

/// The time of servers and desks that run as programs when they start: that of [`crate::program::NOW`], in seconds.
pub const NOW: i64 = 1_795_312_080;

/// What a device asks that enrols by a code under a key.
///
/// # Errors
/// No code, or no key.
pub fn enrol_ask(crypto: &dyn CryptoProvider, key: &StoredKey, code: &str, name: &str) -> Result<EnrolAsk> {
    Ok(EnrolAsk::new(&code.parse()?, name, &crypto.public_key(key)?, [7; 16]))
}

/// Enrols over HTTP.
///
/// # Errors
/// The server refuses, or is another.
pub fn enrol(http: &Client, crypto: &dyn CryptoProvider, address: &str, ask: &EnrolAsk) -> Result<Enrolled> {
    let question = HelloAsk { nonce: "07".repeat(16) };
    let hello: SignedHello = http.post(format!("{address}/v2/hello")).json(&question).send()?.error_for_status()?.json()?;
    let (_, server) = hello.open(crypto, &question).context("no hello")?;
    let sealed = hex::encode(crypto.wrap(&server, &serde_json::to_vec(ask)?)?);
    let answer = http.post(format!("{address}/v2/enrol")).json(&SealedEnrolAsk { sealed }).send()?.error_for_status()?.bytes()?;
    let mark = hex::decode(&ask.nonce)?.try_into().ok().context("nonce")?;
    read(crypto, &server, &Question { device: [0; 16], mark }, &answer)
}

/// The key by which the server signs its answers to this device.
///
/// # Errors
/// None was given.
pub fn server_key(enrolled: &Enrolled) -> Result<PublicKey> {
    Ok(PublicKey(hex::decode(&enrolled.server_key)?.try_into().ok().context("the server's key")?))
}

/// What the server answers to an envelope.
///
/// # Errors
/// It is not the server's answer to this one.
pub fn answer<T: DeserializeOwned>(crypto: &dyn CryptoProvider, server: &PublicKey, envelope: &[u8], bytes: &[u8]) -> Result<T> {
    read(crypto, server, &Question::of(envelope)?, bytes)
}

fn read<T: DeserializeOwned>(crypto: &dyn CryptoProvider, server: &PublicKey, question: &Question, bytes: &[u8]) -> Result<T> {
    Ok(message::unpack(reply::check(crypto, server, question, bytes).context("not signed by the server for this question")?)?)
}
