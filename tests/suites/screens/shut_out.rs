//! A computer that the centre shuts out: it forgets what the server knows, keeps what it has not sent, says so on its
//! screen, and sends that once it is enrolled anew.

use super::*;

#[test]
fn f49_a_computer_that_is_shut_out_forgets_keeps_what_waits_and_enrols_anew() -> Result<()> {
    let Town { home, server, desk, canteen } = town()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    order(&desk, "李桂芳", "pick_up")?;
    desk.json(&["sync", "--json"])?;
    let waits = order(&desk, "王冬梅", "pick_up")?;
    home.admin(&["device", "revoke", "--number", "1"])?;
    let told = desk.run(&["sync", "--json"])?;
    anyhow::ensure!(!told.status.success() && String::from_utf8_lossy(&told.stdout).contains("已被上级停用"), "{told:?}");

    let numbers = || -> Result<Vec<String>> {
        let ledger = desk.json(&["ledger", "--json"])?;
        let rows = ledger["rows"].as_array().context("rows")?;
        Ok(rows.iter().filter_map(|row| Some(row["number"].as_str()?.to_owned())).collect())
    };
    assert_eq!(numbers()?, std::slice::from_ref(&waits), "what it had sent is gone, what waits is there");
    assert_eq!(desk.json(&["elder", "find", "李桂芳", "--json"])?, Value::Array(vec![]), "and so is everybody's file");
    assert_eq!(desk.json(&["verify", "--json"])?["ok"], Value::Bool(true));

    let code = home.admin(&["device", "code", "--canteen", &canteen])?;
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        page.click("nav-settings").await?;
        page.see_text("shut-out", "已被上级停用").await?;
        page.picture("desk-shut-out").await?;
        page.fill("enrol-server", server.listening()?).await?;
        page.fill("enrol-code", code["code"].as_str().context("code")?).await?;
        page.click("enrol-save").await?;
        page.see_text("sync-pill", "在线").await?;
        page.see_text("unsent", "全部已上传").await?;
        page.close().await
    })?;
    anyhow::ensure!(desk.json(&["sync", "--json"])?["agrees"] == true, "both ends agree");
    let all = numbers()?;
    anyhow::ensure!(all.len() == 2 && all.contains(&waits), "{all:?}");
    Ok(())
}
