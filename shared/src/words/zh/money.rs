//! 金额。

use crate::money::Fen;

#[must_use]
pub fn yuan(amount: Fen) -> String {
    format!("{amount} 元")
}
