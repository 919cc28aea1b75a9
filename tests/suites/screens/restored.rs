//! A server that was put back from a backup, and photos that are not whole, as people are told of them.

use super::look::open_to_all;
use super::*;
use tests::browser::telephone;
use tests::photo;

async fn city(page: &Session, server: &Running) -> Result<()> {
    page.open(server).await?;
    page.fill("console-name", "hezhang").await?;
    page.fill("console-password", "yufan2026").await?;
    page.press("" + Key::Enter).await?;
    page.see("site-name").await?;
    Ok(())
}

#[test]
fn f78_a_server_that_was_put_back_is_told_at_the_desk_and_to_the_city() -> Result<()> {
    let Town { home, server, desk, .. } = town()?;
    let settled = home.command().args(["restored", "--json"]).output()?;
    anyhow::ensure!(settled.status.success(), "{}", String::from_utf8_lossy(&settled.stderr));
    desk.json(&["sync", "--json"])?;
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        page.see_text("sync-trouble", "从备份恢复过").await?;
        page.picture("desk-server-restored").await?;
        open_to_all(&page, "a server that was put back").await?;
        page.click("nav-settings").await?;
        page.click("large-type").await?;
        page.wears("large").await?;
        page.see_text("sync-trouble", "不用重录").await?;
        page.picture("desk-server-restored-large").await?;
        open_to_all(&page, "a server that was put back, large").await?;
        page.close().await?;

        let page = telephone(360).await?;
        city(&page, &server).await?;
        page.page.goto(format!("{}/list/alarms", server.listening()?)).await?;
        page.see_text("list-row", "没有自动备份").await?;
        page.picture("console-narrow-alarms").await?;
        open_to_all(&page, "alarms on a telephone").await?;
        let width: u32 = page.ask("return document.documentElement.scrollWidth").await?;
        anyhow::ensure!(width <= 360, "{width} wide");
        page.close().await
    })
}

#[test]
fn half_a_photo_is_kept_and_told_on_the_phone() -> Result<()> {
    let Town { server: _server, desk, .. } = town()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    order(&desk, "王冬梅", "own_delivery")?;
    let half = desk.path().join("half.jpg");
    let whole = std::fs::read(photo::door(desk.path(), 7)?)?;
    std::fs::write(&half, &whole[..whole.len() / 2])?;
    run(async {
        let page = telephone(360).await?;
        let served = desk.serve()?;
        page.page.goto(served.first_line["phone"].as_str().context("phone")?).await?;
        page.click("phone-leave").await?;
        page.see_text("phone-stop", "配送中").await?;
        page.click("phone-close").await?;
        page.see("phone-save").await?;
        let input = page.page.query(By::Css("[data-testid=phone-photo]")).first().await?;
        input.send_keys(half.to_str().context("path")?).await?;
        page.see("photo-kept").await?;
        page.see_text("note", "照片文件不完整").await?;
        page.picture("phone-half-photo").await?;
        open_to_all(&page, "half a photo").await?;
        page.close().await
    })
}
