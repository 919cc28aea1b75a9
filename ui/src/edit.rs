//! Forms as their specs say them: an editor for each field by its type, with what does not fit beside it. What was typed stands in a draft;
//! what it means is checked by `shared::form`, here and at the desk.

use crate::backend::Question;
use crate::form::date::parse_date;
use crate::kit::keys::focus_soon;
use crate::kit::load::load;
use crate::kit::seg::{Seg, place_of};
use crate::list::PickDivision;
use jiff::civil::Date;
use leptos::prelude::*;
use shared::command::Choice;
use shared::form::{Draft, FieldProblem, FormSpec};
use shared::say;
use shared::schema::{Field, FieldType, Words};

/// So many words stand side by side, more of them under each other.
const SIDE_BY_SIDE: usize = 5;

/// A form under somebody's hands; copied freely.
#[derive(Clone, Copy, Debug)]
pub struct Editing {
    pub form: &'static FormSpec,
    pub draft: RwSignal<Draft>,
    pub problems: RwSignal<Vec<FieldProblem>>,
    /// How the draft stood when it was opened.
    opened: RwSignal<Draft>,
}

impl Editing {
    /// An empty form.
    pub fn new(form: &'static FormSpec) -> Self {
        Self { form, draft: RwSignal::default(), problems: RwSignal::default(), opened: RwSignal::default() }
    }

    /// Shows a record.
    pub fn open(self, draft: Draft) {
        self.opened.set(draft.clone());
        self.draft.set(draft);
    }

    /// What was typed otherwise than it stood.
    pub fn changed(self) -> Draft {
        let opened = self.opened.get_untracked();
        let differs = |(name, typed): &(String, String)| opened.get(name).map_or("", String::as_str) != typed;
        self.draft.get_untracked().into_iter().filter(differs).collect()
    }

    /// Whether all fits; what does not is shown.
    pub fn fits(self, today: Date) -> bool {
        let read = self.form.read(&self.draft.get_untracked(), today);
        self.problems.set(read.err().unwrap_or_default());
        self.problems.with_untracked(Vec::is_empty)
    }

    fn typed(self, name: &str) -> String {
        self.draft.with(|draft| draft.get(name).cloned().unwrap_or_default())
    }

    fn set(self, name: &'static str, typed: String) {
        self.draft.update(|draft| drop(draft.insert(name.to_owned(), typed)));
        self.problems.update(|problems| problems.retain(|problem| problem.field != name));
    }
}

/// What can be chosen in a field of that name.
pub type AskChoices = Callback<&'static str, Question<Vec<Choice>>>;

#[component]
pub fn FormFields(
    editing: Editing,
    /// Fields that are filled without asking.
    hidden: &'static [&'static str],
    #[prop(into)] today: Signal<Date>,
    choices: AskChoices,
    pick_division: PickDivision,
) -> impl IntoView {
    let problem = move |name: &'static str| {
        let words = move || {
            editing.problems.with(|all| all.iter().find(|problem| problem.field == name).map(|problem| problem.words.said().to_owned()))
        };
        move || words().map(|words| view! { <em class="problem" role="alert">{words}</em> })
    };
    let field = move |field: &'static Field| {
        let (name, label) = (field.name, field.asked_as());
        let editor = editor(editing, field, label.clone(), today, choices, pick_division);
        if field.ty == FieldType::YesNo {
            return view! { <div class="f"><span></span><div>{editor}{problem(name)}</div></div> }.into_any();
        }
        let must = field.required.then(|| view! { <i class="must" aria-hidden="true">"*"</i> });
        view! { <div class="f"><span>{label}{must}</span><div>{editor}{problem(name)}</div></div> }.into_any()
    };
    let shown = editing.form.fields().filter(|field| !hidden.contains(&field.name));
    let fields: Vec<&'static Field> = shown.collect();
    if let Some(first) = fields.first() {
        focus_soon(id_of(first.name));
    }
    view! { <div class="two-fields edit">{fields.into_iter().map(field).collect_view()}</div> }
}

/// Of an editor.
fn id_of(name: &str) -> String {
    format!("edit-{name}")
}

fn editor(
    editing: Editing,
    field: &'static Field,
    label: String,
    today: Signal<Date>,
    choices: AskChoices,
    pick_division: PickDivision,
) -> AnyView {
    let name = field.name;
    match field.ty {
        FieldType::YesNo => {
            let set = move |on: bool| editing.set(name, if on { "1" } else { "" }.to_owned());
            view! {
                <label class="check"><input type="checkbox" data-testid=id_of(name) prop:checked=move || editing.typed(name) == "1"
                    on:change:target=move |event| set(event.target().checked())/>{label}</label>
            }
            .into_any()
        }
        FieldType::Words(words) if field.required && words.all.len() <= SIDE_BY_SIDE => side_by_side(editing, field, words),
        FieldType::Words(words) => {
            let all = words.all.iter().map(|(code, label)| ((*code).to_owned(), label.said().to_owned())).collect();
            select(editing, name, label, Signal::stored(all))
        }
        FieldType::Reference(_) | FieldType::Canteen => {
            let found = load(move || choices.run(name)).value;
            let all = move || found.with(|all| all.iter().flatten().map(|choice| (choice.value.clone(), choice.words.clone())).collect());
            select(editing, name, label, Signal::derive(all))
        }
        FieldType::Division => {
            pick_division(Signal::derive(move || editing.typed(name)), Callback::new(move |code| editing.set(name, code)))
        }
        ty => {
            let read = move |text: String| match ty {
                FieldType::Day => parse_date(&text, today.get_untracked()).map_or(text, |day| day.to_string()),
                _ => text,
            };
            view! {
                <input id=id_of(name) autocomplete="off" aria-label=label data-testid=id_of(name) prop:value=move || editing.typed(name)
                    on:input:target=move |event| editing.set(name, event.target().value())
                    on:change:target=move |event| editing.set(name, read(event.target().value()))/>
            }
            .into_any()
        }
    }
}

fn side_by_side(editing: Editing, field: &'static Field, words: &'static Words) -> AnyView {
    let codes: Vec<&'static str> = words.all.iter().map(|(code, _)| *code).collect();
    let options: Vec<String> = words.all.iter().map(|(_, label)| label.said().to_owned()).collect();
    let name = field.name;
    let now = codes.clone();
    let value = Signal::derive(move || editing.draft.with(|draft| place_of(&now, draft.get(name).map(String::as_str))));
    let pick = move |at: usize| editing.set(name, codes.get(at).copied().unwrap_or_default().to_owned());
    view! { <Seg label=field.label.said() options test="edit-words" value pick/> }.into_any()
}

fn select(editing: Editing, name: &'static str, label: String, all: Signal<Vec<(String, String)>>) -> AnyView {
    let option = move |(code, words): (String, String)| {
        let this = code.clone();
        view! { <option value=code prop:selected=move || editing.typed(name) == this>{words}</option> }
    };
    view! {
        <select id=id_of(name) aria-label=label data-testid=id_of(name) on:change:target=move |event| editing.set(name, event.target().value())>
            <option value="" prop:selected=move || editing.typed(name).is_empty()>{say!(form::PLEASE_CHOOSE)}</option>
            {move || all.get().into_iter().map(option).collect_view()}
        </select>
    }
    .into_any()
}
