//! Bits that rot on a desk's disk: the page is named, and the desk comes back with what it had not sent and all the rest from the
//! server.

use super::kit::{NOW, Office, Town, turned_by};
use anyhow::{Context, Result, ensure};
use desk::Desk;
use shared::command::Status;
use shared::crypto::SoftProvider;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use tests::fuzz::Dice;
use tests::program::{DeskHome, copy_folder};

/// Bytes of a page.
const PAGE: usize = 4096;
const ROTTEN: usize = 24;

fn opened(folder: &Path) -> Result<Office> {
    let hand = Arc::new(AtomicI64::new(NOW));
    Office::over(Desk::open_with(folder, turned_by(&hand), Arc::new(SoftProvider::new()))?, hand)
}

#[test]
fn f06_a_rotten_page_is_named_and_the_desk_comes_back_with_what_it_had_not_sent() -> Result<()> {
    let mut seed = [0; 8];
    shared::crypto::CryptoProvider::random(&SoftProvider::new(), &mut seed);
    let seed = u64::from_le_bytes(seed);
    println!("seed {seed}");
    let mut dice = Dice(seed);
    let town = Town::new()?;
    let office = town.desk("desk", false)?;
    let elder = office.elder("王桂英", "")?;
    for _ in 0..60 {
        office.order(elder)?;
    }
    office.sync(town.server()?)?;
    let sent = office.orders()?;
    for _ in 0..10 {
        office.order(elder)?;
    }
    let all = office.orders()?;
    let waiting = office.desk.ask(&Status {})?.unsent;
    ensure!(waiting >= 10 && all.len() == 70);
    drop(office);
    let file = std::fs::read(town.folder("desk").join("desk.sqlite"))?;
    let pages = file.len() / PAGE;
    let (mut named, mut whole) = (0, 0);
    for number in 0..ROTTEN {
        // The first page is the next test's.
        let page = 1 + usize::try_from(dice.roll())? % (pages - 1);
        let folder = town.folder(&format!("rotten{number}"));
        copy_folder(&town.folder("desk"), &folder)?;
        let mut rotten = file.clone();
        rotten[page * PAGE + usize::try_from(dice.roll())? % (PAGE - 64)] ^= 1 << (dice.roll() % 8);
        std::fs::write(folder.join("desk.sqlite"), &rotten)?;

        let told = Desk::rotten(&folder)?;
        ensure!(told.len() == 1 && told[0].contains(&format!("第 {} 页", page + 1)) && told[0].contains("desk recover"), "{told:?}");
        // Where it opens at all, looking it over says the same.
        if let Ok(office) = opened(&folder) {
            ensure!(office.desk.check()? == told);
            named += 1;
        }
        let recovered = match Desk::recover(&folder) {
            Ok(recovered) => recovered,
            // One of the pages that say what lies in the others.
            Err(fault) => {
                ensure!(fault.next_step.contains("重新登记") && std::fs::read(folder.join("desk.sqlite"))? == rotten, "{fault}");
                continue;
            }
        };
        ensure!(std::fs::read(&recovered.old_file)? == rotten, "the old file is set aside as it was");
        ensure!(Desk::rotten(&folder)?.is_empty());
        let office = opened(&folder)?;
        if recovered.unreadable == 0 {
            ensure!(office.orders()? == all, "what this desk wrote is shown before it is online");
            whole += 1;
        }
        if !office.desk.ask(&Status {})?.enrolled {
            // The page held who this desk is.
            let server = town.server()?;
            office.desk.enrol_by("http://simulated", &town.code(false)?, "电脑", |ask| server.enrol(ask))?;
        }
        let summary = office.sync(town.server()?)?;
        ensure!(summary.agrees && summary.refused.is_empty(), "{summary:?}");
        let there = office.orders()?;
        ensure!(there.is_superset(&sent) && (recovered.unreadable > 0 || there == all), "page {}: an order is lost", page + 1);
        ensure!(office.desk.check()?.is_empty() && office.desk.ask(&Status {})?.unsent == 0);
    }
    ensure!(named > 0 && whole > 0, "{named} opened, {whole} lost nothing of their own");
    Ok(())
}

#[test]
fn f06_what_the_log_of_writes_lost_keeps_its_numbers() -> Result<()> {
    let town = Town::new()?;
    let office = town.desk("desk", false)?;
    let elder = office.elder("王桂英", "")?;
    let given: Vec<String> = (0..30).map(|_| Ok(office.order(elder)?.1)).collect::<Result<_>>()?;
    // As the power leaves it: nothing is brought into the file yet.
    let folder = town.folder("cut");
    copy_folder(&town.folder("desk"), &folder)?;
    office.sync(town.server()?)?;
    drop(office);
    let log = folder.join("desk.sqlite-wal");
    let mut rotten = std::fs::read(&log)?;
    let middle = rotten.len() / 2;
    rotten[middle] ^= 1;
    std::fs::write(&log, rotten)?;
    Desk::recover(&folder)?;
    let office = opened(&folder)?;
    ensure!(office.orders()?.len() < given.len(), "nothing is lost");
    let next = office.order(office.elder("李木生", "")?)?.1;
    ensure!(!given.contains(&next), "{next} stands twice");
    ensure!(office.sync(town.server()?)?.agrees && office.orders()?.len() == given.len() + 1);
    Ok(())
}

#[test]
fn f20_a_restored_desk_counts_its_orders_on_behind_those_that_come_back() -> Result<()> {
    let town = Town::new()?;
    let office = town.desk("desk", false)?;
    let elder = office.elder("王桂英", "")?;
    let mut given: Vec<String> = (0..3).map(|_| Ok(office.order(elder)?.1)).collect::<Result<_>>()?;
    office.sync(town.server()?)?;
    let backup = town.folder("backup");
    copy_folder(&town.folder("desk"), &backup)?;
    for _ in 0..4 {
        given.push(office.order(elder)?.1);
    }
    office.sync(town.server()?)?;
    drop(office);
    let office = opened(&backup)?;
    ensure!(office.sync(town.server()?)?.agrees && office.orders()?.len() == 7);
    let next = office.order(elder)?.1;
    ensure!(!given.contains(&next), "{next} stands twice: {given:?}");
    Ok(())
}

#[test]
fn f06_a_rotten_first_page_is_told_and_nothing_is_touched() -> Result<()> {
    let town = Town::new()?;
    drop(town.desk("desk", false)?);
    let path = town.folder("desk").join("desk.sqlite");
    let mut rotten = std::fs::read(&path)?;
    rotten[100] ^= 1;
    std::fs::write(&path, &rotten)?;
    let fault = Desk::recover(&town.folder("desk")).err().context("it can't be read")?;
    ensure!(fault.next_step.contains("重新登记") && std::fs::read(&path)? == rotten, "{fault}");
    Ok(())
}

#[test]
fn f06_the_program_names_the_page_and_goes_on_in_a_new_file() -> Result<()> {
    let home = DeskHome::new()?;
    home.json(&["bench", "--records", "60", "--json"])?;
    ensure!(home.json(&["verify", "--json"])?["ok"] == true);
    let path = home.path().join("desk.sqlite");
    let mut file = std::fs::read(&path)?;
    let page = file.len() / PAGE;
    file[(page - 1) * PAGE + 9] ^= 4;
    std::fs::write(&path, &file)?;
    let told = home.json(&["verify", "--json"])?;
    ensure!(told["ok"] == false && told["problems"][0].as_str().is_some_and(|line| line.contains(&format!("第 {page} 页"))), "{told}");
    let told = home.json(&["recover", "--json"])?;
    ensure!(told["own"].as_u64().is_some_and(|own| own > 0), "{told}");
    ensure!(home.json(&["verify", "--json"])?["ok"] == true && std::fs::read(told["old_file"].as_str().context("old_file")?)? == file);
    Ok(())
}
