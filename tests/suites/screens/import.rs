//! Enrolment of a computer, and the import wizard: picked, dropped, mapped by hand, taken back.

use super::look::open_to_all;
use super::*;

pub(super) async fn import_the_list(page: &Session) -> Result<()> {
    page.click("nav-elders").await?;
    page.click("elders-import").await?;
    hand(page, "elders_luocheng.xlsx").await?;
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

/// To the screen of lists, in this look.
async fn to_import(page: &Session, look: &str) -> Result<()> {
    if look == "large" {
        page.click("nav-settings").await?;
        page.click("large-type").await?;
        page.wears("large").await?;
    }
    page.click("nav-elders").await?;
    page.click("elders-import").await
}

/// Hands over a file of the samples.
async fn hand(page: &Session, file: &str) -> Result<()> {
    let input = page.page.query(By::Css("[data-testid=import-file]")).first().await?;
    Ok(input.send_keys(sample(file).to_str().context("path")?).await?)
}

/// Somebody who died, a column that says nothing, and a total.
const GONE: &str = "十一月名单\n姓名,身份证号,村别,颜色,备注\n叶全水,445381195512258333,细坑社区,红,\n谢德胜,445381193710200176,细坑社区,蓝,2026年9月病故\n郑妹月,445381196104170249,东区社区三组,红,\n合计,3人,,,\n";

#[test]
fn what_of_a_list_is_left_out_is_shown_and_can_be_taken() -> Result<()> {
    let Town { home: _home, server: _server, desk, .. } = town()?;
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        for look in ["plain", "large"] {
            to_import(&page, look).await?;
            // A sheet that nobody sees is named, and taken once somebody says so.
            hand(&page, "cases/hidden_old_list_a.xlsx").await?;
            page.see_text("import-left", "2024旧名单").await?;
            page.see_text("import-commit", "新增 4 人").await?;
            page.picture(&format!("desk-import-hidden-{look}")).await?;
            open_to_all(&page, &format!("a hidden sheet, {look}")).await?;
            page.click("sheet-0").await?;
            page.see_text("import-commit", "新增 8 人").await?;
            page.click("sheet-0").await?;
            page.see_text("import-commit", "新增 4 人").await?;
            page.press("" + Key::Escape).await?;
            // Rows that are asked about, columns with three of their values.
            page.see("import-drop").await?;
            page.drop_file("import-drop", "十一月.csv", GONE).await?;
            page.see_text("import-left", "颜色").await?;
            page.see_text("import-left", "合计").await?;
            page.see_text("import-row", "病故").await?;
            page.see_text("import-commit", "新增 2 人").await?;
            page.picture(&format!("desk-import-asked-{look}")).await?;
            open_to_all(&page, &format!("rows that are asked about, {look}")).await?;
            page.click("asked-gone").await?;
            page.see_text("import-commit", "新增 3 人").await?;
            page.picture(&format!("desk-import-taken-{look}")).await?;
            page.press("" + Key::Escape).await?;
        }
        page.drop_file("import-drop", "十一月.csv", GONE).await?;
        page.see_text("import-commit", "新增 2 人").await?;
        page.press("" + Key::F8).await?;
        page.see_text("import-done", "新增 2 人").await?;
        page.see_text("import-left", "颜色").await?;
        page.picture("desk-import-left-done").await?;
        open_to_all(&page, "an import with something left out").await?;
        page.close().await
    })
}

/// Lists that fill the wizard: several sheets, blocks, merged cells, formulas, many phones, nothing that can be read.
const SHOWN: [&str; 8] = [
    "a_sheet_for_each_village_a.xlsx",
    "two_blocks_side_by_side_a.xlsx",
    "county_list_merged_a.xlsx",
    "id_is_a_formula_a.xlsx",
    "phones_a.xlsx",
    "example_sheet_in_front_a.xlsx",
    "opendocument_a.ods",
    "merged_with_a_wrong_number.xlsx",
];

#[test]
fn lists_as_offices_send_them_are_shown_at_both_sizes() -> Result<()> {
    let Town { home: _home, server: _server, desk, .. } = town()?;
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        for look in ["plain", "large"] {
            to_import(&page, look).await?;
            for file in SHOWN {
                let name = file.split('.').next().unwrap_or_default();
                hand(&page, &format!("cases/{file}")).await?;
                page.see("import-commit").await?;
                page.see("import-counts").await?;
                page.picture(&format!("desk-import-{name}-{look}")).await?;
                anyhow::ensure!(page.out_of_sight().await?.is_empty(), "{file}, {look}: {:?}", page.out_of_sight().await?);
                page.press("" + Key::Escape).await?;
                page.see("import-drop").await?;
            }
            // Without a header nothing is taken before somebody says that the columns are right.
            hand(&page, "cases/single_file_web_page.xls").await?;
            page.see_text("import-left", "没有列名").await?;
            page.see_text("import-commit", "没有可以导入的行").await?;
            page.picture(&format!("desk-import-without-header-{look}")).await?;
            open_to_all(&page, &format!("a list without a header, {look}")).await?;
            // As the tabulator comes to it: it then lies above the acts, whatever the size of the type.
            page.page.execute("document.querySelector('[data-testid=sheet-0]').focus()", vec![]).await?;
            page.click("sheet-0").await?;
            page.see_text("import-commit", "新增 2 人").await?;
            page.picture(&format!("desk-import-columns-confirmed-{look}")).await?;
            page.press("" + Key::Escape).await?;
            // What is no list is told, and the way back is open.
            page.see("import-drop").await?;
            page.drop_file("import-drop", "通知.csv", "今天,明天\n红,蓝\n").await?;
            page.see_text("fault", "没有找到表头").await?;
            page.picture(&format!("desk-import-refused-{look}")).await?;
            open_to_all(&page, &format!("a file without a list, {look}")).await?;
        }
        page.close().await
    })
}
