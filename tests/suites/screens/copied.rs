//! A cloned disk: both computers work on, the server notices, one is told and enrols anew on its own screen.

use super::*;

/// A copy of the desk takes its line over, and the desk is told; gives the copy, and the numbers of the orders taken at the desk.
pub(super) fn told_of_its_copy(desk: &DeskHome) -> Result<(DeskHome, Vec<String>)> {
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    desk.json(&["sync", "--json"])?;
    let copy = desk.copied()?;
    let mut numbers = vec![order(desk, "李桂芳", "pick_up")?];
    desk.json(&["sync", "--json"])?;
    numbers.push(order(desk, "王冬梅", "pick_up")?);
    desk.json(&["sync", "--json"])?;
    order(&copy, "张冬梅", "own_delivery")?;
    copy.json(&["sync", "--json"])?;
    // The copy has taken the line over; the first one is told, and what it took goes up all the same.
    numbers.push(order(desk, "梁婷婷", "own_delivery")?);
    let told = desk.run(&["sync", "--json"])?;
    anyhow::ensure!(told.status.code() == Some(1), "{told:?}");
    Ok((copy, numbers))
}

#[test]
fn f20_a_copied_computer_is_told_works_on_and_enrols_anew() -> Result<()> {
    let Town { home, server, desk, canteen } = town()?;
    let (copy, numbers) = told_of_its_copy(&desk)?;
    let code = home.admin(&["device", "code", "--canteen", &canteen])?;
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        page.see_text("sync-pill", "要重新登记").await?;
        page.see_text("unsent", "全部已上传").await?;
        page.click("nav-settings").await?;
        page.picture("desk-copied").await?;
        page.fill("enrol-server", server.listening()?).await?;
        page.fill("enrol-code", code["code"].as_str().context("code")?).await?;
        page.click("enrol-save").await?;
        page.see_text("sync-pill", "在线").await?;
        nothing_foreign(&page).await?;
        page.close().await
    })?;
    for office in [&desk, &copy] {
        anyhow::ensure!(office.json(&["sync", "--json"])?["agrees"] == true, "both ends agree");
        let rows = office.json(&["ledger", "--json"])?["rows"].as_array().map_or(0, Vec::len);
        anyhow::ensure!(rows == numbers.len() + 1, "{rows} orders");
    }
    Ok(())
}
