//! How the screens reach the desk or the server. The only place that knows there are several
//! carriers; no screen fetches or invokes by itself, and no sentence to people is made here but
//! the one that the desk itself is gone. What travels is text: types are read at the very edge,
//! so that the way itself is in the program once and not once for each type.

pub mod http;
pub mod json;
mod tauri;

use jiff::civil::DateTime;
use serde::{Serialize, de::DeserializeOwned};
use shared::command::{Command, KeepPhoto, PhotoKept};
use shared::fault::{Code, Fault};
use shared::rule::order::OrderWarning;
use shared::schema::RecordId;
use std::marker::PhantomData;
use std::pin::Pin;
use wasm_bindgen_futures::JsFuture;

/// An answer on its way, as text.
pub type Sent = Pin<Box<dyn Future<Output = Result<String, Fault>>>>;

/// A question that is answered with a `T`; nothing is sent before it is.
pub struct Question<T> {
    sent: Sent,
    answer: PhantomData<fn() -> T>,
}

impl<T> std::fmt::Debug for Question<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Question")
    }
}

impl<T: DeserializeOwned> Question<T> {
    fn new(sent: Sent) -> Self {
        Self { sent, answer: PhantomData }
    }

    /// The text of the answer, for those who read it later.
    pub fn text(self) -> Sent {
        self.sent
    }

    /// The answer.
    pub async fn answer(self) -> Result<T, Fault> {
        read(&self.sent.await?)
    }
}

/// Reads an answer.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    json::read(text).map_err(|_| shared::zh::broken())
}

/// Writes a question.
fn written(ask: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(ask).map_err(|_| shared::zh::broken())
}

/// A command as a question.
pub fn ask<C: Command>(ask: &C) -> Question<C::Reply> {
    Question::new(send(C::NAME, written(ask)))
}

/// Runs a command at the desk.
pub fn call<C: Command>(command: &C) -> impl Future<Output = Result<C::Reply, Fault>> + use<C> {
    ask(command).answer()
}

fn send(name: &'static str, ask: Result<String, Fault>) -> Sent {
    Box::pin(async move { if tauri::present() { tauri::call(name, &ask?).await } else { http::call(name, ask?).await } })
}

/// Hands a file over to the desk; commands name it by the handle that comes back.
pub async fn hand_over(file: &web_sys::File) -> Result<String, Fault> {
    let unreadable = |_| Fault::new(Code::BadFile, "这个文件读不出来。", "请确认文件还在，再选一次。");
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(unreadable)?;
    let bytes = js_sys::Uint8Array::new(&buffer);
    if tauri::present() { tauri::hand_over(bytes).await } else { http::hand_over(bytes).await }
}

/// Hands a photo of an order over and has it kept.
pub async fn keep_photo(file: &web_sys::File, order: RecordId) -> Result<PhotoKept, Fault> {
    call(&KeepPhoto { file: hand_over(file).await?, order: Some(order) }).await
}

/// The other end gave no answer at all.
fn silent() -> Fault {
    if tauri::present() {
        shared::zh::broken()
    } else {
        Fault::new(Code::Offline, "程序没有应答。", "请看看网络和程序是否开着，稍等会自动再连。")
    }
}

/// A fault as it travels, of whose warnings the kind alone is read: what they say stands in `happened`.
#[derive(serde::Deserialize)]
struct Told {
    code: Code,
    happened: String,
    next_step: String,
    #[serde(default)]
    warnings: Vec<Warning>,
}

#[derive(serde::Deserialize)]
struct Warning {
    warning: String,
}

/// The fault that came as JSON, or the general one.
fn read_fault(text: &str) -> Fault {
    let Ok(Told { code, happened, next_step, warnings }) = json::read(text) else { return silent() };
    let late = warnings.iter().any(|warning| warning.warning == "after_cut_off");
    let warnings = if late { vec![OrderWarning::AfterCutOff { cut_off: DateTime::default() }] } else { Vec::new() };
    Fault { warnings, ..Fault::new(code, happened, next_step) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::rule::order::OrderRefusal;

    #[test]
    fn a_fault_is_read_with_what_its_warnings_ask_for() {
        let late = OrderWarning::AfterCutOff { cut_off: DateTime::MAX };
        let standing = OrderWarning::Standing { number: "12-0173".into() };
        for (warnings, asks) in [(vec![standing.clone(), late], true), (vec![standing], false)] {
            let fault = Fault::from(OrderRefusal::Confirm(warnings));
            let read = read_fault(&serde_json::to_string(&fault).unwrap_or_default());
            assert_eq!((read.code, &read.happened, &read.next_step), (fault.code, &fault.happened, &fault.next_step));
            assert_eq!(read.warnings.iter().any(|warning| matches!(warning, OrderWarning::AfterCutOff { .. })), asks);
        }
    }
}
