//! What is asked of a list: words by name, as they stand in an address, and what they mean. The same check on screens, desk and server.

use super::{End, Filter, ListColumn, ListSpec};
use crate::fault::{Code, Fault};
use crate::schema::{FieldType, RecordId, Sentence, Unnamed, Value, language};
use crate::words::{en, zh};
use crate::{both, say};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Rows of a page.
pub const PAGE: u32 = 50;
/// Only rows before this one: its number where pages go by key, else its record.
pub const BEFORE: &str = "before";
/// Only rows behind that of this record.
pub const AFTER: &str = "after";
/// No page lies farther.
const FARTHEST: u32 = 1_000_000;
/// Longer words were not typed by anybody.
const LONGEST: usize = 200;

/// Which way a list runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The smallest first.
    Up,
    /// The greatest first.
    Down,
}

/// On which side of a row others stand, in the order that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Nearer to the beginning.
    Before,
    /// Nearer to the end.
    After,
}

/// One thing that has to hold of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The day in the column is this one or a later one.
    From(&'static str, Date),
    /// The day in the column is this one or an earlier one.
    To(&'static str, Date),
    /// The column holds this.
    Is(&'static str, String),
    /// The column holds this division or one below it.
    Within(&'static str, String),
    /// It is so.
    Yes(&'static str),
    /// These words were typed.
    Text(String),
}

/// What is asked of a list, understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// What has to hold, in the order of the filters.
    pub conditions: Vec<Condition>,
    /// The column by which it is ordered, where somebody chose one.
    pub order: Option<(&'static str, Direction)>,
    /// From 0.
    pub page: u32,
    /// In a list whose pages go by key: only rows before this one.
    pub before: Option<i64>,
    /// In any other list of records: the page lies beside the row of this record, and is counted off only where there is no such row.
    pub beside: Option<(Side, RecordId)>,
}

impl ListQuery {
    /// What a list was narrowed by: 2026-11-01 至 2026-11-30，午餐，缺回单.
    #[must_use]
    pub fn in_words(&self, list: &ListSpec) -> String {
        let mut words = Vec::new();
        words.extend(match self.days() {
            (None, None) => None,
            (from, to) => {
                let text = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
                Some(say!(list::days(&text(from), &text(to))))
            }
        });
        for condition in &self.conditions {
            words.extend(match condition {
                Condition::Is(name, code) => {
                    list.column(name).map(|column| list.in_words(column, &Value::Text(code.as_str().into()), language(), &Unnamed))
                }
                Condition::Within(_, code) => Some(crate::division::short_name(code).to_owned()),
                Condition::Yes(name) => list.column(name).map(|column| list.label(column).said().to_owned()),
                Condition::Text(text) => Some(say!(list::text(text))),
                Condition::From(..) | Condition::To(..) => None,
            });
        }
        say!(list::narrowed(&words))
    }

    fn days(&self) -> (Option<Date>, Option<Date>) {
        let of = |condition: &Condition| match condition {
            Condition::From(_, day) => (Some(*day), None),
            Condition::To(_, day) => (None, Some(*day)),
            _ => (None, None),
        };
        self.conditions.iter().map(of).fold((None, None), |(from, to), (one, other)| (one.or(from), other.or(to)))
    }
}

/// Words that a list does not understand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// Under which name they stand.
    pub name: String,
    /// What would be right.
    pub wanted: Sentence,
}

impl From<QueryError> for Fault {
    fn from(unread: QueryError) -> Self {
        let QueryError { name, wanted } = unread;
        Self::new(Code::BadInput, zh::list::unread(&name, &wanted.zh), en::list::unread(&name, &wanted.en))
    }
}

impl ListSpec {
    /// Understands words by name; one that is empty asks for nothing.
    ///
    /// # Errors
    /// [`QueryError`] says which word is wrong, and what would be right.
    pub fn read<'a>(&self, end: End, words: impl Iterator<Item = (&'a str, &'a str)>) -> Result<ListQuery, QueryError> {
        let (mut asked, mut seen) = (ListQuery::default(), BTreeSet::new());
        for (name, word) in words.map(|(name, word)| (name, word.trim())).filter(|(_, word)| !word.is_empty()) {
            let unread = |wanted: Sentence| QueryError { name: name.chars().take(40).collect(), wanted };
            if !seen.insert(name) {
                return Err(unread(both!(list::ONCE)));
            }
            if word.chars().count() > LONGEST {
                return Err(unread(both!(list::too_long(LONGEST))));
            }
            match name {
                BEFORE if self.by_key => {
                    let before = word.parse().ok().filter(|before| *before > 0);
                    asked.before = Some(before.ok_or_else(|| unread(both!(list::BEFORE)))?);
                }
                AFTER | BEFORE if self.kind.is_some() && !self.by_key => {
                    let side = if name == AFTER { Side::After } else { Side::Before };
                    let record = word.parse().map_err(|_| unread(both!(list::RECORD)))?;
                    if asked.beside.replace((side, record)).is_some() {
                        return Err(unread(both!(list::ONCE)));
                    }
                }
                "page" if !self.by_key => {
                    let page = word.parse().ok().filter(|page| *page <= FARTHEST);
                    asked.page = page.ok_or_else(|| unread(both!(list::PAGE)))?;
                }
                "sort" => asked.order = Some(self.read_order(end, word).ok_or_else(|| unread(self.orders_in_words(end)))?),
                _ => {
                    let filter = self.filters_at(end).find(|filter| filter.names().contains(&name));
                    let filter = filter.ok_or_else(|| unread(self.filters_in_words(end)))?;
                    asked.conditions.push(self.read_condition(filter, name, word).map_err(unread)?);
                }
            }
        }
        match asked.days() {
            (Some(from), Some(to)) if from > to => Err(QueryError { name: "to".to_owned(), wanted: both!(list::DAYS_IN_ORDER) }),
            _ => Ok(asked),
        }
    }

    fn read_order(&self, end: End, word: &str) -> Option<(&'static str, Direction)> {
        let (name, direction) = match word.strip_prefix('-') {
            Some(name) => (name, Direction::Down),
            None => (word, Direction::Up),
        };
        let column = self.columns_at(end).find(|column| column.name() == name && column.orders())?;
        // The smallest age is the latest day.
        Some((column.name(), direction))
    }

    fn read_condition(&self, filter: &'static Filter, name: &str, word: &str) -> Result<Condition, Sentence> {
        let day = || word.parse::<Date>().map_err(|_| both!(list::DAY));
        Ok(match filter {
            Filter::Days(column) if name == "from" => Condition::From(column, day()?),
            Filter::Days(column) => Condition::To(column, day()?),
            Filter::One(column) => {
                if let Some(FieldType::Words(words)) = self.column(column).map(|column| self.ty(column))
                    && words.label(word).is_none()
                {
                    return Err(both!(list::code_words(words.all)));
                }
                Condition::Is(column, word.to_owned())
            }
            Filter::Within(column) => {
                let code = matches!(word.len(), 4 | 6 | 9 | 12) && word.bytes().all(|digit| digit.is_ascii_digit());
                code.then(|| Condition::Within(column, word.to_owned())).ok_or_else(|| both!(list::DIVISION))?
            }
            Filter::Yes(column) => match word {
                "1" | "true" => Condition::Yes(column),
                _ => return Err(both!(list::ONE_OR_NOTHING)),
            },
            Filter::Text { .. } => Condition::Text(word.to_owned()),
        })
    }

    fn filters_in_words(&self, end: End) -> Sentence {
        let pages: &[&str] = match self.kind {
            _ if self.by_key => &[BEFORE],
            Some(_) => &["page", AFTER, BEFORE],
            None => &["page"],
        };
        let names: Vec<&str> = self.filters_at(end).flat_map(Filter::names).chain(["sort"]).chain(pages.iter().copied()).collect();
        both!(list::filters(self.title, &names))
    }

    fn orders_in_words(&self, end: End) -> Sentence {
        let names: Vec<&str> = self.columns_at(end).filter(|column| column.orders()).map(ListColumn::name).collect();
        both!(list::orders(&names))
    }
}
