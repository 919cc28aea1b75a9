//! Standing meals and orders made in one go, at desks that are apart: the same orders at each, nobody ordered twice, a meal that was left out stays left out,
//! a batch goes as it came. Real desks and a real server in one process, without a carrier.

use crate::faults::kit::{Office, Town};
use anyhow::{Context, Result, ensure};
use jiff::ToSpan;
use jiff::civil::Date;
use shared::command::{
    List, OrderDetail, OrderPlan, OrderSummary, PlanOrders, SaveStanding, SetOutcome, StandingOf, StandingSaved, Today, UndoBatch,
};
use shared::fault::Code;
use shared::form::Draft;
use shared::kinds::{Meal, Mode, OrderState};
use shared::rule::standing::{PlanGroup, SkipReason};
use shared::schema::RecordId;
use tests::records::lunch;

/// A Sunday, before noon's cut-off.
const TODAY: &str = "2026-11-22";
const WEEK: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

fn today() -> Result<Date> {
    Ok(TODAY.parse()?)
}

fn day(from_today: i64) -> Result<Date> {
    Ok(today()?.checked_add(from_today.days())?)
}

/// Every day of the week, from today, and what else is said.
fn every_day(more: &[(&str, &str)]) -> Draft {
    let days = WEEK.iter().map(|day| ((*day).to_owned(), "1".to_owned()));
    let more = more.iter().map(|(name, typed)| ((*name).to_owned(), (*typed).to_owned()));
    days.chain([("since".to_owned(), TODAY.to_owned())]).chain(more).collect()
}

fn save(office: &Office, elder: RecordId, draft: Draft, confirmed: bool) -> Result<StandingSaved> {
    Ok(office.desk.ask(&SaveStanding { elder: Some(elder), meal: Some(Meal::Lunch), draft, confirmed })?)
}

fn orders(office: &Office, date: Date) -> Result<Vec<OrderSummary>> {
    Ok(office.desk.ask(&Today { date: Some(date) })?.orders)
}

fn standing(office: &Office, date: Date) -> Result<Vec<OrderSummary>> {
    Ok(orders(office, date)?.into_iter().filter(|order| order.state != OrderState::Cancelled).collect())
}

fn only(office: &Office, date: Date) -> Result<OrderSummary> {
    let found = orders(office, date)?;
    let [order] = <[OrderSummary; 1]>::try_from(found).map_err(|found| anyhow::anyhow!("not one on {date}: {found:#?}"))?;
    Ok(order)
}

fn cancel(office: &Office, order: &OrderSummary) -> Result<()> {
    office.desk.ask(&SetOutcome { order: Some(order.id), state: Some(OrderState::Cancelled), reason: None })?;
    Ok(())
}

/// Two desks of one canteen, and an elder whom both know.
fn two() -> Result<(Town, Office, Office, RecordId)> {
    let town = Town::new()?;
    let (counter, kitchen) = (town.desk("前台电脑", false)?, town.desk("后厨电脑", false)?);
    let elder = counter.elder("王桂英", "11010519491231002X")?;
    town.settled(&[&counter, &kitchen])?;
    Ok((town, counter, kitchen, elder))
}

#[test]
fn two_desks_that_are_apart_make_the_same_orders_and_a_meal_left_out_stays_so() -> Result<()> {
    let (town, counter, kitchen, elder) = two()?;
    let saved = save(&counter, elder, every_day(&[("mode", "own_delivery"), ("note", "少盐")]), false)?;
    ensure!(saved.done && saved.changes.len() == 3, "{saved:?}");
    for ahead in 0..3 {
        let order = only(&counter, day(ahead)?)?;
        ensure!((order.mode, order.note.as_str(), order.price.0) == (Mode::OwnDelivery, "少盐", 1200), "{order:?}");
    }
    town.settled(&[&counter, &kitchen])?;
    // The next day, without a line: each makes the day that is new.
    for office in [&counter, &kitchen] {
        office.turn(24 * 3600);
        office.desk.keep_up()?;
        office.desk.keep_up()?;
    }
    let (here, there) = (only(&counter, day(3)?)?, only(&kitchen, day(3)?)?);
    ensure!(here.id == there.id && here.number != there.number, "{here:?} {there:?}");
    // She leaves it out at the counter; the kitchen does not know.
    cancel(&counter, &here)?;
    let tomorrow = only(&kitchen, day(2)?)?;
    cancel(&kitchen, &tomorrow)?;
    town.settled(&[&counter, &kitchen])?;
    for office in [&counter, &kitchen] {
        office.desk.keep_up()?;
        for left_out in [2, 3] {
            ensure!(only(office, day(left_out)?)?.state == OrderState::Cancelled);
        }
        ensure!(standing(office, day(1)?)?.len() == 1);
    }
    let numbers = [only(&counter, day(3)?)?.number, only(&kitchen, day(3)?)?.number];
    ensure!(numbers[0] == numbers[1], "{numbers:?}");
    // Whichever number went, neither is given again, by a program that was started anew either.
    drop((counter, kitchen));
    for name in ["前台电脑", "后厨电脑"] {
        let (_, number) = town.opened(name)?.order(elder)?;
        ensure!(number != here.number && number != there.number, "{name}: {number}");
    }
    Ok(())
}

#[test]
fn a_desk_that_has_not_synced_makes_nothing_and_one_of_an_office_neither() -> Result<()> {
    let (town, counter, _kitchen, elder) = two()?;
    save(&counter, elder, every_day(&[]), false)?;
    counter.sync(town.server()?)?;
    let office = town.desk("镇街电脑", true)?;
    office.turn(3 * 24 * 3600);
    office.desk.keep_up()?;
    ensure!(orders(&office, day(3)?)?.is_empty());
    let fresh = town.enrolled_only("新电脑")?;
    fresh.desk.keep_up()?;
    ensure!(fresh.orders()?.is_empty());
    let refused = office.desk.ask(&PlanOrders { group: Some(PlanGroup::Everybody), days: vec![day(1)?], ..PlanOrders::default() });
    ensure!(refused.is_err_and(|fault| fault.code == Code::NotNow));
    Ok(())
}

#[test]
fn a_pause_says_what_it_changes_does_nothing_before_the_yes_and_ends_as_easily() -> Result<()> {
    let (town, counter, kitchen, elder) = two()?;
    save(&counter, elder, every_day(&[]), false)?;
    // One of these is on its way already.
    let out = only(&counter, day(0)?)?;
    counter.desk.ask(&SetOutcome { order: Some(out.id), state: Some(OrderState::Out), reason: None })?;
    let pause: Draft = every_day(&[("paused_from", TODAY), ("back_on", &day(8)?.to_string())]);
    let proposed = save(&counter, elder, pause.clone(), false)?;
    ensure!(!proposed.done && proposed.changes.len() == 3, "{proposed:?}");
    ensure!(proposed.changes[0].contains("不动") && proposed.changes[1].contains("取消"), "{proposed:?}");
    ensure!(standing(&counter, day(1)?)?.len() == 1, "nothing before the yes");
    ensure!(save(&counter, elder, pause, true)?.done);
    ensure!(only(&counter, day(0)?)?.state == OrderState::Out);
    for paused in [1, 2] {
        ensure!(standing(&counter, day(paused)?)?.is_empty());
    }
    let month = plan(&counter, &[elder], &[3, 8], false)?;
    ensure!(month.new == 1 && month.reasons == [(SkipReason::Paused, 1)], "{month:?}");
    town.settled(&[&counter, &kitchen])?;
    kitchen.desk.keep_up()?;
    ensure!(standing(&kitchen, day(1)?)?.is_empty(), "a pause is one everywhere");
    // She is back sooner: the same orders stand again.
    let id = only(&kitchen, day(2)?)?.id;
    let back = save(&kitchen, elder, [("back_on".to_owned(), day(2)?.to_string())].into(), false)?;
    ensure!(back.done && back.changes.len() == 2 && back.changes[1].contains("下单"), "{back:?}");
    let again = only(&kitchen, day(2)?)?;
    ensure!(again.id == id && again.state == OrderState::Placed);
    town.settled(&[&counter, &kitchen])
}

#[test]
fn changed_days_and_ways_follow_in_orders_that_stand_and_what_was_ordered_by_hand_stays() -> Result<()> {
    let (_town, counter, _kitchen, elder) = two()?;
    counter.desk.ask(&shared::command::TakeOrder { date: Some(day(1)?), mode: Some(Mode::PickUp), ..lunch(elder) })?;
    let saved = save(&counter, elder, every_day(&[]), false)?;
    ensure!(saved.changes.len() == 2, "she has one tomorrow: {saved:?}");
    ensure!(only(&counter, day(1)?)?.mode == Mode::PickUp);
    let weekend: Draft =
        [("monday", ""), ("tuesday", ""), ("mode", "pick_up")].map(|(name, typed)| (name.to_owned(), typed.to_owned())).into();
    let proposed = save(&counter, elder, weekend.clone(), false)?;
    ensure!(!proposed.done && proposed.changes.len() == 2, "{proposed:?}");
    save(&counter, elder, weekend, true)?;
    ensure!(only(&counter, day(0)?)?.mode == Mode::PickUp);
    ensure!(only(&counter, day(1)?)?.state == OrderState::Placed, "by hand");
    ensure!(only(&counter, day(2)?)?.state == OrderState::Cancelled);
    let of = counter.desk.ask(&StandingOf { elder: Some(elder), record: None })?;
    let lunch = of.meals.iter().find(|entry| entry.meal == Meal::Lunch).context("lunch")?;
    ensure!(lunch.record.is_some() && lunch.words.contains("周三 周四 周五 周六 周日") && lunch.words.contains("自取"), "{lunch:?}");
    for (name, typed, what) in [
        ("back_on", "2026-11-25", "a pause that nothing begins"),
        ("until", "2026-11-01", "ends before it begins"),
        ("until", "2036-11-01", "far away"),
        ("since", "明年", "no day"),
    ] {
        let slip = counter.desk.ask(&SaveStanding {
            elder: Some(elder),
            meal: Some(Meal::Lunch),
            draft: [(name.to_owned(), typed.to_owned())].into(),
            confirmed: true,
        });
        ensure!(slip.is_err_and(|fault| fault.code == Code::BadInput), "{what}");
    }
    Ok(())
}

fn plan(office: &Office, elders: &[RecordId], days: &[i64], commit: bool) -> Result<OrderPlan> {
    let days = days.iter().map(|ahead| day(*ahead)).collect::<Result<_>>()?;
    Ok(office.desk.ask(&PlanOrders { elders: elders.to_vec(), days, meal: Some(Meal::Lunch), commit, ..PlanOrders::default() })?)
}

#[test]
fn a_month_in_one_go_orders_nobody_twice_is_taken_back_in_one_go_and_may_be_made_anew() -> Result<()> {
    let (town, counter, kitchen, wang) = two()?;
    let li = counter.elder("李四", "")?;
    counter.desk.ask(&shared::command::TakeOrder { date: Some(day(2)?), ..lunch(wang) })?;
    let days: Vec<i64> = (0..10).collect();
    let would = plan(&counter, &[wang, li, wang], &days, false)?;
    ensure!((would.new, would.elders, would.price.0) == (19, 2, 19 * 1200), "{would:?}");
    ensure!(would.reasons == [(SkipReason::Standing, 1)] && would.skipped[0].name == "王桂英" && would.batch.is_none(), "{would:?}");
    ensure!(standing(&counter, day(5)?)?.is_empty(), "a look makes nothing");
    let made = plan(&counter, &[wang, li], &days, true)?;
    let batch = made.batch.context("a batch")?;
    town.settled(&[&counter, &kitchen])?;
    ensure!(plan(&kitchen, &[wang, li], &days, false)?.new == 0);
    // The other desk takes it back; one meal was prepared, one left out by hand before.
    let prepared = standing(&kitchen, day(1)?)?.remove(0);
    kitchen.desk.ask(&SetOutcome { order: Some(prepared.id), state: Some(OrderState::Prepared), reason: None })?;
    let left_out = standing(&kitchen, day(4)?)?.remove(0);
    cancel(&kitchen, &left_out)?;
    let would = kitchen.desk.ask(&UndoBatch { batch: Some(batch), confirmed: false })?;
    ensure!(!would.done && (would.cancelled, would.kept) == (17, 2), "{would:?}");
    ensure!(standing(&kitchen, day(5)?)?.len() == 2, "nothing before the yes");
    let undone = kitchen.desk.ask(&UndoBatch { batch: Some(batch), confirmed: true })?;
    ensure!(undone.done && undone.cancelled == 17);
    ensure!(kitchen.desk.ask(&UndoBatch { batch: Some(batch), confirmed: true }).is_err_and(|fault| fault.code == Code::NotNow));
    town.settled(&[&counter, &kitchen])?;
    // Anew, but for what was left out by hand.
    let again = plan(&counter, &[wang, li], &days, true)?;
    ensure!(again.new == 17 && again.reasons == [(SkipReason::Standing, 2), (SkipReason::Cancelled, 1)], "{again:?}");
    ensure!(orders(&counter, day(5)?)?.len() == 2, "the same orders, not others beside them");
    town.settled(&[&counter, &kitchen])?;
    let batches = kitchen.desk.ask(&List { list: "order_batches".into(), ..List::default() })?;
    ensure!(batches.total == 2, "{batches:?}");
    let numbers: Vec<String> = standing(&counter, day(5)?)?.into_iter().map(|order| order.number).collect();
    ensure!(numbers.iter().all(|number| !number.is_empty()) && numbers[0] != numbers[1], "{numbers:?}");
    Ok(())
}

/// A double click, or two programs on one folder: wishes are judged before they are written.
#[test]
fn the_same_command_given_twice_at_once_makes_each_order_once() -> Result<()> {
    let (_town, counter, _kitchen, wang) = two()?;
    let days: Vec<i64> = (1..20).collect();
    std::thread::scope(|scope| {
        let given: Vec<_> = (0..2).map(|_| scope.spawn(|| plan(&counter, &[wang], &days, true))).collect();
        let done = given.into_iter().filter_map(|one| one.join().ok()).filter(Result::is_ok).count();
        ensure!(done > 0, "neither went through");
        Ok(())
    })?;
    for ahead in days {
        let order = only(&counter, day(ahead)?)?;
        let said = counter.desk.ask(&OrderDetail { order: Some(order.id) })?.history;
        ensure!(said.len() == 1, "numbered anew: {said:#?}");
    }
    Ok(())
}

#[test]
fn a_day_is_copied_with_its_ways_and_wishes_and_slips_are_told() -> Result<()> {
    let (_town, counter, _kitchen, wang) = two()?;
    counter.desk.ask(&shared::command::TakeOrder { mode: Some(Mode::PickUp), note: "软一点".into(), ..lunch(wang) })?;
    let copied = |days: Vec<Date>, commit| counter.desk.ask(&PlanOrders { of_day: today().ok(), days, commit, ..PlanOrders::default() });
    let made = copied(vec![day(1)?, day(1)?, day(2)?], true)?;
    ensure!(made.new == 2 && made.days.len() == 2, "{made:?}");
    let order = only(&counter, day(2)?)?;
    ensure!((order.mode, order.note.as_str()) == (Mode::PickUp, "软一点"), "{order:?}");
    ensure!(copied(vec![day(2)?], true).is_err_and(|fault| fault.code == Code::NotNow), "nothing to make");
    for (days, what) in [(vec![], "no days"), (vec![day(-1)?], "a day that is over")] {
        ensure!(copied(days, false).is_err_and(|fault| fault.code == Code::BadInput), "{what}");
    }
    let far = copied(vec![day(40)?], false)?;
    ensure!(far.reasons == [(SkipReason::Far, 1)], "{far:?}");
    let ask = PlanOrders { meal: Some(Meal::Lunch), days: vec![day(1)?], ..PlanOrders::default() };
    ensure!(counter.desk.ask(&ask).is_err_and(|fault| fault.code == Code::BadInput), "nobody");
    Ok(())
}

/// The pattern ends with her stay here, whatever it says.
#[test]
fn no_orders_are_made_for_who_has_left() -> Result<()> {
    let (town, counter, kitchen, wang) = two()?;
    let office = town.desk("镇街电脑", true)?;
    let other = town.server()?.add_canteen("城南饭堂", crate::faults::kit::TOWN, None)?.code;
    save(&counter, wang, every_day(&[]), false)?;
    town.settled(&[&counter, &kitchen, &office])?;
    office.desk.ask(&shared::command::MoveElder { elder: Some(wang), canteen: other })?;
    town.settled(&[&counter, &kitchen, &office])?;
    counter.turn(24 * 3600);
    counter.desk.keep_up()?;
    ensure!(orders(&counter, day(3)?)?.is_empty());
    // The pattern that stayed may be ended; none is begun for who eats elsewhere now.
    let other = SaveStanding { elder: Some(wang), meal: Some(Meal::Dinner), draft: every_day(&[]), confirmed: true };
    ensure!(office.desk.ask(&SaveStanding { meal: Some(Meal::Lunch), ..other.clone() }).is_ok(), "where she eats now");
    let refused = counter.desk.ask(&other);
    ensure!(refused.is_err_and(|fault| matches!(fault.code, Code::NotNow | Code::NotFound)), "she has left");
    Ok(())
}

/// A computer that was off over the weekend and is started after orders have closed.
#[test]
fn a_meal_of_today_that_could_not_be_ordered_any_more_is_told() -> Result<()> {
    let (_town, counter, _kitchen, elder) = two()?;
    save(&counter, elder, every_day(&[]), false)?;
    counter.turn(5 * 24 * 3600 + 2 * 3600);
    counter.desk.keep_up()?;
    let board = counter.desk.ask(&Today::default())?;
    ensure!(board.date == day(5)? && board.orders.is_empty() && board.unmade == ["王桂英 午餐"], "{board:?}");
    ensure!(standing(&counter, day(6)?)?.len() == 1);
    counter.desk.ask(&lunch(elder))?;
    counter.desk.ask(&shared::command::TakeOrder { date: Some(day(5)?), ..lunch(elder) })?;
    ensure!(counter.desk.ask(&Today::default())?.unmade.is_empty(), "it was entered late");
    Ok(())
}
