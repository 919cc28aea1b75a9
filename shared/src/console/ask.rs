//! What stands behind the `?` of the console's addresses: the same types write them and read them. A choice that is
//! left empty is none.

use crate::kinds::{Meal, Mode, OrderState};
use jiff::civil::Date;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use std::str::FromStr;

/// Which figures `GET /api/overview` gives; without a place those of the account's own, without days those of today.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OverviewQuery {
    /// 区划代码
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub division: Option<String>,
    /// 饭堂编号；写了就不看区划
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub canteen: Option<String>,
    /// 第一天，不写时同最后一天
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// 最后一天，不写时同第一天，都不写时为今天
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

/// Which orders `GET /api/ledger` lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LedgerQuery {
    /// 区划代码
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub division: Option<String>,
    /// 饭堂编号；写了就不看区划
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub canteen: Option<String>,
    /// 第一天，不写时同最后一天
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// 最后一天，不写时同第一天，都不写时为今天
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// 只看这一餐
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub meal: Option<Meal>,
    /// 只看这种取餐方式
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// 只看这个状态
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub state: Option<OrderState>,
    /// 只看缺回单的；也可以写 1
    #[serde(default, deserialize_with = "yes")]
    pub missing: bool,
    /// 第几页，从 0 开始
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}

/// Which conflicts `GET /api/conflicts` lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConflictsQuery {
    /// 区划代码
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub division: Option<String>,
    /// 饭堂编号；写了就不看区划
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub canteen: Option<String>,
    /// 第几页，从 0 开始
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}

/// The one-time link of `POST /api/first-account`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FirstLink {
    /// 一次性链接里的口令
    pub token: String,
}

impl std::fmt::Debug for FirstLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FirstLink")
    }
}

/// What is written, or none where nothing is.
fn filled<'de, D: Deserializer<'de>, T: FromStr>(from: D) -> Result<Option<T>, D::Error> {
    match String::deserialize(from)?.as_str() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| D::Error::custom("not read")),
    }
}

fn yes<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    match String::deserialize(from)?.as_str() {
        "1" | "true" => Ok(true),
        "" | "0" | "false" => Ok(false),
        _ => Err(D::Error::custom("not read")),
    }
}
