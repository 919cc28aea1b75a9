//! Lists of the console: a page and a workbook of each, by its spec. Rows are those of the account's scope; what a list says beside records,
//! the server tells. No kind is named but where that is told.

use super::clerk::{Clerk, signed_in};
use super::names::Named;
use super::{alarms, answers, asked_scope, audit, conflicts, export, scope_of};
use crate::audit::{Event, Place, noted_filter};
use crate::clock::civil;
use crate::counted::Share;
use crate::fault::{Refusal, not_found, wrong_in_address};
use crate::route::{Act, Operation, Route, Workbook};
use crate::store::{AccountRow, Reading, StoreError, Tx};
use crate::{Parts, Server, secret};
use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::routing::MethodFilter;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use shared::fault::{Code, Fault};
use shared::kinds::{AuditDetail, AuditEvent};
use shared::list::{AFTER, BEFORE, End, Filter, ListColumn, ListPage, ListRecord, ListRow, ListSpec, RecordPhotos};
use shared::schema::{FieldType, Fields, Language, RecordId, Remembered, language};
use shared::timeline::{LoggedChange, timeline};
use shared::workbook::{ListBook, Watermark};
use shared::{fault, say};

/// What the server knows of the rows of lists beside records.
type Tell = fn(&Parts, &Tx<'_>, &mut [ListRow]) -> Result<(), Refusal>;
const TOLD: &[(&str, Tell)] = &[("devices", answers::tell_of_devices)];

#[derive(Deserialize)]
struct OfList {
    id: RecordId,
}

type RecordPath = Result<Path<OfList>, PathRejection>;
fn tell(parts: &Parts, tx: &Tx<'_>, list: &ListSpec, rows: &mut [ListRow]) -> Result<(), Refusal> {
    TOLD.iter().find(|(told, _)| *told == list.name).map_or(Ok(()), |(_, tell)| tell(parts, tx, rows))
}

/// Lists that are made by hand: a page as it is asked for.
type ByHand = fn(&Parts, &Tx<'_>, &Reading) -> Result<ListPage, Refusal>;
const BY_HAND: &[(&str, ByHand)] = &[
    ("conflicts", |_, tx, reading| Ok(conflicts::page(tx, reading)?)),
    ("audit", |_, tx, reading| Ok(audit::page(tx, reading)?)),
    ("exports", |_, tx, reading| Ok(export::page(tx, reading)?)),
    ("alarms", alarms::page),
];

fn by_hand(list: &ListSpec) -> Option<ByHand> {
    BY_HAND.iter().find(|(name, _)| *name == list.name).map(|(_, rows)| *rows)
}

type Words = Result<Query<Vec<(String, String)>>, QueryRejection>;

/// Routes a list: for its pages, for one record, and for its workbook.
pub fn routes() -> impl Iterator<Item = Route> {
    ListSpec::at(End::Console).flat_map(|list| {
        let page = move |State(server): State<Server>, clerk: Clerk, words: Words| page(server, clerk, list, words);
        let book = move |State(server): State<Server>, clerk: Clerk, words: Words| workbook(server, clerk, list, words);
        let one = move |State(server): State<Server>, clerk: Clerk, path: RecordPath| record(server, clerk, list, path);
        let title = list.title.of(Language::Zh);
        let record = list.kind.map(|_| {
            Route::at(format!("/api/list/{}/{{id}}", list.name)).described(
                MethodFilter::GET,
                one,
                Act {
                    method: "get",
                    summary: format!("{title}里的一条，连同照片和经过").into(),
                    describe: Box::new(move |act| describe_record(act, list)),
                },
            )
        });
        let listed = [
            Route::at(format!("/api/list/{}", list.name)).described(
                MethodFilter::GET,
                page,
                Act {
                    method: "get", summary: format!("{title}，每页五十行").into(), describe: Box::new(move |act| describe(act, list))
                },
            ),
            Route::at(format!("/api/list/{}/workbook", list.name)).described(
                MethodFilter::GET,
                book,
                Act {
                    method: "get",
                    summary: format!("{title}，按条件导出为表格文件").into(),
                    describe: Box::new(move |act| {
                        parameters(act, list);
                        act.gives_bytes(Workbook::TYPE);
                        act.refuses::<Fault>();
                    }),
                },
            ),
        ];
        listed.into_iter().chain(record)
    })
}

async fn page(server: Server, clerk: Clerk, list: &'static ListSpec, words: Words) -> Result<Json<ListPage>, Refusal> {
    signed_in(&server, clerk, move |parts, clerk| {
        let reading = reading(parts, &clerk.account, list, &words?.0)?;
        if shows_numbers(list) {
            let mut event = Event::of(AuditEvent::ListRead);
            parts.noted_read(&clerk.actor, list.name, event.at(Place::from(&reading.place)).object(list.name))?;
        }
        parts.store.read_page(|tx| {
            let mut page = match by_hand(list) {
                Some(page) => page(parts, tx, &reading)?,
                None => {
                    let (total, sums) = tx.list_totals(&reading)?;
                    ListPage { rows: tx.list_page(&reading)?, total, sums, ..ListPage::default() }
                }
            };
            for row in &page.rows {
                list.name(row, &Named(tx, &reading.own), &mut page.names);
            }
            tell(parts, tx, list, &mut page.rows)?;
            Ok(Json(page))
        })
    })
    .await
}

/// A record that the account does not see is not there.
async fn record(server: Server, clerk: Clerk, list: &'static ListSpec, path: RecordPath) -> Result<Json<ListRecord>, Refusal> {
    signed_in(&server, clerk, move |parts, clerk| {
        let Path(OfList { id }) = path?;
        let reading = reading(parts, &clerk.account, list, &[])?;
        if list.kind.is_none() {
            return Err(not_found());
        }
        let read = parts.store.read_page(|tx| {
            let mut row = tx.list_one(&reading, id)?.ok_or_else(not_found)?;
            let (mut names, mut photos) = (Fields::new(), RecordPhotos::default());
            tell(parts, tx, list, std::slice::from_mut(&mut row))?;
            list.name(&row, &Named(tx, &reading.own), &mut names);
            let mut changes = Vec::new();
            for kind in list.kinds_of_row() {
                if Some(kind) != list.kind && !tx.granted(kind, id.bytes(), &reading.own)? {
                    continue;
                }
                let logged = tx.history(kind, id.bytes())?;
                let fields = tx.row(kind, id.bytes())?.unwrap_or_default();
                for set in kind.fields.iter().filter(|field| field.ty == FieldType::Photos) {
                    photos.hashes.extend(fields.members(set.name).map(str::to_owned));
                    photos.received_at = logged.first().map(|first| civil(first.received_at));
                }
                changes.extend(logged.into_iter().map(|change| (kind, change.bytes)));
            }
            for hash in &photos.hashes {
                photos.pending += u32::from(!tx.has_photo(hash)?);
            }
            let logged: Vec<_> = changes.iter().map(|(kind, bytes)| LoggedChange { kind: *kind, bytes, unsent: false }).collect();
            let history = timeline(&logged, language(), &Named(tx, &reading.own)).map_err(StoreError::from)?;
            Ok::<_, Refusal>(Json(ListRecord { row, names, photos: list.has_photos().then_some(photos), draft: None, history }))
        })?;
        let mut event = Event::of(AuditEvent::RecordRead);
        if let Some(kind) = list.kind {
            event.record(kind, id.bytes());
        }
        parts.noted_read(&clerk.actor, &format!("{}/{id}", list.name), event.object(list.name))?;
        Ok(read)
    })
    .await
}

/// On a connection of its own, into a file without a name: whatever the length, little of it is in memory.
async fn workbook(server: Server, clerk: Clerk, list: &'static ListSpec, words: Words) -> Result<Workbook, Refusal> {
    let (file, name) = signed_in(&server, clerk, move |parts, clerk| {
        let Query(words) = words?;
        let reading = reading(parts, &clerk.account, list, &words)?;
        let asked = list.about.map(|_| export::granted(parts, &clerk.account.id, &reading, &words)).transpose()?;
        let _turn = turn_to_write(parts)?;
        let number = asked.as_ref().map_or_else(export::new_number, |asked| asked.number.clone());
        let (mut file, rows) = parts.store.read_long(|tx| {
            let names = Remembered::new(Named(tx, &reading.own));
            let title = say!(list::titled(list.title, &reading.asked.in_words(list)));
            let mark = Watermark {
                number: number.clone(),
                who: clerk.account.name.clone(),
                at: parts.clock.civil(),
                why: asked.as_ref().map(export::why).unwrap_or_default(),
                rows: if by_hand(list).is_some() { None } else { Some(tx.list_totals(&reading)?.0) },
                sealed: "",
            };
            let mut book = ListBook::begin(list, End::Console, &title, mark).map_err(|error| unwritten(&error))?;
            let mut write = |row: ListRow| book.row(&row, &names).map_err(|error| unwritten(&error));
            let (total, sums) = match by_hand(list) {
                Some(page) => (each_by_hand((parts, tx), &reading, page, &mut write)?, Fields::new()),
                None => {
                    tx.list_each(&reading, &mut write)?;
                    tx.list_totals(&reading)?
                }
            };
            let mut file = tempfile::tempfile().map_err(|error| unwritten(&error))?;
            book.end(total, &sums, &mut file).map_err(|error| unwritten(&error))?;
            Ok::<_, Refusal>((file, total))
        })?;
        let digest = secret::sha256_of(&mut file).map_err(|error| unwritten(&error))?;
        let mut event = Event::of(AuditEvent::ListExported);
        event
            .at(Place::from(&reading.place))
            .object(&number)
            .said(AuditDetail::List, list.name)
            .made(AuditDetail::Rows, rows)
            .made(AuditDetail::Sha256, hex::encode(digest));
        let filter = noted_filter(&reading.asked);
        if !filter.is_empty() {
            event.said(AuditDetail::Filter, &filter);
        }
        if let Some(asked) = &asked {
            export::because(event.made(AuditDetail::Persons, asked.persons), asked);
        }
        export::taken(parts, &clerk.actor, asked.as_ref(), &event)?;
        Ok((file, list.title.said()))
    })
    .await?;
    Workbook::of(file, name).await.map_err(|error| unwritten(&error))
}

/// Of how many persons a list speaks; each row of one that is made by hand of another one.
pub(super) fn persons(parts: &Parts, reading: &Reading) -> Result<i64, Refusal> {
    parts.store.read_page(|tx| match by_hand(reading.list) {
        Some(page) => Ok(i64::try_from(page(parts, tx, reading)?.total).unwrap_or(i64::MAX)),
        None => Ok(tx.list_persons(reading)?),
    })
}

/// Whether the pages of a list show numbers of people in the open.
fn shows_numbers(list: &'static ListSpec) -> bool {
    list.columns_at(End::Console).any(|column| !column.masked && matches!(list.ty(column), FieldType::Phone | FieldType::IdNumber))
}

/// So many workbooks are written at a time: whoever asks for more is asked to come again, and nobody else waits.
const AT_A_TIME: usize = 3;

fn turn_to_write(parts: &Parts) -> Result<Share<()>, Refusal> {
    parts.workbooks.take((), AT_A_TIME).ok_or_else(|| fault!(Code::NotNow, list::TOO_MANY_EXPORTS).into())
}

fn each_by_hand(
    (parts, tx): (&Parts, &Tx<'_>),
    reading: &Reading,
    page: ByHand,
    see: &mut dyn FnMut(ListRow) -> Result<(), Refusal>,
) -> Result<u64, Refusal> {
    let (mut reading, mut seen) =
        (Reading { asked: reading.asked.clone(), place: reading.place.clone(), own: reading.own.clone(), ..*reading }, 0);
    loop {
        let found = page(parts, tx, &reading)?;
        seen += found.rows.len() as u64;
        let is_last = found.rows.is_empty() || (reading.list.by_key && found.next.is_none());
        found.rows.into_iter().try_for_each(&mut *see)?;
        if is_last {
            return Ok(seen);
        }
        (reading.asked.page, reading.asked.before) = (reading.asked.page + 1, found.next);
    }
}

fn unwritten(error: &dyn std::error::Error) -> Refusal {
    tracing::error!(%error, "a workbook was not written");
    fault!(Code::Broken, list::EXPORT_FAILED).into()
}

/// `division` and `canteen` say the place, where the list has no such filters itself.
pub(super) fn reading(
    parts: &Parts,
    account: &AccountRow,
    list: &'static ListSpec,
    words: &[(String, String)],
) -> Result<Reading, Refusal> {
    let of_place = |name: &str| is_place(list, name);
    let place = |name: &str| words.iter().find(|(key, _)| key == name && of_place(name)).map(|(_, code)| code.as_str());
    let narrowing = words.iter().filter(|(name, _)| !of_place(name)).map(|(name, word)| (name.as_str(), word.as_str()));
    let asked = list.read(End::Console, narrowing).map_err(|unread| wrong_in_address(&unread.name, Some(&unread.wanted)))?;
    let place = asked_scope(parts, account, place("division"), place("canteen"))?;
    Ok(Reading { list, asked, place, own: scope_of(account), today: parts.clock.civil().date() })
}

fn is_place(list: &ListSpec, name: &str) -> bool {
    matches!(name, "division" | "canteen") && !list.filters_at(End::Console).any(|filter| filter.names().contains(&name))
}

fn parameters(act: &mut Operation<'_>, list: &'static ListSpec) {
    act.session();
    let text = json!({ "type": "string" });
    if is_place(list, "division") {
        act.parameter("division", "区划代码", text.clone());
    }
    if is_place(list, "canteen") {
        act.parameter("canteen", "饭堂编号；写了就不看区划", text.clone());
    }
    for filter in list.filters_at(End::Console) {
        let label = |column: &str| list.column(column).map_or("", |column| list.label(column).of(Language::Zh));
        match filter {
            Filter::Days(column) => {
                let day = json!({ "type": "string", "format": "date" });
                act.parameter("from", &format!("{}，第一天", label(column)), day.clone());
                act.parameter("to", &format!("{}，最后一天", label(column)), day);
            }
            Filter::One(name) => {
                let shape = list.column(name).map_or_else(|| text.clone(), |column| shape_of(list, column));
                act.parameter(name, &format!("只看这个{}", label(name)), shape);
            }
            Filter::Within(name) => act.parameter(name, &format!("{}：区划代码，包括它下面的", label(name)), text.clone()),
            Filter::Yes(name) => act.parameter(name, &format!("只看{}的，写 1", label(name)), json!({ "type": "string", "enum": ["1"] })),
            Filter::Text { hint, .. } => act.parameter("text", hint.of(Language::Zh), text.clone()),
        }
    }
    let both = |column: &'static ListColumn| [column.name().to_owned(), format!("-{}", column.name())];
    let orders: Vec<String> = list.columns_at(End::Console).filter(|column| column.orders()).flat_map(both).collect();
    if !orders.is_empty() {
        act.parameter("sort", "按这一列排序，前面加 - 是倒序", json!({ "type": "string", "enum": orders }));
    }
    if list.by_key {
        act.parameter(BEFORE, "只要这个序号以前的，上一页的 next", json!({ "type": "integer", "minimum": 1 }));
    } else {
        act.parameter("page", "第几页，从 0 开始", json!({ "type": "integer", "minimum": 0 }));
        if list.kind.is_some() {
            let id = json!({ "type": "string", "format": "uuid" });
            act.parameter(AFTER, "上一页最后一行的 id：翻页从这一行之后接着；没有这一行时看 page", id.clone());
            act.parameter(BEFORE, "后一页第一行的 id：往回翻到这一行之前；没有这一行时看 page", id);
        }
    }
}

fn describe(act: &mut Operation<'_>, list: &'static ListSpec) {
    parameters(act, list);
    let sums = list.columns_at(End::Console).filter(|column| column.summed_without.is_some());
    let sums: Map<String, Value> = sums.map(|column| (column.name().to_owned(), shape_of(list, column))).collect();
    let mut shape = json!({
        "type": "object", "required": ["rows", "total", "sums", "names"],
        "properties": {
            "rows": { "type": "array", "items": row_shape(list), "description": "至多五十行；空的格子不写" },
            "total": { "type": "integer", "minimum": 0, "description": "符合条件的总行数；按序号翻页的列表不数，是 0" },
            "sums": { "type": "object", "properties": sums, "additionalProperties": false, "description": "全部符合条件的行的合计" },
            "names": names_shape(),
        },
    });
    if list.by_key {
        shape["properties"]["next"] = json!({ "type": "integer", "description": "还有更早的：下一页的 before" });
    }
    act.gives_shape(shape);
    act.refuses::<Fault>();
}

fn describe_record(act: &mut Operation<'_>, list: &'static ListSpec) {
    act.session();
    act.in_path("id", "这一条的 id", json!({ "type": "string", "format": "uuid" }));
    let mut shape = act.shape_of::<ListRecord>();
    shape["properties"]["row"] = row_shape(list);
    shape["properties"]["names"] = names_shape();
    if let Some(properties) = shape["properties"].as_object_mut() {
        // Forms are the desks'.
        properties.remove("draft");
        if !list.has_photos() {
            properties.remove("photos");
        }
    }
    act.gives_shape(shape);
    act.refuses::<Fault>();
}

fn row_shape(list: &'static ListSpec) -> Value {
    let shaped = |column: &'static ListColumn| {
        let mut shape = shape_of(list, column);
        shape["description"] = list.label(column).of(Language::Zh).into();
        (column.name().to_owned(), shape)
    };
    let cells: Map<String, Value> = list.columns_at(End::Console).map(shaped).collect();
    json!({
        "type": "object", "required": ["id", "cells"], "additionalProperties": false,
        "properties": {
            "id": { "type": "string", "format": "uuid" },
            "cells": { "type": "object", "properties": cells, "additionalProperties": false },
        },
    })
}

fn names_shape() -> Value {
    json!({ "type": "object", "additionalProperties": { "type": "string" }, "description": "各列里的代码叫什么，名字是“列名/代码”" })
}

/// What stands in a cell of a column. What desks wrote is shown as it is, so of texts no more than that is promised.
fn shape_of(list: &ListSpec, column: &ListColumn) -> Value {
    match list.ty(column) {
        FieldType::Money => json!({ "type": "integer", "format": "int64", "description": "单位为分" }),
        FieldType::Number => json!({ "type": "integer", "format": "int64" }),
        FieldType::YesNo => json!({ "type": "boolean" }),
        FieldType::Words(words) => {
            let codes: Vec<&str> = words.all.iter().map(|(code, _)| *code).collect();
            json!({ "type": "string", "enum": codes })
        }
        _ => json!({ "type": "string" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_workbooks_are_written_at_a_time_and_a_turn_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::open(folder.path(), crate::Clock::by(|| 0)).unwrap();
        let mut turns: Vec<_> = (0..AT_A_TIME).map(|_| turn_to_write(&server.0).unwrap()).collect();
        for _ in 0..2 {
            assert_eq!(turn_to_write(&server.0).unwrap_err().fault.code, Code::NotNow, "also when it was refused before");
        }
        turns.pop();
        drop(turn_to_write(&server.0).unwrap());
    }
}
