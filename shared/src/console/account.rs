//! What people do with their own account of the console: what it is, another password, the second factor, their sessions.

use super::untold;
use crate::kinds::Role;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// `GET /api/account`: one's own account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OwnAccount {
    /// 账号
    pub name: String,
    /// 角色
    pub role: Role,
    /// What its place is called.
    pub place: String,
    /// When the password was chosen; none where that was before anybody noted it.
    pub password_at: Option<DateTime>,
    /// Somebody else gave the password, or it is too old: nothing else is answered before another one is chosen.
    pub password_due: bool,
    /// Signing in asks for a code of the second factor.
    pub second_factor: bool,
    /// It is an administrator's without a second factor: nothing else is answered before it has one.
    #[serde(default)]
    pub factor_due: bool,
    /// Its rights wait for the security administrator: nothing else is answered before.
    #[serde(default)]
    pub waits: bool,
    /// Open sessions, the latest first.
    pub sessions: Vec<OwnSession>,
}

/// A session of one's own account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OwnSession {
    /// Names it, and opens nothing.
    pub id: String,
    /// Since when.
    pub since: DateTime,
    /// When something was asked last, to the minute.
    pub seen: DateTime,
    /// From where it was opened.
    pub source: String,
    /// The one that asks.
    pub here: bool,
}

/// `POST /api/account/password`: another password; the other sessions end.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PasswordAsk {
    /// The one that stands.
    pub old: String,
    /// The one that is to be.
    pub new: String,
}

/// `POST /api/account/factor`: begins a second factor.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FactorAsk {
    /// 密码
    pub password: String,
}

/// What an authenticator app is told: it counts from when a first code has fitted.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FactorBegun {
    /// To be typed in, base 32.
    pub secret: String,
    /// To be photographed: an SVG as a data URL.
    pub picture: String,
}

/// `POST /api/account/factor/confirm`: the first code that fits makes the second factor count. `POST /api/account/factor/end`: ends it.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FactorCode {
    /// 动态码
    pub code: String,
}

untold!(PasswordAsk, FactorAsk, FactorBegun, FactorCode);
