//! `GET /v1/totals`: number and XOR of the changes in a device's scope. What was counted once is
//! kept, so that a later question only counts what came since.

use super::as_device;
use crate::fault::{Refusal, malformed};
use crate::store::Scope;
use crate::{Parts, Server};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use serde::Deserialize;
use shared::wire::Totals;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Sums by scope, good while no change was moved behind the end of the log.
#[derive(Debug, Default)]
pub struct Counted(Mutex<HashMap<Scope, Sum>>);

#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    times_logged_again: i64,
    upto: i64,
    changes: u64,
    digest: [u8; 32],
}

impl Counted {
    fn held(&self) -> MutexGuard<'_, HashMap<Scope, Sum>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Deserialize)]
pub struct TotalsAsk {
    upto: i64,
}

pub async fn totals(
    State(server): State<Server>,
    headers: HeaderMap,
    ask: Result<Query<TotalsAsk>, QueryRejection>,
) -> Result<Json<Totals>, Refusal> {
    as_device(&server, headers, move |parts, device| {
        let Query(ask) = ask.map_err(|_| malformed())?;
        let sum = count(parts, device.scope(), ask.upto)?;
        Ok(Json(Totals { changes: sum.changes, digest: hex::encode(sum.digest) }))
    })
    .await
}

fn count(parts: &Parts, scope: Scope, upto: i64) -> Result<Sum, Refusal> {
    let sum = parts.store.read(|tx| {
        let (times_logged_again, last) = (tx.times_logged_again()?, tx.last_seq()?);
        let upto = upto.min(last);
        let known = parts.counted.held().get(&scope).copied();
        let known = known.filter(|sum| sum.times_logged_again == times_logged_again && sum.upto <= upto);
        let mut sum = known.unwrap_or(Sum { times_logged_again, ..Sum::default() });
        let (changes, digest) = tx.totals(&scope, sum.upto, upto)?;
        sum.digest.iter_mut().zip(digest).for_each(|(into, byte)| *into ^= byte);
        sum.changes += changes;
        sum.upto = upto;
        Ok::<_, Refusal>(sum)
    })?;
    parts.counted.held().insert(scope, sum);
    Ok(sum)
}
