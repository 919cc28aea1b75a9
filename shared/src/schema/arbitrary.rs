//! Values of any declared kind from a seed, for the properties that hold for every kind. In no release.

use super::{Author, Field, FieldType, Fields, Scope, Value};
use crate::kinds::RecordKind;

/// Words that a careless statement, page or format would take for its own. The first has nothing that a name may not have.
pub const STATEMENTS: [&str; 12] = [
    "李'; drop table elder; --",
    "' OR '1'='1",
    "1); delete from log; --",
    "\" OR \"\"=\"",
    "x' union select name, password, null from account --",
    "name; select pg_sleep(30)",
    "-name, (select 1)",
    "rowid",
    "\\' OR 1=1 --",
    "%' OR 1=1 --",
    "$1",
    "{{7*7}}${7*7}",
];

/// Numbers from a seed.
#[derive(Clone, Copy, Debug)]
pub struct Seeded(pub u64);

impl Seeded {
    /// The next number, below `most`.
    pub fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % most.max(1)
    }

    fn of<'a>(&mut self, all: &'a [&'a str]) -> &'a str {
        let at = self.below(all.len() as u64);
        all.get(usize::try_from(at).unwrap_or(0)).copied().unwrap_or_default()
    }

    fn hex(&mut self, bytes: usize) -> String {
        (0..bytes).map(|_| format!("{:02x}", self.below(256))).collect()
    }

    /// A value of a field; a set gives one of its members.
    pub fn value(&mut self, field: &Field) -> Value {
        let text = match field.ty {
            FieldType::YesNo => return Value::Bool(self.below(2) == 1),
            FieldType::Number => return Value::Int(i64::try_from(self.below(1 << 40)).unwrap_or(0) - (1 << 39)),
            FieldType::Money => return Value::Int(i64::try_from(self.below(500_000)).unwrap_or(0)),
            FieldType::Photos => return Value::Bool(true),
            FieldType::Words(words) => {
                let codes: Vec<&str> = words.all.iter().map(|(code, _)| *code).collect();
                self.of(&codes).to_owned()
            }
            FieldType::Day => format!("20{:02}-{:02}-{:02}", self.below(90) + 10, self.below(12) + 1, self.below(28) + 1),
            FieldType::Moment => format!(
                "2026-{:02}-{:02}T{:02}:{:02}:{:02}",
                self.below(12) + 1,
                self.below(28) + 1,
                self.below(24),
                self.below(60),
                self.below(60)
            ),
            FieldType::TimeOfDay => format!("{:02}:{:02}", self.below(24), self.below(60)),
            FieldType::Phone => format!("139{:08}", self.below(100_000_000)),
            FieldType::IdNumber => {
                let born = format!("19{:02}{:02}{:02}", self.below(60) + 20, self.below(12) + 1, self.below(28) + 1);
                let first = format!("445381{born}{:03}", self.below(1_000));
                let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
                let sum: u32 = first.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
                format!("{first}{}", ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][sum as usize % 11])
            }
            FieldType::Id | FieldType::Reference(_) => self.hex(16),
            FieldType::Canteen => format!("C{:03}", self.below(5)),
            FieldType::Division => self.of(&["445381001", "445381001008", "445302001001", "4453"]).to_owned(),
            FieldType::Text | FieldType::Data => {
                let word = self.of(&["𬜯塘镇", "王桂英", "少盐\n软", "a'; --", "“引号”，逗号", "0", "=1+1", " 空 "]);
                format!("{word}{}", self.below(1_000_000))
            }
        };
        Value::Text(text.into())
    }

    /// The fields of a record of that kind: all that are required and some of the others, at that canteen and in that division.
    pub fn record(&mut self, kind: RecordKind, canteen: &str, division: &str) -> Fields {
        let mut fields = Fields::new();
        for field in kind.fields {
            if !field.required && self.below(3) == 0 {
                continue;
            }
            match (field.name, field.ty) {
                ("canteen", FieldType::Canteen) => drop(fields.insert(field.name, Value::Text(canteen.into()))),
                ("division", FieldType::Division) => drop(fields.insert(field.name, Value::Text(division.into()))),
                (name, FieldType::Photos) => {
                    for _ in 0..self.below(3) {
                        fields.insert(format!("{name}/{}", self.hex(32)), Value::Bool(true));
                    }
                }
                (name, _) => drop(fields.insert(name, self.value(field))),
            }
        }
        if (kind.scope == Scope::Named || kind.author == Author::Desk) && kind.field("canteen").is_some() {
            fields.insert("canteen", Value::Text(canteen.into()));
        }
        fields
    }
}
