//! 两处改过: what two offices changed differently, decided on the desk's screen and looked at on the console.

use super::look::open_to_all;
use super::*;
use desk::{Clock, Desk};
use shared::command::{Conflicts, ElderCard, ElderForm, MoveElder, SaveElder, SetOutcome, SyncNow};
use shared::kinds::OrderState;
use shared::schema::RecordId;

/// The desk of a folder, some minutes after nine.
fn at_the_hour(home: &DeskHome, minute: i64) -> Result<Desk> {
    let at = jiff::Timestamp::from_second(1_795_309_200 + minute * 60)?;
    Ok(Desk::open_with(home.path(), Clock::from_fn(move || at), std::sync::Arc::new(shared::crypto::SoftProvider::new()))?)
}

/// The canteen's desk and the township's have changed the same file and the same order without hearing of each other.
pub(super) fn changed_apart(town: &Town) -> Result<DeskHome> {
    let code = town.home.admin(&["device", "code", "--division", LUOCHENG])?;
    let office = DeskHome::new()?;
    let (server, code) = (town.server.listening()?, code["code"].as_str().context("code")?.to_owned());
    office.json(&["enrol", "--server", &server, "--code", &code, "--name", "镇街电脑", "--json"])?;
    town.desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    order(&town.desk, "王冬梅", "own_delivery")?;
    for desk in [&town.desk, &office] {
        desk.json(&["sync", "--json"])?;
    }
    let elder: RecordId = town.desk.json(&["elder", "find", "王冬梅", "--json"])?[0]["id"].as_str().context("id")?.parse()?;
    let changed = [
        (&town.desk, "13812340001", "软饭，不吃辣", OrderState::Delivered, 41),
        (&office, "13812340002", "糖尿病，少油少盐", OrderState::Cancelled, 44),
    ];
    for (home, phone, diet, state, minute) in changed {
        let desk = at_the_hour(home, minute)?;
        let card = desk.ask(&ElderCard { elder: Some(elder) })?;
        let order = card.recent.first().context("her order")?.id;
        let form = ElderForm { phone: phone.into(), diet: diet.into(), ..card.form };
        desk.ask(&SaveElder { elder: Some(elder), form })?;
        desk.ask(&SetOutcome { order: Some(order), state: Some(state), reason: None })?;
    }
    for home in [&town.desk, &office, &town.desk] {
        home.json(&["sync", "--json"])?;
    }
    Ok(office)
}

#[test]
fn what_two_offices_changed_apart_is_decided_on_the_screen() -> Result<()> {
    let town = town()?;
    let office = changed_apart(&town)?;
    let desk = &town.desk;
    let told = desk.json(&["conflicts", "--json"])?;
    anyhow::ensure!(told.as_array().map(Vec::len) == Some(3), "{told}");
    let words = String::from_utf8(desk.run(&["conflicts"])?.stdout)?;
    anyhow::ensure!(words.contains("长者 王冬梅 饮食禁忌：“") && words.contains("2号电脑"), "{words}");
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        page.see_text("conflicts-tag", "3 项两处改过").await?;
        page.picture("desk-conflicts-tag").await?;
        page.click("nav-settings").await?;
        page.see_text("settings-conflicts", "去看一看").await?;
        page.picture("desk-conflicts-settings").await?;
        page.click("settings-conflicts").await?;
        page.see_text("conflict", "王冬梅").await?;
        page.picture("desk-conflicts").await?;
        let mut wrong: Vec<_> = open_to_all(&page, "plain").await.err().into_iter().collect();
        for look in ["large-type", "high-contrast"] {
            page.click("nav-settings").await?;
            page.click(look).await?;
            let class = if look == "large-type" { "large" } else { "contrast" };
            page.wears(class).await?;
            page.click("conflicts-tag").await?;
            page.see_text("conflict", "王冬梅").await?;
            page.picture(&format!("desk-conflicts-{look}")).await?;
            wrong.extend(open_to_all(&page, look).await.err());
        }
        anyhow::ensure!(wrong.is_empty(), "{wrong:?}");
        page.click("nav-settings").await?;
        page.click("large-type").await?;
        page.click("high-contrast").await?;
        page.click("conflicts-tag").await?;
        page.click_with("conflict-choice", "13812340001").await?;
        page.see_text("note", "定为“13812340001”").await?;
        page.see_text("conflicts-tag", "2 项两处改过").await?;
        page.click_with("conflict-choice", "糖尿病").await?;
        page.see_text("conflicts-tag", "1 项两处改过").await?;
        page.picture("desk-conflicts-one-left").await?;
        page.click_with("conflict-choice", "已送达").await?;
        page.see("no-conflicts").await?;
        page.picture("desk-conflicts-none").await?;
        nothing_foreign(&page).await?;
        page.close().await
    })?;
    desk.json(&["sync", "--json"])?;
    let there = at_the_hour(&office, 48)?;
    there.ask(&SyncNow {})?;
    let rows = told.as_array().context("rows")?;
    let elder = rows.iter().find(|row| row["kind"] == "elder").and_then(|row| row["record"].as_str()?.parse().ok());
    let card = there.ask(&ElderCard { elder })?;
    assert_eq!((card.form.phone.as_str(), card.form.diet.as_str()), ("138****0001", "糖尿病，少油少盐"));
    assert_eq!(card.recent[0].state, OrderState::Delivered);
    assert_eq!(there.ask(&Conflicts::default())?.total, 0);
    Ok(())
}

#[test]
fn the_console_lists_what_two_offices_changed_apart() -> Result<()> {
    let town = town()?;
    let _office = changed_apart(&town)?;
    run(async {
        let page = chromium().await?;
        page.open(&town.server).await?;
        page.fill("console-name", "hezhang").await?;
        page.fill("console-password", "yufan2026").await?;
        page.press("" + Key::Enter).await?;
        page.see_text("kpi-meals", "餐").await?;
        page.press("" + Key::F7).await?;
        page.see_text("pager", "共 3 条").await?;
        page.see_text("conflict-row", "王冬梅").await?;
        let rows: Vec<String> =
            page.ask("return [...document.querySelectorAll('[data-testid=conflict-row]')].map(row => row.innerText)").await?;
        let row = |label: &str| rows.iter().find(|row| row.contains(label)).with_context(|| format!("no {label} in {rows:?}"));
        anyhow::ensure!(row("电话")?.contains("已加密，请在饭堂或镇街办公端处理"), "{rows:?}");
        anyhow::ensure!(!rows.iter().any(|row| row.contains("1381234")), "a phone is shown: {rows:?}");
        // What she may not eat is a fact of her health.
        anyhow::ensure!(row("饮食禁忌")?.contains("已加密") && row("饮食禁忌")?.contains("镇街电脑（2号） 11-22 09:44"), "{rows:?}");
        anyhow::ensure!(!rows.iter().any(|row| row.contains("糖尿病")), "{rows:?}");
        anyhow::ensure!(row("状态")?.contains("已送达") && row("状态")?.contains("已取消"), "{rows:?}");
        let mut wrong = Vec::new();
        for look in ["plain", "large", "contrast"] {
            match look {
                "large" => page.click("console-large").await?,
                "contrast" => page.click("console-contrast").await?,
                _ => {}
            }
            if look != "plain" {
                page.wears(look).await?;
            }
            page.see("conflict-row").await?;
            page.picture(&format!("console-conflicts-{look}")).await?;
            wrong.extend(open_to_all(&page, look).await.err());
        }
        anyhow::ensure!(wrong.is_empty(), "{wrong:?}");
        nothing_foreign(&page).await?;
        page.close().await
    })
}

#[test]
fn where_an_elder_eats_is_shown_at_the_canteen_and_left_to_the_township() -> Result<()> {
    let town = town()?;
    let (_, code) = town.home.canteen_with_code("第二饭堂", LUOCHENG)?;
    let (third_code, _) = town.home.canteen_with_code("第三饭堂", LUOCHENG)?;
    let second = DeskHome::enrolled(&town.server.listening()?, &code)?;
    town.desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    town.desk.json(&["sync", "--json"])?;
    let (one, other) = (super::transfer::township(&town.home, &town.server)?, super::transfer::township(&town.home, &town.server)?);
    let second_code = second.json(&["status", "--json"])?["canteen"].as_str().context("a canteen")?.to_owned();
    let elder = town.desk.json(&["elder", "find", "王冬梅", "--json"])?[0]["id"].as_str().context("id")?.parse()?;
    // Two desks of the township send her to different canteens without hearing of each other.
    for (office, canteen) in [(&one, &third_code), (&other, &second_code)] {
        office.json(&["sync", "--json"])?;
        let minute = if canteen == &second_code { 45 } else { 41 };
        at_the_hour(office, minute)?.ask(&MoveElder { elder: Some(elder), canteen: canteen.clone() })?;
    }
    for home in [&one, &other, &second] {
        home.json(&["sync", "--json"])?;
    }
    run(async {
        let page = chromium().await?;
        let served = second.serve()?;
        page.open(&served).await?;
        page.click("conflicts-tag").await?;
        page.see_text("conflict", "绑定饭堂").await?;
        page.see_text("conflict", "请联系镇街经办改派").await?;
        let open: Vec<bool> =
            page.ask("return [...document.querySelectorAll('[data-testid=conflict-choice]')].map(one => one.disabled)").await?;
        anyhow::ensure!(open == [true, true], "a canteen may choose: {open:?}");
        page.picture("desk-conflicts-of-the-township").await?;
        page.close().await
    })
}
