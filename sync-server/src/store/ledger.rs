//! Orders as the console's ledger shows them: rows, not totals.

use super::engine::{Put, put};
use super::row::{columns, fields_of};
use super::{Scope, StoreError, Tx};
use jiff::civil::Date;
use shared::kinds::{Meal, Mode, OrderState, RecordKind};
use shared::schema::Fields;

/// Which orders.
#[derive(Clone, Debug)]
pub struct LedgerAsk {
    /// Whose.
    pub scope: Scope,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// One meal only.
    pub meal: Option<Meal>,
    /// One mode only.
    pub mode: Option<Mode>,
    /// One state only.
    pub state: Option<OrderState>,
    /// Only those that ask for a receipt and have none.
    pub missing: bool,
    /// From 0.
    pub page: u32,
}

/// What the ledger shows of an elder.
#[derive(Clone, Debug, Default)]
pub struct ElderShown {
    /// 姓名
    pub name: String,
    /// Village code.
    pub division: String,
    /// 饮食禁忌
    pub diet: String,
}

/// Id and fields of an order.
pub type OrderRow = (Vec<u8>, Fields);

/// Rows of a page.
pub const PAGE: u32 = 50;

impl Tx<'_> {
    /// A page of orders, the latest day first, with their ids; and how many fit.
    pub fn orders(&self, ask: &LedgerAsk) -> Result<(Vec<OrderRow>, u64), StoreError> {
        let (place, code) = match &ask.scope {
            Scope::Canteen(code) => ("c.code = $1", code),
            Scope::Division(code) => ("substr(c.division, 1, length($1)) = $1", code),
        };
        let mut condition = format!("{place} AND o.\"date\" >= $2 AND o.\"date\" <= $3");
        let mut values: Vec<Put<'_>> = [code.clone(), ask.from.to_string(), ask.to.to_string()].map(Put::from).into();
        let one = [("meal", ask.meal.map(Meal::code)), ("mode", ask.mode.map(Mode::code)), ("state", ask.state.map(OrderState::code))];
        for (column, wanted) in one {
            if let Some(wanted) = wanted {
                values.push(wanted.into());
                condition.push_str(&format!(" AND o.{column} = ${}", values.len()));
            }
        }
        if ask.missing {
            condition.push_str(
                " AND o.mode = 'own_delivery' AND o.state IN ('delivered', 'left_at_door') \
                 AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.id = o.id)",
            );
        }
        let from = format!("FROM meal_order o JOIN canteen c ON c.code = o.canteen WHERE {condition}");
        let count: i64 = self.value(&format!("SELECT count(*) {from}"), &values)?.unwrap_or(0);
        values.push((i64::from(ask.page) * i64::from(PAGE)).into());
        let sql = format!(
            "SELECT o.id, {} {from} ORDER BY o.\"date\" DESC, o.taken_at DESC NULLS LAST, o.id LIMIT {PAGE} OFFSET ${}",
            columns(RecordKind::Order, "o"),
            values.len()
        );
        let rows = self.all(&sql, &values, |row| Ok((row.get(0)?, fields_of(RecordKind::Order, row, 1)?)))?;
        Ok((rows, u64::try_from(count).unwrap_or(0)))
    }

    /// What the ledger shows of an elder.
    pub fn elder_shown(&self, id: &[u8]) -> Result<Option<ElderShown>, StoreError> {
        self.one("SELECT name, division, diet FROM elder WHERE id = $1", put![id], |row| {
            let text = |at: usize| row.get::<Option<String>>(at).map(Option::unwrap_or_default);
            Ok(ElderShown { name: text(0)?, division: text(1)?, diet: text(2)? })
        })
    }
}
