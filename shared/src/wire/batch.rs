//! Packing of batches: postcard, then zstd. Unpacking never makes more than the limit.

use super::{Batch, MAX_BATCH_CHANGES, MAX_BATCH_PACKED, MAX_BATCH_UNPACKED};
use std::io::Read;

/// Why bytes are no batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// Over a limit, packed or unpacked or in number.
    #[error("the batch is too large")]
    TooLarge,
    /// Not a packed batch.
    #[error("the bytes are no batch")]
    Malformed,
}

/// The batch as sent.
///
/// # Errors
/// [`BatchError::TooLarge`] when it is over the limits; send fewer changes.
pub fn pack(batch: &Batch) -> Result<Vec<u8>, BatchError> {
    let plain = postcard::to_stdvec(batch).map_err(|_| BatchError::Malformed)?;
    if plain.len() > MAX_BATCH_UNPACKED || batch.changes.len() > MAX_BATCH_CHANGES {
        return Err(BatchError::TooLarge);
    }
    zstd::encode_all(plain.as_slice(), 3).map_err(|_| BatchError::Malformed)
}

/// The batch in bytes from outside.
///
/// # Errors
/// [`BatchError`]
pub fn unpack(packed: &[u8]) -> Result<Batch, BatchError> {
    if packed.len() > MAX_BATCH_PACKED.max(MAX_BATCH_UNPACKED) {
        return Err(BatchError::TooLarge);
    }
    let decoder = zstd::Decoder::new(packed).map_err(|_| BatchError::Malformed)?;
    let mut plain = Vec::new();
    let limit = MAX_BATCH_UNPACKED as u64 + 1;
    decoder.take(limit).read_to_end(&mut plain).map_err(|_| BatchError::Malformed)?;
    if plain.len() > MAX_BATCH_UNPACKED {
        return Err(BatchError::TooLarge);
    }
    let batch: Batch = postcard::from_bytes(&plain).map_err(|_| BatchError::Malformed)?;
    if batch.changes.len() > MAX_BATCH_CHANGES {
        return Err(BatchError::TooLarge);
    }
    Ok(batch)
}

#[cfg(test)]
mod tests {
    use super::super::WireChange;
    use super::*;

    #[test]
    fn a_batch_reads_back_and_its_bytes_are_frozen() {
        let batch = Batch { changes: vec![WireChange { kind: "elder".into(), record: [7; 16], bytes: vec![1, 2, 3] }] };
        let packed = pack(&batch).unwrap();
        assert_eq!(unpack(&packed), Ok(batch.clone()));
        assert_eq!(hex::encode(postcard::to_stdvec(&batch).unwrap()), "0105656c6465720707070707070707070707070707070703010203");
    }

    #[test]
    fn a_bomb_is_refused_without_unpacking_it_all() {
        let bomb = zstd::encode_all(std::io::repeat(0).take(1 << 30), 3).unwrap();
        assert!(bomb.len() < 200_000);
        assert_eq!(unpack(&bomb), Err(BatchError::TooLarge));
        assert_eq!(unpack(b"nonsense"), Err(BatchError::Malformed));
    }
}
