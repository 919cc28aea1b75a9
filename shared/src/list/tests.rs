//! What every list has to hold, and what a list understands.

use super::*;
use crate::kinds::{LISTS, ORDERS, RecordKind};
use crate::schema::{Column, Value};
use std::collections::BTreeSet;

const ENDS: [End; 2] = [End::Desk, End::Console];

#[test]
fn each_end_has_its_lists_in_the_order_of_all() {
    for (end, own) in [(End::Desk, crate::kinds::LISTS_OF_DESKS), (End::Console, crate::kinds::LISTS_OF_CONSOLE)] {
        let due = LISTS.iter().filter(|list| list.ends.contains(&end)).map(|list| list.name);
        assert!(due.eq(ListSpec::at(end).map(|list| list.name)), "{end:?}");
        assert!(own.iter().all(|list| list.ends.contains(&end)), "{end:?}");
    }
}

#[test]
fn lists_name_only_what_is_there() {
    let names: BTreeSet<&str> = LISTS.iter().map(|list| list.name).collect();
    assert_eq!(names.len(), LISTS.len());
    for list in LISTS {
        let name = list.name;
        assert!(name.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'_'), "{name}");
        assert!(list.kind.into_iter().chain(list.joins.iter().map(|join| join.kind)).all(|kind| kind.has_row()), "{name}");
        let all_told = list.columns.iter().all(|column| matches!(column.source, Source::Told(_)));
        assert!(list.kind.is_some() || (all_told && list.order.is_empty()), "{name} is made by hand");
        assert!(!list.by_key || list.kind.is_none(), "{name}: whoever makes the rows by hand knows their keys");
        for join in list.joins {
            let by = join.by.map(|by| list.kind.and_then(|kind| kind.declared().field(by)).map(|field| field.ty));
            assert!(by.is_none_or(|ty| ty == Some(FieldType::Reference(join.kind))), "{name}: {}", join.alias);
            assert!(join.alias != sql::OWN && join.alias.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'_'), "{name}");
        }
        let columns: BTreeSet<&str> = list.columns.iter().map(ListColumn::name).collect();
        assert_eq!(columns.len(), list.columns.len(), "{name}: two columns of one name");
        for column in list.columns {
            let what = format!("{name}.{}", column.name());
            let paths = match column.source {
                Source::Field(path) | Source::Age(path) => vec![path],
                Source::First(paths) => paths.to_vec(),
                Source::When(_) | Source::Unsent | Source::Told(_) => Vec::new(),
            };
            assert!(paths.iter().all(|path| list.field(path).is_some()), "{what}");
            assert!(!column.name().is_empty() && !list.label(column).zh.is_empty() && !list.label(column).en.is_empty(), "{what}");
            assert!(
                column.summed_without.is_none() || matches!(list.ty(column), FieldType::Money | FieldType::Number),
                "{what} is added up"
            );
            let sealed = list.described_by(column).is_some_and(Field::is_sealed);
            assert!(!column.masked || sealed, "{what} is masked and open");
            if let Source::When(when) = column.source {
                fits(list, &when);
            }
            column.summed_without.into_iter().flatten().for_each(|when| fits(list, when));
        }
        assert!(list.card.is_none_or(|card| list.column(card).is_some()), "{name}");
        list.only.iter().for_each(|only| fits(list, only));
        assert!(list.order.iter().all(|(by, _)| list.column(by).is_some_and(ListColumn::orders)), "{name}");
        for filter in list.filters {
            let ty = |column: &str| list.column(column).map(|column| list.ty(column));
            let fits = match filter {
                Filter::Days(column) => {
                    // A list that is made by hand knows itself which moments lie in a day.
                    ty(column) == Some(FieldType::Day) || list.kind.is_none() && ty(column) == Some(FieldType::Moment)
                }
                Filter::One(column) => ty(column).is_some_and(|ty| ty.column() == Column::Text),
                Filter::Within(column) => ty(column) == Some(FieldType::Division),
                Filter::Yes(column) => ty(column) == Some(FieldType::YesNo),
                Filter::Text { exact, inside, person, .. } => {
                    let person = person.is_none_or(|path| path == "id" || list.field(path).is_some());
                    person && exact.iter().chain(*inside).all(|column| ty(column).is_some_and(|ty| ty.column() == Column::Text))
                }
            };
            assert!(fits, "{name}: {filter:?}");
        }
    }
}

/// Conditions name fields that there are, and code words that they may hold.
fn fits(list: &ListSpec, when: &When) {
    match when {
        When::Is(path, codes) => {
            let (_, field) = list.field(path).unwrap();
            let FieldType::Words(words) = field.ty else { panic!("{path} holds no code words") };
            assert!(codes.iter().all(|code| words.label(code).is_some()), "{path}");
        }
        When::Filled(path) => assert!(list.field(path).is_some_and(|(_, field)| field.ty.column() == Column::Text), "{path}"),
        When::Without(alias) => assert!(list.joins.iter().any(|join| join.alias == *alias), "{alias}"),
        When::All(all) | When::None(all) => all.iter().for_each(|one| fits(list, one)),
    }
}

#[test]
fn what_is_sealed_is_in_no_column_of_the_console() {
    for list in LISTS {
        for column in list.columns_at(End::Console) {
            let paths = match column.source {
                Source::Field(path) | Source::Age(path) => vec![path],
                Source::First(paths) => paths.to_vec(),
                _ => Vec::new(),
            };
            assert!(paths.iter().all(|path| !list.field(path).unwrap().1.is_sealed()), "{}.{}", list.name, column.name());
        }
    }
}

fn read(words: &[(&str, &str)]) -> Result<ListQuery, QueryError> {
    ORDERS.read(End::Desk, words.iter().copied())
}

#[test]
fn words_of_an_address_are_understood_or_named() {
    let asked =
        read(&[("from", "2026-11-01"), ("meal", "lunch"), ("missing", "1"), ("text", " 王 "), ("sort", "-price"), ("page", "2")]).unwrap();
    let day = "2026-11-01".parse().unwrap();
    let conditions =
        vec![Condition::From("date", day), Condition::Is("meal", "lunch".into()), Condition::Yes("missing"), Condition::Text("王".into())];
    assert_eq!(asked, ListQuery { conditions, order: Some(("price", Direction::Down)), page: 2, ..ListQuery::default() });
    assert_eq!(read(&[("meal", ""), ("page", "")]).unwrap(), ListQuery::default(), "what is empty asks for nothing");
    for (name, wrong, wanted) in [
        ("from", "11月1日", "2026-11-22"),
        ("meal", "supper", "lunch（午餐）"),
        ("missing", "0", "1"),
        ("colour", "red", "missing"),
        ("sort", "unsent", "price"),
        ("sort", "price; DROP TABLE meal_order", "price"),
        ("page", "-1", "0"),
        ("page", "4294967295", "0"),
        ("to", "2026-10-31", "不晚于"),
        ("text", &"长".repeat(201), "200"),
    ] {
        let unread = read(&[("from", if name == "to" { "2026-11-01" } else { "" }), (name, wrong)]).unwrap_err();
        assert!(unread.name == name && unread.wanted.zh.contains(wanted), "{unread:?}");
    }
}

#[test]
fn the_end_that_can_t_know_does_not_ask() {
    for end in ENDS {
        let names: Vec<&str> = ORDERS.columns_at(end).map(ListColumn::name).collect();
        assert_eq!(names.contains(&"unsent") && names.contains(&"phone") && names.contains(&"id_number"), end == End::Desk);
        assert!(names.contains(&"number") && names.contains(&"missing"));
    }
    assert!(ORDERS.read(End::Console, [("sort", "phone")].into_iter()).is_err());
    assert!(read(&[("meal", "lunch"), ("meal", "dinner")]).unwrap_err().wanted.zh.contains("一次"));
}

#[test]
fn statements_number_their_values_as_they_first_appear_and_quote_nothing_typed() {
    let typed = "'; DROP TABLE elder; -- %_";
    for list in LISTS.iter().filter(|list| list.kind.is_some()) {
        for end in ENDS {
            let condition = |alias: &'static str| move |code: &str| format!("({alias}.canteen = {code} OR {code} = '')");
            let seen = |kind: RecordKind, alias: &'static str| {
                kind.field("canteen").map(|_| sql::ScopeCondition { condition: Box::new(condition(alias)), code: "C001".into() })
            };
            let is_row_of = |_: RecordKind, id: &str| format!("t.id = {id}");
            let ground = sql::QueryContext { end, seen: &seen, is_row_of: &is_row_of, unsent: "1 = 0", persons: None };
            let words: Vec<(&str, &str)> =
                list.filters_at(end).flat_map(Filter::names).filter(|name| *name == "text").map(|name| (name, typed)).collect();
            let asked = list.read(end, words.into_iter()).unwrap();
            let which = [sql::Rows::Page(50, 0), sql::Rows::All].map(|which| sql::rows(list, &asked, &ground, which));
            for made in which.into_iter().chain([sql::totals(list, &asked, &ground)]) {
                assert!(!made.sql.contains("DROP"), "{}", made.sql);
                let mut last = 0;
                for number in made.sql.split('$').skip(1).filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok())
                {
                    assert!(number <= last + 1, "{}", made.sql);
                    last = last.max(number);
                }
                assert_eq!(last, made.values.len(), "{}", made.sql);
                assert!(made.values.iter().all(|value| *value == Value::Text("C001".into()) || *value == Value::Text(typed.into())));
            }
        }
    }
}

#[test]
fn a_missing_receipt_is_what_the_rule_says() {
    use crate::kinds::{Mode, OrderState};
    let Source::When(When::All([When::Is("mode", modes), When::Is("state", states), When::Without("receipt")])) =
        ORDERS.column("missing").unwrap().source
    else {
        panic!("the column says something else")
    };
    for mode in Mode::ALL {
        for state in OrderState::ALL {
            let listed = modes.contains(&mode.code()) && states.contains(&state.code());
            assert_eq!(listed, crate::rule::order::needs_receipt(*mode, *state), "{mode:?} {state:?}");
        }
    }
}

#[test]
fn pages_go_by_number_or_by_key_and_never_by_both() {
    let audit = ListSpec::find("audit").unwrap();
    let read = |list: &'static ListSpec, name, word| list.read(End::Console, [(name, word)].into_iter());
    assert_eq!(read(audit, "before", "7").unwrap(), ListQuery { before: Some(7), ..ListQuery::default() });
    for (list, name, word) in [
        (audit, "page", "1"),
        (&ORDERS, "before", "7"),
        (&ORDERS, "after", "x"),
        (audit, "before", "0"),
        (audit, "before", "-1"),
        (audit, "before", "x"),
    ] {
        assert!(read(list, name, word).is_err(), "{} {name}={word}", list.name);
    }
}
