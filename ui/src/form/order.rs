//! 这一单: what the order form holds and when it may be saved. Whether it is allowed is judged by
//! the desk (`shared::rule::order`), not here.

use super::FieldProblem;
use super::date::parse_date;
use jiff::civil::Date;
use shared::both;
use shared::command::{Dish, OrderDefaults, TakeOrder};
use shared::kinds::{Meal, Mode};
use shared::money::Fen;
use shared::schema::RecordId;

/// The form of one order.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderForm {
    pub today: Date,
    pub date: Date,
    /// What was typed after 其他; none while 今天 or 明天 holds.
    pub other_date: Option<String>,
    pub meal: Meal,
    pub mode: Mode,
    pub dish: Option<String>,
    pub note: String,
    pub platform_number: String,
    dishes: Vec<Dish>,
}

/// The three buttons of the date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayChoice {
    Today,
    Tomorrow,
    Other,
}

impl OrderForm {
    /// What an elder most likely wants.
    pub fn new(today: Date, defaults: &OrderDefaults) -> Self {
        let mut form = Self {
            today,
            date: defaults.date,
            other_date: None,
            meal: defaults.meal,
            mode: defaults.mode,
            dish: defaults.dish.clone(),
            note: defaults.note.clone(),
            platform_number: String::new(),
            dishes: defaults.dishes.clone(),
        };
        if form.day_choice() == DayChoice::Other {
            form.other_date = Some(form.date.to_string());
        }
        form.mend_dish();
        form
    }

    pub fn day_choice(&self) -> DayChoice {
        if self.other_date.is_some() {
            DayChoice::Other
        } else if self.date == self.today {
            DayChoice::Today
        } else if Some(self.date) == self.today.tomorrow().ok() {
            DayChoice::Tomorrow
        } else {
            DayChoice::Other
        }
    }

    pub fn choose_day(&mut self, choice: DayChoice) {
        match choice {
            DayChoice::Today => (self.date, self.other_date) = (self.today, None),
            DayChoice::Tomorrow => (self.date, self.other_date) = (self.today.tomorrow().unwrap_or(self.today), None),
            DayChoice::Other => self.other_date = Some(String::new()),
        }
    }

    pub fn type_day(&mut self, text: String) {
        if let Some(date) = parse_date(&text, self.today) {
            self.date = date;
        }
        self.other_date = Some(text);
    }

    pub fn choose_meal(&mut self, meal: Meal) {
        self.meal = meal;
        self.mend_dish();
    }

    /// The dishes of the chosen meal.
    pub fn menu(&self) -> impl Iterator<Item = &Dish> {
        self.dishes.iter().filter(|dish| dish.meal == self.meal)
    }

    /// The price of the chosen dish; none where the meal has no menu.
    pub fn price(&self) -> Option<Fen> {
        self.menu().find(|dish| Some(&dish.name) == self.dish.as_ref()).map(|dish| dish.price)
    }

    fn mend_dish(&mut self) {
        let listed = self.menu().any(|dish| Some(&dish.name) == self.dish.as_ref());
        if !listed {
            let first = self.menu().next().map(|dish| dish.name.clone());
            self.dish = first;
        }
    }

    /// The command, or what is still missing.
    pub fn ready(&self, elder: RecordId) -> Result<TakeOrder, Vec<FieldProblem>> {
        if let Some(text) = &self.other_date
            && parse_date(text, self.today).is_none()
        {
            return Err(vec![FieldProblem::new("date", both!(phone_order::DAY_UNREADABLE))]);
        }
        Ok(TakeOrder {
            elder: Some(elder),
            date: Some(self.date),
            meal: Some(self.meal),
            mode: Some(self.mode),
            dish: self.dish.clone(),
            note: self.note.trim().to_owned(),
            platform_number: if self.mode == Mode::ThirdParty { self.platform_number.trim().to_owned() } else { String::new() },
            ..TakeOrder::default()
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn form() -> OrderForm {
        let dish = |meal, name: &str, fen| Dish { meal, name: name.into(), price: Fen(fen) };
        let dishes = vec![dish(Meal::Lunch, "软饭", 1200), dish(Meal::Lunch, "普通", 1100), dish(Meal::Dinner, "粥", 600)];
        let today = date(2026, 11, 22);
        OrderForm::new(
            today,
            &OrderDefaults {
                date: today,
                meal: Meal::Lunch,
                mode: Mode::OwnDelivery,
                dish: Some("普通".into()),
                note: "少盐 ".into(),
                dishes,
            },
        )
    }

    fn elder() -> RecordId {
        "0190a5f0000070008000000000000001".parse().unwrap()
    }

    #[test]
    fn the_defaults_are_ready() {
        let ask = form().ready(elder()).unwrap();
        assert_eq!((ask.dish.as_deref(), ask.note.as_str(), ask.confirmed), (Some("普通"), "少盐", false));
        assert_eq!(form().price(), Some(Fen(1100)));
    }

    #[test]
    fn another_meal_brings_its_own_dish() {
        let mut form = form();
        form.choose_meal(Meal::Dinner);
        assert_eq!((form.dish.as_deref(), form.price()), (Some("粥"), Some(Fen(600))));
        form.choose_meal(Meal::Breakfast);
        assert_eq!((form.dish.as_deref(), form.price()), (None, None));
    }

    #[test]
    fn another_day_must_be_readable() {
        let mut form = form();
        form.choose_day(DayChoice::Other);
        assert_eq!(form.ready(elder()).unwrap_err()[0].field, "date");
        form.type_day("11-25".into());
        assert_eq!(form.ready(elder()).unwrap().date, Some(date(2026, 11, 25)));
        form.choose_day(DayChoice::Tomorrow);
        assert_eq!((form.day_choice(), form.date), (DayChoice::Tomorrow, date(2026, 11, 23)));
    }

    #[test]
    fn a_platform_number_belongs_to_the_third_party_only() {
        let mut form = form();
        form.platform_number = "MT123".into();
        assert_eq!(form.ready(elder()).unwrap().platform_number, "");
        form.mode = Mode::ThirdParty;
        assert_eq!(form.ready(elder()).unwrap().platform_number, "MT123");
    }
}
