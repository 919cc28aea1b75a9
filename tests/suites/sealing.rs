//! Sealed fields between desks: what opens where, what is written again and what not. Real desks and a
//! real server in one process, without a carrier.

use anyhow::{Context, Result, ensure};
use desk::{Clock, Desk, OneSync};
use shared::command::{ElderCard, ElderForm, FindElders, SaveElder, Status};
use shared::crypto::SoftProvider;
use shared::kinds::Ability;
use shared::schema::RecordId;
use std::path::Path;
use std::sync::Arc;
use sync_server::Server;
use tempfile::TempDir;

const TOWN: &str = "445381001";
const PHONE: &str = "13912345678";
/// As forms show it.
const MASKED: &str = "139****5678";
const NUMBER: &str = "11010519491231002X";

/// A server with a canteen, and desks that keep one hour.
struct Town {
    root: TempDir,
    server: Server,
    canteen: String,
}

impl Town {
    fn new() -> Result<Self> {
        let root = tempfile::tempdir()?;
        let server =
            Server::open_with(&root.path().join("server"), sync_server::Clock::by(|| 1_795_312_080), Arc::new(SoftProvider::new()))?;
        let canteen = server.add_canteen("罗城街道长者饭堂", TOWN, None)?.code;
        Ok(Self { root, server, canteen })
    }

    fn open(&self, name: &str) -> Result<Desk> {
        let clock = Clock::from_fn(|| jiff::Timestamp::from_second(1_795_312_080).unwrap_or(jiff::Timestamp::UNIX_EPOCH));
        Ok(Desk::open_with(&self.root.path().join(name), clock, Arc::new(SoftProvider::new()))?)
    }

    fn enrolled(&self, name: &str, at_canteen: bool) -> Result<Desk> {
        let desk = self.open(name)?;
        let code = match at_canteen {
            true => self.server.device_code(Some(&self.canteen), None)?,
            false => self.server.device_code(None, Some(TOWN))?,
        };
        desk.enrol_by("http://here", &code.code, "电脑", |ask| self.server.enrol(ask))?;
        self.sync(&desk)?;
        Ok(desk)
    }

    /// The server starts again, on its folder as it is now.
    fn restart(&mut self, between: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        let folder = self.root.path().join("server");
        // Closed first: the files are whole only then.
        self.server = Server::open_with(
            &self.root.path().join("elsewhere"),
            sync_server::Clock::by(|| 1_795_312_080),
            Arc::new(SoftProvider::new()),
        )?;
        between(&folder)?;
        self.server = Server::open_with(&folder, sync_server::Clock::by(|| 1_795_312_080), Arc::new(SoftProvider::new()))?;
        Ok(())
    }

    fn sync(&self, desk: &Desk) -> Result<()> {
        let mut sync = OneSync::default();
        while let Some(envelope) = desk.next_envelope(&mut sync)? {
            desk.take_answer(&mut sync, self.server.receive(&envelope)?)?;
        }
        ensure!(sync.summary().agrees && sync.summary().refused.is_empty(), "{:?}", sync.summary());
        Ok(desk.end_sync(&sync)?)
    }
}

fn form() -> ElderForm {
    ElderForm {
        name: "王桂英".into(),
        id_number: NUMBER.into(),
        phone: PHONE.into(),
        division: "445381001008".into(),
        address: "细坑路 8 号".into(),
        ability: Some(Ability::Independent),
        ..ElderForm::default()
    }
}

fn shown(desk: &Desk, elder: RecordId) -> Result<ElderForm> {
    Ok(desk.ask(&ElderCard { elder: Some(elder) })?.form)
}

fn unsent(desk: &Desk) -> Result<u64> {
    Ok(desk.ask(&Status {})?.unsent)
}

fn finds(desk: &Desk, text: &str) -> Result<usize> {
    Ok(desk.ask(&FindElders { text: text.into(), limit: 8 })?.len())
}

#[test]
fn what_one_desk_seals_the_other_reads_and_finds() -> Result<()> {
    let town = Town::new()?;
    let (canteen, office) = (town.enrolled("canteen", true)?, town.enrolled("office", false)?);
    let elder = canteen.ask(&SaveElder { elder: None, form: form() })?;
    // The key is a change as well, and the binding.
    ensure!(unsent(&canteen)? == 3);
    town.sync(&canteen)?;
    town.sync(&office)?;
    let there = shown(&office, elder)?;
    ensure!(
        (there.phone.as_str(), there.address.as_str(), there.ability) == (MASKED, "细坑路 8 号", Some(Ability::Independent)),
        "{there:?}"
    );
    let card = office.ask(&ElderCard { elder: Some(elder) })?;
    ensure!(card.hit.id_tail.as_deref() == NUMBER.get(14..) && there.id_number.is_empty(), "{card:?}");
    ensure!(finds(&office, PHONE)? == 1 && finds(&office, "002X")? == 1);
    Ok(())
}

#[test]
fn a_value_that_stands_is_not_sealed_again() -> Result<()> {
    let town = Town::new()?;
    let canteen = town.enrolled("canteen", true)?;
    let elder = canteen.ask(&SaveElder { elder: None, form: form() })?;
    town.sync(&canteen)?;
    // The same person enrolled again by another desk before it heard of the first: the same values, one document, a second key.
    let beside = town.open("beside")?;
    let code = town.server.device_code(Some(&town.canteen), None)?.code;
    beside.enrol_by("http://here", &code, "电脑", |ask| town.server.enrol(ask))?;
    beside.ask(&SaveElder { elder: None, form: form() })?;
    town.sync(&beside)?;
    town.sync(&canteen)?;
    for desk in [&canteen, &beside] {
        ensure!(shown(desk, elder)?.phone == MASKED);
        desk.ask(&SaveElder { elder: Some(elder), form: shown(desk, elder)? })?;
        ensure!(unsent(desk)? == 0, "nothing changed, and something was written");
    }
    let changed = ElderForm { phone: "13900000000".into(), ..shown(&canteen, elder)? };
    canteen.ask(&SaveElder { elder: Some(elder), form: changed })?;
    ensure!(unsent(&canteen)? == 1);
    town.sync(&canteen)?;
    town.sync(&beside)?;
    ensure!(shown(&beside, elder)?.phone == "139****0000" && finds(&beside, PHONE)? == 0);
    Ok(())
}

#[test]
fn f46_a_canteen_that_changes_its_town_takes_the_keys_of_its_elders_along() -> Result<()> {
    const THERE: &str = "445381106";
    let town = Town::new()?;
    let (canteen, other) = (town.enrolled("canteen", true)?, town.open("other")?);
    other.enrol_by("http://here", &town.server.device_code(None, Some(THERE))?.code, "电脑", |ask| town.server.enrol(ask))?;
    let nameless = |name: &str| ElderForm { name: name.into(), id_number: String::new(), ..form() };
    let before = canteen.ask(&SaveElder { elder: None, form: nameless("王桂英") })?;
    town.sync(&canteen)?;
    town.server.move_canteen(&town.canteen, THERE)?;
    town.sync(&other)?;
    ensure!(shown(&other, before)?.phone == MASKED, "sealed for the new town by the move itself");

    // Enrolled before the canteen heard of it: packed for the old town.
    let offline = canteen.ask(&SaveElder { elder: None, form: nameless("李木生") })?;
    town.sync(&canteen)?;
    // From now on it has the new town's key, also for who lives there.
    let division = shared::division::children(THERE).next().context("a village")?.code.to_owned();
    let after = canteen.ask(&SaveElder { elder: None, form: ElderForm { division, ..nameless("陈亚娣") } })?;
    town.sync(&canteen)?;
    town.sync(&other)?;
    for elder in [before, offline, after] {
        ensure!(shown(&canteen, elder)?.phone == MASKED && shown(&other, elder)?.phone == MASKED);
    }
    ensure!(canteen.ask(&Status {})?.division == THERE, "the desk knows where it belongs");
    Ok(())
}

#[test]
fn a_folder_that_is_copied_reads_its_elders() -> Result<()> {
    let town = Town::new()?;
    let canteen = town.enrolled("canteen", true)?;
    let elder = canteen.ask(&SaveElder { elder: None, form: form() })?;
    drop(canteen);
    copy(&town.root.path().join("canteen"), &town.root.path().join("copy"))?;
    ensure!(shown(&town.open("copy")?, elder)?.phone == MASKED);
    Ok(())
}

#[test]
fn a_lost_key_is_told_and_nothing_is_overwritten() -> Result<()> {
    let town = Town::new()?;
    drop(town.enrolled("canteen", true)?);
    let folder = town.root.path().join("canteen");
    let read = |file: &str| std::fs::read(folder.join(file));
    let before = (read("desk.sqlite")?, read("desk.key")?);
    std::fs::write(folder.join("desk.key"), String::from_utf8(before.1.clone())?.replace("\"salt\":\"", "\"salt\":\"00"))?;
    let refused = |what: &str| -> Result<String> { Ok(town.open("canteen").err().with_context(|| what.to_owned())?.to_string()) };
    ensure!(refused("another machine's key")?.contains("打不开"));
    std::fs::remove_file(folder.join("desk.key"))?;
    ensure!(refused("no key")?.contains("desk.key 不见了") && !Path::new(&folder.join("desk.key")).exists());
    ensure!(read("desk.sqlite")? == before.0);
    std::fs::write(folder.join("desk.key"), before.1)?;
    town.open("canteen").map(drop)
}

/// What is left of an elder on a desk after the erasure: the open fields.
fn is_erased(desk: &Desk, elder: RecordId) -> Result<()> {
    let left = shown(desk, elder)?;
    ensure!(left.name == "王桂英", "the record itself stays");
    ensure!(left.phone.is_empty() && left.address.is_empty() && left.ability.is_none(), "{left:?}");
    ensure!(finds(desk, PHONE)? == 0 && finds(desk, "002X")? == 0 && finds(desk, "wgy")? == 1);
    let again = desk.ask(&SaveElder { elder: Some(elder), form: ElderForm { phone: PHONE.into(), ..left } });
    ensure!(again.is_err_and(|fault| fault.happened.contains("删除")), "it can be written down again");
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for file in std::fs::read_dir(from)? {
        let file = file?;
        if file.file_type()?.is_file() {
            std::fs::copy(file.path(), to.join(file.file_name()))?;
        }
    }
    Ok(())
}

#[test]
fn an_erasure_reaches_desks_that_were_offline_and_those_restored() -> Result<()> {
    let town = Town::new()?;
    let (canteen, office) = (town.enrolled("canteen", true)?, town.enrolled("office", false)?);
    let elder = canteen.ask(&SaveElder { elder: None, form: form() })?;
    town.sync(&canteen)?;
    town.sync(&office)?;
    drop(canteen);
    copy(&town.root.path().join("canteen"), &town.root.path().join("backup"))?;
    let canteen = town.open("canteen")?;

    ensure!(town.server.erase_elder(NUMBER)?.wrapped_keys == 1);
    ensure!(town.server.erase_elder("11010519491231001X").is_err(), "nobody of that number is here");
    // Offline it reads on; it works offline, and hears of it later.
    let form_then = ElderForm { address: "新住址".into(), ..shown(&canteen, elder)? };
    canteen.ask(&SaveElder { elder: Some(elder), form: form_then })?;
    for desk in [&canteen, &office] {
        town.sync(desk)?;
        is_erased(desk, elder)?;
        town.sync(desk)?;
    }
    drop(canteen);
    // The canteen's disk is replaced by the backup from before.
    std::fs::remove_dir_all(town.root.path().join("canteen"))?;
    copy(&town.root.path().join("backup"), &town.root.path().join("canteen"))?;
    let restored = town.open("canteen")?;
    ensure!(shown(&restored, elder)?.phone == MASKED, "the backup has the key");
    town.sync(&restored)?;
    is_erased(&restored, elder)?;
    // A new desk never gets what is not there any more.
    is_erased(&town.enrolled("new", true)?, elder)
}

#[test]
fn a_restored_server_forgets_again() -> Result<()> {
    let mut town = Town::new()?;
    let (canteen, office) = (town.enrolled("canteen", true)?, town.enrolled("office", false)?);
    let elder = canteen.ask(&SaveElder { elder: None, form: form() })?;
    town.sync(&canteen)?;
    town.sync(&office)?;
    let backup = town.root.path().join("server_backup");
    town.restart(|folder| copy(folder, &backup))?;
    ensure!(town.server.erase_elder(&elder.to_string())?.wrapped_keys == 1);
    town.sync(&office)?;
    is_erased(&office, elder)?;

    // The database is of before; what is erased is written beside it.
    town.restart(|folder| {
        for file in ["server.sqlite", "server.sqlite-wal", "server.sqlite-shm"] {
            let _ = std::fs::remove_file(folder.join(file));
            if backup.join(file).exists() {
                std::fs::copy(backup.join(file), folder.join(file))?;
            }
        }
        Ok(())
    })?;
    is_erased(&town.enrolled("second", true)?, elder)?;

    // The whole folder is of before: a desk that heard of it brings it back.
    town.restart(|folder| {
        std::fs::remove_dir_all(folder)?;
        copy(&backup, folder)
    })?;
    town.sync(&office)?;
    is_erased(&office, elder)?;
    town.sync(&canteen)?;
    is_erased(&canteen, elder)?;
    is_erased(&town.enrolled("third", true)?, elder)
}
