//! What the demo's kitchen cooks: menu items with what they hold, and the menus of yesterday, today and tomorrow, published.

use desk::Desk;
use jiff::ToSpan;
use jiff::civil::Date;
use shared::command::{List, Save};
use shared::fault::Fault;
use shared::form::Draft;
use shared::kinds::{Course, MENU_DAYS, MENU_ITEMS, Meal};
use shared::schema::RecordId;

/// Name, course, price in yuan, what it holds, allergens.
const ITEMS: [(&str, Course, &str, &str, &str); 10] = [
    ("白切鸡", Course::Meat, "6", "三黄鸡、姜、葱", ""),
    ("梅菜扣肉", Course::Meat, "6", "五花肉、梅菜", ""),
    ("白灼虾", Course::Meat, "7", "基围虾", "虾"),
    ("宫保鸡丁", Course::Meat, "5", "鸡肉、花生、干辣椒", "花生"),
    ("清蒸鲩鱼", Course::Meat, "6", "鲩鱼、姜、葱", "鱼"),
    ("蒸水蛋", Course::Vegetable, "3", "鸡蛋", "蛋"),
    ("蒜蓉菜心", Course::Vegetable, "3", "菜心、蒜", ""),
    ("麻婆豆腐", Course::Vegetable, "3", "豆腐、肉末、豆瓣酱", "黄豆"),
    ("冬瓜薏米汤", Course::Soup, "2", "冬瓜、薏米", ""),
    ("丝苗米饭", Course::Staple, "1", "大米", ""),
];
/// What is cooked, by its place among these: at noon and in the evening, one day after the other.
const LUNCH: [[usize; 5]; 3] = [[0, 5, 6, 8, 9], [2, 3, 6, 8, 9], [1, 7, 6, 8, 9]];
const DINNER: [[usize; 3]; 3] = [[4, 6, 9], [0, 7, 9], [3, 5, 9]];

/// Writes them, where there are none yet.
pub(super) fn write(desk: &Desk, today: Date) -> Result<(), Fault> {
    let mut known = false;
    desk.list_all(&List { list: MENU_ITEMS.name.to_owned(), ..List::default() }, &mut |_| {
        known = true;
        Ok(())
    })?;
    if known {
        return Ok(());
    }
    let mut items = Vec::new();
    for (name, course, price, ingredients, allergens) in ITEMS {
        let typed = [
            ("name", name),
            ("course", course.code()),
            ("price", price),
            ("ingredients", ingredients),
            ("allergens", allergens),
            ("offered", "1"),
        ];
        items.push(save(desk, MENU_ITEMS.name, &typed)?);
    }
    for (days, (lunch, dinner)) in (-1..).zip(LUNCH.iter().zip(&DINNER)) {
        let date = today.saturating_add(days.days()).to_string();
        for (meal, dishes) in [(Meal::Lunch, &lunch[..]), (Meal::Dinner, &dinner[..])] {
            for item in dishes.iter().filter_map(|at| items.get(*at)) {
                let item = item.to_string();
                save(desk, MENU_DAYS.name, &[("date", &date), ("meal", meal.code()), ("item", &item), ("published", "1")])?;
            }
        }
    }
    Ok(())
}

fn save(desk: &Desk, list: &str, typed: &[(&str, &str)]) -> Result<RecordId, Fault> {
    let draft: Draft = typed.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    desk.ask(&Save { list: list.to_owned(), record: None, draft })
}
