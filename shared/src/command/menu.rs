//! What comes back about the calendar of working days and the menus of canteens.

use crate::kinds::{Course, Meal, Suits};
use crate::money::Fen;
use crate::rule::menu::CopySkip;
use crate::schema::RecordId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What counts of a day of which the calendar speaks, at a canteen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DaySaid {
    /// The day.
    pub date: Date,
    /// The canteen rests; else it works, whatever others do.
    pub rests: bool,
    /// 事由
    pub name: String,
    /// Orders that stand on a day of rest.
    pub orders: u32,
}

/// The menu of a week.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WeekMenu {
    /// The code of the canteen.
    pub canteen: String,
    /// What it is called.
    pub name: String,
    /// From Monday.
    pub days: Vec<MenuOfDay>,
}

/// The menu of a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MenuOfDay {
    /// The day.
    pub date: Date,
    /// What the calendar says of it.
    pub said: Option<DaySaid>,
    /// Each meal once.
    pub meals: Vec<(Meal, Vec<MenuDish>)>,
}

/// A dish that a canteen can cook, on a menu or to be put there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MenuDish {
    /// The menu item.
    pub item: RecordId,
    /// 菜名
    pub name: String,
    /// 菜类
    pub course: Course,
    /// 价格
    pub price: Fen,
    /// 过敏原
    pub allergens: Option<String>,
    /// 适合
    pub suits: Option<Suits>,
    /// Everybody may rely on it.
    pub published: bool,
}

/// What copying a week does, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MenuCopy {
    /// It is done.
    pub done: bool,
    /// How many dishes are put on menus.
    pub new: u32,
    /// How many of each day.
    pub days: Vec<(Date, u32)>,
    /// Why others are not, and how many.
    pub reasons: Vec<(CopySkip, u32)>,
}
