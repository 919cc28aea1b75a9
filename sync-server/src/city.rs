//! The city of the deployment: what the first account oversees, and what stands for everywhere when nobody names a place.
//! A setting of the database; a new one takes the city whose divisions the program carries.

use crate::Server;
use crate::fault::Refusal;
use crate::store::{Store, StoreError, Tx};
use serde::Serialize;
use shared::division;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{AuditEvent, Level};

/// Name of the setting.
const CITY: &str = "city";

/// The city that is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CityNamed {
    /// Its division code.
    pub code: String,
    /// Its name.
    pub name: String,
}

fn first() -> &'static str {
    division::all().iter().map(|entry| entry.code).find(|code| division::level(code) == Level::City).unwrap_or_default()
}

/// Gives a new database its city.
pub(crate) fn settle(store: &Store) -> Result<(), StoreError> {
    if store.read(|tx| tx.setting(CITY))?.is_none() {
        store.write(|tx| tx.set_once(CITY, first()))?;
    }
    Ok(())
}

/// The code of the city.
pub(crate) fn of(tx: &Tx<'_>) -> Result<String, StoreError> {
    Ok(tx.setting(CITY)?.unwrap_or_else(|| first().to_owned()))
}

fn named(code: &str) -> CityNamed {
    CityNamed { name: division::name(code).to_owned(), code: code.to_owned() }
}

impl Server {
    /// The city of this deployment.
    ///
    /// # Errors
    /// A [`Fault`] when the store fails.
    pub fn city(&self) -> Result<CityNamed, Fault> {
        Ok(named(&self.0.commanded(AuditEvent::CityShown, |tx, _| Ok(of(tx)?))?))
    }

    /// This deployment is of another city from now on; accounts stay as they are.
    ///
    /// # Errors
    /// A [`Fault`] when the program carries no divisions of that city.
    pub fn set_city(&self, code: &str) -> Result<CityNamed, Fault> {
        let done: Result<(), Refusal> = self.0.commanded(AuditEvent::CitySet, |tx, noted| {
            let before = of(tx)?;
            noted.values(Some(&before), Some(code));
            if division::level(code) != Level::City || division::find(code).is_none() {
                return Err(fault!(Code::BadInput, place::no_such_city(code)).into());
            }
            Ok(tx.set(CITY, code)?)
        });
        done?;
        Ok(named(code))
    }
}
