//! Records by forms and lists at a desk, over every list that has a form: what is saved is listed, exported and told; who may not write is
//! refused; two offices that change different fields keep both. A form that is added is in here without another line.

use crate::faults::kit::{Office, Town, VILLAGE};
use anyhow::{Context, Result, ensure};
use calamine::{Reader, Xlsx, open_workbook};
use shared::command::{Choices, ElderForm, Export, Get, History, List, Save, SaveElder};
use shared::fault::Code;
use shared::form::{Draft, FormSpec};
use shared::kinds::{LISTS, Sex};
use shared::list::{End, ListPage, ListSpec, Source};
use shared::schema::{Field, FieldType, Fields, RecordId};

/// Those by whose form records are made; who answers what the centre made is tried with that kind.
fn with_forms() -> impl Iterator<Item = (&'static ListSpec, &'static FormSpec)> {
    LISTS.iter().filter_map(|list| Some((*list, list.form().filter(|form| form.makes_records())?)))
}

/// Something that fits each field; what it refers to is made first. The number tells one record from another.
fn filled(office: &Office, list: &'static ListSpec, form: &'static FormSpec, number: u32) -> Result<Draft> {
    let mut draft = Draft::new();
    for field in form.fields() {
        draft.insert(field.name.to_owned(), value(office, list, field, number)?);
    }
    Ok(draft)
}

fn value(office: &Office, list: &'static ListSpec, field: &'static Field, number: u32) -> Result<String> {
    let choices = || office.desk.ask(&Choices { list: list.name.to_owned(), field: field.name.to_owned(), text: String::new() });
    Ok(match field.ty {
        FieldType::Words(words) => words.all[0].0.to_owned(),
        FieldType::Day => format!("2026-11-{:02}", 1 + number % 28),
        FieldType::Moment => format!("2026-11-{:02}T11:58", 1 + number % 28),
        FieldType::TimeOfDay => "10:30".to_owned(),
        FieldType::Money => format!("{number}.50"),
        FieldType::Number => (number + 125).to_string(),
        FieldType::YesNo => "1".to_owned(),
        FieldType::Phone => "0766-8812345".to_owned(),
        FieldType::Canteen | FieldType::Division => choices()?.first().context("a place")?.value.clone(),
        FieldType::Reference(kind) => {
            if choices()?.is_empty() {
                let (other, form) = with_forms().find(|(_, form)| form.kind == kind).context("a form of what is referred to")?;
                save(office, other, None, filled(office, other, form, number)?)?;
            }
            choices()?.first().context("somebody")?.value.clone()
        }
        _ => format!("=番茄{number}"),
    })
}

fn save(office: &Office, list: &ListSpec, record: Option<RecordId>, draft: Draft) -> Result<RecordId> {
    Ok(office.desk.ask(&Save { list: list.name.to_owned(), record, draft })?)
}

fn listed(office: &Office, list: &ListSpec) -> Result<ListPage> {
    Ok(office.desk.ask(&List { list: list.name.to_owned(), ..List::default() })?)
}

#[test]
fn what_is_saved_is_listed_exported_and_told_and_the_other_office_has_it() -> Result<()> {
    let town = Town::new()?;
    let (canteen, office) = (town.desk("canteen", false)?, town.desk("office", true)?);
    for desk in [&canteen, &office] {
        desk.sync(town.server()?)?;
    }
    let mut numbers = 1..;
    for (list, form) in with_forms() {
        let mut number = || numbers.next().unwrap_or(0);
        let draft = filled(&canteen, list, form, number())?;
        let id = save(&canteen, list, None, draft.clone())?;
        let found = canteen.desk.ask(&Get { list: list.name.to_owned(), record: Some(id) })?;
        ensure!(found.draft.as_ref() == Some(&draft), "{}: {:?}", list.name, found.draft);
        ensure!(listed(&canteen, list)?.rows.iter().any(|row| row.id == id && row.cells == found.row.cells), "{}", list.name);
        ensure!(!found.history.is_empty() && canteen.desk.ask(&History { list: list.name.to_owned(), record: Some(id) })? == found.history);

        // The same once more is there already; nothing at all names what is missing.
        if !form.unique.is_empty() {
            let twice = canteen.desk.ask(&Save { list: list.name.to_owned(), record: None, draft: draft.clone() }).unwrap_err();
            ensure!(twice.happened.contains("已经有"), "{twice}");
        }
        let nothing = canteen.desk.ask(&Save { list: list.name.to_owned(), record: None, draft: Draft::new() }).unwrap_err();
        ensure!(nothing.code == Code::BadInput && nothing.happened.contains("还没有填"), "{nothing}");

        // As many rows in the workbook as in the list, and text stays text.
        let out = town.folder("out").with_extension(format!("{}.xlsx", list.name));
        let done = canteen.desk.export_to(&Export { list: list.name.to_owned(), ..Export::default() }, &out)?;
        let mut book: Xlsx<_> = open_workbook(&out)?;
        let sheet = book.worksheet_range(list.title.zh)?;
        ensure!(sheet.height() as u64 == done.rows + 4 && done.rows == listed(&canteen, list)?.total, "{}", list.name);
        ensure!(book.worksheet_formula(list.title.zh)?.used_cells().next().is_none(), "{} computes", list.name);

        // Two offices change different fields without hearing of each other: both stay.
        canteen.sync(town.server()?)?;
        office.sync(town.server()?)?;
        ensure!(listed(&office, list)?.rows.iter().any(|row| row.id == id), "{}: the township has it", list.name);
        let changing: Vec<&Field> =
            form.fields().filter(|field| matches!(field.ty, FieldType::YesNo | FieldType::Words(_))).take(2).collect();
        let other = |field: &Field| match field.ty {
            FieldType::Words(words) => words.all[1].0.to_owned(),
            _ => String::new(),
        };
        for (desk, field) in [&canteen, &office].into_iter().zip(&changing) {
            save(desk, list, Some(id), Draft::from([(field.name.to_owned(), other(field))]))?;
        }
        for desk in [&canteen, &office, &canteen, &office] {
            desk.sync(town.server()?)?;
        }
        for desk in [&canteen, &office] {
            let draft = desk.desk.ask(&Get { list: list.name.to_owned(), record: Some(id) })?.draft.context("written here")?;
            ensure!(changing.iter().all(|field| draft[field.name] == other(field)), "{}: {draft:?}", list.name);
            ensure!(desk.desk.check()?.is_empty());
        }
    }
    Ok(())
}

#[test]
fn each_row_of_each_list_opens_with_what_the_list_says_of_it() -> Result<()> {
    let town = Town::new()?;
    let canteen = town.desk("canteen", false)?;
    canteen.sync(town.server()?)?;
    let elder = canteen.elder("王桂英", "11010519491231002X")?;
    canteen.order(elder)?;
    for list in ListSpec::at(End::Desk) {
        for row in listed(&canteen, list)?.rows {
            let found = canteen.desk.ask(&Get { list: list.name.to_owned(), record: Some(row.id) })?;
            // What is told of this moment stands in pages only.
            let told = |name: &str| list.column(name).is_some_and(|column| matches!(column.source, Source::Told(_)));
            let kept: Fields = row.cells.into_iter().filter(|(name, _)| !told(name)).collect();
            ensure!(found.row.cells == kept && !found.history.is_empty(), "{}: {:?} for {kept:?}", list.name, found.row.cells);
        }
    }
    let mut all = Vec::new();
    let page = canteen.desk.list_all(&List { list: "elders".to_owned(), ..List::default() }, &mut |row| {
        all.push(row.clone());
        Ok(())
    })?;
    ensure!(page.total == 1 && all[0].text("id_number") == "1101**********002X", "{all:?}: masked as on the screen");
    Ok(())
}

/// The rows beside one are those that stand there when pages are counted, in every order, also in that of a search.
#[test]
fn a_page_lies_beside_the_row_where_the_last_one_ended() -> Result<()> {
    let town = Town::new()?;
    let canteen = town.desk("canteen", false)?;
    for number in 0..110_u32 {
        let form = ElderForm {
            name: ["王桂英", "王秀兰", "李桂芳"][(number % 3) as usize].into(),
            division: VILLAGE.into(),
            sex: (number % 4 == 0).then_some(Sex::Female),
            living_alone: number % 5 == 0,
            ..ElderForm::default()
        };
        canteen.order(canteen.desk.ask(&SaveElder { elder: None, form })?)?;
    }
    for name in ["elders", "orders"] {
        let list = ListSpec::find(name).context("a list")?;
        let columns = list.columns_at(End::Desk).filter(|column| column.orders()).map(|column| column.name());
        let sorts = columns.flat_map(|column| ["", "-"].map(|way| ("sort", format!("{way}{column}"))));
        let orders: Vec<(&str, String)> = [("text", "w".to_owned()), ("text", String::new())].into_iter().chain(sorts).collect();
        for order in orders {
            let asked = |words: &[(&str, String)]| -> Result<Vec<RecordId>> {
                let words = words.iter().chain([&order]).map(|(name, word)| ((*name).to_owned(), word.clone())).collect();
                Ok(canteen.desk.ask(&List { list: name.to_owned(), words })?.rows.iter().map(|row| row.id).collect())
            };
            let pages = (0..3).map(|page| asked(&[("page", page.to_string())])).collect::<Result<Vec<_>>>()?;
            let all = pages.concat();
            ensure!(all.len() >= 50, "{name} by {order:?}: {}", all.len());
            for at in [0, 1, 48, all.len() - 1] {
                let one = all[at].to_string();
                let (behind, before) = (asked(&[("after", one.clone())])?, asked(&[("before", one)])?);
                let due = all.get(at + 1..).unwrap_or_default();
                ensure!(behind == due[..due.len().min(50)], "{name} behind {at} by {order:?}");
                ensure!(before == all[at.saturating_sub(50)..at], "{name} before {at} by {order:?}");
            }
        }
    }
    Ok(())
}

#[test]
fn nobody_saves_what_is_not_his_or_refers_to_nothing() -> Result<()> {
    let town = Town::new()?;
    let canteen = town.desk("canteen", false)?;
    canteen.sync(town.server()?)?;
    let foreign = town.server()?.add_canteen("𬜯塘镇长者饭堂", "445381106", None)?.code;
    canteen.sync(town.server()?)?;
    for (list, form) in with_forms() {
        let good = filled(&canteen, list, form, 1)?;
        let refused = |name: &str, typed: &str| {
            let draft = good.clone().into_iter().chain([(name.to_owned(), typed.to_owned())]).collect();
            canteen.desk.ask(&Save { list: list.name.to_owned(), record: None, draft }).unwrap_err()
        };
        for field in form.fields() {
            let (wrong, words) = match field.ty {
                FieldType::Canteen => (foreign.as_str(), "管辖范围"),
                FieldType::Reference(_) => ("00112233445566778899aabbccddeeff", "不在列表里"),
                FieldType::Money => ("十二元", "要写成"),
                FieldType::Text => ("a\u{0}b", "控制字符"),
                _ => continue,
            };
            let fault = refused(field.name, wrong);
            ensure!(fault.code == Code::BadInput && fault.happened.contains(words), "{}.{}: {fault}", list.name, field.name);
        }
        let nobody = canteen.desk.ask(&Save { list: list.name.to_owned(), record: Some(RecordId(uuid::Uuid::nil())), draft: good.clone() });
        ensure!(nobody.unwrap_err().code == Code::NotFound, "{}", list.name);
    }
    // Lists without a form, of kinds that only the centre writes, and lists that there are not.
    for (list, code) in [("prices", Code::NotNow), ("canteens", Code::NotNow), ("nothing", Code::NotFound), ("devices", Code::NotFound)] {
        let fault = canteen.desk.ask(&Save { list: list.to_owned(), ..Save::default() }).unwrap_err();
        ensure!(fault.code == code, "{list}: {fault}");
    }
    Ok(())
}
