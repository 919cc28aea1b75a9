//! The kitchen's sheet at desks that are apart: both count the same, a frozen count stays as it was and what came after it is told once, by order; clashes and
//! samples follow from what is written. Real desks and a real server in one process, without a carrier.

use crate::faults::kit::{Office, Town, VILLAGE};
use anyhow::{Context, Result, ensure};
use jiff::ToSpan;
use jiff::civil::Date;
use shared::command::{ElderForm, FreezeCount, Kitchen, KitchenSheet, List, NumberLabels, Save, SaveElder, SetOutcome, TakeOrder};
use shared::fault::Code;
use shared::form::Draft;
use shared::kinds::{CheckOf, Meal, Mode, OrderState};
use shared::rule::kitchen::{Change, SampleState, Texture};
use shared::schema::RecordId;
use tests::records::lunch;

/// A Sunday, before noon's cut-off.
const TODAY: &str = "2026-11-22";

fn today() -> Result<Date> {
    Ok(TODAY.parse()?)
}

fn sheet(office: &Office) -> Result<KitchenSheet> {
    Ok(office.desk.ask(&Kitchen { date: Some(today()?), meal: Some(Meal::Lunch) })?)
}

fn freeze(office: &Office, spare_percent: u32) -> Result<u32> {
    Ok(office.desk.ask(&FreezeCount { date: Some(today()?), meal: Some(Meal::Lunch), spare_percent })?.number)
}

fn form(name: &str, diet: &str) -> ElderForm {
    ElderForm { name: name.into(), division: VILLAGE.into(), diet: diet.into(), ..ElderForm::default() }
}

fn elder(office: &Office, name: &str, diet: &str) -> Result<RecordId> {
    Ok(office.desk.ask(&SaveElder { elder: None, form: form(name, diet) })?)
}

fn order(office: &Office, elder: RecordId, note: &str) -> Result<RecordId> {
    Ok(office.desk.ask(&TakeOrder { note: note.into(), ..lunch(elder) })?.id)
}

fn write(office: &Office, list: &str, record: Option<RecordId>, typed: &[(&str, &str)]) -> Result<RecordId> {
    let draft: Draft = typed.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Ok(office.desk.ask(&Save { list: list.into(), record, draft })?)
}

/// A dish of today's lunch.
fn dish(office: &Office, name: &str, ingredients: &str, published: bool) -> Result<()> {
    let item = write(
        office,
        "menu_items",
        None,
        &[("name", name), ("course", "meat"), ("price", "6"), ("ingredients", ingredients), ("offered", "1")],
    )?;
    let published = if published { "1" } else { "" };
    write(office, "menu_days", None, &[("date", TODAY), ("meal", "lunch"), ("item", &item.to_string()), ("published", published)])?;
    Ok(())
}

/// The counter and the kitchen of one canteen.
fn two() -> Result<(Town, Office, Office)> {
    let town = Town::new()?;
    let (counter, kitchen) = (town.desk("前台电脑", false)?, town.desk("后厨电脑", false)?);
    Ok((town, counter, kitchen))
}

#[test]
fn a_frozen_count_stays_and_what_came_after_it_is_told_at_both_desks() -> Result<()> {
    let (town, counter, kitchen) = two()?;
    let plain = elder(&counter, "王桂英", "")?;
    let soft = elder(&counter, "李木生", "软食、少盐")?;
    let usual = elder(&counter, "陈月好", "")?;
    let first = order(&counter, plain, "")?;
    order(&counter, soft, "")?;
    let third = order(&counter, usual, "放门口")?;
    town.settled(&[&counter, &kitchen])?;

    let before = sheet(&kitchen)?;
    ensure!(before.counts.is_empty() && before.differences.is_empty() && !before.closed, "{before:#?}");
    let rows: Vec<_> = before.rows.iter().map(|row| (row.texture, row.total)).collect();
    ensure!(rows == [(Texture::Usual, 2), (Texture::Soft, 1)], "{rows:?}");
    // What is special is packed first; an instruction for who brings it makes nobody special.
    let boxes: Vec<_> = before.boxes.iter().map(|one| (one.name.as_str(), one.special)).collect();
    ensure!(boxes[0] == ("李木生", true) && boxes[1..].iter().all(|(_, special)| !special), "{boxes:?}");
    ensure!(before.boxes.iter().all(|one| one.stop.is_some()) && before.boxes[0].restrictions == ["少盐"]);

    ensure!(freeze(&kitchen, 5)? == 1);
    town.settled(&[&counter, &kitchen])?;
    ensure!(sheet(&counter)?.counts.len() == 1 && sheet(&counter)?.differences.is_empty());

    // The counter goes on, and the kitchen hears of it.
    counter.turn(120);
    counter.desk.ask(&SetOutcome { order: Some(first), state: Some(OrderState::Cancelled), reason: None })?;
    let late = elder(&counter, "何带好", "")?;
    let added = order(&counter, late, "小份")?;
    counter.desk.ask(&SaveElder { elder: Some(usual), form: form("陈月好", "碎食") })?;
    town.settled(&[&counter, &kitchen])?;
    for office in [&counter, &kitchen] {
        let now = sheet(office)?;
        let told: Vec<_> = now.differences.iter().map(|one| (one.order, one.change)).collect();
        ensure!(told.len() == 3, "{told:?}");
        for wanted in [(first, Change::Gone), (added, Change::Added), (third, Change::Needs)] {
            ensure!(told.contains(&wanted), "{wanted:?}: {told:?}");
        }
        let needs = now.differences.iter().find(|one| one.change == Change::Needs).context("needs")?;
        ensure!(needs.now.contains("碎食") && needs.at.is_some() && needs.name == "陈月好", "{needs:?}");
        ensure!(now.shifts.is_empty(), "one more and one less of a dish: {:?}", now.shifts);
        ensure!(now.counts[0].portions == 3 && now.counts[0].spare_percent == 5, "as it was");
    }
    // Another count is another record, and begins anew.
    ensure!(freeze(&counter, 0)? == 2);
    town.settled(&[&counter, &kitchen])?;
    for office in [&counter, &kitchen] {
        let now = sheet(office)?;
        ensure!(now.differences.is_empty() && now.counts.iter().map(|count| count.number).collect::<Vec<_>>() == [1, 2], "{now:#?}");
    }
    Ok(())
}

#[test]
fn two_desks_without_a_line_freeze_both_and_neither_is_lost() -> Result<()> {
    let (town, counter, kitchen) = two()?;
    let (one, other) = (elder(&counter, "王桂英", "")?, elder(&counter, "李木生", "")?);
    order(&counter, one, "")?;
    town.settled(&[&counter, &kitchen])?;
    freeze(&counter, 0)?;
    kitchen.turn(60);
    order(&kitchen, other, "")?;
    freeze(&kitchen, 0)?;
    town.settled(&[&counter, &kitchen])?;
    for office in [&counter, &kitchen] {
        let now = sheet(office)?;
        let counts: Vec<_> = now.counts.iter().map(|count| (count.number, count.portions)).collect();
        ensure!(counts == [(1, 1), (1, 2)] && now.differences.is_empty(), "{counts:?}: the later one counts");
    }
    Ok(())
}

#[test]
fn a_dish_of_the_published_menu_stops_who_is_allergic_to_it() -> Result<()> {
    let (town, counter, kitchen) = two()?;
    for (name, diet) in [("王桂英", "花生过敏"), ("李木生", "不吃辣"), ("陈月好", "少盐")] {
        let elder = elder(&counter, name, diet)?;
        order(&counter, elder, "")?;
    }
    dish(&counter, "宫保鸡丁", "鸡肉、花生、干辣椒", false)?;
    ensure!(!sheet(&counter)?.menu && sheet(&counter)?.boxes.iter().all(|one| one.clashes.is_empty()), "it is not published");
    dish(&counter, "辣子花生", "花生", true)?;
    town.settled(&[&counter, &kitchen])?;
    let now = sheet(&kitchen)?;
    let clashes: Vec<_> =
        now.boxes.iter().flat_map(|one| one.clashes.iter().map(|clash| (one.name.as_str(), clash.stops, clash.dish.as_str()))).collect();
    ensure!(
        clashes.len() == 2 && clashes.contains(&("王桂英", true, "辣子花生")) && clashes.contains(&("李木生", false, "辣子花生")),
        "{clashes:?}"
    );
    Ok(())
}

#[test]
fn a_sample_is_due_is_kept_for_two_days_and_thrown_away() -> Result<()> {
    let (town, counter, kitchen) = two()?;
    dish(&counter, "白切鸡", "鸡", true)?;
    town.settled(&[&counter, &kitchen])?;
    let states = |office: &Office| -> Result<Vec<SampleState>> { Ok(sheet(office)?.samples.iter().map(|sample| sample.state).collect()) };
    ensure!(states(&kitchen)? == [SampleState::Due]);
    let kept = [("date", TODAY), ("meal", "lunch"), ("dish", "白切鸡"), ("grams", "125"), ("taken_at", "2026-11-22T09:48")];
    let refused = write(&kitchen, "food_samples", None, &[&kept[..3], &[("grams", "100"), kept[4]]].concat());
    ensure!(refused.is_err());
    let sample = write(&kitchen, "food_samples", None, &kept)?;
    // The same dish of the same meal is kept once.
    ensure!(write(&kitchen, "food_samples", None, &kept).is_err());
    town.settled(&[&counter, &kitchen])?;
    ensure!(states(&counter)? == [SampleState::Kept] && sheet(&counter)?.discards.is_empty());
    for office in [&counter, &kitchen] {
        office.turn(48 * 3600);
    }
    let next = kitchen.desk.ask(&Kitchen { date: Some(today()?.checked_add(2.days())?), meal: Some(Meal::Lunch) })?;
    ensure!(next.discards.iter().map(|sample| sample.state).collect::<Vec<_>>() == [SampleState::Discard], "{next:#?}");
    write(&kitchen, "food_samples", Some(sample), &[("discarded_at", "2026-11-24T09:48"), ("discarded_by", "李木生")])?;
    ensure!(states(&kitchen)? == [SampleState::Gone] && sheet(&kitchen)?.discards.is_empty());
    Ok(())
}

#[test]
fn checks_of_the_day_are_counted_and_labels_numbered() -> Result<()> {
    let (_town, counter, _kitchen) = two()?;
    let check = [("what", "staff"), ("about", "李木生"), ("done_at", "2026-11-22T08:00")];
    write(&counter, "kitchen_checks", None, &[&check[..], &[("result", "fit")]].concat())?;
    write(&counter, "kitchen_checks", None, &[&check[..], &[("result", "unfit"), ("action", "回家休息")]].concat())?;
    ensure!(sheet(&counter)?.checks.contains(&(CheckOf::Staff, 2, 1)), "{:?}", sheet(&counter)?.checks);
    // A day of a list holds the moments of that day, and none of another.
    let on = |day: &str| -> Result<u64> {
        let words = [("from", day), ("to", day)].map(|(name, word)| (name.to_owned(), word.to_owned())).into();
        Ok(counter.desk.ask(&List { list: "kitchen_checks".into(), words })?.total)
    };
    ensure!((on("2026-11-21")?, on(TODAY)?, on("2026-11-23")?) == (0, 2, 0));
    let number = |meal| counter.desk.ask(&NumberLabels { date: Some("2026-11-22".parse().unwrap()), meal: Some(meal) });
    ensure!((number(Meal::Lunch)?, number(Meal::Lunch)?, number(Meal::Dinner)?) == (1, 2, 1));
    ensure!(sheet(&counter)?.prints == 2);
    Ok(())
}

#[test]
fn an_office_has_no_kitchen_and_nothing_is_frozen_where_nothing_was_ordered() -> Result<()> {
    let (town, counter, _kitchen) = two()?;
    let refused = counter.desk.ask(&FreezeCount { date: Some(today()?), meal: Some(Meal::Lunch), spare_percent: 0 });
    ensure!(refused.is_err_and(|fault| fault.code == Code::NotNow));
    let elder = elder(&counter, "王桂英", "")?;
    counter.desk.ask(&TakeOrder { mode: Some(Mode::PickUp), ..lunch(elder) })?;
    let refused = counter.desk.ask(&FreezeCount { date: Some(today()?), meal: Some(Meal::Lunch), spare_percent: 80 });
    ensure!(refused.is_err_and(|fault| fault.code == Code::BadInput));
    ensure!(sheet(&counter)?.boxes.iter().all(|one| one.stop.is_none()), "nobody drives there");
    let office = town.desk("镇街电脑", true)?;
    let refused = office.desk.ask(&Kitchen::default());
    ensure!(refused.is_err_and(|fault| fault.code == Code::NotNow));
    Ok(())
}
