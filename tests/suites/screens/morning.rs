//! The main job: a list, orders, a delivery, the ledger, all without the server; then it comes back.

use super::console::the_city_sees_it;
use super::import::import_the_list;
use super::*;
use tests::photo;

#[test]
fn a_cashiers_morning_in_the_browser_and_the_citys_view_of_it() -> Result<()> {
    let Town { home, server, desk, canteen } = town()?;
    let address = server.listening()?;
    run(async {
        let served = desk.serve()?;
        let page = chromium().await?;
        page.open(&served).await?;
        page.see_text("sync-pill", "上次同步").await?;
        // The server goes away; the morning goes on.
        server.kill()?;
        import_the_list(&page).await?;
        let number = take_an_order_by_keyboard(&page).await?;
        enrol_an_unknown_caller(&page).await?;
        page.click("nav-today").await?;
        page.see_text("meal-lunch", "2").await?;
        page.picture("desk-today").await?;
        deliver_with_a_photo(&page, &desk, &number).await?;
        look_into_the_ledger(&page, &number).await?;
        the_calls_are_still_there_after_a_restart(&page, &number).await?;
        nothing_foreign(&page).await?;
        page.close().await?;

        // It comes back, and everything goes up by itself.
        let server = home.serve(address.trim_start_matches("http://"))?;
        let page = chromium().await?;
        page.open(&served).await?;
        page.click("nav-settings").await?;
        page.press("" + Key::F12).await?;
        wait_until_all_is_sent(&page).await?;
        page.close().await?;
        let page = chromium().await?;
        page.open(&server).await?;
        the_city_sees_it(&page, &canteen, &number).await?;
        page.close().await
    })
}

/// From the ring to the saved order: three keys beside the typed search; eight are allowed.
async fn take_an_order_by_keyboard(page: &Session) -> Result<String> {
    let mut keys = 0;
    let mut key = |key: Key| {
        keys += 1;
        "" + key
    };
    page.press(key(Key::F3)).await?;
    page.press_at("search", "wdm").await?;
    page.see_text("hit", "王冬梅").await?;
    page.press_at("search", key(Key::Enter)).await?;
    page.see_text("save-order", "保存").await?;
    page.picture("desk-order").await?;
    page.press_at("save-order", key(Key::Enter)).await?;
    anyhow::ensure!(keys <= 8, "{keys} keys");
    let number = page.see_text("order-number", "-").await?;
    page.picture("desk-order-saved").await?;
    let number = number.split_whitespace().find(|word| shared::rule::order_number::parse(word).is_some()).context("a number")?;
    Ok(number.to_owned())
}

async fn enrol_an_unknown_caller(page: &Session) -> Result<()> {
    page.press_at("search", "陈亚兰").await?;
    page.press_at("search", "" + Key::F2).await?;
    page.see("enrol-elder").await?;
    page.fill("village", "xk").await?;
    page.press_at("village", "" + Key::Enter).await?;
    page.fill("elder-phone", "13812345678").await?;
    page.picture("desk-enrol").await?;
    page.click("save-elder").await?;
    page.press_at("save-order", "" + Key::Enter).await?;
    page.see_text("order-number", "-").await?;
    Ok(())
}

async fn deliver_with_a_photo(page: &Session, desk: &DeskHome, number: &str) -> Result<()> {
    page.click("nav-delivery").await?;
    page.see_text("stop", number).await?;
    let input = page.page.query(By::Css("input[type=file]")).first().await?;
    input.send_keys(photo::door(desk.path(), 7)?.to_str().context("path")?).await?;
    page.see("photo-kept").await?;
    page.click("outcome-1").await?;
    page.picture("desk-delivery").await?;
    page.click("receipt-save").await?;
    page.see_text("stop", "已送达").await?;
    Ok(())
}

async fn look_into_the_ledger(page: &Session, number: &str) -> Result<()> {
    page.click("nav-ledger").await?;
    page.see_text("ledger-row", "-").await?;
    page.picture("desk-ledger").await?;
    page.press_at("ledger-text", "" + Key::Down + Key::Enter).await?;
    page.see("detail-number").await?;
    page.press("" + Key::Escape).await?;
    page.see("ledger-text").await?;
    page.click_with("ledger-row", number).await?;
    page.see("ledger-photo").await?;
    page.picture("desk-order-detail").await?;
    page.press("" + Key::Escape).await?;
    page.click("ledger-export").await?;
    page.see_text("exported", ".xlsx").await?;
    Ok(())
}

async fn the_calls_are_still_there_after_a_restart(page: &Session, number: &str) -> Result<()> {
    page.page.refresh().await?;
    page.click("nav-order").await?;
    page.see_text("recent-call", "陈亚兰").await?;
    let calls: Vec<String> =
        page.ask("return [...document.querySelectorAll('[data-testid=recent-call]')].map(call => call.innerText)").await?;
    anyhow::ensure!(calls.len() == 2 && calls[1].contains(number), "{calls:?}");
    Ok(())
}

async fn wait_until_all_is_sent(page: &Session) -> Result<()> {
    page.see_text("unsent", "全部已上传").await?;
    page.picture("desk-settings").await
}
