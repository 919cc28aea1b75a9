//! 每日菜单: which menu items a canteen serves at a meal of a day.

use super::order::Meal;
use super::{FILES, RecordKind};
use crate::both;
use crate::form::{FieldProblem, FormSpec};
use crate::list::{Direction, Filter, Join, ListSpec, column};
use crate::rule::menu::MAX_AHEAD;
use crate::schema::{FieldType, Label, RecordId, Value, record};
use jiff::civil::Date;

record! {
    /// One menu item at one meal of one day (requirement A10); published, everybody who sees the canteen may rely on it.
    MenuDay "menu_day" 13 "每日菜单" "Menu of the day" [titled_by(&["item", "date meal"]), desk_indexes(&[&["canteen", "date"]])];
    canteen: String, "饭堂" "Canteen" [is(FieldType::Canteen), derived, silent];
    date: Date, "日期" "Date";
    meal: Meal, "餐次" "Meal";
    item: RecordId, "菜品" "Menu item" [refers(RecordKind::MenuItem), width(16)];
    published: bool, "已公布" "Published" [derived];
    /// It was taken off the menu again.
    taken_off: bool, "已撤下" "Taken off" [derived];
}

pub(super) static FORM: FormSpec = FormSpec::new(RecordKind::MenuDay, &["canteen", "date", "meal", "item", "published", "taken_off"])
    .unique(&["canteen", "date", "meal", "item"])
    .rule(|fields, today| match fields.get("date") {
        Some(Value::Text(day)) if day.parse::<Date>().is_ok_and(|day| today.duration_until(day).as_hours() > MAX_AHEAD * 24) => {
            vec![FieldProblem::new("date", both!(menu::day_too_far(MAX_AHEAD)))]
        }
        _ => Vec::new(),
    });

/// 每日菜单, with what its items cost and hold.
pub static MENU_DAYS: ListSpec = ListSpec::new(
    "menu_days",
    Label::new("每日菜单", "Menus"),
    RecordKind::MenuDay,
    &[
        column("date"),
        column("meal"),
        column("canteen").wide(20),
        column("item"),
        column("dish.course"),
        column("dish.price"),
        column("dish.allergens"),
        column("dish.suits"),
        column("published"),
        column("taken_off"),
    ],
)
.joins(&[Join::named("dish", RecordKind::MenuItem, "item")])
.filters(&[Filter::Days("date"), Filter::One("meal"), Filter::Yes("published"), Filter::Yes("taken_off")])
.order(&[("date", Direction::Down), ("meal", Direction::Up), ("course", Direction::Up)])
.card("item")
.menu(FILES, "mrcd");
