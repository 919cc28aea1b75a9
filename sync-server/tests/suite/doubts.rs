//! Orders that do not fit what is known: kept, shown, and out of every total until somebody above the canteen decides.

use super::kit::*;
use calamine::{Data, Reader, Xlsx};
use reqwest::StatusCode;
use shared::console::Overview;
use shared::crdt::{first_change, next_change};
use shared::fault::Fault;
use shared::kinds::*;
use shared::list::{ListPage, ListRow};
use shared::money::Fen;
use shared::schema::*;
use shared::wire::{RefusedReason, WireChange};
use std::io::Cursor;

const LUOCHENG: &str = "445381001";
const AFAR: &str = "445322100";
const DAY: i64 = 86_400;

/// A canteen, another one of its town, one far away; the town's office and the city.
struct City {
    house: House,
    codes: [String; 3],
    desks: [Desk; 3],
    office: Desk,
    clerk: Clerk,
    /// Who agrees where an export is of many.
    second: tokio::sync::OnceCell<Clerk>,
}

impl City {
    async fn new() -> Self {
        let house = House::new().await;
        let codes = [("罗城街道长者饭堂", LUOCHENG), ("第二饭堂", LUOCHENG), ("远处饭堂", AFAR)]
            .map(|(name, place)| canteen_of(&house, name, place));
        let desks = [house.desk_at(&codes[0]).await, house.desk_at(&codes[1]).await, house.desk_at(&codes[2]).await];
        let (office, clerk) = (house.desk_in(LUOCHENG).await, house.clerk("chen", Level::City, "4453").await);
        let city = Self { house, codes, desks, office, clerk, second: tokio::sync::OnceCell::new() };
        // Persons 1 to 9 eat at the first canteen.
        let files = (1..10).map(|person| first(1, id(person), &elder(Some(&city.codes[0]), LUOCHENG))).collect();
        assert_eq!(city.desks[0].push(files).await, []);
        city
    }

    fn order(&self, at: usize, person: u128) -> Order {
        order(&self.codes[at], id(person))
    }

    async fn push<R: Record>(&self, at: usize, record: u128, what: &R) -> WireChange {
        let change = first(1 + u8::try_from(at).unwrap(), id(record), what);
        assert_eq!(self.desks[at].push(vec![change.clone()]).await, []);
        change
    }

    async fn edit(&self, at: usize, by: u8, known: &[WireChange], field: &str, value: Value) -> WireChange {
        let history: Vec<&[u8]> = known.iter().map(|change| change.bytes.as_slice()).collect();
        let bytes = next_change(&actor(by), &history, &Fields::from([(field.into(), value)]), NOON).unwrap().bytes;
        let change = WireChange { bytes, ..known[0].clone() };
        assert_eq!(self.desks[at].push(vec![change.clone()]).await, []);
        change
    }

    async fn doubts(&self) -> Vec<ListRow> {
        self.clerk.read::<ListPage>("/api/list/doubts").await.rows
    }

    /// The orders that are doubtful and why, as the city's list has them; and every figure of money is the same wherever it stands.
    async fn doubtful(&self) -> Vec<(u128, String)> {
        self.figures().await;
        let mut all: Vec<_> =
            self.doubts().await.iter().map(|row| (u128::from_be_bytes(*row.id.0.as_bytes()), row.text("reason").to_owned())).collect();
        all.sort();
        all
    }

    /// Meals and money that count.
    async fn figures(&self) -> (u64, Fen) {
        let overview: Overview = self.clerk.read("/api/overview?from=2026-01-01&to=2027-12-31").await;
        let list: ListPage = self.clerk.read("/api/list/orders").await;
        let count = |page: &ListPage| page.rows.iter().filter(|row| !row.is("doubtful") && row.text("state") != "cancelled").count() as u64;
        if list.total <= 50 {
            assert_eq!(overview.totals.meals, count(&list));
        }
        assert_eq!(list.sums.get("price"), Some(&Value::Int(overview.totals.amount.0)), "footer and card");
        let asked = self.clerk.ask_export("orders", "").await;
        if asked.status() == StatusCode::CONFLICT {
            let told: Fault = asked.json().await.unwrap();
            let number = told.happened.rsplit_once(' ').unwrap().1.trim_end_matches('。').to_owned();
            let second = self.second.get_or_init(|| self.house.clerk("lin", Level::City, "4453")).await;
            assert_eq!(second.post(&format!("/api/export/{number}"), &()).await.status(), StatusCode::OK);
        }
        let book = self.clerk.get("/api/list/orders/workbook").await.bytes().await.unwrap();
        let sheet = Xlsx::new(Cursor::new(book)).unwrap().worksheet_range("就餐台账").unwrap();
        let last: Vec<&Data> = sheet.rows().next_back().unwrap().iter().filter(|cell| matches!(cell, Data::Float(_))).collect();
        assert!(last.contains(&&Data::Float(overview.totals.amount.0 as f64 / 100.0)), "the sum of the export: {last:?}");
        (overview.totals.meals, overview.totals.amount)
    }

    /// The tables are those of the log, before and after they are made anew.
    async fn sound(&self) {
        let before = (self.figures().await, self.doubts().await);
        for _ in 0..2 {
            let checked = self.house.server.verify().unwrap();
            assert!(checked.ok, "{checked:?}");
            assert_eq!(self.house.server.rebuild().unwrap().mismatches, 0);
        }
        assert_eq!(before, (self.figures().await, self.doubts().await));
        for desk in self.desks.iter().chain([&self.office]) {
            held_by(desk).await;
        }
    }

    /// What is logged of a doubt, as the township reads it.
    async fn told(&self, order: u128) -> Vec<WireChange> {
        let of_it = |change: &WireChange| change.kind == "doubt" && change.record == *id(order).0.as_bytes();
        held_by(&self.office).await.into_iter().filter(of_it).collect()
    }

    fn verdict(known: &[WireChange], by: u8, verdict: DoubtVerdict) -> WireChange {
        let history: Vec<&[u8]> = known.iter().map(|change| change.bytes.as_slice()).collect();
        let said = [("verdict", verdict.code()), ("note", "问过了")].map(|(name, word)| (name.into(), Value::Text(word.into())));
        WireChange { bytes: next_change(&actor(by), &history, &Fields::from(said), NOON).unwrap().bytes, ..known[0].clone() }
    }

    async fn decide(&self, order: u128, by: u8, verdict: DoubtVerdict) {
        let said = Self::verdict(&self.told(order).await, by, verdict);
        assert_eq!(self.office.push(vec![said]).await, []);
    }
}

fn all(reasons: &[(u128, &str)]) -> Vec<(u128, String)> {
    reasons.iter().map(|(order, reason)| (*order, (*reason).to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_forged_orders_in_one_push_are_listed_and_count_for_nothing() {
    let city = City::new().await;
    let forged = |number: u128| first(9, id(1_000 + number), &Order { price: Fen(999_999), ..city.order(2, 500_000 + number) });
    assert_eq!(city.desks[2].push((0..100).map(forged).collect()).await, []);
    assert_eq!(city.figures().await, (0, Fen::ZERO));
    let listed: ListPage = city.clerk.read("/api/list/orders?doubtful=1").await;
    let doubts: ListPage = city.clerk.read("/api/list/doubts?reason=unknown_elder&undecided=1").await;
    assert_eq!((listed.total, doubts.total), (100, 100));
    for (number, price) in [(2_000, -5), (2_001, 9_200_000_000_000_000_000), (2_002, 1_000_001)] {
        city.push(0, number, &Order { price: Fen(price), ..city.order(0, number - 1_999) }).await;
        // Nobody makes money of it, not even the township.
        city.decide(number, 50, DoubtVerdict::Counts).await;
    }
    assert_eq!(city.figures().await, (0, Fen::ZERO));
    let impossible: ListPage = city.clerk.read("/api/list/doubts?reason=impossible&undecided=1").await;
    assert_eq!(impossible.total, 3);
    city.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_rule_holds_over_the_wire_and_what_fits_counts() {
    let city = City::new().await;
    let (fine, at) = (city.order(0, 1), |day: &str| day.parse().unwrap());
    city.push(0, 101, &fine).await;
    city.push(0, 102, &Order { elder: id(77), ..fine.clone() }).await;
    // A desk may have been without a line for a month, and entered late what lay two months back then.
    for (number, day) in [(103, "2026-08-23"), (104, "2026-08-22"), (105, "2026-12-24"), (106, "2026-12-25")] {
        city.push(0, number, &Order { date: at(day), ..fine.clone() }).await;
    }
    let mut unread = city.order(0, 3).to_fields();
    unread.remove("mode");
    assert_eq!(city.desks[0].push(vec![wire_of(RecordKind::Order, id(107), first_change(&actor(1), &unread, NOON))]).await, []);
    // The one whom another canteen holds is unknown here, and so is who was looked up by id.
    city.push(1, 108, &Order { elder: id(4), ..city.order(1, 4) }).await;
    let expected = all(&[(102, "unknown_elder"), (104, "far_date"), (106, "far_date"), (107, "incomplete"), (108, "unknown_elder")]);
    assert_eq!(city.doubtful().await, expected);
    assert_eq!(city.figures().await, (3, Fen(3_600)));
    city.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_may_come_after_the_order_and_a_guest_is_asked_for() {
    let mut city = City::new().await;
    city.push(0, 101, &city.order(0, 77)).await;
    city.push(2, 102, &city.order(2, 1)).await;
    assert_eq!(city.doubtful().await, all(&[(101, "unknown_elder"), (102, "unknown_elder")]));
    city.push(0, 77, &elder(Some(&city.codes[0]), LUOCHENG)).await;
    assert_eq!(city.doubtful().await, all(&[(102, "unknown_elder")]));
    // The canteen enrols her, whose file is elsewhere: that place is asked, and she eats as a guest.
    let claim = first(3, id(1), &elder(Some(&city.codes[2]), AFAR));
    assert_eq!(city.desks[2].push(vec![claim]).await[0].reason, RefusedReason::Asked);
    assert_eq!(city.doubtful().await, []);
    city.push(2, 103, &Order { meal: Meal::Dinner, ..city.order(2, 1) }).await;
    // Who leaves stays known for what she ate here, and for what was ordered ahead by then.
    let file = first(1, id(5), &elder(Some(&city.codes[0]), LUOCHENG));
    city.edit(0, 8, &[file], "canteen", Value::Text(city.codes[1].as_str().into())).await;
    city.push(0, 104, &city.order(0, 5)).await;
    city.push(1, 105, &Order { meal: Meal::Dinner, ..city.order(1, 5) }).await;
    assert_eq!(city.doubtful().await, []);
    city.house.later(40 * DAY);
    city.clerk = city.house.clerk("liang", Level::City, "4453").await;
    city.push(0, 106, &Order { date: "2027-01-01".parse().unwrap(), ..city.order(0, 5) }).await;
    assert_eq!(city.doubtful().await, all(&[(106, "unknown_elder")]));
    city.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_meal_counts_once_wherever_it_was_ordered() {
    let city = City::new().await;
    // A stranger who orders for her takes the meal from nobody.
    city.push(2, 101, &city.order(2, 1)).await;
    let fine = city.push(0, 102, &city.order(0, 1)).await;
    city.push(0, 103, &city.order(0, 1)).await;
    let claim = first(3, id(1), &elder(Some(&city.codes[2]), AFAR));
    assert_eq!(city.doubtful().await, all(&[(101, "unknown_elder"), (103, "second")]));
    city.push(0, 104, &Order { meal: Meal::Dinner, ..city.order(0, 1) }).await;
    // Asked for, the guest's order came first; the township says which one is the meal.
    assert_eq!(city.desks[2].push(vec![claim]).await[0].reason, RefusedReason::Asked);
    assert_eq!(city.doubtful().await, all(&[(102, "second"), (103, "second")]));
    city.decide(102, 50, DoubtVerdict::Counts).await;
    assert_eq!(city.figures().await.0, 3);
    let cancelled = |state: OrderState| Value::Text(state.code().into());
    let first_one = first(3, id(101), &city.order(2, 1));
    city.edit(2, 3, &[first_one], "state", cancelled(OrderState::Cancelled)).await;
    assert_eq!(city.figures().await.0, 2, "what was decided stands, and the third is still one too many");
    city.edit(0, 7, &[fine], "state", cancelled(OrderState::Cancelled)).await;
    assert_eq!(city.figures().await, (2, Fen(2_400)), "the next one has the meal");
    city.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_orders_for_one_meal_are_judged_beside_one() {
    let city = City::new().await;
    for piece in 0..3 {
        let some = (0..200).map(|number| first(9, id(1_000 + piece * 200 + number), &city.order(0, 1))).collect();
        assert_eq!(city.desks[0].push(some).await, []);
    }
    assert_eq!(city.figures().await, (1, Fen(1_200)));
    city.edit(0, 7, &[first(9, id(1_000), &city.order(0, 1))], "state", Value::Text("cancelled".into())).await;
    assert_eq!(city.figures().await, (1, Fen(1_200)));
    city.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_is_one_of_the_list_and_the_list_may_change() {
    let city = City::new().await;
    city.push(0, 101, &Order { price: Fen(1_300), ..city.order(0, 1) }).await;
    assert_eq!(city.doubtful().await, [], "there is no list");
    city.house.server.add_price(&city.codes[0], Meal::Lunch, "普通", Fen(1_200)).unwrap();
    assert_eq!(city.doubtful().await, all(&[(101, "not_listed")]));
    city.push(0, 102, &city.order(0, 2)).await;
    city.push(0, 103, &Order { price: Fen(1), meal: Meal::Dinner, ..city.order(0, 2) }).await;
    city.push(1, 104, &Order { price: Fen(1), ..city.order(1, 2) }).await;
    let unlisted = all(&[(101, "not_listed"), (103, "not_listed"), (104, "unknown_elder")]);
    assert_eq!(city.doubtful().await, unlisted);
    city.sound().await;
    city.house.server.add_price(&city.codes[0], Meal::Lunch, "加餐", Fen(1_300)).unwrap();
    assert_eq!(city.doubtful().await, unlisted[1..]);
    assert!(city.house.server.add_price(&city.codes[0], Meal::Lunch, "金子", Fen(1_000_001)).is_err());
    city.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_township_decides_and_a_change_of_the_order_makes_it_doubtful_again() {
    let city = City::new().await;
    let delivered = Order { state: OrderState::Delivered, ..city.order(0, 1) };
    let mut known = vec![city.push(0, 101, &delivered).await];
    assert_eq!(city.figures().await, (1, Fen(1_200)));
    known.push(city.edit(0, 1, &known, "price", Value::Int(9_000)).await);
    assert_eq!(city.doubtful().await, all(&[(101, "repriced")]));
    // The canteen that wrote it decides nothing, nor may it say anything of the reason.
    let own = City::verdict(&city.told(101).await, 1, DoubtVerdict::Counts);
    assert_eq!(city.desks[0].push(vec![own]).await[0].reason, RefusedReason::ForeignKind);
    let forged = first_change(&actor(6), &Fields::from([("reason".into(), Value::Null)]), NOON).bytes;
    let forged = WireChange { kind: "doubt".into(), record: *id(101).0.as_bytes(), bytes: forged };
    assert_eq!(city.office.push(vec![forged]).await[0].reason, RefusedReason::ForeignKind);
    assert_eq!(city.figures().await, (0, Fen::ZERO));

    let stale = City::verdict(&city.told(101).await, 61, DoubtVerdict::Counts);
    city.decide(101, 50, DoubtVerdict::Counts).await;
    assert_eq!(city.figures().await, (1, Fen(9_000)));
    city.sound().await;
    let row = &city.doubts().await[0];
    assert_eq!((row.text("verdict"), row.text("note")), ("counts", "问过了"));
    // What is not money is written on; what is makes it doubtful again.
    known.push(city.edit(0, 1, &known, "note", Value::Text("少盐".into())).await);
    assert_eq!(city.figures().await, (1, Fen(9_000)));
    known.push(city.edit(0, 1, &known, "price", Value::Int(9_500)).await);
    assert_eq!(city.figures().await, (0, Fen::ZERO));
    // Who decided of another price decided nothing.
    assert_eq!(city.office.push(vec![stale]).await, []);
    assert_eq!(city.figures().await, (0, Fen::ZERO));
    assert_eq!(city.doubts().await[0].text("verdict"), "");
    city.decide(101, 51, DoubtVerdict::Excluded).await;
    known.push(city.edit(0, 1, &known, "date", Value::Text("2026-11-21".into())).await);
    assert_eq!(city.doubtful().await, all(&[(101, "changed")]), "no change brings it back");
    city.decide(101, 52, DoubtVerdict::Counts).await;
    assert_eq!(city.figures().await, (1, Fen(9_500)));
    city.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_of_an_order_says_nothing_of_it() {
    let city = City::new().await;
    city.push(1, 100, &city.order(1, 1)).await;
    let doubtful = vec![(100, "unknown_elder".to_owned())];
    assert_eq!(city.doubtful().await, doubtful);
    // Another canteen says under its id what would fit, and in the same breath something of her, so that her orders are looked over.
    let claim = first(1, id(100), &Order { state: OrderState::Cancelled, ..city.order(0, 1) });
    let named = Elder { name: "王桂芳".into(), ..elder(Some(&city.codes[0]), LUOCHENG) };
    let refused = city.desks[0].push(vec![claim, first(9, id(1), &named)]).await;
    assert_eq!(refused.iter().map(|one| (one.index, one.reason)).collect::<Vec<_>>(), [(0, RefusedReason::ForeignScope)]);
    assert_eq!(city.doubtful().await, doubtful);
    city.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doubt_is_told_where_the_order_is_and_nowhere_else() {
    let city = City::new().await;
    city.push(0, 101, &city.order(0, 77)).await;
    let told = |held: Vec<WireChange>| held.iter().filter(|change| change.kind == "doubt").count();
    assert_eq!([told(held_by(&city.desks[0]).await), told(held_by(&city.office).await)], [1, 1]);
    assert_eq!([told(held_by(&city.desks[1]).await), told(held_by(&city.desks[2]).await)], [0, 0]);
    for (name, role, place, seen) in [
        ("own", Level::Canteen, city.codes[0].as_str(), 1),
        ("town", Level::Town, LUOCHENG, 1),
        ("county", Level::County, "445381", 1),
        ("other", Level::Canteen, &city.codes[1], 0),
        ("afar", Level::County, "445322", 0),
    ] {
        let clerk = city.house.clerk(name, role, place).await;
        assert_eq!(clerk.read::<ListPage>("/api/list/doubts").await.total, seen, "{name}");
    }
}
