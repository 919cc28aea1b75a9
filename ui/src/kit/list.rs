//! A list page's table: its head, what it says when it is empty, the chosen row, and the keys that move and open it.
//! Rows come as cells whose types are forgotten: the table is in the program once, however many lists there are.
//! On a narrow screen each row is a card, in which every cell bears the words of its head (the style sheet does it).

use super::icon::{Draw, Icon};
use super::keys::{in_field, in_searchbox, leave_control, on_control, on_keys, plain, show_soon};
use leptos::prelude::*;
use shared::list::Direction;
use shared::schema::RecordId;

/// How a column's cells sit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    Plain,
    /// What the row is called: the head of its card.
    Title,
    /// Figures, at the right edge.
    Figure,
    /// Digits of one width: days, times, numbers of orders.
    Digits,
    /// Long words that go on in the next line.
    Wrap,
    /// Long words that are cut.
    Cut,
}

impl Fit {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Title => "title",
            Self::Figure => "right",
            Self::Digits => "num",
            Self::Wrap => "wrap",
            Self::Cut => "cut",
        }
    }
}

/// A column: its words, and how its cells sit.
pub type Head = (&'static str, Fit);

/// A row ready to be drawn: one cell a column.
pub struct Row {
    /// Whose row it is; none where nothing opens by it.
    pub id: Option<RecordId>,
    pub cells: Vec<AnyView>,
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Row").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Cells of a row, of whatever they are made.
macro_rules! cells {
    ($($cell:expr),* $(,)?) => { vec![$(leptos::prelude::IntoAny::into_any($cell)),*] };
}
pub(crate) use cells;

/// The rows of a list, drawn anew when a signal that they read has changed.
pub type Rows = Box<dyn Fn() -> Vec<Row> + Send + Sync>;

/// The rows that can be opened and the one under the bar; copied freely.
#[derive(Clone, Copy, Debug)]
pub struct List {
    ids: Memo<Vec<RecordId>>,
    pub chosen: RwSignal<Option<RecordId>>,
}

impl List {
    pub fn new<T: Send + Sync + 'static>(rows: Memo<Vec<T>>, id: fn(&T) -> RecordId) -> Self {
        Self { ids: Memo::new(move |_| rows.with(|rows| rows.iter().map(id).collect())), chosen: RwSignal::new(None) }
    }

    /// The chosen row, if it is still there.
    pub fn current(self) -> Option<RecordId> {
        let chosen = self.chosen.get_untracked()?;
        self.ids.with_untracked(|ids| ids.contains(&chosen)).then_some(chosen)
    }

    fn step(self, by: isize) {
        self.ids.with_untracked(|ids| {
            let here = ids.iter().position(|id| Some(*id) == self.chosen.get_untracked());
            let next = here.map_or(0, |at| at.saturating_add_signed(by).min(ids.len().saturating_sub(1)));
            self.chosen.set(ids.get(next).copied());
        });
        leave_control();
        show_soon("tr.sel");
    }

    /// ↑ and ↓ move the bar, from a search field too; Enter opens the row under it, unless the focus is on a button.
    pub fn keys(self, open: impl Fn(RecordId) + Send + Sync + 'static) {
        on_keys(move |event| {
            if !plain(event) || (in_field(event) && !in_searchbox(event)) {
                return false;
            }
            match event.key().as_str() {
                "ArrowDown" => self.step(1),
                "ArrowUp" => self.step(-1),
                "Enter" if !on_control(event) => match self.current() {
                    Some(row) => open(row),
                    None => return false,
                },
                _ => return false,
            }
            true
        });
    }
}

/// By what a list is ordered, where somebody chose it.
pub type Chosen = Signal<Option<(String, Direction)>>;

/// How a list is ordered, and what a press on a head does.
pub struct Ordered {
    /// By head, the name by which the list can be ordered.
    pub names: Vec<Option<&'static str>>,
    /// The one that holds.
    pub now: Chosen,
    pub pick: Callback<&'static str>,
}

impl std::fmt::Debug for Ordered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ordered").field("names", &self.names).finish_non_exhaustive()
    }
}

/// A head; one by which the list can be ordered is a button.
fn head_cell((words, fit): Head, name: Option<&'static str>, ordered: Option<(Chosen, Callback<&'static str>)>) -> AnyView {
    if words.is_empty() {
        return view! { <td></td> }.into_any();
    }
    let right = fit == Fit::Figure;
    let (Some(name), Some((now, pick))) = (name, ordered) else {
        return view! { <th scope="col" class:right=right>{words}</th> }.into_any();
    };
    let way = move || now.with(|now| now.as_ref().filter(|(by, _)| by == name).map(|(_, way)| *way));
    let said = move || way().map(|way| if way == Direction::Up { "ascending" } else { "descending" });
    let mark = move || way().map_or("", |way| if way == Direction::Up { "▲" } else { "▼" });
    view! { <th scope="col" class:right=right aria-sort=said><button type="button" class="by" on:click=move |_| pick.run(name)>{words}<span class="way" aria-hidden="true">{mark}</span></button></th> }
        .into_any()
}

#[component]
pub fn ListTable(
    /// What is listed, for those who hear the screen.
    label: &'static str,
    #[prop(into)] head: Vec<Head>,
    rows: Rows,
    /// How it is ordered, where it can be.
    #[prop(optional)]
    ordered: Option<Ordered>,
    /// The bar and what a press on a row does; none in a list that is only looked at.
    #[prop(optional)]
    list: Option<List>,
    #[prop(optional, into)] press: Option<Callback<RecordId>>,
    /// A second press.
    #[prop(optional, into)]
    twice: Option<Callback<RecordId>>,
    /// Of each row.
    #[prop(into)]
    test: String,
    #[prop(into)] loading: Signal<bool>,
    /// Shown with `empty` when there is no row.
    icon: Icon,
    empty: &'static str,
) -> impl IntoView {
    let names = ordered.as_ref().map(|ordered| ordered.names.clone()).unwrap_or_default();
    let ordered = ordered.map(|ordered| (ordered.now, ordered.pick));
    let named = |at: usize| names.get(at).copied().flatten();
    let heads = head.iter().enumerate().map(|(at, one)| head_cell(*one, named(at), ordered)).collect_view();
    let draw = move |row: Row| {
        let id = row.id;
        let chosen = move || id.is_some() && list.is_some_and(|list| list.chosen.get() == id);
        let run = move |act: Option<Callback<RecordId>>| {
            if let (Some(act), Some(id)) = (act, id) {
                act.run(id);
            }
        };
        let cells = head.iter().zip(row.cells).map(|((words, fit), cell)| view! { <td class=fit.class() data-label=*words>{cell}</td> });
        view! { <tr class:sel=chosen data-testid=test.clone() on:click=move |_| run(press) on:dblclick=move |_| run(twice)>{cells.collect_view()}</tr> }
    };
    let any = RwSignal::new(false);
    let body = move || {
        let drawn: Vec<_> = rows().into_iter().map(&draw).collect();
        any.set(!drawn.is_empty());
        drawn
    };
    view! {
        <div class="scroll" role="region" tabindex="0" aria-label=label>
            <table class="list" class:still=press.is_none()>
                <thead><tr>{heads}</tr></thead>
                <tbody>{body}</tbody>
            </table>
            {move || (!any.get() && !loading.get()).then(|| view! { <div class="empty"><Draw icon/><p>{empty}</p></div> })}
        </div>
    }
}
