//! A list page's table: its head, what it says when it is empty, the chosen row, and the keys that move and open it.

use super::icon::{Draw, Icon};
use super::keys::{in_field, in_searchbox, leave_control, on_control, on_keys, plain, show_soon};
use leptos::prelude::*;
use shared::schema::RecordId;

/// A head cell: its words, and whether its column holds figures.
pub type Head = (&'static str, bool);

/// The rows of a list and the one under the bar; copied freely.
pub struct List<T: Send + Sync + 'static> {
    rows: Memo<Vec<T>>,
    id: fn(&T) -> RecordId,
    pub chosen: RwSignal<Option<RecordId>>,
}

impl<T: Send + Sync> Clone for List<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: Send + Sync> Copy for List<T> {}

impl<T: Clone + Send + Sync> List<T> {
    pub fn new(rows: Memo<Vec<T>>, id: fn(&T) -> RecordId) -> Self {
        Self { rows, id, chosen: RwSignal::new(None) }
    }

    /// The chosen row.
    pub fn current(self) -> Option<T> {
        let chosen = self.chosen.get_untracked()?;
        self.rows.with_untracked(|rows| rows.iter().find(|row| (self.id)(row) == chosen).cloned())
    }

    fn step(self, by: isize) {
        self.rows.with_untracked(|rows| {
            let here = rows.iter().position(|row| Some((self.id)(row)) == self.chosen.get_untracked());
            let next = here.map_or(0, |at| at.saturating_add_signed(by).min(rows.len().saturating_sub(1)));
            self.chosen.set(rows.get(next).map(self.id));
        });
        leave_control();
        show_soon("tr.sel");
    }

    /// ↑ and ↓ move the bar, from a search field too; Enter opens the row under it, unless the focus is on a button.
    pub fn keys(self, open: impl Fn(T) + Send + Sync + 'static) {
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
pub fn ListTable<T, V>(
    list: List<T>,
    head: &'static [Head],
    row: impl Fn(T) -> V + Send + Sync + 'static,
    #[prop(into)] loading: Signal<bool>,
    /// Shown with `empty` when there is no row.
    icon: Icon,
    empty: &'static str,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <div class="scroll">
            <table class="list">
                <thead><tr>{head.iter().map(|(words, right)| view! { <th class:right=*right>{*words}</th> }).collect_view()}</tr></thead>
                <tbody>{move || list.rows.get().into_iter().map(&row).collect_view()}</tbody>
            </table>
            {move || (list.rows.with(Vec::is_empty) && !loading.get()).then(|| view! { <div class="empty"><Draw icon/><p>{empty}</p></div> })}
        </div>
    }
}
