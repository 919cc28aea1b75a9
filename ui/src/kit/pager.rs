//! Turning pages of fifty, by button and by PageUp and PageDown.

use super::act::button;
use super::keys::on_keys;
use leptos::prelude::*;
use shared::say;

pub const PAGE: u64 = 50;

/// Pages that go by the key of the row before: on to older ones, and back to the newest.
#[component]
pub fn KeyPager(
    /// Whether the newest page is shown.
    #[prop(into)]
    first: Signal<bool>,
    /// The key of the next page, where there is one.
    #[prop(into)]
    next: Signal<Option<i64>>,
    #[prop(into)] turn: Callback<Option<i64>>,
) -> impl IntoView {
    let newest = move || {
        if !first.get_untracked() {
            turn.run(None);
        }
    };
    let older = move || {
        if let Some(next) = next.get_untracked() {
            turn.run(Some(next));
        }
    };
    on_keys(move |event| match event.key().as_str() {
        "PageDown" => {
            older();
            true
        }
        "PageUp" => {
            newest();
            true
        }
        _ => false,
    });
    view! {
        <div class="pager">
            {button("small", "pager-newest", "PgUp", say!(audit::NEWEST), move || first.get(), newest)}
            {button("small", "pager-older", "PgDn", say!(audit::OLDER), move || next.get().is_none(), older)}
        </div>
    }
}

#[component]
pub fn Pager(#[prop(into)] page: Signal<u32>, #[prop(into)] total: Signal<u64>, #[prop(into)] turn: Callback<u32>) -> impl IntoView {
    let pages = move || u32::try_from(total.get().div_ceil(PAGE).max(1)).unwrap_or(u32::MAX);
    let go = move |by: i64| {
        let pages = u32::try_from(total.get_untracked().div_ceil(PAGE).max(1)).unwrap_or(u32::MAX);
        let next = (i64::from(page.get_untracked()) + by).clamp(0, i64::from(pages) - 1);
        if let Ok(next) = u32::try_from(next)
            && next != page.get_untracked()
        {
            turn.run(next);
        }
    };
    on_keys(move |event| match event.key().as_str() {
        "PageDown" => {
            go(1);
            true
        }
        "PageUp" => {
            go(-1);
            true
        }
        _ => false,
    });
    view! {
        <div class="pager">
            {button("small", "", "PgUp", say!(list::PREVIOUS_PAGE), move || page.get() == 0, move || go(-1))}
            <span data-testid="pager">{move || say!(list::page_of(page.get() + 1, pages(), total.get()))}</span>
            {button("small", "", "PgDn", say!(list::NEXT_PAGE), move || page.get() + 1 >= pages(), move || go(1))}
        </div>
    }
}
