//! 密钥: somebody makes a key, saves it, and comes in with it in the place of a code; a wrong passphrase and a wrong file are told in words, in
//! both languages and in large type, also on a telephone.

use super::look::open_to_all;
use super::*;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tests::browser::telephone;

const PASSPHRASE: &str = "yanhe liang 2026";

/// Has the browser save what it downloads there.
async fn saving_to(page: &Session, folder: &Path) -> Result<()> {
    let ask = serde_json::json!({ "behavior": "allow", "downloadPath": folder });
    page.page.cdp().send_raw("Browser.setDownloadBehavior", ask).await?;
    Ok(())
}

/// The file that was saved, once it is whole.
async fn saved(folder: &Path) -> Result<PathBuf> {
    let begun = Instant::now();
    loop {
        let files = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
        if let Some(file) = files.into_iter().find(|path| path.extension().is_some_and(|end| end == "pem")) {
            return Ok(file);
        }
        anyhow::ensure!(begun.elapsed() < Duration::from_secs(20), "nothing was saved");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Chooses a file and types a passphrase on the sheet.
async fn choose(page: &Session, file: &Path, passphrase: &str) -> Result<()> {
    page.see("key-file").await?.send_keys(file.display().to_string()).await?;
    page.fill("key-passphrase", passphrase).await?;
    page.click("key-go").await
}

async fn password(page: &Session, server: &Running) -> Result<()> {
    page.open(server).await?;
    page.fill("console-name", "hezhang").await?;
    page.fill("console-password", "yufan2026").await?;
    page.press("" + Key::Enter).await
}

#[test]
fn a_key_is_made_saved_and_used_at_the_door() -> Result<()> {
    let Town { home: _home, server, desk: _desk, .. } = town()?;
    let stick = tempfile::tempdir()?;
    run(async {
        let page = chromium().await?;
        saving_to(&page, stick.path()).await?;
        password(&page, &server).await?;
        page.click("console-who").await?;
        page.fill("own-key-password", "yufan2026").await?;
        page.click("own-key-make").await?;
        page.see("key-name").await?;
        page.picture("key-make").await?;
        open_to_all(&page, "a key is made").await?;
        for (typed, again, told) in [
            ("short2026", "short2026", "口令太短"),
            ("hezhang-2026-x", "hezhang-2026-x", "口令太短"),
            (PASSPHRASE, "other", "两次口令不一样"),
        ] {
            page.fill("key-passphrase", typed).await?;
            page.fill("key-again", again).await?;
            page.click("key-go").await?;
            page.see_text("key-fault", told).await?;
        }
        page.fill("key-name", "蓝色 U 盘").await?;
        page.fill("key-again", PASSPHRASE).await?;
        let begun = Instant::now();
        page.click("key-go").await?;
        page.see("key-file").await?;
        println!("a key is made and encrypted in {} ms", begun.elapsed().as_millis());
        page.picture("key-saved").await?;
        open_to_all(&page, "a key was saved").await?;
        let file = saved(stick.path()).await?;
        let text = std::fs::read_to_string(&file)?;
        anyhow::ensure!(text.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"), "{text}");
        let photo = stick.path().join("photo.txt");
        std::fs::write(&photo, "no key")?;
        choose(&page, &photo, PASSPHRASE).await?;
        page.see_text("key-fault", "不是本系统的密钥").await?;
        choose(&page, &file, "yanhe liang 2027").await?;
        page.see_text("key-fault", "口令不对").await?;
        page.picture("key-wrong").await?;
        open_to_all(&page, "a wrong passphrase").await?;
        choose(&page, &file, PASSPHRASE).await?;
        page.see_text("own-key", "蓝色 U 盘").await?;
        for look in ["account-keys", "account-keys-large"] {
            let row = page.see("own-key").await?;
            row.scroll_into_view().await?;
            page.picture(look).await?;
            open_to_all(&page, look).await?;
            page.click("console-large").await?;
        }

        page.click("account-back").await?;
        page.click("console-signout").await?;
        password(&page, &server).await?;
        page.see_text("fault", "还要动态码或密钥").await?;
        page.picture("sign-in-factor").await?;
        open_to_all(&page, "a second factor is wanted").await?;
        page.click("console-key").await?;
        choose(&page, &file, "yanhe liang 2027").await?;
        page.see_text("key-fault", "口令不对").await?;
        page.click("key-close").await?;
        page.see("console-signin").await?;
        page.click("console-large").await?;
        page.click("console-key").await?;
        page.see("key-file").await?;
        page.picture("sign-in-key-large").await?;
        open_to_all(&page, "a key is used, in large type").await?;
        let begun = Instant::now();
        choose(&page, &file, PASSPHRASE).await?;
        page.see("site-name").await?;
        println!("signed in by it in {} ms", begun.elapsed().as_millis());
        page.click("console-large").await?;
        nothing_foreign(&page).await?;

        // It ends by itself: the account is no administrator's.
        page.click("console-who").await?;
        page.click("own-key-end").await?;
        page.page.find(By::Css("[data-testid=own-key] [data-testid=factor-key]")).await?.click().await?;
        choose(&page, &file, PASSPHRASE).await?;
        page.see("key-ready").await?;
        page.picture("account-key-end").await?;
        open_to_all(&page, "a key is ended").await?;
        page.click("own-key-sure").await?;
        page.see_text("note", "密钥已停用").await?;
        page.close().await
    })
}

#[test]
fn a_key_is_used_on_a_narrow_screen_and_in_english() -> Result<()> {
    let Town { home: _home, server, desk: _desk, .. } = town()?;
    let stick = tempfile::tempdir()?;
    run(async {
        let page = telephone(360).await?;
        saving_to(&page, stick.path()).await?;
        page.open(&server).await?;
        page.click("console-language").await?;
        password(&page, &server).await?;
        page.see("site-name").await?;
        page.page.goto(format!("{}/account", server.listening()?)).await?;
        page.fill("own-key-password", "yufan2026").await?;
        page.click("own-key-make").await?;
        page.see("key-name").await?;
        page.picture("key-make-narrow").await?;
        open_to_all(&page, "a key is made on a narrow screen").await?;
        page.fill("key-passphrase", PASSPHRASE).await?;
        page.fill("key-again", PASSPHRASE).await?;
        page.click("key-go").await?;
        page.see("key-file").await?;
        let file = saved(stick.path()).await?;
        choose(&page, &file, "yanhe liang 2027").await?;
        page.see_text("key-fault", "The passphrase is wrong").await?;
        page.picture("key-wrong-narrow").await?;
        let wide: bool = page.ask("return document.documentElement.scrollWidth > innerWidth").await?;
        anyhow::ensure!(!wide, "wider than its screen");
        choose(&page, &file, PASSPHRASE).await?;
        page.see_text("own-key", "Key on a stick").await?;
        page.close().await
    })
}
