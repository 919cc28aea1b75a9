//! 固定订餐: on which days of the week an elder eats, until somebody says otherwise. What follows on a day stands in `rule::standing`.

use super::order::{Meal, Mode};
use super::{MEALS, RecordKind};
use crate::both;
use crate::form::{FieldProblem, FormSpec};
use crate::list::{Direction, Filter, Join, ListSpec, When, column, first, when};
use crate::rule::standing::MAX_AHEAD;
use crate::schema::{FieldType, Fields, Kept, Label, Open, Purpose, RecordId, Value, record};
use jiff::civil::{Date, Weekday};

record! {
    /// 固定订餐 (requirement A3). One for an elder, a canteen and a meal: its id follows from these, so that two desks that enter it apart meet in one. Each day of
    /// the week is a field by itself: two desks that change different days agree.
    StandingMeal "standing_meal" 19 "固定订餐" "Standing meal" [titled_by(&["elder_name|elder", "meal"]), desk_indexes(&[&["elder"]]), of_persons(Purpose::Meals, Kept::Voucher)];
    elder: RecordId, "长者" "Elder" [refers(RecordKind::Elder), derived, silent, identifying, open(Open::Linked)];
    /// The elder's name when it was entered: it is read when the file has gone to another canteen.
    elder_name: Option<String>, "姓名" "Name" [derived, silent, identifying, open(Open::Shown)];
    canteen: String, "饭堂" "Canteen" [is(FieldType::Canteen), derived, silent, other];
    meal: Meal, "餐次" "Meal" [derived, other];
    monday: bool, "周一" "Mon" [width(5), other];
    tuesday: bool, "周二" "Tue" [width(5), other];
    wednesday: bool, "周三" "Wed" [width(5), other];
    thursday: bool, "周四" "Thu" [width(5), other];
    friday: bool, "周五" "Fri" [width(5), other];
    saturday: bool, "周六" "Sat" [width(5), other];
    sunday: bool, "周日" "Sun" [width(5), other];
    mode: Mode, "怎么拿" "How" [other];
    /// None: whatever stands first on the list of the day.
    dish: Option<String>, "餐品" "Dish" [other];
    note: Option<String>, "嘱咐" "Instructions" [width(24), health, open(Open::Outlives)];
    since: Date, "起" "From" [other];
    /// The last day; none while it goes on.
    until: Option<Date>, "止" "Until" [other];
    /// The first day without meals.
    paused_from: Option<Date>, "暂停自" "Paused from" [other];
    /// The first day with meals again; none until she says so.
    back_on: Option<Date>, "恢复日" "Back on" [other];
}

impl StandingMeal {
    /// Whether it names that day of the week.
    #[must_use]
    pub const fn names(&self, day: Weekday) -> bool {
        match day {
            Weekday::Monday => self.monday,
            Weekday::Tuesday => self.tuesday,
            Weekday::Wednesday => self.wednesday,
            Weekday::Thursday => self.thursday,
            Weekday::Friday => self.friday,
            Weekday::Saturday => self.saturday,
            Weekday::Sunday => self.sunday,
        }
    }
}

/// What is asked of a standing meal; whose it is and which meal stand beside the form.
pub static STANDING_FORM: FormSpec = FormSpec::new(
    RecordKind::StandingMeal,
    &[
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "mode",
        "dish",
        "note",
        "since",
        "until",
        "paused_from",
        "back_on",
    ],
)
.rule(holds_together);

/// A span of days that ends before it begins, or a pause that nothing begins, is a slip.
fn holds_together(fields: &Fields, today: Date) -> Vec<FieldProblem> {
    let day = |name: &str| match fields.get(name) {
        Some(Value::Text(text)) => text.parse::<Date>().ok(),
        _ => None,
    };
    let (since, until, paused, back) = (day("since"), day("until"), day("paused_from"), day("back_on"));
    let far = |date: Option<Date>| date.is_some_and(|date| today.duration_until(date).as_hours() > MAX_AHEAD * 24);
    let mut problems = Vec::new();
    if since.zip(until).is_some_and(|(since, until)| until < since) {
        problems.push(FieldProblem::new("until", both!(standing::ENDS_BEFORE_IT_BEGINS)));
    }
    match (paused, back) {
        (None, Some(_)) => problems.push(FieldProblem::new("paused_from", both!(standing::PAUSE_NOT_BEGUN))),
        (Some(paused), Some(back)) if back <= paused => problems.push(FieldProblem::new("back_on", both!(standing::BACK_BEFORE_PAUSE))),
        _ => {}
    }
    for (name, date) in [("since", since), ("until", until), ("paused_from", paused), ("back_on", back)] {
        if far(date) {
            problems.push(FieldProblem::new(name, both!(standing::day_too_far(MAX_AHEAD))));
        }
    }
    problems
}

/// 固定订餐 of this place.
pub static STANDING_MEALS: ListSpec = ListSpec::new(
    "standing_meals",
    Label::new("固定订餐", "Standing meals"),
    RecordKind::StandingMeal,
    &[
        first("name", &["elder_file.name", "elder_name"]),
        column("canteen").wide(20),
        column("meal"),
        column("monday"),
        column("tuesday"),
        column("wednesday"),
        column("thursday"),
        column("friday"),
        column("saturday"),
        column("sunday"),
        column("mode"),
        column("dish").wide(14),
        column("note").exported(),
        column("since"),
        column("until"),
        column("paused_from"),
        column("back_on"),
        when("paused", Label::new("有暂停", "Pause entered"), When::Filled("paused_from")),
    ],
)
.joins(&[Join::named("elder_file", RecordKind::Elder, "elder")])
.about("elder")
.filters(&[
    Filter::Text { hint: Label::new("姓名", "Name"), exact: &[], inside: &["name"], person: Some("elder") },
    Filter::One("meal"),
    Filter::One("mode"),
    Filter::Yes("paused"),
])
.order(&[("meal", Direction::Up), ("name", Direction::Up)])
.card("name")
.menu(MEALS, "gddc");
