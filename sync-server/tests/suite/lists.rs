//! What holds of every list at the console, over generated records: pages, workbook and sums are one thing, each order and each filter
//! does what it says, and nobody sees another place's rows. A list that is added is in here without another line.

use super::kit::*;
use calamine::{Data, Reader, Xlsx};
use reqwest::StatusCode;
use shared::crdt::first_change;
use shared::kinds::*;
use shared::list::{End, Filter, ListColumn, ListPage, ListRow, ListSpec, Source, When};
use shared::schema::arbitrary::{STATEMENTS, Seeded};
use shared::schema::{FieldType, IdFrom, Language, Scope, *};
use std::collections::BTreeSet;
use std::io::Cursor;

const HERE: &str = "445381001";
const ELSEWHERE: &str = "445381106";
const SEED: u64 = 20_261_128;
const MANY: u128 = 70;

fn number_of(kind: RecordKind, at: u128) -> RecordId {
    id(1_000 * u128::from(kind.number) + at)
}

/// Records of every kind that desks write, as a desk of that canteen may write them, naming each other.
fn records(canteen: &str) -> Vec<shared::wire::WireChange> {
    let mut seeded = Seeded(SEED);
    let mut changes = Vec::new();
    let written =
        RecordKind::ALL.iter().copied().filter(|kind| kind.has_row() && kind.scope == Scope::Named && kind.author == Author::Desk);
    // Who belongs to another record comes after it.
    for last in [false, true] {
        for kind in written.clone().filter(|kind| matches!(kind.id, IdFrom::Kind(_)) == last) {
            for at in 0..MANY {
                let mut fields = seeded.record(kind, canteen, HERE);
                for field in kind.fields {
                    match field.ty {
                        // In plain it would be refused.
                        _ if field.is_sealed() => drop(fields.remove(field.name)),
                        FieldType::Reference(to) => {
                            let named = number_of(to, u128::from(seeded.below(MANY as u64)));
                            fields.insert(field.name, Value::Text(named.to_string().into()));
                        }
                        _ => {}
                    }
                }
                let record = if let IdFrom::Kind(owner) = kind.id { number_of(owner, at) } else { number_of(kind, at) };
                changes.push(wire_of(kind, record, first_change(&actor(1), &fields, NOON)));
            }
        }
    }
    changes
}

async fn rows(clerk: &Clerk, list: &ListSpec, words: &str) -> (Vec<ListRow>, ListPage) {
    let mut all = Vec::new();
    for page in 0.. {
        let found: ListPage = clerk.read(&format!("/api/list/{}?page={page}&{words}", list.name)).await;
        if found.rows.is_empty() {
            assert_eq!(found.total, all.len() as u64, "{} {words}: the total is that of the rows, seed {SEED}", list.name);
            return (all, found);
        }
        all.extend(found.rows);
    }
    unreachable!()
}

fn ids(rows: &[ListRow]) -> Vec<RecordId> {
    rows.iter().map(|row| row.id).collect()
}

/// Nothing before something, numbers and texts by themselves.
fn rank(row: &ListRow, column: &str) -> (bool, bool, i64, String) {
    match row.cells.get(column) {
        None | Some(Value::Null | Value::Bytes(_)) => (false, false, 0, String::new()),
        Some(Value::Bool(yes)) => (true, *yes, 0, String::new()),
        Some(Value::Int(number)) => (true, false, *number, String::new()),
        Some(Value::Text(text)) => (true, false, 0, text.to_string()),
    }
}

fn left_out(list: &ListSpec, row: &ListRow, without: &[When]) -> bool {
    let told = |when: &When| {
        list.columns.iter().find(|column| matches!(column.source, Source::When(own) if format!("{own:?}") == format!("{when:?}")))
    };
    without.iter().any(|when| match when {
        When::Is(column, codes) => codes.contains(&row.text(column)),
        other => row.is(told(other).unwrap_or_else(|| panic!("no column tells {other:?}, which leaves rows out of a sum")).name()),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_is_one_thing_on_its_pages_in_its_workbook_and_in_its_sums() {
    let house = House::new().await;
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", HERE), canteen_of(&house, "𬜯塘镇长者饭堂", ELSEWHERE));
    let desk = house.desk_at(&here).await;
    for some in records(&here).chunks(500) {
        assert_eq!(desk.push(some.to_vec()).await, [], "seed {SEED}");
    }
    let (clerk, stranger) = (house.clerk("lu", Level::County, "445381").await, house.clerk("other", Level::Canteen, &there).await);
    for list in ListSpec::at(End::Console).filter(|list| list.name != AUDIT.name) {
        let name = list.name;
        let (all, last) = rows(&clerk, list, "").await;
        assert_eq!(ids(&all).iter().collect::<BTreeSet<_>>().len(), all.len(), "{name}: a row stands twice");
        let written = list.kind.is_some_and(|kind| kind.author == Author::Desk);
        assert!(!written || all.len() as u128 >= MANY / 2, "{name} has {} rows", all.len());
        for column in list.columns_at(End::Console) {
            let Some(without) = column.summed_without else { continue };
            let sum: i64 = all.iter().filter(|row| !left_out(list, row, without)).filter_map(|row| row.number(column.name())).sum();
            assert_eq!(last.sums.get(column.name()), Some(&Value::Int(sum)), "{name}.{}, seed {SEED}", column.name());
        }
        if list.kind.is_some_and(|kind| kind.scope == Scope::Named) {
            assert_eq!(stranger.read::<ListPage>(&format!("/api/list/{name}")).await.rows, [], "{name} of another place");
        }
        beside(&clerk, list, "", &all).await;
        ordered(&clerk, list, &all).await;
        filtered(&clerk, list, &all).await;
        in_a_workbook(&clerk, list, &all).await;
    }
}

/// The rows beside one are those that stand there when pages are counted, empty cells or not.
async fn beside(clerk: &Clerk, list: &'static ListSpec, words: &str, found: &[ListRow]) {
    if list.kind.is_none() || found.is_empty() {
        return;
    }
    let due = ids(found);
    for at in [0, due.len() / 3, due.len() / 2, due.len() - 1] {
        let edges = [("after", due.get(at + 1..).unwrap_or_default()), ("before", &due[at.saturating_sub(50)..at])];
        for (word, due_there) in edges {
            let there: ListPage = clerk.read(&format!("/api/list/{}?page=7&{word}={}&{words}", list.name, due[at])).await;
            assert_eq!(ids(&there.rows), due_there[..due_there.len().min(50)], "{} {word} row {at}, {words}, seed {SEED}", list.name);
            assert_eq!(there.total, due.len() as u64, "{}", list.name);
        }
    }
    let nobody = format!("/api/list/{}?page=0&after={}&{words}", list.name, id(u128::MAX));
    assert_eq!(ids(&clerk.read::<ListPage>(&nobody).await.rows), due[..due.len().min(50)], "{}: where there is no such row", list.name);
}

async fn ordered(clerk: &Clerk, list: &'static ListSpec, all: &[ListRow]) {
    for column in list.columns_at(End::Console).filter(|column| column.orders()).map(ListColumn::name) {
        for way in ["", "-"] {
            let (found, _) = rows(clerk, list, &format!("sort={way}{column}")).await;
            let mut same = [ids(&found), ids(all)];
            same.iter_mut().for_each(|ids| ids.sort());
            assert_eq!(same[0], same[1], "{} by {column}", list.name);
            let ranks: Vec<_> = found.iter().map(|row| rank(row, column)).collect();
            let runs = if way.is_empty() { ranks.is_sorted() } else { ranks.iter().rev().is_sorted() };
            assert!(runs, "{} by {way}{column}, seed {SEED}: {ranks:?}", list.name);
            beside(clerk, list, &format!("sort={way}{column}"), &found).await;
        }
    }
}

async fn filtered(clerk: &Clerk, list: &'static ListSpec, all: &[ListRow]) {
    let expect = async |words: &str, fits: &dyn Fn(&ListRow) -> bool| {
        let (found, _) = rows(clerk, list, words).await;
        let due: Vec<RecordId> = all.iter().filter(|row| fits(row)).map(|row| row.id).collect();
        assert_eq!(ids(&found), due, "{} where {words}, seed {SEED}", list.name);
    };
    for filter in list.filters_at(End::Console) {
        match filter {
            Filter::Days(column) => {
                let mut days: Vec<&str> = all.iter().map(|row| row.text(column)).filter(|day| !day.is_empty()).collect();
                days.sort_unstable();
                let (from, to) = (days[days.len() / 3], days[days.len() * 2 / 3]);
                let inside = |row: &ListRow| (from..=to).contains(&row.text(column));
                expect(&format!("from={from}&to={to}"), &inside).await;
            }
            Filter::One(column) => {
                let codes: BTreeSet<&str> = all.iter().map(|row| row.text(column)).filter(|code| !code.is_empty()).collect();
                for code in codes {
                    expect(&format!("{column}={code}"), &|row: &ListRow| row.text(column) == code).await;
                }
            }
            Filter::Yes(column) => expect(&format!("{column}=1"), &|row: &ListRow| row.is(column)).await,
            Filter::Within(column) => expect(&format!("{column}={HERE}"), &|row: &ListRow| row.text(column).starts_with(HERE)).await,
            Filter::Text { exact, inside, .. } => {
                for typed in ["王桂英", "'", "%25", "_"] {
                    let plain = typed.replace("%25", "%");
                    let fits = |row: &ListRow| {
                        exact.iter().any(|column| row.text(column) == plain)
                            || inside.iter().any(|column| row.text(column).contains(&plain))
                    };
                    expect(&format!("text={typed}"), &fits).await;
                }
            }
        }
    }
}

async fn in_a_workbook(clerk: &Clerk, list: &'static ListSpec, all: &[ListRow]) {
    let answer = clerk.export(list.name, "").await;
    assert!(answer.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let mut book = Xlsx::new(Cursor::new(answer.bytes().await.unwrap())).unwrap();
    let sheet = book.worksheet_range(list.title.zh).unwrap();
    assert_eq!(sheet.height(), all.len() + 4, "{}: title, mark, head, rows and sums", list.name);
    let columns: Vec<&ListColumn> = shared::workbook::exported(list, End::Console).collect();
    for (row, at) in all.iter().zip(3..) {
        for (column, place) in columns.iter().zip(0..) {
            let ty = list.ty(column);
            let plain = matches!(ty, FieldType::Text | FieldType::Words(_) | FieldType::YesNo | FieldType::Phone | FieldType::TimeOfDay);
            let due = row.cells.get(column.name()).map(|value| list.in_words(column, value, Language::Zh, &Unnamed)).unwrap_or_default();
            let there = match sheet.get_value((at, place)) {
                Some(Data::String(text)) => text.as_str(),
                None | Some(Data::Empty) => "",
                Some(_) if !plain => continue,
                other => panic!("{}.{}: {other:?}", list.name, column.name()),
            };
            assert!(!plain || there == due, "{}.{}: {there} for {due}", list.name, column.name());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_somebody_writes_opens_no_record_of_another_place() {
    let house = House::new().await;
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", HERE), canteen_of(&house, "𬜯塘镇长者饭堂", ELSEWHERE));
    let (desk, other) = (house.desk_at(&here).await, house.desk_at(&there).await);
    let (course, price) = (Course::Meat, shared::money::Fen(900));
    let name = "梅菜扣肉".into();
    let item = MenuItem { canteen: there.clone(), name, course, price, ingredients: None, allergens: None, suits: None, offered: true };
    assert_eq!(other.push(vec![first(2, id(1), &item), first(2, id(3), &elder(Some(&there), ELSEWHERE))]).await, []);
    let date = "2026-11-22".parse().unwrap();
    let day = MenuDay { canteen: here.clone(), date, meal: Meal::Lunch, item: id(1), published: true, taken_off: false };
    assert_eq!(desk.push(vec![first(1, id(2), &day), first(1, id(4), &order(&here, id(3)))]).await, []);
    let (own, county) = (house.clerk("own", Level::Canteen, &here).await, house.clerk("lu", Level::County, "445381").await);
    for (clerk, sees) in [(&own, false), (&county, true)] {
        let menu: ListPage = clerk.read("/api/list/menu_days").await;
        let row = &menu.rows[0];
        let named = ListPage::name(&menu.names, "item", row.text("item"));
        assert_eq!((named, row.number("price")), (sees.then_some("梅菜扣肉"), sees.then_some(900)));
        let orders: ListPage = clerk.read("/api/list/orders").await;
        let row = orders.rows.iter().find(|row| row.id == id(4)).unwrap();
        assert_eq!(
            (row.text("name"), row.text("village")),
            if sees { ("王桂英", ELSEWHERE) } else { ("", "") },
            "of an elder of another place"
        );
    }
}

/// As values of every filter, as an order, as a page, as names of filters and of lists: words are found or refused, and nothing else happens.
#[tokio::test(flavor = "multi_thread")]
async fn f71_statements_in_the_lists_of_the_console_are_only_words() {
    let house = House::new().await;
    let here = canteen_of(&house, "罗城街道长者饭堂", HERE);
    let desk = house.desk_at(&here).await;
    let mut odd = elder(Some(&here), HERE);
    STATEMENTS[0].clone_into(&mut odd.name);
    assert_eq!(
        desk.push(vec![first(1, id(1), &odd), first(1, id(2), &elder(Some(&here), HERE)), first(1, id(3), &order(&here, id(1)))]).await,
        []
    );
    let (clerk, auditor) = (house.clerk("lu", Level::County, "445381").await, house.clerk("shen", Role::Auditor, "445381").await);
    let address = |list: &str, name: &str, word: &str| {
        let mut address = reqwest::Url::parse("http://console").unwrap();
        address.path_segments_mut().unwrap().extend(["api", "list", list]);
        address.query_pairs_mut().append_pair(name, word);
        format!("{}?{}", address.path(), address.query().unwrap_or_default())
    };
    let mut found = 0;
    for list in ListSpec::at(End::Console) {
        let audited = list.name == AUDIT.name;
        let clerk = if audited { &auditor } else { &clerk };
        // It has no numbered pages, and grows while one looks.
        let all = if audited { Vec::new() } else { rows(clerk, list, "").await.0 };
        let names: Vec<&str> = list.filters_at(End::Console).flat_map(|filter| filter.names()).collect();
        for statement in STATEMENTS {
            for name in names.iter().copied().chain(["sort", "page", "canteen", "division", statement]) {
                let answer = clerk.get(&address(list.name, name, statement)).await;
                match answer.status() {
                    StatusCode::OK => {
                        let page: ListPage = answer.json().await.unwrap();
                        let has =
                            |row: &ListRow| row.cells.values().any(|cell| matches!(cell, Value::Text(text) if text.contains(statement)));
                        assert!(page.rows.iter().all(has), "{} where {name} is {statement}", list.name);
                        found += page.rows.len();
                    }
                    status => assert!(status.is_client_error(), "{status}: {} where {name} is {statement}", list.name),
                }
            }
            assert!(clerk.get(&address(statement, "page", "0")).await.status().is_client_error());
        }
        assert!(audited || rows(clerk, list, "").await.0 == all, "{}: nothing changed", list.name);
    }
    assert!(found > 0, "the one who is called so is found by her name");
    assert!(house.server.verify().unwrap().ok);
}
