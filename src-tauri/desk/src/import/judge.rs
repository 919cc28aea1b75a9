//! What an import would do to each elder. The office's word counts where nobody in the field has
//! said otherwise since the office's last list; what the field changed stays and is named.

use super::values::is_broken;
use super::{OfficeElder, ParsedRow};
use shared::command::{Bucket, ImportRow};
use shared::kinds::{ElderStatus, RecordKind};
use shared::say;
use shared::schema::{Field, FieldType, FieldValue, Fields, RecordId, Unnamed, Value, masked};
use shared::words::language;

/// An elder that has a file already.
#[derive(Clone, Debug)]
pub struct Known {
    /// The file.
    pub id: RecordId,
    /// Its fields as they stand, unsealed.
    pub fields: Fields,
    /// Its changes do not merge: nothing can be changed in it.
    pub quarantined: bool,
}

/// A row and what is to be done.
#[derive(Clone, Debug)]
pub struct Judged {
    /// For people.
    pub row: ImportRow,
    /// For the journal.
    pub act: ImportAction,
}

/// What is to be done for a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportAction {
    /// A new file with these fields; its id is for the caller to make.
    Create(Fields),
    /// New values in a known file.
    Change {
        /// The file.
        id: RecordId,
        /// The fields that change.
        changes: Fields,
    },
    /// Nothing.
    Nothing,
}

/// Judges a row; `known` is the file of its elder, when there is one.
#[must_use]
pub fn judge(row: &ParsedRow, known: Option<&Known>) -> Judged {
    let shown = |bucket, code: &str, words: &[String], columns| {
        let message = say!(import::sentences(words));
        ImportRow { sheet: String::new(), row: row.row, bucket, code: code.to_owned(), message, name: row.name.clone(), columns }
    };
    let nothing = |row| Judged { row, act: ImportAction::Nothing };
    let elder = match &row.elder {
        Err(problems) => {
            // Who is said to be gone once more, and whose file says so, is asked about no more.
            let closed = row
                .asked
                .as_ref()
                .and_then(|asked| asked.gone.as_ref())
                .filter(|gone| known.is_some_and(|known| status_of(known) == Some(gone.status)));
            if closed.is_some() && problems.iter().all(|problem| problem.code == "gone") {
                return nothing(shown(Bucket::Same, "gone", &[say!(import::CLOSED_BEFORE).to_owned()], Vec::new()));
            }
            let words: Vec<String> = problems.iter().map(|problem| problem.message.clone()).collect();
            let columns = problems.iter().filter_map(|problem| problem.column).collect();
            let code = problems.first().map_or("bad_value", |problem| problem.code);
            return nothing(shown(Bucket::Error, code, &words, columns));
        }
        Ok(elder) => elder,
    };
    let notes = elder.notes.clone();
    match known {
        None if garbled(&row.name) => {
            let columns = row.name_column.into_iter().collect();
            nothing(shown(Bucket::Error, "name_garbled", &[say!(import::NAME_GARBLED).to_owned()], columns))
        }
        None if elder.closes => nothing(shown(Bucket::Same, "gone", &[say!(import::NO_FILE_TO_CLOSE).to_owned()], Vec::new())),
        None => Judged { row: shown(Bucket::New, "new", &notes, Vec::new()), act: ImportAction::Create(created(elder)) },
        Some(known) => {
            let mut verdict = if elder.closes { closing(elder, known) } else { compare(elder, &known.fields) };
            let status = status_of(known);
            if !elder.closes && status == Some(ElderStatus::Withdrawn) {
                ElderStatus::Active.put("status", &mut verdict.changes);
                verdict.back = true;
                verdict.words.insert(0, say!(import::BROUGHT_BACK).to_owned());
            } else if let Some(status) =
                status.filter(|status| !elder.closes && matches!(status, ElderStatus::Deceased | ElderStatus::Moved))
            {
                verdict.words.insert(0, say!(import::file_is_closed(status)));
                verdict.kept = true;
            }
            if known.quarantined && !verdict.changes.is_empty() {
                return nothing(shown(Bucket::Error, "quarantined", &[say!(import::ROW_QUARANTINED).to_owned()], Vec::new()));
            }
            verdict.words.extend(notes);
            let row = shown(verdict.bucket(), verdict.code(), &verdict.words, Vec::new());
            let act = if verdict.changes.is_empty() {
                ImportAction::Nothing
            } else {
                ImportAction::Change { id: known.id, changes: verdict.changes }
            };
            Judged { row, act }
        }
    }
}

fn status_of(known: &Known) -> Option<ElderStatus> {
    ElderStatus::of(&known.fields)
}

/// A file that the list says to close.
fn closing(elder: &OfficeElder, known: &Known) -> Verdict {
    let mut verdict = Verdict::default();
    if let Some(gone) = elder.gone.as_ref().filter(|gone| status_of(known) != Some(gone.status)) {
        gone.status.put("status", &mut verdict.changes);
        verdict.words.push(say!(import::file_closed(gone.status)));
        verdict.updated = true;
    }
    verdict
}

fn created(elder: &OfficeElder) -> Fields {
    let mut fields = elder.fields.clone();
    ElderStatus::Active.put("status", &mut fields);
    json(&merged(Fields::new(), elder)).put("last_imported", &mut fields);
    fields
}

/// How a known elder fares.
#[derive(Default)]
struct Verdict {
    changes: Fields,
    words: Vec<String>,
    updated: bool,
    kept: bool,
    /// The file was withdrawn, and is brought back.
    back: bool,
}

impl Verdict {
    fn bucket(&self) -> Bucket {
        match (self.back, self.updated) {
            (true, _) => Bucket::New,
            (false, true) => Bucket::Update,
            (false, false) => Bucket::Same,
        }
    }

    fn code(&self) -> &'static str {
        match (self.kept, self.updated) {
            _ if self.back => "brought_back",
            (true, _) => "field_kept",
            (false, true) => "update",
            (false, false) => "same",
        }
    }
}

fn compare(elder: &OfficeElder, current: &Fields) -> Verdict {
    let before = last_imported(current);
    let mut verdict = Verdict::default();
    for field in RecordKind::Elder.fields {
        let Some(given) = elder.fields.get(field.name) else { continue };
        let now = current.get(field.name).filter(|value| **value != Value::Null);
        if now.is_some() && is_garbled(field.name, given) {
            verdict.words.push(say!(import::NAME_KEPT).to_owned());
            continue;
        }
        let said = before.get(field.name);
        if now == Some(given) || (now.is_some() && is_town(field.name, given)) {
            continue;
        }
        // A file that nobody filled says no; only a no after an office's word is the field's own.
        let now = now.filter(|value| said.is_some() || **value != Value::Bool(false));
        if now == said {
            verdict.words.push(changed(field, now, given));
            verdict.changes.insert(field.name.to_owned(), given.clone());
            verdict.updated = true;
        } else {
            verdict.words.push(kept(field, now, given));
            verdict.kept = true;
        }
    }
    let after = merged(before.clone(), elder);
    if after != before {
        json(&after).put("last_imported", &mut verdict.changes);
    }
    verdict
}

/// Whether an encoding without rare characters has lost some: it writes a question mark instead.
fn garbled(name: &str) -> bool {
    name.contains('?') || is_broken(name)
}

fn is_garbled(field: &str, given: &Value) -> bool {
    field == "name" && matches!(given, Value::Text(name) if garbled(name))
}

/// Whether the list only gives the town, which says less than a known village.
fn is_town(field: &str, given: &Value) -> bool {
    field == "division" && matches!(given, Value::Text(code) if code.len() < 12)
}

/// What the last lists said; an unreadable text says nothing.
fn last_imported(current: &Fields) -> Fields {
    match current.get("last_imported") {
        Some(Value::Text(json)) => serde_json::from_str(json).unwrap_or_default(),
        _ => Fields::new(),
    }
}

/// This list over the former ones. The ID number names the elder and is not repeated.
fn merged(mut last_imported: Fields, elder: &OfficeElder) -> Fields {
    for (field, given) in elder.fields.iter().filter(|(field, _)| *field != "id_number") {
        let says_less = is_garbled(field, given) || (is_town(field, given) && last_imported.contains_key(field));
        if !says_less {
            last_imported.insert(field.clone(), given.clone());
        }
    }
    last_imported
}

fn json(last_imported: &Fields) -> String {
    serde_json::to_string(last_imported).unwrap_or_default()
}

/// Whether any two values look alike where they are shown.
fn hides(field: &Field) -> bool {
    field.is_sealed() && matches!(field.ty, FieldType::Words(_))
}

fn changed(field: &Field, now: Option<&Value>, given: &Value) -> String {
    match now {
        // Sealed words would look alike on both sides of the arrow.
        _ if hides(field) => say!(import::changed_unseen(field.label)),
        None => say!(import::filled_in(field.label, &shown(field, given))),
        Some(now) => format!("{} {} → {}", field.label.said(), shown(field, now), shown(field, given)),
    }
}

fn kept(field: &Field, now: Option<&Value>, given: &Value) -> String {
    match now {
        _ if hides(field) => say!(import::kept_unseen(field.label)),
        None => say!(import::kept_empty(field.label, &shown(field, given))),
        Some(now) => say!(import::kept(field.label, &shown(field, given), &shown(field, now))),
    }
}

/// A value for people; what is sealed shows head and tail at most.
fn shown(field: &Field, value: &Value) -> String {
    masked(field, value, language(), &Unnamed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(values: &[(&str, &str)]) -> Fields {
        values
            .iter()
            .map(|(field, value)| {
                (
                    (*field).into(),
                    if *value == "true" {
                        Value::Bool(true)
                    } else if *value == "false" {
                        Value::Bool(false)
                    } else {
                        Value::Text((*value).into())
                    },
                )
            })
            .collect()
    }

    fn verdict(current: &[(&str, &str)], last_imported: &[(&str, &str)], given: &[(&str, &str)]) -> (Bucket, String, String, Vec<String>) {
        let mut now = fields(current);
        json(&fields(last_imported)).put("last_imported", &mut now);
        let elder = OfficeElder { fields: fields(given), ..OfficeElder::default() };
        let row = ParsedRow { list: 0, row: 4, name: "王冬梅".into(), name_column: None, elder: Ok(elder), asked: None };
        let id = RecordId(uuid::Uuid::nil());
        let judged = judge(&row, Some(&Known { id, fields: now.clone(), quarantined: false }));
        let changes = match judged.act {
            ImportAction::Change { changes, .. } => changes.keys().map(ToString::to_string).collect(),
            _ => Vec::new(),
        };
        (judged.row.bucket, judged.row.code, judged.row.message, changes)
    }

    #[test]
    fn who_said_it_last_decides() {
        const OLD: &str = "18773589597";
        const NEW: &str = "13900000000";
        const FIELD: &str = "13613613613";
        let phone = |value: &'static str| vec![("phone", value)];
        for (what, now, last_imported, given, bucket, code, changes) in [
            ("nothing new", phone(OLD), phone(OLD), phone(OLD), Bucket::Same, "same", vec![]),
            ("the office has news", phone(OLD), phone(OLD), phone(NEW), Bucket::Update, "update", vec!["last_imported", "phone"]),
            ("nobody knew", vec![], vec![], phone(NEW), Bucket::Update, "update", vec!["last_imported", "phone"]),
            ("the field changed, the office did not", phone(FIELD), phone(OLD), phone(OLD), Bucket::Same, "field_kept", vec![]),
            ("both changed", phone(FIELD), phone(OLD), phone(NEW), Bucket::Same, "field_kept", vec!["last_imported"]),
            ("both changed to the same", phone(NEW), phone(OLD), phone(NEW), Bucket::Same, "same", vec!["last_imported"]),
            ("the canteen entered it", phone(FIELD), vec![], phone(NEW), Bucket::Same, "field_kept", vec!["last_imported"]),
            ("the field cleared it", vec![], phone(OLD), phone(OLD), Bucket::Same, "field_kept", vec![]),
            ("an empty cell", phone(OLD), phone(OLD), vec![], Bucket::Same, "same", vec![]),
            (
                "a no nobody said",
                vec![("delivery_need", "false")],
                vec![],
                vec![("delivery_need", "true")],
                Bucket::Update,
                "update",
                vec!["delivery_need", "last_imported"],
            ),
            (
                "a no of the field",
                vec![("delivery_need", "false")],
                vec![("delivery_need", "true")],
                vec![("delivery_need", "true")],
                Bucket::Same,
                "field_kept",
                vec![],
            ),
            (
                "only the town",
                vec![("division", "445381001008")],
                vec![("division", "445381001008")],
                vec![("division", "445381001")],
                Bucket::Same,
                "same",
                vec![],
            ),
        ] {
            let found = verdict(&now, &last_imported, &given);
            assert_eq!((found.0, found.1.as_str()), (bucket, code), "{what}: {}", found.2);
            assert_eq!(found.3, changes, "{what}");
        }
    }

    #[test]
    fn messages_name_and_mask() {
        let (_, _, message, _) = verdict(
            &[("phone", "13613613613"), ("address", "细坑路117号403房"), ("division", "445381001008")],
            &[("phone", "18773589597"), ("address", "细坑路117号403房"), ("division", "445381001008")],
            &[("phone", "13900000000"), ("address", "东区路1号"), ("division", "445381001002"), ("diet", "忌辣")],
        );
        assert!(message.contains("电话：名单为 139****0000，现场已改为 136****3613，保留现场"), "{message}");
        assert!(message.contains("村社区 细坑社区 → 东区社区"), "{message}");
        assert!(message.contains("饮食禁忌 补为 忌辣") && !message.contains("117号"), "{message}");
    }

    #[test]
    fn a_new_elder_remembers_what_the_list_said() {
        let elder = OfficeElder {
            fields: fields(&[("name", "王冬梅"), ("living_alone", "true"), ("id_number", "11010519491231002X")]),
            ..OfficeElder::default()
        };
        let created = created(&elder);
        assert_eq!(created.get("status"), Some(&Value::Text("active".into())));
        assert_eq!(created.get("last_imported"), Some(&Value::Text(r#"{"living_alone":true,"name":"王冬梅"}"#.into())));
    }
}
