//! Runs at desks that are apart: stops stay where somebody put them, who is new goes with the neighbours, and boxes are handed over once. Real desks and a real
//! server in one process, without a carrier.

use crate::faults::kit::{Office, Town, VILLAGE};
use anyhow::{Context, Result, ensure};
use shared::command::{
    ElderForm, Get, HandOver, HandedOver, Kitchen, List, MoveStop, PutOnRoute, Save, SaveElder, SetOutcome, Today, TodayBoard,
};
use shared::fault::{Code, Fault};
use shared::form::Draft;
use shared::kinds::{Meal, Mode, OrderState};
use shared::list::ListRow;
use shared::schema::RecordId;
use tests::records::lunch;

/// Another village of the town.
const NEXT_VILLAGE: &str = "445381001001";

fn elder(office: &Office, name: &str, village: &str) -> Result<RecordId> {
    let form = ElderForm { name: name.into(), division: village.into(), ..ElderForm::default() };
    Ok(office.desk.ask(&SaveElder { elder: None, form })?)
}

fn order(office: &Office, elder: RecordId) -> Result<RecordId> {
    Ok(office.desk.ask(&lunch(elder))?.id)
}

fn board(office: &Office) -> Result<TodayBoard> {
    Ok(office.desk.ask(&Today { date: None })?)
}

fn write(office: &Office, list: &str, record: Option<RecordId>, typed: &[(&str, &str)]) -> Result<RecordId, Fault> {
    let draft: Draft = typed.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    office.desk.ask(&Save { list: list.into(), record, draft })
}

fn listed(office: &Office, list: &str) -> Result<Vec<ListRow>> {
    Ok(office.desk.ask(&List { list: list.into(), ..List::default() })?.rows)
}

/// Puts an order at a place in the run as it stands.
fn put(office: &Office, moved: RecordId, at: usize) -> Result<()> {
    let mut orders = board(office)?.run;
    orders.retain(|order| *order != moved);
    orders.insert(at, moved);
    Ok(office.desk.ask(&MoveStop { orders, moved: Some(moved) })?)
}

fn on_route(office: &Office, order: RecordId, route: Option<RecordId>, village: bool) -> Result<u32, Fault> {
    office.desk.ask(&PutOnRoute { order: Some(order), route, village })
}

fn hand(office: &Office, route: Option<RecordId>, boxes: u32, note: &str) -> Result<HandedOver, Fault> {
    let (meal, taken_by, note) = (Some(Meal::Lunch), "梁细妹".to_owned(), note.to_owned());
    office.desk.ask(&HandOver { date: None, meal, route, boxes, taken_by, note })
}

fn state(office: &Office, order: RecordId) -> Result<OrderState> {
    Ok(board(office)?.orders.iter().find(|line| line.id == order).context("the order")?.state)
}

#[test]
fn stops_stay_where_they_were_put_at_every_desk_and_two_that_move_different_ones_agree() -> Result<()> {
    let town = Town::new()?;
    let (counter, kitchen) = (town.desk("前台电脑", false)?, town.desk("后厨电脑", false)?);
    let all = [&counter, &kitchen];
    let mut orders = Vec::new();
    for name in ["王桂英", "李木生", "陈月好", "梁少芳", "张冬梅"] {
        orders.push(order(&counter, elder(&counter, name, VILLAGE)?)?);
    }
    town.settled(&all)?;
    ensure!(board(&kitchen)?.run == orders, "as they were taken, while nobody put them anywhere");

    put(&counter, orders[3], 0)?;
    town.settled(&all)?;
    ensure!(board(&kitchen)?.run == [3, 0, 1, 2, 4].map(|at: usize| orders[at]));
    // Apart, each moves another one; nobody is asked.
    put(&counter, orders[4], 1)?;
    put(&kitchen, orders[1], 0)?;
    town.settled(&all)?;
    let (at_counter, at_kitchen) = (board(&counter)?.run, board(&kitchen)?.run);
    ensure!(at_counter == at_kitchen && at_counter.len() == 5, "{at_counter:?} {at_kitchen:?}");
    ensure!(at_counter == [1, 3, 4, 0, 2].map(|at: usize| orders[at]), "{at_counter:?}");
    // Who comes later is behind them.
    let late = order(&kitchen, elder(&kitchen, "陈阿妹", VILLAGE)?)?;
    ensure!(board(&kitchen)?.run.last() == Some(&late));
    // What is no run is refused.
    let not_in_it = counter.desk.ask(&MoveStop { orders: orders.clone(), moved: Some(late) });
    ensure!(not_in_it.is_err_and(|fault| fault.code != Code::NotNow));
    Ok(())
}

#[test]
fn who_is_new_goes_with_the_neighbours_and_boxes_are_packed_as_they_are_driven() -> Result<()> {
    let town = Town::new()?;
    let (counter, kitchen, office) = (town.desk("前台电脑", false)?, town.desk("后厨电脑", false)?, town.desk("镇街电脑", true)?);
    let all = [&counter, &kitchen, &office];
    let courier = write(&counter, "staff", None, &[("name", "梁细妹"), ("role", "courier")])?;
    let east = write(&counter, "routes", None, &[("name", "东门线"), ("courier", &courier.to_string())])?;
    let west = write(&counter, "routes", None, &[("name", "西门线")])?;
    ensure!(write(&counter, "routes", None, &[("name", "东门线")]).is_err(), "a name stands once");
    let here = [order(&counter, elder(&counter, "王桂英", VILLAGE)?)?, order(&counter, elder(&counter, "李木生", VILLAGE)?)?];
    let there = order(&counter, elder(&counter, "陈月好", NEXT_VILLAGE)?)?;
    ensure!(on_route(&counter, here[0], Some(east), false)? == 1);
    ensure!(on_route(&counter, here[0], Some(east), false)? == 0, "it lies there already");
    ensure!(on_route(&counter, there, Some(west), false)? == 1);
    ensure!(on_route(&counter, there, Some(there), false).is_err_and(|fault| fault.code == Code::NotFound));
    town.settled(&all)?;
    for desk in all {
        let board = board(desk)?;
        let of = |route| board.routes.iter().find(|one| one.id == route).context("the route");
        ensure!(of(east)?.orders.len() == 2 && of(east)?.courier == "梁细妹" && of(west)?.orders == [there], "{:?}", board.routes);
        ensure!(listed(desk, "stops")?.len() == 2 && listed(desk, "routes")?.len() == 2);
    }
    let sheet = kitchen.desk.ask(&Kitchen { date: None, meal: Some(Meal::Lunch) })?;
    let packed: Vec<(&str, Option<u32>)> = sheet.boxes.iter().map(|one| (one.route.as_str(), one.stop)).collect();
    let wanted = if board(&kitchen)?.routes[0].id == east {
        [("东门线", Some(1)), ("东门线", Some(2)), ("西门线", Some(1))]
    } else {
        [("西门线", Some(1)), ("东门线", Some(1)), ("东门线", Some(2))]
    };
    ensure!(packed == wanted, "{packed:?}");

    // The whole village goes elsewhere, whoever was put somewhere in it; and where the neighbours go without a word of its own.
    put(&counter, here[1], 0)?;
    ensure!(on_route(&counter, here[1], Some(west), true)? == 2);
    ensure!(board(&counter)?.routes.iter().find(|one| one.id == west).is_some_and(|one| one.orders.len() == 3));
    ensure!(on_route(&counter, here[1], None, false)? == 1);
    ensure!(board(&counter)?.routes.iter().find(|one| one.id == west).is_some_and(|one| one.orders.len() == 3), "with the neighbours");
    // A route that is not driven any more has no stops.
    write(&counter, "routes", Some(west), &[("disabled", "1")])?;
    let left = board(&counter)?;
    ensure!(left.routes.len() == 1 && left.routes[0].orders.is_empty() && left.run.len() == 3, "{:?}", left.routes);
    ensure!(on_route(&counter, there, Some(west), false).is_err_and(|fault| fault.code == Code::NotFound));
    Ok(())
}

#[test]
fn boxes_are_handed_over_once_counted_by_hand_and_counted_back() -> Result<()> {
    let town = Town::new()?;
    let (counter, kitchen, office) = (town.desk("前台电脑", false)?, town.desk("后厨电脑", false)?, town.desk("镇街电脑", true)?);
    let all = [&counter, &kitchen, &office];
    let orders = [order(&counter, elder(&counter, "王桂英", VILLAGE)?)?, order(&counter, elder(&counter, "李木生", VILLAGE)?)?];
    let eats_in =
        counter.desk.ask(&shared::command::TakeOrder { mode: Some(Mode::PickUp), ..lunch(elder(&counter, "陈月好", VILLAGE)?) })?.id;
    town.settled(&all)?;

    let refused = hand(&kitchen, None, 1, "").unwrap_err();
    ensure!(refused.code == Code::BadInput && format!("{refused}").contains("单上 2 份，实交 1 份"), "{refused}");
    ensure!(hand(&kitchen, None, 0, "").is_err() && board(&kitchen)?.hand_overs.is_empty());
    let done = hand(&kitchen, None, 1, "一份洒了，重做后自取")?;
    ensure!((done.listed, done.boxes, done.taken_by.as_str(), done.orders.len()) == (2, 1, "梁细妹", 2), "{done:?}");
    ensure!(state(&kitchen, orders[0])? == OrderState::Out && state(&kitchen, eats_in)? == OrderState::Placed);
    ensure!(hand(&kitchen, None, 2, "").is_err_and(|fault| fault.code == Code::NotNow), "once");
    ensure!(office.desk.ask(&HandOver { meal: Some(Meal::Lunch), boxes: 2, taken_by: "梁细妹".into(), ..HandOver::default() }).is_err());

    // Apart, the counter notes the same; and somebody orders late, who goes in a second hand-over. One was delivered meanwhile.
    let again = hand(&counter, None, 2, "")?;
    ensure!(again.id == done.id, "it is the same hand-over");
    town.heard(&all)?;
    for desk in all {
        ensure!(board(desk)?.hand_overs.len() == 1 && listed(desk, "hand_overs")?.len() == 1);
        ensure!(state(desk, orders[0])? == OrderState::Out);
    }
    counter.desk.ask(&SetOutcome { order: Some(orders[0]), state: Some(OrderState::Delivered), reason: None })?;
    let late = order(&counter, elder(&counter, "梁少芳", VILLAGE)?)?;
    let second = hand(&counter, None, 1, "")?;
    ensure!(second.orders == [late] && second.id != done.id && state(&counter, orders[0])? == OrderState::Delivered);

    // In the evening it is counted back.
    let typed = [("boxes_back", "2"), ("sheet_back", "1"), ("back_at", "2026-11-22T13:10"), ("received_by", "陈月好")];
    ensure!(write(&counter, "hand_overs", Some(done.id), &typed[..1]).is_err(), "when, and to whom");
    write(&counter, "hand_overs", Some(done.id), &typed)?;
    town.heard(&all)?;
    let back: Vec<bool> = board(&office)?.hand_overs.iter().map(|one| one.back).collect();
    ensure!(back.iter().filter(|back| **back).count() == 1 && back.len() == 2, "{back:?}");
    let told = office.desk.ask(&Get { list: "hand_overs".into(), record: Some(done.id) })?;
    ensure!(told.draft.as_ref().is_some_and(|draft| draft["boxes_back"] == "2") && told.history.len() == 3, "{told:?}");
    Ok(())
}
