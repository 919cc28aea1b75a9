//! The courier's phone: leaves with the bag, calls, closes a stop with a photo and another with a reason.

use super::look::open_to_all;
use super::*;
use tests::browser::telephone;
use tests::photo;

#[test]
fn a_courier_closes_the_stops_of_the_day_on_a_telephone() -> Result<()> {
    let Town { home: _home, server, desk, .. } = town()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    for (name, mode) in [("王冬梅", "own_delivery"), ("李桂芳", "own_delivery"), ("梁婷婷", "pick_up")] {
        order(&desk, name, mode)?;
    }
    server.kill()?;
    run(async {
        let page = telephone(360).await?;
        let served = desk.serve()?;
        page.page.goto(served.first_line["phone"].as_str().context("no page for the phone")?).await?;
        page.see_text("phone-done", "已送 0 / 2").await?;
        page.see_text("phone-stop", "午餐").await?;
        let mut wrong: Vec<_> = open_to_all(&page, "list").await.err().into_iter().collect();
        page.picture("phone-list").await?;
        let called: Vec<String> =
            page.ask("return [...document.querySelectorAll('[data-testid=phone-call]')].map(link => link.href)").await?;
        anyhow::ensure!(!called.is_empty() && called.iter().all(|link| link.starts_with("tel:1") && link.len() == 15), "{called:?}");

        page.click("phone-leave").await?;
        page.see_text("phone-stop", "配送中").await?;
        page.picture("phone-left").await?;
        page.click("phone-close").await?;
        page.see("phone-save").await?;
        wrong.extend(open_to_all(&page, "closing").await.err());
        page.picture("phone-closing").await?;
        let input = page.page.query(By::Css("[data-testid=phone-photo]")).first().await?;
        input.send_keys(photo::door(desk.path(), 7)?.to_str().context("path")?).await?;
        page.see("photo-kept").await?;
        page.picture("phone-photo").await?;
        page.click("phone-save").await?;
        page.see_text("phone-done", "已送 1 / 2").await?;

        page.click_with("phone-close", "送到了").await?;
        page.click("phone-outcome-无人在家").await?;
        page.fill("phone-note", "邻居代收").await?;
        page.click("phone-save").await?;
        page.see_text("phone-done", "已送 2 / 2").await?;
        page.picture("phone-done").await?;
        wrong.extend(open_to_all(&page, "done").await.err());
        anyhow::ensure!(wrong.is_empty(), "{wrong:?}");
        nothing_foreign(&page).await?;
        page.close().await
    })?;
    let ledger = desk.json(&["ledger", "--json"])?;
    let rows = ledger["rows"].as_array().context("rows")?;
    let state = |name: &str| rows.iter().find(|row| row["elder"] == name).map(|row| (row["outcome"].clone(), row["reason"].clone()));
    let states = ["王冬梅", "李桂芳"].map(state);
    anyhow::ensure!(states.iter().any(|state| state.as_ref().is_some_and(|(state, _)| state == "delivered")), "{ledger}");
    anyhow::ensure!(
        states.iter().any(|state| state.as_ref().is_some_and(|(state, reason)| state == "not_delivered" && reason == "nobody_home")),
        "{ledger}"
    );
    Ok(())
}
