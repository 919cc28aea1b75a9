//! What happened to a record, in words, from its changes: one way for the desk and the console, by what is declared of the
//! fields. The words of values stand in `schema/in_words.rs`.

use crate::command::TimelineEntry;
use crate::crdt::{self, CrdtError};
use crate::kinds::RecordKind;
use crate::schema::{Column, Fields, KeySet, Language, Names, Value, in_words};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// A change as a log keeps it.
#[derive(Clone, Copy, Debug)]
pub struct LoggedChange<'a> {
    /// The kind of its record.
    pub kind: RecordKind,
    /// Its automerge bytes.
    pub bytes: &'a [u8],
    /// It waits for the server.
    pub unsent: bool,
}

/// The changes of one record, or of an order and its receipt, oldest first by the time at which the
/// device made them.
///
/// # Errors
/// [`CrdtError`] when some bytes are no change.
pub fn timeline(changes: &[LoggedChange<'_>], language: Language, names: &dyn Names) -> Result<Vec<TimelineEntry>, CrdtError> {
    let mut made = Vec::with_capacity(changes.len());
    for change in changes {
        let decoded = crdt::decode(change.bytes)?;
        let by = decoded.person().and_then(|mark| names.person(mark.bytes(), decoded.made_at()));
        made.push((decoded.made_at(), decoded.touched(), by, change));
    }
    made.sort_by_key(|(at, ..)| *at);
    let mut before = Fields::new();
    let mut entries = Vec::new();
    for (at, touched, by, change) in made {
        let words = words(change.kind, &before, &touched, language, names);
        before.extend(touched);
        if !words.is_empty() {
            entries.push(TimelineEntry { at: civil(at), words, unsent: change.unsent, by });
        }
    }
    Ok(entries)
}

fn words(kind: RecordKind, before: &Fields, touched: &Fields, language: Language, names: &dyn Names) -> Vec<String> {
    let mut words = Vec::new();
    for field in kind.fields.iter().filter(|field| !field.silent) {
        let label = field.label.of(language);
        if field.ty.column() == Column::Set {
            let added: KeySet = touched.members(field.name).map(str::to_owned).collect();
            if !added.is_empty() {
                let plus = match language {
                    Language::Zh => "加",
                    Language::En => "+",
                };
                words.push(format!("{label} {plus} {}", field.count_in_words(&added, language)));
            }
            continue;
        }
        let Some(new) = touched.get(field.name) else { continue };
        let shown = |value: &Value| if field.is_sealed() { "…".to_owned() } else { in_words(field, value, language, names) };
        match before.get(field.name).filter(|old| **old != Value::Null) {
            Some(old) if old != new => words.push(format!("{label} {} → {}", shown(old), shown(new))),
            None if *new != Value::Null => words.push(format!("{label} {}", shown(new))),
            _ => {}
        }
    }
    words
}

/// Civil time of China.
pub(crate) fn civil(seconds: i64) -> DateTime {
    let at = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(TimeZone::fixed(Offset::constant(8))).datetime()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::{ActorId, first_change, next_change};
    use crate::schema::Unnamed;

    fn text(value: &str) -> Value {
        Value::Text(value.into())
    }

    #[test]
    fn a_timeline_is_told_in_the_order_in_which_it_happened() {
        let actor = ActorId::from([7; 16]);
        let placed =
            Fields::from([("state".into(), text("placed")), ("price".into(), Value::Int(1200)), ("number".into(), text("1-0019"))]);
        let first = first_change(&actor, &placed, 100).bytes;
        let delivered = Fields::from([("state".into(), text("delivered")), ("state_at".into(), text("1970-01-01T00:00:00"))]);
        let second = next_change(&actor, std::slice::from_ref(&first), &delivered, 200).unwrap().bytes;
        let receipt = Fields::from([("photos/ab".into(), Value::Bool(true)), ("arrived_at".into(), text("2026-11-22T11:58:00"))]);
        let receipt = first_change(&actor, &receipt, 150).bytes;
        let logged = |kind, bytes| LoggedChange { kind, bytes, unsent: false };
        let changes = [
            logged(RecordKind::Order, second.as_slice()),
            logged(RecordKind::Receipt, receipt.as_slice()),
            logged(RecordKind::Order, first.as_slice()),
        ];
        let told = |language| -> Vec<Vec<String>> {
            timeline(&changes, language, &Unnamed).unwrap().into_iter().map(|entry| entry.words).collect()
        };
        assert_eq!(told(Language::En)[2], ["State Placed → Delivered"]);
        assert_eq!(
            told(Language::Zh),
            [
                vec!["餐费 12.00 元".to_owned(), "状态 已下单".to_owned()],
                vec!["送达时间 2026-11-22 11:58".to_owned(), "照片 加 1 张".to_owned()],
                vec!["状态 已下单 → 已送达".to_owned()],
            ]
        );
    }
}
