//! How the desk stands, what it did in the background, and what it remembers for its people.

use super::PersonHere;
use crate::fault::Fault;
use crate::kinds::Meal;
use crate::schema::Language;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// How the desk stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeskStatus {
    /// Whether the desk belongs to a server.
    pub enrolled: bool,
    /// Whether the server knows another copy of this desk at work: it has to enrol anew. Work goes on meanwhile.
    pub copied: bool,
    /// Who signed in; none while nobody has a PIN here, too.
    pub person: Option<PersonHere>,
    /// Somebody has to sign in first: nothing else is answered.
    pub locked: bool,
    /// Nobody has a PIN here yet, so everybody does everything.
    pub unstaffed: bool,
    /// Whether the centre has shut this desk out, and it has not enrolled anew since.
    pub shut_out: bool,
    /// 罗城街道长者饭堂, or the town's name at a township office.
    pub office: String,
    /// The code of the canteen; none at a township office.
    pub canteen: Option<String>,
    /// The division of the scope.
    pub division: String,
    /// The number that opens the order numbers.
    pub device_number: u32,
    /// The clock of the desk.
    pub now: DateTime,
    /// The meal an order is offered for now, and when it closes.
    pub next_meal: Option<NextMeal>,
    /// Whether the last contact went through.
    pub online: bool,
    /// Why the server is not spoken to, where that is more than that there is no network; or that it was put back from a backup.
    pub trouble: Option<Fault>,
    /// A sync is under way.
    pub syncing: bool,
    /// Changes not yet at the server.
    pub unsent: u64,
    /// Photos not yet at the server.
    pub unsent_photos: u64,
    /// Changes the server did not take.
    pub refused: u64,
    /// Records whose changes do not merge: they stay as they were here, until somebody repairs them.
    pub quarantined: u64,
    /// Fields in which different values stand, said in two places at once: somebody has to decide.
    pub conflicts: u64,
    /// Requests for files without an answer, from here and from elsewhere.
    pub transfers: u64,
    /// Doubtful orders of which nobody has decided.
    pub doubts: u64,
    /// Elders who were seen and are to be looked after, of whom nobody has said what was done.
    pub concerns: u64,
    /// The last sync that went through.
    pub last_sync: Option<DateTime>,
    /// Totals at both ends agreed at the last sync.
    pub agrees: Option<bool>,
    /// Deliveries of today that are still due, and those without a receipt.
    pub due: u32,
    /// Counts up with every change of the records here; a screen that sees another number fetches again.
    pub revision: u64,
    /// The settings.
    pub settings: Settings,
}

/// The meal that is offered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NextMeal {
    /// The day.
    pub date: Date,
    /// The meal.
    pub meal: Meal,
    /// When it closes.
    pub cut_off: DateTime,
}

/// What the desk remembers for its people.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Settings {
    /// 大字版
    pub large_type: bool,
    /// 高对比度
    pub high_contrast: bool,
    /// 经手人 on orders.
    pub clerk: String,
    /// Address of the server.
    pub server: String,
    /// In which language screens, lists and faults speak.
    pub language: Language,
}

/// What a sync did; the same as JSON for scripts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SyncReport {
    /// Changes that went up.
    pub pushed: u64,
    /// Changes that came down and were new here.
    pub pulled: u64,
    /// Changes the server did not take.
    pub refused: Vec<RefusedEntry>,
    /// Changes that still wait.
    pub unsent: u64,
    /// Both ends hold the same set of changes.
    pub agrees: bool,
    /// Time of the push, in milliseconds.
    pub push_ms: u64,
    /// Time of the pull, in milliseconds.
    pub pull_ms: u64,
    /// Bytes sent, bodies only.
    pub bytes_up: u64,
    /// Bytes received, bodies only.
    pub bytes_down: u64,
    /// Photos that went up.
    pub photos: u64,
}

/// A change set aside.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RefusedEntry {
    /// Hash of the change, in hex.
    pub hash: String,
    /// 订单 12-0173, 长者 王桂英.
    pub title: String,
    /// Why, in the language of the desk.
    pub reason: String,
}

/// A division to choose from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DivisionName {
    /// The code.
    pub code: String,
    /// The short name.
    pub name: String,
    /// Pinyin initials, for typing.
    pub initials: String,
}

/// A file written for the office.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Exported {
    /// The file's name.
    pub file_name: String,
    /// Where it stands on this computer.
    pub path: String,
    /// Rows in it.
    pub rows: u64,
}

/// How far a long act is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProgressNow {
    /// 正在读取名单
    pub label: String,
    /// Done.
    pub done: u64,
    /// Of so many; 0 while not known.
    pub total: u64,
}
