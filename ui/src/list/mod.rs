//! Lists as their specs say them: filter row with its state in the address, table, order by a press on a head, sums, pages. One view for
//! all of them, at the desk and at the console; how a program asks is its own.

mod address;
mod cells;
mod filters;

pub use address::{ListAddress, Words};
pub use cells::{CellRenderer, facts};

use crate::kit::fault::FaultBanner;
use crate::kit::icon::Icon;
use crate::kit::list::{List, ListTable, ListTableProps, Ordered};
use crate::kit::load::Loaded;
use crate::kit::pager::{KeyPager, Pager};
use cells::{columns, row};
use filters::FilterRow;
use jiff::civil::Date;
use leptos::prelude::*;
use shared::list::{AFTER, BEFORE, ListPage, ListRow};
use shared::schema::{FieldName, FieldType, Label, RecordId, Value};
use shared::{label, say};

/// How a division is chosen, where it can be: what is chosen goes in, what is picked comes out.
pub type PickDivision = fn(Signal<String>, Callback<String>) -> AnyView;

/// What a list may have beside what its spec says.
#[derive(Clone, Copy, Debug)]
pub struct ListOptions {
    /// Columns that are not shown, filters that stand elsewhere.
    pub hidden: &'static [&'static str],
    /// Cells that are drawn otherwise.
    pub special: CellRenderer,
    pub pick_division: Option<PickDivision>,
    pub icon: Icon,
    /// Before `-row`, `-text` and the like.
    pub test: &'static str,
    pub empty: Label,
}

impl ListOptions {
    pub const NOTHING: Self = Self {
        hidden: &[],
        special: |_, _| None,
        pick_division: None,
        icon: Icon::Ledger,
        test: "list",
        empty: label!(list::NOTHING_FITS),
    };
}

#[component]
pub fn ListView(
    at: ListAddress,
    page: Loaded<ListPage>,
    #[prop(into)] today: Signal<Date>,
    beside: ListOptions,
    #[prop(optional_no_strip)] open: Option<Callback<RecordId>>,
    /// Buttons at the end of the filter row.
    children: Children,
) -> impl IntoView {
    let rows = Memo::new(move |_| page.value.with(|page| page.as_ref().map(|page| page.rows.clone()).unwrap_or_default()));
    let total = Signal::derive(move || page.value.with(|page| page.as_ref().map_or(0, |page| page.total)));
    let list = List::new(rows, |row: &ListRow| row.id);
    if let Some(open) = open {
        list.keys(move |id| open.run(id));
    }
    let press = open.map(|open| {
        Callback::new(move |id| {
            list.chosen.set(Some(id));
            open.run(id);
        })
    });
    let shown = columns(at.list, at.end, beside.hidden);
    let (head, names) = (cells::head(at.list, &shown), cells::orders(&shown));
    let ordered = Ordered { names, now: Signal::derive(move || at.order()), pick: Callback::new(move |name| at.order_by(name)) };
    let drawn = move || {
        let names = page.value.with(|page| page.as_ref().map(|page| page.names.clone()).unwrap_or_default());
        rows.with(|rows| rows.iter().map(|one| row(at.list, &shown, one, &names, today.get(), beside.special)).collect())
    };
    let sums = move || {
        let sum = |(name, sum): (&FieldName, &Value)| {
            let (column, Value::Int(sum)) = (at.list.column(name)?, sum) else { return None };
            let words = match at.list.ty(column) {
                FieldType::Money => say!(money::yuan(shared::money::Fen(*sum))),
                _ => sum.to_string(),
            };
            let label = at.list.label(column).said();
            Some(view! { <span>{say!(list::sum_of(label))}" "<b class="num" data-testid=format!("{}-sum", beside.test)>{words}</b></span> })
        };
        page.value.with(|page| page.iter().flat_map(|page| page.sums.iter().filter_map(sum)).collect_view())
    };
    // Whether anything opens is known here only; a view would have to say it.
    let table = ListTable(ListTableProps {
        label: at.list.title.said(),
        head,
        rows: Box::new(drawn),
        ordered: Some(ordered),
        list: Some(list),
        press,
        twice: None,
        test: format!("{}-row", beside.test),
        loading: page.loading.into(),
        icon: beside.icon,
        empty: beside.empty.said(),
    });
    let pager = if at.list.by_key {
        let next = Signal::derive(move || page.value.with(|page| page.as_ref().and_then(|page| page.next)));
        let turn = move |before: Option<i64>| at.turn(before.map(|before| (BEFORE, before.to_string())).into_iter().collect());
        view! { <KeyPager first=Signal::derive(move || at.word(BEFORE).is_empty()) next turn/> }.into_any()
    } else {
        // Beside the row at the edge of the page that is left, so that however late a page is, nothing is counted off.
        let turn = move |page: u32| {
            let edge = rows.with_untracked(|rows| if page > at.page() { rows.last() } else { rows.first() }.map(|row| row.id.to_string()));
            let beside = (if page > at.page() { AFTER } else { BEFORE }, edge.filter(|_| at.list.kind.is_some()).unwrap_or_default());
            at.turn(if page == 0 { Words::new() } else { vec![("page", page.to_string()), beside] });
        };
        view! { <Pager page=Signal::derive(move || at.page()) total turn/> }.into_any()
    };
    view! {
        <div class="filters">
            <FilterRow at today beside/>
            <span class="sp"></span>
            {children()}
        </div>
        <FaultBanner fault=page.fault/>
        {table}
        <div class="table-foot">
            {sums}
            <span class="sp"></span>
            {pager}
        </div>
    }
}
