//! The real window.

use super::*;
use tests::browser::window;

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

#[test]
fn a_folder_that_does_not_open_is_told_in_the_window_and_tried_again() -> Result<()> {
    let desk = DeskHome::new()?;
    desk.json(&["status", "--json"])?;
    let in_the_way = desk.path().join("desk.sqlite");
    std::fs::remove_file(&in_the_way)?;
    std::fs::create_dir(&in_the_way)?;
    run(async {
        let page = window(desk.path()).await?;
        page.see_text("unopened", "打不开本机的数据文件夹").await?;
        page.see_text("unopened", "不要删除文件夹").await?;
        std::fs::remove_dir(&in_the_way)?;
        page.see("enrol-server").await?;
        page.close().await
    })
}
