//! The order in which elders are driven to: as somebody put it, the others behind by address; tomorrow the same. Meals
//! never mix.

use shared::command::OrderSummary;
use shared::rule::run::place;
use shared::schema::RecordId;

/// Sorts the stops of a day.
pub fn sort(stops: &mut [OrderSummary], run: &[RecordId]) {
    // The desk puts due ones first; a run keeps its order while it is worked through.
    fn key<'a>(line: &'a OrderSummary, run: &[RecordId]) -> impl Ord + use<'a> {
        (line.meal, place(run, line.elder, &line.address, line.taken_at, &line.number))
    }
    stops.sort_by(|a, b| key(a, run).cmp(&key(b, run)));
}

/// The run after the stop `moved` changed places with the one that is shown before it (`by` -1) or after it (`by` 1); none
/// when there is no such stop in its meal. `stops` is the whole sorted day, `shown` what the filters leave of it.
pub fn swapped(run: &[RecordId], stops: &[OrderSummary], shown: &[OrderSummary], moved: RecordId, by: isize) -> Option<Vec<RecordId>> {
    let here = shown.iter().position(|line| line.id == moved)?;
    let (line, other) = (shown.get(here)?, shown.get(here.checked_add_signed(by)?)?);
    if line.meal != other.meal || line.elder == other.elder {
        return None;
    }
    let mut run = run.to_vec();
    for stop in stops {
        if !run.contains(&stop.elder) {
            run.push(stop.elder);
        }
    }
    let at = |elder: RecordId| run.iter().position(|one| *one == elder);
    let (one, two) = (at(line.elder)?, at(other.elder)?);
    run.swap(one, two);
    Some(run)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use shared::kinds::{Meal, Mode, OrderState};
    use shared::money::Fen;

    fn id(number: u8) -> RecordId {
        format!("00000000-0000-7000-8000-0000000000{number:02}").parse().unwrap()
    }

    fn stop(number: u8, meal: Meal, address: &str) -> OrderSummary {
        let now = date(2026, 11, 22).at(9, 48, 0, 0);
        OrderSummary {
            id: id(number),
            number: format!("1-{number}"),
            elder: id(number),
            name: String::new(),
            address: address.into(),
            phone: String::new(),
            diet: String::new(),
            date: now.date(),
            meal,
            mode: Mode::OwnDelivery,
            dish: String::new(),
            price: Fen(0),
            note: String::new(),
            state: OrderState::Placed,
            state_at: now,
            reason: None,
            taken_at: now,
            supplement: false,
            receipt: None,
            receipt_missing: false,
            unsent: false,
        }
    }

    fn ids(stops: &[OrderSummary]) -> Vec<u8> {
        stops.iter().map(|line| line.number[2..].parse().unwrap()).collect()
    }

    #[test]
    fn elders_go_where_they_are_put_today_and_tomorrow_and_new_ones_behind() {
        let mut stops = vec![stop(1, Meal::Dinner, "a"), stop(2, Meal::Lunch, "b"), stop(3, Meal::Lunch, "a"), stop(4, Meal::Lunch, "c")];
        sort(&mut stops, &[]);
        assert_eq!(ids(&stops), [3, 2, 4, 1]);
        let run = swapped(&[], &stops, &stops, stops[2].id, -1).unwrap();
        sort(&mut stops, &run);
        assert_eq!(ids(&stops), [3, 4, 2, 1]);
        // The next day 3 does not eat and somebody new does; 3 has kept its place on the day after.
        let mut next = vec![stop(5, Meal::Lunch, "a"), stop(2, Meal::Lunch, "b"), stop(4, Meal::Lunch, "c")];
        sort(&mut next, &run);
        assert_eq!(ids(&next), [4, 2, 5]);
        let run = swapped(&run, &next, &next, next[0].id, 1).unwrap();
        sort(&mut stops, &run);
        assert_eq!(ids(&stops), [3, 2, 4, 1]);
    }

    #[test]
    fn the_first_and_the_last_of_a_meal_stay() {
        let stops = [stop(2, Meal::Lunch, "a"), stop(3, Meal::Lunch, "b"), stop(1, Meal::Dinner, "a")];
        let swap = |at: usize, by| swapped(&[], &stops, &stops, stops[at].id, by);
        assert_eq!((swap(0, -1), swap(1, 1), swap(2, 1)), (None, None, None));
        assert!(swap(0, 1).is_some());
    }
}
