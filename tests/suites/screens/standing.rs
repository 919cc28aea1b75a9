//! Standing meals and ordering ahead, as a cashier does it: found while the elder is on the line, paused in three taps, a month for all in one go and taken back.

use super::look::open_to_all;
use super::*;

#[test]
fn a_standing_meal_is_entered_paused_and_a_month_ordered_and_taken_back() -> Result<()> {
    let Town { home: _home, server: _server, desk, .. } = town()?;
    desk.elder_of("elders_luocheng.xlsx", "王冬梅")?;
    desk.json(&["sync", "--json"])?;
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        page.see("nav-order").await?;
        enter(&page).await?;
        pause_a_week(&page).await?;
        in_the_list(&page).await?;
        order_ahead(&page).await?;
        take_it_back(&page).await?;

        // In large type.
        page.click("nav-settings").await?;
        page.click("large-type").await?;
        page.wears("large").await?;
        find_screen(&page, "ddc").await?;
        page.see("calendar").await?;
        page.picture("desk-plan-large").await?;
        open_to_all(&page, "ordering ahead in large type").await?;
        find_screen(&page, "gddc").await?;
        page.click_with("list-row", "王冬梅").await?;
        page.see_text("standing-name", "王冬梅").await?;
        page.picture("desk-standing-large").await?;
        nothing_foreign(&page).await?;
        page.close().await
    })
}

async fn find_screen(page: &Session, initials: &str) -> Result<()> {
    page.press(Key::Control + "k").await?;
    page.press_at("finder", initials.to_owned() + Key::Enter).await
}

async fn enter(page: &Session) -> Result<()> {
    page.press("" + Key::F3).await?;
    page.press_at("search", "wdm").await?;
    page.see_text("hit", "王冬梅").await?;
    page.see_text("standing-open", "设固定订餐").await?;
    page.click("standing-open").await?;
    page.see_text("standing-name", "王冬梅").await?;
    page.click("standing-five").await?;
    page.picture("desk-standing").await?;
    open_to_all(page, "a standing meal").await?;
    page.click("standing-save").await?;
    let words = page.see_text("standing", "周一").await?;
    anyhow::ensure!(words.contains("午餐 周一 周二 周三 周四 周五"), "{words}");
    page.see_text("standing-open", "暂停").await?;
    Ok(())
}

/// Three taps: open, a week, save; and a yes to the orders that go.
async fn pause_a_week(page: &Session) -> Result<()> {
    page.click("standing-open").await?;
    page.see_text("standing-name", "王冬梅").await?;
    page.click("standing-pause-week").await?;
    page.click("standing-save").await?;
    let changes = page.see_text("standing-changes", "取消").await?;
    anyhow::ensure!(changes.contains("11月23日 周一午餐"), "{changes}");
    page.picture("desk-standing-pause").await?;
    open_to_all(page, "what a pause changes").await?;
    page.click("standing-save").await?;
    page.see_text("standing", "11月23日 周一 起暂停，11月30日 周一 恢复").await?;
    page.picture("desk-standing-on-the-card").await?;
    Ok(())
}

async fn in_the_list(page: &Session) -> Result<()> {
    find_screen(page, "gddc").await?;
    let row = page.see_text("list-row", "王冬梅").await?;
    anyhow::ensure!(row.contains("午餐"), "{row}");
    page.picture("desk-standing-list").await?;
    open_to_all(page, "the list of standing meals").await?;
    page.press("" + Key::F2).await?;
    page.press_at("pick-elder", "wdm").await?;
    page.see_text("pick-hit", "王冬梅").await?;
    page.press_at("pick-elder", "" + Key::Enter).await?;
    page.see_text("standing-name", "王冬梅").await?;
    page.press("" + Key::Escape).await?;
    Ok(())
}

async fn order_ahead(page: &Session) -> Result<()> {
    find_screen(page, "ddc").await?;
    page.see("calendar").await?;
    page.page.execute("document.querySelectorAll('[data-testid=plan-whom] [role=radio]')[2].click()", vec![]).await?;
    page.click("days-work").await?;
    page.see_text("plan-days", "6").await?;
    page.click("plan-look").await?;
    page.see_text("plan-would", "会下").await?;
    page.see_text("plan-skipped", "暂停").await?;
    page.picture("desk-plan").await?;
    open_to_all(page, "ordering ahead").await?;
    page.click("plan-commit").await?;
    page.see_text("plan-days", "0").await?;
    Ok(())
}

async fn take_it_back(page: &Session) -> Result<()> {
    find_screen(page, "dcpc").await?;
    page.click_with("list-row", "月刷代点餐").await?;
    page.click("batch-undo").await?;
    page.see_text("batch-would", "会取消").await?;
    page.picture("desk-batch-undo").await?;
    open_to_all(page, "a batch to be taken back").await?;
    page.click("batch-undo-sure").await?;
    page.see_text("note", "已撤销").await?;
    page.press("" + Key::Escape).await?;
    Ok(())
}
