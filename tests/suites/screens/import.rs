//! Enrolment of a computer, and the import wizard: picked, dropped, mapped by hand, taken back.

use super::look::open_to_all;
use super::*;

pub(super) async fn import_the_list(page: &Session) -> Result<()> {
    page.click("nav-elders").await?;
    page.click("elders-import").await?;
    let input = page.page.query(By::Css("[data-testid=import-file]")).first().await?;
    input.send_keys(sample("elders_luocheng.xlsx").to_str().context("path")?).await?;
    page.see_text("import-counts", "532").await?;
    page.see_text("import-counts", "33").await?;
    page.picture("desk-import").await?;
    open_to_all(page, "import preview").await?;
    page.click("import-errors").await?;
    page.see_text("errors-written", ".xlsx").await?;
    page.click("import-commit").await?;
    page.see("import-done").await?;
    page.picture("desk-import-done").await
}

#[test]
fn a_new_computer_is_enrolled_on_its_screen_and_an_import_taken_back() -> Result<()> {
    let Town { home, server, .. } = town()?;
    let code = home.admin(&["device", "code", "--division", LUOCHENG])?;
    let fresh = DeskHome::new()?;
    run(async {
        let page = chromium().await?;
        let served = fresh.serve()?;
        page.open(&served).await?;
        page.fill("enrol-server", server.listening()?).await?;
        page.fill("enrol-code", "0000-0000").await?;
        page.click("enrol-save").await?;
        // A wrong code is told in words, and the right one still works.
        page.see_text("fault", "登记码").await?;
        page.fill("enrol-code", code["code"].as_str().context("code")?).await?;
        page.picture("desk-enrolment").await?;
        open_to_all(&page, "enrolment").await?;
        page.click("enrol-save").await?;
        page.see("nav-elders").await?;
        import_the_list(&page).await?;
        page.click("import-undo").await?;
        page.see_text("import-undone", "532").await?;
        page.picture("desk-import-undone").await?;
        page.close().await
    })
}

/// A list with a name column that no office calls like that, and one that means nothing here.
const STRANGE: &str = "登记表\n序,怎么称呼,身份证号,联系电话,门牌号码,颜色\n1,王桂英,445381192801141162,13812345678,细坑路 8 号,红\n2,李某,445381192801141163,,,\n";

#[test]
fn a_dropped_list_with_strange_columns_is_mapped_by_hand() -> Result<()> {
    let Town { home: _home, server: _server, desk, .. } = town()?;
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        page.press("" + Key::F7).await?;
        page.click("elders-import").await?;
        page.see("import-drop").await?;
        page.picture("desk-import-start").await?;
        page.drop_file("import-drop", "来访登记.csv", STRANGE).await?;
        // Without names nothing can be taken; the columns lie open.
        page.see_text("import-commit", "没有可以导入的行").await?;
        page.picture("desk-import-unmapped").await?;
        page.choose("column-1", "name").await?;
        page.see_text("import-commit", "新增 1 人").await?;
        page.choose("column-4", "address").await?;
        page.see_text("import-counts", "1").await?;
        page.picture("desk-import-mapped").await?;
        page.press("" + Key::F8).await?;
        page.see_text("import-done", "新增 1 人").await?;
        page.close().await
    })?;
    let found = desk.json(&["elder", "find", "王桂英", "--json"])?;
    assert_eq!(found[0]["name"], Value::from("王桂英"));
    Ok(())
}
