//! 导出: masked by one key, in full for a reason that is asked for once; at the console with a reason, and a second account for many.

use super::look::open_to_all;
use super::*;
use tests::program::Screen;

async fn signed_in(page: &Session, server: &Running, name: &str) -> Result<()> {
    page.open(server).await?;
    page.fill("console-name", name).await?;
    page.fill("console-password", "yufan2026").await?;
    page.press("" + Key::Enter).await?;
    page.see("console-nav-ledger").await?;
    Ok(())
}

/// Types into the box of the browser.
async fn answer(page: &Session, text: &str) -> Result<()> {
    page.page.send_alert_text(text).await?;
    Ok(page.page.accept_alert().await?)
}

/// Waits until the browser's box says that, and closes it.
async fn told(page: &Session, part: &str) -> Result<()> {
    for _ in 0..1_000 {
        if let Ok(text) = page.page.get_alert_text().await {
            anyhow::ensure!(text.contains(part), "{text}");
            return Ok(page.page.accept_alert().await?);
        }
    }
    anyhow::bail!("nothing was told")
}

#[test]
fn a_desk_exports_masked_and_shows_numbers_for_a_reason() -> Result<()> {
    let Town { desk, .. } = town()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    order(&desk, "王冬梅", "own_delivery")?;
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        page.click("nav-ledger").await?;
        page.see_text("ledger-row", "王冬梅").await?;
        page.click("ledger-export").await?;
        page.see_text("exported", "7 天后自动删除").await?;
        page.picture("desk-exported").await?;
        page.click("ledger-export-full").await?;
        page.see("reason").await?;
        page.click("reason-go").await?;
        page.see_text("fault", "请先选原因").await?;
        page.picture("desk-export-reason").await?;
        open_to_all(&page, "why data are taken out").await?;
        page.page.execute("document.querySelectorAll('[data-testid=reason] [role=radio]')[0].click()", vec![]).await?;
        page.click("reason-go").await?;
        page.see_text("exported", ".xlsx").await?;

        // The reason of the sitting is remembered: one press shows the numbers.
        page.click("nav-elders").await?;
        page.fill("elders-text", "王冬梅").await?;
        page.click_with("elders-row", "王冬梅").await?;
        page.see_text("elder-id-known", "****").await?;
        page.picture("desk-elder-masked").await?;
        page.click("elder-reveal").await?;
        page.picture("desk-elder-revealed").await?;
        open_to_all(&page, "numbers in full").await?;
        // A permit or another card is typed there, and masked from then on.
        page.fill("elder-other_document", "Ｈ0123456700").await?;
        page.click("save-elder").await?;
        page.see_text("note", "档案已保存").await?;
        page.click_with("elders-row", "王冬梅").await?;
        page.see_text("elder-id-known", "****").await?;
        page.picture("desk-elder-other-document").await?;
        page.close().await
    })?;
    let elder = desk.json(&["elder", "find", "王冬梅", "--json"])?[0]["id"].as_str().context("id")?.parse()?;
    let card = desk::Desk::open(desk.path())?.ask(&shared::command::ElderCard { elder: Some(elder) })?;
    anyhow::ensure!(card.form.other_document == "H01…6700", "{:?}", card.form.other_document);
    let audit = desk.json(&["audit", "--json"])?;
    let acts: Vec<&str> = audit["rows"].as_array().context("rows")?.iter().filter_map(|row| row["act"].as_str()).collect();
    anyhow::ensure!(acts == ["exported", "exported", "shown"] && audit["ok"] == true, "{audit}");
    Ok(())
}

#[test]
fn a_second_one_of_the_staff_agrees_to_the_numbers_of_many() -> Result<()> {
    let Town { desk, .. } = town()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    let mut serve = desk.command();
    // The day before: whoever agrees has had a PIN for that long.
    serve.env("YINLING_NOW", "2026-11-21T09:00:00").arg("serve");
    let screen = Screen::open(serve)?;
    for name in ["王芳", "李强"] {
        let draft = serde_json::json!({ "name": name, "role": "manager" });
        let person = screen.call("save", &serde_json::json!({ "list": "staff", "record": null, "draft": draft }))?;
        screen.call("sign_in", &serde_json::json!({ "person": person, "pin": "", "new_pin": "271943" }))?;
    }
    screen.kill()?;
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        page.click_with("seat-person", "王芳").await?;
        page.press_at("seat-pin", "271943" + Key::Enter).await?;
        page.see_text("who", "王芳").await?;
        page.click("nav-elders").await?;
        page.see("elders-row").await?;
        page.click("elders-export-full").await?;
        page.page.execute("document.querySelectorAll('[data-testid=reason] [role=radio]')[0].click()", vec![]).await?;
        page.click("reason-go").await?;
        page.see_text("fault", "请另一位有权导出的工作人员").await?;
        page.see("second-person").await?;
        page.picture("desk-export-second").await?;
        open_to_all(&page, "a second person agrees").await?;
        let named = "[...document.querySelectorAll('[data-testid=second-person] option')].find(one => one.textContent === '李强').value";
        let li: String = page.ask(&format!("return {named}")).await?;
        page.choose("second-person", &li).await?;
        page.fill("second-pin", "000000").await?;
        page.click("reason-go").await?;
        page.see_text("fault", "口令不对").await?;
        page.see("second-person").await?;
        page.fill("second-pin", "271943").await?;
        page.click("reason-go").await?;
        page.see_text("exported", ".xlsx").await?;
        page.close().await
    })?;
    let audit = desk.command().env("DESK_PIN", "271943").args(["--as", "王芳", "audit", "--json"]).output()?;
    let audit: serde_json::Value = serde_json::from_slice(&audit.stdout)?;
    let row = &audit["rows"][0];
    anyhow::ensure!(row["clerk"] == "王芳" && row["second"] == "李强", "{audit}");
    Ok(())
}

#[test]
fn the_console_asks_for_a_reason_and_many_for_a_second_account() -> Result<()> {
    let Town { home, server, desk, .. } = town()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    order(&desk, "王冬梅", "own_delivery")?;
    desk.json(&["sync", "--json"])?;
    home.account("linmei", "city", "4453", "yufan2026")?;
    let clerk = reqwest::blocking::Client::builder().cookie_store(true).no_proxy().build()?;
    let at = |path: &str| Ok::<_, anyhow::Error>(format!("{}{path}", server.listening()?));
    let signed = serde_json::json!({ "name": "hezhang", "password": "yufan2026" });
    clerk.post(at("/api/session")?).json(&signed).send()?.error_for_status()?;
    let waits = clerk.post(at("/api/export?list=elders&reason=inspection")?).send()?.text()?;
    anyhow::ensure!(waits.contains("要另一个账号同意"), "{waits}");
    run(async {
        let page = chromium().await?;
        signed_in(&page, &server, "hezhang").await?;
        page.click("console-nav-ledger").await?;
        page.see_text("ledger-row", "王冬梅").await?;
        page.picture("console-export-ledger").await?;
        page.click("ledger-export").await?;
        answer(&page, "4").await?;
        told(&page, "请写明用途").await?;
        page.click("ledger-export").await?;
        answer(&page, "2").await?;
        page.press(Key::Control + "k").await?;
        page.press_at("finder", "dcsq" + Key::Enter).await?;
        page.see_text("list-row", "已导出").await?;
        page.close().await?;

        let page = chromium().await?;
        signed_in(&page, &server, "linmei").await?;
        page.press(Key::Control + "k").await?;
        page.press_at("finder", "dcsq" + Key::Enter).await?;
        page.see_text("list-row", "hezhang").await?;
        page.picture("console-export-requests").await?;
        open_to_all(&page, "requests for exports").await?;
        page.click_with("list-row", "532").await?;
        page.page.accept_alert().await?;
        page.click_with("list-row", "可以导出").await?;
        page.page.dismiss_alert().await?;
        nothing_foreign(&page).await?;
        page.close().await
    })
}
