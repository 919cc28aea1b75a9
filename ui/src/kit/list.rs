//! A list page's table: its head, what it says when it is empty, the chosen row, and the keys that move and open it.
//! Rows come as cells whose types are forgotten: the table is in the program once, however many lists there are.
//! On a narrow screen each row is a card, in which every cell bears the words of its head (the style sheet does it).

use super::icon::{Draw, Icon};
use super::keys::{in_field, in_searchbox, leave_control, on_control, on_keys, plain, show_soon};
use leptos::prelude::*;
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
    /// Half a table of such words.
    Half,
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
            Self::Half => "wrap half",
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

#[component]
pub fn ListTable(
    /// What is listed, for those who hear the screen.
    label: &'static str,
    head: &'static [Head],
    rows: Rows,
    /// The bar and what a press on a row does; none in a list that is only looked at.
    #[prop(optional)]
    list: Option<List>,
    #[prop(optional, into)] press: Option<Callback<RecordId>>,
    /// A second press.
    #[prop(optional, into)]
    twice: Option<Callback<RecordId>>,
    /// Of each row.
    test: &'static str,
    #[prop(into)] loading: Signal<bool>,
    /// Shown with `empty` when there is no row.
    icon: Icon,
    empty: &'static str,
) -> impl IntoView {
    let draw = move |row: Row| {
        let id = row.id;
        let chosen = move || id.is_some() && list.is_some_and(|list| list.chosen.get() == id);
        let run = move |act: Option<Callback<RecordId>>| {
            if let (Some(act), Some(id)) = (act, id) {
                act.run(id);
            }
        };
        let cells = head.iter().zip(row.cells).map(|((words, fit), cell)| view! { <td class=fit.class() data-label=*words>{cell}</td> });
        view! { <tr class:sel=chosen data-testid=test on:click=move |_| run(press) on:dblclick=move |_| run(twice)>{cells.collect_view()}</tr> }
    };
    let any = RwSignal::new(false);
    let body = move || {
        let drawn: Vec<_> = rows().into_iter().map(draw).collect();
        any.set(!drawn.is_empty());
        drawn
    };
    let heads = head.iter().map(|(words, fit)| {
        if words.is_empty() {
            view! { <td></td> }.into_any()
        } else {
            view! { <th scope="col" class:right=*fit == Fit::Figure>{*words}</th> }.into_any()
        }
    });
    view! {
        <div class="scroll" role="region" tabindex="0" aria-label=label>
            <table class="list" class:still=press.is_none()>
                <thead><tr>{heads.collect_view()}</tr></thead>
                <tbody>{body}</tbody>
            </table>
            {move || (!any.get() && !loading.get()).then(|| view! { <div class="empty"><Draw icon/><p>{empty}</p></div> })}
        </div>
    }
}
