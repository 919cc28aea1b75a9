//! The OpenAPI document of the server, for the page and for neighbour systems: what the handlers of all routes tell of
//! themselves, with the shapes of `shared::console` and `shared::wire`. The suite holds real answers to it.

use crate::route::{Operation, Route, SESSION, Schemas};
use axum::Json;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| document(&super::routes()));

pub async fn show() -> Json<&'static Value> {
    Json(&DOCUMENT)
}

fn document(routes: &[Route]) -> Value {
    let mut schemas = Schemas::new();
    let mut paths = Map::new();
    for route in routes {
        let mut acts = Map::new();
        for act in &route.acts {
            let mut operation = Operation::new(&mut schemas);
            (act.describe)(&mut operation);
            acts.insert(act.method.to_owned(), operation.told(&act.summary));
        }
        paths.insert(route.path.to_string(), acts.into());
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "长者饭堂同步服务", "version": env!("CARGO_PKG_VERSION") },
        "paths": paths,
        "components": {
            "schemas": schemas.named(),
            "securitySchemes": { "session": { "type": "apiKey", "in": "cookie", "name": SESSION } },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::DOCUMENT;
    use std::collections::BTreeSet;

    #[test]
    fn what_a_path_names_is_a_parameter() {
        for (path, acts) in DOCUMENT["paths"].as_object().unwrap() {
            let named: BTreeSet<&str> = path.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
            for (method, operation) in acts.as_object().unwrap() {
                let parameters = operation["parameters"].as_array().unwrap().iter().filter(|one| one["in"] == "path");
                let told: BTreeSet<&str> = parameters.map(|one| one["name"].as_str().unwrap()).collect();
                assert_eq!(named, told, "{method} {path}");
            }
        }
    }

    #[test]
    fn nobody_needs_a_session_to_get_one_and_everybody_else_does() {
        let paths = DOCUMENT["paths"].as_object().unwrap();
        let acts = paths.iter().flat_map(|(path, acts)| acts.as_object().unwrap().iter().map(move |(method, told)| (path, method, told)));
        let open: BTreeSet<String> = acts
            .filter(|(.., told)| told["security"].as_array().unwrap().is_empty())
            .map(|(path, method, _)| format!("{method} {path}"))
            .collect();
        let expect = [
            "get /api/openapi.json",
            "get /health",
            "get /ready",
            "post /api/first-account",
            "post /api/invitation",
            "post /api/invitation/password",
            "post /api/session",
            "post /api/session/challenge",
            "post /v2/enrol",
            "post /v2/hello",
            "post /v2/sync",
        ];
        assert_eq!(open, expect.map(str::to_owned).into());
    }

    #[test]
    fn every_shape_that_is_named_is_described() {
        let text = DOCUMENT.to_string();
        for part in text.split("#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(DOCUMENT["components"]["schemas"][name].is_object(), "{name}");
        }
    }
}
