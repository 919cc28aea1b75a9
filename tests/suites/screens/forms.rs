//! A list of the menu with its form, as somebody at a canteen uses it: found by its initials, filled, mended, not lost by a slip.

use super::look::open_to_all;
use super::*;

#[test]
fn a_menu_item_is_entered_found_changed_and_put_on_a_day() -> Result<()> {
    let Town { home: _home, server: _server, desk, .. } = town()?;
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        page.see("nav-all").await?;
        page.press(Key::Control + "k").await?;
        page.press_at("finder", "cp" + Key::Enter).await?;
        page.see("list-export").await?;
        open_to_all(&page, "an empty list").await?;

        // What is missing stands beside its field, and nothing is sent.
        page.press("" + Key::F2).await?;
        page.fill("edit-name", "番茄炒蛋").await?;
        page.click("save-record").await?;
        let problems: Vec<String> = page.ask("return [...document.querySelectorAll('.problem')].map(one => one.innerText)").await?;
        assert_eq!(problems, ["还没有填菜类", "还没有填价格"]);
        page.picture("desk-form-problems").await?;
        open_to_all(&page, "a form").await?;
        page.page.execute("document.querySelectorAll('[role=radio]')[2].click()", vec![]).await?;
        page.fill("edit-price", "8.5").await?;
        page.fill("edit-allergens", "鸡蛋").await?;
        page.click("edit-offered").await?;
        page.press("" + Key::Enter).await?;
        let row = page.see_text("list-row", "番茄炒蛋").await?;
        assert!(row.contains("素菜") && row.contains("8.50") && row.contains("在供应"), "{row}");
        page.picture("desk-form-list").await?;

        // A slip does not lose what was typed.
        page.click("list-row").await?;
        page.see("save-record").await?;
        page.fill("edit-price", "9").await?;
        page.press("" + Key::Escape).await?;
        page.see("unsaved").await?;
        page.picture("desk-form-unsaved").await?;
        open_to_all(&page, "unsaved").await?;
        page.click("go-on").await?;
        page.click("save-record").await?;
        page.see_text("list-row", "9.00").await?;
        page.click("list-row").await?;
        page.see("save-record").await?;
        page.fill("edit-price", "99").await?;
        page.press("" + Key::Escape).await?;
        page.click("discard").await?;
        page.see_text("list-row", "9.00").await?;

        // On the menu of a day, chosen from what there is.
        page.press(Key::Control + "k").await?;
        page.press_at("finder", "mrcd" + Key::Enter).await?;
        page.see("list-export").await?;
        page.press("" + Key::F2).await?;
        page.fill("edit-date", "11-23").await?;
        page.page.execute("document.querySelectorAll('[role=radio]')[1].click()", vec![]).await?;
        let item: String = page
            .ask("return new Promise(found => { const look = () => { const item = document.querySelector('[data-testid=edit-item] option:nth-child(2)'); item ? found(item.value) : requestAnimationFrame(look) }; look() })")
            .await?;
        page.choose("edit-item", &item).await?;
        page.click("save-record").await?;
        let row = page.see_text("list-row", "番茄炒蛋").await?;
        assert!(row.contains("11-23 周一") && row.contains("午餐") && row.contains("9.00") && row.contains("鸡蛋"), "{row}");
        page.picture("desk-form-menu").await?;

        // In large type the list and its form stay readable.
        page.click("nav-settings").await?;
        page.click("large-type").await?;
        page.wears("large").await?;
        page.press(Key::Control + "k").await?;
        page.press_at("finder", "cp" + Key::Enter).await?;
        page.see_text("list-row", "番茄炒蛋").await?;
        page.picture("desk-form-list-large").await?;
        open_to_all(&page, "a list in large type").await?;
        page.click("list-row").await?;
        page.see("save-record").await?;
        page.picture("desk-form-large").await?;
        open_to_all(&page, "a form in large type").await?;
        nothing_foreign(&page).await?;
        page.close().await
    })
}
