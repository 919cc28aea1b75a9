//! The pieces that automerge's binary format is made of: numbers of seven bits a byte, runs, and columns of them. Nothing
//! is worked out before its size is known: a run of 2^60 is one number here.

use super::CrdtError;

/// Bytes that are read from the front.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    pub fn take(&mut self, length: u64) -> Result<&'a [u8], CrdtError> {
        let taken = usize::try_from(length).ok().and_then(|length| self.0.split_at_checked(length));
        let (head, rest) = taken.ok_or(CrdtError::NotAChange)?;
        self.0 = rest;
        Ok(head)
    }

    /// What has its length in front.
    pub fn counted(&mut self) -> Result<&'a [u8], CrdtError> {
        let length = self.number()?;
        self.take(length)
    }

    /// A LEB128 number with its last byte and the number of its bits.
    fn leb(&mut self) -> Result<(u64, u8, u32), CrdtError> {
        let (mut number, mut bits) = (0_u64, 0_u32);
        loop {
            let (byte, rest) = self.0.split_first().ok_or(CrdtError::NotAChange)?;
            self.0 = rest;
            if bits > 63 {
                return Err(CrdtError::NotAChange);
            }
            number |= u64::from(byte & 0x7F) << bits;
            bits += 7;
            if byte & 0x80 == 0 {
                return Ok((number, *byte, bits));
            }
        }
    }

    /// A number in the fewest bytes it needs.
    pub fn number(&mut self) -> Result<u64, CrdtError> {
        let (number, last, bits) = self.leb()?;
        let fits = (bits == 7 || last != 0) && (bits < 70 || last == 1);
        fits.then_some(number).ok_or(CrdtError::NotAChange)
    }

    /// A number with a sign in the fewest bytes it needs.
    pub fn signed(&mut self) -> Result<i64, CrdtError> {
        let before = self.0;
        let (number, last, bits) = self.leb()?;
        let sign = if last & 0x40 != 0 && bits < 64 { u64::MAX << bits } else { 0 };
        // The last byte says more than the sign that the one before it has already.
        let bytes = bits as usize / 7;
        let earlier = before.get(bytes.wrapping_sub(2)).copied().unwrap_or_default();
        let idle = bytes > 1 && ((last == 0 && earlier & 0x40 == 0) || (last == 0x7F && earlier & 0x40 != 0));
        let fits = !idle && (bits < 70 || last == 0 || last == 0x7F);
        fits.then_some((number | sign).cast_signed()).ok_or(CrdtError::NotAChange)
    }
}

/// What lies in a run-length coded column.
pub(super) trait Item<'a>: Copy {
    fn read(bytes: &mut Bytes<'a>) -> Result<Self, CrdtError>;
}

impl<'a> Item<'a> for u64 {
    fn read(bytes: &mut Bytes<'a>) -> Result<Self, CrdtError> {
        bytes.number()
    }
}

impl<'a> Item<'a> for i64 {
    fn read(bytes: &mut Bytes<'a>) -> Result<Self, CrdtError> {
        bytes.signed()
    }
}

impl<'a> Item<'a> for &'a str {
    fn read(bytes: &mut Bytes<'a>) -> Result<Self, CrdtError> {
        std::str::from_utf8(bytes.counted()?).map_err(|_| CrdtError::NotAChange)
    }
}

/// A run-length coded column, read row by row. Rows of nothing are none that a flat record has.
pub(super) struct Runs<'a, T> {
    bytes: Bytes<'a>,
    left: u64,
    same: Option<T>,
}

impl<'a, T: Item<'a>> Runs<'a, T> {
    pub fn of(column: &'a [u8]) -> Self {
        Self { bytes: Bytes(column), left: 0, same: None }
    }

    /// Whether every row was read.
    pub fn is_over(&self) -> bool {
        self.left == 0 && self.bytes.is_empty()
    }

    /// The next row; an error where there is none.
    pub fn next(&mut self) -> Result<T, CrdtError> {
        if self.left == 0 {
            let header = self.bytes.signed()?;
            self.left = header.unsigned_abs();
            self.same = match header {
                0 => return Err(CrdtError::NotFlat),
                1.. => Some(T::read(&mut self.bytes)?),
                _ => None,
            };
        }
        self.left -= 1;
        self.same.map_or_else(|| T::read(&mut self.bytes), Ok)
    }
}

/// Counts the rows of a column of runs, without working any of them out.
///
/// # Errors
/// [`CrdtError::TooLarge`] beyond `most`.
pub(super) fn rows<'a, T: Item<'a>>(column: &'a [u8], most: u64) -> Result<u64, CrdtError> {
    let (mut bytes, mut rows) = (Bytes(column), 0_u64);
    while !bytes.is_empty() {
        let header = bytes.signed()?;
        let more = if header == 0 { bytes.number()? } else { header.unsigned_abs() };
        rows = rows.checked_add(more).filter(|rows| *rows <= most).ok_or(CrdtError::TooLarge)?;
        let values = if header > 0 { 1 } else { header.min(0).unsigned_abs() };
        for _ in 0..values {
            T::read(&mut bytes)?;
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unsigned(mut number: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        loop {
            let byte = u8::try_from(number & 0x7F).unwrap();
            number >>= 7;
            if number == 0 {
                bytes.push(byte);
                return bytes;
            }
            bytes.push(byte | 0x80);
        }
    }

    fn signed(mut number: i64) -> Vec<u8> {
        let mut bytes = Vec::new();
        loop {
            let byte = u8::try_from(number & 0x7F).unwrap();
            number >>= 7;
            if (number == 0 && byte & 0x40 == 0) || (number == -1 && byte & 0x40 != 0) {
                bytes.push(byte);
                return bytes;
            }
            bytes.push(byte | 0x80);
        }
    }

    proptest! {
        #[test]
        fn numbers_read_back_and_only_in_their_shortest_form(number in any::<u64>(), bits in 0u32..64) {
            let number = number >> bits;
            let bytes = unsigned(number);
            prop_assert_eq!(Bytes(&bytes).number(), Ok(number));
            let mut longer = bytes;
            *longer.last_mut().unwrap() |= 0x80;
            longer.push(0);
            prop_assert_eq!(Bytes(&longer).number(), Err(CrdtError::NotAChange));
            for number in [number.cast_signed(), -number.cast_signed()] {
                let bytes = signed(number);
                prop_assert_eq!(Bytes(&bytes).signed(), Ok(number));
                let mut longer = bytes;
                *longer.last_mut().unwrap() |= 0x80;
                longer.push(if number < 0 { 0x7F } else { 0 });
                prop_assert_eq!(Bytes(&longer).signed(), Err(CrdtError::NotAChange));
            }
        }
    }

    #[test]
    fn numbers_end_at_their_bits() {
        for number in [0, 1, u64::MAX, 1 << 63] {
            assert_eq!(Bytes(&unsigned(number)).number(), Ok(number));
        }
        for number in [0, -1, i64::MAX, i64::MIN] {
            assert_eq!(Bytes(&signed(number)).signed(), Ok(number));
        }
        assert!(Bytes(&[0x80; 10]).number().is_err() && Bytes(&[0xFF; 11]).signed().is_err() && Bytes(&[]).number().is_err());
        let mut beyond = unsigned(u64::MAX);
        *beyond.last_mut().unwrap() = 3;
        assert!(Bytes(&beyond).number().is_err());
    }
}
