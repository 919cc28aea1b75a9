//! 订单号: digits only, short enough to read over a phone, unique per device, with a check digit
//! so that a misheard one is not another elder's meal: `12-0173` is device 12, meal 17, check 3.

/// The number of the `sequence`-th order of a device.
#[must_use]
pub fn compose(device: u32, sequence: u32) -> String {
    format!("{device}-{sequence:03}{}", check(device, sequence))
}

/// Device and sequence of a number as it was heard or typed; `None` when the check digit is wrong.
/// The dash may be missing blanks around it or be a full-width one.
#[must_use]
pub fn parse(text: &str) -> Option<(u32, u32)> {
    let (device, rest) = text.trim().split_once(['-', '－', '—'])?;
    let (device, rest) = (device.trim(), rest.trim());
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(device) || !digits(rest) || rest.len() < 4 {
        return None;
    }
    let (sequence, check_digit) = rest.split_at(rest.len() - 1);
    let (device, sequence) = (device.parse().ok()?, sequence.parse().ok()?);
    (check_digit == check(device, sequence).to_string()).then_some((device, sequence))
}

/// Damm's quasigroup: finds every single wrong digit and every swap of neighbours.
fn check(device: u32, sequence: u32) -> u8 {
    const TABLE: [[u8; 10]; 10] = [
        [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
        [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
        [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
        [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
        [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
        [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
        [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
        [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
        [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
        [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
    ];
    let digits = format!("{device}{sequence:03}");
    digits.bytes().fold(0, |state, byte| TABLE[usize::from(state)][usize::from(byte - b'0')])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn short_and_readable() {
        let number = compose(12, 17);
        assert_eq!(number.len(), 7);
        assert_eq!(parse(&number), Some((12, 17)));
        assert_eq!(parse(&number.replace('-', " － ")), Some((12, 17)));
        assert_eq!(parse("017"), None);
    }

    proptest! {
        #[test]
        fn every_number_reads_back_and_every_wrong_digit_is_noticed(device in 1u32..1000, sequence in 1u32..100_000, at in 0usize..12, by in 1u8..10) {
            let number = compose(device, sequence);
            prop_assert_eq!(parse(&number), Some((device, sequence)));
            let mut misheard = number.clone().into_bytes();
            let at = at % misheard.len();
            if misheard[at].is_ascii_digit() {
                misheard[at] = b'0' + (misheard[at] - b'0' + by) % 10;
                prop_assert_ne!(parse(std::str::from_utf8(&misheard).unwrap()), Some((device, sequence)));
            }
        }
    }
}
