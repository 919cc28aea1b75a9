//! 食品留样: the sample that is kept of each dish of a meal. When one is due stands in `rule::kitchen`.

use super::order::Meal;
use super::{KITCHEN, RecordKind};
use crate::both;
use crate::form::{FieldProblem, FormSpec};
use crate::list::{Direction, End, Filter, ListSpec, When, column, when};
use crate::rule::kitchen::{KEEP_HOURS, MIN_GRAMS, discard_from};
use crate::schema::{FieldType, Fields, Kept, Label, Open, Purpose, Value, record};
use jiff::civil::{Date, DateTime};

record! {
    /// 食品留样 (programmes 5.3): of which dish, how much, when and by whom, and when it was thrown away.
    FoodSample "food_sample" 22 "食品留样" "Food sample" [titled_by(&["dish", "date meal"]), of_persons(Purpose::Meals, Kept::Voucher)];
    canteen: String, "饭堂" "Canteen" [is(FieldType::Canteen), derived, silent, other];
    date: Date, "日期" "Date" [other];
    meal: Meal, "餐次" "Meal" [other];
    dish: String, "菜名" "Dish" [width(16), other];
    grams: i64, "克数" "Grams" [other];
    taken_at: DateTime, "留样时间" "Taken at" [other];
    taken_by: Option<String>, "留样人" "Taken by" [identifying, purpose(Purpose::Accountability), open(Open::Shown)];
    /// The number of the box and where it stands.
    box_place: Option<String>, "盒号和冰箱" "Box and fridge" [other];
    discarded_at: Option<DateTime>, "销样时间" "Thrown away at" [other];
    discarded_by: Option<String>, "销样人" "Thrown away by" [identifying, purpose(Purpose::Accountability), open(Open::Shown)];
    note: Option<String>, "说明" "Note" [width(24), other];
}

pub(super) static FORM: FormSpec = FormSpec::new(
    RecordKind::FoodSample,
    &["canteen", "date", "meal", "dish", "grams", "taken_at", "taken_by", "box_place", "discarded_at", "discarded_by", "note"],
)
.unique(&["canteen", "date", "meal", "dish"])
.rule(holds_together);

/// Too little of it, or thrown away too early without a word, is a slip.
fn holds_together(fields: &Fields, _today: Date) -> Vec<FieldProblem> {
    let moment = |name: &str| match fields.get(name) {
        Some(Value::Text(text)) => text.parse::<DateTime>().ok(),
        _ => None,
    };
    let mut problems = Vec::new();
    if matches!(fields.get("grams"), Some(Value::Int(grams)) if *grams < MIN_GRAMS) {
        problems.push(FieldProblem::new("grams", both!(kitchen::too_little(MIN_GRAMS))));
    }
    let explained = fields.get("note").is_some_and(|note| *note != Value::Null);
    if let Some((taken, gone)) = moment("taken_at").zip(moment("discarded_at"))
        && gone < discard_from(taken)
        && !explained
    {
        problems.push(FieldProblem::new("discarded_at", both!(kitchen::too_early(KEEP_HOURS))));
    }
    problems
}

/// 食品留样 of this place.
pub static FOOD_SAMPLES: ListSpec = ListSpec::new(
    "food_samples",
    Label::new("食品留样", "Food samples"),
    RecordKind::FoodSample,
    &[
        column("date"),
        column("meal"),
        column("canteen").wide(20),
        column("dish"),
        column("grams"),
        column("taken_at"),
        column("taken_by"),
        column("box_place"),
        column("discarded_at"),
        column("discarded_by").exported(),
        column("note").exported(),
        when("kept", Label::new("在冷藏", "In the fridge"), When::None(&[When::Filled("discarded_at")])),
    ],
)
.filters(&[
    Filter::Text { hint: Label::new("菜名", "Dish"), exact: &[], inside: &["dish"], person: None },
    Filter::Days("date"),
    Filter::One("meal"),
    Filter::Yes("kept"),
])
.order(&[("date", Direction::Down), ("taken_at", Direction::Down)])
.card("dish")
.ends(&[End::Desk])
.menu(KITCHEN, "sply ly");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Draft;

    #[test]
    fn a_sample_is_large_enough_and_kept_long_enough() {
        let read = |grams: &str, discarded: &str, note: &str| {
            let typed = [
                ("canteen", "C1"),
                ("date", "2026-11-22"),
                ("meal", "lunch"),
                ("dish", "白切鸡"),
                ("grams", grams),
                ("taken_at", "2026-11-22T11:00"),
                ("discarded_at", discarded),
                ("note", note),
            ];
            let draft: Draft = typed.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
            let problems = FORM.read(&draft, "2026-11-25".parse().unwrap()).err().unwrap_or_default();
            problems.into_iter().map(|problem| problem.field).collect::<Vec<_>>()
        };
        assert_eq!(read("125", "", ""), [""; 0]);
        assert_eq!(read("100", "", ""), ["grams"]);
        assert_eq!(read("130", "2026-11-24T10:59", ""), ["discarded_at"]);
        assert_eq!(read("130", "2026-11-24T10:59", "冰箱坏了"), [""; 0]);
        assert_eq!(read("130", "2026-11-24T11:00", ""), [""; 0]);
    }
}
