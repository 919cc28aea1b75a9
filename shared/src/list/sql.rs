//! The statements of lists, made from their specs in the dialect that both engines share (`$1`, numbered as they first appear, no
//! booleans). Names come from declarations only; what people typed goes in as values. Beside the stores this is the one place with SQL:
//! it is text and touches no database.

use super::{Condition, Direction, End, Filter, Join, ListColumn, ListQuery, ListSpec, Side, Source, When};
use crate::kinds::RecordKind;
use crate::schema::{Column, RecordId, Value};
use std::fmt::Write as _;

/// What a reader sees of the rows of a kind: a condition in which `code`, the value that goes with it, stands for itself.
pub struct ScopeCondition {
    /// Of the condition; `$n` that it is to name the value by goes in, the condition comes out.
    pub condition: Box<dyn Fn(&str) -> String>,
    /// The value.
    pub code: String,
}

/// No figure of an office is greater. One that somebody forged is left out of sums, so that it does not make them overflow and with
/// them the list of a whole county.
const LARGEST: i64 = 1_000_000_000_000;

/// On what a list is read.
pub struct QueryContext<'a> {
    /// Desk or console.
    pub end: End,
    /// What the reader sees of the rows of a kind that go by this alias; none where nobody's scope decides.
    pub seen: &'a dyn Fn(RecordKind, &'static str) -> Option<ScopeCondition>,
    /// On a row `t` of a kind: that it is the row of one record, whose id stands at that place of the values.
    pub is_row_of: &'a dyn Fn(RecordKind, &str) -> String,
    /// On a row `t`: whether something of it waits to be sent.
    pub unsent: &'a str,
    /// The persons whom the typed words name, the best first, where a search knows.
    pub persons: Option<Vec<RecordId>>,
}

/// The alias of a list's own rows.
pub const OWN: &str = "t";

impl std::fmt::Debug for ScopeCondition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ScopeCondition").field("code", &self.code).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for QueryContext<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("QueryContext").field("end", &self.end).finish_non_exhaustive()
    }
}

/// A statement and its values, `$1` first.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The text.
    pub sql: String,
    /// The values.
    pub values: Vec<Value>,
}

/// Which rows of all that fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows<'a> {
    /// So many, after so many.
    Page(u32, u32),
    /// So many on one side of a [`place`], the nearest first: however far on that is, nothing is counted off.
    Beside(u32, Side, &'a [Value]),
    /// That of one record.
    One(RecordId),
    /// All.
    All,
}

/// The columns that a statement of rows gives behind the id, in order.
pub fn columns(list: &'static ListSpec, end: End) -> impl Iterator<Item = &'static ListColumn> {
    list.columns_at(end).filter(|column| !matches!(column.source, Source::Told(_)))
}

/// Id and columns of the rows that fit.
#[must_use]
pub fn rows(list: &'static ListSpec, asked: &ListQuery, ground: &QueryContext<'_>, rows: Rows<'_>) -> Statement {
    let mut making = StatementBuilder::of(list, ground);
    let columns: String = columns(list, ground.end).map(|column| format!(", {}", making.expression(column))).collect();
    let order = making.order(asked);
    let order = if let Rows::Beside(_, Side::Before, _) = rows { order.into_iter().map(OrderBy::turned).collect() } else { order };
    let by = in_words(&order);
    let limit = match rows {
        Rows::Page(limit, offset) => format!(" LIMIT {limit} OFFSET {offset}"),
        Rows::Beside(limit, ..) => format!(" LIMIT {limit}"),
        Rows::One(_) | Rows::All => String::new(),
    };
    let deciding = format!("{}{by}", StatementBuilder::of(list, ground).holding(asked));
    let sql = if limit.is_empty() || list.joins.iter().any(|join| is_named(join, &deciding)) {
        let from = making.from(&list.joins.iter().collect::<Vec<_>>());
        format!("SELECT {OWN}.id{columns} {from} {} ORDER BY {by}{limit}", making.chosen(asked, rows, &order))
    } else {
        // What stands beside a row decides nothing here: the rows are chosen first, and joined then.
        let chosen = format!("{} {} ORDER BY {by}{limit}", making.from(&[]), making.chosen(asked, rows, &order));
        let joins = making.joins(&list.joins.iter().collect::<Vec<_>>());
        format!("SELECT {OWN}.id{columns} FROM (SELECT {OWN}.* {chosen}) {OWN}{joins} ORDER BY {by}")
    };
    Statement { sql, values: making.values }
}

/// Where the row of a record stands in the order that is asked for, as [`Rows::Beside`] takes it, whether it fits what is asked or not; and of
/// how many values that is.
#[must_use]
pub fn place(list: &'static ListSpec, asked: &ListQuery, ground: &QueryContext<'_>, record: RecordId) -> (Statement, usize) {
    let mut making = StatementBuilder::of(list, ground);
    let place: Vec<String> = making.order(asked).into_iter().map(|by| by.expression).collect();
    let from = making.from(&list.joins.iter().collect::<Vec<_>>());
    let chosen = making.chosen(&ListQuery::default(), Rows::One(record), &[]);
    (Statement { sql: format!("SELECT {} {from} {chosen}", place.join(", ")), values: making.values }, place.len())
}

/// How many rows fit, and what is added up over them in the order of [`sums`].
#[must_use]
pub fn totals(list: &'static ListSpec, asked: &ListQuery, ground: &QueryContext<'_>) -> Statement {
    let making = StatementBuilder::of(list, ground);
    let sums = sums(list, ground.end).map(|(column, without)| {
        let (left_out, figure) = (making.all(without, " OR "), making.expression(column));
        format!(
            ", CAST(coalesce(sum(CASE WHEN {left_out} OR {figure} NOT BETWEEN -{LARGEST} AND {LARGEST} THEN 0 ELSE {figure} END), 0) AS BIGINT)"
        )
    });
    let figures = format!("count(*){}", sums.collect::<String>());
    making.over_all(&figures, asked)
}

/// Of how many persons the rows speak that fit; of each row as of another one where nobody says of whom.
#[must_use]
pub fn persons(list: &'static ListSpec, asked: &ListQuery, ground: &QueryContext<'_>) -> Statement {
    StatementBuilder::of(list, ground).over_all(&format!("count(DISTINCT {})", path(list.about.unwrap_or("id"))), asked)
}

/// The columns that are added up, and the rows that are left out there.
pub fn sums(list: &'static ListSpec, end: End) -> impl Iterator<Item = (&'static ListColumn, &'static [When])> {
    list.columns_at(end).filter_map(|column| Some((column, column.summed_without?)))
}

struct StatementBuilder<'a> {
    list: &'static ListSpec,
    ground: &'a QueryContext<'a>,
    values: Vec<Value>,
}

/// One of the things by which rows are ordered.
struct OrderBy {
    expression: String,
    direction: Direction,
    empty_first: bool,
}

impl OrderBy {
    fn turned(self) -> Self {
        let direction = if self.direction == Direction::Up { Direction::Down } else { Direction::Up };
        Self { direction, empty_first: !self.empty_first, ..self }
    }
}

fn in_words(order: &[OrderBy]) -> String {
    let one = |OrderBy { expression, direction, empty_first }: &OrderBy| {
        let way = if *direction == Direction::Up { "ASC" } else { "DESC" };
        format!("{expression} {way} NULLS {}", if *empty_first { "FIRST" } else { "LAST" })
    };
    order.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Whether a text of a statement asks for what is joined.
fn is_named(join: &Join, text: &str) -> bool {
    text.contains(&format!("{}.", join.alias))
}

impl<'a> StatementBuilder<'a> {
    fn of(list: &'static ListSpec, ground: &'a QueryContext<'a>) -> Self {
        Self { list, ground, values: Vec::new() }
    }

    /// Figures over all rows that fit. What neither they nor the choice ask for is not joined: no join brings a second row.
    fn over_all(mut self, figures: &str, asked: &ListQuery) -> Statement {
        let needed = format!("{figures}{}", Self::of(self.list, self.ground).holding(asked));
        let joins: Vec<&Join> = self.list.joins.iter().filter(|join| is_named(join, &needed)).collect();
        let from = self.from(&joins);
        Statement { sql: format!("SELECT {figures} {from} {}", self.holding(asked)), values: self.values }
    }

    /// Table, and what stands beside it.
    fn from(&mut self, joins: &[&Join]) -> String {
        let table = format!("FROM {} {OWN}", self.list.kind.map_or("nothing", RecordKind::code));
        table + &self.joins(joins)
    }

    fn joins(&mut self, joins: &[&Join]) -> String {
        let mut sql = String::new();
        for Join { alias, kind, by } in joins {
            let found_by = by.map_or_else(|| format!("{OWN}.id"), path);
            let _ = write!(sql, " LEFT JOIN {} {alias} ON {alias}.id = {found_by}", kind.code());
            if let Some(condition) = self.seen(*kind, alias) {
                let _ = write!(sql, " AND {condition}");
            }
        }
        sql
    }

    /// What has to hold of a row.
    fn holding(&mut self, asked: &ListQuery) -> String {
        let mut holds = vec!["1 = 1".to_owned()];
        holds.extend(self.list.kind.and_then(|kind| self.seen(kind, OWN)));
        holds.extend(self.list.only.as_ref().map(|only| self.when(only)));
        for condition in &asked.conditions {
            holds.push(self.condition(condition));
        }
        format!("WHERE {}", holds.join(" AND "))
    }

    /// The same, and that it is one of these rows.
    fn chosen(&mut self, asked: &ListQuery, rows: Rows<'_>, order: &[OrderBy]) -> String {
        let holding = self.holding(asked);
        match rows {
            Rows::One(id) => {
                self.values.push(Value::Bytes(id.bytes().to_vec()));
                let is_it = self.list.kind.map(|kind| (self.ground.is_row_of)(kind, &format!("${}", self.values.len())));
                format!("{holding} AND {}", is_it.unwrap_or_else(|| "1 = 0".to_owned()))
            }
            Rows::Beside(_, _, place) => format!("{holding} AND {}", self.beyond(order, place)),
            Rows::Page(..) | Rows::All => holding,
        }
    }

    /// That a row stands behind this place in the order.
    fn beyond(&mut self, order: &[OrderBy], place: &[Value]) -> String {
        let mut cases = Vec::new();
        for (OrderBy { expression, direction, empty_first }, value) in order.iter().zip(place) {
            if *value == Value::Null {
                let farther = if *empty_first { format!("{expression} IS NOT NULL") } else { "1 = 0".to_owned() };
                cases.push((farther, format!("{expression} IS NULL")));
                continue;
            }
            self.values.push(value.clone());
            let (at, sign) = (self.values.len(), if *direction == Direction::Up { ">" } else { "<" });
            let empty = if *empty_first { String::new() } else { format!(" OR {expression} IS NULL") };
            cases.push((format!("{expression} {sign} ${at}{empty}"), format!("{expression} = ${at}")));
        }
        cases.into_iter().rev().fold("1 = 0".to_owned(), |rest, (farther, same)| format!("({farther} OR ({same} AND {rest}))"))
    }

    fn seen(&mut self, kind: RecordKind, alias: &'static str) -> Option<String> {
        let seen = (self.ground.seen)(kind, alias)?;
        Some((seen.condition)(&self.value(&seen.code)))
    }

    fn condition(&mut self, condition: &Condition) -> String {
        match condition {
            Condition::From(column, day) => format!("{} >= {}", self.named(column), self.value(&day.to_string())),
            // A moment of that day lies before the next one as well.
            Condition::To(column, day) => {
                format!("{} < {}", self.named(column), self.value(&day.tomorrow().unwrap_or(*day).to_string()))
            }
            Condition::Is(column, word) => format!("{} = {}", self.named(column), self.value(word)),
            Condition::Within(column, code) => {
                let code = self.value(code);
                format!("substr({}, 1, length({code})) = {code}", self.named(column))
            }
            Condition::Yes(column) => format!("{} = 1", self.named(column)),
            Condition::Text(typed) => self.typed(typed),
        }
    }

    fn typed(&mut self, typed: &str) -> String {
        let mut holds = vec!["1 = 0".to_owned()];
        for filter in self.list.filters {
            let Filter::Text { exact, inside, person, .. } = filter else { continue };
            let typed = self.value(typed);
            holds.extend(exact.iter().map(|column| format!("{} = {typed}", self.named(column))));
            // What is left when the words are taken out is something else: so upper and lower case, % and _ are what they are.
            let holds_it = |whole: String| format!("replace(coalesce({whole}, ''), {typed}, '') <> coalesce({whole}, '')");
            holds.extend(inside.iter().map(|column| holds_it(self.named(column))));
            if let (Some(person), Some(persons)) = (person, &self.ground.persons) {
                let ids: Vec<String> = persons.iter().map(|id| format!("x'{id}'")).collect();
                holds.push(format!("{} IN ({})", path(person), ids.join(", ")));
            }
        }
        format!("({})", holds.join(" OR "))
    }

    fn order(&self, asked: &ListQuery) -> Vec<OrderBy> {
        let by = |(name, direction): (&'static str, Direction)| {
            let column = self.list.column(name);
            let counted = column.and_then(|column| self.list.described_by(column)).is_some_and(|field| field.ty.column() == Column::Set);
            // Members are alike in length, so the longer text has more of them.
            let expression = if counted { format!("length({})", self.named(name)) } else { self.named(name) };
            let by = OrderBy { expression, direction, empty_first: direction == Direction::Up };
            // Who was born later is younger.
            let age = column.is_some_and(|column| matches!(column.source, Source::Age(_)));
            if age { OrderBy { empty_first: by.empty_first, ..by.turned() } } else { by }
        };
        let sure = |expression: String| OrderBy { expression, direction: Direction::Up, empty_first: true };
        let mut order: Vec<OrderBy> = Vec::new();
        match (asked.order, &self.ground.persons) {
            (Some(chosen), _) => order.push(by(chosen)),
            (None, Some(persons)) if self.finds_its_own_rows() => {
                let best: Vec<String> = persons.iter().map(ToString::to_string).collect();
                order.push(sure(format!("instr('{}', lower(hex({OWN}.id)))", best.join(" "))));
            }
            (None, _) => {}
        }
        let chosen = asked.order.map(|(name, _)| name);
        order.extend(self.list.order.iter().filter(|(name, _)| Some(*name) != chosen).map(|one| by(*one)));
        order.push(sure(format!("{OWN}.id")));
        order
    }

    /// Whether the persons who are searched for are the rows of the list.
    fn finds_its_own_rows(&self) -> bool {
        self.list.filters.iter().any(|filter| matches!(filter, Filter::Text { person: Some("id"), .. }))
    }

    fn named(&self, column: &str) -> String {
        self.list.column(column).map_or_else(|| "NULL".to_owned(), |column| self.expression(column))
    }

    fn expression(&self, column: &ListColumn) -> String {
        match column.source {
            Source::Field(of) | Source::Age(of) => path(of),
            Source::First(paths) => format!("coalesce({})", paths.iter().map(|of| path(of)).collect::<Vec<_>>().join(", ")),
            Source::When(when) => format!("(CASE WHEN {} THEN 1 ELSE 0 END)", self.when(&when)),
            Source::Unsent => format!("(CASE WHEN {} THEN 1 ELSE 0 END)", self.ground.unsent),
            Source::Told(_) => "NULL".to_owned(),
        }
    }

    fn when(&self, when: &When) -> String {
        match when {
            When::Is(field, codes) => {
                let codes: Vec<String> = codes.iter().map(|code| format!("'{code}'")).collect();
                format!("coalesce({}, '') IN ({})", path(field), codes.join(", "))
            }
            When::Filled(field) => format!("coalesce({}, '') <> ''", path(field)),
            When::Without(alias) => format!("{alias}.id IS NULL"),
            When::All(all) => self.all(all, " AND "),
            When::None(all) => format!("NOT {}", self.all(all, " OR ")),
        }
    }

    fn all(&self, all: &[When], between: &str) -> String {
        if all.is_empty() {
            return "(1 = 0)".to_owned();
        }
        format!("({})", all.iter().map(|one| self.when(one)).collect::<Vec<_>>().join(between))
    }

    fn value(&mut self, text: &str) -> String {
        self.values.push(Value::Text(text.into()));
        format!("${}", self.values.len())
    }
}

fn path(path: &str) -> String {
    match path.split_once('.') {
        Some((alias, field)) => format!("{alias}.\"{field}\""),
        None => format!("{OWN}.\"{path}\""),
    }
}
