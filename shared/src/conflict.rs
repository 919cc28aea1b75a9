//! What was said differently in two places at once and is for a person to decide: which fields are asked about, and how
//! it is told. One way for the desk and the console, by what is declared of the fields. Who may decide, and what follows, is the
//! desk's business.

use crate::command::{ConflictChoice, ConflictRow, VersionOrigin};
use crate::crdt::{CrdtError, History, Version};
use crate::kinds::RecordKind;
use crate::schema::{Field, OnConflict, RecordId, Value};
use crate::timeline::civil;
use jiff::civil::DateTime;

/// A field in which different values stand.
#[derive(Clone, Debug)]
pub struct FieldConflict {
    /// The field.
    pub field: &'static Field,
    /// What was said, the one that is shown first.
    pub versions: Vec<Version>,
}

impl FieldConflict {
    /// Names all that stands.
    #[must_use]
    pub fn stands(&self) -> String {
        self.versions.iter().map(Version::name).collect::<Vec<_>>().join(" ")
    }

    /// When the last of it was said, in seconds.
    #[must_use]
    pub fn at(&self) -> i64 {
        self.versions.iter().map(|version| version.at).max().unwrap_or_default()
    }

    fn choices<E>(
        &self,
        mut words: impl FnMut(&Value) -> Result<Result<String, String>, E>,
        mut device: impl FnMut(u32) -> Result<String, E>,
    ) -> Result<Vec<ConflictChoice>, E> {
        let mut choices: Vec<ConflictChoice> = Vec::new();
        for version in &self.versions {
            let (read, by) = (words(&version.value)?, VersionOrigin { device: device(version.device())?, at: version_at(version) });
            match choices.iter_mut().find(|choice| read.as_ref().is_ok_and(|words| choice.words == *words)) {
                Some(choice) => choice.versions.push(by),
                None => {
                    let words = read.unwrap_or_else(|instead| instead);
                    choices.push(ConflictChoice { name: version.name(), words, versions: vec![by], refused: None });
                }
            }
        }
        Ok(choices)
    }
}

/// A record about which people may be asked. Its history is read once for all of its fields.
#[derive(Debug)]
pub struct ConflictedRecord {
    /// The kind of the record.
    pub kind: RecordKind,
    /// The record.
    pub record: RecordId,
    /// What was said of it.
    pub history: History,
    conflicts: Vec<FieldConflict>,
}

impl ConflictedRecord {
    /// From the changes of the record.
    ///
    /// # Errors
    /// When they do not merge.
    pub fn of<B: AsRef<[u8]>>(kind: RecordKind, record: RecordId, changes: &[B]) -> Result<Self, CrdtError> {
        let history = History::of(changes)?;
        let conflicts = conflicts(kind, &history);
        Ok(Self { kind, record, history, conflicts })
    }

    /// What is to be decided about a field.
    #[must_use]
    pub fn conflict(&self, field: &str) -> Option<&FieldConflict> {
        self.conflicts.iter().find(|conflict| conflict.field.name == field)
    }

    /// The line for people; the same words by several stand once. `words` gives what to say instead of a value that can't be
    /// read here as an inner error; nobody knows whether such a one is like another.
    ///
    /// # Errors
    /// Those of `words` and `device`.
    pub fn row<E>(
        &self,
        conflict: &FieldConflict,
        title: String,
        words: impl FnMut(&Value) -> Result<Result<String, String>, E>,
        device: impl FnMut(u32) -> Result<String, E>,
    ) -> Result<ConflictRow, E> {
        Ok(ConflictRow {
            kind: self.kind,
            record: self.record,
            field: conflict.field.name.to_owned(),
            title,
            label: conflict.field.label.said().to_owned(),
            choices: conflict.choices(words, device)?,
            stands: conflict.stands(),
        })
    }
}

/// What is to be decided in a record. What follows from another field, or has no meaning beside it, is decided with that one.
#[must_use]
pub fn conflicts(kind: RecordKind, history: &History) -> Vec<FieldConflict> {
    if !history.forked() || !kind.is_asked() {
        return Vec::new();
    }
    let (mut conflicts, shown) = (history.conflicts(), history.fields());
    let settled_with_another = |field: &Field| {
        field.only_with.is_some_and(|(other, code)| conflicts.contains_key(other) || shown.get(other) != Some(&Value::Text(code.into())))
    };
    let asked: Vec<&'static Field> =
        kind.fields.iter().filter(|field| field.on_conflict == OnConflict::Asked && !settled_with_another(field)).collect();
    let stands = |field: &'static Field| {
        let mut versions = conflicts.remove(field.name)?;
        if let Some(begins) = field.begins_with {
            versions.retain(|version| version.value != Value::Text(begins.into()));
        }
        let differ = versions.iter().any(|version| version.value != versions[0].value);
        differ.then_some(FieldConflict { field, versions })
    };
    asked.into_iter().filter_map(stands).collect()
}

/// When something was said, in civil time of China.
#[must_use]
pub fn version_at(version: &Version) -> DateTime {
    civil(version.at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::{ActorId, first_change, next_change};
    use crate::schema::{Fields, Language, Unnamed, in_words};

    fn text(value: &str) -> Value {
        Value::Text(value.into())
    }

    fn actor(device: u8) -> ActorId {
        ActorId::from([0, 0, 0, device, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9])
    }

    /// The history of a record that devices 1, 2, … edit without hearing of each other, and what is asked of people.
    fn apart(kind: RecordKind, first: &[(&str, &str)], edits: &[&[(&str, &str)]]) -> (History, Vec<FieldConflict>) {
        let fields = |pairs: &[(&str, &str)]| pairs.iter().map(|(key, value)| ((*key).into(), text(value))).collect::<Fields>();
        let mut all = vec![first_change(&actor(9), &fields(first), 1).bytes];
        for (device, edit) in (1..).zip(edits) {
            all.push(next_change(&actor(device), &all[..1], &fields(edit), 10 + i64::from(device)).unwrap().bytes);
        }
        let history = History::of(&all).unwrap();
        let asked = conflicts(kind, &history);
        (history, asked)
    }

    fn asked(kind: RecordKind, first: &[(&str, &str)], edits: &[&[(&str, &str)]]) -> Vec<&'static str> {
        apart(kind, first, edits).1.iter().map(|conflict| conflict.field.name).collect()
    }

    #[test]
    fn people_are_asked_only_what_is_theirs_to_decide() {
        use RecordKind::{Binding, Elder, Order, Receipt};
        let placed = [("state", "placed"), ("state_at", "0")];
        for (what, found, expect) in [
            ("different fields merge", asked(Elder, &[("name", "王")], &[&[("note", "a")], &[("diet", "b")]]), vec![]),
            ("the same said twice", asked(Elder, &[("name", "王")], &[&[("note", "a")], &[("note", "a")]]), vec![]),
            ("one field, two values", asked(Elder, &[("name", "王")], &[&[("note", "a")], &[("note", "b")]]), vec!["note"]),
            ("what a list said", asked(Elder, &[("name", "王")], &[&[("last_imported", "a")], &[("last_imported", "b")]]), vec![]),
            ("a field of a newer version", asked(Elder, &[("name", "王")], &[&[("later", "a")], &[("later", "b")]]), vec![]),
            (
                "delivered twice, at two times",
                asked(Order, &placed, &[&[("state", "delivered"), ("state_at", "1")], &[("state", "delivered"), ("state_at", "2")]]),
                vec![],
            ),
            (
                "a reason goes with its state",
                asked(
                    Order,
                    &placed,
                    &[&[("state", "not_delivered"), ("reason", "refused")], &[("state", "delivered"), ("reason", "other")]],
                ),
                vec!["state"],
            ),
            (
                "two reasons of one state",
                asked(
                    Order,
                    &placed,
                    &[&[("state", "not_delivered"), ("reason", "refused")], &[("state", "not_delivered"), ("reason", "other")]],
                ),
                vec!["reason"],
            ),
            (
                "receipts",
                asked(
                    Receipt,
                    &[("order", "1")],
                    &[&[("seen", "well"), ("recorded_at", "1")], &[("seen", "unseen"), ("recorded_at", "2")]],
                ),
                vec!["seen"],
            ),
            ("bindings follow the file", asked(Binding, &[("canteen", "1")], &[&[("until", "1")], &[("until", "2")]]), vec![]),
        ] {
            assert_eq!(found, expect, "{what}");
        }
    }

    /// As two desks that are apart make one order of a standing meal, and one of them goes on with it.
    #[test]
    fn who_said_more_is_not_contradicted_by_how_a_record_begins() {
        let order = |device: u8, more: &[(&str, &str)]| {
            let mut fields =
                Fields::from([("state".into(), text("placed")), ("state_at".into(), text("1")), ("taken_at".into(), text("1"))]);
            fields.extend(more.iter().map(|(name, value)| ((*name).into(), text(value))));
            first_change(&actor(device), &fields, 1).bytes
        };
        let (plain, full) = (order(1, &[]), order(2, &[("dish", "软饭"), ("note", "少盐")]));
        let moved =
            |device: u8, to: &str| next_change(&actor(device), &[&plain], &Fields::from([("state".into(), text(to))]), 2).unwrap().bytes;
        let standing = |changes: &[Vec<u8>]| {
            let history = History::of(changes).unwrap();
            (history.fields().get("state").cloned(), conflicts(RecordKind::Order, &history).iter().any(|one| one.field.name == "state"))
        };
        let (cancelled, prepared) = (moved(1, "cancelled"), moved(3, "prepared"));
        assert_eq!(standing(&[plain.clone(), full.clone()]), (Some(text("placed")), false));
        assert_eq!(standing(&[plain.clone(), full.clone(), cancelled.clone()]), (Some(text("cancelled")), false));
        assert!(standing(&[plain, full, cancelled, prepared]).1, "two people said different things");
    }

    #[test]
    fn the_same_words_are_one_choice_and_the_shown_one_comes_first() {
        let (history, asked) = apart(RecordKind::Elder, &[("name", "王")], &[&[("diet", "少盐")], &[("diet", "素")], &[("diet", "少盐")]]);
        let conflict = &asked[0];
        let device = |device| Ok::<_, ()>(format!("{device}号电脑"));
        let choices = conflict.choices(|value| Ok(Ok(in_words(conflict.field, value, Language::Zh, &Unnamed))), device).unwrap();
        let told: Vec<(String, Vec<String>)> =
            choices.into_iter().map(|choice| (choice.words, choice.versions.into_iter().map(|by| by.device).collect())).collect();
        let expect =
            |words: &str, devices: &[&str]| (words.to_owned(), devices.iter().map(|device| (*device).to_owned()).collect::<Vec<_>>());
        assert_eq!(told, [expect("少盐", &["3号电脑", "1号电脑"]), expect("素", &["2号电脑"])]);
        assert_eq!(history.fields()["diet"], text("少盐"));
        assert_eq!((conflict.at(), conflict.versions[0].device(), conflict.stands().split(' ').count()), (13, 3, 3));
        let unread = conflict.choices(|_| Ok(Err("已加密".to_owned())), device).unwrap();
        assert_eq!(unread.len(), 3, "nobody knows whether they are alike");
        let state = apart(
            RecordKind::Order,
            &[("state", "placed")],
            &[&[("state", "delivered"), ("state_at", "1")], &[("state", "cancelled"), ("state_at", "2")]],
        );
        let beside = |version: &Version| state.0.beside(version, "state_at").cloned();
        assert_eq!(state.1[0].versions.iter().map(beside).collect::<Vec<_>>(), [Some(text("2")), Some(text("1"))]);
    }
}
