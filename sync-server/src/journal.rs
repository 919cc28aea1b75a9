//! The one way into the log: append, row, grants, feeds, figures and photos of a change, all in the
//! caller's transaction. Desks' changes come here after admission, the centre's own directly.

use crate::store::{Contribution, EVERYBODY, Grant, Logged, Scope, StoreError, Tx, contribution, places_of};
use shared::crdt;
use shared::record::{Fields, RecordKind, Value};
use shared::sync::{SetSum, set_sum};
use shared::zh;
use std::collections::HashMap;

/// Why a change was not logged.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The change does not go with those of its record, which go well without it.
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

/// The log, open for a transaction. What changes with every append is kept here and written by [`Journal::close`].
pub struct Journal<'a, 'c> {
    tx: &'a Tx<'c>,
    places: HashMap<String, (i64, SetSum)>,
    touched: Vec<String>,
    pos: i64,
}

impl<'a, 'c> Journal<'a, 'c> {
    /// Opens the log.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn open(tx: &'a Tx<'c>) -> Result<Self, StoreError> {
        let places = tx.places()?.into_iter().map(|(name, id, sum)| (name, (id, sum))).collect();
        Ok(Self { tx, places, touched: Vec::new(), pos: tx.last_pos()? })
    }

    /// Writes what is left to write.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn close(self) -> Result<(), StoreError> {
        for name in &self.touched {
            if let Some((place, sum)) = self.places.get(name) {
                self.tx.put_sum(*place, sum)?;
            }
        }
        self.tx.put_last_pos(self.pos)
    }

    /// Opens the feed of a scope with everything that it may see, unless it is open already. That of everybody always is.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn open_feed(&mut self, scope: &Scope) -> Result<(), StoreError> {
        let name = scope.place();
        if self.places.contains_key(&name) {
            return Ok(());
        }
        self.add_place(&name)?;
        for fed in self.tx.visible(scope)? {
            if let Some(kind) = RecordKind::of_code(&fed.change.kind) {
                self.feed(&name, kind, &fed.change.record, fed.seq, &fed.change.bytes)?;
            }
        }
        Ok(())
    }

    fn add_place(&mut self, name: &str) -> Result<(), StoreError> {
        let place = self.tx.add_place(name)?;
        self.places.insert(name.to_owned(), (place, SetSum::default()));
        Ok(())
    }

    fn feed(&mut self, name: &str, kind: RecordKind, record: &[u8], seq: i64, bytes: &[u8]) -> Result<(), StoreError> {
        let Some((place, sum)) = self.places.get_mut(name) else { return Ok(()) };
        self.pos += 1;
        self.tx.feed(*place, self.pos, seq)?;
        sum.add(&set_sum::name(kind, record, bytes));
        if !self.touched.iter().any(|touched| touched == name) {
            self.touched.push(name.to_owned());
        }
        Ok(())
    }

    /// Logs a change and all that follows from it. Of a known change only its bearer is noted: it sees the record from now on.
    ///
    /// # Errors
    /// [`JournalError`]; the caller's transaction holds nothing of an unmergeable change.
    pub fn append(&mut self, kind: RecordKind, record: &[u8], bytes: &[u8], bearer: Bearer<'_>) -> Result<(), JournalError> {
        let tx = self.tx;
        let logged = tx.history(kind, record)?;
        if logged.iter().any(|known| known.bytes == bytes) {
            return Ok(self.show(kind, record, bearer.grant.cloned().into_iter().collect(), &logged, None)?);
        }
        let mut history: Vec<Vec<u8>> = logged.iter().map(|logged| logged.bytes.clone()).collect();
        history.push(bytes.to_vec());
        let after = crdt::fields(&history);
        if after.is_err() && crdt::fields(&history[..logged.len()]).is_ok() {
            return Err(JournalError::Unmergeable);
        }
        let seq = tx.append(kind, record, bytes, bearer.device, bearer.at)?;
        let after = match after {
            Ok(after) => {
                self.project(kind, record, &after)?;
                if !logged.is_empty() {
                    tx.release(kind, record)?;
                }
                after
            }
            // What is logged did not merge before: it concerns this record alone. Its row stays, the change goes on to all who see it.
            Err(error) => {
                tracing::error!(%error, kind = kind.code(), record = hex::encode(record), "a record is put aside, its changes do not merge");
                tx.put_aside(kind, record, seq, zh::put_aside(error), bearer.at)?;
                tx.row(kind, record)?.unwrap_or_else(|| crdt::touched(bytes).unwrap_or_default())
            }
        };
        let mut grants = grants_of(tx, kind, &after)?;
        if let Some(own) = bearer.grant
            && !grants.iter().any(|grant| grant.canteen == own.canteen)
        {
            grants.push(own.clone());
        }
        Ok(self.show(kind, record, grants, &logged, Some((seq, bytes)))?)
    }

    /// The row of a record, and what else follows from its fields.
    fn project(&self, kind: RecordKind, record: &[u8], after: &Fields) -> Result<(), StoreError> {
        let tx = self.tx;
        let order_before = match kind {
            RecordKind::Order | RecordKind::Receipt => order_figures(tx, record)?,
            _ => None,
        };
        tx.put_row(kind, record, after)?;
        match kind {
            RecordKind::Order | RecordKind::Receipt => tx.roll(order_before.as_ref(), order_figures(tx, record)?.as_ref())?,
            _ => {}
        }
        if kind == RecordKind::Receipt {
            tx.put_receipt_photos(record, photos(after))?;
        }
        Ok(())
    }

    /// Grants a record to places, and feeds it to all that see it: the new change, or the whole to those who see it only now.
    fn show(
        &mut self,
        kind: RecordKind,
        record: &[u8],
        mut grants: Vec<Grant>,
        logged: &[Logged],
        new: Option<(i64, &[u8])>,
    ) -> Result<(), StoreError> {
        let tx = self.tx;
        let known = if logged.is_empty() { Vec::new() } else { tx.grants(kind, record)? };
        for grant in grants.iter().filter(|grant| !known.contains(grant)) {
            tx.grant(kind, record, grant)?;
        }
        let saw = places_of(&known);
        grants.extend(known);
        if !self.places.contains_key(EVERYBODY) {
            self.add_place(EVERYBODY)?;
        }
        for place in places_of(&grants) {
            if !saw.contains(&place) {
                // It sees the record only now: whole.
                for earlier in logged {
                    self.feed(&place, kind, record, earlier.seq, &earlier.bytes)?;
                }
            }
            if let Some((seq, bytes)) = new {
                self.feed(&place, kind, record, seq, bytes)?;
            }
        }
        Ok(())
    }
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
