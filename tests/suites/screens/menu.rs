//! The menu of a week as a cashier plans it: dishes by their initials, last week's copied, published, printed; a day of rest in the calendar.

use super::look::open_to_all;
use super::*;
use serde_json::json;
use tests::program::Screen;

#[test]
fn a_week_is_planned_published_copied_and_a_day_of_rest_is_minded() -> Result<()> {
    let Town { home: _home, server: _server, desk, .. } = town()?;
    desk.elder_of("elders_luocheng.xlsx", "王冬梅")?;
    desk.json(&["sync", "--json"])?;
    let mut command = desk.command();
    command.arg("serve");
    let screen = Screen::open(command)?;
    dishes(&screen)?;
    run(async {
        let page = chromium().await?;
        page.open(&screen.served).await?;
        page.see("nav-order").await?;
        plan_a_day(&page).await?;
        publish(&page).await?;
        copy_it(&page).await?;
        rest(&page).await?;
        on_paper(&page).await?;

        // In large type.
        page.click("nav-settings").await?;
        page.click("large-type").await?;
        page.wears("large").await?;
        find_screen(&page, "yzcd").await?;
        page.click("week-after").await?;
        page.see_text("menu-rest", "设备检修").await?;
        page.picture("desk-menu-large").await?;
        open_to_all(&page, "the menu of a week in large type").await?;
        page.click("cell-2026-11-23-lunch").await?;
        page.see_text("menu-on", "蒸排骨").await?;
        page.picture("desk-menu-meal-large").await?;
        open_to_all(&page, "a meal in large type").await?;
        page.press("" + Key::Escape).await?;
        super::delivery::on_paper(&page).await?;
        page.see_text("menu-sheet", "软食套餐").await?;
        let beside: bool = page.ask("return document.querySelector('.week-menu').getClientRects().length > 0").await?;
        anyhow::ensure!(!beside, "the screen would be printed too");
        page.picture("desk-menu-sheet").await?;
        nothing_foreign(&page).await?;
        page.close().await
    })
}

/// What the canteen can cook.
fn dishes(served: &Screen) -> Result<()> {
    for (name, course, price, allergens, suits) in [
        ("蒸排骨", "meat", "8", "", ""),
        ("番茄炒蛋", "meat", "6", "鸡蛋", ""),
        ("清炒菜心", "vegetable", "4", "", "low_salt"),
        ("冬瓜汤", "soup", "2", "", ""),
        ("米饭", "staple", "1", "", ""),
        ("低糖套餐", "set", "15", "大豆、花生", "low_sugar"),
        ("软食套餐", "set", "15", "", "soft"),
    ] {
        let draft = json!({ "name": name, "course": course, "price": price, "allergens": allergens, "suits": suits, "offered": "1" });
        served.call("save", &json!({ "list": "menu_items", "record": null, "draft": draft }))?;
    }
    Ok(())
}

async fn find_screen(page: &Session, initials: &str) -> Result<()> {
    page.press(Key::Control + "k").await?;
    page.press_at("finder", initials.to_owned() + Key::Enter).await
}

/// This week's Sunday is today: four dishes by their initials, one of them taken off again.
async fn plan_a_day(page: &Session) -> Result<()> {
    find_screen(page, "yzcd").await?;
    page.see_text("menu-span", "11月16日 周一 至 11月22日 周日").await?;
    page.click("cell-2026-11-22-lunch").await?;
    for (typed, name) in [("zpg", "蒸排骨"), ("fq", "番茄炒蛋"), ("caixin", "清炒菜心"), ("dtt", "低糖套餐"), ("米饭", "米饭")]
    {
        page.press_at("pick-dish", typed).await?;
        page.see_text("dish-hit", name).await?;
        page.press_at("pick-dish", "" + Key::Enter).await?;
        page.see_text("menu-on", name).await?;
    }
    page.picture("desk-menu-meal").await?;
    open_to_all(page, "a meal of the menu").await?;
    page.press_at("pick-dish", "nosuchdish").await?;
    page.see("no-dish").await?;
    page.press("" + Key::Escape).await?;
    page.see_text("menu-table", "番茄炒蛋").await?;
    Ok(())
}

async fn publish(page: &Session) -> Result<()> {
    page.picture("desk-menu-waits").await?;
    page.click("publish-2026-11-22").await?;
    page.see_text("note", "已公布 5 道菜").await?;
    page.see_text("menu-table", "已公布").await?;
    Ok(())
}

async fn copy_it(page: &Session) -> Result<()> {
    page.click("week-after").await?;
    page.see_text("menu-span", "11月23日").await?;
    // Monday's lunch by hand, the rest as last week.
    page.click("cell-2026-11-23-lunch").await?;
    for typed in ["zpg", "dgt", "rst", "mf"] {
        page.press_at("pick-dish", typed).await?;
        page.see("dish-hit").await?;
        page.press_at("pick-dish", "" + Key::Enter).await?;
    }
    page.see_text("menu-on", "米饭").await?;
    page.press("" + Key::Escape).await?;
    page.click("menu-copy").await?;
    let would = page.see_text("menu-would-copy", "5 道菜").await?;
    anyhow::ensure!(would.contains("11月29日 周日 5"), "{would}");
    page.picture("desk-menu-copy").await?;
    open_to_all(page, "what copying a week would do").await?;
    page.click("menu-copy-sure").await?;
    page.see_text("note", "已抄过来 5 道菜").await?;
    page.click("menu-publish").await?;
    page.see_text("note", "已公布 9 道菜").await?;
    Ok(())
}

/// A day of rest: in the calendar, in the week, where orders are made ahead, and where one is taken by telephone.
async fn rest(page: &Session) -> Result<()> {
    find_screen(page, "gzrl").await?;
    page.click("record-new").await?;
    page.fill("edit-date", "2026-11-25").await?;
    page.fill("edit-name", "设备检修").await?;
    page.page.execute("document.querySelectorAll('[role=radio]')[0].click()", vec![]).await?;
    page.picture("desk-calendar-day").await?;
    open_to_all(page, "a day of the calendar").await?;
    page.click("save-record").await?;
    page.see_text("list-row", "设备检修").await?;
    page.picture("desk-calendar").await?;
    find_screen(page, "ddc").await?;
    page.click("days-work").await?;
    page.see_text("plan-days", "5").await?;
    page.picture("desk-plan-rest").await?;
    open_to_all(page, "ordering ahead around a day of rest").await?;
    page.press("" + Key::F3).await?;
    page.press_at("search", "wdm").await?;
    page.see_text("card-name", "王冬梅").await?;
    page.see("price").await?;
    page.page.execute("[...document.querySelectorAll('[data-testid=order-day] [role=radio]')].at(-1).click()", vec![]).await?;
    page.fill("order-other-date", "11-25").await?;
    page.click("save-order").await?;
    page.see_text("confirm-dialog", "饭堂休息（设备检修）").await?;
    page.picture("desk-order-rest").await?;
    open_to_all(page, "an order for a day of rest").await?;
    page.click("confirm-order").await?;
    page.see("order-number").await?;
    page.press("" + Key::F9).await?;
    page.see_text("resting", "11月25日 周三（设备检修）1 份").await?;
    page.picture("desk-today-resting").await?;
    open_to_all(page, "orders that stand on days of rest").await?;
    Ok(())
}

async fn on_paper(page: &Session) -> Result<()> {
    find_screen(page, "yzcd").await?;
    page.click("week-after").await?;
    page.see_text("menu-rest", "设备检修").await?;
    page.see_text("rest-orders", "还有 1 份订单").await?;
    page.picture("desk-menu").await?;
    open_to_all(page, "the menu of a week").await?;
    let sheet: String = page.ask("return document.querySelector('[data-testid=menu-sheet]').textContent").await?;
    for words in ["罗城街道长者饭堂", "低糖套餐", "含：大豆、花生", "15.00 元", "休息：设备检修"] {
        anyhow::ensure!(sheet.contains(words), "{words}: {sheet}");
    }
    page.page.execute("window.printed = 0; window.print = () => { window.printed += 1; }", vec![]).await?;
    page.press("" + Key::F5).await?;
    page.click("menu-print").await?;
    let printed: u32 = page.ask("return window.printed").await?;
    anyhow::ensure!(printed == 2, "printed {printed} times");
    Ok(())
}
