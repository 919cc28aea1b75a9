//! A new server: the link that it prints once makes the first account, and no more than that.

use super::look::open_to_all;
use super::*;

#[test]
fn the_link_of_a_new_server_makes_its_first_account_once() -> Result<()> {
    let home = ServerHome::new()?;
    let server = home.serve("127.0.0.1:0")?;
    let link = first_link(&server)?;
    run(async {
        let page = chromium().await?;
        page.page.goto(&link).await?;
        page.see_text("sign-in-words", &shared::say!(account::password_rule())).await?;
        page.picture("console-first-account").await?;
        for (password, again, words) in [
            ("yufan26", "yufan26", "密码太短"),
            ("yufanyufan", "yufanyufan", "只有字母"),
            ("xshizhang1", "xshizhang1", "带有账号名"),
            ("a123456789", "a123456789", "太常见"),
            ("password1", "password1", "太常见"),
            ("yufan2026", "yufan2027", "两次密码不一样"),
        ] {
            page.fill("console-name", "shizhang").await?;
            page.fill("console-password", password).await?;
            page.fill("console-password-again", again).await?;
            page.press("" + Key::Enter).await?;
            page.see_text("fault", words).await?;
        }
        page.picture("console-first-account-fault").await?;
        open_to_all(&page, "first account").await?;
        page.fill("console-password-again", "yufan2026").await?;
        page.press("" + Key::Enter).await?;
        page.see_text("site-name", "云浮").await?;
        page.see_text("console-who", "shizhang").await?;
        page.picture("console-empty").await?;
        page.click("console-signout").await?;
        page.see("console-signin").await?;

        page.page.goto(&link).await?;
        page.fill("console-name", "second").await?;
        page.fill("console-password", "yufan2026").await?;
        page.fill("console-password-again", "yufan2026").await?;
        page.press("" + Key::Enter).await?;
        page.see("fault").await?;
        page.picture("console-first-account-used").await?;
        page.click("to-sign-in").await?;
        page.fill("console-name", "shizhang").await?;
        page.fill("console-password", "yufan2026").await?;
        page.press("" + Key::Enter).await?;
        page.see_text("console-who", "shizhang").await?;
        nothing_foreign(&page).await?;
        page.close().await
    })
}
