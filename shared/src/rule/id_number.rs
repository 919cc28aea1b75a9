//! 公民身份号码 (GB 11643-1999): 18 digits with a check digit; the 15-digit form of before 1999 is widened.

use super::name::is_seen;
use crate::kinds::Sex;
use crate::schema::{FieldType, RecordId, TextValue};
use hmac::{Hmac, KeyInit, Mac};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::fmt;

/// An 18-digit ID number whose check digit and birth date hold. `Debug` shows the last four only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IdNumber(String);

/// Why a text is no ID number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdNumberError {
    /// Neither 18 nor 15 characters.
    #[error("not 18 digits")]
    Length,
    /// A character that is no digit (an X may stand last).
    #[error("not digits")]
    Characters,
    /// Looks like a spreadsheet's number, as `4.45E+17` or ending in 000: digits are lost.
    #[error("rounded by a spreadsheet")]
    Rounded,
    /// No such day, or a birth before 1890.
    #[error("no such birth date")]
    BirthDate,
    /// The check digit does not fit the others.
    #[error("wrong check digit")]
    CheckDigit,
}

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

impl IdNumber {
    /// Reads an ID number as offices write it: blanks, dashes, a leading quote and full-width
    /// digits are forgiven, a small x becomes X, 15 digits become 18.
    ///
    /// # Errors
    /// [`IdNumberError`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, IdNumberError> {
        let mut plain: String = text.chars().filter_map(plain_char).collect();
        if plain.contains('E') && plain.contains('+') {
            return Err(IdNumberError::Rounded);
        }
        if !matches!(plain.len(), 15 | 18) || plain.chars().count() != plain.len() {
            return Err(IdNumberError::Length);
        }
        let body = if plain.len() == 18 { &plain[..17] } else { &plain[..] };
        if !body.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(IdNumberError::Characters);
        }
        if plain.len() == 15 {
            plain.insert_str(6, "19");
            plain.push(check_digit(&plain));
        }
        if birth_date(&plain).is_none() {
            return Err(IdNumberError::BirthDate);
        }
        if !plain.ends_with(check_digit(&plain)) {
            return Err(if plain.ends_with("000") { IdNumberError::Rounded } else { IdNumberError::CheckDigit });
        }
        Ok(Self(plain))
    }

    /// All 18 characters, for storing and for export to those who may see them.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The day of birth that stands in it.
    #[must_use]
    pub fn birth_date(&self) -> Date {
        birth_date(&self.0).unwrap_or(Date::MIN)
    }

    /// The seventeenth digit: odd for men.
    #[must_use]
    pub fn sex(&self) -> Sex {
        if (self.0.as_bytes()[16] - b'0') % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// The last four characters, by which elders are told apart at the counter.
    #[must_use]
    pub fn tail(&self) -> &str {
        &self.0[14..]
    }

    /// As shown on screens: `4453**********1162`.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{}**********{}", &self.0[..4], self.tail())
    }

    /// The id of the elder's file: a keyed hash of the number, the same at every office of one
    /// deployment and meaningless without its key.
    #[must_use]
    pub fn elder_id(&self, person_key: &[u8]) -> RecordId {
        RecordId(uuid::Builder::from_custom_bytes(keyed(person_key, self.0.as_bytes())).into_uuid())
    }
}

/// The head of a keyed hash.
pub(super) fn keyed(key: &[u8], said: &[u8]) -> [u8; 16] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(said);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&mac.finalize().into_bytes()[..16]);
    bytes
}

/// Whole years lived on `today`.
#[must_use]
pub fn age_on(birth_date: Date, today: Date) -> i16 {
    let had_birthday = (today.month(), today.day()) >= (birth_date.month(), birth_date.day());
    today.year() - birth_date.year() - i16::from(!had_birthday)
}

fn plain_char(c: char) -> Option<char> {
    match c {
        '\u{ff10}'..='\u{ff19}' => char::from_u32(c as u32 - 0xff10 + u32::from(b'0')),
        'x' | '×' | 'ｘ' | 'Ｘ' | 'Х' | 'х' => Some('X'),
        'e' => Some('E'),
        '-' | '\'' | '‘' | '’' | '`' | '\u{feff}' => None,
        c if c.is_whitespace() || !is_seen(c) => None,
        c => Some(c),
    }
}

fn birth_date(eighteen: &str) -> Option<Date> {
    let part = |range: std::ops::Range<usize>| eighteen[range].parse::<i16>().ok();
    let date = Date::new(part(6..10)?, i8::try_from(part(10..12)?).ok()?, i8::try_from(part(12..14)?).ok()?).ok()?;
    (1890..=2100).contains(&date.year()).then_some(date)
}

fn check_digit(digits: &str) -> char {
    let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    char::from(CHECKS[(sum % 11) as usize])
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdNumber(…{})", self.tail())
    }
}

impl From<IdNumber> for String {
    fn from(id: IdNumber) -> Self {
        id.0
    }
}

impl TryFrom<String> for IdNumber {
    type Error = IdNumberError;
    fn try_from(text: String) -> Result<Self, IdNumberError> {
        Self::parse(&text)
    }
}

impl TextValue for IdNumber {
    const TYPE: FieldType = FieldType::IdNumber;
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
    use jiff::civil::date;

    #[test]
    fn numbers_as_offices_write_them() {
        for (text, expect) in [
            ("11010519491231002X", Ok("11010519491231002X")),
            ("11010519491231002x", Ok("11010519491231002X")),
            (" 110105 19491231 002X ", Ok("11010519491231002X")),
            ("'445381192801141162", Ok("445381192801141162")),
            ("\u{202d}445381192801141162\u{202c}\u{200b}", Ok("445381192801141162")),
            ("４４５３８１１９２８０１１４１１６２", Ok("445381192801141162")),
            ("445381192801141163", Err(IdNumberError::CheckDigit)),
            ("445381192813141162", Err(IdNumberError::BirthDate)),
            ("445381178001141162", Err(IdNumberError::BirthDate)),
            ("44538119280114116", Err(IdNumberError::Length)),
            ("", Err(IdNumberError::Length)),
            ("4453811928O1141162", Err(IdNumberError::Characters)),
            ("4.45381E+17", Err(IdNumberError::Rounded)),
            ("445381192801141000", Err(IdNumberError::Rounded)),
        ] {
            assert_eq!(IdNumber::parse(text).as_ref().map(IdNumber::as_str).map_err(|e| *e), expect, "{text}");
        }
    }

    #[test]
    fn the_old_form_is_widened_to_the_same_person() {
        let old = IdNumber::parse("110105491231002").unwrap();
        assert_eq!(old.as_str(), "11010519491231002X");
    }

    #[test]
    fn birth_sex_and_age_follow_from_it() {
        let id = IdNumber::parse("11010519491231002X").unwrap();
        assert_eq!(id.birth_date(), date(1949, 12, 31));
        assert_eq!(id.sex(), Sex::Female);
        assert_eq!(age_on(id.birth_date(), date(2026, 12, 30)), 76);
        assert_eq!(age_on(id.birth_date(), date(2026, 12, 31)), 77);
    }

    #[test]
    fn two_offices_derive_one_file_and_no_log_tells_the_number() {
        let id = IdNumber::parse("11010519491231002X").unwrap();
        assert_eq!(id.elder_id(b"key"), IdNumber::parse("110105491231002").unwrap().elder_id(b"key"));
        assert_ne!(id.elder_id(b"key"), id.elder_id(b"other"));
        assert_eq!(format!("{id:?}"), "IdNumber(…002X)");
    }
}
