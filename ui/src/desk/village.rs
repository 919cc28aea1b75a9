//! A village by typing: its name or its pinyin initials, arrows and Enter.

use crate::backend;
use crate::kit::load::load;
use crate::record::field_said;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use shared::command::{DivisionName, Villages};
use shared::kinds::RecordKind;
use shared::say;

/// Shown at once while typing.
const SHOWN: usize = 6;

/// The villages that fit what was typed, those that begin with it first.
fn fitting(all: &[DivisionName], text: &str) -> Vec<DivisionName> {
    let text = text.trim().to_ascii_lowercase();
    let begins = |village: &&DivisionName| village.initials.starts_with(&text) || village.name.starts_with(&text);
    let holds = |village: &&DivisionName| !begins(village) && (village.name.contains(&text) || village.code.ends_with(&text));
    all.iter().filter(begins).chain(all.iter().filter(holds)).take(SHOWN).cloned().collect()
}

#[component]
pub fn VillageField(#[prop(into)] value: Signal<String>, #[prop(into)] pick: Callback<String>, id: &'static str) -> impl IntoView {
    let villages = load(move || backend::ask(&Villages {})).value;
    // None while nobody types; then the name of the chosen village is shown.
    let typed = RwSignal::new(None::<String>);
    let at = RwSignal::new(0_usize);
    let hits = Memo::new(move |_| {
        typed.get().map(|text| villages.with(|all| fitting(all.as_deref().unwrap_or_default(), &text))).unwrap_or_default()
    });
    let shown = move || {
        typed.get().unwrap_or_else(|| {
            let code = value.get();
            villages
                .with(|all| all.iter().flatten().find(|village| village.code == code).map(|village| village.name.clone()))
                .unwrap_or_default()
        })
    };
    let take = move |village: &DivisionName| {
        pick.run(village.code.clone());
        typed.set(None);
    };
    let on_key = move |event: KeyboardEvent| {
        if event.is_composing() || typed.with_untracked(Option::is_none) {
            return;
        }
        let hits = hits.get_untracked();
        match event.key().as_str() {
            "ArrowDown" => at.update(|at| *at = (*at + 1).min(hits.len().saturating_sub(1))),
            "ArrowUp" => at.update(|at| *at = at.saturating_sub(1)),
            "Enter" | "Tab" => {
                if let Some(village) = hits.get(at.get_untracked()) {
                    take(village);
                }
                if event.key() == "Tab" {
                    return;
                }
            }
            "Escape" => typed.set(None),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let label = field_said(RecordKind::Elder, "division");
    view! {
        <div class="pick">
            <input id=id autocomplete="off" role="combobox" aria-label=label aria-autocomplete="list" aria-controls=format!("{id}-list") aria-expanded=move || (!hits.with(Vec::is_empty)).to_string() placeholder=say!(elder::FIND_VILLAGE) data-testid="village"
                prop:value=shown on:keydown=on_key on:blur=move |_| typed.set(None)
                on:input:target=move |event| { typed.set(Some(event.target().value())); at.set(0); }/>
            {move || (!hits.with(Vec::is_empty)).then(|| view! {
                <ul role="listbox" id=format!("{id}-list") aria-label=label>
                    {hits.get().into_iter().enumerate().map(|(index, village)| {
                        let name = village.name.clone();
                        view! { <li role="option" class:on=move || at.get() == index aria-selected=move || (at.get() == index).to_string()
                            on:mousedown=move |event| { event.prevent_default(); take(&village); }>{name}</li> }
                    }).collect_view()}
                </ul>
            })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_initials_fit() {
        let village =
            |code: &str, name: &str, initials: &str| DivisionName { code: code.into(), name: name.into(), initials: initials.into() };
        let all = [
            village("445381001001", "中区社区", "zqsq"),
            village("445381001008", "细坑社区", "xksq"),
            village("445381001009", "小细村", "xxc"),
        ];
        let names = |text: &str| fitting(&all, text).into_iter().map(|village| village.name).collect::<Vec<_>>();
        assert_eq!(names("xk"), ["细坑社区"]);
        assert_eq!(names("细"), ["细坑社区", "小细村"]);
        assert_eq!(names("没有"), Vec::<String>::new());
    }
}
