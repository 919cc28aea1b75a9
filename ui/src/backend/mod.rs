//! How the screens reach the desk or the server. The only place that knows there are several
//! carriers; no screen fetches or invokes by itself, and no sentence to people is made here but
//! the one that the desk itself is gone.

pub mod http;
mod tauri;

use shared::command::Command;
use shared::fault::{Code, Fault};
use wasm_bindgen_futures::JsFuture;

/// Which of the two programs this page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    Desk,
    Console,
}

/// In the app's window it is the desk; elsewhere the server of the page says.
pub async fn program() -> Program {
    if tauri::present() || http::app_name().await.as_deref() == Some("desk") { Program::Desk } else { Program::Console }
}

/// Runs a command at the desk.
pub async fn call<C: Command>(ask: &C) -> Result<C::Reply, Fault> {
    let ask = serde_json::to_string(ask).map_err(|_| shared::zh::broken())?;
    let reply = if tauri::present() { tauri::call(C::NAME, &ask).await? } else { http::call(C::NAME, ask).await? };
    serde_json::from_str(&reply).map_err(|_| shared::zh::broken())
}

/// Hands a file over to the desk; commands name it by the handle that comes back.
pub async fn hand_over(file: &web_sys::File) -> Result<String, Fault> {
    let unreadable = |_| Fault::new(Code::BadFile, "这个文件读不出来。", "请确认文件还在，再选一次。");
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(unreadable)?;
    let bytes = js_sys::Uint8Array::new(&buffer);
    if tauri::present() { tauri::hand_over(bytes).await } else { http::hand_over(bytes).await }
}

/// The other end gave no answer at all.
fn silent() -> Fault {
    if tauri::present() {
        shared::zh::broken()
    } else {
        Fault::new(Code::Offline, "程序没有应答。", "请看看网络和程序是否开着，稍等会自动再连。")
    }
}

/// The fault that came as JSON, or the general one.
fn read_fault(text: &str) -> Fault {
    serde_json::from_str(text).unwrap_or_else(|_| silent())
}
