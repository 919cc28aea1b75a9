//! What is said differently in two places at once: shown at both, decided by a person at one, settled everywhere. Real
//! desks and a real server in one process, without a carrier.

use crate::faults::kit::{Office, Town, VILLAGE};
use anyhow::{Context, Result, ensure};
use shared::command::{
    ConflictChoice, ConflictRow, Conflicts, Decide, ElderCard, ElderForm, FindElders, List, Save, SaveElder, SaveReceipt, SetOutcome,
    Status,
};
use shared::fault::{Code, Fault};
use shared::kinds::{OrderState, ReceivedBy, RecordKind, Seen};
use shared::list::ListRow;
use shared::schema::{RecordId, Value};

const NUMBER: &str = "11010519491231002X";

fn listed(office: &Office) -> Result<Vec<ConflictRow>> {
    let page = office.desk.ask(&Conflicts::default())?;
    let counted = office.desk.ask(&Status {})?.conflicts;
    ensure!(page.total == counted && page.rows.len() as u64 == counted, "the list and its figure are one");
    Ok(page.rows)
}

fn only(office: &Office) -> Result<ConflictRow> {
    let [line] = <[ConflictRow; 1]>::try_from(listed(office)?).map_err(|lines| anyhow::anyhow!("not one: {lines:#?}"))?;
    Ok(line)
}

fn choice<'l>(line: &'l ConflictRow, words: &str) -> Result<&'l ConflictChoice> {
    line.choices.iter().find(|choice| choice.words == words).with_context(|| format!("no {words} in {line:#?}"))
}

fn decide(office: &Office, line: &ConflictRow, words: &str) -> Result<Result<(), Fault>> {
    let choice = choice(line, words)?.name.clone();
    let ask = Decide { kind: Some(line.kind), record: Some(line.record), field: line.field.clone(), choice, stands: line.stands.clone() };
    Ok(office.desk.ask(&ask))
}

fn form(office: &Office, elder: RecordId) -> Result<ElderForm> {
    Ok(office.desk.ask(&ElderCard { elder: Some(elder) })?.form)
}

fn edit(office: &Office, elder: RecordId, change: impl FnOnce(&mut ElderForm)) -> Result<()> {
    let mut form = form(office, elder)?;
    change(&mut form);
    office.desk.ask(&SaveElder { elder: Some(elder), form })?;
    Ok(())
}

/// Everybody hears of everything.
fn heard(town: &Town, offices: &[&Office]) -> Result<()> {
    town.heard(offices)?;
    for office in offices {
        ensure!(office.desk.rebuild()? == 0);
    }
    Ok(())
}

fn nothing_open(town: &Town, offices: &[&Office]) -> Result<()> {
    ensure!(town.server()?.conflicts(None, None)?.is_empty(), "{:#?}", town.server()?.conflicts(None, None)?);
    for office in offices {
        ensure!(listed(office)?.is_empty(), "{:#?}", listed(office)?);
    }
    Ok(())
}

/// A canteen's desk and the township's, and an elder whom both know.
fn two() -> Result<(Town, Office, Office, RecordId)> {
    let town = Town::new()?;
    let (canteen, office) = (town.desk("前台电脑", false)?, town.desk("镇街电脑", true)?);
    let elder = canteen.elder("王桂英", "")?;
    heard(&town, &[&canteen, &office])?;
    Ok((town, canteen, office, elder))
}

#[test]
fn a_field_changed_in_two_places_is_shown_at_both_and_decided_at_one() -> Result<()> {
    let (town, canteen, office, elder) = two()?;
    edit(&canteen, elder, |form| (form.phone, form.diet) = ("13900000001".into(), "少盐".into()))?;
    office.turn(60);
    edit(&office, elder, |form| (form.phone, form.note) = ("13900000002".into(), "牙不好".into()))?;
    ensure!(listed(&canteen)?.is_empty(), "nobody knows yet");
    heard(&town, &[&canteen, &office])?;

    let (here, there) = (only(&canteen)?, only(&office)?);
    ensure!((here.title.as_str(), here.label.as_str()) == ("长者 王桂英", "电话"), "{here:#?}");
    ensure!(here.stands == there.stands);
    let told: Vec<(&str, &str, String)> = here
        .choices
        .iter()
        .flat_map(|choice| choice.versions.iter().map(|by| (choice.words.as_str(), by.device.as_str(), by.at.time().to_string())))
        .collect();
    let expect = [("13900000002", "2号电脑", "09:49:00".to_owned()), ("13900000001", "本机（1号）", "09:48:00".to_owned())];
    ensure!(told == expect || told == [expect[1].clone(), expect[0].clone()], "{told:?}");
    ensure!(choice(&there, "13900000001")?.versions[0].device == "前台电脑（1号）", "{there:#?}");
    ensure!(form(&canteen, elder)?.phone[7..] == here.choices[0].words[7..], "the first is the one that is shown");
    let merged = form(&canteen, elder)?;
    ensure!((merged.diet.as_str(), merged.note.as_str()) == ("少盐", "牙不好"), "different fields merge");

    let [on_server] = <[ConflictRow; 1]>::try_from(town.server()?.conflicts(None, None)?).map_err(|_| anyhow::anyhow!("one"))?;
    ensure!(on_server.stands == here.stands && on_server.title == here.title);
    ensure!(on_server.choices.len() == 2 && on_server.choices.iter().all(|choice| choice.words.starts_with("已加密")), "{on_server:#?}");

    // The one that is not shown.
    decide(&office, &there, &there.choices[1].words)??;
    nothing_open(&town, &[]).err().context("the server has not heard yet")?;
    heard(&town, &[&office, &canteen])?;
    nothing_open(&town, &[&canteen, &office])?;
    for desk in [&canteen, &office] {
        ensure!(form(desk, elder)?.phone[7..] == here.choices[1].words[7..]);
    }
    ensure!(canteen.desk.ask(&FindElders { text: here.choices[1].words.clone(), limit: 9 })?.len() == 1, "and it is found by it");
    Ok(())
}

#[test]
fn keeping_what_is_shown_decides_as_well_and_what_changed_meanwhile_is_asked_again() -> Result<()> {
    let (town, canteen, office, elder) = two()?;
    let second = town.desk("二号窗口", false)?;
    edit(&canteen, elder, |form| form.note = "甲".into())?;
    edit(&office, elder, |form| form.note = "乙".into())?;
    edit(&second, elder, |form| form.note = "丙".into())?;
    heard(&town, &[&canteen, &office])?;
    let before = only(&office)?;
    heard(&town, &[&second, &canteen, &office])?;
    let now = only(&office)?;
    ensure!((before.choices.len(), now.choices.len()) == (2, 3));
    let stale = decide(&office, &before, "甲")?.err().context("decided without the third")?;
    ensure!(stale.code == Code::NotNow && stale.next_step.contains("再选一次"), "{stale}");
    let shown = now.choices[0].words.clone();
    decide(&office, &now, &shown)??;
    heard(&town, &[&office, &canteen, &second])?;
    nothing_open(&town, &[&canteen, &office, &second])?;
    for desk in [&canteen, &office, &second] {
        ensure!(form(desk, elder)?.note == shown);
    }
    let again = decide(&office, &now, &shown)?.err().context("decided twice")?;
    ensure!(again.code == Code::NotNow);
    Ok(())
}

#[test]
fn two_who_decide_differently_disagree_again() -> Result<()> {
    let (town, canteen, office, elder) = two()?;
    edit(&canteen, elder, |form| form.note = "甲".into())?;
    edit(&office, elder, |form| form.note = "乙".into())?;
    heard(&town, &[&canteen, &office])?;
    decide(&canteen, &only(&canteen)?, "甲")??;
    decide(&office, &only(&office)?, "乙")??;
    heard(&town, &[&canteen, &office])?;
    let again = only(&canteen)?;
    ensure!(again.stands == only(&office)?.stands && again.choices.len() == 2, "{again:#?}");
    decide(&canteen, &again, "甲")??;
    heard(&town, &[&canteen, &office])?;
    nothing_open(&town, &[&canteen, &office])?;
    ensure!(form(&office, elder)?.note == "甲");
    // An ordinary edit of the field decides as well.
    edit(&canteen, elder, |form| form.note = "丙".into())?;
    edit(&office, elder, |form| form.note = "丁".into())?;
    heard(&town, &[&canteen, &office])?;
    edit(&canteen, elder, |form| form.note = "戊".into())?;
    heard(&town, &[&canteen, &office])?;
    nothing_open(&town, &[&canteen, &office])
}

#[test]
fn what_two_offices_said_alike_nobody_has_to_decide() -> Result<()> {
    let town = Town::new()?;
    let (one, two) = (town.desk("one", false)?, town.desk("two", true)?);
    let enrol = |office: &Office, note: &str| -> Result<RecordId> {
        let form = ElderForm {
            name: "王桂英".into(),
            id_number: NUMBER.into(),
            phone: "13900000001".into(),
            address: "中山路 8 号".into(),
            division: VILLAGE.into(),
            note: note.into(),
            ..ElderForm::default()
        };
        Ok(office.desk.ask(&SaveElder { elder: None, form })?)
    };
    let elder = enrol(&one, "牙不好")?;
    ensure!(enrol(&two, "耳背")? == elder);
    heard(&town, &[&one, &two])?;
    for office in [&one, &two] {
        let line = only(office)?;
        ensure!(line.label == "备注", "number, phone and address were said alike: {line:#?}");
    }
    let on_server = town.server()?.conflicts(None, None)?;
    ensure!(on_server.len() == 1 && on_server[0].label == "备注", "{on_server:#?}");
    let card = two.desk.ask(&ElderCard { elder: Some(elder) })?;
    ensure!(card.form.phone == "139****0001" && card.hit.id_tail.as_deref() == NUMBER.get(14..), "{card:?}");
    Ok(())
}

#[test]
fn the_state_of_an_order_is_decided_with_its_time_and_reason() -> Result<()> {
    let (town, canteen, office, elder) = two()?;
    let order: RecordId = canteen.order(elder)?.0.parse()?;
    heard(&town, &[&canteen, &office])?;
    let set = |desk: &Office, state| desk.desk.ask(&SetOutcome { order: Some(order), state: Some(state), reason: None });
    set(&canteen, OrderState::Delivered)?;
    office.turn(600);
    set(&office, OrderState::Cancelled)?;
    heard(&town, &[&canteen, &office])?;
    let line = only(&canteen)?;
    ensure!(line.title.contains("王桂英 · 11月22日午餐") && line.label == "状态", "{line:#?}");
    decide(&canteen, &line, "已送达")??;
    heard(&town, &[&canteen, &office])?;
    nothing_open(&town, &[&canteen, &office])?;
    for desk in [&canteen, &office] {
        let ledger = desk.desk.ask(&shared::command::List { list: "orders".to_owned(), ..Default::default() })?;
        let line = ledger.rows.first().context("the order")?;
        ensure!((line.text("state"), line.text("state_at")) == ("delivered", "2026-11-22T09:48:00"), "{line:?}");
    }
    Ok(())
}

#[test]
fn a_receipt_is_decided_at_the_canteen_in_its_time_and_later_at_the_township() -> Result<()> {
    let (town, canteen, office, elder) = two()?;
    let order: RecordId = canteen.order(elder)?.0.parse()?;
    heard(&town, &[&canteen, &office])?;
    let receipt = |desk: &Office, seen| {
        let at = desk.desk.ask(&Status {})?.now;
        let ask = SaveReceipt {
            order: Some(order),
            arrived_at: Some(at),
            state: Some(OrderState::Delivered),
            received_by: Some(ReceivedBy::Elder),
            seen: Some(seen),
            ..SaveReceipt::default()
        };
        desk.desk.ask(&ask)
    };
    receipt(&canteen, Seen::Well)?;
    receipt(&office, Seen::Concern)?;
    heard(&town, &[&canteen, &office])?;
    let line = only(&canteen)?;
    ensure!(line.kind == RecordKind::Receipt && line.label == "探访", "{line:#?}");
    canteen.turn(25 * 3600);
    office.turn(25 * 3600);
    let line = only(&canteen)?;
    let other = line.choices[1].words.clone();
    ensure!(line.choices[0].refused.is_none() && line.choices[1].refused.as_deref().is_some_and(|words| words.contains("镇街")));
    let refused = decide(&canteen, &line, &other)?.err().context("the window is over")?;
    ensure!(refused.code == Code::NotNow, "{refused}");
    decide(&office, &only(&office)?, &other)??;
    heard(&town, &[&canteen, &office])?;
    nothing_open(&town, &[&canteen, &office])
}

/// Requests for files that a desk is told of.
fn requests(office: &Office) -> Result<Vec<ListRow>> {
    Ok(office.desk.ask(&List { list: "transfers".into(), ..List::default() })?.rows)
}

#[test]
fn where_somebody_eats_whom_two_canteens_enrol_the_township_decides() -> Result<()> {
    let town = Town::new()?;
    let server = town.server()?;
    let second = server.add_canteen("第二饭堂", crate::faults::kit::TOWN, None)?.code;
    let (first, office) = (town.desk("first", false)?, town.desk("office", true)?);
    let other = town.desk_by(&server.device_code(Some(&second), None)?.code, "second")?;
    let elder = first.elder("王桂英", NUMBER)?;
    ensure!(other.elder("王桂英", NUMBER)? == elder);
    heard(&town, &[&first, &other, &office])?;
    // The file stays with who came first; the second canteen has its own, asks, and goes on.
    nothing_open(&town, &[&first, &other, &office])?;
    let (asked, told) = (requests(&other)?, requests(&office)?);
    let side = |row: &ListRow, word: &str| row.cells.get("side") == Some(&Value::Text(word.into()));
    ensure!(asked.len() == 1 && side(&asked[0], "asking") && requests(&first)?.len() == 1, "{asked:?}");
    let holding = told.iter().find(|row| side(row, "holding")).context("the township is asked")?;
    let answer =
        |row: &ListRow| Save { list: "transfers".into(), record: Some(row.id), draft: [("answer".into(), "agreed".into())].into() };
    let wrong = told.iter().find(|row| side(row, "asking")).context("and sees who asks")?;
    let refused = office.desk.ask(&answer(wrong)).err().context("the other side is not answered")?;
    ensure!(refused.to_string().contains("别处要转走"), "{refused}");
    ensure!(first.desk.ask(&answer(holding)).is_err(), "a canteen answered");
    office.desk.ask(&answer(holding))?;
    heard(&town, &[&office, &first, &other])?;
    let card = office.desk.ask(&ElderCard { elder: Some(elder) })?;
    ensure!(card.binding.as_ref().is_some_and(|(name, _)| name == "第二饭堂"), "{:?}", card.binding);
    let standing: Vec<_> = card.bindings.iter().filter(|binding| binding.until.is_none()).collect();
    ensure!(standing.len() == 1 && standing[0].canteen == "第二饭堂", "{:?}", card.bindings);
    ensure!(first.desk.ask(&ElderCard { elder: Some(elder) }).is_err() && other.desk.ask(&ElderCard { elder: Some(elder) }).is_ok());
    Ok(())
}

#[test]
fn what_leaves_or_is_erased_takes_its_conflicts_along() -> Result<()> {
    let (town, canteen, office, elder) = two()?;
    let second = town.server()?.add_canteen("第二饭堂", crate::faults::kit::TOWN, None)?.code;
    heard(&town, &[&canteen, &office])?;
    edit(&canteen, elder, |form| (form.phone, form.name) = ("13900000001".into(), "王桂瑛".into()))?;
    edit(&office, elder, |form| (form.phone, form.name) = ("13900000002".into(), "王桂樱".into()))?;
    heard(&town, &[&canteen, &office])?;
    ensure!(listed(&canteen)?.len() == 2 && listed(&office)?.len() == 2);
    town.server()?.erase_elder(&elder.to_string())?;
    heard(&town, &[&canteen, &office])?;
    ensure!(only(&canteen)?.label == "姓名" && only(&office)?.label == "姓名", "what is sealed for ever nobody is asked about");
    ensure!(town.server()?.conflicts(None, None)?.len() == 1);
    office.desk.ask(&shared::command::MoveElder { elder: Some(elder), canteen: second.clone() })?;
    heard(&town, &[&office, &canteen])?;
    ensure!(listed(&canteen)?.is_empty() && only(&office)?.label == "姓名");
    ensure!(town.server()?.conflicts(Some(&town.canteen), None)?.is_empty());
    ensure!(town.server()?.conflicts(Some(&second), None)?.len() == 1);
    Ok(())
}
