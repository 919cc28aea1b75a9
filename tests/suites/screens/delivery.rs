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
