//! What is seldom seen, in English: a paper that is printed, a new computer, a list taken in and taken back, what was
//! refused or changed in two places, a computer that is shut out or copied, the first account of a server.

use super::super::copied::told_of_its_copy;
use super::super::refused::refused_of_who_left;
use super::super::{apart, delivery};
use super::*;

/// Chooses the second language where its switch stands.
async fn switch(page: &Session) -> Result<()> {
    page.see("language").await?;
    page.page.execute("document.querySelectorAll('[data-testid=language] button')[1].click()", vec![]).await?;
    Ok(())
}

#[test]
fn a_printed_run_is_in_english() -> Result<()> {
    let Town { home: _home, server, desk, .. } = town()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    for name in ["王冬梅", "李桂芳"] {
        order(&desk, name, "own_delivery")?;
    }
    let mut english = English::new(&desk)?;
    server.kill()?;
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        speak_english(&page).await?;
        page.click("nav-delivery").await?;
        page.see_text("print", "Print").await?;
        delivery::on_paper(&page).await?;
        page.see_text("slip", "王冬梅").await?;
        english.read(&page, "slip").await?;
        page.close().await
    })?;
    english.done()
}

#[test]
fn a_new_computer_and_a_list_taken_back_are_in_english() -> Result<()> {
    let Town { home, server, desk, .. } = town()?;
    let mut english = English::new(&desk)?;
    let code = home.admin(&["device", "code", "--division", LUOCHENG])?;
    let fresh = DeskHome::new()?;
    run(async {
        let page = chromium().await?;
        let served = fresh.serve()?;
        page.open(&served).await?;
        switch(&page).await?;
        page.see_text("enrol-save", "Enrol").await?;
        page.fill("enrol-server", server.listening()?).await?;
        page.fill("enrol-code", "0000-0000").await?;
        page.click("enrol-save").await?;
        page.see_text("fault", "code").await?;
        english.look(&page, "enrolment").await?;
        page.fill("enrol-code", code["code"].as_str().context("code")?).await?;
        page.click("enrol-save").await?;
        page.click("nav-elders").await?;
        page.click("elders-import").await?;
        let list = "姓名,身份证号,联系电话\n王桂英,445381192801141162,13812345678\n李某,123,\n";
        page.drop_file("import-drop", "list.csv", list).await?;
        page.see_text("import-counts", "1").await?;
        page.click("import-errors").await?;
        page.see_text("errors-written", ".xlsx").await?;
        page.press("" + Key::F8).await?;
        page.see("import-done").await?;
        english.entered.extend(["王桂英", "李某", "导出"].map(str::to_owned));
        english.look(&page, "import-done").await?;
        page.click("import-undo").await?;
        page.see("import-undone").await?;
        english.look(&page, "import-undone").await?;
        page.close().await
    })?;
    english.done()
}

#[test]
fn what_two_offices_changed_apart_is_in_english() -> Result<()> {
    let town = town()?;
    let _office = apart::changed_apart(&town)?;
    let mut english = English::new(&town.desk)?;
    english.entered.extend(["软饭，不吃辣", "糖尿病，少油少盐", "镇街电脑"].map(str::to_owned));
    run(async {
        let page = chromium().await?;
        let served = town.desk.serve()?;
        page.open(&served).await?;
        speak_english(&page).await?;
        page.click("conflicts-tag").await?;
        page.see_text("conflict", "王冬梅").await?;
        english.look(&page, "conflicts-of-two").await?;
        page.click_with("conflict-choice", "13812340001").await?;
        page.see_text("note", "13812340001").await?;
        english.look(&page, "conflict-decided").await?;
        page.close().await?;

        let page = chromium().await?;
        page.open(&town.server).await?;
        page.click("console-language").await?;
        page.fill("console-name", "hezhang").await?;
        page.fill("console-password", "yufan2026").await?;
        page.press("" + Key::Enter).await?;
        page.see_text("kpi-meals", "0").await?;
        page.press("" + Key::F7).await?;
        page.see_text("conflict-row", "王冬梅").await?;
        english.look(&page, "console-conflicts-of-two").await?;
        page.close().await
    })?;
    english.done()
}

#[test]
fn what_was_refused_is_in_english() -> Result<()> {
    let Town { home, server, desk, .. } = town()?;
    refused_of_who_left(&home, &server, &desk)?;
    let mut english = English::new(&desk)?;
    english.entered.extend(["王桂英", "𬜯塘镇长者饭堂"].map(str::to_owned));
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        speak_english(&page).await?;
        page.click("refused-tag").await?;
        page.see_text("refused", "王桂英").await?;
        english.look(&page, "refused").await?;
        page.close().await
    })?;
    english.done()
}

#[test]
fn a_computer_that_is_shut_out_or_copied_is_told_in_english() -> Result<()> {
    let Town { home, server, desk, canteen } = town()?;
    let (_copy, _) = told_of_its_copy(&desk)?;
    let code = home.admin(&["device", "code", "--canteen", &canteen])?;
    let shut = DeskHome::enrolled(&server.listening()?, code["code"].as_str().context("code")?)?;
    home.admin(&["device", "revoke", "--number", "2"])?;
    anyhow::ensure!(!shut.run(&["sync", "--json"])?.status.success(), "it is told");
    let mut english = English::new(&desk)?;
    run(async {
        for (home, place) in [(&desk, "copied"), (&shut, "shut-out")] {
            let page = chromium().await?;
            let served = home.serve()?;
            page.open(&served).await?;
            page.click("nav-settings").await?;
            switch(&page).await?;
            page.see_text("enrol-save", "Enrol").await?;
            english.read(&page, place).await?;
            page.close().await?;
        }
        Ok(())
    })?;
    english.done()
}

#[test]
fn the_first_account_is_made_in_english() -> Result<()> {
    let home = ServerHome::new()?;
    let server = home.serve("127.0.0.1:0")?;
    let link = first_link(&server)?;
    let mut english = English { entered: PLACES.map(str::to_owned).into(), wrong: Vec::new() };
    run(async {
        let page = chromium().await?;
        page.page.goto(&link).await?;
        page.click("console-language").await?;
        for (password, again) in
            [("yufan26", "yufan26"), ("yufanyufan", "yufanyufan"), ("xshizhang1", "xshizhang1"), ("yufan2026", "yufan2027")]
        {
            page.fill("console-name", "shizhang").await?;
            page.fill("console-password", password).await?;
            page.fill("console-password-again", again).await?;
            page.press("" + Key::Enter).await?;
            page.see("fault").await?;
            english.look(&page, "console-first-account").await?;
        }
        page.fill("console-password-again", "yufan2026").await?;
        page.press("" + Key::Enter).await?;
        page.see_text("console-who", "shizhang").await?;
        english.look(&page, "console-empty").await?;
        page.click("console-signout").await?;
        page.see("console-signin").await?;

        page.page.goto(&link).await?;
        page.fill("console-name", "second").await?;
        page.fill("console-password", "yufan2026").await?;
        page.fill("console-password-again", "yufan2026").await?;
        page.press("" + Key::Enter).await?;
        page.see("fault").await?;
        english.look(&page, "console-first-account-used").await?;
        page.close().await
    })?;
    english.done()
}
