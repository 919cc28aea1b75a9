//! The console on a telephone of 390 pixels: every screen without a scroll to the side, tables as cards.

use super::look::open_to_all;
use super::*;
use tests::browser::telephone;

/// Each cell of a row stands below the one before, behind the words of its head.
const CARDS: &str = "const cells = [...document.querySelectorAll('table.list tbody tr:first-child td')].filter(cell => cell.getClientRects().length);\
                     const tops = cells.map(cell => cell.getBoundingClientRect().top);\
                     return cells.length > 3 && new Set(tops).size === tops.length && cells.every(cell => 'label' in cell.dataset)";

#[test]
fn the_console_is_used_on_a_telephone() -> Result<()> {
    let Town { home: _home, server, desk, .. } = town()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    order(&desk, "王冬梅", "own_delivery")?;
    desk.json(&["sync", "--json"])?;
    run(async {
        let page = telephone(390).await?;
        page.open(&server).await?;
        page.fill("console-name", "hezhang").await?;
        page.fill("console-password", "yufan2026").await?;
        page.press("" + Key::Enter).await?;
        let mut wrong = Vec::new();
        for look in ["plain", "large"] {
            if look == "large" {
                page.click("console-large").await?;
                page.wears("large").await?;
            }
            for (initials, test, cards) in [
                ("jr", "kpi-meals", false),
                ("jctz", "ledger-row", true),
                ("sb", "device-row", true),
                ("ft", "list-row", true),
                ("lcgg", "pager", false),
            ] {
                page.click("console-nav-all").await?;
                page.press_at("finder", initials).await?;
                page.press_at("finder", "" + Key::Enter).await?;
                page.see(test).await?;
                page.picture(&format!("console-narrow-{look}-{initials}")).await?;
                wrong.extend(open_to_all(&page, &format!("{look} {initials}")).await.err());
                let width: u32 = page.ask("return document.documentElement.scrollWidth").await?;
                anyhow::ensure!(width <= 390, "{look} {initials} is {width} wide");
                anyhow::ensure!(!cards || page.ask::<bool>(CARDS).await?, "{look} {initials}: the rows are no cards");
            }
            page.click("console-nav-all").await?;
            page.press_at("finder", "tz").await?;
            page.press_at("finder", "" + Key::Enter).await?;
            page.click_with("ledger-row", "王冬梅").await?;
            page.see("detail-number").await?;
            page.picture(&format!("console-narrow-{look}-order")).await?;
            wrong.extend(open_to_all(&page, &format!("{look} order")).await.err());
        }
        anyhow::ensure!(wrong.is_empty(), "{wrong:?}");
        nothing_foreign(&page).await?;
        page.close().await
    })
}
