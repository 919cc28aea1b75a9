//! 菜品: what a canteen can cook.

use super::{FILES, RecordKind};
use crate::form::FormSpec;
use crate::list::{Direction, Filter, ListSpec, column};
use crate::money::Fen;
use crate::schema::{FieldType, Label, record, words};

words! {
    /// 菜类
    Course { Staple = "staple" "主食" "Staple", Meat = "meat" "荤菜" "Meat", Vegetable = "vegetable" "素菜" "Vegetable", Soup = "soup" "汤" "Soup", Set = "set" "套餐" "Set meal" }
}

words! {
    /// 适合: the diet that a dish, or a set, is made for.
    Suits {
        LowSugar = "low_sugar" "低糖" "Low sugar", LowSalt = "low_salt" "低盐" "Low salt", LowFat = "low_fat" "低脂" "Low fat", Soft = "soft" "软食" "Soft",
        Liquid = "liquid" "流食" "Liquid", Vegetarian = "vegetarian" "素食" "Vegetarian", Halal = "halal" "清真" "Halal",
    }
}

record! {
    /// 菜品 of a canteen (requirement A10): what it is, what stands in it, what it costs.
    MenuItem "menu_item" 12 "菜品" "Menu item" [titled_by(&["name"])];
    canteen: String, "饭堂" "Canteen" [is(FieldType::Canteen), derived, silent];
    name: String, "菜名" "Name" [width(16)];
    course: Course, "菜类" "Course";
    price: Fen, "价格" "Price";
    /// What it is made of, as far as somebody may not or does not want to eat it.
    ingredients: Option<String>, "配料" "Ingredients" [width(24)];
    allergens: Option<String>, "过敏原" "Allergens" [width(24)];
    /// For whom it is made; none: for everybody.
    suits: Option<Suits>, "适合" "Made for";
    offered: bool, "在供应" "Offered";
}

pub(super) static FORM: FormSpec =
    FormSpec::new(RecordKind::MenuItem, &["canteen", "name", "course", "price", "ingredients", "allergens", "suits", "offered"])
        .unique(&["canteen", "name"]);

/// 菜品库.
pub static MENU_ITEMS: ListSpec = ListSpec::new(
    "menu_items",
    Label::new("菜品", "Menu items"),
    RecordKind::MenuItem,
    &[
        column("name"),
        column("canteen").wide(20),
        column("course"),
        column("price"),
        column("ingredients"),
        column("allergens"),
        column("suits"),
        column("offered"),
    ],
)
.filters(&[
    Filter::Text { hint: Label::new("菜名", "Name"), exact: &[], inside: &["name", "ingredients", "allergens"], person: None },
    Filter::One("course"),
    Filter::One("suits"),
    Filter::Yes("offered"),
])
.order(&[("canteen", Direction::Up), ("course", Direction::Up), ("name", Direction::Up)])
.menu(FILES, "cp");
