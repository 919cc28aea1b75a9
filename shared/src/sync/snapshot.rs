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
const ID: usize = 16;
/// Behind it stands the hash of a photo.
const PHOTO: &[u8] = b"photos/";

/// How a change lies in its page, bit by bit.
const KNOWN_RECORD: u8 = 1;
const PLAIN_CHUNK: u8 = 2;
const BUILDS_ON_LAST: u8 = 4;
const NAMES_ITSELF: u8 = 8;
const NAMES_A_PHOTO: u8 = 16;

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
    /// For each id and each hash that was left out: where it stood.
    offsets: Vec<u32>,
    /// For each change: the bytes of it that are kept.
    lengths: Vec<u32>,
    bytes: Vec<u8>,
}

/// Puts the two halves of a page together, each a zstd frame: what shrinks (the columns); and what hardly does (the ids of records,
/// their first bytes first, then hashes of photos). The length of the first stands before it, in four bytes, the smallest first.
#[must_use]
pub fn joined(columns: &[u8], random: &[u8]) -> Vec<u8> {
    let length = u32::try_from(columns.len()).unwrap_or(u32::MAX);
    [&length.to_le_bytes(), columns, random].concat()
}

/// The two halves of a page.
#[must_use]
pub fn halves(packed: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = packed.split_first_chunk()?;
    rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)
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
    let (mut records, mut photos) = (Vec::new(), Vec::new());
    let (mut seen, mut last) = (HashMap::new(), HashMap::new());
    for (at, change) in changes.iter().enumerate() {
        page.kind.push(kind_in(&mut page.kinds, &change.kind)?);
        let mut how = 0;
        match seen.insert(change.record, at) {
            Some(before) => {
                how |= KNOWN_RECORD;
                page.ago.push(number(at - before)?);
            }
            None => records.push(change.record),
        }
        let hash = hash_of(&change.bytes);
        let before = last.insert((&change.kind, change.record), hash);
        let mut kept = change.bytes.clone();
        if kept.starts_with(&MAGIC) && kept.get(MAGIC.len()..CHECKSUM_ENDS) == Some(&hash[..4]) {
            how |= PLAIN_CHUNK;
            kept.drain(..CHECKSUM_ENDS);
            if let Some((at, before)) = offset_of_hash(&kept).zip(before)
                && kept.get(at..at + HASH) == Some(&before)
            {
                how |= BUILDS_ON_LAST;
                kept.drain(at..at + HASH);
            }
        }
        if let Some(at) = offset_of(&kept, hex::encode(change.record).as_bytes()) {
            how |= NAMES_ITSELF;
            page.offsets.push(number(at)?);
            kept.drain(at..at + 2 * ID);
        }
        if let Some((at, photo)) = photo_in(&kept) {
            how |= NAMES_A_PHOTO;
            page.offsets.push(number(at)?);
            photos.push(photo);
            kept.drain(at..at + 2 * HASH);
        }
        page.how.push(how);
        page.lengths.push(number(kept.len())?);
        page.bytes.extend(kept);
    }
    // The times at the head of ids are alike.
    let heads_first = (0..ID).flat_map(|at| records.iter().map(move |record| record[at]));
    let random: Vec<u8> = heads_first.chain(photos.into_iter().flatten()).collect();
    let plain = postcard::to_stdvec(&page).map_err(|_| MessageError::Malformed)?;
    if plain.len() > MAX_UNPACKED {
        return Err(MessageError::TooLarge);
    }
    let frame = |plain: &[u8]| zstd::bulk::compress(plain, LEVEL).map_err(|_| MessageError::Malformed);
    let packed = joined(&frame(&plain)?, &frame(&random)?);
    if packed.len() > MAX_PAGE { Err(MessageError::TooLarge) } else { Ok(packed) }
}

fn number(number: usize) -> Result<u32, MessageError> {
    u32::try_from(number).map_err(|_| MessageError::TooLarge)
}

fn kind_in(kinds: &mut Vec<String>, kind: &str) -> Result<u8, MessageError> {
    let at = kinds.iter().position(|known| known == kind).unwrap_or_else(|| {
        kinds.push(kind.to_owned());
        kinds.len() - 1
    });
    if at >= MAX_KINDS || kind.len() > MAX_KIND { Err(MessageError::TooLarge) } else { Ok(u8::try_from(at).unwrap_or(u8::MAX)) }
}

fn offset_of(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|window| window == word)
}

/// Where the first hash of a photo stands, in hex, and what it is.
fn photo_in(bytes: &[u8]) -> Option<(usize, [u8; HASH])> {
    let at = offset_of(bytes, PHOTO)? + PHOTO.len();
    let word = bytes.get(at..at + 2 * HASH)?;
    let photo: [u8; HASH] = hex::decode(word).ok()?.try_into().ok()?;
    (hex::encode(photo).as_bytes() == word).then_some((at, photo))
}

/// Where in a chunk without its head the hash stands of the one change that it builds on: behind type, length and number of these.
fn offset_of_hash(body: &[u8]) -> Option<usize> {
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
    let (columns, random) = halves(packed).ok_or(MessageError::Malformed)?;
    let plain = unpacked(columns, MAX_UNPACKED)?;
    let random = unpacked(random, MAX_PAGE_CHANGES * (ID + HASH))?;
    match postcard::take_from_bytes::<Columns>(&plain) {
        Ok((page, [])) => changes_of(&page, &random),
        _ => Err(MessageError::Malformed),
    }
}

fn unpacked(frame: &[u8], most: usize) -> Result<Vec<u8>, MessageError> {
    let decoder = zstd::Decoder::new(frame).map_err(|_| MessageError::Malformed)?;
    let mut plain = Vec::new();
    decoder.take(most as u64 + 1).read_to_end(&mut plain).map_err(|_| MessageError::Malformed)?;
    if plain.len() > most { Err(MessageError::TooLarge) } else { Ok(plain) }
}

fn changes_of(page: &Columns, random: &[u8]) -> Result<Vec<WireChange>, MessageError> {
    let long = page.kinds.len() > MAX_KINDS || page.kinds.iter().any(|kind| kind.len() > MAX_KIND);
    if page.kind.len() > MAX_PAGE_CHANGES || long {
        return Err(MessageError::TooLarge);
    }
    if page.how.len() != page.kind.len() || page.lengths.len() != page.kind.len() {
        return Err(MessageError::Malformed);
    }
    let with = |bit: u8| page.how.iter().filter(|how| **how & bit != 0).count();
    let records = page.how.len() - with(KNOWN_RECORD);
    let (heads_first, photos) = random.split_at_checked(records * ID).ok_or(MessageError::Malformed)?;
    let (photos, []) = photos.as_chunks::<HASH>() else { return Err(MessageError::Malformed) };
    let fits = photos.len() == with(NAMES_A_PHOTO)
        && page.ago.len() == with(KNOWN_RECORD)
        && page.offsets.len() == with(NAMES_ITSELF) + with(NAMES_A_PHOTO);
    if !fits {
        return Err(MessageError::Malformed);
    }
    let mut left = Left {
        records: (0..records).map(|at| std::array::from_fn(|byte| heads_first[byte * records + at])).collect::<Vec<_>>().into_iter(),
        ago: page.ago.iter(),
        offsets: page.offsets.iter(),
        photos: photos.iter(),
        bytes: &page.bytes,
        last: HashMap::new(),
        changes: Vec::with_capacity(page.kind.len()),
    };
    for ((kind, how), length) in page.kind.iter().zip(&page.how).zip(&page.lengths) {
        let code = page.kinds.get(usize::from(*kind)).ok_or(MessageError::Malformed)?;
        left.next(*kind, code, *how, *length).ok_or(MessageError::Malformed)?;
    }
    if left.bytes.is_empty() { Ok(left.changes) } else { Err(MessageError::Malformed) }
}

/// What is left of a page while its changes are made whole one after the other.
struct Left<'p> {
    records: std::vec::IntoIter<[u8; ID]>,
    ago: std::slice::Iter<'p, u32>,
    offsets: std::slice::Iter<'p, u32>,
    photos: std::slice::Iter<'p, [u8; HASH]>,
    bytes: &'p [u8],
    last: HashMap<(u8, [u8; ID]), [u8; HASH]>,
    changes: Vec<WireChange>,
}

impl Left<'_> {
    fn next(&mut self, kind: u8, code: &str, how: u8, length: u32) -> Option<()> {
        let record = if how & KNOWN_RECORD == 0 {
            self.records.next()?
        } else {
            let ago = usize::try_from(*self.ago.next()?).ok().filter(|ago| *ago > 0)?;
            self.changes.get(self.changes.len().checked_sub(ago)?)?.record
        };
        let (kept, rest) = self.bytes.split_at_checked(usize::try_from(length).ok()?)?;
        self.bytes = rest;
        let own = (how & NAMES_ITSELF != 0).then(|| self.offsets.next()).flatten();
        let photo = (how & NAMES_A_PHOTO != 0).then(|| self.offsets.next().zip(self.photos.next())).flatten();
        let mut whole = kept.to_vec();
        // What was left out last comes back first.
        if let Some((at, photo)) = photo {
            insert(&mut whole, *at, hex::encode(photo).as_bytes())?;
        }
        if let Some(at) = own {
            insert(&mut whole, *at, hex::encode(record).as_bytes())?;
        }
        if how & BUILDS_ON_LAST != 0 {
            let at = offset_of_hash(&whole)?;
            insert(&mut whole, u32::try_from(at).ok()?, self.last.get(&(kind, record))?)?;
        }
        if how & PLAIN_CHUNK != 0 {
            let hash = hash_of(&[&[0; CHECKSUM_ENDS], whole.as_slice()].concat());
            whole.splice(..0, MAGIC.into_iter().chain(hash[..4].iter().copied()));
        }
        self.last.insert((kind, record), hash_of(&whole));
        self.changes.push(WireChange { kind: code.to_owned(), record, bytes: whole });
        Some(())
    }
}

fn insert(bytes: &mut Vec<u8>, at: u32, part: &[u8]) -> Option<()> {
    let at = usize::try_from(at).ok().filter(|at| *at <= bytes.len())?;
    bytes.splice(at..at, part.iter().copied());
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::{ActorId, first_change, next_change};
    use crate::schema::{Fields, Value};
    use proptest::prelude::*;

    fn wire(kind: &str, record: [u8; 16], bytes: Vec<u8>) -> WireChange {
        WireChange { kind: kind.into(), record, bytes }
    }

    fn text(value: &str) -> Value {
        Value::Text(value.into())
    }

    /// An order, its edit and its receipt, as they come again and again.
    fn orders(many: u8) -> Vec<WireChange> {
        let actor = ActorId::from([9; 16]);
        let mut changes = Vec::new();
        for number in 0..many {
            let fields = [("canteen", "C001"), ("date", "2026-11-22"), ("state", "placed"), ("dish", "软饭")];
            let fields: Fields = fields.iter().map(|(name, value)| ((*name).into(), text(value))).collect();
            let first = first_change(&actor, &fields, 1_795_312_080 + i64::from(number)).bytes;
            let edit = Fields::from([("state".into(), text("delivered"))]);
            let second = next_change(&actor, std::slice::from_ref(&first), &edit, 1_795_320_000).unwrap().bytes;
            let of = ("order".into(), text(&hex::encode([number; 16])));
            let photo = (format!("photos/{}", hex::encode(hash_of(&second))).into(), Value::Bool(true));
            let receipt = first_change(&actor, &Fields::from([of, photo]), 1_795_320_000).bytes;
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
        let (columns, _) = halves(&page).unwrap();
        let columns: Columns = postcard::from_bytes(&zstd::decode_all(columns).unwrap()).unwrap();
        let with = |bits: u8| columns.how.iter().filter(|how| **how & bits == bits).count();
        assert_eq!(with(KNOWN_RECORD | PLAIN_CHUNK | BUILDS_ON_LAST), 99, "one edit stands behind a record that has left");
        assert_eq!((with(PLAIN_CHUNK | NAMES_ITSELF), with(NAMES_A_PHOTO)), (100, 100));
        assert!(page.len() < 6_000, "{} bytes", page.len());
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
        let frame = |plain: &[u8]| zstd::bulk::compress(plain, 1).unwrap();
        let packed = |page: &Columns, random: &[u8]| joined(&frame(&postcard::to_stdvec(page).unwrap()), &frame(random));
        let bomb = zstd::encode_all(std::io::repeat(0).take(1 << 30), 3).unwrap();
        let one =
            || Columns { kinds: vec!["elder".into()], kind: vec![0], how: vec![0], lengths: vec![1], bytes: vec![5], ..Columns::default() };
        let good = frame(&postcard::to_stdvec(&one()).unwrap());
        assert_eq!(unpack(&joined(&bomb, &frame(&[7; 16]))), Err(MessageError::TooLarge));
        assert_eq!(unpack(&joined(&good, &bomb)), Err(MessageError::TooLarge));
        assert_eq!(unpack(&vec![0x28; MAX_PAGE + 1]), Err(MessageError::TooLarge));
        assert_eq!(unpack(b"nonsense"), Err(MessageError::Malformed));
        assert_eq!(unpack(&packed(&one(), &[7; 16])), Ok(vec![wire("elder", [7; 16], vec![5])]));
        // A word for a kind that is copied many times would be a bomb of its own.
        let many = MAX_PAGE_CHANGES + 1;
        for page in [
            Columns { kinds: vec!["k".repeat(MAX_KIND + 1)], ..one() },
            Columns { kinds: vec!["k".into(); MAX_KINDS + 1], ..one() },
            Columns { kind: vec![0; many], how: vec![0; many], lengths: vec![0; many], ..one() },
        ] {
            assert_eq!(unpack(&packed(&page, &[7; 16])), Err(MessageError::TooLarge));
        }
        let (itself, photo) = (NAMES_ITSELF, NAMES_A_PHOTO);
        for (page, random) in [
            (Columns { kind: vec![1], ..one() }, 16),
            (Columns { how: vec![], ..one() }, 16),
            (Columns { how: vec![KNOWN_RECORD], ago: vec![0], ..one() }, 0),
            (Columns { how: vec![KNOWN_RECORD], ago: vec![1], ..one() }, 0),
            (Columns { how: vec![BUILDS_ON_LAST], ..one() }, 16),
            (Columns { how: vec![BUILDS_ON_LAST], lengths: vec![4], bytes: vec![1, 0, 1, 0], ..one() }, 16),
            (Columns { how: vec![itself], ..one() }, 16),
            (Columns { how: vec![itself], offsets: vec![2], ..one() }, 16),
            (Columns { how: vec![photo], offsets: vec![0], ..one() }, 16),
            (Columns { how: vec![photo], offsets: vec![u32::MAX], ..one() }, 48),
            (Columns { offsets: vec![0], ..one() }, 16),
            (Columns { lengths: vec![2], ..one() }, 16),
            (Columns { lengths: vec![0], ..one() }, 16),
            (Columns { ago: vec![1], ..one() }, 16),
            (one(), 15),
            (one(), 48),
        ] {
            assert_eq!(unpack(&packed(&page, &vec![7; random])), Err(MessageError::Malformed));
        }
    }
}
