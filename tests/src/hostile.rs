//! Changes as an attacker would write them: every part of the chunk can be chosen, the length and the checksum always fit.

use sha2::{Digest, Sha256};

/// Bytes of an unsigned LEB128 number.
#[must_use]
pub fn leb(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7F).unwrap_or(0);
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

/// Bytes of a signed LEB128 number.
#[must_use]
pub fn signed(mut number: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7F).unwrap_or(0);
        number >>= 7;
        if (number == 0 && low & 0x40 == 0) || (number == -1 && low & 0x40 != 0) {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

/// A chunk of that type around a body: magic, the right checksum, the right length.
#[must_use]
pub fn chunk(kind: u8, body: &[u8]) -> Vec<u8> {
    let behind = [&[kind], &leb(body.len() as u64)[..], body].concat();
    let checksum = Sha256::digest(&behind);
    [&[0x85, 0x6F, 0x4A, 0x83], &checksum[..4], &behind].concat()
}

/// The body of a chunk; `None` where the bytes are too short to have one.
#[must_use]
pub fn body(chunk: &[u8]) -> Option<&[u8]> {
    let length = chunk.get(9..)?.iter().position(|byte| byte & 0x80 == 0)?;
    chunk.get(10 + length..)
}

/// A change with these numbers and columns (specification, bytes).
#[must_use]
pub fn change(seq: u64, start_op: u64, dependencies: &[[u8; 32]], columns: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = leb(dependencies.len() as u64);
    bytes.extend(dependencies.concat());
    bytes.extend(leb(16));
    bytes.extend([7; 16]);
    bytes.extend(leb(seq));
    bytes.extend(leb(start_op));
    // Time, message, other actors: none.
    bytes.extend([0, 0, 0]);
    bytes.extend(leb(columns.len() as u64));
    for (specification, data) in columns {
        bytes.extend(leb(*specification));
        bytes.extend(leb(data.len() as u64));
    }
    bytes.extend(columns.iter().flat_map(|(_, data)| data.iter().copied()));
    chunk(1, &bytes)
}

/// One field, cleared as often as `times` says, in a run: some sixty bytes that claim any number of operations.
#[must_use]
pub fn repeated(times: i64) -> Vec<u8> {
    let run = |value: &[u8]| [&signed(times)[..], value].concat();
    change(
        1,
        1,
        &[],
        &[(0x15, run(b"\x04name")), (0x34, leb(times.unsigned_abs())), (0x42, run(&[1])), (0x56, run(&[0])), (0x70, run(&[0]))],
    )
}
