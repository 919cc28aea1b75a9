//! A server whose database was put back from a backup: it notices, says so to everybody, and what was revoked since stays revoked.

use super::kit::{Device, TOWN, Town, wire};
use anyhow::{Result, ensure};
use desk::Desk;
use shared::command::Status;
use shared::crypto::SoftProvider;
use shared::kinds::{RecordKind, Role};
use shared::schema::RecordId;
use shared::sync::{Answer, Ask};
use shared::wire::{RefusedReason, WireChange};
use tests::program::copy_folder;

const PASSWORD: &str = "yufan2026x";

/// What of the data folder a backup of the database holds.
const DATABASE: [&str; 3] = ["server.sqlite", "server.sqlite-wal", "server.sqlite-shm"];

impl Town {
    fn back_up(&mut self) -> Result<()> {
        self.server = None;
        copy_folder(&self.folder("server"), &self.folder("backup"))?;
        self.start()
    }

    /// Puts the whole folder back, with all that lies beside the database.
    fn put_back(&mut self) -> Result<()> {
        self.server = None;
        std::fs::remove_dir_all(self.folder("server"))?;
        copy_folder(&self.folder("backup"), &self.folder("server"))?;
        self.start()
    }

    /// Puts the database alone back. The mark beside it is a minute old at most where a server serves, and from its start here.
    fn put_database_back(&mut self) -> Result<()> {
        self.server = None;
        self.start()?;
        self.server = None;
        for file in DATABASE {
            let (from, to) = (self.folder("backup").join(file), self.folder("server").join(file));
            if from.exists() {
                std::fs::copy(from, to)?;
            } else if to.exists() {
                std::fs::remove_file(to)?;
            }
        }
        self.start()
    }

    /// What the audit log holds, newest first.
    fn events(&self) -> Result<Vec<String>> {
        Ok(self.server()?.audit_listed(400)?.into_iter().map(|row| row.event).collect())
    }

    fn went_back(&self) -> Result<usize> {
        Ok(self.events()?.iter().filter(|event| *event == "went_back").count())
    }
}

fn is_shut_out(device: &Device, town: &Town) -> Result<bool> {
    Ok(matches!(device.ask(town.server()?, &Ask::Buckets)?, Answer::ShutOut))
}

fn told_at(desk: &Desk) -> Result<Option<String>> {
    Ok(desk.ask(&Status {})?.trouble.map(|fault| fault.happened))
}

/// The notices that a device holds.
fn notices(device: &mut Device, town: &Town) -> Result<Vec<WireChange>> {
    let mut device = Device::enrolled(town.server()?, town.code(false)?, SoftProvider::new()).map(|new| std::mem::replace(device, new))?;
    let held = device.pull(town.server()?, 0)?;
    Ok(held.changes.into_iter().filter(|change| change.kind == RecordKind::Notice.code()).collect())
}

#[test]
fn f78_who_was_shut_out_after_the_backup_stays_out_and_everybody_is_told() -> Result<()> {
    for whole_folder in [false, true] {
        let mut town = Town::new()?;
        town.server()?.add_account("chen", Role::Town, TOWN, PASSWORD)?;
        let honest = town.desk("one", false)?;
        let (stolen, mut other) = (town.device(false)?, town.device(false)?);
        other.exchange(town.server()?, Vec::new())?;
        town.back_up()?;
        town.server()?.revoke_device(2)?;
        town.server()?.disable_account("chen", true)?;
        let elder = honest.elder("王桂英", "")?;
        honest.order(elder)?;
        ensure!(honest.sync(town.server()?)?.agrees);
        ensure!(is_shut_out(&stolen, &town)?);
        let unused = town.code(false)?;
        if whole_folder {
            town.put_back()?;
            ensure!(!is_shut_out(&stolen, &town)?, "nobody on this machine knows");
            ensure!(town.went_back()? == 0);
            // The first desk that was there after the backup brings it all.
            honest.sync(town.server()?)?;
            ensure!(honest.sync(town.server()?)?.agrees);
        } else {
            town.put_database_back()?;
        }
        ensure!(is_shut_out(&stolen, &town)?, "whole folder: {whole_folder}");
        ensure!(town.server()?.accounts()?.iter().all(|account| account.disabled && account.sessions == 0));
        ensure!(town.went_back()? == 1);
        honest.sync(town.server()?)?;
        let told = told_at(&honest.desk)?;
        ensure!(told.as_deref().is_some_and(|told| told.contains("恢复")), "{told:?}");
        ensure!(town.desk_by(&unused, "late").is_err(), "codes that were given out are void");
        // Who comes later changes nothing, and the number of a device that was lost is given to nobody.
        other.exchange(town.server()?, Vec::new())?;
        ensure!(town.went_back()? == 1);
        let new = town.desk("two", false)?;
        ensure!(new.desk.ask(&Status {})?.device_number > 100);
        // Settled by a person at the machine: the audit log is held against what stands there now.
        town.server()?.settle_restore()?;
        ensure!(town.went_back()? == 1);
        let checked = town.server()?.verify_audit()?;
        ensure!(checked.ok, "{checked:?}");
        ensure!(town.server()?.verify()?.ok);
    }
    Ok(())
}

/// What a start notes must not bring the database up to its mark again.
#[test]
fn f78_one_lost_row_is_enough_for_the_mark() -> Result<()> {
    let mut town = Town::new()?;
    town.server()?.add_account("chen", Role::Town, TOWN, PASSWORD)?;
    town.back_up()?;
    town.server()?.disable_account("chen", true)?;
    town.put_database_back()?;
    ensure!(town.went_back()? == 1);
    ensure!(town.server()?.accounts()?.iter().all(|account| account.disabled));
    Ok(())
}

#[test]
fn f78_a_database_that_was_put_back_twice_is_noticed_twice() -> Result<()> {
    let mut town = Town::new()?;
    let desk = town.desk("one", false)?;
    let elder = desk.elder("王桂英", "")?;
    desk.sync(town.server()?)?;
    town.back_up()?;
    for round in 1..=2 {
        desk.order(elder)?;
        desk.sync(town.server()?)?;
        town.put_back()?;
        // What the centre wrote and lost is refused, then both agree; nobody at the desk is bothered.
        desk.sync(town.server()?)?;
        ensure!(desk.sync(town.server()?)?.agrees, "round {round}");
        ensure!(desk.desk.ask(&Status {})?.refused == 0, "round {round}");
        ensure!(town.went_back()? == 1, "round {round}: the database of before knows nothing of the last time");
        desk.order(elder)?;
        ensure!(desk.sync(town.server()?)?.agrees && town.went_back()? == 1);
    }
    // Both stand at the desk, each once.
    let settled = town.server()?.settle_restore()?;
    ensure!(settled.epoch == 3, "{settled:?}");
    Ok(())
}

#[test]
fn f78_a_server_that_was_never_put_back_says_nothing_of_it() -> Result<()> {
    let mut town = Town::new()?;
    let desk = town.desk("one", false)?;
    let elder = desk.elder("王桂英", "")?;
    for _ in 0..3 {
        desk.order(elder)?;
        desk.sync(town.server()?)?;
        town.server = None;
        town.start()?;
    }
    // A desk that was put back itself presents an old session token.
    copy_folder(&town.folder("one"), &town.folder("old"))?;
    desk.order(elder)?;
    desk.sync(town.server()?)?;
    let old = town.opened("old")?;
    old.sync(town.server()?)?;
    ensure!(town.went_back()? == 0);
    ensure!(told_at(&desk.desk)?.is_none());
    Ok(())
}

#[test]
fn f78_nobody_but_the_server_revokes() -> Result<()> {
    let town = Town::new()?;
    let (mut liar, victim) = (town.device(false)?, town.device(false)?);
    let mut spare = town.device(false)?;
    town.server()?.add_account("chen", Role::Town, TOWN, PASSWORD)?;
    town.server()?.disable_account("chen", true)?;
    let said = notices(&mut spare, &town)?;
    ensure!(said.len() == 1, "{said:?}");
    town.server()?.disable_account("chen", false)?;
    let mut bent = said[0].clone();
    let at = bent.bytes.len() - 40;
    bent.bytes[at] ^= 1;
    let id = RecordId(uuid::Uuid::from_bytes([9; 16]));
    for (change, what) in [
        (wire(RecordKind::Notice, id, said[0].bytes.clone()), "the true words under another id"),
        (bent, "a bent one"),
        (wire(RecordKind::Notice, id, Vec::new()), "nothing"),
    ] {
        let refused = liar.exchange(town.server()?, vec![change])?.refused;
        ensure!(refused.iter().all(|refused| refused.reason == RefusedReason::ForeignKind) && refused.len() == 1, "{what}: {refused:?}");
    }
    // What the server has said, and holds, may come again: nothing is done again.
    ensure!(liar.exchange(town.server()?, said.clone())?.refused.is_empty());
    ensure!(town.server()?.accounts()?.iter().all(|account| !account.disabled));
    ensure!(!is_shut_out(&victim, &town)?);
    Ok(())
}
