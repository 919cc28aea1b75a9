//! How the screens reach the desk or the server. The only place that knows there are several
//! carriers; no screen fetches or invokes by itself, and no sentence to people is made here but
//! the one that the desk itself is gone. What travels is text: types are read at the very edge,
//! so that the way itself is in the program once and not once for each type.

pub mod http;
pub mod json;
mod tauri;

use serde::{Serialize, de::DeserializeOwned};
use shared::command::{Command, KeepPhoto, PhotoKept};
use shared::fault;
use shared::fault::{Code, Fault};
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
    json::read(text).map_err(|_| Fault::broken())
}

/// Writes a question.
fn written(ask: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(ask).map_err(|_| Fault::broken())
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
    let unreadable = |_| fault!(Code::BadFile, file::UNREADABLE);
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
    if tauri::present() { Fault::broken() } else { fault!(Code::Offline, program::NO_ANSWER) }
}

/// The fault that came as JSON, or the general one.
fn read_fault(text: &str) -> Fault {
    json::read(text).unwrap_or_else(|_| silent())
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::rule::order::{AFTER_CUT_OFF, OrderRefusal, OrderWarning};

    #[test]
    fn a_fault_is_read_with_its_warnings() {
        let late = OrderWarning::AfterCutOff { cut_off: jiff::civil::DateTime::MAX };
        let fault = Fault::from(OrderRefusal::Confirm(vec![OrderWarning::Standing { number: "12-0173".into() }, late]));
        assert_eq!(read_fault(&serde_json::to_string(&fault).unwrap_or_default()), fault);
        assert_eq!(fault.warnings.iter().map(|warning| warning.code.as_str()).collect::<Vec<_>>(), ["standing", AFTER_CUT_OFF]);
    }
}
