//! What the head of a JPEG says of its frame: how many values stand in it, of all colours, as they are sampled. One that comes in several passes is held whole
//! while it is decoded, two bytes a value.

/// The values of a JPEG; none where no frame is found.
pub(super) fn values(bytes: &[u8]) -> Option<u64> {
    let mut at = 2;
    loop {
        let [0xff, marker, rest @ ..] = bytes.get(at..)? else { return None };
        // Fill bytes may stand before a marker.
        if *marker == 0xff {
            at += 1;
            continue;
        }
        let length = usize::from(u16::from_be_bytes([*rest.first()?, *rest.get(1)?]));
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            return of_frame(rest.get(2..length)?);
        }
        at += 2 + length;
    }
}

/// From the segment of a frame: a byte of depth, height, width, then of each colour its name, how often it is sampled each way, and a table.
fn of_frame(frame: &[u8]) -> Option<u64> {
    let pixels =
        u64::from(u16::from_be_bytes([*frame.get(1)?, *frame.get(2)?])) * u64::from(u16::from_be_bytes([*frame.get(3)?, *frame.get(4)?]));
    let sampled: Vec<(u64, u64)> =
        frame.get(6..)?.chunks_exact(3).map(|colour| (u64::from(colour[1] >> 4), u64::from(colour[1] & 15))).collect();
    let most = |way: fn(&(u64, u64)) -> u64| sampled.iter().map(way).max();
    let whole = most(|both| both.0)? * most(|both| both.1)?;
    let all: u64 = sampled.iter().map(|(across, down)| across * down).sum();
    (whole > 0).then(|| pixels * all / whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg(sampling: &[u8]) -> Vec<u8> {
        let colours: Vec<u8> = sampling.iter().flat_map(|sampling| [1, *sampling, 0]).collect();
        let length = u8::try_from(8 + colours.len()).unwrap();
        [&[0xff, 0xd8, 0xff, 0xe0, 0, 4, 0xff, 0xc0, 0xff, 0xff, 0xc2, 0, length, 8, 0, 100, 0, 200, 3][..], &colours].concat()
    }

    #[test]
    fn each_colour_counts_as_often_as_it_is_sampled() {
        for (sampling, found) in [
            (&[0x11, 0x11, 0x11][..], Some(60_000)),
            (&[0x22, 0x11, 0x11], Some(30_000)),
            (&[0x21, 0x11, 0x11], Some(40_000)),
            (&[0x11], Some(20_000)),
            (&[0x11; 4], Some(80_000)),
            (&[0x00], None),
            (&[], None),
        ] {
            assert_eq!(values(&jpeg(sampling)), found, "{sampling:x?}");
        }
        let whole = jpeg(&[0x11; 3]);
        for end in 0..whole.len() {
            assert_eq!(values(&whole[..end]), None);
        }
    }
}
