//! What opens over a screen of the desk: the box that finds screens, the keys, an elder's file, an order.

use super::look::open_to_all;
use super::*;

#[test]
fn any_screen_is_found_by_its_initials_and_every_dialog_is_open_to_all() -> Result<()> {
    let Town { home: _home, server: _server, desk, .. } = town()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    order(&desk, "王冬梅", "own_delivery")?;
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        page.see("today-row").await?;

        page.press(Key::Control + "k").await?;
        page.see_text("find-hit", "今日").await?;
        page.picture("desk-finder").await?;
        open_to_all(&page, "finder").await?;
        page.press_at("finder", "drmd").await?;
        page.see_text("find-hit", "导入名单").await?;
        page.press_at("finder", "" + Key::Enter).await?;
        page.see("import-drop").await?;
        let path: String = page.ask("return location.pathname").await?;
        assert_eq!(path, "/import");
        // The way back is the browser's, and Chinese words find as well.
        page.page.back().await?;
        page.see("today-row").await?;
        page.click("nav-all").await?;
        page.press_at("finder", "两处").await?;
        page.click_with("find-hit", "两处改过").await?;
        page.see("no-conflicts").await?;
        open_to_all(&page, "no conflicts").await?;

        // The judge sees what is wrong: a field without a name.
        page.page
            .execute("document.querySelector('main').append(Object.assign(document.createElement('input'), { id: 'nameless' }))", vec![])
            .await?;
        let found = page.barriers().await?;
        anyhow::ensure!(found.iter().any(|barrier| barrier.starts_with("label at #nameless")), "{found:?}");
        page.page.execute("document.getElementById('nameless').remove()", vec![]).await?;

        page.press("" + Key::F1).await?;
        page.see("help").await?;
        open_to_all(&page, "help").await?;
        page.press("" + Key::Escape).await?;
        page.click("nav-elders").await?;
        page.click("elders-row").await?;
        page.see("save-elder").await?;
        open_to_all(&page, "an elder's file").await?;
        page.press("" + Key::Escape).await?;
        page.click("nav-ledger").await?;
        page.click("ledger-row").await?;
        page.see("detail-number").await?;
        open_to_all(&page, "an order").await?;
        page.close().await
    })
}
