//! One operation of the OpenAPI document while its handler's types tell of it, and the shapes that all operations name.

use axum::http::StatusCode;
use schemars::generate::SchemaSettings;
use schemars::transform::transform_subschemas;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};
use shared::console::LANGUAGE_COOKIE;
use shared::schema::Language;

/// The shapes that are named so far. What is asked and what is answered may differ in what must be there.
pub struct Schemas {
    asked: SchemaGenerator,
    answered: SchemaGenerator,
}

impl Schemas {
    pub fn new() -> Self {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        });
        let settings = settings.with_transform(civil_time);
        Self { asked: settings.clone().for_deserialize().into_generator(), answered: settings.for_serialize().into_generator() }
    }

    /// All of them by name.
    pub fn named(mut self) -> Map<String, Value> {
        let mut named = self.answered.take_definitions(true);
        for (name, schema) in self.asked.take_definitions(true) {
            // What is asked in one place and answered in another, by one shape or by two.
            if named.get(&name).is_some_and(|known| *known != schema) {
                tracing::error!(%name, "the OpenAPI document knows two shapes of one name");
                debug_assert!(false, "two shapes are called {name}");
            }
            named.insert(name, schema);
        }
        named
    }
}

/// The times of the APIs are civil ones of China; the formats' registry calls that so.
fn civil_time(schema: &mut Schema) {
    transform_subschemas(&mut civil_time, schema);
    if schema.get("format").is_some_and(|format| format == "partial-date-time") {
        schema.insert("format".into(), "date-time-local".into());
    }
}

/// One method of one path.
pub struct Operation<'a> {
    schemas: &'a mut Schemas,
    parameters: Vec<Value>,
    body: Option<Value>,
    security: Vec<Value>,
    responses: Map<String, Value>,
}

impl<'a> Operation<'a> {
    pub fn new(schemas: &'a mut Schemas) -> Self {
        Self { schemas, parameters: Vec::new(), body: None, security: Vec::new(), responses: Map::new() }
    }

    /// As it stands in the document.
    pub fn told(self, summary: &str) -> Value {
        let mut told = json!({
            "summary": summary, "parameters": self.parameters, "security": self.security, "responses": self.responses,
        });
        if let Some(content) = self.body {
            told["requestBody"] = json!({ "required": true, "content": content });
        }
        told
    }

    /// Wants a session, and speaks the language of whoever has it.
    pub fn session(&mut self) {
        self.security.push(json!({ "session": [] }));
        self.parameters.push(json!({
            "name": LANGUAGE_COOKIE, "in": "cookie", "required": false, "schema": { "type": "string", "enum": Language::ALL.map(Language::tag) },
            "description": "写给人看的内容用哪种语言，不写时中文",
        }));
    }

    /// Each field of `T` is a parameter there, in `query` or `path`.
    pub fn parameters<T: JsonSchema>(&mut self, place: &str) {
        let schema = T::json_schema(&mut self.schemas.asked).to_value();
        let required = |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
        for (name, shape) in schema["properties"].as_object().into_iter().flatten() {
            let mut shape = shape.clone();
            let description = shape.as_object_mut().and_then(|shape| {
                shape.remove("default");
                shape.remove("description")
            });
            let mut told = json!({ "name": name, "in": place, "required": required(name), "schema": without_null(shape) });
            if let Some(description) = description {
                told["description"] = description;
            }
            self.parameters.push(told);
        }
    }

    /// One parameter of the address, which may be left out.
    pub fn parameter(&mut self, name: &str, description: &str, schema: Value) {
        self.parameters.push(json!({ "name": name, "in": "query", "required": false, "schema": schema, "description": description }));
    }

    /// A part of the path.
    pub fn in_path(&mut self, name: &str, description: &str, schema: Value) {
        self.parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": schema, "description": description }));
    }

    /// The shape of what is answered, to be told more of; what it refers to is named.
    pub fn shape_of<T: JsonSchema>(&mut self) -> Value {
        T::json_schema(&mut self.schemas.answered).to_value()
    }

    /// JSON comes in.
    pub fn takes<T: JsonSchema>(&mut self) {
        let schema = self.schemas.asked.subschema_for::<T>();
        self.body = Some(json!({ "application/json": { "schema": schema } }));
    }

    /// Bytes come in.
    pub fn takes_bytes(&mut self) {
        self.body = Some(json!({ "application/octet-stream": {} }));
    }

    /// JSON goes out when it went well.
    pub fn gives<T: JsonSchema>(&mut self) {
        let schema = self.schemas.answered.subschema_for::<T>();
        self.gives_shape(schema.to_value());
    }

    /// JSON of that shape goes out when it went well.
    pub fn gives_shape(&mut self, schema: Value) {
        self.responds("200", "完成", Some(json!({ "application/json": { "schema": schema } })));
    }

    /// Bytes of a kind go out when it went well.
    pub fn gives_bytes(&mut self, kind: &str) {
        self.responds("200", "完成", Some(json!({ kind: {} })));
    }

    /// Nothing goes out when it went well.
    pub fn gives_nothing(&mut self) {
        self.responds(StatusCode::NO_CONTENT.as_str(), "完成", None);
    }

    /// What goes out when it did not.
    pub fn refuses<T: JsonSchema>(&mut self) {
        let schema = self.schemas.answered.subschema_for::<T>();
        self.responds("default", "没有完成，说明原因和下一步", Some(json!({ "application/json": { "schema": schema } })));
    }

    fn responds(&mut self, status: &str, description: &str, content: Option<Value>) {
        let mut told = json!({ "description": description });
        if let Some(content) = content {
            told["content"] = content;
        }
        self.responses.insert(status.to_owned(), told);
    }
}

/// A parameter that is not there is left out, it is never `null`.
fn without_null(mut shape: Value) -> Value {
    if let Some(kinds) = shape["type"].as_array() {
        let kept: Vec<Value> = kinds.iter().filter(|kind| *kind != "null").cloned().collect();
        shape["type"] = match <[Value; 1]>::try_from(kept) {
            Ok([only]) => only,
            Err(several) => several.into(),
        };
        return shape;
    }
    let choices = shape["anyOf"].as_array().map(|all| all.iter().filter(|one| one["type"] != "null").cloned().collect::<Vec<_>>());
    match choices.map(<[Value; 1]>::try_from) {
        Some(Ok([only])) => only,
        _ => shape,
    }
}
