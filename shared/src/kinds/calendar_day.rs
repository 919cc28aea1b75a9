//! 工作日历: on which days canteens rest, and on which they work though others rest. Which of several sayings counts stands in `rule::calendar`.

use super::{FILES, RecordKind};
use crate::both;
use crate::form::{FieldProblem, FormSpec};
use crate::list::{Direction, Filter, ListSpec, column};
use crate::rule::calendar::{LONGEST, MAX_AHEAD};
use crate::schema::{FieldType, Fields, Label, Scope, Value, record, words};
use jiff::civil::Date;

words! {
    /// What a canteen does on a day.
    Opening { Rests = "rests" "休息" "Rests", Works = "works" "开餐" "Works" }
}

record! {
    /// 工作日历 (requirement A10): what a canteen, or the office of a division for all canteens in it, says of a day or of a few. Everybody sees it, since what an
    /// office says reaches down to its canteens; it names nobody. Nobody is asked where two say otherwise: the greater operation counts.
    CalendarDay "calendar_day" 24 "工作日历" "Calendar day" [titled_by(&["date", "name"]), scope(Scope::Everybody), desk_indexes(&[&["date"]])];
    canteen: Option<String>, "饭堂" "Canteen" [is(FieldType::Canteen), derived, silent];
    division: Option<String>, "区划" "Division" [is(FieldType::Division), derived, silent];
    date: Date, "日期" "Date" [derived];
    /// The last of several days.
    until: Option<Date>, "到" "Until" [derived];
    opening: Opening, "安排" "Arrangement" [derived];
    name: String, "事由" "Occasion" [derived, width(16)];
}

pub(super) static FORM: FormSpec = FormSpec::new(RecordKind::CalendarDay, &["canteen", "division", "date", "until", "opening", "name"])
    .unique(&["canteen", "division", "date"])
    .rule(holds_together);

/// A holiday that ends before it begins, lasts for months or lies years away is a slip.
fn holds_together(fields: &Fields, today: Date) -> Vec<FieldProblem> {
    let day = |name: &str| match fields.get(name) {
        Some(Value::Text(text)) => text.parse::<Date>().ok(),
        _ => None,
    };
    let days = |from: Date, to: Date| from.duration_until(to).as_hours() / 24;
    let Some(date) = day("date") else { return Vec::new() };
    let mut problems = Vec::new();
    if days(today, date) > MAX_AHEAD {
        problems.push(FieldProblem::new("date", both!(menu::day_too_far(MAX_AHEAD))));
    }
    match day("until").map(|until| days(date, until)) {
        Some(..0) => problems.push(FieldProblem::new("until", both!(calendar::ENDS_BEFORE_IT_BEGINS))),
        Some(more) if more >= LONGEST => problems.push(FieldProblem::new("until", both!(calendar::too_long(LONGEST)))),
        _ => {}
    }
    problems
}

/// 工作日历 of this place and of those above and below it.
pub static CALENDAR_DAYS: ListSpec = ListSpec::new(
    "calendar_days",
    Label::new("工作日历", "Calendar"),
    RecordKind::CalendarDay,
    &[
        column("date"),
        column("until"),
        column("opening"),
        column("name"),
        column("canteen").wide(20),
        // Also at a canteen, where the column of canteens is left out: what is empty there was said there.
        column("division").called("said_by").said(Label::new("哪一级定的", "Said by")).wide(16),
    ],
)
.filters(&[
    Filter::Days("date"),
    Filter::One("opening"),
    Filter::Text { hint: Label::new("事由", "Occasion"), exact: &[], inside: &["name"], person: None },
])
.order(&[("date", Direction::Down), ("said_by", Direction::Up)])
.ends(&[crate::list::End::Desk])
.card("name")
.menu(FILES, "gzrl rl");
