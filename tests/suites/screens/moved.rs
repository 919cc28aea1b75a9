//! 改派: the township sends an elder to another canteen, on her file.

use super::*;

#[test]
fn the_township_sends_an_elder_to_another_canteen() -> Result<()> {
    let Town { home, server, desk, .. } = town()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    desk.json(&["sync", "--json"])?;
    let (second, _) = home.canteen_with_code("第二饭堂", LUOCHENG)?;
    let code = home.admin(&["device", "code", "--division", LUOCHENG])?;
    let office = DeskHome::enrolled(&server.listening()?, code["code"].as_str().context("code")?)?;
    office.json(&["sync", "--json"])?;
    run(async {
        let page = chromium().await?;
        let served = office.serve()?;
        page.open(&served).await?;
        page.click("nav-elders").await?;
        page.fill("elders-text", "王冬梅").await?;
        page.click_with("elders-row", "王冬梅").await?;
        page.see("move-elder").await?;
        page.choose("move-canteen", &second).await?;
        page.picture("desk-elder-move").await?;
        page.click("move-elder").await?;
        page.see_text("elder-bindings", "第二饭堂").await?;
        nothing_foreign(&page).await?;
        page.close().await
    })
}
