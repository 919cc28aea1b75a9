//! What administrators do with the accounts of others: the list of them, invitations, rights; and what somebody does who was invited.

use super::ask::filled;
use super::{Site, untold};
use crate::kinds::{AccountState, Role};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// Which accounts `GET /api/accounts` gives, fifty at a time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountsQuery {
    /// 账号名里有这些字
    #[serde(default)]
    pub text: String,
    /// 只看这个状态的
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub state: Option<AccountState>,
    /// 第几页，从 0 起
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}

/// `GET /api/accounts`: the accounts of the division, those that wait first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountsPage {
    /// What the account is that asks.
    pub role: Role,
    /// How many there are.
    pub total: u64,
    /// At most fifty of them.
    pub rows: Vec<AccountShown>,
}

/// An account as administrators see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountShown {
    /// Its id.
    pub id: String,
    /// 账号
    pub name: String,
    /// 角色
    pub role: Role,
    /// Division of its scope, or the canteen's code.
    pub division: String,
    /// What that is called.
    pub place: String,
    /// How it stands.
    pub state: AccountState,
    /// It is the account that asks: nobody acts on their own.
    pub own: bool,
    /// Signing in asks for a code of the second factor.
    pub second_factor: bool,
    /// It is locked at some place just now, after wrong tries.
    pub locked: bool,
    /// Sessions that are open.
    pub sessions: u64,
    /// Until when a link that was given may be used.
    pub link_until: Option<DateTime>,
    /// Who gave the last link.
    pub asked_by: Option<String>,
    /// Whose it is, where that was said.
    #[serde(default)]
    pub person: Option<String>,
    /// The person's telephone, to ask by.
    #[serde(default)]
    pub phone: Option<String>,
    /// Other rights that wait to be confirmed.
    #[serde(default)]
    pub next: Option<RightsAsked>,
    /// When the password was chosen.
    pub password_at: Option<DateTime>,
}

/// Other rights of an account, until another security administrator confirms them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RightsAsked {
    /// 角色
    pub role: Role,
    /// Division of the scope, or the canteen's code.
    pub division: String,
    /// What that is called.
    pub place: String,
    /// Who asked for them.
    pub by: Option<String>,
}

/// `GET /api/accounts/places`: where an account may be, of the division of who asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountPlaces {
    /// Divisions down to townships, and canteens.
    pub places: Vec<Site>,
}

/// `POST /api/accounts`: invites somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InviteAsk {
    /// 账号名
    pub name: String,
    /// 本人姓名
    #[serde(default)]
    pub person: String,
    /// 本人手机号，认出同一个人的几个账号
    #[serde(default)]
    pub phone: String,
    /// 角色和地方
    #[serde(flatten)]
    pub rights: AccountRights,
}

/// `POST /api/accounts/{id}/confirm`: the rights that are seen, and confirmed. `POST /api/accounts/{id}/rights`: others, which wait unless they only
/// take away; those that stand take back what waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountRights {
    /// 角色
    pub role: Role,
    /// 区划代码或饭堂编号
    pub division: String,
}

/// A one-time link, told this once.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LinkGiven {
    /// What stands behind the address of the console.
    pub link: String,
    /// Until when it may be used.
    pub until: DateTime,
}

/// `POST /api/invitation`: to whom a link was given.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvitationAsk {
    /// 一次性链接里的口令
    pub token: String,
}

/// To whom a link was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invitation {
    /// 账号
    pub name: String,
    /// 角色
    pub role: Role,
    /// What its place is called.
    pub place: String,
    /// Until when the link may be used.
    pub until: DateTime,
}

/// `POST /api/invitation/password`: chooses a password by a link, once.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvitationTaken {
    /// 一次性链接里的口令
    pub token: String,
    /// 密码
    pub password: String,
}

untold!(LinkGiven, InvitationAsk, InvitationTaken);
