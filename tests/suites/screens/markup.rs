//! Names, notes and names of files that are written as markup or script: on every screen, in every form, on paper and at the console they are
//! text and nothing else.

use super::delivery::on_paper;
use super::*;
use serde_json::json;
use tests::program::Screen;

const IMAGE: &str = "<img src=x onerror=window.taken=1>";
const SCRIPT: &str = "<script>window.taken=1</script>";
const SVG: &str = "\"><svg onload=window.taken=1>";

/// Nothing of it ran, nothing of it became an element, and the text is there as it was typed.
async fn only_text(page: &Session, place: &str, text: &str) -> Result<()> {
    let script = "return window.taken === undefined && !document.querySelector('img[src=\"x\"], svg[onload], [onerror], main script')";
    anyhow::ensure!(page.ask::<bool>(script).await?, "{place}: markup was taken for markup");
    let typed = json!(text);
    let shown = format!(
        "return document.body.textContent.includes({typed}) || [...document.querySelectorAll('input, textarea')].some(field => field.value.includes({typed}))"
    );
    anyhow::ensure!(page.ask::<bool>(&shown).await?, "{place}: {text} is not shown as it was typed");
    Ok(())
}

#[test]
fn f66_markup_in_names_and_notes_is_text_on_every_screen_and_on_paper() -> Result<()> {
    let Town { home, server, desk, .. } = town()?;
    home.canteen_with_code(IMAGE, LUOCHENG)?;
    let mut serve = desk.command();
    serve.arg("serve");
    let screen = Screen::open(serve)?;
    let form = json!({ "name": IMAGE, "division": "445381001008", "phone": "13912345678", "address": SVG, "emergency_name": SCRIPT,
        "diet": SVG, "note": SCRIPT, "delivery_need": true });
    let elder = screen.call("save_elder", &json!({ "form": form }))?;
    let taken = json!({ "elder": elder, "date": &NOW[..10], "meal": "lunch", "mode": "own_delivery", "note": SCRIPT, "confirmed": true });
    let order = screen.call("take_order", &taken)?;
    anyhow::ensure!(screen.call("sync_now", &json!({}))?["unsent"] == 0);
    run(async {
        let page = chromium().await?;
        page.open(&screen.served).await?;
        for (nav, there) in
            [("nav-today", "today-row"), ("nav-delivery", "stop"), ("nav-ledger", "ledger-row"), ("nav-elders", "elders-row")]
        {
            page.click(nav).await?;
            page.see_text(there, IMAGE).await?;
            only_text(&page, nav, IMAGE).await?;
        }
        page.click("elders-row").await?;
        page.see("save-elder").await?;
        for text in [IMAGE, SCRIPT, SVG] {
            only_text(&page, "an elder's file", text).await?;
        }
        page.press("" + Key::Escape).await?;
        page.click("nav-ledger").await?;
        page.click("ledger-row").await?;
        page.see("detail-number").await?;
        only_text(&page, "an order", SCRIPT).await?;
        page.press("" + Key::Escape).await?;
        page.click("nav-order").await?;
        page.press_at("search", "5678").await?;
        page.see_text("card-name", IMAGE).await?;
        only_text(&page, "the card", SVG).await?;
        page.click("nav-elders").await?;
        page.click("elders-import").await?;
        page.drop_file("import-drop", &format!("{IMAGE}.csv"), &format!("姓名,出生日期,村社区\n{SCRIPT},1944-03-05,细坑社区\n")).await?;
        page.see_text("import-commit", "新增 1 人").await?;
        only_text(&page, "a list that is looked at", SCRIPT).await?;
        page.click("import-commit").await?;
        page.see("import-done").await?;
        page.click("nav-elders").await?;
        page.click("elders-import").await?;
        page.see_text("past-undo", "").await?;
        only_text(&page, "the lists of before", IMAGE).await?;
        page.click("nav-delivery").await?;
        page.see_text("stop", IMAGE).await?;
        on_paper(&page).await?;
        page.see_text("slip", SCRIPT).await?;
        only_text(&page, "the slip", SCRIPT).await?;
        nothing_foreign(&page).await?;

        page.open(&server).await?;
        page.fill("console-name", "hezhang").await?;
        page.fill("console-password", "yufan2026").await?;
        page.click("console-signin").await?;
        for (initials, there) in [("ft", "list-row"), ("jctz", "ledger-row")] {
            page.click("console-nav-all").await?;
            page.press_at("finder", initials).await?;
            page.press_at("finder", "" + Key::Enter).await?;
            page.see(there).await.with_context(|| initials.to_owned())?;
            only_text(&page, initials, IMAGE).await?;
        }
        page.click_with("ledger-row", order["number"].as_str().context("number")?).await?;
        page.see("detail-number").await?;
        only_text(&page, "an order at the console", SCRIPT).await?;
        nothing_foreign(&page).await?;
        page.close().await
    })
}
