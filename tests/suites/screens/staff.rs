//! 工作人员 at a canteen's desk: the first is entered and chooses a PIN; from then on each act is somebody's, and whoever goes away locks it.

use super::look::open_to_all;
use super::*;
use tests::browser::telephone;

async fn enter(page: &Session, name: &str, role: usize) -> Result<()> {
    page.press("" + Key::F2).await?;
    page.fill("edit-name", name).await?;
    page.page.execute(&format!("document.querySelectorAll('dialog [role=radio]')[{role}].click()"), vec![]).await?;
    page.picture("desk-staff-form").await?;
    page.click("save-record").await?;
    page.see_text("list-row", name).await?;
    Ok(())
}

async fn none(page: &Session, id: &str) -> Result<()> {
    let found: u32 = page.ask(&format!("return document.querySelectorAll('[data-testid={id}]').length")).await?;
    assert_eq!(found, 0, "{id}");
    Ok(())
}

#[test]
fn a_canteens_people_sign_in_by_pins_and_each_act_is_somebodys() -> Result<()> {
    let Town { home: _home, server: _server, desk, .. } = town()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        page.click("unstaffed-tag").await?;
        page.see("unstaffed").await?;
        page.picture("desk-staff-none").await?;
        open_to_all(&page, "no staff yet").await?;
        enter(&page, "王芳", 0).await?;
        enter(&page, "李强", 1).await?;
        enter(&page, "丁顺", 3).await?;

        // The first PIN: too easy a one is told beside it.
        page.click("first-pin").await?;
        page.see_text("seat", "王芳").await?;
        page.picture("desk-seat-people").await?;
        open_to_all(&page, "who sits here").await?;
        page.click_with("seat-person", "王芳").await?;
        page.fill("seat-new", "123456").await?;
        page.fill("seat-again", "123456").await?;
        page.click("seat-go").await?;
        page.see_text("fault", "太好猜").await?;
        page.fill("seat-new", "271943").await?;
        page.fill("seat-again", "271943").await?;
        page.picture("desk-seat-first").await?;
        page.press("" + Key::Enter).await?;
        page.see_text("who", "王芳").await?;

        // Another one in the midst of an order: by one key, and the screen is as it was.
        page.press("" + Key::F3).await?;
        page.press_at("search", "王").await?;
        page.press("" + Key::F11).await?;
        page.see_text("seat", "李强").await?;
        page.click_with("seat-person", "李强").await?;
        page.fill("seat-new", "604172").await?;
        page.fill("seat-again", "604172").await?;
        page.press("" + Key::Enter).await?;
        page.see_text("who", "李强").await?;
        let typed: String = page.ask("return document.querySelector('[data-testid=search]').value").await?;
        assert_eq!(typed, "王", "what was typed is there");
        page.picture("desk-seat-changed").await?;

        // A cashier does not see to the staff: the screen is not offered, and its address leads elsewhere.
        page.press(Key::Control + "k").await?;
        page.press_at("finder", "gzry").await?;
        none(&page, "find-hit").await?;
        page.picture("desk-staff-not-offered").await?;
        page.press("" + Key::Escape).await?;

        // The courier has the day and the way: what else stood there goes with who may look at it, and so do its keys.
        page.press("" + Key::F11).await?;
        page.click_with("seat-person", "丁顺").await?;
        page.fill("seat-new", "835520").await?;
        page.fill("seat-again", "835520").await?;
        page.press("" + Key::Enter).await?;
        page.see_text("who", "丁顺").await?;
        none(&page, "search").await?;
        none(&page, "nav-elders").await?;
        page.see("nav-delivery").await?;
        let at = async || page.ask::<String>("return location.pathname").await;
        page.press("" + Key::F7).await?;
        assert_eq!(at().await?, "/order", "the key of a screen that is not offered leads nowhere");
        page.press("" + Key::F9).await?;
        assert_eq!(at().await?, "/");
        page.picture("desk-seat-courier").await?;
        open_to_all(&page, "what a courier sees").await?;

        // Whoever goes away locks it; wrong PINs do not open, the right one does.
        page.press("" + Key::F11).await?;
        page.click("seat-lock").await?;
        page.see_text("seat", "已锁屏").await?;
        page.picture("desk-seat-locked").await?;
        page.click_with("seat-person", "王芳").await?;
        page.press_at("seat-pin", "000000" + Key::Enter).await?;
        page.see_text("seat", "口令不对").await?;
        page.picture("desk-seat-wrong").await?;
        page.press_at("seat-pin", "271943" + Key::Enter).await?;
        page.see_text("who", "王芳").await?;

        // Her colleague forgot his: she makes it void.
        page.press(Key::Control + "k").await?;
        page.press_at("finder", "gzry" + Key::Enter).await?;
        page.click_with("list-row", "李强").await?;
        page.see("save-record").await?;
        page.picture("desk-staff-reset").await?;
        open_to_all(&page, "a person of the staff").await?;
        page.click("reset-pin").await?;
        page.see_text("note", "李强").await?;
        nothing_foreign(&page).await?;

        // The courier's page of the same desk is as locked.
        page.press("" + Key::Escape).await?;
        page.press("" + Key::F11).await?;
        page.click("seat-lock").await?;
        page.see_text("seat", "已锁屏").await?;
        page.close().await?;
        let phone = telephone(390).await?;
        phone.page.goto(served.first_line["phone"].as_str().context("no page for the phone")?).await?;
        phone.see_text("seat", "已锁屏").await?;
        phone.picture("phone-seat").await?;
        open_to_all(&phone, "the locked phone").await?;
        phone.click_with("seat-person", "王芳").await?;
        phone.press_at("seat-pin", "271943" + Key::Enter).await?;
        phone.see_text("who", "王芳").await?;
        phone.picture("phone-signed-in").await?;
        open_to_all(&phone, "the phone of somebody").await?;
        phone.close().await
    })?;
    let refused = desk.run(&["list", "elders", "--json"])?;
    assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("已锁屏"), "{refused:?}");
    let by = |pin: &str| desk.command().env("DESK_PIN", pin).args(["--as", "王芳", "list", "elders", "--json"]).output();
    assert!(by("271943")?.status.success() && !by("271944")?.status.success());
    Ok(())
}
