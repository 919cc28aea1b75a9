//! The one way into the log: append, row, grants, figures and photos of a change, all in the
//! caller's transaction. Desks' changes come here after admission, the centre's own directly.

use crate::store::{Contribution, Grant, StoreError, Tx, contribution};
use shared::crdt::{self, RecordChange};
use shared::record::{Fields, RecordKind, Value};

/// Why a change was not logged.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The change does not go with those of its record.
    #[error("the change does not merge")]
    Unmergeable,
    /// The engine failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who brings a change, and when.
#[derive(Clone, Copy, Debug)]
pub struct Bearer<'a> {
    /// Id of the device; none for the centre.
    pub device: Option<&'a [u8]>,
    /// Where the device stands: it goes on seeing what it wrote.
    pub grant: Option<&'a Grant>,
    /// The server's time, in seconds.
    pub at: i64,
}

/// Logs a change and all that follows from it. A known change does nothing.
///
/// # Errors
/// [`JournalError`]; the caller's transaction holds nothing of an unmergeable change.
pub fn append(tx: &Tx<'_>, kind: RecordKind, record: &[u8], change: &RecordChange, bearer: Bearer<'_>) -> Result<(), JournalError> {
    if tx.knows(kind, record, &change.hash)? {
        return Ok(());
    }
    let mut history: Vec<Vec<u8>> = tx.history(kind, record)?.into_iter().map(|logged| logged.bytes).collect();
    let is_new = history.is_empty();
    history.push(change.bytes.clone());
    let after = crdt::fields(&history).map_err(|_| JournalError::Unmergeable)?;

    tx.append(kind, record, change, bearer.device, bearer.at)?;
    let order_before = match kind {
        RecordKind::Order | RecordKind::Receipt => order_figures(tx, record)?,
        _ => None,
    };
    tx.put_row(kind, record, &after)?;
    match kind {
        RecordKind::Order | RecordKind::Receipt => tx.roll(order_before.as_ref(), order_figures(tx, record)?.as_ref())?,
        _ => {}
    }
    if kind == RecordKind::Receipt {
        tx.put_receipt_photos(record, photos(&after))?;
    }
    let mut grants = grants_of(tx, kind, &after)?;
    if let Some(own) = bearer.grant
        && !grants.iter().any(|grant| grant.canteen == own.canteen)
    {
        grants.push(own.clone());
    }
    let mut seen_anew = false;
    for grant in &grants {
        seen_anew |= tx.grant(kind, record, grant)?;
    }
    if seen_anew && !is_new {
        tx.log_again(kind, record)?;
    }
    Ok(())
}

/// What the order of that id adds to the figures now. A receipt has the id of its order.
fn order_figures(tx: &Tx<'_>, record: &[u8]) -> Result<Option<Contribution>, StoreError> {
    let Some(order) = tx.row(RecordKind::Order, record)? else { return Ok(None) };
    Ok(contribution(&order, tx.has_row(RecordKind::Receipt, record)?))
}

fn photos(receipt: &Fields) -> impl Iterator<Item = &str> {
    receipt.iter().filter(|(_, value)| **value == Value::Bool(true)).filter_map(|(key, _)| key.strip_prefix("photos/"))
}

/// The places where a record with these fields is seen.
///
/// # Errors
/// [`StoreError`]
pub fn grants_of(tx: &Tx<'_>, kind: RecordKind, fields: &Fields) -> Result<Vec<Grant>, StoreError> {
    let text = |name: &str| match fields.get(name) {
        Some(Value::Text(text)) if !text.is_empty() => Some(text.clone()),
        _ => None,
    };
    let at_canteen = |code: Option<String>| -> Result<Option<Grant>, StoreError> {
        let Some(code) = code.filter(|code| code != "*") else { return Ok(None) };
        let division = tx.canteen(&code)?.map(|place| place.division).unwrap_or_default();
        Ok(Some(Grant { canteen: code, division }))
    };
    let in_division = |code: Option<String>| code.map(|division| Grant { canteen: String::new(), division });
    let grants = match kind {
        RecordKind::Operator | RecordKind::Division => vec![Some(Grant { canteen: "*".into(), division: String::new() })],
        RecordKind::Canteen => vec![text("code").zip(text("division")).map(|(canteen, division)| Grant { canteen, division })],
        RecordKind::Elder | RecordKind::Device => vec![at_canteen(text("canteen"))?, in_division(text("division"))],
        RecordKind::Binding | RecordKind::MenuPrice | RecordKind::Order | RecordKind::Receipt => vec![at_canteen(text("canteen"))?],
        // Never leaves the server.
        RecordKind::Account => Vec::new(),
    };
    Ok(grants.into_iter().flatten().collect())
}
