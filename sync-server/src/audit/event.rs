//! What is noted of an act: who, where, what, and how it ended. Texts that people typed are made plain and short, and long runs of digits
//! in them are covered: no row holds an ID number or a phone.

use crate::route::Source;
use crate::store::{AccountRow, AuditRow, Identity, Scope};
use rand::RngExt;
use shared::fault::Code;
use shared::kinds::{AuditDetail, AuditEvent, AuditResult, RecordKind, Role};
use shared::list::{Condition, ListQuery};
use shared::rule::noted::clean;
use std::fmt::Display;

/// Who acts, and from where.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Name of the account.
    pub account: Option<String>,
    /// Id and number of the device.
    pub device: Option<(Vec<u8>, i64)>,
    /// Where it belongs.
    pub place: Place,
    /// From where it asks.
    pub source: String,
    /// The request.
    pub request: i64,
}

/// Where something is seen: a division, a canteen, both, or nowhere in particular.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Code of the division.
    pub division: String,
    /// Code of the canteen.
    pub canteen: Option<String>,
}

/// Who runs commands on the machine itself.
const MACHINE: &str = "machine";
/// What the server does by itself.
const ITSELF: &str = "server";

impl Actor {
    /// Somebody of whom only the address is known.
    pub fn stranger(source: &Source, request: i64) -> Self {
        Self { account: None, device: None, place: Place::default(), source: source.to_string(), request }
    }

    /// An account that is signed in.
    pub fn account(self, account: &AccountRow) -> Self {
        Self { account: Some(account.name.clone()), place: Place::of_account(account), ..self }
    }

    /// A device whose signature fitted.
    pub fn device(self, device: &Identity) -> Self {
        let place = Place { division: device.division.clone(), canteen: device.canteen.clone() };
        Self { device: Some((device.id.clone(), device.number)), place, ..self }
    }

    /// Whoever runs a command on the machine of the server, by the name that the system gives.
    pub fn at_machine() -> Self {
        let user = ["SUDO_USER", "USER"].iter().find_map(|name| std::env::var(name).ok()).map(|user| clean(&user));
        Self { account: user, source: MACHINE.to_owned(), ..Self::itself() }
    }

    /// The server by itself.
    pub fn itself() -> Self {
        Self { account: None, device: None, place: Place::default(), source: ITSELF.to_owned(), request: rand::rng().random() }
    }
}

impl Place {
    /// Of an account.
    pub fn of_account(account: &AccountRow) -> Self {
        match account.role {
            Role::Canteen => Self { division: String::new(), canteen: Some(account.division.clone()) },
            _ => Self { division: account.division.clone(), canteen: None },
        }
    }

    /// A canteen.
    pub fn canteen(code: &str) -> Self {
        Self { division: String::new(), canteen: Some(clean(code)) }
    }

    /// A division.
    pub fn division(code: &str) -> Self {
        Self { division: clean(code), canteen: None }
    }
}

impl From<&Scope> for Place {
    fn from(scope: &Scope) -> Self {
        match scope {
            Scope::Canteen(code) => Self::canteen(code),
            Scope::Division(code) => Self::division(code),
        }
    }
}

/// Something to be noted; filled in while the act goes on.
#[derive(Clone, Debug)]
pub struct Event {
    event: AuditEvent,
    /// How it ended.
    pub result: AuditResult,
    place: Option<Place>,
    record: Option<(RecordKind, Vec<u8>)>,
    object: Option<String>,
    values: [Option<String>; 2],
    detail: Vec<String>,
}

impl Event {
    /// Of that sort, done.
    pub fn of(event: AuditEvent) -> Self {
        Self { event, result: AuditResult::Done, place: None, record: None, object: None, values: [None, None], detail: Vec::new() }
    }

    /// It was refused.
    pub fn refused(&mut self, code: Code) -> &mut Self {
        self.result = code.into();
        self
    }

    /// It concerns that place, not that of whoever acts.
    pub fn at(&mut self, place: Place) -> &mut Self {
        self.place = Some(place);
        self
    }

    /// It is about a record.
    pub fn record(&mut self, kind: RecordKind, id: &[u8]) -> &mut Self {
        self.record = Some((kind, id.to_vec()));
        self
    }

    /// It is about something else, as somebody may have typed it.
    pub fn object(&mut self, text: impl Display) -> &mut Self {
        self.object = Some(clean(&text.to_string()));
        self
    }

    /// What stood there and what stands there now.
    pub fn values(&mut self, old: Option<&str>, new: Option<&str>) -> &mut Self {
        self.values = [old, new].map(|value| value.map(clean));
        self
    }

    /// Something else, as somebody may have typed it.
    pub fn said(&mut self, what: AuditDetail, value: &str) -> &mut Self {
        self.made(what, clean(value))
    }

    /// Something else that the program made itself: a figure, a hash.
    pub fn made(&mut self, what: AuditDetail, value: impl Display) -> &mut Self {
        self.detail.push(format!("{}={value}", what.code()));
        self
    }

    /// The row, without number and MAC.
    pub fn row(&self, by: &Actor, at: i64, place: Place) -> AuditRow {
        AuditRow {
            at,
            event: self.event.code().to_owned(),
            result: self.result.code().to_owned(),
            account: by.account.clone(),
            device: by.device.as_ref().map(|(id, _)| id.clone()),
            device_number: by.device.as_ref().map(|(_, number)| *number),
            source: by.source.clone(),
            division: place.division,
            canteen: place.canteen,
            kind: self.record.as_ref().map(|(kind, _)| kind.code().to_owned()),
            record: self.record.as_ref().map(|(_, id)| id.clone()),
            object: self.object.clone(),
            old_value: self.values[0].clone(),
            new_value: self.values[1].clone(),
            detail: Some(self.detail.join(";")).filter(|detail| !detail.is_empty()),
            request: by.request,
            ..AuditRow::default()
        }
    }

    /// Where it is seen, as far as it is known without the store.
    pub fn place(&self, by: &Actor) -> Place {
        self.place.clone().unwrap_or_else(|| by.place.clone())
    }
}

/// The filter of a list as it is noted. What was typed to be looked for may be a name or a number: only that something was typed.
pub fn noted_filter(asked: &ListQuery) -> String {
    let word = |condition: &Condition| match condition {
        Condition::From(column, day) => format!("{column}>={day}"),
        Condition::To(column, day) => format!("{column}<={day}"),
        Condition::Is(column, code) | Condition::Within(column, code) => format!("{column}:{code}"),
        Condition::Yes(column) => (*column).to_owned(),
        Condition::Text(_) => "text:*".to_owned(),
    };
    asked.conditions.iter().map(word).collect::<Vec<_>>().join(",")
}
