//! Full numbers of people that leave the sealed store: for what somebody may ask, how many one person may take alone, and how long a file
//! stays where the desk put it.

use super::noted::clean;
use crate::kinds::DisclosureReason;

/// Files lie in a desk's export folder for so many days.
pub const DAYS_HERE: u32 = 7;
/// Data of so many persons one person takes out alone: at the console in one file, of full numbers at a desk in a day.
pub const ALONE: u64 = 200;
/// Letters that an explanation has at least.
const SHORTEST: usize = 2;

/// Whether so many persons ask for a second one who agrees.
#[must_use]
pub const fn needs_second(persons: u64) -> bool {
    persons > ALONE
}

/// Why somebody takes data out, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// One of the list.
    pub reason: DisclosureReason,
    /// What was said beside it, plain and without numbers of people.
    pub note: Option<String>,
}

/// Why a reason is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReasonProblem {
    /// None was chosen.
    Missing,
    /// "Other", and nothing said.
    Unexplained,
}

/// What was chosen and typed, as a reason.
///
/// # Errors
/// [`ReasonProblem`]
pub fn stated(reason: Option<DisclosureReason>, note: &str) -> Result<Stated, ReasonProblem> {
    let (reason, note) = (reason.ok_or(ReasonProblem::Missing)?, clean(note));
    if reason == DisclosureReason::Other && note.chars().count() < SHORTEST {
        return Err(ReasonProblem::Unexplained);
    }
    Ok(Stated { reason, note: Some(note).filter(|note| !note.is_empty()) })
}

/// The letters of numbers, without those that are taken for each other.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The number of a file from random bits: eight letters in two groups, to be read to somebody.
#[must_use]
pub fn number(random: u64) -> String {
    let letter = |at: u32| char::from(LETTERS[(random >> (5 * at) & 31) as usize]);
    let group = |first: u32| (first..first + 4).map(letter).collect::<String>();
    format!("{}-{}", group(0), group(4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_hundred_go_alone_and_one_more_does_not() {
        assert_eq!([0, 1, ALONE, ALONE + 1, u64::MAX].map(needs_second), [false, false, false, true, true]);
    }

    #[test]
    fn a_reason_is_chosen_and_another_one_is_said() {
        assert_eq!(stated(None, "核对"), Err(ReasonProblem::Missing));
        assert_eq!(stated(Some(DisclosureReason::Other), " \u{200b}x "), Err(ReasonProblem::Unexplained));
        let other = stated(Some(DisclosureReason::Other), " 送医院 13912345678\r\n").unwrap();
        assert_eq!(other.note.as_deref(), Some("送医院 ***"));
        assert_eq!(stated(Some(DisclosureReason::Family), "").unwrap().note, None);
    }

    #[test]
    fn a_number_is_short_and_holds_no_run_of_digits() {
        assert_eq!(number(0), "0000-0000");
        assert_eq!(number(u64::MAX), "ZZZZ-ZZZZ");
        assert_ne!(number(1 << 39), number(0));
        assert_eq!(clean(&number(0)), "0000-0000", "it is kept as it is where numbers of people are covered");
    }
}
