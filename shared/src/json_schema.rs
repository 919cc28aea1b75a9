//! Shapes that are not derived: ids, money, kinds of record. Words take theirs from their own list of values, beside their declaration.
//! The rest is derived beside the types; all of it behind the feature `schema`, for the papers that are made of the types.

use crate::kinds::RecordKind;
use crate::money::Fen;
use crate::schema::RecordId;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

impl JsonSchema for RecordKind {
    fn schema_name() -> Cow<'static, str> {
        "RecordKind".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        words(Self::ALL.iter().map(|kind| (kind.code(), kind.label().zh)))
    }
}

/// The code words, and beside them what they are called.
pub(crate) fn words(all: impl Iterator<Item = (&'static str, &'static str)>) -> Schema {
    let (codes, called): (Vec<&str>, Vec<String>) = all.map(|(code, zh)| (code, format!("{code} {zh}"))).unzip();
    json_schema!({ "type": "string", "enum": codes, "description": called.join("，") })
}

impl JsonSchema for RecordId {
    fn schema_name() -> Cow<'static, str> {
        "RecordId".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "uuid" })
    }
}

impl JsonSchema for Fen {
    fn schema_name() -> Cow<'static, str> {
        "Fen".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "format": "int64", "description": "金额，单位为分" })
    }
}

impl JsonSchema for crate::schema::Fields {
    fn schema_name() -> Cow<'static, str> {
        "Fields".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": { "type": ["string", "integer", "boolean", "null"] } })
    }
}
