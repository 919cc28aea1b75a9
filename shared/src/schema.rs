//! Shapes that are not derived: ids, money and the words of records, which take theirs from their own list of values.
//! The rest is derived beside the types; all of it behind the feature `schema`, for the papers that are made of the types.

use crate::money::Fen;
use crate::record::{Ability, Level, Meal, Mode, NotDeliveredReason, OrderState, ReceivedBy, RecordId, RecordKind, Seen, Sex};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

macro_rules! of_words {
    ($($name:ident),+ $(,)?) => { $(
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                words($name::ALL.iter().map(|one| (one.code(), one.zh())))
            }
        }
    )+ };
}

of_words!(Ability, Level, Meal, Mode, NotDeliveredReason, OrderState, ReceivedBy, RecordKind, Seen, Sex);

/// The code words, and beside them what they are called.
fn words(all: impl Iterator<Item = (&'static str, &'static str)>) -> Schema {
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
