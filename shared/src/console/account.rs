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
    /// Signing in asks for a second factor.
    pub second_factor: bool,
    /// Codes of an app are one.
    #[serde(default)]
    pub app: bool,
    /// Keys are others, the oldest first.
    #[serde(default)]
    pub keys: Vec<OwnKey>,
    /// It is an administrator's without a second factor: nothing else is answered before it has one.
    #[serde(default)]
    pub factor_due: bool,
    /// Its rights wait for the security administrator: nothing else is answered before.
    #[serde(default)]
    pub waits: bool,
    /// Open sessions, the latest first.
    pub sessions: Vec<OwnSession>,
}

/// A key of one's own account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OwnKey {
    /// Names it.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// Since when it counts.
    pub since: DateTime,
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

/// `POST /api/account/factor`: begins codes of an app, in the place of those that stand. `POST /api/account/keys`: begins a key.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FactorAsk {
    /// 密码
    pub password: String,
    /// 动态码，或密钥对一次性内容的签名（128 位十六进制）；账号已有这样的凭据才要
    #[serde(default)]
    pub code: String,
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

/// `POST /api/account/factor/confirm`: the first code that fits makes the app count. `POST /api/account/factor/end` and
/// `POST /api/account/keys/{id}/end`: ends it, or a key.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FactorCode {
    /// 动态码；停用时也可以是密钥对一次性内容的签名（128 位十六进制）
    pub code: String,
}

/// `POST /api/session/challenge`, `POST /api/account/challenge`, `POST /api/account/keys`: what a key has to sign.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ToSign {
    /// 要签名的内容，逐字节签名（SM2，GB/T 32918，用户标识 1234567812345678）；五分钟内有效，只能用一次
    pub text: String,
}

/// `POST /api/account/keys/confirm`: a key that signed what was given for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeyAdded {
    /// 名称
    pub name: String,
    /// 公钥，x 和 y，128 位十六进制
    pub public_key: String,
    /// 它的签名，r 和 s，128 位十六进制
    pub signature: String,
}

untold!(PasswordAsk, FactorAsk, FactorBegun, FactorCode);
