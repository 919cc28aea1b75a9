//! The kitchen's screen as a cook sees it: the sheet of the meal, a count that is frozen, what came after it, who must not get a dish, samples, and what goes to
//! the printer.

use super::look::open_to_all;
use super::*;

#[test]
fn a_kitchen_counts_freezes_is_told_of_changes_and_keeps_samples() -> Result<()> {
    let Town { home: _home, server: _server, desk, .. } = town()?;
    desk.json(&["demo", "--json"])?;
    desk.json(&["sync", "--json"])?;
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        page.see("nav-today").await?;
        go_to(&page).await?;
        freeze(&page).await?;
        change_after_it(&page, &desk).await?;
        samples(&page).await?;
        on_paper(&page).await?;

        page.click("nav-settings").await?;
        page.click("large-type").await?;
        page.wears("large").await?;
        go_to(&page).await?;
        page.picture("desk-kitchen-large").await?;
        open_to_all(&page, "the kitchen in large type").await?;
        nothing_foreign(&page).await?;
        page.close().await
    })
}

async fn go_to(page: &Session) -> Result<()> {
    page.press(Key::Control + "k").await?;
    page.press_at("finder", "bcd".to_owned() + Key::Enter).await?;
    page.see("kitchen-sheet").await?;
    pick(page, "kitchen-meal", 2).await?;
    page.see_text("kitchen-sheet", "合计").await?;
    Ok(())
}

/// One of the choices in a row.
async fn pick(page: &Session, row: &str, at: usize) -> Result<()> {
    page.see(row).await?;
    page.page.execute(&format!("document.querySelectorAll('[data-testid={row}] [role=radio]')[{}].click()", at - 1), vec![]).await?;
    Ok(())
}

async fn freeze(page: &Session) -> Result<()> {
    page.see_text("kitchen-frozen", "没有定份").await?;
    page.see_text("kitchen-stops", "过敏").await?;
    page.see("kitchen-box").await?;
    page.picture("desk-kitchen").await?;
    open_to_all(page, "the kitchen").await?;
    pick(page, "kitchen-spare", 3).await?;
    page.press("" + Key::F2).await?;
    page.see_text("kitchen-frozen", "第 1 次定份").await?;
    Ok(())
}

/// Somebody calls after the count: an order of this lunch is cancelled by command.
async fn change_after_it(page: &Session, desk: &DeskHome) -> Result<()> {
    let board = desk.json(&["call", "today"])?;
    let placed = |order: &&serde_json::Value| order["meal"] == "lunch" && order["state"] == "placed";
    let order = board["orders"].as_array().and_then(|orders| orders.iter().find(placed)).context("a lunch that nobody prepared")?;
    let order = order["id"].as_str().context("id")?;
    desk.json(&["order", "outcome", "--order", order, "--outcome", "cancelled", "--json"])?;
    page.see_text("kitchen-frozen", "定份以后").await?;
    pick(page, "kitchen-side", 2).await?;
    page.see_text("kitchen-difference", "取消").await?;
    page.picture("desk-kitchen-since").await?;
    open_to_all(page, "what changed since the count").await?;
    Ok(())
}

async fn samples(page: &Session) -> Result<()> {
    pick(page, "kitchen-side", 3).await?;
    page.see_text("kitchen-sample", "要留样").await?;
    page.click("keep-sample").await?;
    page.see_text("note", "留样记好了").await?;
    page.see_text("kitchen-sample", "已留样").await?;
    page.picture("desk-kitchen-samples").await?;
    open_to_all(page, "samples").await?;
    Ok(())
}

/// The print dialog of the browser is not opened; what would be printed stands in the page.
async fn on_paper(page: &Session) -> Result<()> {
    let counted = "let printed = 0; window.print = () => document.documentElement.classList.add('printed' + (printed += 1))";
    page.page.execute(counted, vec![]).await?;
    page.click("print-sheet").await?;
    page.wears("printed1").await?;
    let sheet = page.paper("desk-kitchen-sheet").await?;
    anyhow::ensure!(sheet.iter().all(|(width, height)| (width - 595.0).abs() < 2.0 && (height - 842.0).abs() < 2.0), "A4: {sheet:?}");
    page.click("print-labels").await?;
    page.wears("printed2").await?;
    let labels = page.paper("desk-kitchen-labels").await?;
    let boxes: usize = page.ask("return document.querySelectorAll('.label').length").await?;
    let fits = |(width, height): &(f64, f64)| (width - 164.4).abs() < 2.0 && (height - 113.4).abs() < 2.0;
    anyhow::ensure!(labels.len() == boxes && labels.iter().all(fits), "{boxes} labels of 58 by 40 mm: {labels:?}");
    Ok(())
}
