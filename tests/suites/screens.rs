//! The screens as people use them: the desk in Chromium over loopback, the console, the real window.
//! Every step saves a picture; no screen may load anything from elsewhere.

use anyhow::{Context, Result};
use serde_json::Value;
use tests::browser::{Session, chromium, window};
use tests::photo;
use tests::program::{DeskHome, Running, ServerHome, sample};
use thirtyfour::prelude::*;

const LUOCHENG: &str = "445381001";

/// A server with one canteen and its prices, an enrolled desk, a city account.
struct Town {
    home: ServerHome,
    server: Running,
    desk: DeskHome,
    canteen: String,
}

fn town() -> Result<Town> {
    let home = ServerHome::new()?;
    let (canteen, code) = home.canteen_with_code("罗城街道长者饭堂", LUOCHENG)?;
    home.account("hezhang", "city", "4453", "Yunfu2026")?;
    let server = home.serve("127.0.0.1:0")?;
    let desk = DeskHome::enrolled(&server.listening()?, &code)?;
    Ok(Town { home, server, desk, canteen })
}

fn run<F: Future<Output = Result<()>>>(work: F) -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(work)
}

async fn nothing_foreign(page: &Session) -> Result<()> {
    let foreign = page.foreign_requests().await?;
    anyhow::ensure!(foreign.is_empty(), "foreign requests: {foreign:?}");
    Ok(())
}

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
        large_type_and_contrast(&page).await?;
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

async fn import_the_list(page: &Session) -> Result<()> {
    page.click("nav-elders").await?;
    page.click("elders-import").await?;
    let input = page.page.query(By::Css("[data-testid=import-file]")).first().await?;
    input.send_keys(sample("elders_luocheng.xlsx").to_str().context("path")?).await?;
    page.see_text("import-counts", "532").await?;
    page.see_text("import-counts", "33").await?;
    page.picture("desk-import").await?;
    page.click("import-errors").await?;
    page.see_text("errors-written", ".xlsx").await?;
    page.click("import-commit").await?;
    page.see("import-done").await?;
    page.picture("desk-import-done").await
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
    page.click_with("ledger-row", number).await?;
    page.see("ledger-photo").await?;
    page.picture("desk-order-detail").await?;
    page.press("" + Key::Escape).await?;
    page.click("ledger-export").await?;
    page.see_text("exported", ".xlsx").await?;
    Ok(())
}

async fn large_type_and_contrast(page: &Session) -> Result<()> {
    page.click("nav-settings").await?;
    page.click("large-type").await?;
    page.click("nav-order").await?;
    page.see("search").await?;
    page.picture("desk-order-large").await
}

async fn wait_until_all_is_sent(page: &Session) -> Result<()> {
    page.see_text("unsent", "全部已上传").await?;
    page.picture("desk-settings").await
}

async fn the_city_sees_it(page: &Session, canteen: &str, number: &str) -> Result<()> {
    page.fill("console-name", "hezhang").await?;
    page.fill("console-password", "Yunfu2026").await?;
    page.picture("console-sign-in").await?;
    page.click("console-signin").await?;
    page.see_text("kpi-meals", "2 餐").await?;
    page.picture("console-today").await?;
    page.click("place-445381").await?;
    // The one town whose name begins outside of the basic plane.
    page.see_text("place-445381106", "𬜯塘镇").await?;
    page.picture("console-county").await?;
    page.click(&format!("place-{LUOCHENG}")).await?;
    page.see_text("place-name", "罗城街道").await?;
    page.click(&format!("place-{canteen}")).await?;
    page.see_text("ledger-row", "-").await?;
    page.picture("console-canteen").await?;
    page.click_with("ledger-row", number).await?;
    page.see_text("detail-number", number).await?;
    page.see("ledger-photo").await?;
    page.picture("console-order").await?;
    page.press("" + Key::Escape).await?;
    page.click("console-nav-devices").await?;
    page.see("device-row").await?;
    page.picture("console-devices").await?;
    nothing_foreign(page).await
}

#[test]
fn a_new_computer_is_enrolled_on_its_screen_and_an_import_taken_back() -> Result<()> {
    let Town { home, server, .. } = town()?;
    let code = home.admin(&["device", "code", "--division", LUOCHENG])?;
    let fresh = DeskHome::new()?;
    run(async {
        let page = chromium().await?;
        let served = fresh.serve()?;
        page.open(&served).await?;
        page.fill("enrol-server", server.listening()?).await?;
        page.fill("enrol-code", "0000-0000").await?;
        page.click("enrol-save").await?;
        // A wrong code is told in words, and the right one still works.
        page.see_text("fault", "登记码").await?;
        page.fill("enrol-code", code["code"].as_str().context("code")?).await?;
        page.picture("desk-enrolment").await?;
        page.click("enrol-save").await?;
        page.see("nav-elders").await?;
        import_the_list(&page).await?;
        page.click("import-undo").await?;
        page.see_text("import-undone", "532").await?;
        page.picture("desk-import-undone").await?;
        page.close().await
    })
}

#[test]
fn a_clerks_real_window_takes_an_order_without_a_server() -> Result<()> {
    let Town { home: _home, server, desk, .. } = town()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    server.kill()?;
    run(async {
        let page = window(desk.path()).await?;
        page.see("nav-order").await?;
        page.click("nav-order").await?;
        page.press_at("search", "lgf").await?;
        page.see_text("hit", "李桂芳").await?;
        page.press_at("search", "" + Key::Enter).await?;
        page.press_at("save-order", "" + Key::Enter).await?;
        page.see_text("order-number", "-").await?;
        page.picture("window-order").await?;
        page.click("nav-today").await?;
        page.see("today-row").await?;
        page.picture("window-today").await?;
        nothing_foreign(&page).await?;
        page.close().await
    })?;
    let ledger = desk.json(&["ledger", "--json"])?;
    assert_eq!(ledger["rows"][0]["elder"], Value::from("李桂芳"));
    Ok(())
}
