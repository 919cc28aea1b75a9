//! Files for the office, as a township takes them out: what is in them, who may, and how long they lie there.

mod taken_out;

use super::*;
use crate::clock::Clock;
use crate::desk::Desk;
use crate::journal::Mutation;
use calamine::{Data, Reader, Xlsx, open_workbook};
use jiff::{Timestamp, ToSpan};
use shared::command::{ElderCard, Export, ImportErrors, List, Reveal, SaveElder, SignIn};
use shared::crypto::{SecretKey, SoftProvider};
use shared::kinds::{Disclosure, DisclosureAct, Elder, ElderStatus, RecordKind, StaffRole};
use shared::rule::disclosure::{ALONE, DAYS_HERE};
use shared::rule::{id_number::IdNumber, phone::PhoneNumber};
use shared::schema::{Record, RecordId, Value};
use shared::wire::Enrolled;
use std::sync::{Arc, Mutex};

const LUOCHENG: &str = "445381001";
const NUMBER: &str = "445381192801141162";
const PHONE: &str = "18773589597";
const PIN: &str = "271943";

/// A canteen's desk in the town, at a time that is turned by hand.
pub(crate) struct Office {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) desk: Desk,
    now: Arc<Mutex<Timestamp>>,
}

impl Office {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Arc::new(Mutex::new(Timestamp::from_second(1_795_305_600).unwrap()));
        let desk = open(folder.path(), &now);
        let enrolled = Enrolled {
            device: desk.0.new_id(),
            device_number: 7,
            canteen: None,
            division: LUOCHENG.into(),
            keys: String::new(),
            server_key: String::new(),
        };
        let known = |facts: &mut crate::facts::Facts| {
            (facts.enrolled, facts.person_keys) = (Some(enrolled), Some(shared::seal::PersonKeys(vec![("4453".to_owned(), vec![0; 32])])));
        };
        desk.0.change_facts(known).unwrap();
        desk.0.transact(|store| crate::store::key::keep_town(store, LUOCHENG, &SecretKey::from_bytes([7; 16]))).unwrap();
        Self { folder, desk, now }
    }

    fn staff(&self, name: &str, role: StaffRole) -> RecordId {
        let text = |text: &str| Value::Text(text.into());
        let fields = [("division", text(LUOCHENG)), ("name", text(name)), ("role", text(role.code())), ("disabled", Value::Bool(false))];
        let id = self.desk.0.new_id();
        let fields = fields.into_iter().map(|(name, value)| (name.into(), value)).collect();
        self.desk.0.commit(&[Mutation::first(RecordKind::Staff, id, fields)]).unwrap();
        id
    }

    pub(crate) fn elder(&self, name: &str) -> RecordId {
        self.elders(name, 1)
    }

    fn elders(&self, name: &str, many: u64) -> RecordId {
        let elder = Elder {
            name: name.to_owned(),
            id_number: Some(IdNumber::parse(NUMBER).unwrap()),
            other_document: None,
            sex: None,
            birth_date: None,
            phone: Some(PhoneNumber::parse(PHONE).unwrap()),
            second_phone: None,
            emergency_name: None,
            emergency_phone: None,
            division: LUOCHENG.to_owned(),
            address: Some("细坑路117号".to_owned()),
            ability: None,
            living_alone: false,
            delivery_need: true,
            diet: None,
            note: None,
            canteen: None,
            status: ElderStatus::Active,
            last_imported: None,
        };
        let ids: Vec<RecordId> = (0..many).map(|_| self.desk.0.new_id()).collect();
        self.desk.0.commit(&ids.iter().map(|id| Mutation::create(*id, &elder)).collect::<Vec<_>>()).unwrap();
        ids[0]
    }

    fn days(&self, days: i64) {
        let mut now = self.now.lock().unwrap();
        *now += (days * 24).hours();
    }

    pub(crate) fn again(&mut self) {
        self.desk = open(self.folder.path(), &self.now);
    }
}

fn open(folder: &std::path::Path, now: &Arc<Mutex<Timestamp>>) -> Desk {
    let now = Arc::clone(now);
    Desk::open_with(folder, Clock::from_fn(move || *now.lock().unwrap()), Arc::new(SoftProvider::new())).unwrap()
}

#[test]
fn names_that_every_system_takes() {
    for (text, expect) in [
        ("订单台账 2026年11月.xlsx", "订单台账 2026年11月.xlsx"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a:b*c?.xlsx", "a_b_c_.xlsx"),
        ("CON.xlsx", "_CON.xlsx"),
        ("lpt1", "_lpt1"),
        ("...", "导出"),
        ("", "导出"),
        ("名单\u{202e}xslx.exe", "名单_xslx.exe"),
    ] {
        assert_eq!(safe_file_name(text), expect, "{text}");
    }
    assert!(safe_file_name(&"长".repeat(300)).len() <= 255);
}

fn elders() -> Export {
    Export { list: "elders".to_owned(), ..Export::default() }
}

impl Office {
    fn export(&self) -> std::path::PathBuf {
        self.desk.ask(&elders()).unwrap().path.into()
    }

    /// The workbook of the wrong rows of a list.
    fn errors(&self) -> std::path::PathBuf {
        let file = self.desk.hand_over(format!("姓名,身份证号,村居\n王桂英,{NUMBER}9,细坑社区\n").as_bytes()).unwrap();
        self.desk.ask(&ImportErrors { file, file_name: "名单.csv".into(), ..ImportErrors::default() }).unwrap().path.into()
    }
}

#[cfg(unix)]
fn mode(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
#[test]
fn what_lies_in_plain_is_for_this_user_alone() {
    let office = Office::new();
    office.elder("王桂英");
    std::fs::set_permissions(office.folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let (export, errors) = (office.export(), office.errors());
    let handle = office.desk.hand_over(b"a list").unwrap();
    let out = office.folder.path().join("elsewhere.xlsx");
    std::fs::write(&out, "open to all").unwrap();
    office.desk.export_to(&elders(), &out).expect_err("nobody said that it may go");
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "open to all");
    office.desk.export_over(&elders(), &out).unwrap();
    let files = [export, errors, office.desk.0.handed_over(&handle).unwrap(), out];
    assert_eq!(files.each_ref().map(|file| mode(file)), [0o600; 4]);
    assert_eq!([&files[0], &files[2]].map(|file| mode(file.parent().unwrap())), [0o700; 2]);
    drop(Desk::open(office.folder.path()).unwrap());
    assert_eq!(mode(office.folder.path()), 0o700, "a desk's folder that was open to others");
}

#[test]
fn a_computer_that_is_shut_out_keeps_no_export_and_nothing_handed_over() {
    let office = Office::new();
    office.elder("王桂英");
    let aside = office.folder.path().join("desk.sqlite.damaged-1");
    std::fs::write(&aside, "what was set aside").unwrap();
    let handle = office.desk.hand_over(b"a list").unwrap();
    let files = [office.export(), office.errors(), office.desk.0.handed_over(&handle).unwrap(), aside];
    office.desk.0.clear().unwrap();
    assert_eq!(files.map(|file| file.exists()), [false; 4]);
}

#[cfg(unix)]
#[test]
fn files_behind_a_link_are_nobodys_inbox_and_nobodys_exports() {
    let mut office = Office::new();
    let away = tempfile::tempdir().unwrap();
    let treasure = away.path().join("treasure.xlsx");
    std::fs::write(&treasure, "gold").unwrap();
    for name in ["inbox", FOLDER] {
        let folder = office.folder.path().join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::os::unix::fs::symlink(away.path(), &folder).unwrap();
    }
    office.again();
    office.export();
    office.days(400);
    office.again();
    office.desk.0.clear().unwrap();
    assert_eq!(std::fs::read_dir(away.path()).unwrap().count(), 1, "nothing was put there");
    assert!(treasure.exists());
}

#[test]
fn an_export_goes_by_itself_after_the_days_that_the_screen_says() {
    let office = Office::new();
    office.elder("王桂英");
    let (export, errors) = (office.export(), office.errors());
    office.days(i64::from(DAYS_HERE) - 1);
    let second = office.export();
    assert!(export.exists() && errors.exists());
    office.days(2);
    let third = office.export();
    assert_eq!([export, errors, second, third].map(|file| file.exists()), [false, false, true, true]);
}
