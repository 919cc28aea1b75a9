//! The delivery run: put into the order in which it is driven, and printed.

use super::*;

/// What the paper would show, shown on the screen.
pub(super) async fn on_paper(page: &Session) -> Result<()> {
    let printed = "for (const sheet of document.styleSheets) for (const rule of sheet.cssRules)\
                   if (rule.media?.mediaText === 'print') rule.media.mediaText = 'all'";
    page.page.execute(printed, vec![]).await?;
    Ok(())
}

#[test]
fn a_run_is_put_in_order_by_keys_and_printed() -> Result<()> {
    let Town { home: _home, server: _server, desk, .. } = town()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    for name in ["王冬梅", "李桂芳", "梁婷婷"] {
        order(&desk, name, "own_delivery")?;
    }
    desk.json(&["sync", "--json"])?;
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        page.click("nav-delivery").await?;
        page.see_text("print", "打印").await?;
        let stops = "return [...document.querySelectorAll('[data-testid=stop] b')].map(b => b.textContent)";
        let before: Vec<String> = page.ask(stops).await?;
        anyhow::ensure!(before.len() == 3, "{before:?}");
        // The first stop goes down by one, with the receipt of it still open.
        page.press(Key::Alt + Key::Down).await?;
        page.see_text("stop", &before[1]).await?;
        let wanted = vec![before[1].clone(), before[0].clone(), before[2].clone()];
        page.page.refresh().await?;
        page.see_text("stop", &wanted[0]).await?;
        let after: Vec<String> = page.ask(stops).await?;
        anyhow::ensure!(after == wanted, "{after:?} instead of {wanted:?}");
        page.picture("desk-delivery-run").await?;

        page.page.execute("window.printed = 0; window.print = () => { window.printed += 1; }", vec![]).await?;
        page.press("" + Key::F5).await?;
        page.click("print").await?;
        // Enter on a button is the button's: nothing is saved.
        page.press_at("print", "" + Key::Enter).await?;
        let printed: u32 = page.ask("return window.printed").await?;
        anyhow::ensure!(printed == 3, "printed {printed} times");
        let ended: bool = page.ask("return document.querySelector('[role=listbox]').innerText.includes('已送达')").await?;
        anyhow::ensure!(!ended, "a receipt was saved");
        on_paper(&page).await?;
        let slip = page.see_text("slip", &wanted[0]).await?;
        anyhow::ensure!(slip.find(&wanted[0]) < slip.find(&wanted[1]), "{slip}");
        let beside: bool = page.ask("return document.querySelector('.rail').getClientRects().length > 0").await?;
        anyhow::ensure!(!beside, "the menu would be printed too");
        page.picture("desk-delivery-slip").await?;
        page.close().await
    })
}

#[test]
fn stops_lie_on_routes_and_boxes_are_handed_over_by_route() -> Result<()> {
    let Town { home: _home, server: _server, desk, .. } = town()?;
    desk.json(&["demo", "--json"])?;
    desk.json(&["sync", "--json"])?;
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        page.click("nav-delivery").await?;
        page.see_text("routes", "东门线").await?;
        page.picture("desk-delivery-routes").await?;
        super::look::open_to_all(&page, "the runs").await?;
        // A stop goes to another route, with a digit.
        page.press("l").await?;
        page.see_text("route-2", "河边线").await?;
        page.picture("desk-delivery-route-dialog").await?;
        let before: String = page.ask("return document.querySelector('[data-testid=put-on-route]').innerText").await?;
        let digit = if before.contains("河边线") { "1" } else { "2" };
        page.click(&format!("route-{digit}")).await?;
        page.see_text("note", "已放好").await?;
        page.see_text("put-on-route", if digit == "1" { "东门线" } else { "河边线" }).await?;

        // One run is shown; its boxes are counted.
        page.page.execute("document.querySelectorAll('[data-testid=routes] [role=radio]')[1].click()", vec![]).await?;
        page.page.execute("document.querySelectorAll('[data-testid=meals] [role=radio]')[2].click()", vec![]).await?;
        page.see("stop").await?;
        page.press("" + Key::F2).await?;
        let listed = page.see_text("hand-listed", "单上").await?;
        let count: usize = listed.chars().filter(char::is_ascii_digit).collect::<String>().parse()?;
        anyhow::ensure!(count > 0, "{listed}");
        page.press_at("hand-boxes", (count - 1).to_string()).await?;
        page.fill("hand-taken", "梁细妹").await?;
        page.press("" + Key::Enter).await?;
        page.see_text("fault", "请写明差在哪里").await?;
        page.picture("desk-delivery-hand-over").await?;
        page.fill("hand-note", "少一份汤").await?;
        page.press("" + Key::Enter).await?;
        page.see_text("handed", &format!("交 {} 份给 梁细妹", count - 1)).await?;
        page.picture("desk-delivery-handed").await?;
        super::look::open_to_all(&page, "a run that was handed over").await?;

        on_paper(&page).await?;
        page.see_text("slip", "回来交还").await?;
        page.picture("desk-delivery-route-slip").await?;
        page.close().await
    })
}
