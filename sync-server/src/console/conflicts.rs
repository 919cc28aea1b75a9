//! What was said differently in two places at once, as the console lists it. The decision is made at a desk; what is
//! sealed the server opens for no list.

use super::{asked_scope, signed_in};
use crate::Server;
use crate::city;
use crate::fault::Refusal;
use crate::route::SessionCookie;
use crate::store::{RecordName, Scope, StoreError, Tx};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use shared::command::ConflictLine;
use shared::conflict::{Matter, Question, elder_title, order_title, words};
use shared::console::{ConflictsQuery, ConsoleConflict, ConsoleConflicts};
use shared::division;
use shared::fault::Fault;
use shared::record::{Fields, Order, Record, RecordId, RecordKind, Value};
use shared::zh;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

pub async fn show(
    State(server): State<Server>,
    cookie: SessionCookie,
    ask: Result<Query<ConflictsQuery>, QueryRejection>,
) -> Result<Json<ConsoleConflicts>, Refusal> {
    signed_in(&server, cookie, move |parts, account| {
        let Query(ask) = ask?;
        let scope = asked_scope(parts, &account, ask.division.as_deref(), ask.canteen.as_deref())?;
        parts.store.read(|tx| Ok::<_, Refusal>(page(tx, &scope, ask.page.unwrap_or(0))?))
    })
    .await
    .map(Json)
}

impl Server {
    /// Everything that waits for a person at a canteen, in a division, or in the whole city.
    ///
    /// # Errors
    /// A [`Fault`] when the database fails.
    pub fn conflicts(&self, canteen: Option<&str>, division: Option<&str>) -> Result<Vec<ConflictLine>, Fault> {
        let all = self.0.store.read(|tx| {
            let scope = match (canteen, division) {
                (Some(code), _) => Scope::Canteen(code.to_owned()),
                (None, Some(code)) => Scope::Division(code.to_owned()),
                (None, None) => Scope::Division(city::of(tx)?),
            };
            let mut lines = Vec::new();
            for number in 0.. {
                let found = page(tx, &scope, number)?.rows;
                if found.is_empty() {
                    break;
                }
                lines.extend(found.into_iter().map(|row| row.line));
            }
            Ok::<_, Refusal>(lines)
        });
        Ok(all?)
    }
}

fn page(tx: &Tx<'_>, scope: &Scope, number: u32) -> Result<ConsoleConflicts, StoreError> {
    let (found, total) = tx.conflicts(scope, number)?;
    let (mut rows, mut matters, mut devices) = (Vec::with_capacity(found.len()), HashMap::new(), HashMap::new());
    for (name, field) in found {
        let (matter, title, place) = match matters.entry(name) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(vacant) => {
                let matter = Matter::of(name.0, RecordId(uuid::Uuid::from_bytes(name.1)), &tx.history(name.0, &name.1)?)?;
                let (title, place) = titled(tx, name)?;
                vacant.insert((matter, title, place))
            }
        };
        let Some(question) = matter.question(&field) else { continue };
        let device = |number| {
            let name = match devices.entry(number) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(vacant) => vacant.insert(tx.device_name(number)?),
            };
            Ok::<_, StoreError>(zh::device(number, name.as_deref()))
        };
        let line = matter.line(question, title.clone(), |value| value_words(tx, question, value), device)?;
        rows.push(ConsoleConflict { line, place: place.clone() });
    }
    Ok(ConsoleConflicts { rows, total })
}

fn value_words(tx: &Tx<'_>, question: &Question, value: &Value) -> Result<Result<String, String>, StoreError> {
    Ok(match value {
        Value::Bytes(_) => Err("已加密，请在饭堂或镇街办公端处理".to_owned()),
        Value::Text(code) if question.field.name == "canteen" => Ok(canteen_name(tx, code)?),
        value => Ok(words(question.field, value, |_| None)),
    })
}

fn canteen_name(tx: &Tx<'_>, code: &str) -> Result<String, StoreError> {
    Ok(tx.canteen(code)?.map_or_else(|| code.to_owned(), |place| place.name))
}

/// Whose record it is, and where: the canteen, or the village of an elder who eats at none.
fn titled(tx: &Tx<'_>, (kind, record): RecordName) -> Result<(String, String), StoreError> {
    let text = |fields: &Fields, name: &str| match fields.get(name) {
        Some(Value::Text(text)) => text.to_string(),
        _ => String::new(),
    };
    if kind == RecordKind::Elder {
        let fields = tx.row(kind, &record)?.unwrap_or_default();
        let place = match text(&fields, "canteen") {
            code if code.is_empty() => division::short_name(&text(&fields, "division")).to_owned(),
            code => canteen_name(tx, &code)?,
        };
        return Ok((elder_title(&text(&fields, "name")), place));
    }
    let Some(order) = tx.row(RecordKind::Order, &record)?.and_then(|fields| Order::from_fields(&fields).ok()) else {
        return Ok((kind.zh().to_owned(), String::new()));
    };
    let name = match order.elder_name {
        Some(name) => name,
        None => tx.elder_shown(order.elder.bytes())?.unwrap_or_default().name,
    };
    Ok((order_title(kind, &order.number, &name, order.date, order.meal), canteen_name(tx, &order.canteen)?))
}
