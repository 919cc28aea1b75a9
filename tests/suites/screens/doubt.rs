//! 存疑订单: a second order for a meal is told at the canteen that wrote it, decided by the township with a note, and seen by the city.

use super::look::open_to_all;
use super::transfer::township;
use super::*;

#[test]
fn an_order_that_does_not_fit_is_told_at_the_canteen_and_decided_by_the_township() -> Result<()> {
    let Town { home, server, desk, .. } = town()?;
    let office = township(&home, &server)?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    order(&desk, "王冬梅", "own_delivery")?;
    let elder = desk.json(&["elder", "find", "王冬梅", "--json"])?[0]["id"].as_str().context("id")?.to_owned();
    let again = ["order", "take", "--elder", &elder, "--date", &NOW[..10], "--meal", "lunch", "--mode", "pick_up", "--confirm", "--json"];
    let second = desk.json(&again)?["number"].as_str().context("number")?.to_owned();
    for home in [&desk, &desk, &office] {
        home.json(&["sync", "--json"])?;
    }
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        page.click("doubts-tag").await?;
        page.see_text("list-row", &second).await?;
        page.see_text("list-row", "同一餐的第二单").await?;
        page.picture("desk-doubts").await?;
        open_to_all(&page, "doubtful orders at the canteen").await?;
        page.click("list-row").await?;
        page.see_text("detail-reason", "同一餐的第二单").await?;
        anyhow::ensure!(page.page.find_all(By::Css("[data-testid=save-record]")).await?.is_empty(), "the canteen decides nothing");
        page.close().await?;

        let page = chromium().await?;
        let served = office.serve()?;
        page.open(&served).await?;
        page.click("nav-settings").await?;
        page.click("large-type").await?;
        page.wears("large").await?;
        page.click("doubts-tag").await?;
        page.see_text("list-row", &second).await?;
        page.picture("desk-doubts-large").await?;
        open_to_all(&page, "doubtful orders in large type").await?;
        page.click("list-row").await?;
        page.choose("edit-verdict", "counts").await?;
        page.click("save-record").await?;
        page.fill("edit-note", "").await?;
        let problems: Vec<String> = page.ask("return [...document.querySelectorAll('.problem')].map(one => one.innerText)").await?;
        anyhow::ensure!(problems == ["请写一句为什么算或不算"], "{problems:?}");
        page.fill("edit-note", "两位老人同住，一人代订").await?;
        page.picture("desk-doubt-decision").await?;
        page.click("save-record").await?;
        page.see_text("list-row", "算数").await?;
        nothing_foreign(&page).await?;
        page.close().await?;

        let page = tests::browser::telephone(390).await?;
        page.open(&server).await?;
        page.fill("console-name", "hezhang").await?;
        page.fill("console-password", "yufan2026").await?;
        page.press("" + Key::Enter).await?;
        page.see_text("kpi-meals", "餐").await?;
        page.page.goto(format!("{}/list/doubts", server.listening()?)).await?;
        page.see_text("list-row", &second).await?;
        page.picture("console-doubts-narrow").await?;
        open_to_all(&page, "doubtful orders on the console").await?;
        page.close().await
    })
}

/// A network that answers everything with a page of its own.
fn portal() -> Result<String> {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(std::result::Result::ok) {
            let _ = stream.read(&mut [0; 64 * 1024]);
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 15\r\nconnection: close\r\n\r\n<html>Hi</html>");
        }
    });
    Ok(url)
}

#[test]
fn a_network_that_wants_a_login_is_told_on_every_screen_and_orders_go_on() -> Result<()> {
    let Town { home: _home, server, desk, .. } = town()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    desk.json(&["sync", "--json"])?;
    let office = desk::Desk::open(desk.path())?;
    let settings = office.ask(&shared::command::Status {})?.settings;
    office.ask(&shared::command::SaveSettings { settings: shared::command::Settings { server: portal()?, ..settings } })?;
    drop((office, server));
    order(&desk, "王冬梅", "own_delivery")?;
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        page.see_text("sync-trouble", "要先登录这个网络").await?;
        page.see_text("unsent", "待上传").await?;
        page.picture("desk-trouble").await?;
        open_to_all(&page, "a portal on the line").await?;
        page.click("nav-settings").await?;
        page.click("large-type").await?;
        page.wears("large").await?;
        page.see_text("sync-trouble", "要先登录这个网络").await?;
        page.picture("desk-trouble-large").await?;
        open_to_all(&page, "a portal on the line, in large type").await?;
        page.close().await
    })
}
