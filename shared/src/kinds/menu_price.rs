//! 餐品价格: what a canteen serves at which price.

use super::order::Meal;
use super::{FILES, RecordKind};
use crate::list::{Direction, Filter, ListSpec, column};
use crate::money::Fen;
use crate::schema::{Author, FieldType, Label, record};
use jiff::civil::Date;

record! {
    /// 餐品价格 of a canteen (requirement A10).
    MenuPrice "menu_price" 5 "餐品价格" "Dish and price" [author(Author::Centre), server_indexes(&[&["canteen"]])];
    canteen: String, "饭堂" "Canteen" [is(FieldType::Canteen)];
    meal: Meal, "餐次" "Meal";
    name: String, "餐品" "Dish";
    price: Fen, "价格" "Price";
    valid_from: Date, "起" "From";
    valid_to: Option<Date>, "止" "Until";
}

/// 餐品价格表.
pub static PRICES: ListSpec = ListSpec::new(
    "prices",
    Label::new("餐品价格", "Dishes and prices"),
    RecordKind::MenuPrice,
    &[column("canteen").wide(20), column("meal"), column("name"), column("price"), column("valid_from"), column("valid_to")],
)
.filters(&[Filter::Text { hint: Label::new("餐品", "Dish"), exact: &[], inside: &["name"], person: None }, Filter::One("meal")])
.order(&[("canteen", Direction::Up), ("meal", Direction::Up), ("name", Direction::Up), ("valid_from", Direction::Down)])
.card("name")
.menu(FILES, "cpjg");
