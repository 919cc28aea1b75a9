//! Desks and servers that do not speak the same: each way round all data passes, nobody is asked or sent what it does not speak, and what
//! is spoken is asked once a version.

use crate::faults::kit::{Office, Town, plain};
use anyhow::{Result, ensure};
use desk::OneSync;
use shared::command::{ElderCard, ElderForm, SaveElder, Status};
use shared::schema::RecordId;
use shared::sync::desk::Summary;
use shared::sync::{Answer, Capabilities, Capability};
use tests::lacking::{Lacking, Version, some_names};

const THERE: &str = "445381106";

/// A sync of a desk that speaks `speaks` with a server of some version; gives also how many pages of a snapshot came.
fn sync(office: &Office, speaks: &Capabilities, town: &Town, server: &mut Lacking) -> Result<(Summary, usize)> {
    let (mut sync, mut pages) = (OneSync::default().speaking(speaks.clone()), 0);
    while let Some(envelope) = office.desk.next_envelope(&mut sync)? {
        match server.receive(town.server()?, &envelope) {
            Ok(answer) => {
                if let Answer::Exchanged(all) | Answer::ExchangedAs(_, all) = &answer {
                    pages += usize::from(!all.page.is_empty());
                }
                office.desk.take_answer(&mut sync, answer)?;
            }
            Err(fault) => office.desk.take_refusal(&mut sync, fault)?,
        }
    }
    office.desk.end_sync(&sync)?;
    Ok((sync.summary().clone(), pages))
}

#[test]
fn every_desk_and_every_server_bring_all_data_to_each_other() -> Result<()> {
    let versions = [
        Version::Own,
        Version::Unnamed,
        Version::Without(&[Capability::Wait]),
        Version::Without(&[Capability::Keys, Capability::Wait]),
        Version::Without(&Capability::ALL),
    ];
    for (number, version) in versions.into_iter().enumerate() {
        let (town, mut server) = (Town::new()?, Lacking::of(version));
        let (canteen, office) = (town.desk("canteen", false)?, town.desk("town", true)?);
        for names in 0..3 {
            let (here, there) = (some_names(names)?, some_names(names + number as u64)?);
            let elder = canteen.elder("王桂英", "")?;
            let (order, _) = canteen.order(elder)?;
            ensure!(sync(&canteen, &here, &town, &mut server)?.0.agrees, "{version:?} {names}");
            ensure!(sync(&office, &there, &town, &mut server)?.0.agrees, "{version:?} {names}");
            ensure!(office.orders()?.is_superset(&plain([order])));
            ensure!(office.desk.ask(&ElderCard { elder: Some(elder) })?.form.name == "王桂英");
        }
        ensure!(canteen.orders()? == office.orders()? && canteen.orders()?.len() == 3);
    }
    Ok(())
}

#[test]
fn what_is_spoken_is_asked_once_a_version_of_either_program() -> Result<()> {
    let town = Town::new()?;
    let office = town.desk("desk", false)?;
    let own = Capabilities::own();
    let asked_of = |speaks: &Capabilities, server: &mut Lacking, syncs: usize| -> Result<usize> {
        let before = server.asked;
        for _ in 0..syncs {
            ensure!(sync(&office, speaks, &town, server)?.0.agrees);
        }
        Ok(server.asked - before)
    };
    ensure!(asked_of(&own, &mut Lacking::of(Version::Own), 3)? == 0, "asked with the first sync, after the enrolment");
    // The server goes back to a version that names less: one exchange tells, the next sync asks.
    let mut less = Lacking::of(Version::Without(&[Capability::Keys]));
    ensure!(asked_of(&own, &mut less, 4)? == 1);
    ensure!(asked_of(&some_names(2)?, &mut less, 3)? == 1, "the desk is of a later version");
    ensure!(asked_of(&own, &mut less, 3)? == 1, "and goes back");
    // A server that knows no names refuses once; a newer one is asked again when the program is a new one.
    ensure!(asked_of(&own, &mut Lacking::of(Version::Unnamed), 5)? == 1);
    let mut newer = Lacking::of(Version::Own);
    ensure!(asked_of(&own, &mut newer, 3)? == 0, "the base is spoken until then");
    drop(office);
    let office = town.opened("desk")?;
    for _ in 0..3 {
        ensure!(sync(&office, &own, &town, &mut newer)?.0.agrees);
    }
    ensure!(newer.asked == 1);
    Ok(())
}

#[test]
fn a_desk_that_takes_no_pages_joins_by_changes() -> Result<()> {
    let town = Town::new()?;
    let first = town.desk("first", false)?;
    let elder = first.elder("王桂英", "")?;
    for _ in 0..20 {
        first.order(elder)?;
    }
    first.sync(town.server()?)?;
    ensure!(town.server()?.compact_in(2_000)?.pages > 1);
    let mut server = Lacking::default();
    for (name, names, by_pages) in [("pages", 0, true), ("changes", 1, false)] {
        let late = town.enrolled_only(name)?;
        let (told, pages) = sync(&late, &some_names(names)?, &town, &mut server)?;
        ensure!(told.agrees && (pages > 0) == by_pages, "{name}: {pages} pages");
        ensure!(late.orders()? == first.orders()?);
    }
    Ok(())
}

/// An elder of a canteen, enrolled there.
fn enrolled(office: &Office, name: &str, division: &str) -> Result<RecordId> {
    let form = ElderForm { name: name.into(), phone: "13800000000".into(), division: division.into(), ..ElderForm::default() };
    Ok(office.desk.ask(&SaveElder { elder: None, form })?)
}

#[test]
fn keys_are_asked_only_of_a_server_that_speaks_them_and_everything_else_goes_on() -> Result<()> {
    let town = Town::new()?;
    let (office, own) = (town.desk("desk", false)?, Capabilities::own());
    let mut server = Lacking::of(Version::Without(&[Capability::Keys]));
    ensure!(sync(&office, &own, &town, &mut server)?.0.agrees);
    ensure!(sync(&office, &own, &town, &mut server)?.0.agrees);
    town.server()?.move_canteen(&town.canteen, THERE)?;
    enrolled(&office, "李木生", crate::faults::kit::VILLAGE)?;
    let (told, _) = sync(&office, &own, &town, &mut server)?;
    ensure!(told.agrees && office.desk.ask(&Status {})?.division == THERE, "it is not asked, or the sync would have failed");
    ensure!(office.desk.ask(&Status {})?.unsent == 0);
    // Upgraded: the exchange tells, the sync after it asks, and what lives there can be sealed.
    server = Lacking::default();
    sync(&office, &own, &town, &mut server)?;
    ensure!(server.asked == 0);
    sync(&office, &own, &town, &mut server)?;
    ensure!(server.asked == 1);
    let village = shared::division::children(THERE).next().map(|village| village.code).unwrap_or_default();
    enrolled(&office, "陈亚娣", village)?;
    ensure!(sync(&office, &own, &town, &mut server)?.0.agrees);
    Ok(())
}
