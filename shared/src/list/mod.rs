//! What a list is: columns over a kind and what it is joined with, filters, order, sums, and who reads it. From a spec follow the
//! statements of both engines, pages, the filter row, footer sums, exports, `desk list`, the console's JSON and its description.
//! Specs stand with their kinds; no kind is named here.

mod cells;
mod column;
mod query;
pub mod sql;

pub use cells::{ListPage, ListRecord, ListRow, RecordPhotos, StoredValue};
pub use query::{AFTER, BEFORE, Condition, Direction, ListQuery, PAGE, QueryError, Side};

pub use column::{ListColumn, Shown, Source, age, column, first, told, unsent, when};

use crate::form::FormSpec;
use crate::kinds::RecordKind;
use crate::schema::{Field, FieldType, Label};

/// A list as declared.
#[derive(Debug)]
pub struct ListSpec {
    /// The word in addresses and scripts.
    pub name: &'static str,
    /// The word for people.
    pub title: Label,
    /// The kind whose records are its rows; none where whoever answers makes the rows by hand.
    pub kind: Option<RecordKind>,
    /// What stands beside a row, where there is such a record.
    pub joins: &'static [Join],
    /// Its columns in order.
    pub columns: &'static [ListColumn],
    /// By what it is narrowed.
    pub filters: &'static [Filter],
    /// The columns by which it is ordered where nobody says otherwise.
    pub order: &'static [(&'static str, Direction)],
    /// Rows that are in no such list.
    pub only: Option<When>,
    /// Its pages are asked for by the key of the row before, since nobody counts its rows.
    pub by_key: bool,
    /// The path of the person of whom a row speaks: `id` where the row is the person. Exports of such a list ask for a reason.
    pub about: Option<&'static str>,
    /// Where it is offered.
    pub ends: &'static [End],
    /// Where it stands in menus; none where another screen shows it.
    pub menu: Option<Menu>,
    /// By which form its records are made and changed at a desk; none where they are only looked at.
    pub form: Option<&'static FormSpec>,
    /// The column that heads the card of a row on narrow screens; the first one where none is named.
    pub card: Option<&'static str>,
}

/// Where lists are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// At a desk, which opens what is sealed.
    Desk,
    /// At the console, which does not.
    Console,
}

/// A place in a menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Menu {
    /// The heading.
    pub group: Label,
    /// Pinyin initials of the title and of other names for it, parted by spaces.
    pub initials: &'static str,
}

/// Another record beside each row.
#[derive(Clone, Copy, Debug)]
pub struct Join {
    /// Its name in paths.
    pub alias: &'static str,
    /// Its kind.
    pub kind: RecordKind,
    /// By what it is found; the field of the row that holds its id, or none where it has the id of the row.
    pub by: Option<&'static str>,
}

impl Join {
    /// The record that a field of the row names.
    #[must_use]
    pub const fn named(alias: &'static str, kind: RecordKind, by: &'static str) -> Self {
        Self { alias, kind, by: Some(by) }
    }

    /// The record of another kind that has the row's own id.
    #[must_use]
    pub const fn same_id(alias: &'static str, kind: RecordKind) -> Self {
        Self { alias, kind, by: None }
    }
}

/// What holds of a row. Paths are `field` of the row or `alias.field` of what stands beside it.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// The field holds one of these code words.
    Is(&'static str, &'static [&'static str]),
    /// Something stands in the field.
    Filled(&'static str),
    /// No such record stands beside the row.
    Without(&'static str),
    /// All of these hold.
    All(&'static [When]),
    /// None of these hold.
    None(&'static [When]),
}

/// By what a list is narrowed. Filters are called by their columns; days by `from` and `to`, words by `text`.
#[derive(Clone, Copy, Debug)]
pub enum Filter {
    /// From a day to a day.
    Days(&'static str),
    /// One code word, canteen or other value.
    One(&'static str),
    /// A division and all below it.
    Within(&'static str),
    /// Only the rows for which it is so.
    Yes(&'static str),
    /// Typed words.
    Text {
        /// What is said of it in the empty field.
        hint: Label,
        /// Columns that hold just what was typed.
        exact: &'static [&'static str],
        /// Columns in which it stands somewhere.
        inside: &'static [&'static str],
        /// The path of a person whom a desk's search finds by name, initials, phone or number.
        person: Option<&'static str>,
    },
}

impl Filter {
    /// The names under which it stands in addresses.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        match self {
            Self::Days(_) => vec!["from", "to"],
            Self::One(column) | Self::Within(column) | Self::Yes(column) => vec![column],
            Self::Text { .. } => vec!["text"],
        }
    }
}

impl ListSpec {
    /// A list of all that is said of a kind, for everybody who sees its records.
    #[must_use]
    pub const fn new(name: &'static str, title: Label, kind: RecordKind, columns: &'static [ListColumn]) -> Self {
        Self { kind: Some(kind), ..Self::by_hand(name, title, columns) }
    }

    /// A list of rows that are no records: a query by hand stands behind it, and all of its columns are told.
    #[must_use]
    pub const fn by_hand(name: &'static str, title: Label, columns: &'static [ListColumn]) -> Self {
        Self {
            name,
            title,
            kind: None,
            joins: &[],
            columns,
            filters: &[],
            order: &[],
            only: None,
            by_key: false,
            about: None,
            ends: &[End::Desk, End::Console],
            menu: None,
            form: None,
            card: None,
        }
    }

    /// What stands beside its rows.
    #[must_use]
    pub const fn joins(self, joins: &'static [Join]) -> Self {
        Self { joins, ..self }
    }

    /// By what it is narrowed.
    #[must_use]
    pub const fn filters(self, filters: &'static [Filter]) -> Self {
        Self { filters, ..self }
    }

    /// The columns by which it is ordered.
    #[must_use]
    pub const fn order(self, order: &'static [(&'static str, Direction)]) -> Self {
        Self { order, ..self }
    }

    /// Only rows for which this holds.
    #[must_use]
    pub const fn only(self, only: When) -> Self {
        Self { only: Some(only), ..self }
    }

    /// Its pages are asked for by the key of the row before.
    #[must_use]
    pub const fn by_key(self) -> Self {
        Self { by_key: true, ..self }
    }

    /// Each row speaks of the person of that path.
    #[must_use]
    pub const fn about(self, person: &'static str) -> Self {
        Self { about: Some(person), ..self }
    }

    /// Whether something in it is masked.
    #[must_use]
    pub fn masks(&self) -> bool {
        self.columns.iter().any(|column| column.masked)
    }

    /// Where it is offered.
    #[must_use]
    pub const fn ends(self, ends: &'static [End]) -> Self {
        Self { ends, ..self }
    }

    /// Where it stands in menus.
    #[must_use]
    pub const fn menu(self, group: Label, initials: &'static str) -> Self {
        Self { menu: Some(Menu { group, initials }), ..self }
    }

    /// By which form its records are made and changed.
    #[must_use]
    pub const fn form(self, form: &'static FormSpec) -> Self {
        Self { form: Some(form), ..self }
    }

    /// The column that heads the card of a row.
    #[must_use]
    pub const fn card(self, column: &'static str) -> Self {
        Self { card: Some(column), ..self }
    }

    /// Whether a column heads the card of a row.
    #[must_use]
    pub fn heads_cards(&self, column: &ListColumn) -> bool {
        let head = self.card.or_else(|| self.columns.first().map(ListColumn::name));
        head == Some(column.name())
    }

    /// Whether photos stand with its rows.
    #[must_use]
    pub fn has_photos(&self) -> bool {
        self.columns.iter().any(|column| self.described_by(column).is_some_and(|field| field.ty == FieldType::Photos))
    }

    /// The list of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        crate::kinds::LISTS.iter().copied().find(|list| list.name == name)
    }

    /// The lists that an end offers.
    #[allow(clippy::inline_always, reason = "of a page that names its end the compiler leaves out the other one's lists")]
    #[inline(always)]
    pub fn at(end: End) -> impl Iterator<Item = &'static Self> {
        let lists = match end {
            End::Desk => crate::kinds::LISTS_OF_DESKS,
            End::Console => crate::kinds::LISTS_OF_CONSOLE,
        };
        lists.iter().copied().filter(move |list| list.ends.contains(&end))
    }

    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&'static ListColumn> {
        self.columns.iter().find(|column| column.name() == name)
    }

    /// The kind and the field that a path names.
    #[must_use]
    pub fn field(&self, path: &str) -> Option<(RecordKind, &'static Field)> {
        let (kind, name) = match path.split_once('.') {
            Some((alias, name)) => (self.joins.iter().find(|join| join.alias == alias)?.kind, name),
            None => (self.kind?, path),
        };
        Some((kind, kind.declared().field(name)?))
    }

    /// The field by which a column is described: its own, or the first of several.
    #[must_use]
    pub fn described_by(&self, column: &ListColumn) -> Option<&'static Field> {
        match column.source {
            Source::Field(path) => self.field(path).map(|(_, field)| field),
            Source::First(paths) => paths.first().and_then(|path| self.field(path)).map(|(_, field)| field),
            Source::When(_) | Source::Age(_) | Source::Unsent | Source::Told(_) => None,
        }
    }

    /// What stands in a column; how many photos there are, in one of photos.
    #[must_use]
    pub fn ty(&self, column: &ListColumn) -> FieldType {
        match column.source {
            Source::When(_) | Source::Unsent => FieldType::YesNo,
            Source::Age(_) => FieldType::Number,
            Source::Told(ty) => ty,
            Source::Field(_) | Source::First(_) => match self.described_by(column).map_or(FieldType::Text, |field| field.ty) {
                FieldType::Photos => FieldType::Number,
                ty => ty,
            },
        }
    }

    /// The words above a column.
    #[must_use]
    pub fn label(&self, column: &ListColumn) -> Label {
        let of_field = || self.described_by(column).map(|field| field.label);
        column.said.or_else(of_field).unwrap_or(Label { zh: "", en: "" })
    }

    /// The width of a column, in characters.
    #[must_use]
    pub fn width(&self, column: &ListColumn) -> u8 {
        let of_field = || self.described_by(column).map(|field| field.width);
        column.wide.or_else(of_field).unwrap_or(8)
    }

    /// The columns that an end can show: what is sealed only a desk opens.
    pub fn columns_at(&self, end: End) -> impl Iterator<Item = &'static ListColumn> {
        let sealed = |path: &str| self.field(path).is_some_and(|(_, field)| field.is_sealed());
        let readable = move |column: &&'static ListColumn| match (end, column.source) {
            (End::Console, Source::Field(path) | Source::Age(path)) => !sealed(path),
            (End::Console, Source::First(paths)) => !paths.iter().any(|path| sealed(path)),
            (End::Console, Source::When(_) | Source::Unsent | Source::Told(_)) | (End::Desk, _) => true,
        };
        self.columns.iter().filter(move |column| column.known_at.is_none_or(|known| known == end)).filter(readable)
    }

    /// The filters that an end can apply.
    pub fn filters_at(&self, end: End) -> impl Iterator<Item = &'static Filter> {
        let there = move |name: &str| self.columns_at(end).any(|column| column.name() == name);
        self.filters.iter().filter(move |filter| match filter {
            Filter::Days(column) | Filter::One(column) | Filter::Within(column) | Filter::Yes(column) => there(column),
            Filter::Text { exact, inside, .. } => end == End::Desk || exact.iter().chain(*inside).all(|column| there(column)),
        })
    }
}

#[cfg(test)]
mod tests;
