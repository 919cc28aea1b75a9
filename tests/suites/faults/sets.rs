//! Change sets that arrive bent, cut, out of order or from another version, and servers and desks that went back in time.

use super::kit::{Town, VILLAGE, plain, wire};
use anyhow::{Context, Result, ensure};
use shared::command::{ElderCard, FindElders, SaveElder};
use shared::crdt::{self, ActorId};
use shared::kinds::{ElderStatus, RecordKind};
use shared::schema::{Fields, RecordId, Value};
use tests::program::copy_folder;

fn id(number: u8) -> RecordId {
    RecordId(uuid::Uuid::from_bytes([number; 16]))
}

fn elder(canteen: &str) -> Fields {
    let said = [("name", "王桂英"), ("division", VILLAGE), ("canteen", canteen), ("status", ElderStatus::Active.code())];
    said.iter().map(|(name, value)| ((*name).into(), Value::Text((*value).into()))).collect()
}

#[test]
fn f17_f18_f31_an_envelope_cut_or_bent_anywhere_changes_nothing() -> Result<()> {
    let town = Town::new()?;
    let server = town.server()?;
    let device = town.device(false)?;
    let change = crdt::first_change(&ActorId::from([7; 16]), &elder(&town.canteen), 1).bytes;
    let change = wire(RecordKind::Elder, id(1), change);
    let envelope = device.pushing(vec![change])?;
    let before = device.held(server)?;
    for at in 0..envelope.len() {
        ensure!(server.receive(&envelope[..at]).is_err(), "cut at {at}");
        for bit in 0..8 {
            let mut bent = envelope.clone();
            bent[at] ^= 1 << bit;
            ensure!(server.receive(&bent).is_err(), "byte {at}, bit {bit}");
        }
    }
    ensure!(device.held(server)? == before);
    ensure!(server.receive(&envelope).is_ok(), "unbent it is taken");
    ensure!(device.held(server)? != before);
    ensure!(server.receive(&envelope).is_err(), "and only once");
    Ok(())
}

#[test]
fn f16_f19_what_others_build_on_may_come_late_or_never() -> Result<()> {
    let town = Town::new()?;
    let server = town.server()?;
    let desk = town.desk("desk", false)?;
    let mut device = town.device(false)?;
    let mut history = vec![crdt::first_change(&ActorId::from([7; 16]), &elder(&town.canteen), 1).bytes];
    for name in ["李木生", "陈亚娣", "区秀莲"] {
        let next = Fields::from([("name".into(), Value::Text(name.into()))]);
        let next = crdt::next_change(&ActorId::from([8; 16]), &history, &next, 2)?.bytes;
        history.push(next);
    }
    // The last one first, the first one never, for now.
    for late in history.iter().skip(1).rev() {
        let exchanged = device.exchange(server, vec![wire(RecordKind::Elder, id(1), late.clone())])?;
        ensure!(exchanged.refused.is_empty(), "{:?}", exchanged.refused);
        ensure!(desk.sync(server)?.agrees, "what waits is held on both ends");
    }
    ensure!(desk.desk.ask(&FindElders { text: "区秀莲".into(), limit: 9 })?.is_empty());
    let other = desk.elder("梁月好", "")?;
    desk.order(other)?;
    ensure!(desk.sync(server)?.agrees, "others go on");
    ensure!(desk.desk.check()?.is_empty());
    device.exchange(server, vec![wire(RecordKind::Elder, id(1), history[0].clone())])?;
    ensure!(desk.sync(server)?.agrees);
    let found = desk.desk.ask(&FindElders { text: "区秀莲".into(), limit: 9 })?;
    ensure!(found.len() == 1, "with the first one there it is whole: {found:?}");
    Ok(())
}

#[test]
fn f22_what_a_restored_server_lost_its_desks_bring_back() -> Result<()> {
    let mut town = Town::new()?;
    let (one, two) = (town.desk("one", false)?, town.desk("two", false)?);
    let elder = one.elder("王桂英", "")?;
    let mut all = vec![one.order(elder)?.0];
    one.sync(town.server()?)?;
    two.sync(town.server()?)?;
    town.server = None;
    copy_folder(&town.folder("server"), &town.folder("backup"))?;
    town.start()?;
    for desk in [&one, &two, &one] {
        all.push(desk.order(elder)?.0);
        ensure!(desk.sync(town.server()?)?.agrees);
    }
    town.server = None;
    std::fs::remove_dir_all(town.folder("server"))?;
    copy_folder(&town.folder("backup"), &town.folder("server"))?;
    town.start()?;
    all.push(two.order(elder)?.0);
    for _ in 0..3 {
        one.sync(town.server()?)?;
        two.sync(town.server()?)?;
    }
    let office = town.desk("town", true)?;
    let all = plain(all);
    for desk in [&one, &two, &office] {
        ensure!(desk.sync(town.server()?)?.agrees);
        ensure!(desk.orders()? == all);
    }
    Ok(())
}

#[test]
fn f23_one_person_enrolled_at_two_places_offline_is_one_file() -> Result<()> {
    let town = Town::new()?;
    let (one, two) = (town.desk("one", false)?, town.desk("two", false)?);
    let number = "445381195001010011";
    let number =
        (0..=9).map(|last| format!("{}{last}", &number[..17])).find(|number| shared::rule::id_number::IdNumber::parse(number).is_ok());
    let number = number.context("one check digit fits")?;
    let first = one.elder("王桂英", &number)?;
    let second = two.elder("王桂瑛", &number)?;
    ensure!(first == second, "the id follows from the number");
    let orders = plain([one.order(first)?.0, two.order(second)?.0]);
    for _ in 0..2 {
        one.sync(town.server()?)?;
        two.sync(town.server()?)?;
    }
    let name = |office: &super::kit::Office| Ok::<_, anyhow::Error>(office.desk.ask(&ElderCard { elder: Some(first) })?.form.name);
    ensure!(name(&one)? == name(&two)?, "both see the same file");
    ensure!(one.orders()? == orders && two.orders()? == orders, "and both orders stand");
    ensure!(one.desk.ask(&FindElders { text: number[14..].into(), limit: 9 })?.len() == 1);
    Ok(())
}

#[test]
fn f42_f43_fields_of_a_newer_version_pass_through_byte_by_byte() -> Result<()> {
    let town = Town::new()?;
    let server = town.server()?;
    let desk = town.desk("desk", false)?;
    let (mut newer, mut reader) = (town.device(false)?, town.device(true)?);
    let later = [
        ("blood_pressure", Value::Text("130/80".into())),
        ("steps", Value::Int(i64::MIN)),
        ("watched", Value::Bool(true)),
        ("字段", Value::Text("\u{0}𠮷".into())),
        ("maps/AA", Value::Bool(true)),
    ];
    let mut fields = elder(&town.canteen);
    fields.extend(later.iter().map(|(name, value)| ((*name).into(), value.clone())));
    let first = crdt::first_change(&ActorId::from([7; 16]), &fields, 1).bytes;
    let exchanged = newer.exchange(server, vec![wire(RecordKind::Elder, id(1), first.clone())])?;
    ensure!(exchanged.refused.is_empty());
    ensure!(desk.sync(server)?.agrees);
    // An older desk edits the file: it knows nothing of the new fields and touches none.
    let mut form = desk.desk.ask(&ElderCard { elder: Some(id(1)) })?.form;
    form.note = "少盐".into();
    desk.desk.ask(&SaveElder { elder: Some(id(1)), form })?;
    ensure!(desk.sync(server)?.agrees);
    let came: Vec<Vec<u8>> = reader
        .exchange(server, Vec::new())?
        .changes
        .into_iter()
        .filter(|change| change.kind == RecordKind::Elder.code() && change.record == [1; 16])
        .map(|change| change.bytes)
        .collect();
    ensure!(came.len() == 2 && came.contains(&first), "the change is the same to the byte");
    let merged = crdt::fields(&came)?;
    for (name, value) in later {
        ensure!(merged.get(name) == Some(&value), "{name}: {:?}", merged.get(name));
    }
    ensure!(matches!(merged.get("note"), Some(Value::Bytes(_))), "what is sealed is there, and sealed");
    Ok(())
}
