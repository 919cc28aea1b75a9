//! Changes as they lie on this disk: one zstd frame each, against a dictionary of what changes have in common.
//! The dictionary is part of the format: another one gets another number and both stay readable. `cargo xtask dictionary`
//! makes it, from made-up changes.

#[cfg(test)]
mod samples;

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
    use proptest::prelude::*;

    #[test]
    fn a_change_takes_less_than_half_and_reads_back() {
        let (mut plain, mut packed) = (0, 0);
        for change in samples::samples(2).unwrap() {
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
