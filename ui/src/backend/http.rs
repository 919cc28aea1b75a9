//! The carrier of browsers: `fetch`, to the desk over loopback with a one-time token, or to the
//! server with its session cookie. Never to any other origin.

use super::{Question, Sent, read, read_fault, silent, written};
use gloo_net::http::{Request, RequestBuilder, Response};
use serde::{Serialize, de::DeserializeOwned};
use shared::fault::Fault;
use wasm_bindgen::JsValue;

const TOKEN_KEY: &str = "yinling-desk-token";

/// The token of `desk serve`: it arrives in the fragment of the address, is kept for this tab and
/// leaves the address at once.
fn token() -> String {
    let Some(window) = web_sys::window() else { return String::new() };
    let store = window.session_storage().ok().flatten();
    let fragment = window.location().hash().unwrap_or_default();
    if let Some(token) = fragment.strip_prefix("#token=") {
        if let Some(store) = &store {
            let _ = store.set_item(TOKEN_KEY, token);
        }
        if let (Ok(history), Ok(path)) = (window.history(), window.location().pathname()) {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
        }
        return token.to_owned();
    }
    store.and_then(|store| store.get_item(TOKEN_KEY).ok().flatten()).unwrap_or_default()
}

async fn text(sent: Result<Response, gloo_net::Error>) -> Result<String, Fault> {
    let response = sent.map_err(|_| silent())?;
    let text = response.text().await.map_err(|_| silent())?;
    if response.ok() { Ok(text) } else { Err(read_fault(&text)) }
}

fn desk_request(path: &str) -> RequestBuilder {
    Request::post(path).header("x-desk-token", &token())
}

pub async fn call(name: &str, ask: String) -> Result<String, Fault> {
    let request = desk_request(&format!("/call/{name}")).header("content-type", "application/json").body(ask).map_err(|_| silent())?;
    text(request.send().await).await
}

pub async fn hand_over(bytes: js_sys::Uint8Array) -> Result<String, Fault> {
    let request = desk_request("/hand-over").header("content-type", "application/octet-stream").body(bytes).map_err(|_| silent())?;
    read(&text(request.send().await).await?)
}

/// What the server sent for an empty answer stands for nothing.
fn filled(text: String) -> String {
    if text.is_empty() { "null".to_owned() } else { text }
}

fn fetch(path: String) -> Sent {
    Box::pin(async move { text(Request::get(&path).header("accept", "application/json").send().await).await.map(filled) })
}

/// Asks the server's console API.
pub fn get<T: DeserializeOwned>(path: &str) -> Question<T> {
    Question::new(fetch(path.to_owned()))
}

fn send(path: String, body: Result<String, Fault>) -> Sent {
    Box::pin(async move {
        let request = Request::post(&path).header("content-type", "application/json").body(body?).map_err(|_| silent())?;
        text(request.send().await).await.map(filled)
    })
}

/// Does what stands in an address of the server's console API.
pub async fn act(path: String) -> Result<(), Fault> {
    send(path, Ok(String::new())).await.map(drop)
}

/// Sends to the server's console API; the answer says nothing beside that it went well.
pub async fn post(path: &str, body: &impl Serialize) -> Result<(), Fault> {
    send(path.to_owned(), written(body)).await.map(drop)
}

/// Asks for something that another program reads.
pub async fn unread(path: &str, body: &impl Serialize) -> Result<String, Fault> {
    send(path.to_owned(), written(body)).await
}

/// Sends what another program wrote.
pub async fn post_written(path: &str, body: String) -> Result<(), Fault> {
    send(path.to_owned(), Ok(body)).await.map(drop)
}

/// Sends to the server's console API; the answer is a `T`.
pub async fn ask<T: DeserializeOwned>(path: &str, body: &impl Serialize) -> Result<T, Fault> {
    read(&send(path.to_owned(), written(body)).await?)
}

/// Ends something there.
pub async fn delete(path: &str) -> Result<(), Fault> {
    text(Request::delete(path).send().await).await.map(drop)
}
