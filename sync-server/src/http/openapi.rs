//! The OpenAPI document of the server, for the page and for neighbour systems. Written by hand; a
//! test holds its paths against the router. The shapes are those of `shared::console` and
//! `shared::wire`.

use axum::Json;
use serde_json::{Map, Value, json};

pub async fn show() -> Json<Value> {
    Json(document())
}

/// Path, method, summary, parameters (`name` in the query, `{name}` in the path), body, answer.
type Operation = (&'static str, &'static str, &'static str, &'static [&'static str], &'static str, &'static str);

const PLACE_AND_DAYS: &[&str] = &["division", "canteen", "from", "to"];
const OPERATIONS: &[Operation] = &[
    ("/api/session", "post", "登录", &[], "SignIn", "Session"),
    ("/api/session", "get", "当前登录的账号", &[], "", "Session"),
    ("/api/session", "delete", "退出登录", &[], "", ""),
    ("/api/first-account", "post", "用一次性链接建立第一个市级账号", &["token"], "SignIn", "Session"),
    ("/api/overview", "get", "一个地方一段时间的合计，按下级和按天", PLACE_AND_DAYS, "", "Overview"),
    (
        "/api/ledger",
        "get",
        "合计背后的订单，每页五十行",
        &["division", "canteen", "from", "to", "meal", "mode", "state", "missing", "page"],
        "",
        "ConsoleLedger",
    ),
    ("/api/order/{id}", "get", "一张订单和它的回单、经过", &["{id}"], "", "ConsoleOrder"),
    ("/api/photo/{hash}", "get", "回单照片", &["{hash}"], "", "jpeg"),
    ("/api/devices", "get", "管辖范围内的设备", &[], "", "DeviceRow[]"),
    (
        "/api/conflicts",
        "get",
        "两处写得不一样、等人决定的内容，每页五十行；在饭堂或镇街的办公端决定",
        &["division", "canteen", "page"],
        "",
        "ConsoleConflicts",
    ),
    ("/api/device-code", "post", "发一个一次性设备登记码", &[], "CodeAsk", "CodeGiven"),
    ("/api/openapi.json", "get", "本文档", &[], "", "any"),
    ("/v2/enrol", "post", "设备登记", &[], "EnrolAsk", "Enrolled"),
    ("/v2/sync", "post", "设备同步：签名的信封，格式见 PROTOCOL.md", &[], "envelope", "envelope"),
];

/// The whole document.
pub fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for operation in OPERATIONS {
        let entry = paths.entry(operation.0).or_insert_with(|| json!({}));
        entry[operation.1] = described(operation);
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "长者饭堂同步服务", "version": env!("CARGO_PKG_VERSION") },
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": "session" },
                "device": { "type": "http", "scheme": "bearer" },
            },
        },
    })
}

fn described((path, method, summary, parameters, body, answer): &Operation) -> Value {
    let parameters: Vec<Value> = parameters
        .iter()
        .map(|name| match name.strip_prefix('{') {
            Some(inside) => json!({ "name": inside.trim_end_matches('}'), "in": "path", "required": true, "schema": { "type": "string" } }),
            None => {
                let needed = matches!(*name, "token" | "after" | "upto");
                json!({ "name": name, "in": "query", "required": needed, "schema": { "type": "string" } })
            }
        })
        .collect();
    let open = matches!(*path, "/v2/enrol" | "/v2/sync" | "/api/first-account" | "/api/openapi.json")
        || (*path == "/api/session" && *method != "get");
    let security = match (open, path.starts_with("/v1/")) {
        (true, _) => json!([]),
        (false, true) => json!([{ "device": [] }]),
        (false, false) => json!([{ "session": [] }]),
    };
    let good = match *answer {
        "" => json!({ "204": { "description": "完成" } }),
        answer => json!({ "200": { "description": "完成", "content": content(answer) } }),
    };
    let mut described = json!({ "summary": summary, "parameters": parameters, "security": security, "responses": good });
    described["responses"]["default"] = json!({ "description": "没有完成，说明原因和下一步", "content": content("Fault") });
    if !body.is_empty() {
        described["requestBody"] = json!({ "required": true, "content": content(body) });
    }
    described
}

fn content(name: &str) -> Value {
    match name {
        "jpeg" => json!({ "image/jpeg": {} }),
        "envelope" => json!({ "application/octet-stream": {} }),
        "any" => json!({ "application/json": {} }),
        name => match name.strip_suffix("[]") {
            Some(one) => json!({ "application/json": { "schema": { "type": "array", "items": reference(one) } } }),
            None => json!({ "application/json": { "schema": reference(name) } }),
        },
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// `name:kind` with kinds `s`tring, `i`nteger, `b`oolean, `d`ate, `t`ime, `[X]` a list, `X` another shape; `?` may be null.
const SHAPES: &[(&str, &[&str])] = &[
    ("Fault", &["code:s", "happened:s", "next_step:s"]),
    ("SignIn", &["name:s", "password:s"]),
    ("Session", &["name:s", "role:s", "division:s", "division_name:s", "now:t"]),
    ("Place", &["code:s", "name:s", "level:s"]),
    (
        "Counts",
        &[
            "canteens:i",
            "meals:i",
            "pick_up:i",
            "own_delivery:i",
            "third_party:i",
            "served:i",
            "not_delivered:i",
            "receipts_due:i",
            "receipts:i",
            "amount:i",
        ],
    ),
    (
        "Overview",
        &["place:Place", "trail:[Place]", "from:d", "to:d", "totals:Counts", "children:[PlaceCounts]", "days:[DayCounts]", "devices:[i]"],
    ),
    (
        "OrderLine",
        &[
            "id:s",
            "number:s",
            "elder:s",
            "name:s",
            "address:s",
            "phone:s",
            "diet:s",
            "date:d",
            "meal:s",
            "mode:s",
            "dish:s",
            "price:i",
            "note:s",
            "state:s",
            "state_at:t",
            "reason:s?",
            "taken_at:t",
            "supplement:b",
            "receipt:ReceiptLine?",
            "receipt_missing:b",
            "unsent:b",
        ],
    ),
    ("ReceiptLine", &["arrived_at:t", "recorded_at:t", "received_by:s?", "seen:s?", "note:s", "photos:[s]"]),
    ("ConsoleRow", &["line:OrderLine", "canteen:s"]),
    ("ConsoleLedger", &["rows:[ConsoleRow]", "total:i"]),
    ("HistoryEntry", &["at:t", "words:[s]", "unsent:b"]),
    (
        "ConsoleOrder",
        &["row:ConsoleRow", "taken_by:s", "supplement_reason:s", "history:[HistoryEntry]", "received_at:t?", "photos_pending:i"],
    ),
    (
        "DeviceRow",
        &[
            "id:s",
            "number:i",
            "name:s",
            "place:s",
            "last_sync:t?",
            "unsent:i",
            "unsent_photos:i",
            "lost_photos:i",
            "refused:i",
            "version:s",
            "agrees:b?",
            "overdue:b",
            "revoked:b",
        ],
    ),
    ("ConsoleConflicts", &["rows:[ConsoleConflict]", "total:i"]),
    ("ConsoleConflict", &["line:ConflictLine", "place:s"]),
    ("ConflictLine", &["kind:s", "record:s", "field:s", "title:s", "label:s", "choices:[ConflictChoice]", "stands:s"]),
    ("ConflictChoice", &["name:s", "words:s", "said:[SaidBy]", "refused:s?"]),
    ("SaidBy", &["device:s", "at:t"]),
    ("CodeAsk", &["canteen:s?", "division:s?"]),
    ("CodeGiven", &["code:s"]),
    ("EnrolAsk", &["code:s", "name:s", "public_key:s"]),
    ("Enrolled", &["device:s", "device_number:i", "canteen:s?", "division:s", "keys:s"]),
];

fn schemas() -> Value {
    let pair = |first: Value| json!({ "type": "array", "prefixItems": [first, reference("Counts")], "minItems": 2, "maxItems": 2 });
    let mut schemas = json!({ "PlaceCounts": pair(reference("Place")), "DayCounts": pair(kind("d")) });
    for (name, fields) in SHAPES {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for field in *fields {
            let (field, of) = field.split_once(':').unwrap_or((field, "s"));
            let schema = match of.strip_suffix('?') {
                Some(of) => json!({ "anyOf": [kind(of), { "type": "null" }] }),
                None => {
                    required.push(field);
                    kind(of)
                }
            };
            properties.insert(field.to_owned(), schema);
        }
        schemas[name] = json!({ "type": "object", "properties": properties, "required": required });
    }
    schemas
}

fn kind(of: &str) -> Value {
    match of {
        "s" => json!({ "type": "string" }),
        "i" => json!({ "type": "integer" }),
        "b" => json!({ "type": "boolean" }),
        "d" => json!({ "type": "string", "format": "date" }),
        "t" => json!({ "type": "string", "description": "civil time of China, ISO 8601 without offset" }),
        list if list.starts_with('[') => json!({ "type": "array", "items": kind(list.trim_matches(['[', ']'])) }),
        name => reference(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_document_names_every_route_and_no_other() {
        let described: BTreeSet<(String, String)> = OPERATIONS.iter().map(|one| (one.0.to_owned(), one.1.to_owned())).collect();
        let routes = super::super::routes();
        let served: BTreeSet<(String, String)> =
            routes.iter().flat_map(|route| route.methods.iter().map(|method| (route.path.to_owned(), (*method).to_owned()))).collect();
        assert_eq!(described, served);
    }

    #[test]
    fn every_shape_that_is_named_is_described() {
        let document = document();
        let text = document.to_string();
        for part in text.split("#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(document["components"]["schemas"][name].is_object(), "{name}");
        }
    }
}
