//! Changes as they lie on this disk: one zstd frame each, against a dictionary of what changes have in common.
//! The dictionary is part of the format: another one gets another number and both stay readable.

use super::StoreError;
use shared::crdt::MAX_CHANGE_BYTES;
use std::cell::RefCell;
use std::io;
use std::sync::LazyLock;
use std::thread::LocalKey;
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

const DICTIONARY: &[u8] = include_bytes!("change.dictionary");
const LEVEL: i32 = 3;
/// The first byte says how the rest is to be read.
const PLAIN: u8 = 0;
const WITH_DICTIONARY: u8 = 1;
/// Every frame begins with these; they are not kept.
const MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

static ENCODER: LazyLock<EncoderDictionary<'static>> = LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, LEVEL));
static DECODER: LazyLock<DecoderDictionary<'static>> = LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));

/// A coder with the room that it works in: made once a thread, since room for the largest change costs more than a change.
struct Packer {
    zstd: Compressor<'static>,
    packed: Vec<u8>,
}

struct Unpacker {
    zstd: Decompressor<'static>,
    frame: Vec<u8>,
    plain: Vec<u8>,
}

thread_local! {
    static PACKER: RefCell<Option<Packer>> = const { RefCell::new(None) };
    static UNPACKER: RefCell<Option<Unpacker>> = const { RefCell::new(None) };
}

impl Packer {
    fn new() -> io::Result<Self> {
        let mut zstd = Compressor::with_prepared_dictionary(&ENCODER)?;
        zstd.include_checksum(false)?;
        zstd.include_dictid(false)?;
        Ok(Self { zstd, packed: Vec::new() })
    }

    /// The frame behind its magic.
    fn pack(&mut self, bytes: &[u8]) -> io::Result<&[u8]> {
        self.packed.clear();
        self.packed.reserve(zstd::zstd_safe::compress_bound(bytes.len()));
        self.zstd.compress_to_buffer(bytes, &mut self.packed)?;
        self.packed.strip_prefix(&MAGIC).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }
}

impl Unpacker {
    fn new() -> io::Result<Self> {
        Ok(Self {
            zstd: Decompressor::with_prepared_dictionary(&DECODER)?,
            frame: MAGIC.to_vec(),
            plain: Vec::with_capacity(MAX_CHANGE_BYTES),
        })
    }

    fn unpack(&mut self, rest: &[u8]) -> io::Result<Vec<u8>> {
        self.frame.truncate(MAGIC.len());
        self.frame.extend_from_slice(rest);
        self.plain.clear();
        self.zstd.decompress_to_buffer(&self.frame, &mut self.plain)?;
        Ok(self.plain.as_slice().to_vec())
    }
}

/// The thread's own coder, made where there is none yet.
fn with<C, T>(
    kept: &'static LocalKey<RefCell<Option<C>>>,
    new: fn() -> io::Result<C>,
    work: impl FnOnce(&mut C) -> io::Result<T>,
) -> io::Result<T> {
    kept.with_borrow_mut(|kept| match kept {
        Some(coder) => work(coder),
        None => work(kept.insert(new()?)),
    })
}

/// Packs a change.
pub(crate) fn pack(bytes: &[u8]) -> Vec<u8> {
    let packed = with(&PACKER, Packer::new, |packer| {
        let packed = packer.pack(bytes)?;
        Ok((packed.len() < bytes.len()).then(|| [&[WITH_DICTIONARY], packed].concat()))
    });
    packed.ok().flatten().unwrap_or_else(|| [&[PLAIN], bytes].concat())
}

/// Unpacks a change; never makes more than a change may be.
pub(super) fn unpack(packed: &[u8]) -> Result<Vec<u8>, StoreError> {
    match packed.split_first() {
        Some((&PLAIN, bytes)) => Ok(bytes.to_vec()),
        Some((&WITH_DICTIONARY, rest)) => with(&UNPACKER, Unpacker::new, |unpacker| unpacker.unpack(rest)).map_err(|_| StoreError::Packed),
        _ => Err(StoreError::Packed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;
    use shared::crdt::{ActorId, first_change, next_change};
    use shared::money::Fen;
    use shared::record::*;

    fn samples(of: u64) -> Vec<Vec<u8>> {
        let mut state = of;
        let mut draw = move |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut samples = Vec::new();
        for n in 0..400u64 {
            let actor = ActorId::from(std::array::from_fn::<u8, 16, _>(|_| u8::try_from(draw(256)).unwrap()));
            let id =
                |seed: u64| RecordId(uuid::Uuid::from_u64_pair(0x0199_aa00_0000_7000 + seed, seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
            let day = date(2026, 1, 1).checked_add(jiff::Span::new().days(i64::try_from(draw(700)).unwrap())).unwrap();
            let at = day.at(i8::try_from(6 + draw(12)).unwrap(), i8::try_from(draw(60)).unwrap(), i8::try_from(draw(60)).unwrap(), 0);
            let canteen = format!("C{:03}", draw(200));
            let order = Order {
                number: shared::rule::order_number::compose(u32::try_from(draw(60) + 1).unwrap(), u32::try_from(n * 7 + 1).unwrap()),
                elder: id(draw(5000)),
                elder_name: Some("王桂英".to_owned()),
                canteen: canteen.clone(),
                date: day,
                meal: Meal::ALL[draw(3) as usize],
                mode: Mode::ALL[draw(3) as usize],
                dish: Some(["软饭", "普通", "粥"][draw(3) as usize].to_owned()),
                price: Fen(i64::try_from(500 + 100 * draw(12)).unwrap()),
                note: (draw(3) == 0).then(|| ["少盐", "多汤", "不要辣"][draw(3) as usize].to_owned()),
                state: OrderState::Placed,
                reason: None,
                state_at: at,
                taken_at: at,
                taken_by: (draw(2) == 0).then(|| "前台".to_owned()),
                supplement_reason: None,
                platform_number: None,
            };
            let time = 1_767_000_000 + i64::try_from(draw(50_000_000)).unwrap();
            let first = first_change(&actor, &order.to_fields(), time).bytes;
            let text = |value: String| Value::Text(value.into());
            let state = [OrderState::Delivered, OrderState::PickedUp, OrderState::Out, OrderState::LeftAtDoor][draw(4) as usize];
            let edit = Fields::from([("state".into(), text(state.code().into())), ("state_at".into(), text(at.to_string()))]);
            samples.push(next_change(&actor, std::slice::from_ref(&first), &edit, time + 60).unwrap().bytes);
            samples.push(first);
            let mut receipt = Fields::from([
                ("order".into(), text(id(n).to_string())),
                ("canteen".into(), text(canteen)),
                ("arrived_at".into(), text(at.to_string())),
                ("recorded_at".into(), text(at.to_string())),
                ("received_by".into(), text("elder".into())),
                ("seen".into(), text("well".into())),
            ]);
            receipt.insert(format!("photos/{:064x}", u128::from(draw(u64::MAX)) * 0x9E37_79B9_7F4A_7C15), Value::Bool(true));
            samples.push(first_change(&actor, &receipt, time + 120).bytes);
            let elder = Fields::from(
                [
                    ("name", "王桂英"),
                    ("sex", "female"),
                    ("birth_date", "1945-03-02"),
                    ("division", "445381001008"),
                    ("canteen", "C001"),
                    ("status", "active"),
                    ("diet", "低盐"),
                ]
                .map(|(key, value)| (key.into(), text(value.to_owned()))),
            );
            samples.push(first_change(&actor, &elder, time).bytes);
        }
        samples
    }

    /// Makes the dictionary. Only before a release: what was written with the old one can't be read with another.
    #[test]
    #[ignore = "makes the dictionary anew"]
    fn make_the_dictionary() {
        let dictionary = zstd::dict::from_samples(&samples(1), 8 * 1024).unwrap();
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/change.dictionary"), dictionary).unwrap();
    }

    #[test]
    fn a_change_takes_less_than_half_and_reads_back() {
        let (mut plain, mut packed) = (0, 0);
        for change in samples(2) {
            let kept = pack(&change);
            assert_eq!(unpack(&kept).unwrap(), change);
            plain += change.len();
            packed += kept.len();
        }
        assert!(packed * 100 < plain * 42, "{packed} of {plain} bytes");
    }

    #[test]
    fn what_is_stored_is_not_trusted() {
        assert!(unpack(&[]).is_err() && unpack(&[9, 1]).is_err() && unpack(&[WITH_DICTIONARY, 1, 2, 3]).is_err());
        let bomb = zstd::bulk::compress(&vec![0; 1 << 20], 3).unwrap();
        assert!(unpack(&[&[WITH_DICTIONARY], &bomb[4..]].concat()).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_read_back(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
            prop_assert_eq!(unpack(&pack(&bytes)).unwrap(), bytes);
        }
    }
}
