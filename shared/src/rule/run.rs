//! 送餐路线: on which route an elder's stop lies and where in it, what moving a stop changes, and what was handed over for a run. Facts in, answer out.

use super::standing::named;
use crate::kinds::Meal;
use crate::schema::RecordId;
use jiff::civil::{Date, DateTime};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Between two stops that are put one behind the other there is room for so many more.
const ROOM: i64 = 1 << 20;
/// No run has more stops.
pub const MOST_STOPS: usize = 1_000;
/// Nobody hands over more boxes at once.
pub const MOST_BOXES: u32 = 9_999;

/// The id of the stop of an elder at a canteen: the same at every desk.
#[must_use]
pub fn stop_id(key: &[u8], canteen: &str, elder: RecordId) -> RecordId {
    named(key, &format!("stop|{canteen}|{elder}"))
}

/// The id of a hand-over of a run, the first of which is number 1: two desks that note the same one apart note one.
#[must_use]
pub fn hand_over_id(key: &[u8], canteen: &str, (date, meal): (Date, Meal), route: Option<RecordId>, number: usize) -> RecordId {
    let route = route.map(|route| route.to_string()).unwrap_or_default();
    named(key, &format!("hand_over|{canteen}|{date}|{}|{route}|{number}", meal.code()))
}

/// A stop as it was put somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// At which canteen.
    pub canteen: String,
    /// Whose.
    pub elder: RecordId,
    /// The elder's village; empty where her file is not here.
    pub village: String,
    /// On which route, of those that are driven.
    pub route: Option<RecordId>,
    /// Where in it.
    pub place: Option<i64>,
}

/// An order that is brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// Which.
    pub order: RecordId,
    /// By which canteen.
    pub canteen: String,
    /// To whom.
    pub elder: RecordId,
    /// The elder's village; empty where her file is not here.
    pub village: String,
    /// Village and address.
    pub address: String,
    /// For which meal.
    pub meal: Meal,
    /// When it was taken.
    pub taken_at: DateTime,
    /// 订单号
    pub number: String,
}

/// The stops of canteens.
#[derive(Clone, Debug, Default)]
pub struct Stops {
    of: HashMap<(String, RecordId), (Option<RecordId>, Option<i64>)>,
    /// The route on which most stops of a village lie.
    villages: HashMap<(String, String), RecordId>,
}

impl Stops {
    /// From the stops that were put somewhere, once each.
    #[must_use]
    pub fn new(all: impl IntoIterator<Item = Placed>) -> Self {
        let (mut of, mut counted) = (HashMap::new(), HashMap::<(String, String), BTreeMap<RecordId, usize>>::new());
        for Placed { canteen, elder, village, route, place } in all {
            if let Some(route) = route.filter(|_| !village.is_empty()) {
                *counted.entry((canteen.clone(), village)).or_default().entry(route).or_default() += 1;
            }
            of.insert((canteen, elder), (route, place));
        }
        let most = |routes: BTreeMap<RecordId, usize>| routes.into_iter().max_by_key(|(_, stops)| *stops).map(|(route, _)| route);
        let villages = counted.into_iter().filter_map(|(village, routes)| Some((village, most(routes)?))).collect();
        Self { of, villages }
    }

    /// The route of an elder and the place in it. Whom nobody put anywhere goes with the neighbours: on the route of most stops of the village.
    #[must_use]
    pub fn of(&self, canteen: &str, elder: RecordId, village: &str) -> (Option<RecordId>, Option<i64>) {
        let (route, place) = self.of.get(&(canteen.to_owned(), elder)).copied().unwrap_or_default();
        (route.or_else(|| self.villages.get(&(canteen.to_owned(), village.to_owned())).copied()), place)
    }

    /// Orders as they are driven, with their routes: by meal, by route in the order given, as somebody put them, the others behind by address, and so the same
    /// tomorrow.
    #[must_use]
    pub fn driven(&self, routes: &[RecordId], mut brought: Vec<Brought>) -> Vec<(Brought, Option<RecordId>)> {
        brought.sort_by_cached_key(|one| {
            let (route, place) = self.of(&one.canteen, one.elder, &one.village);
            let route = route.and_then(|route| routes.iter().position(|one| *one == route)).unwrap_or(usize::MAX);
            (one.meal, route, place.unwrap_or(i64::MAX), one.address.clone(), one.taken_at, one.number.clone())
        });
        let with_route = |one: Brought| {
            let route = self.of(&one.canteen, one.elder, &one.village).0.filter(|route| routes.contains(route));
            (one, route)
        };
        brought.into_iter().map(with_route).collect()
    }
}

/// The places that have to be written so that stops stand in the order given, where all of them stood right but the one that was `moved`. Behind it nobody
/// is given a place who has none.
#[must_use]
pub fn moved(stops: &[(RecordId, Option<i64>)], moved: RecordId) -> Vec<(RecordId, i64)> {
    let Some(at) = stops.iter().position(|(elder, _)| *elder == moved) else { return Vec::new() };
    let (mut last, mut written) = (0, Vec::new());
    for (here, (elder, place)) in stops.iter().enumerate() {
        let kept = place.filter(|place| *place > last && here != at);
        if here > at && place.is_none() {
            break;
        }
        last = kept.unwrap_or_else(|| {
            let next = stops.get(here + 1).and_then(|(_, next)| *next).filter(|next| here == at && *next > last.saturating_add(1));
            let place = next.map_or_else(|| last.saturating_add(ROOM), |next| last + (next - last) / 2);
            written.push((*elder, place));
            place
        });
    }
    written
}

/// The places of stops that stand one behind the other, from the first.
pub fn in_a_row(stops: impl IntoIterator<Item = RecordId>) -> impl Iterator<Item = (RecordId, i64)> {
    stops.into_iter().zip((1..).map(|at: i64| at.saturating_mul(ROOM)))
}

/// What a hand-over keeps of its orders.
#[must_use]
pub fn content(orders: &[RecordId]) -> String {
    orders.iter().map(RecordId::to_string).collect::<Vec<_>>().join(" ")
}

/// The orders of a hand-over; what can't be read is left out.
#[must_use]
pub fn read(content: &str) -> BTreeSet<RecordId> {
    content.split(' ').filter_map(|order| order.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::arbitrary::Seeded;

    fn id(number: u128) -> RecordId {
        RecordId(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn who_is_new_goes_with_the_neighbours_and_behind_all_that_have_a_place() {
        let placed = |elder, village: &str, route: u128, place| Placed {
            canteen: "C1".into(),
            elder: id(elder),
            village: village.into(),
            route: Some(id(route)).filter(|_| route > 0),
            place,
        };
        let (east, west) = (901, 902);
        let elsewhere = Placed { canteen: "C2".into(), ..placed(60, "d", east, Some(1)) };
        let stops = Stops::new([
            placed(1, "a", east, Some(10)),
            placed(2, "a", east, None),
            placed(3, "a", west, Some(5)),
            placed(4, "b", west, Some(7)),
            placed(5, "c", 0, Some(3)),
            placed(6, "", east, None),
            elsewhere,
        ]);
        let of = |elder, village| stops.of("C1", id(elder), village);
        assert_eq!(of(1, "a"), (Some(id(east)), Some(10)));
        assert_eq!(of(3, "a"), (Some(id(west)), Some(5)), "as somebody put her, whatever the neighbours do");
        assert_eq!(of(50, "a"), (Some(id(east)), None));
        assert_eq!(of(51, "b"), (Some(id(west)), None));
        assert_eq!(of(5, "c"), (None, Some(3)));
        assert_eq!((of(52, "d"), of(53, ""), of(60, "d")), ((None, None), (None, None), (None, None)));

        let brought = |elder, village: &str, address: &str, meal| Brought {
            order: id(elder),
            canteen: "C1".into(),
            elder: id(elder),
            village: village.into(),
            address: address.into(),
            meal,
            taken_at: DateTime::ZERO,
            number: String::new(),
        };
        let day = vec![
            brought(5, "c", "x", Meal::Lunch),
            brought(52, "d", "y", Meal::Lunch),
            brought(53, "d", "x", Meal::Lunch),
            brought(50, "a", "x", Meal::Lunch),
            brought(1, "a", "z", Meal::Lunch),
            brought(3, "a", "x", Meal::Lunch),
            brought(4, "b", "x", Meal::Breakfast),
        ];
        let driven: Vec<(u128, Option<RecordId>)> =
            stops.driven(&[id(west), id(east)], day.clone()).into_iter().map(|(one, route)| (one.order.0.as_u128(), route)).collect();
        let (on_east, on_west) = (Some(id(east)), Some(id(west)));
        assert_eq!(driven, [(4, on_west), (3, on_west), (1, on_east), (50, on_east), (5, None), (53, None), (52, None)]);
        let of_none: Vec<_> = Stops::default().driven(&[], day).into_iter().map(|(one, _)| one.order.0.as_u128()).collect();
        assert_eq!(of_none, [4, 5, 53, 50, 3, 52, 1], "by meal and address");
    }

    /// Whatever is moved where: they stand as wanted, nobody behind gets a place who had none, and in the end few are written anew.
    #[test]
    fn stops_stand_as_they_were_put() {
        let seed = 20_261_129;
        let mut seeded = Seeded(seed);
        let mut number = |below: usize| usize::try_from(seeded.below(below as u64)).unwrap();
        for round in 0..400 {
            let count = 2 + number(14);
            let placed = number(count + 1);
            let mut stops: Vec<(RecordId, Option<i64>)> = (0..count)
                .map(|at| {
                    (id(at as u128 + 1), (at < placed).then(|| i64::try_from(at + 1).unwrap() * if round % 2 == 0 { ROOM } else { 1 }))
                })
                .collect();
            for step in 0..30 {
                let said = format!("seed {seed}, round {round}, step {step}");
                let one = stops.remove(number(stops.len()));
                let at = number(stops.len() + 1);
                stops.insert(at, one);
                let bare = stops[at + 1..].iter().filter(|(_, place)| place.is_none()).count();
                for (elder, place) in moved(&stops, one.0) {
                    stops.iter_mut().find(|(other, _)| *other == elder).unwrap().1 = Some(place);
                }
                assert_eq!(stops[at + 1..].iter().filter(|(_, place)| place.is_none()).count(), bare, "{said}");
                let places: Vec<i64> = stops.iter().map(|(_, place)| place.unwrap_or(i64::MAX)).collect();
                let set = places.iter().filter(|place| **place < i64::MAX).count();
                assert!(
                    places[..set].windows(2).all(|two| two[0] < two[1]) && places[set..].iter().all(|place| *place == i64::MAX),
                    "{said}: {places:?}"
                );
            }
        }
        let wide: Vec<_> = in_a_row((1..=5).map(id)).map(|(elder, place)| (elder, Some(place))).collect();
        let swapped = [wide[0], wide[2], wide[1], wide[3], wide[4]];
        assert_eq!(moved(&swapped, id(3)).len(), 1, "one is moved, one is written");
        assert_eq!(moved(&swapped, id(9)), []);
    }

    #[test]
    fn a_hand_over_names_its_orders() {
        let orders = [id(3), id(1)];
        assert_eq!(read(&content(&orders)), BTreeSet::from(orders));
        assert_eq!(read("x  123"), BTreeSet::new());
        let of = |route, number| hand_over_id(b"key", "C1", (Date::ZERO, Meal::Lunch), route, number);
        assert!(of(None, 1) == of(None, 1) && of(None, 1) != of(None, 2) && of(None, 1) != of(Some(id(1)), 1));
        assert_ne!(stop_id(b"key", "C1", id(1)), stop_id(b"key", "C2", id(1)));
    }
}
