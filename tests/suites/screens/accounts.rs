//! 账号管理: a system administrator invites, whoever was invited chooses the password, a security administrator confirms; wide, on a telephone, in
//! large type and in English. And somebody of the staff is stopped at the console.

use super::look::open_to_all;
use super::own_account::with_factor;
use super::*;
use tests::browser::telephone;
use tests::program::Screen;

/// Signs in an administrator who has no second factor yet, and turns it on.
pub(super) async fn administrator(page: &Session, server: &Running, name: &str) -> Result<()> {
    page.open(server).await?;
    page.fill("console-name", name).await?;
    page.fill("console-password", "yufan2026").await?;
    page.press("" + Key::Enter).await?;
    page.see("account-due").await?;
    with_factor(page, "yufan2026").await?;
    page.click("account-back").await?;
    Ok(())
}

/// Looks at a page as it is, in large type and high contrast, and in English, and comes back.
async fn every_way(page: &Session, name: &str) -> Result<()> {
    for look in ["plain", "large", "english"] {
        match look {
            "large" => page.click("console-large").await?,
            "english" => page.click("console-language").await?,
            _ => {}
        }
        page.picture(&format!("{name}-{look}")).await?;
        open_to_all(page, &format!("{name} {look}")).await?;
        let wide: bool = page.ask("return document.documentElement.scrollWidth > innerWidth").await?;
        anyhow::ensure!(!wide, "{name} {look} is wider than its screen");
    }
    page.click("console-language").await?;
    page.click("console-large").await
}

/// Says yes to the browser's own box that has these words.
async fn agree(page: &Session, words: &str) -> Result<()> {
    let text = page.page.get_alert_text().await?;
    anyhow::ensure!(text.contains(words), "{text}");
    Ok(page.page.accept_alert().await?)
}

#[test]
fn an_account_is_invited_chosen_and_confirmed_by_three_people() -> Result<()> {
    let Town { home, server, desk: _desk, .. } = town()?;
    for (name, role) in [("xitong", "system"), ("anquan", "security")] {
        home.account(name, role, "4453", "yufan2026")?;
    }
    run(async {
        let system = chromium().await?;
        administrator(&system, &server, "xitong").await?;
        system.see_text("accounts-hint", "系统管理员").await?;
        system.fill("invite-name", "liangzhuren").await?;
        system.fill("invite-person", "梁志明").await?;
        system.fill("invite-phone", "13800000001").await?;
        system.choose("rights-role", "town").await?;
        system.choose("rights-place", LUOCHENG).await?;
        system.click("invite").await?;
        let link = system.see("link").await?.prop("value").await?.context("a link")?;
        every_way(&system, "accounts-system").await?;

        let person = telephone(360).await?;
        person.page.goto(&link).await?;
        person.see_text("invited-words", "罗城街道").await?;
        person.fill("invited-password", "liangzhuren1").await?;
        person.fill("invited-again", "liangzhuren1").await?;
        person.click("invited-save").await?;
        person.see_text("fault", "带有账号名").await?;
        every_way(&person, "accounts-invited").await?;
        person.fill("invited-password", "lvzhou2027x").await?;
        person.fill("invited-again", "lvzhou2027x").await?;
        person.click("invited-save").await?;
        person.see_text("account-due", "安全管理员核准").await?;
        every_way(&person, "accounts-waits").await?;

        let security = chromium().await?;
        administrator(&security, &server, "anquan").await?;
        security.see_text("accounts-hint", "安全管理员").await?;
        security.see_text("account-row", "待核准").await?;
        every_way(&security, "accounts-security").await?;
        security.click("account-confirm").await?;
        agree(&security, "罗城街道的镇街").await?;
        security.see_text("note", "已办好").await?;
        security.choose("accounts-state", "in_use").await?;
        security.fill("accounts-text", "liang").await?;
        security.click("accounts-search").await?;
        security.see_text("accounts-total", "共 1 个").await?;
        security.click("account-rights").await?;
        security.choose("rights-role", "auditor").await?;
        every_way(&security, "accounts-rights").await?;
        // Other rights wait for another one; those that stand hold. The page was built anew in its first language.
        security.fill("accounts-text", "liang").await?;
        security.click("accounts-search").await?;
        security.see_text("accounts-total", "共 1 个").await?;
        security.click("account-rights").await?;
        security.choose("rights-role", "auditor").await?;
        security.click("rights-save").await?;
        security.choose("accounts-state", "changing").await?;
        security.see_text("account-next", "anquan 提出改为").await?;
        security.see_text("account-row", "改权限待核准").await?;
        every_way(&security, "accounts-next").await?;
        nothing_foreign(&security).await?;
        security.close().await?;

        // She is let in now.
        person.open(&server).await?;
        person.see_text("site-name", "罗城街道").await?;
        person.close().await?;

        system.click("account-signout").await?;
        system.see("console-signin").await?;
        nothing_foreign(&system).await?;
        system.close().await
    })
}

#[test]
fn accounts_are_looked_after_on_a_telephone() -> Result<()> {
    let Town { home, server, desk: _desk, .. } = town()?;
    for (name, role) in [("xitong", "system"), ("dengji", "town")] {
        home.account(name, role, if role == "town" { LUOCHENG } else { "4453" }, "yufan2026")?;
    }
    run(async {
        let page = telephone(360).await?;
        administrator(&page, &server, "xitong").await?;
        page.see("invite").await?;
        page.fill("accounts-text", "dengji").await?;
        page.click("accounts-search").await?;
        page.see_text("accounts-total", "共 1 个").await?;
        page.click("account-disable").await?;
        agree(&page, "停用“dengji”").await?;
        page.see_text("account-row", "已停用").await?;
        every_way(&page, "accounts-narrow").await?;
        page.close().await
    })
}

#[test]
fn an_office_stops_somebody_of_the_staff_at_the_console() -> Result<()> {
    let Town { home, server, desk, .. } = town()?;
    home.account("zhenban", "town", LUOCHENG, "yufan2026")?;
    let person = serde_json::json!({ "list": "staff", "record": null, "draft": { "name": "王芳", "role": "cashier" } });
    let mut serve = desk.command();
    serve.arg("serve");
    Screen::open(serve)?.call("save", &person)?;
    desk.json(&["sync", "--json"])?;
    run(async {
        let page = chromium().await?;
        page.open(&server).await?;
        page.fill("console-name", "zhenban").await?;
        page.fill("console-password", "yufan2026").await?;
        page.press("" + Key::Enter).await?;
        page.see("site-name").await?;
        page.page.goto(format!("{}/list/staff", server.listening()?)).await?;
        page.click_with("list-row", "王芳").await?;
        page.click("staff-disable").await?;
        agree(&page, "停用王芳").await?;
        page.see("staff-enable").await?;
        page.picture("console-staff-stopped").await?;
        open_to_all(&page, "staff stopped").await?;
        page.click("staff-pin").await?;
        agree(&page, "重设王芳的口令").await?;
        page.click("console-large").await?;
        page.picture("console-staff-stopped-large").await?;
        open_to_all(&page, "staff stopped, large").await?;
        page.close().await
    })?;
    desk.json(&["sync", "--json"])?;
    let staff = desk.json(&["list", "staff", "--json"])?;
    let row = staff["rows"].as_array().and_then(|rows| rows.iter().find(|row| row["cells"]["name"] == "王芳")).context("she is there")?;
    anyhow::ensure!(row["cells"]["disabled"] == true && row["cells"]["pin_reset_at"].is_string(), "{row}");
    Ok(())
}
