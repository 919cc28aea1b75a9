//! 餐品价格: what a canteen serves at which price.

use super::order::Meal;
use crate::money::Fen;
use crate::schema::{Author, FieldType, record};
use jiff::civil::Date;

record! {
    /// 餐品价格 of a canteen (requirement A10).
    MenuPrice "menu_price" 5 "餐品价格" "Dish and price" [author(Author::Centre)];
    canteen: String, "饭堂" "Canteen" [is(FieldType::Canteen)];
    meal: Meal, "餐次" "Meal";
    name: String, "餐品" "Dish";
    price: Fen, "价格" "Price";
    valid_from: Date, "起" "From";
    valid_to: Option<Date>, "止" "Until";
}
