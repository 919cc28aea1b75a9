//! The order in which elders are driven to, as somebody changes it.

use shared::command::OrderSummary;
use shared::schema::RecordId;

/// The one that is shown before a stop (`by` -1) or after it (`by` 1).
#[must_use]
pub fn beside(shown: &[OrderSummary], order: RecordId, by: isize) -> Option<&OrderSummary> {
    let here = shown.iter().position(|line| line.id == order)?;
    shown.get(here.checked_add_signed(by)?)
}

/// The run after the stop `moved` went before `other` (`by` -1) or behind it (`by` 1).
#[must_use]
pub fn put(run: &[RecordId], moved: RecordId, other: RecordId, by: isize) -> Vec<RecordId> {
    let mut run: Vec<RecordId> = run.iter().copied().filter(|order| *order != moved).collect();
    let at = run.iter().position(|order| *order == other).map_or(run.len(), |at| if by < 0 { at } else { at + 1 });
    run.insert(at, moved);
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_goes_before_or_behind_another_one_and_stays_in_the_run() {
        let id = |number: u8| -> RecordId { format!("00000000-0000-7000-8000-0000000000{number:02}").parse().unwrap() };
        let run: Vec<RecordId> = (1..=4).map(id).collect();
        let ids = |numbers: [u8; 4]| numbers.map(id).to_vec();
        assert_eq!(put(&run, id(3), id(1), -1), ids([3, 1, 2, 4]));
        assert_eq!(put(&run, id(1), id(3), 1), ids([2, 3, 1, 4]));
        assert_eq!(put(&run, id(4), id(4), 1), run, "beside itself it stays last");
        assert_eq!(put(&run, id(2), id(9), -1), ids([1, 3, 4, 2]), "one that is not there any more");
    }
}
