//! What the console page asks of the server and what comes back: JSON over `/api/...` with a
//! session cookie. Read by the page and by neighbour systems (OpenAPI); all of it is scoped to the
//! account's division.

mod account;
mod accounts;
mod ask;

pub use account::*;
pub use accounts::*;
pub use ask::*;

use crate::kinds::{Level, Role};
use crate::money::Fen;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// What holds a password, a code or a link is not told to logs.
macro_rules! untold {
    ($($name:ident),+) => { $(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+ };
}
use untold;

/// The cookie in which a page keeps the language of its reader, by the tags of [`Language`](crate::schema::Language): what the server puts
/// into words is told in it.
pub const LANGUAGE_COOKIE: &str = "yinling-language";

/// Where screens of the console stand, besides lists (`/list/NAME`) and their records (`/list/NAME/ID`): what the server answers with
/// the page.
pub const PLACES: [&str; 5] = ["/", "/audit", "/conflicts", "/devices", "/ledger"];

/// Where the page of one's own account stands, that of the accounts of others, and that to which a link leads.
pub const OWN_PLACE: &str = "/account";
/// The accounts of others.
pub const ACCOUNTS_PLACE: &str = "/accounts";
/// Below it stands the program that holds keys, for the pages that load it.
pub const KEY_PLACE: &str = "/key";
/// Behind it, in the fragment, stands what the link carries: no server and no proxy on the way hears it with the page.
pub const INVITED_PLACE: &str = "/invited";
/// Where the link of a new server leads; it carries as well.
pub const FIRST_PLACE: &str = "/first";

/// `POST /api/session`: signs in. `POST /api/first-account` takes the same and makes the first city account; its code is what the one-time link carries.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignIn {
    /// 账号
    pub name: String,
    /// 密码
    pub password: String,
    /// 动态码，或密钥对一次性内容的签名（128 位十六进制），开通了的账号才要；建立第一个账号时是一次性链接里的口令
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").field("name", &self.name).finish_non_exhaustive()
    }
}

/// `GET /api/session`: who is signed in. `DELETE` signs out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Session {
    /// 账号
    pub name: String,
    /// 角色
    pub role: Role,
    /// The division of the scope.
    pub division: String,
    /// Its name.
    pub division_name: String,
    /// The server's clock, civil time of China.
    pub now: DateTime,
    /// Another password has to be chosen before anything else is answered.
    #[serde(default)]
    pub password_due: bool,
    /// Where the page stands that this account has to open in the place of the console: its own, where something is to be done first; that of the
    /// accounts, where it looks after those.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<String>,
    /// To auditors and the city, in words: what another hand changed, the audit log or other tables; or that the database was put back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub altered: Option<String>,
}

/// `GET /api/overview?division=CODE|canteen=CODE&from=D&to=D`: totals of a period, drilled down one level:
/// city > counties > towns > canteens. At a canteen `children` is empty and the page shows the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Overview {
    /// The site itself.
    pub site: Site,
    /// From the account's own site down to this one, for the way back up; the last is `site`.
    pub trail: Vec<Site>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Totals of the site over the period.
    pub totals: Counts,
    /// The same by site one level below, in the order of their codes.
    pub children: Vec<(Site, Counts)>,
    /// Totals of the site by day: the fourteen days that end with `to`.
    pub days: Vec<(Date, Counts)>,
    /// Devices in the site: all, and those not heard of for 24 hours.
    pub devices: (u64, u64),
}

/// A division or a canteen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Site {
    /// Division code, or the code of the canteen.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub level: Level,
}

/// The figures of a site over some days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Counts {
    /// Canteens in the site.
    pub canteens: u64,
    /// Orders that were not cancelled.
    pub meals: u64,
    /// 自取
    pub pick_up: u64,
    /// 自行配送
    pub own_delivery: u64,
    /// 第三方
    pub third_party: u64,
    /// Delivered, left at the door or picked up.
    pub served: u64,
    /// 未送达
    pub not_delivered: u64,
    /// Own deliveries that ended well and so ask for a receipt.
    pub receipts_due: u64,
    /// Those of them that have one.
    pub receipts: u64,
    /// Prices added up.
    pub amount: Fen,
}

impl Counts {
    /// Adds the figures of another site.
    pub fn add(&mut self, other: &Self) {
        self.canteens += other.canteens;
        self.meals += other.meals;
        self.pick_up += other.pick_up;
        self.own_delivery += other.own_delivery;
        self.third_party += other.third_party;
        self.served += other.served;
        self.not_delivered += other.not_delivered;
        self.receipts_due += other.receipts_due;
        self.receipts += other.receipts;
        self.amount = Fen(self.amount.0 + other.amount.0);
    }
}

/// The number of a request for an export; it stands in the file and in the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExportGiven {
    /// 编号
    pub number: String,
}

/// `POST /api/device-code`: asks for a one-time code for a device at a canteen or in a division; of neither, for the account's own site. It
/// wants a second factor of the account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CodeAsk {
    /// 饭堂编号
    pub canteen: Option<String>,
    /// 区划代码
    pub division: Option<String>,
    /// 动态码，或密钥对一次性内容的签名（128 位十六进制）
    pub code: String,
}

/// A code: of a canteen, or the one-time code of a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CodeGiven {
    /// To be read to somebody.
    pub code: String,
}
