//! How the rows of the audit log hang together: each carries HMAC-SM3 over its canonical bytes and the MAC of the row before, under a key
//! that is derived from the master key and so is not in the database. The ends of the chain are sealed under the same key.

use crate::key_provider::KeyProvider;
use crate::store::{AuditEnd, AuditRow, EndName};
use shared::chain::put;
use shared::crypto::{CryptoProvider, KeyedMac};

pub use shared::chain::{NOTHING, same};

/// Opens the bytes of every row, so that no bytes of another use fit.
const ROW: &[u8] = b"yinling audit row 1";
/// Opens the bytes of an end.
const END: &[u8] = b"yinling audit end 1";

/// The key of the chain.
#[derive(Debug)]
pub struct Chain(Box<dyn KeyedMac>);

impl Chain {
    /// The chain of a deployment.
    pub fn new(crypto: &dyn CryptoProvider, keys: &dyn KeyProvider) -> Self {
        Self(crypto.keyed(&keys.derive("audit chain")))
    }

    /// The MAC of a row behind the one with that MAC.
    pub fn mac(&self, before: &[u8], row: &AuditRow) -> [u8; 32] {
        self.0.mac(&canonical(before, row))
    }

    /// An end of the chain, sealed.
    pub fn end(&self, name: EndName, number: i64, mac: &[u8]) -> AuditEnd {
        AuditEnd { number, mac: mac.to_vec(), seal: self.seal(name.code(), number, mac).to_vec() }
    }

    /// The seal of something that names a row.
    pub fn seal(&self, name: &str, number: i64, mac: &[u8]) -> [u8; 32] {
        let mut bytes = END.to_vec();
        put(&mut bytes, Some(name.as_bytes()));
        bytes.extend_from_slice(&number.to_be_bytes());
        put(&mut bytes, Some(mac));
        self.0.mac(&bytes)
    }

    /// Whether an end is ours. The one of a database in which nothing was noted yet has no seal.
    pub fn is_ours(&self, name: EndName, end: &AuditEnd) -> bool {
        if name == EndName::Head && end.number == 0 {
            return end.mac.is_empty() && end.seal.is_empty();
        }
        same(&end.seal, &self.seal(name.code(), end.number, &end.mac))
    }

    /// A short mark of a text that is not to be kept itself.
    pub fn mark(&self, text: &str) -> String {
        let mark = self.0.mac(&[b"yinling audit mark 1", text.as_bytes()].concat());
        hex::encode(&mark[..4])
    }
}

fn canonical(before: &[u8], row: &AuditRow) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(320);
    bytes.extend_from_slice(ROW);
    put(&mut bytes, Some(before));
    for number in [row.number, row.at, row.request] {
        bytes.extend_from_slice(&number.to_be_bytes());
    }
    put(&mut bytes, row.device_number.map(i64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice));
    for text in [&row.event, &row.result, &row.source, &row.division] {
        put(&mut bytes, Some(text.as_bytes()));
    }
    for text in [&row.account, &row.canteen, &row.kind, &row.object, &row.old_value, &row.new_value, &row.detail] {
        put(&mut bytes, text.as_ref().map(String::as_bytes));
    }
    for id in [&row.device, &row.record] {
        put(&mut bytes, id.as_deref());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever adds a column and forgets it here leaves it open to be changed.
    #[test]
    fn every_column_is_under_the_mac() {
        let row = || AuditRow { number: 1, ..AuditRow::default() };
        let text = || Some("a".to_owned());
        let AuditRow {
            number: _,
            at: _,
            event: _,
            result: _,
            account: _,
            device: _,
            device_number: _,
            source: _,
            division: _,
            canteen: _,
            kind: _,
            record: _,
            object: _,
            old_value: _,
            new_value: _,
            detail: _,
            request: _,
            mac: _,
        } = row();
        let changed = [
            AuditRow { number: 2, ..row() },
            AuditRow { at: 1, ..row() },
            AuditRow { event: "a".into(), ..row() },
            AuditRow { result: "a".into(), ..row() },
            AuditRow { account: text(), ..row() },
            AuditRow { device: Some(vec![1]), ..row() },
            AuditRow { device_number: Some(1), ..row() },
            AuditRow { source: "a".into(), ..row() },
            AuditRow { division: "a".into(), ..row() },
            AuditRow { canteen: text(), ..row() },
            AuditRow { kind: text(), ..row() },
            AuditRow { record: Some(vec![1]), ..row() },
            AuditRow { object: text(), ..row() },
            AuditRow { old_value: text(), ..row() },
            AuditRow { new_value: text(), ..row() },
            AuditRow { detail: text(), ..row() },
            AuditRow { detail: Some(String::new()), ..row() },
            AuditRow { request: 1, ..row() },
        ];
        let all: std::collections::BTreeSet<Vec<u8>> = changed.iter().chain([&row()]).map(|row| canonical(&NOTHING, row)).collect();
        assert_eq!(all.len(), changed.len() + 1);
        assert_ne!(canonical(&[1; 32], &row()), canonical(&NOTHING, &row()));
    }
}
