//! What the server does not take: somebody has gone to another town, and her old canteen wrote on before it knew.

use super::transfer::{both_enrol_her, neighbour, township};
use super::*;
use desk::Desk;
use shared::command::{ElderCard, ElderForm, List, Save, SaveElder, SyncNow};
use shared::form::Draft;

/// Her township hands her over to another town, and the desk writes in her file before it hears of that; the server refuses it.
pub(super) fn refused_of_who_left(home: &ServerHome, server: &Running, desk: &DeskHome) -> Result<()> {
    let (other, office) = (neighbour(home, server)?, township(home, server)?);
    let elder = both_enrol_her(desk, &other)?;
    office.json(&["sync", "--json"])?;
    let office = Desk::open(office.path())?;
    let asked = office.ask(&List { list: "transfers".into(), words: Draft::new() })?.rows.first().map(|row| row.id);
    office.ask(&Save { list: "transfers".into(), record: asked, draft: Draft::from([("answer".into(), "agreed".into())]) })?;
    office.ask(&SyncNow {})?;
    let desk = Desk::open(desk.path())?;
    let form = desk.ask(&ElderCard { elder: Some(elder) })?.form;
    desk.ask(&SaveElder { elder: Some(elder), form: ElderForm { note: "牙不好".into(), ..form } })?;
    let report = desk.ask(&SyncNow {})?;
    anyhow::ensure!(report.refused.len() == 1, "{:?}", report.refused);
    Ok(())
}

#[test]
fn a_refused_change_is_told_in_words_and_found_from_every_screen() -> Result<()> {
    let Town { home, server, desk, .. } = town()?;
    refused_of_who_left(&home, &server, &desk)?;
    run(async {
        let page = chromium().await?;
        let served = desk.serve()?;
        page.open(&served).await?;
        page.see_text("refused-tag", "1 笔被退回").await?;
        page.picture("desk-refused-tag").await?;
        page.click("refused-tag").await?;
        page.see_text("refused", "王桂英").await?;
        page.see_text("refused", "不属于本机的管辖范围").await?;
        page.picture("desk-refused").await?;
        page.close().await
    })
}
