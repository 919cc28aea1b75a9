//! The rows behind the totals, and one order with its receipt and history. Phones and addresses
//! are sealed; of an address the village is known.

use super::names::Named;
use super::overview::period;
use super::{asked_scope, scope_of, signed_in};
use crate::clock::civil;
use crate::fault::{Refusal, not_found};
use crate::route::SessionCookie;
use crate::store::{LedgerAsk, StoreError, Tx};
use crate::{Parts, Server};
use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use schemars::JsonSchema;
use serde::Deserialize;
use shared::command::{OrderSummary, ReceiptSummary};
use shared::console::{ConsoleLedger, ConsoleOrder, ConsoleRow, LedgerQuery};
use shared::division;
use shared::kinds::{Order, Receipt, RecordKind};
use shared::rule::order::needs_receipt;
use shared::schema::{Language, Record, RecordId};
use shared::timeline::{LoggedChange, timeline};

pub async fn show(
    State(server): State<Server>,
    cookie: SessionCookie,
    ask: Result<Query<LedgerQuery>, QueryRejection>,
) -> Result<Json<ConsoleLedger>, Refusal> {
    signed_in(&server, cookie, move |parts, account| {
        let Query(ask) = ask?;
        let (from, to) = period(ask.from, ask.to, parts.clock.civil().date())?;
        let wanted = LedgerAsk {
            scope: asked_scope(parts, &account, ask.division.as_deref(), ask.canteen.as_deref())?,
            from,
            to,
            meal: ask.meal,
            mode: ask.mode,
            state: ask.state,
            missing: ask.missing,
            page: ask.page.unwrap_or(0),
        };
        ledger(parts, &wanted)
    })
    .await
    .map(Json)
}

fn ledger(parts: &Parts, ask: &LedgerAsk) -> Result<ConsoleLedger, Refusal> {
    parts.store.read(|tx| {
        let (orders, total) = tx.orders(ask)?;
        let mut rows = Vec::with_capacity(orders.len());
        for (id, fields) in orders {
            if let (Some(id), Ok(order)) = (RecordId::from_bytes(&id), Order::from_fields(&fields)) {
                rows.push(row(tx, id, order)?);
            }
        }
        Ok(ConsoleLedger { rows, total })
    })
}

fn row(tx: &Tx<'_>, id: RecordId, order: Order) -> Result<ConsoleRow, StoreError> {
    let receipt = tx.row(RecordKind::Receipt, id.bytes())?;
    let has_receipt = receipt.is_some();
    let receipt = receipt.and_then(|fields| Receipt::from_fields(&fields).ok()).map(receipt_summary);
    let elder = tx.elder_shown(order.elder.bytes())?.unwrap_or_default();
    let canteen = tx.canteen(&order.canteen)?.map_or_else(|| order.canteen.clone(), |site| site.name);
    let line = OrderSummary {
        id,
        receipt_missing: needs_receipt(order.mode, order.state) && !has_receipt,
        number: order.number,
        elder: order.elder,
        name: elder.name,
        // The rest of the address and the phones are sealed: the server can't read them.
        address: division::short_name(&elder.division).to_owned(),
        phone: String::new(),
        diet: elder.diet,
        date: order.date,
        meal: order.meal,
        mode: order.mode,
        dish: order.dish.unwrap_or_default(),
        price: order.price,
        note: order.note.unwrap_or_default(),
        state: order.state,
        state_at: order.state_at,
        reason: order.reason,
        taken_at: order.taken_at,
        supplement: order.supplement_reason.is_some(),
        receipt,
        unsent: false,
    };
    Ok(ConsoleRow { order: line, canteen })
}

fn receipt_summary(receipt: Receipt) -> ReceiptSummary {
    ReceiptSummary {
        arrived_at: receipt.arrived_at,
        recorded_at: receipt.recorded_at,
        received_by: receipt.received_by,
        seen: receipt.seen,
        note: receipt.note.unwrap_or_default(),
        photos: receipt.photos.into_iter().collect(),
    }
}

#[derive(Deserialize, JsonSchema)]
pub struct OrderPath {
    /// 订单的 id
    id: RecordId,
}

pub async fn order(
    State(server): State<Server>,
    cookie: SessionCookie,
    path: Result<Path<OrderPath>, PathRejection>,
) -> Result<Json<ConsoleOrder>, Refusal> {
    signed_in(&server, cookie, move |parts, account| {
        let Path(OrderPath { id }) = path?;
        let scope = scope_of(&account);
        parts.store.read(|tx| {
            if !tx.granted(RecordKind::Order, id.bytes(), &scope)? {
                return Err(not_found());
            }
            let fields = tx.row(RecordKind::Order, id.bytes())?.ok_or_else(not_found)?;
            let order = Order::from_fields(&fields).map_err(|_| not_found())?;
            one_order(tx, id, order)
        })
    })
    .await
    .map(Json)
}

fn one_order(tx: &Tx<'_>, id: RecordId, order: Order) -> Result<ConsoleOrder, Refusal> {
    let (taken_by, supplement_reason) = (order.taken_by.clone().unwrap_or_default(), order.supplement_reason.clone().unwrap_or_default());
    let row = row(tx, id, order)?;
    let photos = row.order.receipt.iter().flat_map(|receipt| &receipt.photos);
    let mut photos_pending = 0;
    for hash in photos {
        photos_pending += u32::from(!tx.has_photo(hash)?);
    }
    let (placed, received) = (tx.history(RecordKind::Order, id.bytes())?, tx.history(RecordKind::Receipt, id.bytes())?);
    let logged = placed.iter().map(|change| (RecordKind::Order, change)).chain(received.iter().map(|change| (RecordKind::Receipt, change)));
    let logged: Vec<_> = logged.map(|(kind, change)| LoggedChange { kind, bytes: &change.bytes, unsent: false }).collect();
    let history = timeline(&logged, Language::Zh, &Named(tx)).map_err(StoreError::from)?;
    let received_at = received.first().map(|logged| civil(logged.received_at));
    Ok(ConsoleOrder { row, taken_by, supplement_reason, history, received_at, photos_pending })
}
