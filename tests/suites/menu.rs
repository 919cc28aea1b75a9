//! The menu of a week and the calendar of working days, at desks that are apart: a week is copied once, what is published says so everywhere, and where the
//! nearest that speaks says that a canteen rests, nobody is ordered for by itself. Real desks and a real server in one process, without a carrier.

use crate::faults::kit::{Office, TOWN, Town, open_at};
use anyhow::{Context, Result, ensure};
use jiff::ToSpan;
use jiff::civil::Date;
use shared::command::{
    Calendar, ChangeMenu, CopyMenu, DaySaid, FindMenuItems, Get, List, ListWords, MenuCopy, MenuOfDay, MenuWeek, PlanOrders, PublishMenu,
    Save, SaveStanding, TakeOrder, Today, WeekMenu,
};
use shared::fault::{Code, Fault};
use shared::form::Draft;
use shared::kinds::{Meal, OrderState};
use shared::rule::menu::CopySkip;
use shared::rule::standing::SkipReason;
use shared::schema::RecordId;
use tests::records::lunch;

/// A Sunday, before noon's cut-off.
const TODAY: &str = "2026-11-22";

fn day(from_today: i64) -> Result<Date> {
    Ok(TODAY.parse::<Date>()?.checked_add(from_today.days())?)
}

fn draft(typed: &[(&str, &str)]) -> Draft {
    typed.iter().map(|(name, typed)| ((*name).to_owned(), (*typed).to_owned())).collect()
}

fn save(office: &Office, list: &str, record: Option<RecordId>, typed: &[(&str, &str)]) -> Result<RecordId, Fault> {
    office.desk.ask(&Save { list: list.into(), record, draft: draft(typed) })
}

fn dish(office: &Office, name: &str, course: &str) -> Result<RecordId> {
    Ok(save(office, "menu_items", None, &[("name", name), ("course", course), ("price", "8"), ("offered", "1")])?)
}

/// What an office says of a day in the calendar.
fn say(office: &Office, date: Date, opening: &str, name: &str) -> Result<RecordId> {
    Ok(save(office, "calendar_days", None, &[("date", &date.to_string()), ("opening", opening), ("name", name)])?)
}

fn heard(town: &Town, offices: &[&Office]) -> Result<()> {
    for _ in 0..3 {
        for office in offices {
            office.sync(town.server()?)?;
        }
    }
    for office in offices {
        ensure!(office.sync(town.server()?)?.agrees, "both ends agree");
        ensure!(office.desk.check()?.is_empty() && open_at(&office.desk)?.is_empty(), "{:#?}", open_at(&office.desk)?);
    }
    ensure!(town.server()?.conflicts(None, None)?.is_empty());
    let checked = town.server()?.verify()?;
    ensure!(checked.ok, "{:?}", checked.problems);
    Ok(())
}

fn two() -> Result<(Town, Office, Office)> {
    let town = Town::new()?;
    let (counter, kitchen) = (town.desk("前台电脑", false)?, town.desk("后厨电脑", false)?);
    Ok((town, counter, kitchen))
}

fn put(office: &Office, date: Date, item: RecordId, off: bool) -> Result<(), Fault> {
    let ask = ChangeMenu { date: Some(date), meal: Some(Meal::Lunch), item: Some(item), off, ..ChangeMenu::default() };
    office.desk.ask(&ask)
}

fn week(office: &Office, date: Date) -> Result<WeekMenu> {
    Ok(office.desk.ask(&MenuWeek { day: Some(date), ..MenuWeek::default() })?)
}

fn menu_of(office: &Office, date: Date) -> Result<MenuOfDay> {
    week(office, date)?.days.into_iter().find(|day| day.date == date).context("a day of its week")
}

/// The dishes of a lunch, with a mark where they are not published yet.
fn dishes(office: &Office, date: Date) -> Result<Vec<String>> {
    let lunch = menu_of(office, date)?.meals.into_iter().find(|(meal, _)| *meal == Meal::Lunch).context("lunch")?.1;
    Ok(lunch.into_iter().map(|dish| if dish.published { dish.name } else { format!("{}?", dish.name) }).collect())
}

fn copy(office: &Office, of: Date, to: Date, commit: bool) -> Result<MenuCopy, Fault> {
    office.desk.ask(&CopyMenu { of: Some(of), to: Some(to), commit, ..CopyMenu::default() })
}

#[test]
fn a_week_is_copied_once_by_two_desks_that_are_apart_and_leaves_out_what_rests_or_is_there() -> Result<()> {
    let (town, counter, kitchen) = two()?;
    let (ribs, soup, fish) = (dish(&counter, "蒸排骨", "meat")?, dish(&counter, "冬瓜汤", "soup")?, dish(&counter, "蒸鱼", "meat")?);
    // Of the week that ends today.
    for (ahead, item) in [(-6, ribs), (-6, soup), (-5, ribs), (-4, fish), (-3, soup), (0, ribs)] {
        put(&counter, day(ahead)?, item, false)?;
    }
    put(&counter, day(-2)?, ribs, false)?;
    put(&counter, day(-2)?, ribs, true)?;
    save(&counter, "menu_items", Some(fish), &[("offered", "")])?;
    say(&counter, day(4)?, "rests", "设备检修")?;
    put(&counter, day(1)?, soup, false)?;
    heard(&town, &[&counter, &kitchen])?;
    let would = copy(&counter, day(0)?, day(1)?, false)?;
    ensure!(!would.done && would.new == 3, "{would:?}");
    ensure!(would.days == [(day(1)?, 1), (day(2)?, 1), (day(7)?, 1)], "{would:?}");
    ensure!(would.reasons == [(CopySkip::Resting, 1), (CopySkip::There, 1), (CopySkip::NotOffered, 1)], "{would:?}");
    ensure!(dishes(&counter, day(2)?)?.is_empty(), "a look copies nothing");
    for office in [&counter, &kitchen] {
        let done = copy(office, day(0)?, day(3)?, true)?;
        ensure!(done.done && done.new == 3, "{done:?}");
    }
    heard(&town, &[&counter, &kitchen])?;
    for office in [&counter, &kitchen] {
        ensure!(dishes(office, day(1)?)? == ["蒸排骨?", "冬瓜汤?"] && dishes(office, day(4)?)?.is_empty());
        let lines = office.desk.ask(&List { list: "menu_days".into(), words: words(&[("from", &day(2)?.to_string())]) })?;
        ensure!(lines.total == 2, "each dish stands there once: {lines:#?}");
    }
    ensure!(copy(&kitchen, day(0)?, day(1)?, true).is_err_and(|fault| fault.code == Code::NotNow), "nothing is left to be copied");
    ensure!(copy(&kitchen, day(1)?, day(2)?, true).is_err_and(|fault| fault.code == Code::BadInput), "the same week");
    ensure!(copy(&kitchen, day(1)?, day(200)?, true).is_err_and(|fault| fault.code == Code::BadInput), "far away");
    // Into the week that is nearly over only what is still to come.
    ensure!(copy(&kitchen, day(1)?, day(0)?, false)?.reasons == [(CopySkip::There, 1), (CopySkip::Past, 3)]);
    Ok(())
}

fn words(words: &[(&str, &str)]) -> ListWords {
    words.iter().map(|(name, word)| ((*name).to_owned(), (*word).to_owned())).collect()
}

#[test]
fn a_day_or_a_week_is_published_in_one_act_and_what_is_taken_off_comes_back_unpublished() -> Result<()> {
    let (town, counter, kitchen) = two()?;
    let (ribs, soup) = (dish(&counter, "蒸排骨", "meat")?, dish(&counter, "冬瓜汤", "soup")?);
    for ahead in 1..6 {
        put(&counter, day(ahead)?, ribs, false)?;
        put(&counter, day(ahead)?, ribs, false)?;
    }
    put(&counter, day(1)?, soup, false)?;
    say(&counter, day(5)?, "rests", "镇里开会")?;
    let publish = |office: &Office, days: &[i64]| -> Result<u32> {
        let days = days.iter().map(|ahead| day(*ahead)).collect::<Result<_>>()?;
        Ok(office.desk.ask(&PublishMenu { days, ..PublishMenu::default() })?)
    };
    ensure!(publish(&counter, &[1])? == 2);
    ensure!(dishes(&counter, day(1)?)? == ["蒸排骨", "冬瓜汤"] && dishes(&counter, day(2)?)? == ["蒸排骨?"]);
    ensure!(publish(&counter, &[1, 2, 3, 4, 5, 6, 7])? == 3, "the day of rest stays as it is");
    ensure!(publish(&counter, &[1, 5]).is_err(), "nothing waits");
    heard(&town, &[&counter, &kitchen])?;
    put(&kitchen, day(2)?, ribs, true)?;
    heard(&town, &[&counter, &kitchen])?;
    ensure!(dishes(&counter, day(2)?)?.is_empty() && dishes(&counter, day(3)?)? == ["蒸排骨"]);
    put(&counter, day(2)?, ribs, false)?;
    heard(&town, &[&counter, &kitchen])?;
    ensure!(dishes(&kitchen, day(2)?)? == ["蒸排骨?"]);
    // The township reads and writes it as well, and nobody another canteen's.
    let office = town.desk("镇街电脑", true)?;
    let asked = |canteen: &str| office.desk.ask(&MenuWeek { canteen: canteen.into(), day: day(1).ok() });
    ensure!(asked(&town.canteen)?.days[0].meals[1].1.len() == 2);
    ensure!(asked("").is_err_and(|fault| fault.code == Code::NotFound));
    let far = town.server()?.add_canteen("远处饭堂", "445381106", None)?.code;
    heard(&town, &[&counter, &kitchen, &office])?;
    for asks in [&office, &counter] {
        let refused = asks.desk.ask(&MenuWeek { canteen: far.clone(), day: None });
        ensure!(refused.is_err_and(|fault| fault.code == Code::NotFound));
    }
    let found = counter.desk.ask(&FindMenuItems { text: "dgt".into(), limit: 5, ..FindMenuItems::default() })?;
    ensure!(found.len() == 1 && found[0].item == soup, "{found:?}");
    Ok(())
}

fn every_day(office: &Office, elder: RecordId) -> Result<()> {
    let week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let draft = week.iter().map(|day| ((*day).to_owned(), "1".to_owned())).chain([("since".to_owned(), TODAY.to_owned())]).collect();
    office.desk.ask(&SaveStanding { elder: Some(elder), meal: Some(Meal::Lunch), draft, confirmed: true })?;
    Ok(())
}

fn standing(office: &Office, date: Date) -> Result<usize> {
    let orders = office.desk.ask(&Today { date: Some(date) })?.orders;
    Ok(orders.into_iter().filter(|order| order.state != OrderState::Cancelled).count())
}

#[test]
fn on_a_day_of_rest_nobody_is_ordered_for_by_itself_and_by_telephone_after_a_yes() -> Result<()> {
    let (town, counter, kitchen) = two()?;
    let elder = counter.elder("王桂英", "11010519491231002X")?;
    heard(&town, &[&counter, &kitchen])?;
    say(&counter, day(1)?, "rests", "停电")?;
    every_day(&counter, elder)?;
    ensure!(standing(&counter, day(0)?)? == 1 && standing(&counter, day(1)?)? == 0 && standing(&counter, day(2)?)? == 1);
    counter.desk.keep_up()?;
    heard(&town, &[&counter, &kitchen])?;
    kitchen.desk.keep_up()?;
    ensure!(standing(&kitchen, day(1)?)? == 0);
    let plan = |commit| PlanOrders {
        elders: vec![elder],
        days: vec![day(1).unwrap_or_default(), day(5).unwrap_or_default()],
        meal: Some(Meal::Lunch),
        commit,
        ..PlanOrders::default()
    };
    let would = kitchen.desk.ask(&plan(false))?;
    ensure!(would.new == 1 && would.reasons == [(SkipReason::Resting, 1)], "{would:?}");
    let take = |confirmed| TakeOrder { date: day(1).ok(), confirmed, supplement_reason: String::new(), ..lunch(elder) };
    let asked = kitchen.desk.ask(&take(false));
    ensure!(asked.is_err_and(|fault| fault.code == Code::Confirm && fault.warnings.len() == 1 && fault.warnings[0].words.contains("停电")));
    kitchen.desk.ask(&take(true))?;
    heard(&town, &[&counter, &kitchen])?;
    // It works after all: the order that was taken stands, and others are made.
    let said = days(&counter, 0, 7)?;
    ensure!(said == [DaySaid { date: day(1)?, rests: true, name: "停电".into(), orders: 1 }], "{said:?}");
    Ok(())
}

fn days(office: &Office, from: i64, to: i64) -> Result<Vec<DaySaid>> {
    Ok(office.desk.ask(&Calendar { from: day(from).ok(), to: day(to).ok(), ..Calendar::default() })?)
}

/// Orders stay where somebody says later that the canteen rests; the board names them.
#[test]
fn what_a_town_says_reaches_its_canteens_and_cancels_nothing_by_itself() -> Result<()> {
    let (town, counter, kitchen) = two()?;
    let office = town.desk("镇街电脑", true)?;
    let elder = counter.elder("王桂英", "11010519491231002X")?;
    every_day(&counter, elder)?;
    ensure!(standing(&counter, day(2)?)? == 1);
    heard(&town, &[&counter, &kitchen, &office])?;
    let holiday = [("date", &*day(2)?.to_string()), ("until", &*day(4)?.to_string()), ("opening", "rests"), ("name", "庙会")];
    let said = save(&office, "calendar_days", None, &holiday)?;
    heard(&town, &[&counter, &kitchen, &office])?;
    ensure!(standing(&counter, day(2)?)? == 1, "it stands");
    let board = counter.desk.ask(&Today::default())?;
    ensure!(board.rest.is_none() && board.resting == [DaySaid { date: day(2)?, rests: true, name: "庙会".into(), orders: 1 }], "{board:?}");
    counter.turn(24 * 3600);
    counter.desk.keep_up()?;
    ensure!(standing(&counter, day(3)?)? == 0, "and no other is made");
    // The canteen cooks on one of these days all the same, and only there.
    say(&counter, day(3)?, "works", "照常开餐")?;
    counter.desk.keep_up()?;
    ensure!(standing(&counter, day(3)?)? == 1);
    heard(&town, &[&counter, &kitchen, &office])?;
    ensure!(days(&kitchen, 2, 4)?.iter().map(|day| day.rests).eq([true, false, true]));
    // On the day itself nobody is missed who was not ordered for.
    counter.turn(3 * 24 * 3600);
    let board = counter.desk.ask(&Today::default())?;
    ensure!(board.date == day(4)? && board.rest.as_deref() == Some("庙会") && board.unmade.is_empty(), "{board:?}");
    // What the town said a canteen reads and does not change.
    let get = |office: &Office| office.desk.ask(&Get { list: "calendar_days".into(), record: Some(said) });
    ensure!(get(&kitchen)?.draft.is_none() && get(&office)?.draft.is_some());
    ensure!(save(&kitchen, "calendar_days", Some(said), &[("opening", "works")]).is_err_and(|fault| fault.code == Code::BadInput));
    let of_town = [("date", "2026-12-01"), ("opening", "rests"), ("name", "不归它定"), ("division", TOWN), ("canteen", "")];
    let made = save(&kitchen, "calendar_days", None, &of_town)?;
    ensure!(get_draft(&kitchen, made)?.get("canteen") == Some(&town.canteen), "what a canteen says it says of itself");
    Ok(())
}

fn get_draft(office: &Office, record: RecordId) -> Result<Draft> {
    office.desk.ask(&Get { list: "calendar_days".into(), record: Some(record) })?.draft.context("its own")
}

/// Everybody holds what everybody says; a list shows what concerns its desk.
#[test]
fn a_desk_is_shown_the_days_of_its_place_of_those_above_and_of_those_below() -> Result<()> {
    let (town, counter, _kitchen) = two()?;
    let office = town.desk("镇街电脑", true)?;
    let server = town.server()?;
    let other = server.add_canteen("城南饭堂", TOWN, None)?.code;
    let neighbour = town.desk_by(&server.device_code(Some(&other), None)?.code, "城南电脑")?;
    let county = town.desk_by(&server.device_code(None, Some("445381"))?.code, "县里电脑")?;
    let far = town.desk_by(&server.device_code(None, Some("445381106"))?.code, "别镇电脑")?;
    for (at, (office, name)) in
        (1..).zip([(&counter, "罗城饭堂"), (&neighbour, "城南饭堂"), (&office, "罗城镇"), (&county, "罗定市"), (&far, "苹塘镇")])
    {
        say(office, day(at)?, "rests", name)?;
    }
    let all = [&counter, &office, &neighbour, &county, &far];
    heard(&town, &all)?;
    let shown = |office: &Office| -> Result<Vec<String>> {
        let page = office.desk.ask(&List { list: "calendar_days".into(), words: words(&[("sort", "date")]) })?;
        Ok(page.rows.iter().map(|row| row.text("name").to_owned()).collect())
    };
    ensure!(shown(&counter)? == ["罗城饭堂", "罗城镇", "罗定市"], "{:?}", shown(&counter)?);
    ensure!(shown(&neighbour)? == ["城南饭堂", "罗城镇", "罗定市"]);
    ensure!(shown(&office)? == ["罗城饭堂", "城南饭堂", "罗城镇", "罗定市"]);
    ensure!(shown(&far)? == ["罗定市", "苹塘镇"]);
    ensure!(shown(&county)?.len() == 5);
    let rests: Vec<String> = days(&counter, 0, 9)?.into_iter().map(|day| day.name).collect();
    ensure!(rests == ["罗城饭堂", "罗城镇", "罗定市"], "{rests:?}");
    Ok(())
}
