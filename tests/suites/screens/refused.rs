//! What the server does not take: two towns enrol the same person, who then belongs to one of them.

use super::*;
use desk::Desk;
use shared::command::{ElderForm, SaveElder, SyncNow};

/// Both have enrolled the same person and written about her; gives the one to whom she does not belong.
pub(super) fn refused_to_one_of<'a>(desk: &'a DeskHome, other: &'a DeskHome) -> Result<&'a DeskHome> {
    let mut offices = Vec::new();
    for (home, village) in [(desk, "445381001008"), (other, "445381106001")] {
        let form =
            ElderForm {
                name: "王桂英".into(), id_number: "445381192801141162".into(), division: village.into(), ..ElderForm::default()
            };
        let office = Desk::open(home.path())?;
        let elder = office.ask(&SaveElder { elder: None, form: form.clone() })?;
        office.ask(&SyncNow {})?;
        offices.push((home, office, elder, form));
    }
    let mut refused = Vec::new();
    for (home, office, elder, form) in &offices {
        office.ask(&SaveElder { elder: Some(*elder), form: ElderForm { note: "牙不好".into(), ..form.clone() } })?;
        let report = office.ask(&SyncNow {})?;
        refused.extend(report.refused.iter().map(|_| *home));
    }
    anyhow::ensure!(refused.len() == 1, "{} changes were refused", refused.len());
    refused.pop().context("none was refused")
}

/// The desk of another town.
pub(super) fn neighbour(home: &ServerHome, server: &Running) -> Result<DeskHome> {
    let (_, code) = home.canteen_with_code("𬜯塘镇长者饭堂", "445381106")?;
    DeskHome::enrolled(&server.listening()?, &code)
}

#[test]
fn a_refused_change_is_told_in_words_and_found_from_every_screen() -> Result<()> {
    let Town { home, server, desk, .. } = town()?;
    let other = neighbour(&home, &server)?;
    let refused = refused_to_one_of(&desk, &other)?;
    run(async {
        let page = chromium().await?;
        let served = refused.serve()?;
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
