//! A concern that was seen at the door stays in sight at every desk that stands there or above, until somebody says what was done. Real desks and a real server
//! in one process, without a carrier.

use crate::faults::kit::{Office, Town};
use anyhow::{Result, ensure};
use shared::command::{List, Save, SaveReceipt, Status};
use shared::form::Draft;
use shared::kinds::{OrderState, ReceivedBy, Seen};
use shared::list::ListRow;
use shared::schema::RecordId;
use tests::records::lunch;

fn bring(office: &Office, order: RecordId, seen: Seen, note: &str) -> Result<()> {
    let now = office.desk.ask(&Status {})?.now;
    office.desk.ask(&SaveReceipt {
        order: Some(order),
        arrived_at: Some(now),
        state: Some(OrderState::Delivered),
        reason: None,
        received_by: Some(ReceivedBy::Elder),
        seen: Some(seen),
        note: note.into(),
        photos: Vec::new(),
    })?;
    Ok(())
}

fn open(office: &Office) -> Result<u64> {
    Ok(office.desk.ask(&Status {})?.concerns)
}

fn listed(office: &Office) -> Result<Vec<ListRow>> {
    let words = [("open".to_owned(), "1".to_owned())].into();
    Ok(office.desk.ask(&List { list: "concerns".into(), words })?.rows)
}

fn close(office: &Office, concern: RecordId, typed: &[(&str, &str)]) -> Result<RecordId, shared::fault::Fault> {
    let draft: Draft = typed.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    office.desk.ask(&Save { list: "concerns".into(), record: Some(concern), draft })
}

#[test]
fn a_concern_stays_in_sight_everywhere_until_somebody_says_what_was_done() -> Result<()> {
    let town = Town::new()?;
    let (counter, kitchen, office) = (town.desk("前台电脑", false)?, town.desk("后厨电脑", false)?, town.desk("镇街电脑", true)?);
    let all = [&counter, &kitchen, &office];
    let elder = counter.elder("王桂英", "11010519491231002X")?;
    let order = counter.desk.ask(&lunch(elder))?.id;
    town.settled(&all)?;
    bring(&counter, order, Seen::Concern, "说头晕")?;
    ensure!(open(&counter)? == 1);
    town.settled(&all)?;
    for desk in all {
        ensure!(open(desk)? == 1);
        let rows = listed(desk)?;
        ensure!(rows.len() == 1 && rows[0].text("name") == "王桂英" && rows[0].text("receipt_note") == "说头晕", "{rows:?}");
    }
    // She is well at the next look; what was seen stays until it is closed.
    bring(&counter, order, Seen::Well, "")?;
    town.settled(&all)?;
    ensure!(open(&office)? == 1);
    ensure!(close(&office, order, &[("outcome", "family")]).is_err(), "without a word of what was done");
    close(&office, order, &[("outcome", "family"), ("note", "女儿已接去卫生院")])?;
    town.settled(&all)?;
    for desk in all {
        ensure!(open(desk)? == 0 && listed(desk)?.is_empty());
    }
    // Said once more, it is the same one, and stays closed: its day is over.
    bring(&kitchen, order, Seen::Concern, "")?;
    town.settled(&all)?;
    ensure!(open(&counter)? == 0);
    Ok(())
}

#[test]
fn two_desks_that_are_apart_open_one() -> Result<()> {
    let town = Town::new()?;
    let (counter, kitchen) = (town.desk("前台电脑", false)?, town.desk("后厨电脑", false)?);
    let elder = counter.elder("王桂英", "11010519491231002X")?;
    let order = counter.desk.ask(&lunch(elder))?.id;
    town.settled(&[&counter, &kitchen])?;
    bring(&counter, order, Seen::Concern, "说头晕")?;
    bring(&kitchen, order, Seen::Concern, "说头晕")?;
    town.heard(&[&counter, &kitchen])?;
    for desk in [&counter, &kitchen] {
        ensure!((open(desk)?, listed(desk)?.len()) == (1, 1));
    }
    Ok(())
}
