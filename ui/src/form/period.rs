//! The period and the site that the console looks at, as they stand in the address.

use super::date::parse_date;
use crate::kit::time::days_away;
use jiff::civil::Date;
use shared::console::Site;
use shared::kinds::Level;

/// The buttons of the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    Today,
    Week,
    Month,
    Own,
}

/// What a page of the console shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub site: Option<(bool, String)>,
    pub from: Date,
    pub to: Date,
    pub period: Period,
}

/// Days that a period means on `today`: the week begins on Monday.
pub fn days_of(period: Period, today: Date) -> (Date, Date) {
    match period {
        Period::Today | Period::Own => (today, today),
        Period::Week => (days_away(today, -i32::from(today.weekday().to_monday_zero_offset())), today),
        Period::Month => (today.first_of_month(), today),
    }
}

impl View {
    /// Reads the address; a named period follows the clock, an own one holds its days.
    pub fn read(query: impl Fn(&str) -> Option<String>, today: Date) -> Self {
        let day = |key: &str| query(key).and_then(|text| parse_date(&text, today));
        let site = query("canteen").map(|code| (true, code)).or_else(|| query("division").map(|code| (false, code)));
        let period = match query("period").as_deref() {
            Some("week") => Period::Week,
            Some("month") => Period::Month,
            Some("own") => Period::Own,
            _ => Period::Today,
        };
        let (from, to) = match (period, day("from"), day("to")) {
            (Period::Own, Some(from), Some(to)) => (from.min(to), from.max(to)),
            (Period::Own, Some(only), None) | (Period::Own, None, Some(only)) => (only, only),
            _ => days_of(period, today),
        };
        Self { site, from, to, period }
    }

    /// The same period at another site.
    pub fn at(&self, site: &Site) -> Self {
        Self { site: Some((site.level == Level::Canteen, site.code.clone())), ..self.clone() }
    }

    /// The same site over another period.
    pub fn over(&self, period: Period, today: Date) -> Self {
        let (from, to) = if period == Period::Own { (self.from, self.to) } else { days_of(period, today) };
        Self { period, from, to, ..self.clone() }
    }

    fn site_query(&self) -> String {
        match &self.site {
            Some((true, code)) => format!("canteen={code}&"),
            Some((false, code)) => format!("division={code}&"),
            None => String::new(),
        }
    }

    /// What the page's own address says.
    pub fn query(&self) -> String {
        let period = match self.period {
            Period::Today => "today".to_owned(),
            Period::Week => "week".to_owned(),
            Period::Month => "month".to_owned(),
            Period::Own => format!("own&from={}&to={}", self.from, self.to),
        };
        format!("{}period={period}", self.site_query())
    }

    /// What the server is asked.
    pub fn ask(&self) -> String {
        format!("{}from={}&to={}", self.site_query(), self.from, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn periods_follow_the_clock() {
        let sunday = date(2026, 11, 22);
        assert_eq!(days_of(Period::Week, sunday), (date(2026, 11, 16), sunday));
        assert_eq!(days_of(Period::Month, sunday), (date(2026, 11, 1), sunday));
        assert_eq!(days_of(Period::Today, sunday), (sunday, sunday));
    }

    #[test]
    fn the_address_holds_place_and_period() {
        let today = date(2026, 11, 22);
        let query = [("division", "445381"), ("period", "own"), ("from", "2026-11-30"), ("to", "2026-11-01")];
        let view = View::read(|key| query.iter().find(|(name, _)| *name == key).map(|(_, value)| (*value).to_owned()), today);
        assert_eq!((view.from, view.to), (date(2026, 11, 1), date(2026, 11, 30)));
        assert_eq!(view.query(), "division=445381&period=own&from=2026-11-01&to=2026-11-30");
        let canteen = Site { code: "C01".into(), name: String::new(), level: Level::Canteen };
        assert_eq!(view.at(&canteen).over(Period::Today, today).ask(), "canteen=C01&from=2026-11-22&to=2026-11-22");
    }
}
