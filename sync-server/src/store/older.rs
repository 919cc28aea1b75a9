//! A database that a program of an earlier version wrote: it kept kinds of record that it did not know, and passed them on where their
//! fields place them. This program projects them, places them anew, and judges who wrote them.

use super::check::tests::{enrol, on_both};
use super::{Logged, StoreError, Tx};
use crate::Server;
use crate::journal::{Incoming, Journal, Writer, declared};
use shared::crdt::{ActorId, first_change};
use shared::kinds::{Binding, Meal, MenuPrice, Mode, Order, OrderState, Receipt, RecordKind};
use shared::money::Fen;
use shared::schema::{Fields, KindId, Record, RecordId, Value, digests};

/// 2026-11-22 12:00 in China.
const NOON: i64 = 1_795_320_000;
const TOWN: &str = "445381001";
const AFAR: &str = "445322100";
const UNKNOWN: [RecordKind; 3] = [RecordKind::Binding, RecordKind::MenuPrice, RecordKind::Receipt];

fn id(number: u8) -> RecordId {
    RecordId(uuid::Uuid::from_bytes([number; 16]))
}

/// Logs a first change of a device, of a kind that the writing program knows or not.
fn log(tx: &Tx<'_>, device: RecordId, kind: KindId, record: RecordId, fields: &Fields) -> Result<(), StoreError> {
    let bytes = first_change(&ActorId::from([record.0.as_bytes()[0]; 16]), fields, 1).bytes;
    let scope = tx.device_scope(device.bytes())?.ok_or(StoreError::Overlooked)?;
    let mut journal = Journal::open(tx)?;
    let by = Writer { device: Some((device.bytes(), &scope)), at: NOON };
    journal.append(Incoming::read((kind, *record.0.as_bytes()), &bytes)?, by).map_err(|_| StoreError::Overlooked)?;
    journal.flush()
}

fn order(canteen: &str, elder: RecordId) -> Order {
    let at = "2026-11-22T10:00:00".parse().unwrap();
    Order {
        number: "1-0019".into(),
        elder,
        elder_name: Some("王桂英".into()),
        canteen: canteen.into(),
        date: "2026-11-22".parse().unwrap(),
        meal: Meal::Lunch,
        mode: Mode::OwnDelivery,
        dish: None,
        price: Fen(1200),
        note: None,
        state: OrderState::Delivered,
        reason: None,
        state_at: at,
        taken_at: at,
        taken_by: None,
        supplement_reason: None,
        platform_number: None,
        origin: None,
        batch: None,
    }
}

fn learns(server: &Server, did_not_know: &[RecordKind]) {
    let canteen = server.add_canteen("罗城街道长者饭堂", TOWN, None).unwrap().code;
    let (desk, _town) = (enrol(server, Some(&canteen), None), enrol(server, None, Some(TOWN)));
    let binding = Binding { elder: id(1), canteen: canteen.clone(), since: "2026-11-22".parse().unwrap(), until: None };
    let from = "2026-11-01".parse().unwrap();
    let price =
        MenuPrice { canteen: canteen.clone(), meal: Meal::Lunch, name: "白送".into(), price: Fen(0), valid_from: from, valid_to: None };
    let at = "2026-11-22T11:58:00".parse().unwrap();
    let (received_by, photos) = (None, std::iter::once("ab".repeat(32)).collect());
    let receipt =
        Receipt { order: id(4), canteen: canteen.clone(), arrived_at: at, recorded_at: at, received_by, seen: None, note: None, photos };
    // Another county's desk says in its own canteen's name that an order of this one arrived.
    let afar = server.add_canteen("都城镇长者饭堂", AFAR, None).unwrap().code;
    let stranger = enrol(server, Some(&afar), None);
    let forged = Receipt { order: id(5), canteen: afar, ..receipt.clone() };
    let store = &server.0.store;
    let unknown = |kind: RecordKind| KindId::unknown(kind.code()).unwrap();
    let named = |kind: RecordKind| if did_not_know.contains(&kind) { unknown(kind) } else { kind.into() };
    let file = Fields::from(
        [("name".into(), "王桂英"), ("canteen".into(), canteen.as_str())].map(|(name, word): (_, &str)| (name, Value::Text(word.into()))),
    );
    let older = |tx: &Tx<'_>| {
        log(tx, desk, RecordKind::Elder.into(), id(6), &file)?;
        log(tx, desk, RecordKind::Elder.into(), id(7), &file)?;
        log(tx, desk, named(RecordKind::Order), id(4), &order(&canteen, id(6)).to_fields())?;
        log(tx, desk, unknown(RecordKind::Binding), id(2), &binding.to_fields())?;
        log(tx, desk, unknown(RecordKind::MenuPrice), id(3), &price.to_fields())?;
        log(tx, desk, unknown(RecordKind::Receipt), id(4), &receipt.to_fields())?;
        log(tx, desk, named(RecordKind::Order), id(5), &order(&canteen, id(7)).to_fields())?;
        log(tx, stranger, unknown(RecordKind::Receipt), id(5), &forged.to_fields())?;
        let mut last = digests();
        did_not_know.iter().for_each(|kind| drop(last.remove(kind.code())));
        tx.set_declared(&last)
    };
    store.write::<_, StoreError>(older).unwrap();
    let day = |tx: &Tx<'_>| {
        let days = tx.by_canteen("2026-11-22".parse().unwrap(), "2026-11-22".parse().unwrap())?;
        Ok::<_, StoreError>(days.first().map(|(_, counts)| (counts.receipts_due, counts.receipts)))
    };
    let fed = |tx: &Tx<'_>| Ok::<_, StoreError>(tx.scope_of(&format!("d:{TOWN}"))?.map(|(_, sum)| sum.changes));
    let before = store.read::<_, StoreError>(|tx| Ok((tx.row(RecordKind::Binding, id(2).bytes())?, day(tx)?, fed(tx)?))).unwrap();
    let counted = (!did_not_know.contains(&RecordKind::Order)).then_some((2, 0));
    assert_eq!((before.0, before.1), (None, counted), "rows and figures of what it does not know it does not have");

    assert!(store.read(declared::is_behind).unwrap());
    store.write(declared::follow).unwrap();
    assert!(!store.read(declared::is_behind).unwrap());
    let after = |tx: &Tx<'_>| {
        let row = |kind, record: RecordId| tx.row(kind, record.bytes());
        let price: Vec<Logged> = tx.history(RecordKind::MenuPrice, id(3).bytes())?;
        let aside = tx.history(KindId::of_code(&unknown(RecordKind::MenuPrice).set_aside()).unwrap(), id(3).bytes())?;
        let rows =
            (row(RecordKind::Binding, id(2))?.is_some(), row(RecordKind::MenuPrice, id(3))?, row(RecordKind::Receipt, id(4))?.is_some());
        Ok::<_, StoreError>((rows, (price.len(), aside.len()), tx.photos_of(id(4).bytes())?.len(), day(tx)?, fed(tx)?))
    };
    let (rows, logged, photos, day, fed) = store.read::<_, StoreError>(after).unwrap();
    assert_eq!(rows, (true, None, true), "a canteen writes no prices");
    assert_eq!((logged, photos, day), ((0, 1), 1, Some((2, 1))));
    let forged = store.read::<_, StoreError>(|tx| tx.history(RecordKind::Receipt, id(5).bytes())).unwrap();
    assert!(forged.is_empty(), "a receipt is nobody's who does not see its order");
    assert_eq!(fed, before.2.map(|changes| changes - 1), "nobody is told of that price any more");
    let checked = server.verify().unwrap();
    assert!(checked.ok, "{checked:?}");
}

#[test]
fn what_an_older_server_kept_is_projected_placed_and_judged_once_it_is_known() {
    on_both(|server| learns(server, &UNKNOWN));
}

#[test]
fn figures_of_two_kinds_that_are_known_only_now_count_each_once() {
    on_both(|server| learns(server, &[&UNKNOWN[..], &[RecordKind::Order]].concat()));
}
