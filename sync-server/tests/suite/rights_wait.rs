//! Other rights of an account wait for a second person; and accounts of one person are known to be that.

use super::apart::{Admins, take, token_of};
use super::audit::GOOD;
use super::kit::*;
use super::own::said;
use reqwest::StatusCode;
use serde_json::{Value as Json, json};
use shared::console::*;
use shared::fault::Code;
use shared::kinds::*;

const LUOCHENG: &str = "445381001";
const OTHER: &str = "shanshui2027y";

#[tokio::test(flavor = "multi_thread")]
async fn other_rights_wait_for_a_second_person_and_the_old_ones_hold() {
    let house = House::new().await;
    let admins = Admins::of(&house, "", "4453").await;
    let second = house.clerk("anquan2", Role::Security, "4453").await;
    let clerk = house.clerk("zhen", Role::Town, LUOCHENG).await;
    let id = admins.seen("zhen").await.id;
    let post = async |who: &Clerk, act: &str, role: Role, division: &str| {
        said(who.post(&format!("/api/accounts/{id}/{act}"), &json!({ "role": role, "division": division })).await).await
    };
    assert_eq!(post(&second, "confirm", Role::Town, LUOCHENG).await, Err(Code::NotNow), "nothing waits");
    assert_eq!(post(&admins.security, "rights", Role::County, "445381").await, Ok(()));
    let seen = admins.seen("zhen").await;
    assert_eq!((seen.role, seen.state), (Role::Town, AccountState::Changing));
    let next = seen.next.unwrap();
    assert_eq!((next.role, next.division.as_str(), next.by.as_deref()), (Role::County, "445381", Some("anquan")));
    let session: Session = clerk.read("/api/session").await;
    assert_eq!((session.role, session.elsewhere), (Role::Town, None), "and goes on");
    assert_eq!(post(&admins.security, "confirm", Role::County, "445381").await, Err(Code::Forbidden), "not who asked");
    assert_eq!(post(&admins.system, "confirm", Role::County, "445381").await, Err(Code::Forbidden));
    assert_eq!(post(&second, "confirm", Role::Town, LUOCHENG).await, Err(Code::NotNow), "not what was asked for");
    // Asked for otherwise meanwhile: what was seen before is not what is confirmed.
    assert_eq!(post(&admins.security, "rights", Role::City, "4453").await, Ok(()));
    assert_eq!(post(&second, "confirm", Role::County, "445381").await, Err(Code::NotNow));
    assert_eq!(post(&second, "confirm", Role::City, "4453").await, Ok(()));
    assert_eq!(clerk.get("/api/session").await.status(), StatusCode::UNAUTHORIZED, "signs in anew, with what it is now");
    let seen = admins.seen("zhen").await;
    assert_eq!((seen.role, seen.state, seen.next), (Role::City, AccountState::InUse, None));

    // What only takes away is done at once; what stands takes back what waits.
    assert_eq!(post(&admins.security, "rights", Role::Auditor, "4453").await, Ok(()));
    assert_eq!(post(&admins.security, "rights", Role::Town, LUOCHENG).await, Ok(()));
    let seen = admins.seen("zhen").await;
    assert_eq!((seen.role, seen.next), (Role::Town, None));
    assert_eq!(post(&admins.security, "rights", Role::Town, "445381002").await, Ok(()), "beside is not fewer");
    assert_eq!(admins.seen("zhen").await.state, AccountState::Changing);
    assert_eq!(post(&second, "rights", Role::Town, LUOCHENG).await, Ok(()), "withdrawn");
    assert_eq!(admins.seen("zhen").await.state, AccountState::InUse);
    assert_eq!(post(&second, "confirm", Role::Town, "445381002").await, Err(Code::NotNow));

    // While it is disabled and with a reset nothing comes of it unseen; of who waits himself a second person sees both.
    assert_eq!(post(&admins.security, "rights", Role::County, "445381").await, Ok(()));
    assert_eq!(said(admins.system.post(&format!("/api/accounts/{id}/disable"), &json!({})).await).await, Ok(()));
    assert_eq!(post(&second, "confirm", Role::County, "445381").await, Err(Code::NotNow));
    assert_eq!(said(admins.security.post(&format!("/api/accounts/{id}/enable"), &json!({})).await).await, Ok(()));
    assert_eq!(admins.seen("zhen").await.state, AccountState::Changing);
    let token = token_of(admins.system.post(&format!("/api/accounts/{id}/link"), &json!({})).await).await;
    assert_eq!(take(&house, &token, OTHER).await, Ok(()));
    let seen = admins.seen("zhen").await;
    assert_eq!((seen.state, seen.role, seen.next), (AccountState::Waiting, Role::Town, None), "a reset forgets what was asked for");
    let id = admins.waiting(&house, "xin", Role::Town, LUOCHENG).await;
    let post = async |who: &Clerk, act: &str, role: Role, division: &str| {
        said(who.post(&format!("/api/accounts/{id}/{act}"), &json!({ "role": role, "division": division })).await).await
    };
    assert_eq!(post(&admins.security, "rights", Role::City, "4453").await, Ok(()));
    assert_eq!(post(&admins.security, "confirm", Role::City, "4453").await, Err(Code::Forbidden), "not who raised it");
    assert_eq!(post(&second, "confirm", Role::City, "4453").await, Ok(()));
    assert_eq!(admins.seen("xin").await.role, Role::City);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_has_one_administrators_duty_and_confirms_nothing_of_their_own_by_another_account() {
    let house = House::new().await;
    let admins = Admins::of(&house, "", "4453").await;
    let phone = "138 0000 0001";
    let ask = |name: &str, person: &str, phone: &str, role: Role| json!({ "name": name, "person": person, "phone": phone, "role": role, "division": "4453" });
    let invite = async |ask: Json| said(admins.system.post("/api/accounts", &ask).await).await;
    for (person, phone) in [("", "13800000001"), ("陈敏", ""), ("陈敏", "1380000"), ("陈敏", "0766-8812345")] {
        assert_eq!(invite(ask("chen", person, phone, Role::City)).await, Err(Code::BadInput), "{person} {phone}");
    }
    house.server.name_person("xitong", "陈敏", "13800000001").unwrap();
    for role in [Role::Security, Role::Auditor, Role::City] {
        assert_eq!(invite(ask("chen2", "陈小敏", phone, role)).await, Err(Code::NotNow), "{role:?}");
    }
    assert_eq!(invite(ask("xitong-2", "陈敏", phone, Role::System)).await, Ok(()), "the same duty once more");
    assert_eq!(admins.seen("xitong-2").await.phone.as_deref(), Some("13800000001"));
    assert!(house.server.name_person("anquan", "陈敏", "+86 13800000001").is_err(), "nor at the machine");

    // Nor by other rights, nor by being let in again.
    assert_eq!(invite(ask("lin", "林芳", "13800000002", Role::City)).await, Ok(()));
    assert_eq!(invite(ask("lin2", "林芳", "13800000002", Role::Town)).await, Err(Code::BadInput), "no township");
    let town = json!({ "name": "lin2", "person": "林芳", "phone": "13800000002", "role": "town", "division": LUOCHENG });
    assert_eq!(invite(town).await, Ok(()), "who reads records may do it at two places");
    let lin = admins.seen("lin").await.id;
    let security = json!({ "role": "security", "division": "4453" });
    assert_eq!(said(admins.security.post(&format!("/api/accounts/{lin}/rights"), &security).await).await, Err(Code::NotNow));
    let lin2 = admins.seen("lin2").await.id;
    assert_eq!(said(admins.system.post(&format!("/api/accounts/{lin2}/disable"), &json!({})).await).await, Ok(()));
    assert_eq!(
        said(admins.security.post(&format!("/api/accounts/{lin}/rights"), &security).await).await,
        Ok(()),
        "the other one is disabled"
    );
    let second = house.clerk("anquan2", Role::Security, "4453").await;
    let waits = admins.seen("lin").await;
    assert!(waits.next.is_some() && waits.state == AccountState::Invited);

    // Two accounts of one security administrator are one person.
    house.server.name_person("anquan", "黄强", "13800000003").unwrap();
    house.server.name_person("anquan2", "黄强", "13800000003").unwrap();
    house.server.add_account("zhen", Role::Town, LUOCHENG, GOOD).unwrap();
    let zhen = admins.seen("zhen").await.id;
    let county = json!({ "role": "county", "division": "445381" });
    assert_eq!(said(admins.security.post(&format!("/api/accounts/{zhen}/rights"), &county).await).await, Ok(()));
    assert_eq!(said(second.post(&format!("/api/accounts/{zhen}/confirm"), &county).await).await, Err(Code::Forbidden));
    let third = house.clerk("anquan3", Role::Security, "4453").await;
    assert_eq!(said(third.post(&format!("/api/accounts/{zhen}/confirm"), &county).await).await, Ok(()));
    // Let in again, the other account would be of two duties.
    let lin_in_use = json!({ "role": "security", "division": "4453" });
    assert_eq!(
        said(third.post(&format!("/api/accounts/{lin2}/enable"), &json!({})).await).await,
        Ok(()),
        "while what waits is no right yet"
    );
    assert_eq!(said(third.post(&format!("/api/accounts/{lin}/confirm"), &lin_in_use).await).await, Err(Code::NotNow), "not chosen yet");
}

/// Insider with SQL: other rights are asked for by nobody, or by somebody else.
#[tokio::test(flavor = "multi_thread")]
async fn f55_what_waits_to_be_confirmed_is_not_changed_by_sql() {
    let house = House::new().await;
    let admins = Admins::of(&house, "", "4453").await;
    house.server.add_account("zhen", Role::Town, LUOCHENG, GOOD).unwrap();
    let id = admins.seen("zhen").await.id;
    let rights = json!({ "role": "county", "division": "445381" });
    assert_eq!(said(admins.security.post(&format!("/api/accounts/{id}/rights"), &rights).await).await, Ok(()));
    house.by_sql("UPDATE account_secret SET next_by = NULL WHERE next_by IS NOT NULL");
    let confirmed = said(admins.security.post(&format!("/api/accounts/{id}/confirm"), &rights).await).await;
    assert_eq!(confirmed, Err(Code::NotFound), "it is no row");
}
