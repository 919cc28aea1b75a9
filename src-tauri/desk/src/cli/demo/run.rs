//! The routes of the demo: each village on one of them.

use desk::Desk;
use shared::command::{List, OrderSummary, PutOnRoute, Save, Today};
use shared::fault::Fault;
use shared::kinds::Mode;
use std::collections::BTreeMap;

const ROUTES: [&str; 3] = ["东门线", "西门线", "河边线"];

/// Makes the routes, once, and puts somebody of each village on one; the neighbours go along.
pub(super) fn write(desk: &Desk) -> Result<(), Fault> {
    if desk.ask(&List { list: "routes".to_owned(), ..List::default() })?.total > 0 {
        return Ok(());
    }
    let mut routes = Vec::new();
    for name in ROUTES {
        let draft = [("name".to_owned(), name.to_owned())].into();
        routes.push(desk.ask(&Save { list: "routes".to_owned(), record: None, draft })?);
    }
    let orders = desk.ask(&Today::default())?.orders;
    let village = |line: &OrderSummary| line.address.split(' ').next().unwrap_or_default().to_owned();
    let brought = orders.iter().filter(|line| line.mode == Mode::OwnDelivery);
    let villages: BTreeMap<String, _> = brought.map(|line| (village(line), line.id)).collect();
    for (order, route) in villages.into_values().zip(routes.into_iter().cycle()) {
        desk.ask(&PutOnRoute { order: Some(order), route: Some(route), village: false })?;
    }
    Ok(())
}
