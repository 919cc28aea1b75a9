//! The cells of a list, drawn by what stands in them. What is yes or no stands together as tags, so that a row says only what is so.

use crate::kit::icon::Icon;
use crate::kit::list::{Fit, Head, Row};
use crate::kit::tag::Tag;
use crate::kit::time::{day_short, moment, weekday};
use jiff::civil::{Date, DateTime};
use leptos::prelude::*;
use shared::list::{End, ListColumn, ListPage, ListRecord, ListRow, ListSpec, Shown};
use shared::money::Fen;
use shared::say;
use shared::schema::{FieldType, Fields, Value};

/// Draws a cell by the name of its column, where it is drawn otherwise than its type says.
pub type CellRenderer = fn(&str, &ListRow) -> Option<AnyView>;

/// What is shown in one place: a column, or several that say yes or no.
pub type Together = Vec<&'static ListColumn>;

/// Texts of so many characters go on in the next line.
const LONG: u8 = 24;

/// The columns of a list on a screen.
pub fn columns(list: &'static ListSpec, end: End, hidden: &[&str]) -> Vec<Together> {
    let mut together: Vec<Together> = Vec::new();
    let shown = list.columns_at(end).filter(|column| column.shown == Shown::Everywhere && !hidden.contains(&column.name()));
    for column in shown {
        let says_yes = |column: &ListColumn| list.ty(column) == FieldType::YesNo;
        match together.last_mut() {
            Some(tags) if says_yes(column) && tags.first().is_some_and(|first| says_yes(first)) => tags.push(column),
            _ => together.push(vec![column]),
        }
    }
    together
}

/// The heads of the columns.
pub fn head(list: &'static ListSpec, columns: &[Together]) -> Vec<Head> {
    let mut heads = Vec::new();
    for together in columns {
        let Some(first) = together.first() else { continue };
        let words = if together.len() > 1 { say!(list::MARKS) } else { list.label(first).said() };
        heads.push((words, fit(list, first)));
    }
    heads
}

fn fit(list: &'static ListSpec, column: &ListColumn) -> Fit {
    if list.heads_cards(column) {
        return Fit::Title;
    }
    match list.ty(column) {
        FieldType::Money | FieldType::Number => Fit::Figure,
        FieldType::Day | FieldType::Moment | FieldType::TimeOfDay | FieldType::Phone | FieldType::IdNumber => Fit::Digits,
        FieldType::Text if list.width(column) >= LONG => Fit::Wrap,
        _ => Fit::Plain,
    }
}

/// By which columns the list can be ordered, in the order of the heads.
pub fn orders(columns: &[Together]) -> Vec<Option<&'static str>> {
    columns.iter().map(|together| if let [one] = together[..] { one.orders().then(|| one.name()) } else { None }).collect()
}

/// A row as it is drawn.
pub fn row(list: &'static ListSpec, columns: &[Together], row: &ListRow, names: &Fields, today: Date, special: CellRenderer) -> Row {
    let draw = |together: &Together| {
        let one = |column: &&'static ListColumn| {
            special(column.name(), row).or_else(|| row.cells.get(column.name()).map(|value| cell(list, column, value, names, today)))
        };
        together.iter().filter_map(one).collect_view().into_any()
    };
    Row { id: Some(row.id), cells: columns.iter().map(draw).collect() }
}

/// All that a record's columns say, as label and value.
pub fn facts(list: &'static ListSpec, end: End, record: &ListRecord, special: CellRenderer) -> AnyView {
    // Far from any day: so days and times are written in full.
    let today = Date::ZERO;
    let fact = |column: &'static ListColumn| {
        let value = record.row.cells.get(column.name()).filter(|value| **value != Value::Bool(false))?;
        let shown = special(column.name(), &record.row).unwrap_or_else(|| cell(list, column, value, &record.names, today));
        Some(view! { <span>{list.label(column).said()}</span><div data-testid=format!("detail-{}", column.name())>{shown}</div> })
    };
    list.columns_at(end).filter_map(fact).collect_view().into_any()
}

fn cell(list: &'static ListSpec, column: &'static ListColumn, value: &Value, names: &Fields, today: Date) -> AnyView {
    match (list.ty(column), value) {
        (FieldType::YesNo, Value::Bool(true)) => {
            let words = list.label(column).said();
            if column.alarming {
                view! { <Tag tone="due" icon=Icon::Alert words/>" " }.into_any()
            } else {
                view! { <span class="tag">{words}</span>" " }.into_any()
            }
        }
        (FieldType::YesNo, _) | (_, Value::Null) => ().into_any(),
        (FieldType::Money, Value::Int(fen)) => Fen(*fen).to_string().into_any(),
        (_, Value::Int(number)) => (*number).into_any(),
        (ty, Value::Text(text)) => words(ty, text, ListPage::name(names, column.name(), text), today).into_any(),
        _ => ().into_any(),
    }
}

fn words(ty: FieldType, text: &str, name: Option<&str>, today: Date) -> String {
    let said = match ty {
        FieldType::Words(words) => words.label(text).map(|label| label.said().to_owned()),
        FieldType::Day => text.parse::<Date>().ok().map(|day| format!("{} {}", day_in(day, today), weekday(day))),
        FieldType::Moment => text.parse::<DateTime>().ok().map(|at| moment(at, today)),
        _ => name.map(str::to_owned),
    };
    said.unwrap_or_else(|| text.to_owned())
}

/// 11-22 of this year, 2025-11-22 of another.
fn day_in(day: Date, today: Date) -> String {
    if day.year() == today.year() { day_short(day) } else { day.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::kinds::ORDERS;

    #[test]
    fn what_is_yes_or_no_stands_together_and_what_is_hidden_nowhere() {
        let shown = columns(&ORDERS, End::Desk, &["canteen"]);
        let names: Vec<Vec<&str>> = shown.iter().map(|together| together.iter().map(|column| column.name()).collect()).collect();
        assert_eq!(names.last().map(Vec::as_slice), Some(&["doubtful", "missing", "supplement", "unsent"][..]));
        assert!(!names.iter().flatten().any(|name| *name == "canteen" || *name == "phone"));
        assert_eq!(head(&ORDERS, &shown).last().map(|(words, _)| *words), Some("标记"));
        assert_eq!((orders(&shown).first(), orders(&shown).last()), (Some(&Some("date")), Some(&None)));
    }

    #[test]
    fn cells_are_words() {
        let today = "2026-11-22".parse().unwrap_or_default();
        let ty = |name: &str| ORDERS.column(name).map_or(FieldType::Text, |column| ORDERS.ty(column));
        assert_eq!(words(ty("date"), "2026-11-21", None, today), "11-21 周六");
        assert_eq!(words(ty("date"), "2025-11-21", None, today), "2025-11-21 周五");
        assert_eq!(words(ty("date"), "昨天", None, today), "昨天", "what somebody garbled shows as it is");
        assert_eq!(words(ty("state"), "left_at_door", None, today), "放门口");
        assert_eq!(words(ty("canteen"), "C01", Some("罗城街道长者饭堂"), today), "罗城街道长者饭堂");
        assert_eq!(words(ty("canteen"), "C02", None, today), "C02");
    }
}
