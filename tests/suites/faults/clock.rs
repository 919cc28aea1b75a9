//! Clocks that are wrong: set back, years ahead, in another zone. Who was later is told by what each had seen, never by a clock.

use super::kit::{NOW, Town};
use anyhow::{Result, ensure};
use desk::Clock;
use jiff::Timestamp;
use shared::command::{OrderDetail, SetOutcome, TakeOrder};
use shared::kinds::OrderState;
use shared::schema::RecordId;
use tests::fuzz::Dice;
use tests::program::DeskHome;

const DAY: i64 = 86_400;
const YEAR: i64 = 365 * DAY;

fn state(office: &super::kit::Office, order: &str) -> Result<OrderState> {
    let order: RecordId = order.parse()?;
    Ok(office.desk.ask(&OrderDetail { order: Some(order) })?.order.state)
}

fn set(office: &super::kit::Office, order: &str, state: OrderState) -> Result<()> {
    office.desk.ask(&SetOutcome { order: Some(order.parse()?), state: Some(state), reason: None })?;
    Ok(())
}

#[test]
fn f11_a_clock_set_back_changes_no_number_and_no_order_of_events() -> Result<()> {
    let town = Town::new()?;
    let (desk, office) = (town.desk("desk", false)?, town.desk("town", true)?);
    let elder = desk.elder("王桂英", "")?;
    let mut taken = vec![desk.order(elder)?];
    let followed = taken[0].0.clone();
    set(&desk, &followed, OrderState::Prepared)?;
    for (by, next) in [(-1, OrderState::Out), (-DAY, OrderState::Delivered), (-10 * YEAR, OrderState::Delivered)] {
        desk.turn(by);
        taken.push(desk.order(elder)?);
        if state(&desk, &followed)? != next {
            set(&desk, &followed, next)?;
        }
        ensure!(state(&desk, &followed)? == next, "after a jump of {by} s the later word counts");
    }
    let sequence = |number: &str| number.rsplit('-').next().and_then(|digits| digits.parse::<u64>().ok());
    ensure!(taken.windows(2).all(|two| sequence(&two[0].1) < sequence(&two[1].1)), "{taken:?}");
    let all = super::kit::plain(taken.into_iter().map(|(id, _)| id));
    for _ in 0..2 {
        ensure!(desk.sync(town.server()?)?.agrees && office.sync(town.server()?)?.agrees);
    }
    ensure!(desk.orders()? == all && office.orders()? == all);
    ensure!(state(&office, &followed)? == OrderState::Delivered);
    Ok(())
}

#[test]
fn f11_f12_a_day_far_from_the_clock_is_asked_about() -> Result<()> {
    let town = Town::new()?;
    let desk = town.desk("desk", false)?;
    let elder = desk.elder("王桂英", "")?;
    for by in [-10 * YEAR, 10 * YEAR, -NOW] {
        desk.turn(by);
        let ask = TakeOrder { elder: Some(elder), date: "2026-11-22".parse().ok(), confirmed: true, ..TakeOrder::default() };
        let fault = desk.desk.ask(&ask).err().map(|fault| fault.happened);
        ensure!(fault.as_deref() == Some("日期离今天太远。"), "{by}: {fault:?}");
        desk.turn(-by);
    }
    Ok(())
}

#[test]
fn f12_a_clock_years_ahead_wins_nothing() -> Result<()> {
    let town = Town::new()?;
    let (ahead, right) = (town.desk("ahead", false)?, town.desk("right", false)?);
    let elder = ahead.elder("王桂英", "")?;
    let (order, _) = ahead.order(elder)?;
    ahead.turn(10 * YEAR);
    set(&ahead, &order, OrderState::Prepared)?;
    ahead.sync(town.server()?)?;
    right.sync(town.server()?)?;
    set(&right, &order, OrderState::Out)?;
    right.sync(town.server()?)?;
    ahead.sync(town.server()?)?;
    ensure!(state(&ahead, &order)? == OrderState::Out && state(&right, &order)? == OrderState::Out);
    // And a dead battery: 1970.
    ahead.turn(-10 * YEAR - NOW);
    set(&ahead, &order, OrderState::Delivered)?;
    ensure!(ahead.sync(town.server()?)?.agrees && right.sync(town.server()?)?.agrees);
    ensure!(state(&right, &order)? == OrderState::Delivered);
    Ok(())
}

#[test]
fn f13_the_day_is_chinas_on_every_machine() -> Result<()> {
    let mut dice = Dice(NOW.unsigned_abs());
    for _ in 0..20_000 {
        let day = i64::try_from(dice.below(80_000))? * DAY;
        let second = day - 8 * 3_600 + [0, -1, 1, 43_200, 28_800, 28_799][dice.below(6)];
        let here = Clock::from_fn(move || Timestamp::from_second(second).unwrap_or_default()).now();
        ensure!(here == sync_server::civil(second), "{second}");
        ensure!((here.date() == sync_server::civil(second + 1).date()) != (second + 1 == day - 8 * 3_600), "{second}");
    }
    let desk = DeskHome::new()?;
    for zone in ["America/New_York", "Pacific/Kiritimati", "UTC", "Nowhere/Nothing"] {
        let output = desk.command().env("TZ", zone).args(["status", "--json"]).output()?;
        let status: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        ensure!(status["now"].as_str().is_some_and(|now| now.starts_with("2026-11-22T09:48")), "{zone}: {}", status["now"]);
    }
    Ok(())
}
