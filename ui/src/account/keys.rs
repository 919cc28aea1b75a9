//! Keys on sticks, beside the password.

use super::AccountContext;
use super::asked::{Asked, Sent, ending};
use crate::backend::http;
use crate::key;
use crate::kit::icon::{Draw, Icon};
use crate::kit::time::dated;
use leptos::prelude::*;
use shared::console::{FactorAsk, OwnKey};
use shared::say;

#[component]
pub fn Keys(context: AccountContext) -> impl IntoView {
    let account = context.account.value;
    let keys = move || account.with(|account| account.as_ref().map(|account| account.keys.clone()).unwrap_or_default());
    let name = move || account.with_untracked(|account| account.as_ref().map(|account| account.name.clone()).unwrap_or_default());
    // The one that is being ended.
    let ended = RwSignal::new(None::<String>);
    let add = move |ask: FactorAsk| -> Sent {
        Box::pin(async move {
            if let Some(made) = key::made("/api/account/keys", &ask, &name()).await? {
                http::post_written("/api/account/keys/confirm", made).await?;
                context.notes.good(say!(account::KEY_ADDED));
                context.again();
            }
            Ok(())
        })
    };
    let row = move |OwnKey { id, name, since }: OwnKey| {
        let (path, asked, meant) = (["/api/account/keys/", &id, "/end"].concat(), id.clone(), id);
        let is_ended = move || ended.with(|ended| ended.as_ref() == Some(&meant));
        view! {
            <li data-testid="own-key"><div><span class="tag ok"><Draw icon=Icon::Check/>{name}</span>" "{dated(since)}" "
                <button type="button" class="btn small" data-testid="own-key-end" on:click=move |_| ended.set(Some(asked.clone()))>{say!(account::KEY_END)}</button></div>
                {move || is_ended().then(|| view! { <Asked context act=say!(account::KEY_END) test="own-key-sure" send=ending(context, path.clone(), say!(account::KEY_ENDED))/> })}
            </li>
        }
    };
    view! {
        <section class="card">
            <h2>{say!(account::KEYS)}</h2>
            <p>{say!(account::KEYS_WHY)}</p>
            <ul class="rows">{move || keys().into_iter().map(row).collect_view()}</ul>
            <Asked context password="own-key-password" act=say!(account::KEY_MAKE) test="own-key-make" send=Box::new(add)/>
        </section>
    }
}
