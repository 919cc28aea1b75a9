//! English as the second language: switched on by hand, and then no Chinese word is left on any screen but what people
//! entered themselves and the names of places.

mod seldom;

use super::look::open_to_all;
use super::*;
use std::collections::BTreeSet;
use tests::browser::telephone;

/// Every text that shows or is read aloud, without the names of languages.
const TEXTS: &str = "
    const of = element => element && element.checkVisibility() && !element.closest('[lang]:not(html), [data-testid=language]');
    const found = new Set([document.title]);
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) if (of(walk.currentNode.parentElement)) found.add(walk.currentNode.data);
    for (const element of document.querySelectorAll('*'))
        if (of(element)) for (const name of ['placeholder', 'aria-label', 'title', 'alt', 'label'])
            found.add(element.getAttribute(name) || '');
    return [...found]";

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{3000}'..='\u{9fff}').contains(&c) || ('\u{ff00}'..='\u{ffef}').contains(&c))
}

/// Chinese texts in an answer: what people entered, and names of places.
fn entered(answer: &Value, found: &mut BTreeSet<String>) {
    match answer {
        Value::String(text) if is_chinese(text) => drop(found.insert(text.clone())),
        Value::Array(all) => all.iter().for_each(|one| entered(one, found)),
        Value::Object(all) => all.values().for_each(|one| entered(one, found)),
        _ => {}
    }
}

const PLACES: [&str; 7] = ["罗城街道", "云浮市", "云城区", "云安区", "新兴县", "郁南县", "罗定市"];

struct English {
    entered: BTreeSet<String>,
    wrong: Vec<String>,
}

impl English {
    fn new(desk: &DeskHome) -> Result<Self> {
        let called = ["罗城街道长者饭堂", "饭堂电脑", "普通", "软饭", "番茄炒蛋"];
        let mut found: BTreeSet<String> = called.into_iter().chain(PLACES).map(str::to_owned).collect();
        for list in ["elders", "orders"] {
            entered(&desk.json(&["list", list, "--json"])?, &mut found);
        }
        entered(&desk.json(&["elder", "find", "", "--json"])?, &mut found);
        // Lists show the head of an address; who brings a meal reads it whole.
        entered(&desk.json(&["call", "today"])?, &mut found);
        // Where somebody lives is told by the short name as well.
        let places: Vec<String> = found.iter().flat_map(|text| ["社区", "村"].map(|end| text.trim_end_matches(end).to_owned())).collect();
        found.extend(places.into_iter().filter(|place| is_chinese(place)));
        Ok(Self { entered: found, wrong: Vec::new() })
    }

    /// Holds what stands on the page to English, keeps its picture, and looks whether all of it can be read.
    async fn look(&mut self, page: &Session, place: &str) -> Result<()> {
        self.read(page, place).await?;
        self.wrong.extend(open_to_all(page, place).await.err().map(|error| error.to_string()));
        Ok(())
    }

    /// Holds its words only: a paper, or a page longer than the screen.
    async fn read(&mut self, page: &Session, place: &str) -> Result<()> {
        page.picture(&format!("english-{place}")).await?;
        let texts: Vec<String> = page.ask(TEXTS).await?;
        for text in texts.iter().filter(|text| is_chinese(text)) {
            let mut left = text.clone();
            // The longest first: names hold shorter ones.
            let mut known: Vec<&String> = self.entered.iter().collect();
            known.sort_by_key(|known| std::cmp::Reverse(known.len()));
            for known in known {
                left = left.replace(known.as_str(), "");
            }
            if is_chinese(&left) {
                self.wrong.push(format!("{place}: {text}"));
            }
        }
        Ok(())
    }

    fn done(self) -> Result<()> {
        anyhow::ensure!(self.wrong.is_empty(), "{:#?}", self.wrong);
        Ok(())
    }
}

async fn speak_english(page: &Session) -> Result<()> {
    page.click("nav-settings").await?;
    page.see("language").await?;
    page.page.execute("document.querySelectorAll('[data-testid=language] button')[1].click()", vec![]).await?;
    page.see_text("nav-today", "Today").await.map(drop)
}

#[test]
fn the_desk_speaks_english_on_every_screen() -> Result<()> {
    let Town { home: _home, server, desk, .. } = town()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    for (name, mode) in [("王冬梅", "own_delivery"), ("李桂芳", "own_delivery"), ("梁婷婷", "pick_up")] {
        order(&desk, name, mode)?;
    }
    let mut english = English::new(&desk)?;
    server.kill()?;
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        speak_english(&page).await?;
        let spoken: String = page.ask("return document.documentElement.lang + ' ' + document.title").await?;
        assert_eq!(spoken, "en Elder canteens");
        english.look(&page, "settings").await?;
        page.press("" + Key::F1).await?;
        page.see("help").await?;
        english.look(&page, "help").await?;
        page.press("" + Key::Escape).await?;

        page.click("nav-today").await?;
        page.see("today-row").await?;
        english.look(&page, "today").await?;
        page.page.execute("document.querySelector('[data-testid=today-row] .link').click()", vec![]).await?;
        page.see("detail-number").await?;
        english.look(&page, "today-order").await?;
        page.press("" + Key::Escape).await?;

        page.click("nav-order").await?;
        english.look(&page, "order-empty").await?;
        page.press_at("search", "wdm").await?;
        page.see_text("card-name", "王冬梅").await?;
        page.see("price").await?;
        english.look(&page, "order-card").await?;
        // She has this meal already: the warning that is to be confirmed.
        page.press_at("search", "" + Key::Enter).await?;
        page.press_at("save-order", "" + Key::Enter).await?;
        page.see("confirm-dialog").await?;
        english.look(&page, "order-confirm").await?;
        page.press("" + Key::Escape).await?;

        page.click("nav-delivery").await?;
        page.see("receipt-save").await?;
        english.look(&page, "delivery").await?;
        page.click("nav-ledger").await?;
        page.see("ledger-row").await?;
        english.look(&page, "ledger").await?;
        page.click("ledger-row").await?;
        page.see("detail-number").await?;
        english.look(&page, "ledger-order").await?;
        page.press("" + Key::Escape).await?;
        page.click("nav-elders").await?;
        page.see("elders-row").await?;
        english.look(&page, "elders").await?;
        page.click("elders-row").await?;
        page.see("save-elder").await?;
        english.look(&page, "elder").await?;
        page.press("" + Key::Escape).await?;

        page.press(Key::Control + "k").await?;
        page.see("find-hit").await?;
        english.look(&page, "finder").await?;
        page.press_at("finder", "conflicts" + Key::Enter).await?;
        page.see("no-conflicts").await?;
        english.look(&page, "conflicts").await?;

        // A list that follows from its declaration, with a form, what is missing in it, and its history.
        page.press(Key::Control + "k").await?;
        page.press_at("finder", "menu items" + Key::Enter).await?;
        page.see("list-export").await?;
        page.press("" + Key::F2).await?;
        page.fill("edit-name", "番茄炒蛋").await?;
        page.click("save-record").await?;
        let problems: Vec<String> = page.ask("return [...document.querySelectorAll('.problem')].map(one => one.innerText)").await?;
        assert_eq!(problems, ["Course is missing", "Price is missing"]);
        english.look(&page, "form").await?;
        page.page.execute("document.querySelectorAll('[role=radio]')[2].click()", vec![]).await?;
        page.fill("edit-price", "8.5").await?;
        page.press("" + Key::Enter).await?;
        page.see_text("list-row", "番茄炒蛋").await?;
        english.look(&page, "list").await?;
        page.click("list-row").await?;
        page.see("save-record").await?;
        english.look(&page, "record").await?;
        page.press("" + Key::Escape).await?;

        // What the desk itself puts into words: why a row of a list is not taken.
        page.click("nav-elders").await?;
        page.click("elders-import").await?;
        page.see("import-drop").await?;
        english.look(&page, "import").await?;
        page.drop_file("import-drop", "list.csv", "姓名,身份证号\n王冬梅,123\n").await?;
        page.see("import-counts").await?;
        english.look(&page, "import-preview").await?;

        // Where words stand closest, in large type.
        page.click("nav-settings").await?;
        page.click("large-type").await?;
        page.wears("large").await?;
        english.look(&page, "settings-large").await?;
        page.click("nav-order").await?;
        page.press_at("search", "wdm").await?;
        page.see("price").await?;
        english.look(&page, "order-large").await?;
        page.click("nav-delivery").await?;
        page.see("receipt-save").await?;
        english.look(&page, "delivery-large").await?;

        // And back again.
        page.click("nav-settings").await?;
        page.see("language").await?;
        page.page.execute("document.querySelectorAll('[data-testid=language] button')[0].click()", vec![]).await?;
        page.see_text("nav-today", "今日").await?;
        page.close().await
    })?;
    english.done()
}

#[test]
fn the_courier_reads_english_where_the_desk_does() -> Result<()> {
    let Town { home: _home, server, desk, .. } = town()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    order(&desk, "王冬梅", "own_delivery")?;
    let mut english = English::new(&desk)?;
    server.kill()?;
    run(async {
        let (page, phone) = (chromium().await?, telephone(360).await?);
        let served = desk.serve()?;
        page.open(&served).await?;
        speak_english(&page).await?;
        page.close().await?;
        phone.page.goto(served.first_line["phone"].as_str().context("no page for the phone")?).await?;
        phone.see_text("phone-done", "0 of 1 delivered").await?;
        phone.see_text("phone-stop", "Lunch").await?;
        english.look(&phone, "phone-list").await?;
        phone.click("phone-leave").await?;
        phone.click("phone-close").await?;
        phone.see("phone-save").await?;
        english.look(&phone, "phone-closing").await?;
        phone.close().await
    })?;
    english.done()
}

#[test]
fn the_console_speaks_english_on_every_screen() -> Result<()> {
    let Town { home: _home, server, desk, .. } = town()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    order(&desk, "王冬梅", "own_delivery")?;
    order(&desk, "李桂芳", "pick_up")?;
    desk.json(&["sync", "--json"])?;
    let mut english = English::new(&desk)?;
    run(async {
        let page = chromium().await?;
        page.open(&server).await?;
        page.see("console-signin").await?;
        page.click("console-language").await?;
        page.see_text("console-signin", "Sign in").await?;
        page.fill("console-name", "hezhang").await?;
        page.fill("console-password", "wrong 2026").await?;
        page.press("" + Key::Enter).await?;
        page.see("fault").await?;
        english.look(&page, "console-sign-in").await?;
        page.fill("console-password", "yufan2026").await?;
        page.press("" + Key::Enter).await?;
        page.see_text("kpi-meals", "2").await?;
        english.look(&page, "console-today").await?;
        page.press("" + Key::F6).await?;
        page.see("ledger-row").await?;
        english.look(&page, "console-ledger").await?;
        page.press(Key::Down + Key::Enter).await?;
        page.see("detail-number").await?;
        english.look(&page, "console-order").await?;
        page.press("" + Key::F10).await?;
        page.see("device-row").await?;
        english.look(&page, "console-devices").await?;
        page.press("" + Key::F7).await?;
        page.see("conflict-export").await?;
        english.look(&page, "console-conflicts").await?;
        page.press(Key::Control + "k").await?;
        page.see("find-hit").await?;
        english.look(&page, "console-finder").await?;
        page.press_at("finder", "canteens" + Key::Enter).await?;
        page.see("list-row").await?;
        english.look(&page, "console-list").await?;
        // Remembered by this browser, and told to the server.
        page.page.refresh().await?;
        page.see_text("console-nav-today", "Today").await?;
        page.close().await?;

        let page = telephone(390).await?;
        page.open(&server).await?;
        page.see("console-signin").await?;
        page.click("console-language").await?;
        page.see_text("console-signin", "Sign in").await?;
        english.look(&page, "console-narrow-sign-in").await?;
        page.fill("console-name", "hezhang").await?;
        page.fill("console-password", "yufan2026").await?;
        page.press("" + Key::Enter).await?;
        page.see_text("kpi-meals", "2").await?;
        english.look(&page, "console-narrow-today").await?;
        page.close().await
    })?;
    english.done()
}
