//! Values as people read them, by the type of their field: the one way for screens, lists, exports, histories and conflicts.

use super::{Field, FieldType, Fields, KeySet, Kind, Label, Language, RecordId, Value};
use crate::kinds::RecordKind;
use crate::money::Fen;
use crate::rule::{id_number::IdNumber, phone::PhoneNumber};
use jiff::civil::{Date, DateTime};
use std::cell::RefCell;
use std::collections::HashMap;

/// Who can put a name to what a field only refers to.
pub trait Names {
    /// The name of a canteen by its code.
    fn canteen(&self, code: &str) -> Option<String>;
    /// The name of a record among those of its kind.
    fn record(&self, kind: RecordKind, id: RecordId) -> Option<String>;
    /// The name of a person whose mark a change bears that was made at a time, in seconds since 1970; whoever is no author has none.
    fn person(&self, _mark: &[u8; 4], _made_at: i64) -> Option<String> {
        None
    }
}

/// Nobody: codes and ids are shown as they are.
#[derive(Clone, Copy, Debug)]
pub struct Unnamed;

impl Names for Unnamed {
    fn canteen(&self, _code: &str) -> Option<String> {
        None
    }
    fn record(&self, _kind: RecordKind, _id: RecordId) -> Option<String> {
        None
    }
}

/// Asks for each name once: a long list names the same canteens again and again.
pub struct Remembered<N> {
    names: N,
    canteens: RefCell<HashMap<String, Option<String>>>,
    records: RefCell<HashMap<(RecordKind, RecordId), Option<String>>>,
}

impl<N> std::fmt::Debug for Remembered<N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Remembered")
    }
}

impl<N: Names> Remembered<N> {
    /// Nothing was asked yet.
    #[must_use]
    pub fn new(names: N) -> Self {
        Self { names, canteens: RefCell::default(), records: RefCell::default() }
    }
}

impl<N: Names> Names for Remembered<N> {
    fn canteen(&self, code: &str) -> Option<String> {
        if let Some(known) = self.canteens.borrow().get(code) {
            return known.clone();
        }
        let name = self.names.canteen(code);
        self.canteens.borrow_mut().insert(code.to_owned(), name.clone());
        name
    }

    fn record(&self, kind: RecordKind, id: RecordId) -> Option<String> {
        self.records.borrow_mut().entry((kind, id)).or_insert_with(|| self.names.record(kind, id)).clone()
    }
}

/// Stands for what is not shown.
const HIDDEN: &str = "…";
const EMPTY: Label = Label { zh: "（空）", en: "(empty)" };
const SEALED: Label = Label { zh: "（已加密）", en: "(sealed)" };
const YES: Label = Label { zh: "是", en: "yes" };
const NO: Label = Label { zh: "否", en: "no" };

/// A value of a field in words: code words become words of the language, money gets its decimals, codes their names.
#[must_use]
pub fn in_words(field: &Field, value: &Value, language: Language, names: &dyn Names) -> String {
    match value {
        Value::Null => EMPTY.of(language).to_owned(),
        Value::Bytes(_) => SEALED.of(language).to_owned(),
        Value::Bool(yes) => if *yes { YES } else { NO }.of(language).to_owned(),
        Value::Int(fen) if field.ty == FieldType::Money => match language {
            Language::Zh => format!("{} 元", Fen(*fen)),
            Language::En => format!("¥{}", Fen(*fen)),
        },
        Value::Int(number) => number.to_string(),
        Value::Text(text) => text_in_words(field.ty, text, language, names).unwrap_or_else(|| text.to_string()),
    }
}

fn text_in_words(ty: FieldType, text: &str, language: Language, names: &dyn Names) -> Option<String> {
    match ty {
        FieldType::Words(words) => words.label(text).map(|label| label.of(language).to_owned()),
        FieldType::Division => Some(crate::division::short_name(text).to_owned()),
        FieldType::Canteen => Some(names.canteen(text).unwrap_or_else(|| match language {
            Language::Zh => format!("饭堂 {text}"),
            Language::En => format!("canteen {text}"),
        })),
        FieldType::Reference(kind) => names.record(kind, text.parse().ok()?),
        FieldType::Moment => moment_in_words(text),
        _ => None,
    }
}

/// A value of a field where it is seen by more people than need it: what is sealed shows head and tail at most.
#[must_use]
pub fn masked(field: &Field, value: &Value, language: Language, names: &dyn Names) -> String {
    let Value::Text(text) = value else { return in_words(field, value, language, names) };
    match field.ty {
        FieldType::Phone => PhoneNumber::parse(text).map_or_else(|_| HIDDEN.to_owned(), |phone| phone.masked()),
        FieldType::IdNumber => IdNumber::parse(text).map_or_else(|_| HIDDEN.to_owned(), |number| number.masked()),
        FieldType::Text if field.is_sealed() => {
            let count = text.chars().count();
            let tail: String = text.chars().skip(count.saturating_sub(4).max(3)).collect();
            format!("{}{HIDDEN}{tail}", text.chars().take(3).collect::<String>())
        }
        _ if field.is_sealed() => HIDDEN.to_owned(),
        _ => in_words(field, value, language, names),
    }
}

/// A moment to the minute, as `2026-11-22 11:58`; `None` when the text is none.
fn moment_in_words(text: &str) -> Option<String> {
    let at: DateTime = text.parse().ok()?;
    Some(format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute()))
}

/// Which record it is, with the word for its kind: 订单 1-0019 · 王桂英 · 11月22日午餐.
#[must_use]
pub fn title(kind: &Kind, called: Label, fields: &Fields, language: Language, names: &dyn Names) -> String {
    format!("{} {}", called.of(language), name(kind, fields, language, names)).trim_end().to_owned()
}

/// Which record it is, among those of its kind: 1-0019 · 王桂英 · 11月22日午餐. What is empty is left out.
#[must_use]
pub fn name(kind: &Kind, fields: &Fields, language: Language, names: &dyn Names) -> String {
    let word = |name: &str| {
        let (field, value) = (kind.field(name)?, fields.get(name)?);
        let word = match (field.ty, value) {
            (_, Value::Null) => return None,
            (FieldType::Day, Value::Text(text)) => day_in_words(text, language),
            // An id says nothing to anybody.
            (FieldType::Reference(kind), Value::Text(id)) => names.record(kind, id.parse().ok()?)?,
            _ => in_words(field, value, language, names),
        };
        Some(word).filter(|word| !word.is_empty())
    };
    let together = |entry: &&str| entry.split(' ').filter_map(|one| one.split('|').find_map(word)).collect::<String>();
    let said: Vec<String> = kind.titled_by.iter().map(together).filter(|words| !words.is_empty()).collect();
    said.join(" · ")
}

/// A day as it is said beside a meal: 11月22日.
fn day_in_words(text: &str, language: Language) -> String {
    match (text.parse::<Date>(), language) {
        (Ok(day), Language::Zh) => format!("{}月{}日", day.month(), day.day()),
        (Ok(day), Language::En) => format!("{day} "),
        (Err(_), _) => text.to_owned(),
    }
}

impl Field {
    /// The members of a set as they are counted: 3 张.
    #[must_use]
    pub fn count_in_words(&self, members: &KeySet, language: Language) -> String {
        match language {
            Language::Zh => format!("{} 张", members.len()),
            Language::En => members.len().to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::{Elder, Order};
    use crate::schema::Record;

    fn text(value: &str) -> Value {
        Value::Text(value.into())
    }

    struct Known;
    impl Names for Known {
        fn canteen(&self, code: &str) -> Option<String> {
            (code == "C001").then(|| "罗城街道长者饭堂".to_owned())
        }
        fn record(&self, kind: RecordKind, _id: RecordId) -> Option<String> {
            Some(kind.said().to_owned())
        }
    }

    #[test]
    fn each_type_has_its_words_whatever_the_field_is_called() {
        let id = "00112233445566778899aabbccddeeff";
        for (kind, field, value, zh, en) in [
            (Order::KIND, "state", text("left_at_door"), "放门口", "Left at the door"),
            (Order::KIND, "state", text("of_a_later_version"), "of_a_later_version", "of_a_later_version"),
            (Order::KIND, "price", Value::Int(1205), "12.05 元", "¥12.05"),
            (Order::KIND, "taken_at", text("2026-11-22T11:58:07"), "2026-11-22 11:58", "2026-11-22 11:58"),
            (Order::KIND, "note", text("2026-11-22T11:58:07"), "2026-11-22T11:58:07", "2026-11-22T11:58:07"),
            (Order::KIND, "canteen", text("C001"), "罗城街道长者饭堂", "罗城街道长者饭堂"),
            (Order::KIND, "canteen", text("C002"), "饭堂 C002", "canteen C002"),
            (Order::KIND, "elder", text(id), "长者", "长者"),
            (Elder::KIND, "living_alone", Value::Bool(true), "是", "yes"),
            (Elder::KIND, "diet", Value::Null, "（空）", "(empty)"),
            (Elder::KIND, "phone", Value::Bytes(vec![1]), "（已加密）", "(sealed)"),
            (
                Elder::KIND,
                "division",
                text("445302001001"),
                crate::division::short_name("445302001001"),
                crate::division::short_name("445302001001"),
            ),
        ] {
            let field = kind.field(field).unwrap();
            assert_eq!(in_words(field, &value, Language::Zh, &Known), zh, "{}", field.name);
            assert_eq!(in_words(field, &value, Language::En, &Known), en, "{}", field.name);
        }
    }

    #[test]
    fn a_record_is_called_by_what_its_kind_names() {
        let order = Fields::from([
            ("number".into(), text("1-0019")),
            ("elder_name".into(), text("王桂英")),
            ("date".into(), text("2026-11-22")),
            ("meal".into(), text("lunch")),
        ]);
        let called = |fields: &Fields, language| title(&Order::KIND, Order::KIND.title, fields, language, &Unnamed);
        assert_eq!(called(&order, Language::Zh), "订单 1-0019 · 王桂英 · 11月22日午餐");
        assert_eq!(called(&order, Language::En), "Order 1-0019 · 王桂英 · 2026-11-22 Lunch");
        assert_eq!(called(&Fields::new(), Language::Zh), "订单");
        let nameless = Fields::from([("number".into(), text("1-0019")), ("elder".into(), text("00112233445566778899aabbccddeeff"))]);
        assert_eq!(called(&nameless, Language::Zh), "订单 1-0019", "an id says nothing");
        assert_eq!(title(&Order::KIND, Order::KIND.title, &nameless, Language::Zh, &Known), "订单 1-0019 · 长者");
    }
}
