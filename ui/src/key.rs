//! The door to the program that holds keys (`ui/key`), which is loaded when it is needed: what comes through it is no secret.

use crate::backend::http;
use serde::Serialize;
use shared::fault;
use shared::fault::{Code, Fault};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "/key/door.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn prove(challenge: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn make(challenge: &str, account: &str) -> Result<JsValue, JsValue>;
}

fn not_loaded(_: JsValue) -> Fault {
    fault!(Code::Offline, key::NOT_LOADED)
}

/// Has a key sign what the server gives out there; none where the person thought better of it.
pub async fn signature(path: &str, ask: &impl Serialize) -> Result<Option<String>, Fault> {
    let challenge = http::unread(path, ask).await?;
    Ok(prove(&challenge).await.map_err(not_loaded)?.as_string())
}

/// Has a key made and saved for an account, which signs what the server gives out for it there: what the server is to be told of it.
pub async fn made(path: &str, ask: &impl Serialize, account: &str) -> Result<Option<String>, Fault> {
    let challenge = http::unread(path, ask).await?;
    Ok(make(&challenge, account).await.map_err(not_loaded)?.as_string())
}
