//! What stands in a column, told by its values alone: ID numbers, phones, villages, towns, days. A header is judged by it: a column whose
//! values are something else is not what its word says, and a column without a telling word may be known by its values.

use super::values::{self, Identity};
use super::{Cell, Sheet, dates};
use crate::letters::simplified;
use shared::division;
use shared::rule::phone::PhoneNumber;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Rows that are looked at.
const PROBED: usize = 160;

/// How many of a column's values are what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Profile {
    filled: u32,
    ids: u32,
    phones: u32,
    villages: u32,
    towns: u32,
    days: u32,
    digits: u32,
}

/// Names of places without blanks and the signs of their kind.
struct Places {
    villages: HashSet<String>,
    towns: HashSet<String>,
}

static PLACES: LazyLock<Places> = LazyLock::new(|| {
    let names = |length: usize| division::all().iter().filter(move |entry| entry.code.len() == length);
    let mut villages = HashSet::new();
    for entry in names(12) {
        villages.insert(entry.name.to_owned());
        let short = division::short_name(entry.code);
        villages.insert(short.to_owned());
        villages.insert(short.trim_end_matches("社区").trim_end_matches('村').to_owned());
    }
    Places { villages, towns: names(9).map(|entry| entry.name.to_owned()).collect() }
});

/// Whether a text names a village, alone or with something behind it.
pub(super) fn is_village(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).map(simplified).collect();
    if plain.chars().count() > 30 {
        return false;
    }
    let behind_town = PLACES.towns.iter().find_map(|town| plain.strip_prefix(town.as_str()));
    let plain = behind_town.unwrap_or(&plain);
    let kinds = ["社区", "村", "居委会", "村委会", "居民委员会", "村民委员会"];
    PLACES.villages.contains(plain)
        || kinds.iter().any(|kind| {
            plain.find(kind).is_some_and(|at| PLACES.villages.contains(&plain[..at]) || PLACES.villages.contains(&plain[..at + kind.len()]))
        })
}

fn is_town(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).map(simplified).collect();
    PLACES.towns.contains(&plain) || PLACES.towns.contains(&format!("{plain}镇")) || PLACES.towns.contains(&format!("{plain}街道"))
}

impl Profile {
    /// Of a column below a row of the sheet, among the first that have a value in it.
    pub(super) fn of(sheet: &Sheet, from: usize, column: u32) -> Self {
        let mut profile = Self::default();
        for row in sheet.rows().skip(from).take(2 * PROBED) {
            let cell = row.cell(column);
            if cell.is_blank() || profile.filled as usize >= PROBED {
                continue;
            }
            profile.add(cell);
        }
        profile
    }

    fn add(&mut self, cell: Cell<'_>) {
        self.filled += 1;
        let text = cell.text();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        self.digits += u32::from(digits > 0 && digits * 3 >= text.chars().count() * 2);
        self.ids += u32::from(digits >= 14 && matches!(values::identity(cell), Some(Identity::Number(_) | Identity::Both(..))));
        self.phones += u32::from(digits >= 7 && PhoneNumber::parse(&text).is_ok());
        self.days += u32::from(digits < 15 && dates::of_cell(cell).is_some());
        if digits * 2 < text.chars().count().max(1) {
            self.villages += u32::from(is_village(&text));
            self.towns += u32::from(is_town(&text));
        }
    }

    /// Whether a village is among the values.
    pub(super) fn has_villages(&self) -> bool {
        self.villages > 0
    }

    /// Whether the values are days.
    pub(super) fn are_days(&self) -> bool {
        self.days > 0 && self.days * 5 >= self.filled * 4
    }

    fn most(&self, count: u32) -> bool {
        count * 2 >= self.filled.max(1)
    }

    /// Whether the values are that, and could hardly be anything else.
    pub(super) fn is_nothing_but(&self, field: &str) -> bool {
        let nearly = |count: u32, of: u32| count > 0 && count * of >= self.filled * (of - 1);
        match field {
            "id_number" => nearly(self.ids, 4),
            "phone" => nearly(self.phones, 4) && self.ids == 0,
            "division" => self.villages > 0 && self.villages * 5 >= self.filled * 3,
            _ => false,
        }
    }

    /// Whether the values say that the column is that field, that it is not, or neither.
    pub(super) fn speaks_for(&self, field: &str) -> Option<bool> {
        if self.filled == 0 {
            return None;
        }
        let numbers = self.most(self.ids) || self.most(self.phones);
        match field {
            "id_number" if self.ids > 0 => Some(true),
            "id_number" => (self.most(self.phones) || self.most(self.villages) || self.digits == 0 && self.filled > 2).then_some(false),
            "phone" | "second_phone" | "emergency_phone" if self.phones > 0 => Some(true),
            "phone" | "second_phone" | "emergency_phone" => self.most(self.ids).then_some(false),
            "division" if self.villages > 0 => Some(true),
            "division" => (numbers || self.most(self.digits) || self.most(self.towns)).then_some(false),
            "town" if self.towns > 0 => Some(true),
            "town" => (numbers || self.most(self.digits) || self.most(self.villages)).then_some(false),
            "birth_date" if self.most(self.days) => Some(true),
            "birth_date" => numbers.then_some(false),
            "name" | "emergency_name" => (numbers || self.most(self.digits)).then_some(false),
            _ => numbers.then_some(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn villages_are_known_by_their_names() {
        for (text, expect) in [
            ("细坑社区", true),
            ("细坑", true),
            ("细坑社区居民委员会", true),
            ("細坑社區三组", true),
            ("罗城街道细坑社区", true),
            ("罗城街道", false),
            ("王冬梅", false),
            ("15元", false),
            ("", false),
        ] {
            assert_eq!(is_village(text), expect, "{text}");
        }
    }
}
