//! 工作人员 of desks, stopped from the console.

use super::audit::{Eyes, events};
use super::kit::*;
use super::own::said;
use serde_json::json;
use shared::fault::Code;
use shared::kinds::*;

const LUOCHENG: &str = "445381001";

#[tokio::test(flavor = "multi_thread")]
async fn an_office_disables_staff_of_its_place_and_their_desk_hears_of_it() {
    let house = House::new().await;
    let here = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let desk = house.desk_at(&here).await;
    let staff = cashier(&here);
    assert_eq!(desk.push(vec![first(1, id(5), &staff)]).await, []);
    let (town, afar) = (house.clerk("zhen", Role::Town, LUOCHENG).await, house.clerk("xian", Role::County, "445322").await);
    let (own, eyes) = (house.clerk("tang", Role::Canteen, &here).await, Eyes::of(&house).await);
    let at = |act: &str| format!("/api/staff/{}/{act}", id(5));
    let stands = async || {
        let page: shared::list::ListPage = town.read("/api/list/staff").await;
        (page.rows[0].is("disabled"), page.rows[0].text("pin_reset_at").to_owned())
    };
    for act in ["disable", "enable", "pin"] {
        assert_eq!(said(afar.post(&at(act), &json!({})).await).await, Err(Code::NotFound), "{act}");
        assert_eq!(said(own.post(&at(act), &json!({})).await).await, Err(Code::Forbidden), "{act}");
        assert_eq!(said(eyes.0.post(&at(act), &json!({})).await).await, Err(Code::Forbidden), "{act}");
    }
    let last = eyes.last().await;
    let held = || async { held_by(&desk).await.into_iter().filter(|change| change.kind == "staff").count() };
    assert_eq!((stands().await, held().await), ((false, String::new()), 1));
    assert_eq!(said(town.post(&at("disable"), &json!({})).await).await, Ok(()));
    assert_eq!((stands().await.0, held().await), (true, 2), "the desk hears of it");
    assert_eq!(said(town.post(&at("disable"), &json!({})).await).await, Ok(()));
    assert_eq!(held().await, 2, "once");
    assert_eq!(said(town.post(&at("pin"), &json!({})).await).await, Ok(()));
    assert_eq!(said(town.post(&at("enable"), &json!({})).await).await, Ok(()));
    assert_eq!(stands().await, (false, sync_server::civil(house.time()).to_string()));
    let done = |event| (event, "done");
    let (twice, reset, enabled) = (done("staff_disabled"), done("staff_pin_reset"), done("staff_enabled"));
    assert_eq!(events(&eyes.since(last).await), [twice, twice, reset, enabled]);
    assert!(house.server.verify().unwrap().ok);
}
