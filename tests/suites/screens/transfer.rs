//! 转档申请: somebody whom another town holds is enrolled and served at once; her township is asked, and hands the file over on its screen.

use super::look::open_to_all;
use super::*;
use desk::Desk;
use shared::command::{ElderForm, SaveElder, SyncNow};
use shared::schema::RecordId;

const NUMBER: &str = "445381192801141162";

/// The desk of another town.
pub(super) fn neighbour(home: &ServerHome, server: &Running) -> Result<DeskHome> {
    let (_, code) = home.canteen_with_code("𬜯塘镇长者饭堂", "445381106")?;
    DeskHome::enrolled(&server.listening()?, &code)
}

/// The township of the first desk.
pub(super) fn township(home: &ServerHome, server: &Running) -> Result<DeskHome> {
    let code = home.admin(&["device", "code", "--division", LUOCHENG])?;
    let office = DeskHome::new()?;
    let code = code["code"].as_str().context("code")?;
    office.json(&["enrol", "--server", &server.listening()?, "--code", code, "--name", "镇街电脑", "--json"])?;
    Ok(office)
}

fn form(phone: &str, village: &str) -> ElderForm {
    ElderForm {
        name: "王桂英".into(),
        id_number: NUMBER.into(),
        phone: phone.into(),
        address: "细坑路 8 号".into(),
        division: village.into(),
        ..ElderForm::default()
    }
}

/// Both enrol her, the second one when the first has synced; gives her id.
pub(super) fn both_enrol_her(holds: &DeskHome, asks: &DeskHome) -> Result<RecordId> {
    let mut elder = None;
    for (home, phone, village) in [(holds, "13812340001", "445381001008"), (asks, "13812340002", "445381106001")] {
        let office = Desk::open(home.path())?;
        elder = Some(office.ask(&SaveElder { elder: None, form: form(phone, village) })?);
        office.ask(&SyncNow {})?;
    }
    elder.context("enrolled")
}

#[test]
fn who_was_enrolled_elsewhere_is_served_at_once_and_her_township_hands_the_file_over() -> Result<()> {
    let Town { home, server, desk, .. } = town()?;
    let (other, office) = (neighbour(&home, &server)?, township(&home, &server)?);
    let elder = both_enrol_her(&desk, &other)?;
    office.json(&["sync", "--json"])?;
    // What was typed there stays there, and she eats today.
    let number = order(&other, "王桂英", "own_delivery")?;
    anyhow::ensure!(other.json(&["sync", "--json"])?["agrees"] == true, "both ends agree");
    let found =
        |home: &DeskHome| -> Result<usize> { Ok(home.json(&["elder", "find", "王桂英", "--json"])?.as_array().map_or(0, Vec::len)) };
    anyhow::ensure!(found(&desk)? == 1 && found(&other)? == 1 && found(&office)? == 1, "each has its own file of her");
    run(async {
        let page = chromium().await?;
        let served = other.serve()?;
        page.open(&served).await?;
        page.see_text("transfers-tag", "1 份转档申请").await?;
        // On her card it says that the file is asked for, where an order for her is taken.
        page.click("nav-order").await?;
        page.press_at("search", "wgy").await?;
        page.see_text("card-asked", "档案在别处").await?;
        page.picture("desk-transfer-card").await?;
        page.click("transfers-tag").await?;
        page.see_text("list-row", "本处提出").await?;
        page.picture("desk-transfer-asking").await?;
        open_to_all(&page, "transfer requests").await?;
        page.click("nav-settings").await?;
        page.click("large-type").await?;
        page.wears("large").await?;
        page.click("transfers-tag").await?;
        page.see_text("list-row", "本处提出").await?;
        page.picture("desk-transfer-asking-large").await?;
        open_to_all(&page, "transfer requests in large type").await?;
        page.close().await?;

        let page = chromium().await?;
        let served = office.serve()?;
        page.open(&served).await?;
        page.click("transfers-tag").await?;
        page.see_text("list-row", "王桂英").await?;
        page.see_text("list-row", "𬜯塘镇长者饭堂").await?;
        page.picture("desk-transfer-list").await?;
        page.click("list-row").await?;
        page.see("save-record").await?;
        page.see_text("detail-asked_by", "𬜯塘镇长者饭堂").await?;
        page.choose("edit-answer", "agreed").await?;
        page.picture("desk-transfer-answer").await?;
        page.click("save-record").await?;
        page.see_text("list-row", "同意转出").await?;
        page.picture("desk-transfer-answered").await?;
        nothing_foreign(&page).await?;
        page.close().await?;

        // The city's console shows both sides, on a telephone as well; both came at the same time, so each is asked for by its side.
        let page = tests::browser::telephone(390).await?;
        page.open(&server).await?;
        page.fill("console-name", "hezhang").await?;
        page.fill("console-password", "yufan2026").await?;
        page.press("" + Key::Enter).await?;
        page.see_text("kpi-meals", "餐").await?;
        for (side, words) in [("asking", "本处提出"), ("holding", "别处要转走")] {
            page.page.goto(format!("{}/list/transfers?side={side}", server.listening()?)).await?;
            page.see_text("list-row", words).await?;
        }
        page.picture("console-transfers-narrow").await?;
        open_to_all(&page, "transfer requests on the console").await?;
        page.close().await
    })?;
    for home in [&office, &other, &desk, &office] {
        anyhow::ensure!(home.json(&["sync", "--json"])?["agrees"] == true, "both ends agree");
    }
    anyhow::ensure!(found(&desk)? == 0 && found(&office)? == 0 && found(&other)? == 1, "she has moved");
    let card = Desk::open(other.path())?.ask(&shared::command::ElderCard { elder: Some(elder) })?;
    anyhow::ensure!(card.recent.iter().any(|order| order.number == number), "her orders are there");
    anyhow::ensure!(other.json(&["status", "--json"])?["refused"] == 0, "nothing is refused any more");
    anyhow::ensure!(other.json(&["conflicts", "--json"])?.as_array().is_some_and(|all| !all.is_empty()), "the two phones are asked about");
    for home in [&desk, &other, &office] {
        anyhow::ensure!(home.json(&["verify", "--json"])?["ok"] == true, "rows are what their changes say");
    }
    Ok(())
}
