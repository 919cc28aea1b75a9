//! Inputs from inputs: flips, cuts, repetitions, splices and numbers at the ends of their range.

use crate::hostile::leb;

/// Numbers from a seed.
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    /// The next number.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// The next number below `most`, which is not 0.
    pub fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.roll() % most.max(1) as u64).unwrap_or(0)
    }

    fn byte(&mut self) -> u8 {
        self.roll().to_le_bytes()[0]
    }
}

/// Where numbers break.
const EDGES: [u64; 10] = [0, 1, 127, 128, 255, 4_096, 65_536, u32::MAX as u64, i64::MAX as u64, u64::MAX];
/// An input does not grow beyond this.
const LONGEST: usize = 1_200_000;

/// One of the kept inputs, changed in one to six places.
#[must_use]
pub fn mutated(kept: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut input = kept[dice.below(kept.len())].clone();
    for _ in 0..=dice.below(6) {
        once(&mut input, kept, dice);
    }
    input.truncate(LONGEST);
    input
}

fn once(input: &mut Vec<u8>, kept: &[Vec<u8>], dice: &mut Dice) {
    let at = dice.below(input.len() + 1);
    let until = at + dice.below((input.len() - at).min(40) + 1);
    match dice.below(9) {
        0 => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
        }
        1 => {
            if let Some(byte) = input.get_mut(at) {
                *byte = dice.byte();
            }
        }
        2 => drop(input.drain(at..until)),
        3 => {
            let again = input[at..until].to_vec();
            let times = [1, 2, 30][dice.below(3)];
            input.splice(at..at, again.repeat(times));
        }
        4 => {
            let number = leb(EDGES[dice.below(EDGES.len())]);
            input.splice(at..until.min(at + 1), number);
        }
        5 => {
            let more: Vec<u8> = (0..=dice.below(8)).map(|_| dice.byte()).collect();
            input.splice(at..at, more);
        }
        6 => input.truncate(at),
        7 => {
            let other = &kept[dice.below(kept.len())];
            let from = dice.below(other.len() + 1);
            input.truncate(at);
            input.extend_from_slice(&other[from..]);
        }
        _ => {
            if until > at {
                input[at..until].rotate_left(1);
            }
        }
    }
}
