//! Values that no desk writes but a change may hold: they are taken in and harm nobody, on either engine.

use super::kit::*;
use shared::crdt::first_change;
use shared::kinds::*;
use shared::schema::*;

const LUOCHENG: &str = "445381001";

#[tokio::test(flavor = "multi_thread")]
async fn what_an_engine_could_not_keep_does_not_stop_a_push() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let desk = house.desk_at(&code).await;
    let with = |number: u128, name: &str, value: Value| {
        let mut fields = order(&code, id(100 + number)).to_fields();
        fields.insert(name, value);
        wire_of(RecordKind::Order, id(number), first_change(&actor(1), &fields, NOON))
    };
    // Not to be pressed together, so that no engine makes it fit.
    let long: String = (0..9_000u32).map(|at| char::from(b'a' + (at.wrapping_mul(2_654_435_761) >> 24) as u8 % 26)).collect();
    let persons: Vec<_> = (111..119).map(|number| first(1, id(number), &elder(Some(&code), LUOCHENG))).collect();
    assert_eq!(desk.push(persons).await, []);
    let mut changes = vec![
        with(11, "dish", Value::Text("软\0饭".into())),
        with(12, "price", Value::Text("十二元".into())),
        with(13, "dish", Value::Int(7)),
        with(14, "date", Value::Text(long.as_str().into())),
        with(15, "note", Value::Bool(true)),
        with(16, "price", Value::Int(i64::MAX)),
    ];
    let mut far = elder(Some(&code), LUOCHENG);
    far.division.push_str(&long);
    changes.push(first(1, id(17), &far));
    let mut fields = receipt(&code, id(11), &[]).to_fields();
    fields.insert(format!("photos/{}", &long[..80]), Value::Bool(true));
    changes.push(wire_of(RecordKind::Receipt, id(11), first_change(&actor(1), &fields, NOON)));
    changes.push(first(1, id(18), &order(&code, id(118))));
    assert_eq!(desk.push(changes.clone()).await, []);

    let (pulled, _, sum) = desk.pull_all().await;
    for change in &changes {
        assert_eq!(pulled.iter().filter(|one| *one == change).count(), 1);
    }
    assert_eq!(sum, sum_of(&pulled));
    let clerk = house.clerk("chen", Level::City, "4453").await;
    let shown: shared::list::ListPage = clerk.read("/api/list/orders?from=2026-11-22&to=2026-11-22").await;
    assert!(shown.rows.iter().any(|row| row.text("dish") == "软\u{FFFD}饭"));
    assert!(shown.rows.iter().any(|row| row.id == id(18)));
    assert_eq!(shown.sums.get("price"), Some(&Value::Int(2 * 1_200)), "what does not read is doubtful, and a forged figure stops no sum");
}
