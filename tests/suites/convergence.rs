//! Any order and repetition of changes gives the same rows, on the server and on the desks.

use anyhow::{Context, Result};
use proptest::prelude::*;
use serde_json::Value;
use shared::crdt::{ActorId, first_change, next_change};
use shared::crypto::{CryptoProvider, SoftProvider};
use shared::kinds::{Elder, ElderStatus, Order, OrderState, RecordKind};
use shared::schema::{Fields, Record, RecordId, Value as Field};
use shared::sync::{Answer, Ask, Exchange, SessionToken, envelope};
use shared::wire::WireChange;
use tests::device;
use tests::program::{DeskHome, ServerHome};
use tests::records::placed;

const TOWN: &str = "445381001";

fn wire(kind: RecordKind, record: RecordId, bytes: Vec<u8>) -> WireChange {
    WireChange { kind: kind.code().to_owned(), record: *record.0.as_bytes(), bytes }
}

fn id(n: u8) -> RecordId {
    RecordId::from_bytes(&[n; 16]).unwrap()
}

fn elder() -> Elder {
    let fields = Fields::from([
        ("name".into(), Field::Text("王桂英".into())),
        ("division".into(), Field::Text("445381001008".into())),
        ("canteen".into(), Field::Text("C001".into())),
        ("status".into(), Field::Text(ElderStatus::Active.code().into())),
    ]);
    Elder::from_fields(&fields).unwrap()
}

fn order(n: u8) -> Order {
    placed(shared::rule::order_number::compose(9, n.into()), id(200), "C001", "2026-11-22T09:00:00".parse().unwrap())
}

/// One edit: which order, by which of three offices that don't see each other, to which state or note.
type Edit = (u8, u8, u8);

/// All changes of a small day at one canteen, each office editing what it knows.
fn changes(edits: &[Edit]) -> Vec<WireChange> {
    let actor = |office: u8| ActorId::from([office + 1; 16]);
    let mut all = vec![wire(RecordKind::Elder, id(200), first_change(&actor(0), &elder().to_fields(), 1).bytes)];
    let mut known: Vec<Vec<Vec<Vec<u8>>>> = vec![Vec::new(); 3];
    for n in 0..3u8 {
        let first = first_change(&actor(0), &order(n + 1).to_fields(), 1).bytes;
        all.push(wire(RecordKind::Order, id(n), first.clone()));
        known.iter_mut().for_each(|office| office.push(vec![first.clone()]));
    }
    for (n, office, what) in edits {
        let history = &mut known[usize::from(*office)][usize::from(*n)];
        let state = OrderState::ALL[usize::from(*what) % OrderState::ALL.len()];
        let changed = if *what < 8 { ("state", state.code().to_owned()) } else { ("note", format!("嘱咐 {what}")) };
        let changed = Fields::from([(changed.0.into(), Field::Text(changed.1.into()))]);
        // An office that sets what stands already says nothing.
        let Ok(made) = next_change(&actor(*office), history, &changed, 2) else { continue };
        let bytes = made.bytes;
        history.push(bytes.clone());
        all.push(wire(RecordKind::Order, id(*n), bytes));
    }
    all
}

fn shuffled(all: &[WireChange], seed: u64, repeat: bool) -> Vec<WireChange> {
    let mut out = all.to_vec();
    if repeat {
        out.extend(all.iter().step_by(2).cloned());
    }
    let mut state = seed | 1;
    for i in (1..out.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        out.swap(i, (state >> 33) as usize % (i + 1));
    }
    out
}

/// A server that got the changes in the order given, a few at a time, and a desk that pulled them; what both show.
fn seen(changes: &[WireChange], piece: usize) -> Result<(Value, Value)> {
    let home = ServerHome::new()?;
    let (canteen, code) = home.canteen_with_code("罗城街道长者饭堂", TOWN)?;
    anyhow::ensure!(canteen == "C001", "the changes are made for C001");
    home.account("city", "city", "4453", "yufan2026")?;
    let server = home.serve("127.0.0.1:0")?;
    let address = server.listening()?;
    let client = reqwest::blocking::Client::builder().cookie_store(true).no_proxy().build()?;
    let crypto = SoftProvider::new();
    let key = crypto.new_key()?;
    let enrolled = device::enrol(&client, &crypto, &address, &device::enrol_ask(&crypto, &key, &code, "pusher")?)?;
    let server_key = device::server_key(&enrolled)?;
    let mut presents = SessionToken::default();
    for some in changes.chunks(piece) {
        let ask = Ask::Exchange(Exchange { presents, changes: some.to_vec(), ..Exchange::default() });
        let envelope = envelope::enclose(&crypto, &key, enrolled.device.0.as_bytes(), device::NOW, &ask)?;
        let answer = client.post(format!("{address}/v2/sync")).body(envelope.clone()).send()?.error_for_status()?.bytes()?;
        match device::answer(&crypto, &server_key, &envelope, &answer)? {
            Answer::Exchanged(exchanged) if exchanged.refused.is_empty() => presents = exchanged.token,
            other => anyhow::bail!("{other:?}"),
        }
    }
    let code = home.admin(&["device", "code", "--canteen", &canteen])?;
    let desk = DeskHome::enrolled(&address, code["code"].as_str().context("code")?)?;
    anyhow::ensure!(desk.json(&["sync", "--json"])?["agrees"] == true, "the totals agree");
    client
        .post(format!("{address}/api/session"))
        .json(&serde_json::json!({ "name": "city", "password": "yufan2026" }))
        .send()?
        .error_for_status()?;
    let overview: Value =
        client.get(format!("{address}/api/overview?division=4453&from=2026-11-22&to=2026-11-22")).send()?.error_for_status()?.json()?;
    Ok((desk.json(&["ledger", "--json"])?, overview["totals"].clone()))
}

proptest! {
    // Each case starts two servers and two desks; the rule itself is tried thousands of times in `shared::crdt`.
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 20, ..ProptestConfig::default() })]
    #[test]
    fn f15_f16_any_order_and_repetition_gives_the_same_rows(
        edits in prop::collection::vec((0u8..3, 0u8..3, 0u8..12), 0..14),
        seed in any::<u64>(),
        piece in 1usize..8,
    ) {
        let all = changes(&edits);
        // A later change may come before the first of its record: the server learns its scope with the first, so the
        // first ones stand in front; everything behind them is shuffled and repeated.
        let mut mixed = all[..4].to_vec();
        mixed.extend(shuffled(&all, seed, true));
        let straight = seen(&all, 100).unwrap();
        prop_assert_eq!(&seen(&mixed, piece).unwrap(), &straight, "seed {}", seed);
        prop_assert_eq!(straight.0["rows"].as_array().map(Vec::len), Some(3));
    }
}
