//! The OpenAPI document is held to what the server really answers: each answer fits its shape to the last field, and
//! over the whole each field of each shape was there with something in it.

use super::document_people::{of_accounts, of_keys};
use super::kit::*;
use super::lived_in::lived_in;
use super::own::shown;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value as Json, json};
use shared::crypto::{CryptoProvider, SoftProvider};
use shared::kinds::*;
use shared::list::{End, Filter, ListColumn, ListSpec};
use shared::rule::disclosure::ALONE;
use shared::sync::{Ask, Exchange};
use std::collections::BTreeSet;

/// What faults have for the desk's sake: only a desk warns. And no act of the centre ends a price yet, nobody changes the audit log or a table here,
/// and what the centre writes is nobody's at a desk; the first account goes to the console.
const NEVER_THERE: [&str; 12] = [
    ".altered",
    "/api/first-account .elsewhere",
    ".cells.valid_to",
    ".warnings",
    ".warnings[]",
    ".warnings[].warning",
    ".warnings[].words",
    ".warnings[].english",
    "/canteens/{id} .history[].by",
    "/devices/{id} .history[].by",
    "/operators/{id} .history[].by",
    "/prices/{id} .history[].by",
];

/// The document, and what was seen of it.
pub(super) struct Paper {
    document: Json,
    strict: Json,
    /// Operations of which an answer was looked at.
    held: BTreeSet<(String, String)>,
    /// Where something stood, and where the shapes say that it may.
    seen: BTreeSet<String>,
    fields: BTreeSet<String>,
}

impl Paper {
    async fn read(house: &House) -> Self {
        let document: Json = house.http.get(format!("{}/api/openapi.json", house.url)).send().await.unwrap().json().await.unwrap();
        let mut strict = document.clone();
        close(&mut strict["components"]["schemas"]);
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            assert!(jsonschema::meta::is_valid(schema), "{name} is no JSON Schema");
        }
        Self { document, strict, held: BTreeSet::new(), seen: BTreeSet::new(), fields: BTreeSet::new() }
    }

    /// Where the shape of an answer stands; none where it is no JSON.
    fn shape(&self, path: &str, method: &str, status: StatusCode) -> Option<Json> {
        let responses = &self.document["paths"][path][method]["responses"];
        let response = responses.get(status.as_str()).or_else(|| (!status.is_success()).then(|| &responses["default"]));
        let content = &response.unwrap_or_else(|| panic!("{method} {path} has no answer {status}"))["content"];
        content.get("application/json").map(|json| json["schema"].clone())
    }

    /// Holds one answer to its shape.
    pub(super) async fn hold(&mut self, path: &str, method: Method, request: RequestBuilder, status: StatusCode) -> Json {
        // A body that is too large is refused before it is read, and the line closed: whoever still writes may be cut off, and asks again.
        let mut tries = if status == StatusCode::PAYLOAD_TOO_LARGE { 5 } else { 1 };
        let answer = loop {
            tries -= 1;
            match request.try_clone().unwrap().send().await {
                Err(_) if tries > 0 => {}
                answer => break answer.unwrap(),
            }
        };
        assert_eq!(answer.status(), status, "{method} {path}");
        let method = method.as_str().to_lowercase();
        if status.is_success() {
            self.held.insert((path.to_owned(), method.clone()));
        }
        let Some(shape) = self.shape(path, &method, status) else { return Json::Null };
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        assert!(kind.starts_with("application/json"), "{method} {path}: {kind}");
        let body: Json = answer.json().await.unwrap();
        let mut whole = self.strict.clone();
        whole["allOf"] = json!([shape]);
        let civil = |text: &str| text.parse::<jiff::civil::DateTime>().is_ok();
        let validator = jsonschema::options().should_validate_formats(true).with_format("date-time-local", civil).build(&whole).unwrap();
        let wrong: Vec<String> = validator.iter_errors(&body).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(wrong, [""; 0], "{method} {path} {status}: {body}");
        let kind = if status.is_success() { status.as_str() } else { "default" };
        note(&body, &format!("{kind} {method} {path} "), &mut self.seen);
        self.promise(&shape, format!("{kind} {method} {path} "));
        body
    }

    /// Notes all fields that a shape speaks of.
    fn promise(&mut self, shape: &Json, at: String) {
        self.fields.insert(at.clone());
        let named = shape["$ref"].as_str().map(|name| self.document.pointer(name.trim_start_matches('#')).unwrap().clone());
        let shape = named.as_ref().unwrap_or(shape);
        for (name, inner) in shape["properties"].as_object().into_iter().flatten() {
            self.promise(inner, format!("{at}.{name}"));
        }
        let each = shape["prefixItems"].as_array().into_iter().flatten().chain(shape.get("items").filter(|items| items.is_object()));
        for inner in each {
            self.promise(inner, format!("{at}[]"));
        }
        for inner in shape["anyOf"].as_array().into_iter().flatten().filter(|inner| inner["type"] != "null") {
            self.promise(inner, at.clone());
        }
    }
}

/// Whether an auditor reads it.
fn audited(path: &str) -> bool {
    ["/api/list/audit", "/api/list/alarms"].iter().any(|list| path.starts_with(list))
}

/// No field but those that are named.
fn close(schema: &mut Json) {
    match schema {
        Json::Object(parts) => {
            if parts.get("properties").is_some_and(Json::is_object) && parts.get("type").is_some_and(|kind| kind == "object") {
                parts.insert("additionalProperties".into(), false.into());
            }
            parts.values_mut().for_each(close);
        }
        Json::Array(all) => all.iter_mut().for_each(close),
        _ => {}
    }
}

/// Notes where something stands.
fn note(value: &Json, at: &str, seen: &mut BTreeSet<String>) {
    match value {
        Json::Null => {}
        Json::String(text) if text.is_empty() => {}
        Json::Object(fields) => {
            seen.insert(at.to_owned());
            fields.iter().for_each(|(name, inner)| note(inner, &format!("{at}.{name}"), seen));
        }
        Json::Array(all) => {
            seen.insert(at.to_owned());
            all.iter().for_each(|inner| note(inner, &format!("{at}[]"), seen));
        }
        _ => {
            seen.insert(at.to_owned());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_as_the_document_says() {
    let house = House::new().await;
    let mut paper = Paper::read(&house).await;
    let (get, post) =
        (|path: &str| house.http.get(format!("{}{path}", house.url)), |path: &str| house.http.post(format!("{}{path}", house.url)));
    let (here, order, hash) = lived_in(&house).await;
    let days = "from=2026-11-22&to=2026-11-22";
    let ok = StatusCode::OK;

    for path in ["/health", "/ready"] {
        paper.hold(path, Method::GET, get(path), ok).await;
    }
    let sign_in = json!({ "name": "chen", "password": "yufan2026x" });
    let token = house.server.first_link().unwrap().unwrap();
    let first = json!({ "name": "chen", "password": "yufan2026x", "code": token });
    paper.hold("/api/first-account", Method::POST, post("/api/first-account").json(&first), ok).await;
    paper.hold("/api/session", Method::POST, post("/api/session").json(&sign_in), ok).await;
    let cookie = cookie_of(&house.sign_in("chen", "yufan2026x").await);
    let auditor = house.clerk("shen", Role::Auditor, "4453").await.cookie;
    house.sign_in("shen", "wrong2026x").await;
    let asked = |path: &str| get(path).header("cookie", if audited(path) { &auditor } else { &cookie });
    for (path, address) in [
        ("/api/session", "/api/session".to_owned()),
        ("/api/overview", format!("/api/overview?{days}")),
        ("/api/list/orders/{id}", format!("/api/list/orders/{order}")),
        ("/api/list/orders/{id}", format!("/api/list/orders/{}", id(3))),
        ("/api/photo/{hash}", format!("/api/photo/{hash}")),
        ("/api/openapi.json", "/api/openapi.json".to_owned()),
        // As long as all of it is on one page.
        ("/api/list/audit", "/api/list/audit".to_owned()),
    ] {
        paper.hold(path, Method::GET, asked(&address), ok).await;
    }
    for list in ListSpec::at(End::Console) {
        let (path, book) = (format!("/api/list/{}", list.name), format!("/api/list/{}/workbook", list.name));
        let page = paper.hold(&path, Method::GET, asked(&path), ok).await;
        let one = format!("{path}/{}", page["rows"][0]["id"].as_str().unwrap());
        if list.kind.is_some() {
            paper.hold(&format!("{path}/{{id}}"), Method::GET, asked(&one), ok).await;
        }
        if list.about.is_some() {
            let ask = exporting(&[("list", list.name), ("reason", "inspection")]);
            paper.hold("/api/export", Method::POST, post(&ask).header("cookie", &cookie), ok).await;
        }
        paper.hold(&book, Method::GET, asked(&book), ok).await;
    }
    // A list of so many that somebody else agrees.
    let (many, second) = (house.desk_at(&here).await, house.clerk("lin", Level::City, "4453").await);
    assert_eq!(many.push(people(&here, ALONE)).await, []);
    let ask = exporting(&[("list", "elders"), ("reason", "other"), ("note", "县里要的")]);
    let waits = post(&ask).header("cookie", &cookie);
    paper.hold("/api/export", Method::POST, waits, StatusCode::CONFLICT).await;
    let asks = paper.hold("/api/list/exports", Method::GET, asked("/api/list/exports"), ok).await;
    let number = asks["rows"].as_array().unwrap().iter().find(|row| row["cells"]["state"] == "waiting").unwrap()["cells"]["number"].clone();
    let agree = post(&format!("/api/export/{}", number.as_str().unwrap())).header("cookie", &second.cookie).json(&json!({}));
    paper.hold("/api/export/{number}", Method::POST, agree, ok).await;
    paper.hold("/api/list/exports", Method::GET, asked("/api/list/exports"), ok).await;
    // More than a page, so that there is another one.
    (0..60).for_each(|_| drop(house.server.city().unwrap()));
    paper.hold("/api/list/audit", Method::GET, asked("/api/list/audit"), ok).await;
    // What is lost is counted, and what the receipt still waits for.
    std::fs::remove_file(house.photo_file(hex::decode(&hash).unwrap().try_into().unwrap())).unwrap();
    assert_eq!(house.server.scrub().unwrap().lost, 1);
    paper.hold("/api/list/devices", Method::GET, asked("/api/list/devices"), ok).await;
    paper.hold("/api/account", Method::GET, asked("/api/account"), ok).await;
    let begin = post("/api/account/factor").header("cookie", &cookie).json(&json!({ "password": "yufan2026x" }));
    let begun = paper.hold("/api/account/factor", Method::POST, begin, ok).await;
    let code = |at: i64| shown(begun["secret"].as_str().unwrap(), at);
    let nothing = StatusCode::NO_CONTENT;
    let confirm = post("/api/account/factor/confirm").header("cookie", &cookie).json(&json!({ "code": code(house.time()) }));
    paper.hold("/api/account/factor/confirm", Method::POST, confirm, nothing).await;
    house.later(30);
    let ask = post("/api/device-code").header("cookie", &cookie).json(&json!({ "canteen": here, "code": code(house.time()) }));
    house.later(30);
    let end = post("/api/account/factor/end").header("cookie", &cookie).json(&json!({ "code": code(house.time()) }));
    let change = post("/api/account/password").header("cookie", &cookie).json(&json!({ "old": "yufan2026x", "new": "shanshui2027y" }));
    let code = ask;
    let code = paper.hold("/api/device-code", Method::POST, code, ok).await["code"].as_str().unwrap().to_owned();
    paper.hold("/api/account/factor/end", Method::POST, end, nothing).await;
    paper.hold("/api/account/password", Method::POST, change, nothing).await;
    of_keys(&house, &mut paper, &cookie).await;
    house.sign_in("chen", "shanshui2027y").await;
    let account = paper.hold("/api/account", Method::GET, asked("/api/account"), ok).await;
    let other = account["sessions"].as_array().unwrap().iter().find(|session| session["here"] == false).unwrap()["id"].clone();
    let other = house.http.delete(format!("{}/api/account/sessions/{}", house.url, other.as_str().unwrap())).header("cookie", &cookie);
    paper.hold("/api/account/sessions/{id}", Method::DELETE, other, nothing).await;
    of_accounts(&house, &mut paper).await;
    let staff = paper.hold("/api/list/staff", Method::GET, asked("/api/list/staff"), ok).await["rows"][0]["id"].clone();
    for act in ["disable", "enable", "pin"] {
        let stop = post(&format!("/api/staff/{}/{act}", staff.as_str().unwrap())).header("cookie", &cookie);
        paper.hold(&format!("/api/staff/{{id}}/{act}"), Method::POST, stop, nothing).await;
    }
    let crypto = SoftProvider::new();
    let public_key = crypto.public_key(&crypto.new_key().unwrap()).unwrap();
    let ask = enrolling(&house.url, &code, "前台电脑", &public_key).await;
    paper.hold("/v2/hello", Method::POST, post("/v2/hello").json(&json!({ "nonce": "07".repeat(16) })), ok).await;
    paper.hold("/v2/enrol", Method::POST, post("/v2/enrol").json(&ask), ok).await;
    let desk = house.desk_at(&here).await;
    let envelope = desk.envelope(&Ask::Exchange(Exchange::default()));
    paper.hold("/v2/sync", Method::POST, post("/v2/sync").body(envelope), ok).await;
    let end = house.http.delete(format!("{}/api/session", house.url)).header("cookie", &cookie);
    paper.hold("/api/session", Method::DELETE, end, StatusCode::NO_CONTENT).await;

    for (path, acts) in paper.document["paths"].as_object().unwrap() {
        for method in acts.as_object().unwrap().keys() {
            let looked_at = paper.held.contains(&(path.clone(), method.clone()));
            assert!(looked_at, "{method} {path} is described, and no answer of it was looked at");
        }
    }
    let never = |field: &&String| NEVER_THERE.iter().any(|one| field.ends_with(one));
    let missing: Vec<&String> = paper.fields.difference(&paper.seen).filter(|field| !never(field)).collect();
    assert_eq!(missing, [""; 0], "described, and nothing was ever there");
}

/// Parameters of a list that take not just any text, of its pages and of its workbook.
fn of_list(list: &'static ListSpec) -> usize {
    let choices = |filter: &Filter| match filter {
        Filter::Days(_) => 2,
        Filter::One(_) | Filter::Yes(_) => 1,
        Filter::Within(_) | Filter::Text { .. } => 0,
    };
    let ordered = usize::from(list.columns_at(End::Console).any(ListColumn::orders));
    let pages = if list.kind.is_some() { 3 } else { 1 };
    2 * (list.filters_at(End::Console).map(choices).sum::<usize>() + ordered + pages)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_wrongly_is_refused_in_words_and_named() {
    let house = House::new().await;
    let mut paper = Paper::read(&house).await;
    let (here, order, _) = lived_in(&house).await;
    let (clerk, auditor) = (house.clerk("own", Level::Canteen, &here).await, house.clerk("shen", Role::Auditor, "4453").await);
    let system = house.clerk("xitong", Role::System, "4453").await;
    let town = house.clerk("lu", Level::Town, "445381001").await;
    let with = |method: Method, path: &str| {
        let cookie = match path {
            path if audited(path) => &auditor.cookie,
            path if path.starts_with("/api/accounts") => &system.cookie,
            _ => &clerk.cookie,
        };
        clerk.http.request(method, format!("{}{path}", clerk.url)).header("cookie", cookie)
    };
    let bad = StatusCode::BAD_REQUEST;

    // Each parameter that is not just any text, with a value that it can't have.
    let paths = paper.document["paths"].clone();
    let mut odd = 0;
    for (path, acts) in paths.as_object().unwrap() {
        for parameter in acts["get"]["parameters"].as_array().into_iter().flatten().filter(|one| one["in"] == "query") {
            let (name, shape) = (parameter["name"].as_str().unwrap(), &parameter["schema"]);
            assert!(parameter["description"].is_string(), "{path} {name} is not explained");
            if shape["type"] == "string" && shape.get("format").is_none() && shape.get("enum").is_none() {
                continue;
            }
            let fault = paper.hold(path, Method::GET, with(Method::GET, &format!("{path}?{name}=%21")), bad).await;
            assert_eq!(fault["happened"], format!("地址里的“{name}”写得不对。"), "{path}");
            if let Some(list) = path.strip_suffix("/workbook").and_then(|path| ListSpec::find(path.rsplit('/').next()?))
                && list.about.is_some()
            {
                assert_eq!(clerk.ask_export(list.name, "").await.status(), StatusCode::OK);
            }
            let empty = with(Method::GET, &format!("{path}?{name}=")).send().await.unwrap();
            assert_eq!(empty.status(), StatusCode::OK, "{path}: an empty {name} is none");
            odd += 1;
        }
    }
    let of_lists: usize = ListSpec::at(End::Console).map(of_list).sum();
    assert_eq!(odd, 4 + of_lists, "of overview, of accounts, and of pages and workbooks of lists");

    let code = "/api/device-code";
    let refusals = [
        ("/api/session", with(Method::POST, "/api/session").json(&json!({ "name": "own" })), bad),
        ("/api/session", with(Method::POST, "/api/session").json(&json!({ "name": 7, "password": "x" })), bad),
        ("/api/session", with(Method::POST, "/api/session").body("name=own"), bad),
        ("/api/session", with(Method::POST, "/api/session").json(&json!({ "name": "x".repeat(3 << 20) })), StatusCode::PAYLOAD_TOO_LARGE),
        (
            "/api/first-account",
            with(Method::POST, "/api/first-account").json(&json!({ "name": "x", "password": "y" })),
            StatusCode::FORBIDDEN,
        ),
        (code, with(Method::POST, code).json(&json!({ "canteen": here })), StatusCode::FORBIDDEN),
        (code, with(Method::POST, code).json(&json!(7)), StatusCode::FORBIDDEN),
        (code, town.http.request(Method::POST, format!("{}{code}", town.url)).header("cookie", &town.cookie).json(&json!(7)), bad),
        ("/api/accounts", with(Method::POST, "/api/accounts").json(&json!({ "name": "x", "role": "mayor", "division": "4453" })), bad),
        ("/api/invitation", with(Method::POST, "/api/invitation").json(&json!({ "token": "x" })), StatusCode::FORBIDDEN),
        ("/v2/enrol", with(Method::POST, "/v2/enrol").json(&json!({ "code": "1" })), bad),
        ("/v2/sync", with(Method::POST, "/v2/sync").body("nonsense"), bad),
    ];
    for (path, request, status) in refusals {
        paper.hold(path, Method::POST, request, status).await;
    }
    for (path, address, status) in [
        ("/api/list/orders/{id}", "/api/list/orders/nobody".to_owned(), StatusCode::NOT_FOUND),
        ("/api/list/orders/{id}", format!("/api/list/orders/{}", id(9)), StatusCode::NOT_FOUND),
        ("/api/list/orders/{id}", "/api/list/orders/%FF".to_owned(), StatusCode::NOT_FOUND),
        ("/api/photo/{hash}", "/api/photo/%FF".to_owned(), StatusCode::NOT_FOUND),
        ("/api/overview", "/api/overview?division=4453".to_owned(), StatusCode::FORBIDDEN),
        ("/api/overview", "/api/overview?from=2026-11-22&from=2026-11-23".to_owned(), bad),
        ("/api/list/orders", "/api/list/orders?from=2026-11-23&to=2026-11-22".to_owned(), bad),
        ("/api/list/orders", "/api/list/orders?colour=red".to_owned(), bad),
    ] {
        paper.hold(path, Method::GET, with(Method::GET, &address), status).await;
    }
    let named = with(Method::POST, "/api/session").json(&json!({ "name": 7, "password": "x" })).send().await.unwrap();
    assert_eq!(named.json::<shared::fault::Fault>().await.unwrap().happened, "提交的内容里“name”写得不对。");

    // Whoever is not signed in hears that first, whatever else is wrong.
    for (path, address) in [
        ("/api/overview", "/api/overview?from=x"),
        ("/api/list/orders", "/api/list/orders?page=x"),
        ("/api/list/conflicts", "/api/list/conflicts"),
        ("/api/list/orders/{id}", "/api/list/orders/x"),
        ("/api/list/elders/workbook", "/api/list/elders/workbook"),
        ("/api/photo/{hash}", "/api/photo/x"),
        ("/api/list/devices", "/api/list/devices"),
        ("/api/accounts", "/api/accounts?state=x"),
        ("/api/session", "/api/session"),
    ] {
        paper.hold(path, Method::GET, house.http.get(format!("{}{address}", house.url)), StatusCode::UNAUTHORIZED).await;
    }
    for method in [Method::PUT, Method::PATCH] {
        let answer = with(method, &format!("/api/list/orders/{order}")).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.json::<shared::fault::Fault>().await.unwrap().code, shared::fault::Code::BadInput);
    }
}
