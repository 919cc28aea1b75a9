//! What orders are held against: other orders for the same meal, where persons are and who asks for them, price lists.

use super::engine::{Put, put};
use super::{StoreError, Tx};
use jiff::civil::Date;
use shared::kinds::{DoubtReason, DoubtVerdict, Meal, OrderState};
use shared::money::Fen;
use shared::rule::doubt::counts;
use std::collections::BTreeMap;

/// A price of a list and the days for which it holds.
#[derive(Clone, Debug)]
pub struct ListedPrice {
    /// Of which meal.
    pub meal: Meal,
    /// The price.
    pub price: Fen,
    from: Option<Date>,
    to: Option<Date>,
}

impl ListedPrice {
    /// Whether it holds on that day.
    #[must_use]
    pub fn holds_on(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| to >= date)
    }
}

/// An order for a meal of a day, as it is judged so far.
#[derive(Clone, Debug)]
pub struct MealOrder {
    /// Its id.
    pub order: [u8; 16],
    /// Who is to eat.
    pub elder: [u8; 16],
    /// Code word of the meal.
    pub meal: String,
    /// It stands in totals.
    pub counts: bool,
    /// It does not since another one counts.
    pub comes_second: bool,
}

/// So many ids stand in one statement, where there are as many.
const AT_ONCE: [usize; 3] = [64, 8, 1];

impl Tx<'_> {
    /// Orders of these persons for that day, of whatever canteen and state.
    pub fn orders_for(&self, date: Date, elders: &[[u8; 16]]) -> Result<Vec<MealOrder>, StoreError> {
        let day = date.to_string();
        let sql = "SELECT o.id, o.elder, coalesce(o.meal, ''), coalesce(o.state, ''), coalesce(d.reason, ''), coalesce(d.verdict, '') \
                   FROM meal_order o LEFT JOIN doubt d ON d.id = o.id WHERE o.\"date\" = $1 AND o.elder IN";
        self.of_ids(sql, &[day.as_str().into()], elders, |row| {
            let (cancelled, reason) = (row.get::<String>(3)? == OrderState::Cancelled.code(), DoubtReason::of_code(&row.get::<String>(4)?));
            let verdict = DoubtVerdict::of_code(&row.get::<String>(5)?);
            Ok(MealOrder {
                order: row.get(0)?,
                elder: row.get(1)?,
                meal: row.get(2)?,
                counts: !cancelled && counts(reason, verdict),
                comes_second: !cancelled && reason == Some(DoubtReason::Second) && verdict.is_none(),
            })
        })
    }

    /// At which canteen these persons' files are.
    pub fn canteens_of(&self, elders: &[[u8; 16]]) -> Result<BTreeMap<[u8; 16], Option<String>>, StoreError> {
        let found = self.of_ids("SELECT e.id, e.canteen FROM elder e WHERE e.id IN", &[], elders, |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(found.into_iter().collect())
    }

    /// Orders that are doubtful since nobody knows these persons.
    pub fn unknown_among(&self, elders: &[[u8; 16]]) -> Result<Vec<[u8; 16]>, StoreError> {
        let reason = DoubtReason::UnknownElder.code();
        self.of_ids("SELECT d.id FROM doubt d WHERE d.reason = $1 AND d.elder IN", &[reason.into()], elders, |row| row.get(0))
    }

    /// Orders of these persons for days behind that one.
    pub fn orders_beyond(&self, date: Date, elders: &[[u8; 16]]) -> Result<Vec<[u8; 16]>, StoreError> {
        let day = date.to_string();
        self.of_ids("SELECT o.id FROM meal_order o WHERE o.\"date\" > $1 AND o.elder IN", &[day.as_str().into()], elders, |row| row.get(0))
    }

    /// The places that asked for a person's file: canteen, where it was one, and division.
    pub fn asking_for(&self, elder: &[u8]) -> Result<Vec<(Option<String>, String)>, StoreError> {
        let sql = "SELECT canteen, coalesce(division, '') FROM transfer WHERE elder = $1 AND side = 'asking'";
        self.all(sql, put![elder], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// The price list of a canteen, of all days.
    pub fn price_list(&self, canteen: &str) -> Result<Vec<ListedPrice>, StoreError> {
        let sql = "SELECT meal, price, valid_from, valid_to FROM menu_price WHERE canteen = $1 AND price IS NOT NULL ORDER BY id";
        let read = self.all(sql, put![canteen], |row| {
            let meal = row.get::<Option<String>>(0)?.and_then(|meal| Meal::of_code(&meal));
            let day = |at: usize| Ok::<_, StoreError>(row.get::<Option<String>>(at)?.and_then(|day| day.parse().ok()));
            meal.map(|meal| Ok(ListedPrice { meal, price: Fen(row.get(1)?), from: day(2)?, to: day(3)? })).transpose()
        })?;
        Ok(read.into_iter().flatten().collect())
    }

    /// The orders of a canteen from a day on.
    pub fn orders_from(&self, canteen: &str, date: Date) -> Result<Vec<[u8; 16]>, StoreError> {
        self.all("SELECT id FROM meal_order WHERE canteen = $1 AND \"date\" >= $2 ORDER BY id", put![canteen, date.to_string()], |row| {
            row.get(0)
        })
    }

    /// Some orders behind an id, in the order of their ids.
    pub fn orders_after(&self, order: &[u8], most: usize) -> Result<Vec<[u8; 16]>, StoreError> {
        self.all(&format!("SELECT id FROM meal_order WHERE id > $1 ORDER BY id LIMIT {most}"), put![order], |row| row.get(0))
    }

    fn of_ids<T>(
        &self,
        head: &str,
        given: &[Put<'_>],
        ids: &[[u8; 16]],
        mut make: impl FnMut(&super::engine::Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let (mut made, mut rest) = (Vec::new(), ids);
        for many in AT_ONCE {
            let places: Vec<String> = (given.len() + 1..=given.len() + many).map(|place| format!("${place}")).collect();
            let sql = format!("{head} ({})", places.join(", "));
            while rest.len() >= many {
                let (some, more) = rest.split_at(many);
                let values: Vec<Put<'_>> = given.iter().cloned().chain(some.iter().map(|id| Put::Blob(id))).collect();
                made.extend(self.all(&sql, &values, &mut make)?);
                rest = more;
            }
        }
        Ok(made)
    }
}
