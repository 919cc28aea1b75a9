//! Data of people that leave the desk: masked, for a reason, by one person or by two, and noted.

use super::*;

/// All texts of a workbook, and its bytes unpacked.
fn texts(path: &std::path::Path) -> Vec<String> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let mut found = Vec::new();
    for sheet in book.sheet_names() {
        let range = book.worksheet_range(&sheet).unwrap();
        found.extend(range.used_cells().filter_map(|(_, _, cell)| if let Data::String(text) = cell { Some(text.clone()) } else { None }));
    }
    found
}

fn holds(path: &std::path::Path, text: &str) -> bool {
    texts(path).iter().any(|cell| cell.contains(text))
}

impl Office {
    fn noted(&self) -> Vec<Disclosure> {
        let (rows, problems) = self.desk.disclosures().unwrap();
        assert_eq!(problems, Vec::<String>::new());
        rows
    }

    fn full(&self, reason: Option<DisclosureReason>, note: &str) -> Result<Exported, Fault> {
        self.desk.ask(&Export { full: true, reason, note: note.to_owned(), ..elders() })
    }
}

#[test]
fn numbers_leave_masked_but_for_a_reason() {
    let office = Office::new();
    office.elder("王桂英");
    let export = office.export();
    assert!([NUMBER, PHONE, "细坑路117号"].iter().all(|text| !holds(&export, text)), "{:?}", texts(&export));
    assert!(holds(&export, "号码已遮盖") && holds(&export, "王桂英"));
    for (reason, note) in [(None, "核对"), (Some(DisclosureReason::Other), " ")] {
        assert_eq!(office.full(reason, note).unwrap_err().code, Code::Confirm);
    }
    let full = office.full(Some(DisclosureReason::Subsidy), "11月 13912345678").unwrap();
    assert!([NUMBER, PHONE, "细坑路117号", "含完整号码", "核对补贴（11月 ***）"].iter().all(|text| holds(full.path.as_ref(), text)));
    // Nor do scripts and screens get them in passing: what stands in no export stands in no list.
    for list in ["elders", "orders"] {
        let told = serde_json::to_string(&office.desk.ask(&List { list: list.into(), ..List::default() }).unwrap()).unwrap();
        assert!(!told.contains(NUMBER) && !told.contains(PHONE) && !told.contains("细坑路117号"), "{told}");
    }
    let no_numbers = Export { list: "canteens".into(), full: true, reason: Some(DisclosureReason::Subsidy), ..Export::default() };
    assert_eq!(office.desk.ask(&no_numbers).unwrap_err().code, Code::BadInput);
}

#[test]
fn a_file_leads_to_the_row_of_who_took_it() {
    let office = Office::new();
    office.elder("王桂英");
    office.export();
    let full = office.full(Some(DisclosureReason::Inspection), "").unwrap();
    let errors = office.errors();
    let rows = office.noted();
    let said: Vec<_> =
        rows.iter().map(|row| (row.sequence, row.list.as_deref().unwrap(), row.rows, row.persons, row.unmasked, row.reason)).collect();
    assert_eq!(
        said,
        [(1, "elders", 1, 1, false, None), (2, "elders", 1, 1, true, Some(DisclosureReason::Inspection)), (3, "errors", 1, 1, true, None)]
    );
    assert!(rows.iter().all(|row| row.device == 7 && row.division == LUOCHENG && row.act == DisclosureAct::Exported));
    let mark = format!("编号 {} · 2026-11-22 08:00 · 罗城街道 设备 7 · 上级检查 · 1 行 · 含完整号码", rows[1].number);
    assert!(holds(full.path.as_ref(), &mark), "{:?}", texts(full.path.as_ref()));
    let bytes = std::fs::read(&full.path).unwrap();
    assert_eq!(rows[1].sha256.as_deref(), Some(hex::encode(Sha256::digest(bytes)).as_str()));
    // The wrong rows are to be brought again, so their mark stands beside the sheet.
    let mut archive = zip::ZipArchive::new(std::fs::File::open(errors).unwrap()).unwrap();
    for part in ["xl/worksheets/sheet1.xml", "docProps/core.xml"] {
        let mut text = String::new();
        archive.by_name(part).unwrap().read_to_string(&mut text).unwrap();
        assert!(text.contains(&rows[2].number), "{part}");
    }
}

#[test]
fn full_numbers_of_many_are_not_taken_alone_and_not_in_slices() {
    let office = Office::new();
    office.elders("王桂英", ALONE);
    let subsidy = Some(DisclosureReason::Subsidy);
    office.export();
    office.full(subsidy, "").unwrap();
    let again = office.full(subsidy, "").unwrap_err();
    assert_eq!(again.code, Code::SecondFactor);
    assert!(again.happened.contains("最多取 200 人") && again.happened.contains("已取 200 人"), "{}", again.happened);
    let one = office.elder("李四");
    assert!(office.desk.ask(&Reveal { elder: Some(one), reason: subsidy, ..Reveal::default() }).is_err(), "nor one by one");
    assert_eq!(office.desk.ask(&elders()).unwrap_err().code, Code::Confirm, "so many masked ask for a reason");
    office.desk.ask(&Export { reason: subsidy, ..elders() }).unwrap();
    office.days(2);
    office.desk.ask(&Reveal { elder: Some(one), reason: subsidy, ..Reveal::default() }).unwrap();
    assert!(office.full(subsidy, "").is_err(), "and all at once never");
}

#[test]
fn what_is_too_much_for_one_person_a_second_one_of_the_staff_agrees_to() {
    let office = Office::new();
    office.elders("王桂英", ALONE + 1);
    let [fang, li, ming] = [("王芳", StaffRole::Manager), ("李强", StaffRole::Clerk), ("陈明", StaffRole::Courier)]
        .map(|(name, role)| office.staff(name, role));
    let sign_in = |person: RecordId, pin: &str, new_pin: &str| SignIn { person: Some(person), pin: pin.into(), new_pin: new_pin.into() };
    let take = |second: Option<SignIn>| {
        office.desk.ask(&Export { full: true, reason: Some(DisclosureReason::Subsidy), second, ..elders() }).map_err(|fault| fault.code)
    };
    assert_eq!(take(Some(sign_in(li, "", ""))), Err(Code::Refused), "who has no PIN agrees to nothing");
    for person in [fang, li, ming] {
        office.desk.ask(&sign_in(person, "", PIN)).unwrap();
    }
    assert_eq!(take(None), Err(Code::Forbidden), "a courier exports nothing");
    office.desk.ask(&sign_in(fang, PIN, "")).unwrap();
    assert_eq!(take(None), Err(Code::SecondFactor));
    assert_eq!(take(Some(sign_in(fang, PIN, ""))), Err(Code::Forbidden), "one person is not two");
    assert_eq!(take(Some(sign_in(ming, PIN, ""))), Err(Code::Forbidden), "who may not export agrees to none");
    assert_eq!(take(Some(sign_in(li, "000000", ""))), Err(Code::Refused));
    assert_eq!(take(Some(sign_in(office.desk.0.new_id(), PIN, ""))), Err(Code::NotFound));
    assert_eq!(take(Some(sign_in(li, PIN, ""))), Err(Code::NotNow), "whose PIN was chosen just now may be made up");
    assert_eq!(office.desk.disclosures().unwrap().0.len(), 0);
    office.days(1);
    office.desk.ask(&sign_in(fang, PIN, "")).unwrap();
    take(Some(sign_in(li, PIN, ""))).unwrap();
    let rows = office.desk.disclosures().unwrap().0;
    assert_eq!((rows.len(), rows[0].persons), (1, i64::try_from(ALONE + 1).unwrap()));
    assert_eq!((rows[0].clerk.as_deref(), rows[0].second.as_deref()), (Some("王芳"), Some("李强")));
    assert_eq!(take(None), Err(Code::SecondFactor), "an agreement is good once");
    for _ in 0..10 {
        let _ = take(Some(sign_in(li, "000000", "")));
    }
    assert_eq!(take(Some(sign_in(li, PIN, ""))), Err(Code::NotNow), "wrong tries make one wait, as at the door");
}

#[test]
fn what_is_shown_in_full_is_asked_for_and_noted() {
    let office = Office::new();
    let id = office.elder("王桂英");
    let elder = Some(id);
    let card = office.desk.ask(&ElderCard { elder }).unwrap();
    let told = serde_json::to_string(&card).unwrap();
    assert!(!told.contains(NUMBER) && !told.contains(PHONE), "{told}");
    assert_eq!(office.desk.ask(&Reveal { elder, ..Reveal::default() }).unwrap_err().code, Code::Confirm);
    assert_eq!(office.noted(), []);
    let shown = office.desk.ask(&Reveal { elder, reason: Some(DisclosureReason::Family), ..Reveal::default() }).unwrap();
    assert_eq!((shown.id_number.as_deref(), shown.phone.as_str()), (Some(NUMBER), PHONE));
    let rows = office.noted();
    assert_eq!((rows.len(), rows[0].act, rows[0].elder, rows[0].reason), (1, DisclosureAct::Shown, elder, Some(DisclosureReason::Family)));

    // A file that is saved as it was shown keeps what was masked; what is typed anew counts.
    let known = || office.desk.0.look().record::<Elder>(id).unwrap().unwrap();
    let mut form = card.form;
    form.note = "怕黑".into();
    office.desk.ask(&SaveElder { elder, form: form.clone() }).unwrap();
    assert_eq!((known().phone.unwrap().as_str(), known().note.as_deref()), (PHONE, Some("怕黑")));
    form.phone = "13800000000".into();
    office.desk.ask(&SaveElder { elder, form: form.clone() }).unwrap();
    assert_eq!(known().phone.unwrap().as_str(), "13800000000");
    form.phone.clear();
    office.desk.ask(&SaveElder { elder, form }).unwrap();
    assert_eq!(known().phone, None);
}

#[test]
fn f55_a_row_that_is_changed_left_out_or_cut_off_is_found() {
    let mut office = Office::new();
    office.elder("王桂英");
    (0..4).for_each(|_| drop(office.export()));
    let rows = office.noted();
    assert_eq!(rows.iter().map(|row| row.sequence).collect::<Vec<_>>(), [1, 2, 3, 4]);
    for (place, is_lost, found) in [
        (2, false, "取用记录第 2 条被改过"),
        (1, true, "取用记录第 1 条不见了"),
        (2, true, "取用记录第 2 条不见了"),
        (4, true, "取用记录第 4 条不见了"),
    ] {
        office.desk.0.transact(|store| crate::store::disclosure::harm(store, place, is_lost)).unwrap();
        assert!(office.desk.disclosures().unwrap().1.contains(&found.to_owned()), "{place} {is_lost}");
        office.desk.rebuild().unwrap();
        office.noted();
    }
    office.again();
    office.export();
    assert_eq!(office.noted().len(), 5, "it goes on");
    assert!(office.desk.0.read(|store| crate::store::change::records_of(store, RecordKind::Disclosure)).unwrap().len() == 5, "and goes up");
    assert!(Disclosure::KIND.written_once);
}

#[test]
fn a_desk_that_belongs_nowhere_takes_nothing_out() {
    let office = Office::new();
    office.elder("王桂英");
    office.desk.0.clear().unwrap();
    assert_eq!(office.desk.ask(&elders()).unwrap_err().code, Code::NotEnrolled);
    assert_eq!(std::fs::read_dir(office.folder.path().join(FOLDER)).map_or(0, Iterator::count), 0);
    assert!(office.desk.disclosures().unwrap().1.is_empty(), "what it forgot is not missed");
}
