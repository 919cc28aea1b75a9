//! How meals are brought on a day: routes with their orders, and what was handed over.

use crate::kinds::Meal;
use crate::schema::RecordId;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// A route with its orders of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RouteOfDay {
    /// The route.
    pub id: RecordId,
    /// What it is called.
    pub name: String,
    /// Who drives it on most days; empty where nobody is named.
    pub courier: String,
    /// Its orders, as they are driven.
    pub orders: Vec<RecordId>,
}

/// Boxes that went out with a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HandedOver {
    /// The record.
    pub id: RecordId,
    /// 餐次
    pub meal: Meal,
    /// The route; none for what lies on no route.
    pub route: Option<RecordId>,
    /// 单上份数
    pub listed: u32,
    /// 实交份数
    pub boxes: u32,
    /// 交接时间
    pub made_at: DateTime,
    /// 接收人
    pub taken_by: String,
    /// What came back was counted.
    pub back: bool,
    /// Its orders.
    pub orders: Vec<RecordId>,
}
