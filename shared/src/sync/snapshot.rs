//! A page of a snapshot: changes in the order of a feed, packed once and sent as they lie there to every device that
//! begins. What can be computed is left out (magic and checksum of a chunk, the hash of the change before), and what is alike
//! lies together. Read under the limits of a message.

use super::message::{MAX_UNPACKED, MessageError};
use crate::crdt::hash_of;
use crate::wire::WireChange;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::io::Read;

/// So many bytes of changes, about forty added for each, make a page. With one more change it still fits, whatever is in it.
pub const PAGE_FILL: usize = 832 * 1024;
/// Most bytes of a packed page: an answer has room for more beside it.
pub const MAX_PAGE: usize = 960 * 1024;
/// Most changes of a page.
pub const MAX_PAGE_CHANGES: usize = 32 * 1024;
/// Packed once, sent often.
const LEVEL: i32 = 19;
/// Code words of kinds are short, and few.
const MAX_KINDS: usize = 64;
const MAX_KIND: usize = 32;

/// Magic of a chunk, behind it four bytes of its hash.
const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHECKSUM_ENDS: usize = 8;
const HASH: usize = 32;

/// How a change lies in its page, bit by bit.
const KNOWN_RECORD: u8 = 1;
const PLAIN_CHUNK: u8 = 2;
const BUILDS_ON_LAST: u8 = 4;

/// A page as it is before packing: a list for each part of a change.
#[derive(Default, Serialize, Deserialize)]
struct Columns {
    kinds: Vec<String>,
    /// For each change: which of the kinds.
    kind: Vec<u8>,
    /// For each change: which parts are left out.
    how: Vec<u8>,
    /// For each change of a record that the page has already: how many changes ago.
    ago: Vec<u32>,
    /// The ids of the others, sixteen bytes each.
    records: Vec<u8>,
    /// For each change: the bytes of it that are kept.
    lengths: Vec<u32>,
    bytes: Vec<u8>,
}

/// Packs changes into a page.
///
/// # Errors
/// [`MessageError::TooLarge`]; pack fewer.
pub fn pack(changes: &[WireChange]) -> Result<Vec<u8>, MessageError> {
    if changes.len() > MAX_PAGE_CHANGES {
        return Err(MessageError::TooLarge);
    }
    let mut page = Columns::default();
    let (mut seen, mut last) = (HashMap::new(), HashMap::new());
    for (at, change) in changes.iter().enumerate() {
        page.kind.push(kind_in(&mut page.kinds, &change.kind)?);
        let mut how = 0;
        match seen.insert(change.record, at) {
            Some(before) => {
                how |= KNOWN_RECORD;
                page.ago.push(u32::try_from(at - before).map_err(|_| MessageError::TooLarge)?);
            }
            None => page.records.extend(change.record),
        }
        let hash = hash_of(&change.bytes);
        let before = last.insert((&change.kind, change.record), hash);
        let mut kept = change.bytes.as_slice();
        if let Some(body) = kept.strip_prefix(&MAGIC).and_then(|rest| rest.strip_prefix(&hash[..4])) {
            how |= PLAIN_CHUNK;
            kept = body;
        }
        let length = page.bytes.len();
        match place_of_hash(kept).filter(|at| how & PLAIN_CHUNK != 0 && before.as_ref().map(|hash| &hash[..]) == kept.get(*at..*at + HASH))
        {
            Some(at) => {
                how |= BUILDS_ON_LAST;
                page.bytes.extend_from_slice(&kept[..at]);
                page.bytes.extend_from_slice(&kept[at + HASH..]);
            }
            None => page.bytes.extend_from_slice(kept),
        }
        page.how.push(how);
        page.lengths.push(u32::try_from(page.bytes.len() - length).map_err(|_| MessageError::TooLarge)?);
    }
    let plain = postcard::to_stdvec(&page).map_err(|_| MessageError::Malformed)?;
    if plain.len() > MAX_UNPACKED {
        return Err(MessageError::TooLarge);
    }
    let packed = zstd::bulk::compress(&plain, LEVEL).map_err(|_| MessageError::Malformed)?;
    if packed.len() > MAX_PAGE { Err(MessageError::TooLarge) } else { Ok(packed) }
}

fn kind_in(kinds: &mut Vec<String>, kind: &str) -> Result<u8, MessageError> {
    let at = kinds.iter().position(|known| known == kind).unwrap_or_else(|| {
        kinds.push(kind.to_owned());
        kinds.len() - 1
    });
    if at >= MAX_KINDS || kind.len() > MAX_KIND { Err(MessageError::TooLarge) } else { Ok(u8::try_from(at).unwrap_or(u8::MAX)) }
}

/// Where in a chunk without its head the hash stands of the one change that it builds on: behind type, length and number of these.
fn place_of_hash(body: &[u8]) -> Option<usize> {
    let length = body.iter().skip(1).take(5).position(|byte| byte & 0x80 == 0)? + 1;
    let at = 1 + length;
    (body.first() == Some(&1) && body.get(at) == Some(&1)).then_some(at + 1)
}

/// Unpacks a page from outside. Never makes more than [`MAX_UNPACKED`] and what was left out of [`MAX_PAGE_CHANGES`].
///
/// # Errors
/// [`MessageError`]
pub fn unpack(packed: &[u8]) -> Result<Vec<WireChange>, MessageError> {
    if packed.len() > MAX_PAGE {
        return Err(MessageError::TooLarge);
    }
    let decoder = zstd::Decoder::new(packed).map_err(|_| MessageError::Malformed)?;
    let mut plain = Vec::new();
    decoder.take(MAX_UNPACKED as u64 + 1).read_to_end(&mut plain).map_err(|_| MessageError::Malformed)?;
    if plain.len() > MAX_UNPACKED {
        return Err(MessageError::TooLarge);
    }
    match postcard::take_from_bytes::<Columns>(&plain) {
        Ok((page, [])) => changes_of(&page),
        _ => Err(MessageError::Malformed),
    }
}

fn changes_of(page: &Columns) -> Result<Vec<WireChange>, MessageError> {
    let long = page.kinds.len() > MAX_KINDS || page.kinds.iter().any(|kind| kind.len() > MAX_KIND);
    if page.kind.len() > MAX_PAGE_CHANGES || long {
        return Err(MessageError::TooLarge);
    }
    if page.how.len() != page.kind.len() || page.lengths.len() != page.kind.len() {
        return Err(MessageError::Malformed);
    }
    let (mut ago, mut records, mut bytes) = (page.ago.iter(), page.records.as_slice(), page.bytes.as_slice());
    let mut changes: Vec<WireChange> = Vec::with_capacity(page.kind.len());
    let mut last = HashMap::new();
    for ((kind, how), length) in page.kind.iter().zip(&page.how).zip(&page.lengths) {
        let made = (|| {
            let record = if how & KNOWN_RECORD != 0 {
                let ago = usize::try_from(*ago.next()?).ok().filter(|ago| *ago > 0)?;
                changes.get(changes.len().checked_sub(ago)?)?.record
            } else {
                let (first, rest) = records.split_first_chunk()?;
                records = rest;
                *first
            };
            let (kept, rest) = bytes.split_at_checked(usize::try_from(*length).ok()?)?;
            bytes = rest;
            let before = last.get(&(*kind, record)).filter(|_| how & BUILDS_ON_LAST != 0);
            let whole = whole(kept, *how, before)?;
            last.insert((*kind, record), hash_of(&whole));
            Some(WireChange { kind: page.kinds.get(usize::from(*kind))?.clone(), record, bytes: whole })
        })();
        changes.push(made.ok_or(MessageError::Malformed)?);
    }
    if ago.next().is_none() && records.is_empty() && bytes.is_empty() { Ok(changes) } else { Err(MessageError::Malformed) }
}

/// A change with what was left out.
fn whole(kept: &[u8], how: u8, before: Option<&[u8; HASH]>) -> Option<Vec<u8>> {
    if how & PLAIN_CHUNK == 0 {
        return (how & BUILDS_ON_LAST == 0).then(|| kept.to_vec());
    }
    let mut whole = Vec::with_capacity(kept.len() + CHECKSUM_ENDS + HASH);
    whole.extend(MAGIC);
    whole.extend([0; 4]);
    if how & BUILDS_ON_LAST == 0 {
        whole.extend_from_slice(kept);
    } else {
        let (head, rest) = kept.split_at_checked(place_of_hash(kept)?)?;
        whole.extend_from_slice(head);
        whole.extend(before?);
        whole.extend_from_slice(rest);
    }
    let hash = hash_of(&whole);
    whole[MAGIC.len()..CHECKSUM_ENDS].copy_from_slice(&hash[..4]);
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::{ActorId, first_change, next_change};
    use crate::record::{Fields, Value};
    use proptest::prelude::*;

    fn wire(kind: &str, record: [u8; 16], bytes: Vec<u8>) -> WireChange {
        WireChange { kind: kind.into(), record, bytes }
    }

    fn text(value: &str) -> Value {
        Value::Text(value.to_owned())
    }

    /// An order, its edit and its receipt, as they come again and again.
    fn orders(many: u8) -> Vec<WireChange> {
        let actor = ActorId::from([9; 16]);
        let mut changes = Vec::new();
        for number in 0..many {
            let fields = [("canteen", "C001"), ("date", "2026-11-22"), ("state", "placed"), ("dish", "软饭")];
            let fields: Fields = fields.iter().map(|(name, value)| ((*name).to_owned(), text(value))).collect();
            let first = first_change(&actor, &fields, 1_795_312_080 + i64::from(number)).bytes;
            let edit = Fields::from([("state".into(), text("delivered"))]);
            let second = next_change(&actor, std::slice::from_ref(&first), &edit, 1_795_320_000).unwrap().bytes;
            let receipt = first_change(&actor, &Fields::from([("canteen".into(), text("C001"))]), 1_795_320_000).bytes;
            changes.extend([wire("meal_order", [number; 16], first), wire("meal_order", [number; 16], second)]);
            changes.push(wire("receipt", [number; 16], receipt));
        }
        changes
    }

    #[test]
    fn what_can_be_computed_is_left_out_and_comes_back() {
        let mut all = orders(100);
        all.insert(4, wire("meal_order", [1; 16], Vec::new()));
        all.push(wire("elder_key", [1; 16], b"YLKEY1\0\0parcel".to_vec()));
        all.push(all[0].clone());
        let page = pack(&all).unwrap();
        assert_eq!(unpack(&page).unwrap(), all);
        assert_eq!(unpack(&pack(&[]).unwrap()), Ok(Vec::new()));
        let columns: Columns = postcard::from_bytes(&zstd::decode_all(&page[..]).unwrap()).unwrap();
        let edits = columns.how.iter().filter(|how| **how == KNOWN_RECORD | PLAIN_CHUNK | BUILDS_ON_LAST).count();
        assert_eq!((edits, columns.records.len()), (99, 1600), "one edit stands behind a record that has left");
    }

    proptest! {
        #[test]
        fn any_changes_come_back(some in prop::collection::vec((0usize..70, 0u8..4, any::<bool>(), prop::collection::vec(any::<u8>(), 0..60)), 0..80)) {
            let good = orders(3);
            let changes: Vec<WireChange> = some
                .into_iter()
                .map(|(kind, record, is_good, bytes)| match good.get(kind).filter(|_| is_good) {
                    Some(change) => change.clone(),
                    None => wire(["elder", "receipt", "x"][kind % 3], [record; 16], bytes),
                })
                .collect();
            prop_assert_eq!(unpack(&pack(&changes).unwrap()).unwrap(), changes);
        }
    }

    #[test]
    fn f28_f29_bombs_and_nonsense_are_refused() {
        let packed = |page: &Columns| zstd::bulk::compress(&postcard::to_stdvec(page).unwrap(), 1).unwrap();
        let bomb = zstd::encode_all(std::io::repeat(0).take(1 << 30), 3).unwrap();
        assert_eq!(unpack(&bomb), Err(MessageError::TooLarge));
        assert_eq!(unpack(&vec![0x28; MAX_PAGE + 1]), Err(MessageError::TooLarge));
        assert_eq!(unpack(b"nonsense"), Err(MessageError::Malformed));
        let one = || Columns {
            kinds: vec!["elder".into()],
            kind: vec![0],
            how: vec![0],
            ago: Vec::new(),
            records: vec![7; 16],
            lengths: vec![1],
            bytes: vec![5],
        };
        assert_eq!(unpack(&packed(&one())), Ok(vec![wire("elder", [7; 16], vec![5])]));
        // A word for a kind that is copied many times would be a bomb of its own.
        let many = MAX_PAGE_CHANGES + 1;
        for page in [
            Columns { kinds: vec!["k".repeat(MAX_KIND + 1)], ..one() },
            Columns { kinds: vec!["k".into(); MAX_KINDS + 1], ..one() },
            Columns { kind: vec![0; many], how: vec![0; many], lengths: vec![0; many], records: vec![7; 16 * many], ..one() },
        ] {
            assert_eq!(unpack(&packed(&page)), Err(MessageError::TooLarge));
        }
        for page in [
            Columns { kind: vec![1], ..one() },
            Columns { how: vec![], ..one() },
            Columns { how: vec![KNOWN_RECORD], ago: vec![0], records: vec![], ..one() },
            Columns { how: vec![KNOWN_RECORD], ago: vec![1], records: vec![], ..one() },
            Columns { how: vec![BUILDS_ON_LAST], ..one() },
            Columns { how: vec![PLAIN_CHUNK | BUILDS_ON_LAST], lengths: vec![4], bytes: vec![1, 0, 1, 0], ..one() },
            Columns { lengths: vec![2], ..one() },
            Columns { lengths: vec![0], ..one() },
            Columns { records: vec![7; 15], ..one() },
            Columns { ago: vec![1], ..one() },
        ] {
            assert_eq!(unpack(&packed(&page)), Err(MessageError::Malformed));
        }
    }
}
