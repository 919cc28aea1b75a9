//! What comes back about the kitchen: the sheet of a meal, what changed since it was counted, what clashes, which samples are due.

use crate::kinds::{CheckOf, Meal, Mode};
use crate::rule::kitchen::{Change, Clash, SampleState, SheetRow, Size, Texture};
use crate::schema::RecordId;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// What the kitchen is told of a meal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KitchenSheet {
    /// The day.
    pub date: Date,
    /// The meal.
    pub meal: Meal,
    /// When orders for it close.
    pub closes: DateTime,
    /// Whether they have.
    pub closed: bool,
    /// How many of what.
    pub rows: Vec<SheetRow>,
    /// What is to be prepared, in the order in which it is packed.
    pub boxes: Vec<KitchenBox>,
    /// The counts of the meal that were frozen, the latest last.
    pub counts: Vec<KitchenFrozen>,
    /// What is different from the latest.
    pub differences: Vec<KitchenDifference>,
    /// By how much each dish is more or less since.
    pub shifts: Vec<(String, i32)>,
    /// The dishes of the meal with their samples; without a published menu, the dishes that were ordered.
    pub samples: Vec<KitchenSample>,
    /// Samples of earlier meals that have been kept long enough.
    pub discards: Vec<KitchenSample>,
    /// Whether the menu of the meal is published: without one nothing is known of what the dishes hold.
    pub menu: bool,
    /// What was looked at on the day, each once: how often, and how often it was not in order.
    pub checks: Vec<(CheckOf, u32, u32)>,
    /// How often labels of the meal were printed here.
    pub prints: u32,
}

/// A box to be packed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KitchenBox {
    /// Its order.
    pub order: RecordId,
    /// 订单号
    pub number: String,
    /// 姓名
    pub name: String,
    /// 餐品
    pub dish: String,
    /// How it is got.
    pub mode: Mode,
    /// How it is prepared.
    pub texture: Texture,
    /// How much of it.
    pub size: Size,
    /// Allergies, then what else is minded.
    pub restrictions: Vec<String>,
    /// It is packed apart from the others.
    pub special: bool,
    /// Where its stop stands on its route, from 1.
    pub stop: Option<u32>,
    /// The name of its route; empty for none.
    pub route: String,
    /// Dishes of the meal that she should not get.
    pub clashes: Vec<Clash>,
}

/// A frozen count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KitchenFrozen {
    /// The record.
    pub id: RecordId,
    /// The first of the meal is 1.
    pub number: u32,
    /// When.
    pub made_at: DateTime,
    /// By whom.
    pub made_by: String,
    /// How many.
    pub portions: u32,
    /// So many of a hundred are cooked beyond these.
    pub spare_percent: u32,
}

/// An order that is not as it was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KitchenDifference {
    /// Which.
    pub order: RecordId,
    /// 订单号
    pub number: String,
    /// 姓名
    pub name: String,
    /// What became of it.
    pub change: Change,
    /// As it was counted: 普通 · 自行配送.
    pub was: String,
    /// As it is now; empty where it stands no more.
    pub now: String,
    /// Who did it, where that is known here, and when.
    pub by: String,
    /// When it was done.
    pub at: Option<DateTime>,
}

/// A dish with its sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KitchenSample {
    /// Of which day.
    pub date: Date,
    /// Of which meal.
    pub meal: Meal,
    /// 菜名
    pub dish: String,
    /// Where it stands.
    pub state: SampleState,
    /// The record, once it was taken.
    pub record: Option<RecordId>,
    /// When it was taken.
    pub taken_at: Option<DateTime>,
}
