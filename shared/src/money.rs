//! Money in whole fen (分). Rates and roundings have no place here.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount in fen, 1/100 yuan. Ledgers add it; nothing stores a running balance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    /// Nothing owed.
    pub const ZERO: Fen = Fen(0);

    /// An amount as typed in yuan: `12`, `12.5`, `12.50`; `None` when it is none.
    #[must_use]
    pub fn parse_yuan(text: &str) -> Option<Fen> {
        let (yuan, fen) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if yuan.is_empty() || !digits(yuan) || !digits(fen) || fen.len() > 2 {
            return None;
        }
        let fen: i64 = format!("{fen:0<2}").parse().ok()?;
        yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(fen).map(Fen)
    }

    /// The sum, or `None` when it does not fit in 64 bits.
    #[must_use]
    pub fn checked_add(self, other: Fen) -> Option<Fen> {
        self.0.checked_add(other.0).map(Fen)
    }
}

impl fmt::Display for Fen {
    /// Yuan with two decimals, as on a receipt: `12.00`, `-0.05`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::Fen;

    #[test]
    fn yuan_are_shown_with_two_decimals() {
        for (fen, shown) in [(0, "0.00"), (5, "0.05"), (1200, "12.00"), (-5, "-0.05"), (-1205, "-12.05")] {
            assert_eq!(Fen(fen).to_string(), shown);
        }
    }

    #[test]
    fn yuan_as_typed() {
        for (text, fen) in [
            ("12", Some(1200)),
            (" 12.5 ", Some(1250)),
            ("0.05", Some(5)),
            ("12.505", None),
            ("-1", None),
            ("", None),
            (".5", None),
            ("1,2", None),
        ] {
            assert_eq!(Fen::parse_yuan(text), fen.map(Fen), "{text}");
        }
    }

    #[test]
    fn an_overflowing_sum_is_no_sum() {
        assert_eq!(Fen(i64::MAX).checked_add(Fen(1)), None);
        assert_eq!(Fen(1).checked_add(Fen(2)), Some(Fen(3)));
    }
}
