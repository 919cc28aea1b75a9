//! How the desk stands, in one answer that the screens ask for every few seconds; settings.

use crate::desk::Inner;
use crate::store::{change, conflict, master, order, photo, quarantine, refused};
use shared::command::{DeskStatus, NextMeal, RefusedEntry, Settings};
use shared::division;
use shared::fault::Fault;
use shared::rule::meal_time::{cut_off, next_meal};
use shared::schema::RecordId;

impl Inner {
    /// How the desk stands.
    pub(crate) fn status(&self) -> Result<DeskStatus, Fault> {
        self.catch_up()?;
        let facts = self.facts();
        let now = self.clock.now();
        let (unsent, refused) = self.read(change::counts)?;
        let (last_sync, agrees) = self.last_sync()?;
        let enrolled = facts.enrolled;
        let code = enrolled.as_ref().and_then(|enrolled| enrolled.canteen.clone());
        let canteen = match &code {
            Some(code) => self.read(|store| master::canteen(store, code))?,
            None => None,
        };
        let division = enrolled.as_ref().map(|enrolled| enrolled.division.clone()).unwrap_or_default();
        let office = match (&enrolled, &canteen, &code) {
            (None, ..) => String::new(),
            (_, Some(canteen), _) => canteen.name.clone(),
            (_, None, Some(code)) => format!("饭堂 {code}"),
            (_, None, None) => division::name(&division).to_owned(),
        };
        let next_meal = canteen.as_ref().map(|canteen| {
            let (date, meal) = next_meal(canteen, now);
            NextMeal { date, meal, cut_off: cut_off(canteen, date, meal) }
        });
        Ok(DeskStatus {
            enrolled: enrolled.is_some(),
            copied: self.is_copy()?,
            shut_out: facts.shut_out,
            office,
            canteen: code,
            division,
            device_number: enrolled.map(|enrolled| enrolled.device_number).unwrap_or_default(),
            now,
            next_meal,
            online: self.connection.online(),
            syncing: self.connection.syncing(),
            unsent,
            unsent_photos: self.read(photo::unsent_count)?,
            refused,
            quarantined: self.read(quarantine::count)?,
            conflicts: self.read(conflict::count)?,
            last_sync,
            agrees,
            due: self.read(|store| order::due(store, now.date()))?,
            revision: self.revision(),
            settings: facts.settings,
        })
    }

    /// Changes the settings; the server's address changes only by enrolment.
    pub(crate) fn save_settings(&self, settings: Settings) -> Result<Settings, Fault> {
        self.change_facts(|facts| {
            let server = if settings.server.trim().is_empty() {
                facts.settings.server.clone()
            } else {
                settings.server.trim().trim_end_matches('/').to_owned()
            };
            facts.settings = Settings { server, ..settings };
        })?;
        Ok(self.facts().settings)
    }

    /// Changes the server did not take.
    pub(crate) fn refused_changes(&self) -> Result<Vec<RefusedEntry>, Fault> {
        let refused = self.read(refused::all)?;
        let entry = |(name, kind, record, reason): refused::RefusedRow| RefusedEntry {
            hash: hex::encode(name),
            title: self.title(Some(kind), RecordId(uuid::Uuid::from_bytes(record))),
            reason,
        };
        Ok(refused.into_iter().map(entry).collect())
    }
}
