//! Fetching for screens: asks again whenever a signal that the question reads has changed, keeps
//! the last answer while a new one is on its way, and drops answers to questions of the past.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::fault::Fault;
use std::future::Future;

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

/// Loads now and after every change; `ask` reads signals and gives the question as a future.
pub fn load<T, F>(ask: impl Fn() -> F + Send + Sync + 'static) -> Loaded<T>
where
    T: Send + Sync + 'static,
    F: Future<Output = Result<T, Fault>> + 'static,
{
    let loaded = Loaded { value: RwSignal::new(None), fault: RwSignal::new(None), loading: RwSignal::new(true) };
    let latest = StoredValue::new(0_u64);
    Effect::new(move |_| {
        let question = ask();
        let number = latest.get_value() + 1;
        latest.set_value(number);
        loaded.loading.set(true);
        spawn_local(async move {
            let answer = question.await;
            if latest.try_get_value() != Some(number) {
                return;
            }
            loaded.loading.set(false);
            match answer {
                Ok(value) => {
                    loaded.fault.set(None);
                    loaded.value.set(Some(value));
                }
                Err(fault) => loaded.fault.set(Some(fault)),
            }
        });
    });
    loaded
}
