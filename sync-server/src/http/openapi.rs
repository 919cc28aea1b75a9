//! The OpenAPI document of the console API. Written by hand; a test holds it against the router.

use axum::Json;
use serde_json::{Value, json};

pub async fn show() -> Json<Value> {
    Json(document())
}

fn document() -> Value {
    json!({})
}
