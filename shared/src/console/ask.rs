//! What stands behind the `?` of the console's addresses: the same types write them and read them. A choice that is
//! left empty is none.

use crate::kinds::DisclosureReason;
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

/// What `POST /api/export` asks for. What is given then stands once at `/api/list/NAME/workbook` with the same words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExportAsk {
    /// 列表的名字
    pub list: String,
    /// 条件，同列表地址里问号后面的
    #[serde(default)]
    pub words: String,
    /// 原因
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub reason: Option<DisclosureReason>,
    /// 说明；原因是其他时要写
    #[serde(default)]
    pub note: String,
}

/// What is written, or none where nothing is.
pub(super) fn filled<'de, D: Deserializer<'de>, T: FromStr>(from: D) -> Result<Option<T>, D::Error> {
    match String::deserialize(from)?.as_str() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| D::Error::custom("not read")),
    }
}
