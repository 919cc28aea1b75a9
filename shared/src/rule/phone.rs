//! Telephone numbers as people give them: mobiles, landlines with area code, two in one cell.

use crate::schema::{FieldType, TextValue};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One number: 11 digits of a mainland mobile, a mainland landline with or without its area code (`0766-8812345`, `8812345`), or one
/// of Hong Kong, Macao or Taiwan with its country code (`+852-91234567`). `Debug` shows head and tail only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// The numbers in a cell of a list, and what in it is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhonesInCell {
    /// In the order of the cell.
    pub numbers: Vec<PhoneNumber>,
    /// Digits that belong to no number: of a number that is too short or too long.
    pub rest: Vec<String>,
    /// Extensions behind landlines: a number holds none.
    pub extensions: Vec<String>,
}

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
        if let Some(abroad) = abroad(digits.strip_prefix("00").unwrap_or(&digits)) {
            return Ok(abroad);
        }
        let digits = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86").filter(|rest| rest.len() == 11)).unwrap_or(&digits);
        let mobile = digits.len() == 11 && digits.starts_with('1') && !matches!(digits.as_bytes()[1], b'0' | b'1' | b'2');
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

    /// Reads a cell that may hold several numbers, with words beside them, written in groups of digits, with extensions, or without
    /// the leading zero that a spreadsheet takes. No part of a number is ever taken for a whole one.
    #[must_use]
    pub fn in_cell(text: &str) -> PhonesInCell {
        let mut found = PhonesInCell::default();
        let groups = groups(text);
        let mut at = 0;
        while at < groups.len() {
            // As many groups as make one number, the longest first: 0766 8812345 is one, not 8812345 behind something.
            let last = (at..groups.len().min(at + 6)).take_while(|last| *last == at || groups[*last].gap != Gap::Apart || *last == at + 1);
            let number = last.collect::<Vec<_>>().into_iter().rev().find_map(|last| Some((last, whole(&groups[at..=last])?)));
            match number {
                Some((last, number)) => {
                    let landline = number.0.len() < 11 || number.0.contains('-');
                    found.numbers.push(number);
                    at = last + 1;
                    let extension = groups.get(at).filter(|next| {
                        let short = (1..=6).contains(&next.digits.len());
                        short && (next.gap == Gap::Extension || landline && next.gap == Gap::Dash)
                    });
                    if let Some(extension) = extension {
                        found.extensions.push(extension.digits.clone());
                        at += 1;
                    }
                }
                None => {
                    // What a lone number is short or long of is told with all its groups.
                    let mut rest = groups[at].digits.clone();
                    at += 1;
                    while let Some(next) =
                        groups.get(at).filter(|next| next.gap != Gap::Apart && whole(std::slice::from_ref(next)).is_none())
                    {
                        rest.push_str(&next.digits);
                        at += 1;
                    }
                    found.rest.push(rest);
                }
            }
        }
        // A single digit beside numbers counts them: 电话1, ②.
        found.rest.retain(|rest| rest.len() > 2 || found.numbers.is_empty());
        found
    }

    /// Reads a cell that may hold two numbers.
    ///
    /// # Errors
    /// [`PhoneError`] when nothing in it is a number.
    pub fn parse_cell(text: &str) -> Result<(Self, Option<Self>), PhoneError> {
        let mut numbers = Self::in_cell(text).numbers.into_iter();
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

/// What stands between two groups of digits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Blanks, points, brackets: the groups may be one number.
    Near,
    Dash,
    /// A word for an extension.
    Extension,
    /// Anything else.
    Apart,
}

struct Group {
    digits: String,
    /// A plus stands before it.
    plus: bool,
    /// What stands between it and the group before.
    gap: Gap,
}

fn groups(text: &str) -> Vec<Group> {
    let (mut groups, mut between): (Vec<Group>, String) = (Vec::new(), String::new());
    let mut digits = String::new();
    for c in text.chars().map(super::half_width::half_width).chain(['\n']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            let gap = gap(&between);
            groups.push(Group { digits: std::mem::take(&mut digits), plus: between.trim_end().ends_with('+'), gap });
            between.clear();
        }
        between.push(c);
    }
    groups
}

fn gap(between: &str) -> Gap {
    let lower = between.to_lowercase();
    if ["转", "轉", "分机", "分機", "内线", "ext", "#", "x"].iter().any(|word| lower.contains(word)) {
        Gap::Extension
    } else if between.contains('\n') || between.chars().any(|c| !c.is_whitespace() && !"-–—－_.()[]+'".contains(c)) {
        Gap::Apart
    } else if between.contains(['-', '–', '—', '_']) {
        Gap::Dash
    } else {
        Gap::Near
    }
}

/// The one number that all the groups make.
fn whole(groups: &[Group]) -> Option<PhoneNumber> {
    let (first, others) = groups.split_first()?;
    // Only an area code may stand apart from its number: 0766/8812345.
    let area = first.digits.len() <= 4 && area_code(&first.digits);
    if others.iter().any(|group| group.plus || group.gap == Gap::Extension || group.gap == Gap::Apart && !area) {
        return None;
    }
    // A number in groups has no group that is a number by itself, but behind an area or country code.
    if others.iter().any(|group| group.digits.len() > 8 && !matches!(first.digits.as_str(), "86" | "0086" | "0") && first.digits.len() > 4)
    {
        return None;
    }
    let digits: String = groups.iter().map(|group| group.digits.as_str()).collect();
    if first.plus && !digits.starts_with("86") {
        return abroad(&digits);
    }
    PhoneNumber::parse(&digits).ok().or_else(|| {
        // A spreadsheet takes the leading zero of a number: 7668812345, 2081234567.
        let lost = matches!(digits.len(), 10 | 11) && !["0", "400", "800"].iter().any(|head| digits.starts_with(head));
        let near = others.iter().all(|group| group.gap != Gap::Apart);
        PhoneNumber::parse(&format!("0{digits}")).ok().filter(|_| lost && near && (!digits.starts_with('1') || digits.starts_with("10")))
    })
}

/// A number of Hong Kong, Macao or Taiwan by its digits with the country code.
fn abroad(digits: &str) -> Option<PhoneNumber> {
    let (code, number) = digits.split_at_checked(3)?;
    let number = if code == "886" { number.strip_prefix('0').unwrap_or(number) } else { number };
    let fits = match code {
        "852" | "853" => number.len() == 8 && matches!(number.as_bytes()[0], b'2'..=b'9'),
        "886" => matches!(number.len(), 8 | 9) && !number.starts_with('0'),
        _ => false,
    };
    fits.then(|| PhoneNumber(format!("+{code}-{number}")))
}

fn local(number: &str) -> bool {
    matches!(number.len(), 7 | 8) && matches!(number.as_bytes()[0], b'2'..=b'9')
}

fn area_code(area: &str) -> bool {
    match area.len() {
        3 => area == "010" || area.starts_with("02"),
        4 => area.starts_with('0') && !area.starts_with("01") && !area.starts_with("02") && !area.starts_with("00"),
        _ => false,
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
            ("18773589597、儿子13639454360", "18773589597", Some("13639454360")),
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

    #[test]
    fn cells_as_offices_fill_them() {
        for (text, numbers, rest) in [
            ("135 9522 9527 / 189 2624 5084", &["13595229527", "18926245084"][..], &[][..]),
            ("138 2283 1800、139 4398 9501", &["13822831800", "13943989501"], &[]),
            ("0766-8812345-801", &["0766-8812345"], &[]),
            ("0766-8812345转801", &["0766-8812345"], &[]),
            ("8812345 分机 12，13800001111", &["8812345", "13800001111"], &[]),
            ("7668812345", &["0766-8812345"], &[]),
            ("2081234567", &["020-81234567"], &[]),
            ("75581234567", &["0755-81234567"], &[]),
            ("（0766）8812345、13800001111", &["0766-8812345", "13800001111"], &[]),
            ("0766/8812345", &["0766-8812345"], &[]),
            ("0766-8812345/8812346", &["0766-8812345", "8812346"], &[]),
            ("+852 9123 4567", &["+852-91234567"], &[]),
            ("00852-61234567", &["+852-61234567"], &[]),
            ("（852）6888 1234", &["+852-68881234"], &[]),
            ("+853 6612 3456 / 13800001111", &["+853-66123456", "13800001111"], &[]),
            ("+886 912 345 678", &["+886-912345678"], &[]),
            ("+886-0912-345-678", &["+886-912345678"], &[]),
            ("+86 138 0000 1111", &["13800001111"], &[]),
            ("(+86)13800001111", &["13800001111"], &[]),
            ("+1 604 555 1234", &[], &["16045551234"]),
            ("儿子13639454360 女儿：18773589597", &["13639454360", "18773589597"], &[]),
            ("1381234567", &[], &["1381234567"]),
            ("4001234567", &[], &["4001234567"]),
            ("138123456789", &[], &["138123456789"]),
            ("18773589597/1363945436", &["18773589597"], &["1363945436"]),
            ("1、18773589597 2、13639454360", &["18773589597", "13639454360"], &[]),
            ("18773589597\n13639454360", &["18773589597", "13639454360"], &[]),
            ("6888 1234", &["68881234"], &[]),
            ("无", &[], &[]),
        ] {
            let found = PhoneNumber::in_cell(text);
            assert_eq!(found.numbers.iter().map(PhoneNumber::as_str).collect::<Vec<_>>(), numbers, "{text}");
            assert_eq!(found.rest, rest, "{text}");
        }
        assert_eq!(PhoneNumber::in_cell("0766-8812345-801").extensions, ["801"]);
        let abroad = PhoneNumber::in_cell("00853 66123456").numbers.remove(0);
        assert_eq!(PhoneNumber::parse(abroad.as_str()), Ok(abroad));
    }
}
