//! What a change claims, read before automerge works it out. Columns are run-length coded: seventy bytes may claim 2^60
//! operations, and numbers that no program would write make automerge stop in the middle of a later edit. Layout:
//! the change chunk of automerge's binary format.

use super::CrdtError;

/// Most rows of a column: a record has some forty fields.
const MAX_ROWS: u64 = 4_096;
/// Longest name of a field, in bytes.
pub(super) const MAX_KEY: usize = 128;
/// Highest operation that is counted; automerge's own counters end at 2^32.
const MAX_OP: u64 = 1 << 31;
/// Magic, checksum and type in front of the length.
const HEAD: usize = 9;
const HASH: usize = 32;
const DEFLATED: u64 = 0b1000;

/// Checks the claims of a change chunk; whether it is one is found out by those who decode it.
///
/// # Errors
/// [`CrdtError`]
pub(super) fn check(chunk: &[u8]) -> Result<(), CrdtError> {
    let mut rest = Bytes(chunk.get(HEAD..).ok_or(CrdtError::NotAChange)?);
    rest.number()?;
    let dependencies = rest.number()?;
    rest.skip(dependencies.checked_mul(HASH as u64).ok_or(CrdtError::NotAChange)?)?;
    rest.counted()?;
    let (seq, start_op) = (rest.number()?, rest.number()?);
    // Who builds on nothing has made nothing yet; such a change would stand alone and never merge with another.
    let begins = dependencies == 0;
    if start_op > MAX_OP || (begins && (seq, start_op) != (1, 1)) {
        return Err(CrdtError::NotAChange);
    }
    rest.number()?;
    rest.counted()?;
    for _ in 0..rest.number()? {
        rest.counted()?;
    }
    let mut columns = Vec::new();
    for _ in 0..rest.number()? {
        columns.push((rest.number()?, rest.number()?));
    }
    for (specification, length) in columns {
        if specification & DEFLATED != 0 {
            return Err(CrdtError::NotAChange);
        }
        rows(specification & 0b111, Bytes(rest.take(length)?))?;
    }
    Ok(())
}

/// Counts the rows of a column by its type: 0 lists of so many, 4 truths, 5 texts, 7 bare bytes, else numbers.
fn rows(kind: u64, mut column: Bytes<'_>) -> Result<(), CrdtError> {
    let (mut rows, mut listed) = (0_u64, 0_u64);
    let more = |rows: u64, by: u64| rows.checked_add(by).filter(|rows| *rows <= MAX_ROWS).ok_or(CrdtError::TooLarge);
    while kind != 7 && !column.0.is_empty() {
        if kind == 4 {
            rows = more(rows, column.number()?)?;
            continue;
        }
        // A run of one value, so many values one by one, or a run of nothing.
        let header = column.signed()?;
        if header == 0 {
            rows = more(rows, column.number()?)?;
            continue;
        }
        let (values, times) = if header > 0 { (1, header.unsigned_abs()) } else { (header.unsigned_abs(), 1) };
        rows = more(rows, values.saturating_mul(times))?;
        for _ in 0..values {
            match kind {
                // The same name in a run would be one field set again and again, in no more bytes.
                5 if column.counted()? > MAX_KEY || times > 1 => return Err(CrdtError::NotFlat),
                5 => {}
                0 => listed = more(listed, column.number()?.saturating_mul(times))?,
                _ => drop(column.number()?),
            }
        }
    }
    Ok(())
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, length: u64) -> Result<&'a [u8], CrdtError> {
        let taken = usize::try_from(length).ok().and_then(|length| self.0.split_at_checked(length));
        let (head, rest) = taken.ok_or(CrdtError::NotAChange)?;
        self.0 = rest;
        Ok(head)
    }

    fn skip(&mut self, length: u64) -> Result<(), CrdtError> {
        self.take(length).map(drop)
    }

    /// Skips what has its length in front, and gives the length.
    fn counted(&mut self) -> Result<usize, CrdtError> {
        let length = self.number()?;
        Ok(self.take(length)?.len())
    }

    /// A LEB128 number with its last byte and the number of bits.
    fn leb(&mut self) -> Result<(u64, u8, u32), CrdtError> {
        let (mut number, mut bits) = (0_u64, 0_u32);
        loop {
            let [byte] = *self.take(1)? else { return Err(CrdtError::NotAChange) };
            if bits >= 64 {
                return Err(CrdtError::NotAChange);
            }
            number |= u64::from(byte & 0x7F) << bits;
            bits += 7;
            if byte & 0x80 == 0 {
                return Ok((number, byte, bits));
            }
        }
    }

    fn number(&mut self) -> Result<u64, CrdtError> {
        Ok(self.leb()?.0)
    }

    fn signed(&mut self) -> Result<i64, CrdtError> {
        let (number, last, bits) = self.leb()?;
        let sign = if last & 0x40 != 0 && bits < 64 { u64::MAX << bits } else { 0 };
        Ok((number | sign).cast_signed())
    }
}
