//! What comes back about standing meals and about orders that are made in one go.

use super::Dish;
use crate::form::Draft;
use crate::kinds::Meal;
use crate::money::Fen;
use crate::rule::standing::SkipReason;
use crate::schema::RecordId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What an elder eats by standing meals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StandingOfElder {
    /// The elder.
    pub elder: RecordId,
    /// 姓名
    pub name: String,
    /// Each meal once.
    pub meals: Vec<StandingEntry>,
    /// What the canteen serves today.
    pub dishes: Vec<Dish>,
}

/// A standing meal as it is typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StandingEntry {
    /// Which meal.
    pub meal: Meal,
    /// The record; none where there is none yet.
    pub record: Option<RecordId>,
    /// Its form.
    pub draft: Draft,
    /// It in words: 周一 周三 周五 · 自行配送; empty where there is none.
    pub words: String,
}

/// What entering or changing a standing meal did, or would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StandingSaved {
    /// It is done; else it waits to be confirmed.
    pub done: bool,
    /// What becomes of orders, each in words.
    pub changes: Vec<String>,
}

/// Orders that are made in one go.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OrderPlan {
    /// How many.
    pub new: u32,
    /// For how many elders.
    pub elders: u32,
    /// What they cost together.
    pub price: Fen,
    /// How many on each day.
    pub days: Vec<(Date, u32)>,
    /// Why others are not made, and how many.
    pub reasons: Vec<(SkipReason, u32)>,
    /// The first two hundred of these.
    pub skipped: Vec<PlanSkipped>,
    /// The batch, once they are made.
    pub batch: Option<RecordId>,
}

/// An order that is not made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlanSkipped {
    /// Whose.
    pub name: String,
    /// For which day.
    pub date: Date,
    /// Why not.
    pub reason: SkipReason,
}

/// What taking a batch back did, or would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BatchUndone {
    /// It is done.
    pub done: bool,
    /// Orders that are cancelled.
    pub cancelled: u32,
    /// Orders that stay: prepared, brought, or of a day that is over.
    pub kept: u32,
}
