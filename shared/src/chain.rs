//! How rows of a log hang together, whatever they say: each carries a MAC over its canonical bytes and the MAC of the one before. Whoever
//! keeps the key computes the MAC; here stands what goes under it. No row is known here.

use crate::schema::{Fields, Value};

/// What stands before the first row, and before one that follows on an end which is not ours.
pub const NOTHING: [u8; 32] = [0; 32];

/// Compares without telling by its time where the first difference is.
#[must_use]
pub fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differs, (one, other)| differs | (one ^ other)) == 0
}

/// A value with its length before it; nothing is told apart from what is empty.
pub fn put(bytes: &mut Vec<u8>, value: Option<&[u8]>) {
    let length = value.map_or(u32::MAX, |value| u32::try_from(value.len()).unwrap_or(u32::MAX - 1));
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(value.unwrap_or_default());
}

/// The canonical bytes of a record behind the row with that MAC: its fields by name, each of its type.
#[must_use]
pub fn of_fields(purpose: &[u8], before: &[u8], fields: &Fields) -> Vec<u8> {
    let mut bytes = purpose.to_vec();
    put(&mut bytes, Some(before));
    for (name, value) in fields.iter() {
        put(&mut bytes, Some(name.as_bytes()));
        match value {
            Value::Null => put(&mut bytes, None),
            Value::Bool(yes) => put(&mut bytes, Some(&[0, u8::from(*yes)])),
            Value::Int(number) => put(&mut bytes, Some(&[&[1][..], &number.to_be_bytes()].concat())),
            Value::Text(text) => put(&mut bytes, Some(&[&[2], text.as_bytes()].concat())),
            Value::Bytes(held) => put(&mut bytes, Some(&[&[3], &held[..]].concat())),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_records_have_the_same_bytes() {
        let text = |text: &str| Value::Text(text.into());
        let records = [
            Fields::from([("a".into(), text("b"))]),
            Fields::from([("a".into(), text(""))]),
            Fields::from([("a".into(), Value::Null)]),
            Fields::from([("a".into(), Value::Int(1))]),
            Fields::from([("a".into(), Value::Bool(true))]),
            Fields::from([("a".into(), Value::Bytes(b"b".to_vec()))]),
            Fields::from([("ab".into(), text(""))]),
            Fields::from([("a".into(), text("b")), ("c".into(), text("d"))]),
            Fields::new(),
        ];
        let all: BTreeSet<Vec<u8>> = records.iter().map(|fields| of_fields(b"test", &NOTHING, fields)).collect();
        assert_eq!(all.len(), records.len());
        assert_ne!(of_fields(b"test", &[1; 32], &records[0]), of_fields(b"test", &NOTHING, &records[0]));
        assert!(same(b"ab", b"ab") && !same(b"ab", b"aa") && !same(b"ab", b"a"));
    }
}
