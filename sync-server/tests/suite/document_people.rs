//! The answers about accounts and keys, held to the OpenAPI document (`document`).

use super::apart::{Admins, asking};
use super::document::Paper;
use super::kit::*;
use super::second_factor::Holder;
use reqwest::{Method, StatusCode};
use serde_json::{Value as Json, json};
use shared::kinds::Role;

/// What administrators of accounts ask, and who was invited.
pub(super) async fn of_accounts(house: &House, paper: &mut Paper) {
    let admins = Admins::of(house, "", "4453").await;
    let (ok, nothing, rights) = (StatusCode::OK, StatusCode::NO_CONTENT, json!({ "role": "town", "division": "445381001" }));
    let ask = |clerk: &Clerk, method: Method, path: &str, body: &Json| {
        house.http.request(method, format!("{}{path}", house.url)).header("cookie", clerk.cookie.clone()).json(body)
    };
    let person = asking("liang", Role::Town, "445381001");
    let given = paper.hold("/api/accounts", Method::POST, ask(&admins.system, Method::POST, "/api/accounts", &person), ok).await;
    paper.hold("/api/accounts", Method::GET, ask(&admins.security, Method::GET, "/api/accounts", &Json::Null), ok).await;
    let token = json!({ "token": given["link"].as_str().unwrap().rsplit('#').next(), "password": "yufan2026x" });
    for (path, status) in [("/api/invitation", ok), ("/api/invitation/password", nothing)] {
        paper.hold(path, Method::POST, ask(&admins.system, Method::POST, path, &token), status).await;
    }
    let places = ask(&admins.system, Method::GET, "/api/accounts/places", &Json::Null);
    paper.hold("/api/accounts/places", Method::GET, places, ok).await;
    let id = admins.seen("liang").await.id;
    let confirm = ask(&admins.security, Method::POST, &format!("/api/accounts/{id}/confirm"), &rights);
    paper.hold("/api/accounts/{id}/confirm", Method::POST, confirm, nothing).await;
    // Rights that wait are shown with who asked for them.
    let more = json!({ "role": "county", "division": "445381" });
    let more = ask(&admins.security, Method::POST, &format!("/api/accounts/{id}/rights"), &more);
    paper.hold("/api/accounts/{id}/rights", Method::POST, more, nothing).await;
    paper.hold("/api/accounts", Method::GET, ask(&admins.security, Method::GET, "/api/accounts", &Json::Null), ok).await;
    for (clerk, method, act, status) in [
        (&admins.security, Method::POST, "rights", nothing),
        (&admins.security, Method::DELETE, "lock", nothing),
        (&admins.security, Method::DELETE, "factor", nothing),
        (&admins.system, Method::DELETE, "sessions", nothing),
        (&admins.system, Method::POST, "link", ok),
        (&admins.system, Method::POST, "disable", nothing),
        (&admins.security, Method::POST, "enable", nothing),
    ] {
        let request = ask(clerk, method.clone(), &format!("/api/accounts/{id}/{act}"), &rights);
        paper.hold(&format!("/api/accounts/{{id}}/{act}"), method, request, status).await;
    }
    house.server.add_account("guan", Role::System, "4453", "yufan2026x").unwrap();
    let session = ask(&admins.system, Method::GET, "/api/session", &Json::Null);
    paper.hold("/api/session", Method::GET, session, ok).await;
    let first = ask(&admins.system, Method::POST, "/api/session", &json!({ "name": "guan", "password": "yufan2026x" }));
    paper.hold("/api/session", Method::POST, first, ok).await;
}

/// A key of an account, by its session: begun, added, shown, asked to sign, ended.
pub(super) async fn of_keys(house: &House, paper: &mut Paper, cookie: &str) {
    let (ok, nothing) = (StatusCode::OK, StatusCode::NO_CONTENT);
    let post = |path: &str| house.http.post(format!("{}{path}", house.url));
    let own = || house.http.get(format!("{}/api/account", house.url)).header("cookie", cookie);
    let password = json!({ "name": "chen", "password": "shanshui2027y" });
    let begin = post("/api/account/keys").header("cookie", cookie).json(&password);
    let begun = paper.hold("/api/account/keys", Method::POST, begin, ok).await;
    let holder = Holder::new();
    let text = |challenge: &Json| shared::console::ToSign { text: challenge["text"].as_str().unwrap().to_owned() };
    let added = post("/api/account/keys/confirm").header("cookie", cookie).json(&holder.added("U 盘", &text(&begun)));
    paper.hold("/api/account/keys/confirm", Method::POST, added, nothing).await;
    paper.hold("/api/session/challenge", Method::POST, post("/api/session/challenge").json(&password), ok).await;
    let account = paper.hold("/api/account", Method::GET, own(), ok).await;
    let challenge = paper.hold("/api/account/challenge", Method::POST, post("/api/account/challenge").header("cookie", cookie), ok).await;
    let end = post(&format!("/api/account/keys/{}/end", account["keys"][0]["id"].as_str().unwrap())).header("cookie", cookie);
    let end = end.json(&json!({ "code": holder.sign(&text(&challenge)) }));
    paper.hold("/api/account/keys/{id}/end", Method::POST, end, nothing).await;
}
