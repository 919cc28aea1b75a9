//! 审计日志: an auditor signs in, sees the log and nothing else, narrows it, and is told once somebody changed it; wide and on a telephone.

use super::accounts::administrator;
use super::look::open_to_all;
use super::*;
use tests::browser::telephone;

/// Each time another auditor: no code counts twice.
async fn signed_in(page: &Session, server: &Running, name: &str) -> Result<()> {
    administrator(page, server, name).await?;
    page.see("audit-row").await?;
    Ok(())
}

#[test]
fn an_auditor_reads_who_did_what_and_nothing_else() -> Result<()> {
    let Town { home, server, desk, .. } = town()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    order(&desk, "王冬梅", "own_delivery")?;
    desk.json(&["sync", "--json"])?;
    for name in ["shenji", "shenji2", "shenji3"] {
        home.account(name, "auditor", "4453", "yufan2026")?;
    }
    run(async {
        let page = chromium().await?;
        signed_in(&page, &server, "shenji").await?;
        page.see_text("audit-row", "开通动态码").await?;
        page.picture("console-audit").await?;
        open_to_all(&page, "audit").await?;
        let links: u32 = page.ask("return document.querySelectorAll('.console-nav a').length").await?;
        anyhow::ensure!(links == 2, "{links} screens in the menu of an auditor");
        page.fill("audit-text", "shenji").await?;
        page.see_text("audit-row", "shenji").await?;
        page.picture("console-audit-narrowed").await?;
        page.page.goto(format!("{}/list/alarms", server.listening()?)).await?;
        page.see_text("list-row", "没有自动备份").await?;
        page.picture("console-alarms").await?;
        open_to_all(&page, "alarms").await?;
        nothing_foreign(&page).await?;
        page.close().await?;

        let page = telephone(390).await?;
        signed_in(&page, &server, "shenji2").await?;
        page.picture("console-narrow-audit").await?;
        open_to_all(&page, "audit on a telephone").await?;
        let width: u32 = page.ask("return document.documentElement.scrollWidth").await?;
        anyhow::ensure!(width <= 390, "{width} wide");
        page.close().await
    })?;
    // Somebody changes a row, and the server looks again when it starts.
    drop(server);
    let store = rusqlite::Connection::open(home.path().join("server.sqlite"))?;
    store.execute("UPDATE audit SET account = 'nobody' WHERE number = 3", [])?;
    drop(store);
    let server = home.serve("127.0.0.1:0")?;
    run(async {
        let page = chromium().await?;
        signed_in(&page, &server, "shenji3").await?;
        page.see_text("audit-broken", "第 3 条").await?;
        page.picture("console-audit-broken").await?;
        open_to_all(&page, "audit that was changed").await?;
        page.close().await
    })
}
