//! Fetching for screens: asks again whenever a signal that the question reads has changed, keeps
//! the last answer while a new one is on its way, and drops answers to questions of the past.

use crate::backend::{Question, Sent, read};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;
use shared::fault::Fault;

/// What came back so far.
#[derive(Debug)]
pub struct Loaded<T: 'static> {
    pub value: RwSignal<Option<T>>,
    pub fault: RwSignal<Option<Fault>>,
    pub loading: RwSignal<bool>,
}

impl<T: 'static> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: 'static> Copy for Loaded<T> {}

/// Loads now and after every change; `ask` reads signals and gives the question.
pub fn load<T>(ask: impl Fn() -> Question<T> + Send + Sync + 'static) -> Loaded<T>
where
    T: DeserializeOwned + Send + Sync + 'static,
{
    let value = RwSignal::new(None::<T>);
    let take = move |text: &str| read(text).map(|answer| value.set(Some(answer)));
    let (fault, loading) = load_text(Box::new(move || ask().text()), Box::new(take));
    Loaded { value, fault, loading }
}

/// What asks, and what reads the answer. All that does not hang on the type of the answer stands behind these, once.
type Ask = Box<dyn Fn() -> Sent + Send + Sync>;
type Take = Box<dyn Fn(&str) -> Result<(), Fault> + Send + Sync>;

fn load_text(ask: Ask, take: Take) -> (RwSignal<Option<Fault>>, RwSignal<bool>) {
    let (fault, loading) = (RwSignal::new(None), RwSignal::new(true));
    let (latest, take) = (StoredValue::new(0_u64), StoredValue::new(take));
    Effect::new(move |_| {
        let question = ask();
        let number = latest.get_value() + 1;
        latest.set_value(number);
        loading.set(true);
        spawn_local(async move {
            let answer = question.await;
            if latest.try_get_value() != Some(number) {
                return;
            }
            loading.set(false);
            fault.set(answer.and_then(|text| take.with_value(|take| take(&text))).err());
        });
    });
    (fault, loading)
}
