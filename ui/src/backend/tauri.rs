//! The carrier of the app's window: `invoke`. Everything crosses as JSON; files as raw bytes.

use super::read_fault;
use js_sys::{Function, JSON, Object, Promise, Reflect, Uint8Array};
use shared::fault::Fault;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

fn internals() -> Option<JsValue> {
    let window = web_sys::window()?;
    let found = Reflect::get(&window, &JsValue::from_str("__TAURI_INTERNALS__")).ok()?;
    (!found.is_undefined() && !found.is_null()).then_some(found)
}

/// Whether the page runs in the app's window.
pub fn present() -> bool {
    internals().is_some()
}

async fn invoke(name: &str, args: &JsValue) -> Result<JsValue, JsValue> {
    let internals = internals().ok_or(JsValue::NULL)?;
    let invoke: Function = Reflect::get(&internals, &JsValue::from_str("invoke"))?.dyn_into()?;
    let promise: Promise = invoke.call2(&internals, &JsValue::from_str(name), args)?.dyn_into()?;
    JsFuture::from(promise).await
}

/// A value as JSON text; nothing is `null`.
fn text_of(value: &JsValue) -> String {
    JSON::stringify(value).ok().and_then(|text| text.as_string()).unwrap_or_else(|| "null".to_owned())
}

pub async fn call(name: &str, ask: &str) -> Result<String, Fault> {
    let args = Object::new();
    let ask = JSON::parse(ask).map_err(|_| Fault::broken())?;
    let set = |key: &str, value: &JsValue| Reflect::set(&args, &JsValue::from_str(key), value).map_err(|_| Fault::broken());
    set("name", &JsValue::from_str(name))?;
    set("ask", &ask)?;
    invoke("call", &args).await.map(|reply| text_of(&reply)).map_err(|fault| read_fault(&text_of(&fault)))
}

pub async fn hand_over(bytes: Uint8Array) -> Result<String, Fault> {
    let handle = invoke("hand_over", &bytes).await.map_err(|fault| read_fault(&text_of(&fault)))?;
    handle.as_string().ok_or_else(Fault::broken)
}
