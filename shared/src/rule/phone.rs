//! Telephone numbers as people give them: mobiles, landlines with area code, two in one cell.

use crate::schema::{FieldType, TextValue};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One mainland number: 11 digits of a mobile, or a landline with or without its area code
/// (`0766-8812345`, `8812345`). `Debug` shows head and tail only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// Why a text is no telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no telephone number")]
pub struct PhoneError;

impl PhoneNumber {
    /// Reads one number; blanks, dashes, brackets and +86 are forgiven.
    ///
    /// # Errors
    /// [`PhoneError`] when it is neither a mobile nor a landline.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let digits = digits_of(text)?;
        let digits = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86").filter(|rest| rest.len() == 11)).unwrap_or(&digits);
        let mobile = digits.len() == 11 && digits.starts_with('1') && !matches!(digits.as_bytes()[1], b'0' | b'1' | b'2');
        let local = |number: &str| matches!(number.len(), 7 | 8) && matches!(number.as_bytes()[0], b'2'..=b'9');
        if mobile || local(digits) {
            return Ok(Self(digits.to_owned()));
        }
        if digits.starts_with('0') {
            for area in [4, 3] {
                if let Some((area, number)) = digits.split_at_checked(area)
                    && local(number)
                    && area_code(area)
                {
                    return Ok(Self(format!("{area}-{number}")));
                }
            }
        }
        Err(PhoneError)
    }

    /// Reads a cell that may hold two numbers, parted by anything that is no part of a number.
    ///
    /// # Errors
    /// [`PhoneError`] when nothing in it is a number.
    pub fn parse_cell(text: &str) -> Result<(Self, Option<Self>), PhoneError> {
        if let Ok(one) = Self::parse(text) {
            return Ok((one, None));
        }
        let parts = text.split(|c: char| matches!(c, '/' | '、' | ',' | '，' | ';' | '；' | '|' | '或' | '\n') || c.is_whitespace());
        let mut numbers = parts.filter_map(|part| Self::parse(part).ok());
        let first = numbers.next().ok_or(PhoneError)?;
        Ok((first, numbers.next()))
    }

    /// The number as stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As shown on screens: `187****9597`.
    #[must_use]
    pub fn masked(&self) -> String {
        let (head, tail) = if self.0.len() >= 11 { (3, 4) } else { (2, 2) };
        format!("{}****{}", &self.0[..head], &self.0[self.0.len() - tail..])
    }
}

fn area_code(area: &str) -> bool {
    match area.len() {
        3 => area == "010" || area.starts_with("02"),
        _ => area.starts_with('0') && !area.starts_with("01") && !area.starts_with("02") && !area.starts_with("00"),
    }
}

fn digits_of(text: &str) -> Result<String, PhoneError> {
    let mut digits = String::new();
    for c in text.trim().trim_start_matches('\'').chars() {
        match c {
            '0'..='9' => digits.push(c),
            '\u{ff10}'..='\u{ff19}' => digits.extend(char::from_u32(c as u32 - 0xff10 + u32::from(b'0'))),
            '-' | '－' | '—' | '–' | '(' | ')' | '（' | '）' | '+' | '.' => {}
            c if c.is_whitespace() => {}
            _ => return Err(PhoneError),
        }
    }
    Ok(digits)
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({})", self.masked())
    }
}

impl From<PhoneNumber> for String {
    fn from(phone: PhoneNumber) -> Self {
        phone.0
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = PhoneError;
    fn try_from(text: String) -> Result<Self, PhoneError> {
        Self::parse(&text)
    }
}

impl TextValue for PhoneNumber {
    const TYPE: FieldType = FieldType::Phone;
    fn to_text(&self) -> String {
        self.0.clone()
    }
    fn of_text(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_give_them() {
        for (text, expect) in [
            ("18773589597", Some("18773589597")),
            ("145-0561-5486", Some("14505615486")),
            ("+86 13936836583", Some("13936836583")),
            ("008613936836583", Some("13936836583")),
            ("０７６６－８８１２３４５", Some("0766-8812345")),
            ("(0766)8812345", Some("0766-8812345")),
            ("020 81234567", Some("020-81234567")),
            ("8812345", Some("8812345")),
            ("12345678901", None),
            ("1877358959", None),
            ("没有", None),
            ("", None),
        ] {
            assert_eq!(PhoneNumber::parse(text).ok().as_ref().map(PhoneNumber::as_str), expect, "{text}");
        }
    }

    #[test]
    fn a_cell_may_hold_two() {
        for (text, first, second) in [
            ("18773589597 13639454360", "18773589597", Some("13639454360")),
            ("18773589597/0766-8812345", "18773589597", Some("0766-8812345")),
            ("18773589597、儿子13639454360", "18773589597", None),
            ("13639454360", "13639454360", None),
        ] {
            let (one, two) = PhoneNumber::parse_cell(text).unwrap();
            assert_eq!((one.as_str(), two.as_ref().map(PhoneNumber::as_str)), (first, second), "{text}");
        }
    }

    #[test]
    fn screens_and_logs_see_head_and_tail() {
        assert_eq!(format!("{:?}", PhoneNumber::parse("18773589597").unwrap()), "PhoneNumber(187****9597)");
    }
}
