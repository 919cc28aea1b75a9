//! What the tables of a store lack of what is declared. How an engine writes a table is said in its store: no SQL stands here.

use super::{Column, Field};
use crate::kinds::RecordKind;
use std::collections::BTreeMap;

/// The tables and indexes of a store as its engine tells them: the type of each column, by name of table and of column.
#[derive(Debug, Default)]
pub struct Tables(BTreeMap<String, BTreeMap<String, String>>);

/// What is declared and not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The table of a kind. One may be there in which a column has another type: rows are made from the log, so it gives way.
    Table(RecordKind),
    /// The column of a field.
    Column(RecordKind, &'static Field),
    /// The index over these fields.
    Index(RecordKind, &'static [&'static str]),
}

impl FromIterator<(String, String, String)> for Tables {
    /// From the name of a table, the name of one of its columns, and its type; an index has no columns that count.
    fn from_iter<T: IntoIterator<Item = (String, String, String)>>(columns: T) -> Self {
        let mut tables = Self::default();
        for (table, column, ty) in columns {
            tables.0.entry(table).or_default().insert(column, ty);
        }
        tables
    }
}

impl Tables {
    /// What is missing for a kind, in the order in which it can be made. `ty` names the type of a column as the engine tells it. What
    /// stands in no declaration is left alone: a newer program may have put it there.
    #[must_use]
    pub fn missing(
        &self,
        kind: RecordKind,
        indexes: &'static [&'static [&'static str]],
        ty: impl Fn(Column) -> &'static str,
    ) -> Vec<Missing> {
        let there = self.0.get(kind.code());
        let column = |field: &Field| there.and_then(|columns| columns.get(field.name)).map(String::as_str);
        let other = |field: &Field| column(field).is_some_and(|found| found != ty(field.ty.column()));
        let anew = there.is_none() || kind.fields.iter().any(other);
        let mut missing: Vec<Missing> = if anew {
            vec![Missing::Table(kind)]
        } else {
            kind.fields.iter().filter(|field| column(field).is_none()).map(|field| Missing::Column(kind, field)).collect()
        };
        let index = |fields: &&&[&str]| anew || !self.0.contains_key(&index_name(kind, fields));
        missing.extend(indexes.iter().filter(index).map(|fields| Missing::Index(kind, fields)));
        missing
    }
}

/// The name of an index over these fields of a kind.
#[must_use]
pub fn index_name(kind: RecordKind, fields: &[&str]) -> String {
    format!("{}_by_{}", kind.code(), fields.join("_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const INDEXES: &[&[&str]] = &[&["elder"], &["canteen", "since"]];

    fn ty(column: Column) -> &'static str {
        if column == Column::Id { "BLOB" } else { "TEXT" }
    }

    fn missing(there: &[(&str, &str, &str)]) -> Vec<Missing> {
        let there: Tables = there.iter().map(|(table, column, ty)| ((*table).into(), (*column).into(), (*ty).into())).collect();
        there.missing(RecordKind::Binding, INDEXES, ty)
    }

    #[test]
    fn what_is_declared_and_not_there_is_found_and_nothing_else() {
        let kind = RecordKind::Binding;
        let all = [Missing::Table(kind), Missing::Index(kind, INDEXES[0]), Missing::Index(kind, INDEXES[1])];
        assert_eq!(missing(&[]), all);
        let mut there = vec![
            ("binding", "id", "BLOB"),
            ("binding", "later", "REAL"),
            ("binding", "elder", "BLOB"),
            ("binding", "canteen", "TEXT"),
            ("binding", "since", "TEXT"),
            ("binding", "until", "TEXT"),
            ("binding_by_elder", "", ""),
            ("binding_by_canteen_since", "", ""),
        ];
        assert_eq!(missing(&there), []);
        there.retain(|(table, column, _)| *column != "until" && *table != "binding_by_elder");
        assert_eq!(missing(&there), [Missing::Column(kind, kind.field("until").unwrap()), Missing::Index(kind, INDEXES[0])]);
        there[2].2 = "TEXT";
        assert_eq!(missing(&there), all, "a column of another type");
    }
}
