//! Nobody fetches, hides or opens a file by claiming it: what a device writes about a person whom another place holds is kept, that place is
//! asked, and only its answer moves the file. The devices here say what they like, as a computer does whose owner read this source.

use super::keys::{opened, reachable, sealed, sealed_by, wrapped_key};
use super::kit::*;
use shared::crdt::{first_change, next_change};
use shared::crypto::{SecretKey, SoftProvider};
use shared::kinds::*;
use shared::list::ListPage;
use shared::schema::*;
use shared::seal::KeyId;
use shared::wire::{RefusedReason, WireChange};

const LUOCHENG: &str = "445381001";
const SUBIN: &str = "445381106";
/// A town of another county.
const AFAR: &str = "445322100";
const VILLAGE: &str = "445381001008";

/// Somebody who eats at a canteen, with a phone and an address under a key of her own.
struct Town {
    house: House,
    canteen: Desk,
    office: Desk,
    filed: Vec<WireChange>,
    key: KeyId,
}

impl Town {
    async fn new() -> Self {
        let (house, crypto) = (House::new().await, SoftProvider::new());
        let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
        let (canteen, office) = (house.desk_at(&code).await, house.desk_in(LUOCHENG).await);
        let key = SecretKey::draw(&crypto);
        let filed = vec![wrapped_key(&canteen, id(1), LUOCHENG, &key), sealed(id(1), &elder(Some(&code), VILLAGE), &key)];
        assert_eq!(canteen.push(filed.clone()).await, []);
        Self { house, canteen, office, filed, key: KeyId::of(&crypto, &key) }
    }

    /// Her canteen and its township have all of her, and can read it.
    async fn holds_her(&self) {
        for desk in [&self.canteen, &self.office] {
            let held = held_by(desk).await;
            assert!(self.filed.iter().all(|change| held.contains(change)));
            assert!(opened(desk, id(1)).await.contains(&self.key));
        }
    }

    /// The requests about her that a desk is told of.
    async fn requests(&self, desk: &Desk) -> Vec<(RecordId, Transfer)> {
        let held = held_by(desk).await;
        let mut requests: Vec<RecordId> =
            held.iter().filter(|change| change.kind == "transfer").map(|change| RecordId::from_bytes(&change.record).unwrap()).collect();
        requests.dedup();
        let of = |request: &RecordId| -> Vec<Vec<u8>> {
            held.iter().filter(|change| change.record == *request.0.as_bytes()).map(|change| change.bytes.clone()).collect()
        };
        let read = |request: RecordId| (request, Transfer::from_fields(&shared::crdt::fields(&of(&request)).unwrap()).unwrap());
        requests.into_iter().map(read).collect()
    }

    /// A desk answers a request.
    async fn answer(&self, desk: &Desk, by: u8, request: RecordId, answer: TransferAnswer) -> Vec<RefusedReason> {
        let history: Vec<Vec<u8>> =
            held_by(desk).await.into_iter().filter(|change| change.record == *request.0.as_bytes()).map(|change| change.bytes).collect();
        let said = Fields::from([("answer".into(), Value::Text(answer.code().into()))]);
        let change = match history.is_empty() {
            true => first_change(&actor(by), &said, NOON),
            false => next_change(&actor(by), &history, &said, NOON).unwrap(),
        };
        reasons(desk.push(vec![wire_of(RecordKind::Transfer, request, change)]).await)
    }
}

fn reasons(refused: Vec<shared::wire::RefusedChange>) -> Vec<RefusedReason> {
    refused.into_iter().map(|refused| refused.reason).collect()
}

/// What a lying device says of her: that she is its own, under its own key and with operations greater than all others.
async fn claim(desk: &Desk, town: &str, canteen: Option<&str>, village: &str) -> (Vec<WireChange>, KeyId) {
    let (crypto, key) = (SoftProvider::new(), SecretKey::draw(&SoftProvider::new()));
    let mut fields = reachable(&elder(canteen, village)).to_fields();
    (0..200).for_each(|number| drop(fields.insert(format!("padding{number:03}").as_str(), Value::Text("x".into()))));
    let claims = vec![sealed_by(99, id(1), &fields, &key), wrapped_key(desk, id(1), town, &key)];
    assert_eq!(reasons(desk.push(claims.clone()).await), [RefusedReason::Asked; 2]);
    (claims, KeyId::of(&crypto, &key))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_moves_by_no_claim_whoever_claims_it() {
    let town = Town::new().await;
    let canteens = [("第二饭堂", LUOCHENG), ("𬜯塘镇长者饭堂", SUBIN), ("远处饭堂", AFAR)];
    let mut claimants = Vec::new();
    for (name, place) in canteens {
        let code = canteen_of(&town.house, name, place);
        claimants.push((town.house.desk_at(&code).await, place, Some(code)));
    }
    for place in [SUBIN, AFAR] {
        claimants.push((town.house.desk_in(place).await, place, None));
    }
    for (at, (desk, place, canteen)) in claimants.iter().enumerate() {
        claim(desk, place, canteen.as_deref(), place).await;
        town.holds_her().await;
        let held = held_by(desk).await;
        assert!(
            held.iter().all(|change| change.kind == "transfer" || change.record != *id(1).0.as_bytes()),
            "{place} got something of her"
        );
        assert_eq!(opened(desk, id(1)).await, []);
        let asking = town.requests(desk).await;
        let (_, told) = asking.iter().find(|(_, told)| told.side == TransferSide::Asking).expect("who asks is told");
        assert!(told.elder == id(1) && told.answer.is_none());
        let held = town.requests(&town.office).await;
        assert_eq!(held.iter().filter(|(_, told)| told.side == TransferSide::Holding).count(), at + 1, "the township is told of each once");
    }
    assert_eq!(town.requests(&town.canteen).await.len(), claimants.len(), "her canteen is told as well");
    assert!(town.house.server.verify().unwrap().ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_claims_again_and_writes_on_is_kept_and_asks_once() {
    let town = Town::new().await;
    let code = canteen_of(&town.house, "远处饭堂", AFAR);
    let far = town.house.desk_at(&code).await;
    let (claims, _) = claim(&far, AFAR, Some(&code), AFAR).await;
    let edit = Fields::from([("birth_date".into(), Value::Text("1944-03-06".into()))]);
    let edit = wire_of(RecordKind::Elder, id(1), next_change(&actor(99), &[&claims[0].bytes], &edit, NOON).unwrap());
    for _ in 0..2 {
        let all = [claims.clone(), vec![edit.clone()]].concat();
        assert_eq!(reasons(far.push(all).await), [RefusedReason::Asked; 3]);
    }
    assert_eq!(town.requests(&town.office).await.len(), 1);
    town.holds_her().await;
    // An edit of a file that was never asked for is foreign, as ever.
    let other = town.house.desk_in(SUBIN).await;
    assert_eq!(reasons(other.push(vec![edit]).await), [RefusedReason::ForeignScope]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_township_that_holds_a_file_hands_it_over_with_its_keys() {
    let town = Town::new().await;
    let code = canteen_of(&town.house, "远处饭堂", AFAR);
    let far = town.house.desk_at(&code).await;
    let (claims, own_key) = claim(&far, AFAR, Some(&code), AFAR).await;
    let (request, told) = town.requests(&town.office).await.remove(0);
    assert_eq!((told.asked_by.as_str(), told.canteen.is_some()), ("远处饭堂", true));
    // First it keeps her, and later thinks better of it.
    assert_eq!(town.answer(&town.office, 5, request, TransferAnswer::Declined).await, []);
    town.holds_her().await;
    assert_eq!(town.requests(&far).await[0].1.answer, Some(TransferAnswer::Declined));
    assert_eq!(opened(&far, id(1)).await, []);
    assert_eq!(town.answer(&town.office, 5, request, TransferAnswer::Agreed).await, []);

    let there = held_by(&far).await;
    assert!(town.filed.iter().filter(|change| change.kind == "elder").all(|change| there.contains(change)), "the whole file came");
    assert!(claims.iter().all(|change| there.contains(change)), "and what was typed there is part of it");
    let mut keys = vec![town.key, own_key];
    keys.sort();
    assert_eq!(opened(&far, id(1)).await, keys, "both keys are sealed for its town");
    assert_eq!(town.requests(&far).await[0].1.answer, Some(TransferAnswer::Agreed));
    for desk in [&town.canteen, &town.office] {
        assert!(held_by(desk).await.iter().all(|change| change.record != *id(1).0.as_bytes()), "she has left");
    }
    assert!(town.house.server.verify().unwrap().ok);
    // From here on it is theirs.
    let history: Vec<&[u8]> = there.iter().filter(|change| change.kind == "elder").map(|change| change.bytes.as_slice()).collect();
    let edit = next_change(&actor(98), &history, &Fields::from([("birth_date".into(), Value::Text("1944-03-06".into()))]), NOON).unwrap();
    assert_eq!(far.push(vec![wire_of(RecordKind::Elder, id(1), edit)]).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_good_for_one_time() {
    let town = Town::new().await;
    let code = canteen_of(&town.house, "远处饭堂", AFAR);
    let far = town.house.desk_at(&code).await;
    claim(&far, AFAR, Some(&code), AFAR).await;
    let (request, _) = town.requests(&town.office).await.remove(0);
    assert_eq!(town.answer(&town.office, 5, request, TransferAnswer::Agreed).await, []);
    // She moves back, by the city's hand.
    let history: Vec<WireChange> = held_by(&far).await.into_iter().filter(|change| change.kind == "elder").collect();
    let bytes: Vec<&[u8]> = history.iter().map(|change| change.bytes.as_slice()).collect();
    let here = town.canteen.enrolled.canteen.clone().unwrap();
    let back = [("canteen", here.as_str()), ("division", VILLAGE)].map(|(name, word)| (name.into(), Value::Text(word.into())));
    let back = next_change(&actor(6), &bytes, &Fields::from(back), NOON).unwrap();
    let city = town.house.desk_in("4453").await;
    assert_eq!(city.push(vec![wire_of(RecordKind::Elder, id(1), back)]).await, []);
    town.holds_her().await;
    // The old answer moves her not again, though who asks names the request in one breath with the claim.
    let again = first(77, id(1), &elder(Some(&code), AFAR));
    let forged = Fields::from([("answer".into(), Value::Text("agreed".into()))]);
    let forged = wire_of(RecordKind::Transfer, request, first_change(&actor(78), &forged, NOON));
    assert_eq!(reasons(far.push(vec![again, forged]).await), [RefusedReason::Asked, RefusedReason::ForeignKind]);
    town.holds_her().await;
    let (_, told) = town.requests(&town.office).await.remove(0);
    assert!(told.answer.is_none(), "it is asked anew: {told:?}");
    let reason = Fields::from([("reason".into(), Value::Text("人还在这里".into()))]);
    let history: Vec<Vec<u8>> = held_by(&town.office)
        .await
        .into_iter()
        .filter(|change| change.record == *request.0.as_bytes())
        .map(|change| change.bytes)
        .collect();
    let said = next_change(&actor(5), &history, &reason, NOON).unwrap();
    assert_eq!(town.office.push(vec![wire_of(RecordKind::Transfer, request, said)]).await, []);
    town.holds_her().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_holds_the_file_answers_and_the_county_in_its_time() {
    let town = Town::new().await;
    let code = canteen_of(&town.house, "𬜯塘镇长者饭堂", SUBIN);
    let (asking, its_office) = (town.house.desk_at(&code).await, town.house.desk_in(SUBIN).await);
    let county = town.house.desk_in("445381").await;
    claim(&asking, SUBIN, Some(&code), SUBIN).await;
    let (holding, _) = town.requests(&town.office).await.remove(0);
    let (asked, _) = town.requests(&asking).await.remove(0);
    use RefusedReason::{ForeignKind, ForeignScope};
    for (desk, request, reason) in [
        (&asking, asked, ForeignKind),
        (&asking, holding, ForeignKind),
        (&town.canteen, holding, ForeignKind),
        (&its_office, asked, ForeignScope),
        (&its_office, holding, ForeignScope),
        (&county, asked, ForeignScope),
        (&county, holding, ForeignScope),
    ] {
        assert_eq!(town.answer(desk, 6, request, TransferAnswer::Agreed).await, [reason]);
    }
    // Nobody but the centre makes a request, or says who asks.
    let made = Transfer { asked_by: "县民政局".into(), ..town.requests(&town.office).await.remove(0).1 };
    assert_eq!(reasons(town.office.push(vec![first(7, id(77), &made)]).await), [ForeignKind]);
    town.holds_her().await;
    town.house.later(5 * 86_400 + 1);
    assert_eq!(town.answer(&county, 8, holding, TransferAnswer::Agreed).await, []);
    assert!(opened(&asking, id(1)).await.contains(&town.key));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_moves_by_itself_takes_in_what_was_kept() {
    let town = Town::new().await;
    let code = canteen_of(&town.house, "第二饭堂", LUOCHENG);
    let second = town.house.desk_at(&code).await;
    let (claims, _) = claim(&second, LUOCHENG, Some(&code), VILLAGE).await;
    let there = Fields::from([("canteen".into(), Value::Text(code.as_str().into()))]);
    let moved = next_change(&actor(5), &[&town.filed[1].bytes], &there, NOON).unwrap();
    assert_eq!(town.office.push(vec![wire_of(RecordKind::Elder, id(1), moved)]).await, []);
    let held = held_by(&second).await;
    assert!(claims.iter().chain(&town.filed).all(|change| held.contains(change)));
    assert!(town.requests(&second).await.iter().all(|(_, told)| told.answer == Some(TransferAnswer::Agreed)));
    assert!(town.house.server.verify().unwrap().ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sealed_under_a_key_that_a_stranger_laid_out() {
    let town = Town::new().await;
    let code = canteen_of(&town.house, "远处饭堂", AFAR);
    let far = town.house.desk_at(&code).await;
    let (crypto, planted) = (SoftProvider::new(), SecretKey::draw(&SoftProvider::new()));
    // For a file that is there, and for one that comes later.
    assert_eq!(reasons(far.push(vec![wrapped_key(&far, id(1), AFAR, &planted)]).await), [RefusedReason::Asked]);
    assert_eq!(opened(&town.canteen, id(1)).await, [town.key]);
    // By two computers of one place.
    assert_eq!(far.push(vec![wrapped_key(&far, id(2), AFAR, &planted)]).await, []);
    let again = town.house.desk_at(&code).await;
    assert_eq!(again.push(vec![wrapped_key(&again, id(2), AFAR, &SecretKey::draw(&crypto))]).await, []);
    let key = SecretKey::draw(&crypto);
    let here = town.canteen.enrolled.canteen.clone();
    let filed = vec![wrapped_key(&town.canteen, id(2), LUOCHENG, &key), sealed(id(2), &elder(here.as_deref(), VILLAGE), &key)];
    assert_eq!(town.canteen.push(filed).await, []);
    for desk in [&town.canteen, &town.office] {
        assert_eq!(opened(desk, id(2)).await, [KeyId::of(&crypto, &key)]);
    }
    held_by(&far).await;
    assert!(town.house.server.verify().unwrap().ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_neighbour_who_knew_the_file_neither_fetches_nor_closes_it() {
    let town = Town::new().await;
    let code = canteen_of(&town.house, "第二饭堂", LUOCHENG);
    let second = town.house.desk_at(&code).await;
    let edit = |field: &str, word: &str| {
        let said = Fields::from([(field.into(), Value::Text(word.into()))]);
        wire_of(RecordKind::Elder, id(1), next_change(&actor(9), &[&town.filed[1].bytes], &said, NOON).unwrap())
    };
    for (field, word) in [("canteen", code.as_str()), ("division", "445381001009"), ("status", "withdrawn")] {
        assert_eq!(reasons(second.push(vec![edit(field, word)]).await), [RefusedReason::Asked], "{field}");
        town.holds_her().await;
    }
    let other = canteen_of(&town.house, "第三饭堂", LUOCHENG);
    let third = town.house.desk_at(&other).await;
    assert_eq!(third.push(vec![edit("birth_date", "1944-03-06")]).await, [], "what concerns her follows her");
    town.holds_her().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_many_people_is_guessing() {
    let town = Town::new().await;
    let code = canteen_of(&town.house, "远处饭堂", AFAR);
    let far = town.house.desk_at(&code).await;
    let here = town.canteen.enrolled.canteen.clone();
    let people: Vec<RecordId> = (100..160).map(id).collect();
    let files = |at: Option<&str>, village: &str, by: u8| -> Vec<WireChange> {
        people.iter().map(|person| first(by, *person, &elder(at, village))).collect()
    };
    assert_eq!(town.canteen.push(files(here.as_deref(), VILLAGE, 1)).await, []);
    let told = reasons(far.push(files(Some(&code), AFAR, 2)).await);
    assert_eq!(told.iter().filter(|reason| **reason == RefusedReason::Asked).count(), 50);
    assert!(told[50..].iter().all(|reason| *reason == RefusedReason::ForeignScope));
    town.house.later(86_401);
    assert_eq!(reasons(far.push(files(Some(&code), AFAR, 2)).await), [RefusedReason::Asked; 60]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_through_a_list_of_numbers_is_stopped_marked_and_stands_in_the_audit_log() {
    let house = House::new().await;
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "𬜯塘镇长者饭堂", SUBIN));
    let (holder, greedy) = (house.desk_at(&here).await, house.desk_at(&there).await);
    let files: Vec<WireChange> = (1..=60).map(|at| first(1, id(at), &elder(Some(&here), VILLAGE))).collect();
    assert_eq!(holder.push(files).await, []);
    let claims: Vec<WireChange> = (1..=60).map(|at| first(2, id(at), &elder(Some(&there), SUBIN))).collect();
    let clerk = house.clerk("lu", Level::City, "4453").await;
    let marked = async || -> Vec<bool> {
        let page: ListPage = clerk.read("/api/list/devices").await;
        page.rows.iter().map(|row| row.is("asks_for_many")).collect()
    };
    assert_eq!(reasons(greedy.push(claims[..24].to_vec()).await), [RefusedReason::Asked; 24]);
    assert_eq!(marked().await, [false, false]);
    assert_eq!(reasons(greedy.push(claims[24..25].to_vec()).await), [RefusedReason::Asked]);
    assert_eq!(marked().await, [false, true], "half of what it may in a day");
    let refused = reasons(greedy.push(claims[25..].to_vec()).await);
    let stopped = refused.iter().filter(|reason| **reason == RefusedReason::ForeignScope).count();
    assert_eq!((refused.len(), stopped), (35, 10), "fifty a day");
    let auditor = house.clerk("shen", Role::Auditor, "4453").await;
    let rows: ListPage = auditor.read("/api/list/audit?event=asked_for_too_many").await;
    assert_eq!(rows.rows.len(), 1, "one row a push");
    assert!(rows.rows[0].text("detail").contains("50"), "{:?}", rows.rows[0]);
    let own = first(2, id(99), &elder(Some(&there), SUBIN));
    assert_eq!(greedy.push(vec![own]).await, [], "its own people go on");
}
