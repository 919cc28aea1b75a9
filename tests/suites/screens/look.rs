//! Large type and high contrast, on every screen of desk and console, at the size of a counter's screen.

use super::*;

const DESK: [(&str, &str); 7] = [
    ("nav-today", "today"),
    ("nav-order", "order"),
    ("nav-delivery", "delivery"),
    ("nav-ledger", "ledger"),
    ("nav-elders", "elders"),
    ("elders-import", "import"),
    ("nav-settings", "settings"),
];

/// Nothing is cut, covered or pushed off the screen, and nothing keeps people out by the rules of WCAG 2.2.
pub(super) async fn open_to_all(page: &Session, place: &str) -> Result<()> {
    let mut found = page.out_of_sight().await?;
    found.extend(page.barriers().await?);
    anyhow::ensure!(found.is_empty(), "{place}: {found:#?}");
    Ok(())
}

#[test]
fn every_screen_of_the_desk_fits_in_large_type_and_shows_in_high_contrast() -> Result<()> {
    let Town { home: _home, server, desk, .. } = town()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    for (name, mode) in [("王冬梅", "own_delivery"), ("李桂芳", "own_delivery"), ("梁婷婷", "pick_up")] {
        order(&desk, name, mode)?;
    }
    server.kill()?;
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        let mut wrong = Vec::new();
        for look in ["plain", "large-type", "high-contrast"] {
            page.click("nav-settings").await?;
            match look {
                "large-type" => page.click("large-type").await?,
                "high-contrast" => {
                    page.click("large-type").await?;
                    page.click("high-contrast").await?;
                }
                _ => {}
            }
            for (nav, name) in DESK {
                page.click(nav).await?;
                match name {
                    "order" => {
                        page.press_at("search", "wdm").await?;
                        page.see_text("card-name", "王冬梅").await?;
                        page.see("price").await?;
                    }
                    "delivery" => drop(page.see("receipt-save").await?),
                    "today" => drop(page.see("today-row").await?),
                    "ledger" => drop(page.see("ledger-row").await?),
                    "elders" => drop(page.see("elders-row").await?),
                    "import" => drop(page.see("import-drop").await?),
                    _ => drop(page.see("clerk").await?),
                }
                page.picture(&format!("{look}-{name}")).await?;
                wrong.extend(open_to_all(&page, &format!("{look} {name}")).await.err());
            }
        }
        anyhow::ensure!(wrong.is_empty(), "{wrong:?}");
        page.close().await
    })
}

#[test]
fn the_console_is_driven_by_keys_and_remembers_how_it_is_to_look() -> Result<()> {
    let Town { home: _home, server, desk, .. } = town()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    let first = order(&desk, "王冬梅", "own_delivery")?;
    let second = order(&desk, "李桂芳", "pick_up")?;
    desk.json(&["sync", "--json"])?;
    run(async {
        let page = chromium().await?;
        page.open(&server).await?;
        page.see("console-signin").await?;
        open_to_all(&page, "sign-in").await?;
        page.click("console-large").await?;
        page.click("console-contrast").await?;
        page.picture("console-large-sign-in").await?;
        open_to_all(&page, "large sign-in").await?;
        page.fill("console-name", "hezhang").await?;
        page.fill("console-password", "yufan2026").await?;
        page.press("" + Key::Enter).await?;
        page.see_text("kpi-meals", "2 餐").await?;
        let classes: String = page.ask("return document.documentElement.className").await?;
        anyhow::ensure!(classes.contains("large") && classes.contains("contrast"), "{classes}");
        let kept: Vec<String> = page.ask("return Object.entries(localStorage).map(([key, value]) => key + '=' + value)").await?;
        anyhow::ensure!(kept == ["yinling-look=large contrast"], "the browser keeps {kept:?}");
        let mut wrong = Vec::new();
        for look in ["large-contrast", "large", "plain"] {
            match look {
                "large" => page.click("console-contrast").await?,
                "plain" => page.click("console-large").await?,
                _ => {}
            }
            page.press("" + Key::F9).await?;
            page.see_text("kpi-meals", "2 餐").await?;
            page.picture(&format!("console-{look}-today")).await?;
            wrong.extend(open_to_all(&page, &format!("{look} today")).await.err());
            page.press("" + Key::F10).await?;
            page.see("device-row").await?;
            page.picture(&format!("console-{look}-devices")).await?;
            wrong.extend(open_to_all(&page, &format!("{look} devices")).await.err());
            page.press("" + Key::F6).await?;
            page.see("ledger-row").await?;
            // The second row, opened and closed, without the mouse.
            let rows: Vec<String> =
                page.ask("return [...document.querySelectorAll('[data-testid=ledger-row]')].map(row => row.innerText)").await?;
            let wanted = if rows.get(1).is_some_and(|row| row.contains(&first)) { &first } else { &second };
            page.press("" + Key::Down + Key::Down).await?;
            page.picture(&format!("console-{look}-ledger")).await?;
            wrong.extend(open_to_all(&page, &format!("{look} ledger")).await.err());
            page.press("" + Key::Enter).await?;
            page.see_text("detail-number", wanted).await?;
            page.picture(&format!("console-{look}-order")).await?;
            wrong.extend(open_to_all(&page, &format!("{look} order")).await.err());
            page.press("" + Key::Escape).await?;
            page.see("ledger-row").await?;
        }
        anyhow::ensure!(wrong.is_empty(), "{wrong:?}");
        page.close().await
    })
}
