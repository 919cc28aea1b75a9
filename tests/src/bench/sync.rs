//! The line and the stores: the workload of the trade, N orders of twelve fields, each its own durable act, every fifth edited
//! once, beside what the same machine does with the same data in a straight line, without signatures, admission or merging.

use super::town::Town;
use super::{bare_file, row};
use anyhow::{Context, Result, ensure};
use serde_json::Value as Json;
use shared::crdt::{self, ActorId, first_change, next_change};
use shared::kinds::RecordKind;
use shared::schema::{Fields, RecordId, Value};
use shared::sync::{Exchange, message};
use shared::wire::WireChange;
use std::path::Path;
use std::time::Instant;
use tests::program::DeskHome;

const ORDERS: u32 = 10_000;
const MANY: u32 = 50_000;

fn figure(report: &Json, name: &str) -> Result<f64> {
    report[name].as_f64().with_context(|| format!("no {name} in {report}"))
}

fn sync(desk: &DeskHome) -> Result<Json> {
    let report = desk.json(&["sync", "--json"])?;
    ensure!(report["agrees"] == true, "both ends agree: {report}");
    Ok(report)
}

/// What of push and pull one run of the workload told.
struct Told {
    push_ms: f64,
    pull_ms: f64,
}

fn workload(orders: u32, print: bool) -> Result<Told> {
    let town = Town::new()?;
    let (one, other) = (town.desk()?, town.desk()?);
    one.json(&["bench", "--records", &orders.to_string(), "--json"])?;
    let before = town.cpu_ms()?;
    let up = sync(&one)?;
    let cpu = town.cpu_ms()? - before;
    let memory = town.server.most_memory()? as f64 / 1024.0 / 1024.0;
    let begun = Instant::now();
    let down = sync(&other)?;
    let searchable = begun.elapsed().as_secs_f64() * 1e3;
    let changes = figure(&up, "pushed")?;
    let told = Told { push_ms: figure(&up, "push_ms")?, pull_ms: figure(&down, "pull_ms")? };
    if print {
        let straight = straight_line(orders)?;
        row(&format!("push of {changes} changes, acknowledged durable (ms; straight line)"), told.push_ms, Some(straight.push_ms));
        row("pull of these by a fresh desk, searchable (ms; straight line)", told.pull_ms, Some(straight.pull_ms));
        row("the same with start and end of the program (ms)", searchable, None);
        row("server's processor, a change (us)", cpu * 1e3 / changes, Some(20.0));
        row("wire up, bytes an order (JSON lines, zstd -3)", figure(&up, "bytes_up")? / f64::from(orders), Some(straight.json));
        row("wire down, bytes an order (JSON lines, zstd -3)", figure(&down, "bytes_down")? / f64::from(orders), Some(straight.json));
        let file = std::fs::metadata(one.path().join("desk.sqlite"))?.len() as f64;
        row("desk file, bytes an order (bare rows)", file / f64::from(orders), Some(straight.bare));
    } else {
        row(&format!("server's memory while {orders} orders are pushed (MiB)"), memory, Some(64.0));
    }
    Ok(told)
}

struct Straight {
    push_ms: f64,
    pull_ms: f64,
    json: f64,
    bare: f64,
}

/// The same data from a file as the desk's into one as the server's, and from there into a fresh desk's, in a straight line.
fn straight_line(orders: u32) -> Result<Straight> {
    let folder = tempfile::tempdir()?;
    let file = |name: &str, encrypted| store(&folder.path().join(name), encrypted);
    let (desk, server, fresh) = (file("desk.sqlite", true)?, file("server.sqlite", false)?, file("fresh.sqlite", true)?);
    let lines = fill(&desk, orders)?;
    let json = zstd::bulk::compress(lines.join("\n").as_bytes(), 3)?.len() as f64 / f64::from(orders);
    let (push_ms, pull_ms) = (carry(&desk, &server)?, carry(&server, &fresh)?);
    let bare = file("bare.sqlite", false)?;
    bare.execute_batch("DROP TABLE log; BEGIN")?;
    let mut all = desk.prepare("SELECT record, bytes FROM log WHERE first = 1")?;
    let mut rows = all.query([])?;
    while let Some(found) = rows.next()? {
        put_row(&bare, &found.get::<_, [u8; 16]>(0)?, &crdt::decode(&found.get::<_, Vec<u8>>(1)?)?.touched())?;
    }
    bare.execute_batch("COMMIT; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")?;
    let bytes = std::fs::metadata(folder.path().join("bare.sqlite"))?.len() as f64;
    Ok(Straight { push_ms, pull_ms, json, bare: bytes / f64::from(orders) })
}

/// One file into another: read, pack, unpack, decode, write log and row, fsync; gives milliseconds.
fn carry(from: &rusqlite::Connection, into: &rusqlite::Connection) -> Result<f64> {
    let begun = Instant::now();
    let mut last = 0;
    loop {
        let mut read = from.prepare_cached("SELECT seq, record, bytes FROM log WHERE seq > ?1 ORDER BY seq LIMIT 2048")?;
        let batch: Vec<(i64, [u8; 16], Vec<u8>)> =
            read.query_map([last], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect::<Result<_, _>>()?;
        let Some((end, ..)) = batch.last() else { break };
        last = *end;
        let wire = |(_, record, bytes)| WireChange { kind: "meal_order".into(), record, bytes };
        let packed = message::pack(&Exchange { changes: batch.into_iter().map(wire).collect(), ..Exchange::default() })?;
        let exchange: Exchange = message::unpack(&packed)?;
        into.execute_batch("BEGIN IMMEDIATE")?;
        for change in &exchange.changes {
            write(into, change)?;
        }
        into.execute_batch("COMMIT")?;
    }
    Ok(begun.elapsed().as_secs_f64() * 1e3)
}

fn store(file: &Path, encrypted: bool) -> Result<rusqlite::Connection> {
    let store = bare_file(file, encrypted)?;
    let columns: Vec<String> = RecordKind::Order.fields.iter().map(|field| format!("\"{}\"", field.name)).collect();
    store.execute_batch(&format!(
        "CREATE TABLE log (seq INTEGER PRIMARY KEY, record BLOB NOT NULL, bytes BLOB NOT NULL, first INTEGER NOT NULL);
         CREATE TABLE meal_order (id BLOB PRIMARY KEY, {})",
        columns.join(", ")
    ))?;
    Ok(store)
}

/// Fills a log; gives the orders as JSON lines.
fn fill(store: &rusqlite::Connection, orders: u32) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    store.execute_batch("BEGIN")?;
    for n in 0..orders {
        let id = RecordId(uuid::Uuid::now_v7());
        let actor = ActorId::from([9; 16]);
        let text = |value: &str| Value::Text(value.into());
        let mut fields = Fields::from(
            [
                ("canteen", "C001"),
                ("date", "2026-11-22"),
                ("meal", "lunch"),
                ("mode", "own_delivery"),
                ("dish", "软饭"),
                ("note", "少盐"),
                ("state", "placed"),
                ("state_at", "2026-11-22T09:48:00"),
                ("taken_at", "2026-11-22T09:48:00"),
            ]
            .map(|(name, value)| (name.into(), text(value))),
        );
        fields.insert("number", text(&shared::rule::order_number::compose(1, n)));
        fields.insert("elder", text(&id.to_string()));
        fields.insert("price", Value::Int(1200));
        lines.push(serde_json::json!({ "id": id, "fields": fields }).to_string());
        let first = first_change(&actor, &fields, 1_795_312_080 + i64::from(n)).bytes;
        let mut put = store.prepare_cached("INSERT INTO log (record, bytes, first) VALUES (?1, ?2, ?3)")?;
        put.execute(rusqlite::params![id.bytes(), first, true])?;
        if n % 5 == 0 {
            let edit = Fields::from([("state".into(), text("delivered")), ("state_at".into(), text("2026-11-22T11:48:00"))]);
            let second = next_change(&actor, &[first], &edit, 1_795_320_000)?.bytes;
            put.execute(rusqlite::params![id.bytes(), second, false])?;
        }
    }
    store.execute_batch("COMMIT")?;
    Ok(lines)
}

fn write(store: &rusqlite::Connection, change: &WireChange) -> Result<()> {
    let decoded = crdt::decode(&change.bytes)?;
    let mut log = store.prepare_cached("INSERT INTO log (record, bytes, first) VALUES (?1, ?2, ?3)")?;
    log.execute(rusqlite::params![change.record, change.bytes, decoded.is_first()])?;
    if decoded.is_first() {
        return put_row(store, &change.record, &decoded.touched());
    }
    for (name, value) in decoded.touched() {
        if let Value::Text(text) = value {
            let sql = format!("UPDATE meal_order SET \"{name}\" = ?1 WHERE id = ?2");
            store.prepare_cached(&sql)?.execute(rusqlite::params![text.as_str(), change.record])?;
        }
    }
    Ok(())
}

fn put_row(store: &rusqlite::Connection, id: &[u8; 16], fields: &Fields) -> Result<()> {
    let declared = RecordKind::Order.fields;
    let places: Vec<String> = (2..declared.len() + 2).map(|place| format!("?{place}")).collect();
    let mut put = store.prepare_cached(&format!("INSERT INTO meal_order VALUES (?1, {})", places.join(", ")))?;
    put.raw_bind_parameter(1, id)?;
    for (at, field) in declared.iter().enumerate() {
        match fields.get(field.name) {
            Some(Value::Text(text)) => put.raw_bind_parameter(at + 2, text.as_str())?,
            Some(Value::Int(value)) => put.raw_bind_parameter(at + 2, value)?,
            _ => put.raw_bind_parameter(at + 2, rusqlite::types::Null)?,
        }
    }
    put.raw_execute()?;
    Ok(())
}

/// Prints the rows of the line.
pub fn measure() -> Result<()> {
    let ten = workload(ORDERS, true)?;
    let fifty = workload(MANY, false)?;
    row("push of 50,000 orders against 10,000 (times)", fifty.push_ms / ten.push_ms, Some(5.0));
    row("pull of 50,000 orders against 10,000 (times)", fifty.pull_ms / ten.pull_ms, Some(5.0));
    Ok(())
}
