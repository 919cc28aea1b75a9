//! 我的账号: another password, a second factor that is asked for with the next sign-in, sessions that are ended from afar.

use super::look::open_to_all;
use super::*;

/// What an authenticator app shows that goes by the server's clock.
async fn shown(page: &Session, secret: &str) -> Result<String> {
    let now: String = page.ask("return fetch('/api/session').then(answer => answer.json()).then(session => session.now)").await?;
    let at = jiff::tz::Offset::constant(8).to_timestamp(now.parse()?)?.as_second().unsigned_abs();
    let secret = totp_rs::Secret::try_from_base32(secret).ok().context("no secret")?;
    let app = totp_rs::Builder::new().with_secret(secret).with_account_name("x").build().ok().context("no app")?;
    Ok(app.generate(at).to_string())
}

/// Turns the second factor on, on the page of one's own account.
pub(super) async fn with_factor(page: &Session, password: &str) -> Result<()> {
    page.fill("factor-password", password).await?;
    page.click("factor-begin").await?;
    let secret = page.see("factor-secret").await?.text().await?;
    page.fill("factor-code", shown(page, &secret).await?).await?;
    page.click("factor-confirm").await?;
    page.see("factor-on").await?;
    Ok(())
}

#[test]
fn an_account_is_looked_after_by_whose_it_is() -> Result<()> {
    let Town { home: _home, server, desk: _desk, .. } = town()?;
    run(async {
        let page = chromium().await?;
        page.open(&server).await?;
        page.fill("console-name", "hezhang").await?;
        page.fill("console-password", "yufan2026").await?;
        page.press("" + Key::Enter).await?;
        page.click("console-who").await?;
        page.see_text("account-name", "hezhang").await?;
        page.picture("account").await?;
        open_to_all(&page, "one's own account").await?;

        page.fill("password-old", "yufan2026").await?;
        page.fill("password-new", "yufan").await?;
        page.fill("password-again", "yufan").await?;
        page.click("password-save").await?;
        page.see_text("fault", "密码太短").await?;
        for (id, typed) in [("password-new", "lvzhou2027x"), ("password-again", "lvzhou2027x")] {
            page.fill(id, typed).await?;
        }
        page.click("password-save").await?;
        page.see_text("note", "密码已改").await?;

        page.fill("factor-password", "lvzhou2027x").await?;
        page.click("factor-begin").await?;
        let secret = page.see("factor-secret").await?.text().await?;
        page.picture("account-factor").await?;
        open_to_all(&page, "a second factor").await?;
        page.fill("factor-code", "000000").await?;
        page.click("factor-confirm").await?;
        page.see_text("fault", "动态码不对").await?;
        page.fill("factor-code", shown(&page, &secret).await?).await?;
        page.click("factor-confirm").await?;
        page.see("factor-on").await?;
        page.picture("account-factor-on").await?;

        page.click("account-back").await?;
        page.click("console-signout").await?;
        page.fill("console-name", "hezhang").await?;
        page.fill("console-password", "lvzhou2027x").await?;
        page.press("" + Key::Enter).await?;
        page.see_text("fault", "还要动态码或密钥").await?;
        page.see("console-code").await?;
        page.picture("console-sign-in-code").await?;
        open_to_all(&page, "a code is wanted").await?;
        nothing_foreign(&page).await?;
        page.close().await
    })
}
