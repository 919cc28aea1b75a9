//! The cases from the field against `right.json`: elder by elder what each file says, or how it is refused.

use super::tests::{Parsed, judge_against, read_as, sample};
use super::{Choices, Judged};
use crate::search::{ElderIndex, SearchEntry};
use serde_json::Value as Json;
use shared::command::{Bucket, ListChoice};
use shared::division::short_name;
use shared::schema::{RecordId, Value};
use std::collections::HashMap;

fn text(elder: &super::OfficeElder, field: &str) -> String {
    match elder.fields.get(field) {
        Some(Value::Text(text)) => text.to_string(),
        Some(Value::Bool(yes)) => yes.to_string(),
        _ => String::new(),
    }
}

/// Everything that a person reads about a file.
fn said(list: &Parsed, judged: &[Judged]) -> String {
    let rows = judged.iter().map(|judged| judged.row.message.clone());
    list.left.iter().map(|left| left.message.clone()).chain(rows).collect::<Vec<_>>().join("\n")
}

fn words(case: &Json, name: &str) -> Vec<String> {
    case[name].as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
}

/// What is wrong with a case; nothing if it fares as it should.
fn wrong_with(case: &Json) -> Vec<String> {
    let path = sample(&format!("cases/{}", case["file"].as_str().unwrap()));
    let read = |choices| read_as(&path, case["scope"].as_str().unwrap(), &choices);
    let list = match read(Choices::default()) {
        // Somebody looks at the columns of a list without a header, and says that they are right.
        Ok(list) if list.lists.all_without_header() => {
            let now = list.file.sheets.iter().map(|sheet| ListChoice::Sheet { sheet: sheet.name.clone(), take: true }).collect();
            read(Choices { now, ..Choices::default() }).unwrap()
        }
        Ok(list) => list,
        Err(fault) => {
            let said = format!("{} {}", fault.happened, fault.next_step);
            let honest = ["refused_any", "refused_or_elders"].iter().flat_map(|name| words(case, name)).any(|word| said.contains(&word));
            return if honest { Vec::new() } else { vec![said] };
        }
    };
    let judged = judge_against(&list.rows, &HashMap::new());
    let said = said(&list, &judged);
    let mut wrong = Vec::new();
    let by_id: HashMap<String, &super::OfficeElder> = list
        .rows
        .iter()
        .filter_map(|row| row.elder.as_ref().ok())
        .filter_map(|elder| Some((elder.id_number.as_ref()?.as_str().to_owned(), elder)))
        .collect();
    let mentioned = words(case, "or_mentions");
    for expect in case["elders"].as_array().into_iter().flatten() {
        let id = expect["id"].as_str().unwrap();
        let Some(elder) = by_id.get(id) else {
            if mentioned.is_empty() || !mentioned.iter().all(|word| said.contains(word)) {
                wrong.push(format!("{id} is not taken"));
            }
            continue;
        };
        for (field, value) in expect.as_object().unwrap() {
            let found = match field.as_str() {
                "id" => continue,
                "village" => short_name(&text(elder, "division")).to_owned(),
                "emergency_tail" => {
                    let found = text(elder, "emergency_phone");
                    let digits: String = found.chars().filter(char::is_ascii_digit).collect();
                    if digits.is_empty() || digits.ends_with(value.as_str().unwrap()) { value.as_str().unwrap().to_owned() } else { found }
                }
                field => text(elder, field),
            };
            let expected = value.as_str().map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned);
            if found != expected {
                wrong.push(format!("{id}: {field} is {found}, not {expected}"));
            }
        }
    }
    wrong.extend(words(case, "absent").into_iter().filter(|id| by_id.contains_key(id)).map(|id| format!("{id} is taken")));
    for (row, bucket) in case["rows"].as_object().into_iter().flatten() {
        let fits = |judged: &&Judged| {
            judged.row.row.to_string() == *row && judged.row.bucket == if bucket == "new" { Bucket::New } else { Bucket::Error }
        };
        if !judged.iter().any(|judged| fits(&judged)) {
            wrong.push(format!("row {row} is not {bucket}"));
        }
    }
    if let Some(word) = case["error_mentions"].as_str() {
        let all = judged.iter().filter(|judged| judged.row.bucket == Bucket::Error).all(|judged| judged.row.message.contains(word));
        wrong.extend((!all).then(|| format!("no word of {word}")));
    }
    if case["found_by_name"] == Json::Bool(true) {
        let mut index = ElderIndex::default();
        for (at, elder) in by_id.values().enumerate() {
            let id = RecordId(uuid::Uuid::from_u128(at as u128));
            index.insert(SearchEntry { id, name: text(elder, "name"), phones: Vec::new(), id_number: None });
        }
        for expect in case["elders"].as_array().into_iter().flatten() {
            if index.find(expect["name"].as_str().unwrap(), 9).is_empty() {
                wrong.push(format!("{} is not found", expect["name"]));
            }
        }
    }
    wrong.into_iter().map(|wrong| format!("{wrong}\n    {said}")).collect()
}

#[test]
fn every_case_from_the_field_fares_as_it_should() {
    let right: Json = serde_json::from_str(&std::fs::read_to_string(sample("cases/right.json")).unwrap()).unwrap();
    let cases = right["lists"].as_array().unwrap();
    assert_eq!(cases.len(), 38);
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| Some((case["file"].as_str()?, wrong_with(case))))
        .filter(|(_, wrong)| !wrong.is_empty())
        .map(|(file, wrong)| format!("{file}:\n  {}", wrong.join("\n  ")))
        .collect();
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
