//! The city of the deployment: what the first account oversees, and what stands for everywhere when nobody names a place.
//! A setting of the database; a new one takes the city whose divisions the program carries.

use crate::Server;
use crate::fault::Refusal;
use crate::store::{Store, StoreError, Tx};
use serde::Serialize;
use shared::division;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::Level;

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

impl Server {
    /// The city of this deployment.
    ///
    /// # Errors
    /// A [`Fault`] when the store fails.
    pub fn city(&self) -> Result<CityNamed, Fault> {
        let code = self.0.store.read(of).map_err(Refusal::from)?;
        Ok(CityNamed { name: division::name(&code).to_owned(), code })
    }

    /// This deployment is of another city from now on; accounts stay as they are.
    ///
    /// # Errors
    /// A [`Fault`] when the program carries no divisions of that city.
    pub fn set_city(&self, code: &str) -> Result<CityNamed, Fault> {
        if division::level(code) != Level::City || division::find(code).is_none() {
            return Err(fault!(Code::BadInput, place::no_such_city(code)));
        }
        self.0.store.write(|tx| tx.set(CITY, code)).map_err(Refusal::from)?;
        self.city()
    }
}
