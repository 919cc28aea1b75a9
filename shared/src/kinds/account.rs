//! 账号: who signs in at the console.

use crate::rule::phone::PhoneNumber;
use crate::schema::{Author, FieldType, Kept, Open, Purpose, Scope, record, words};

words! {
    /// How far up a place stands: what a device, or an account that reads records, may see.
    Level { City = "city" "市" "City", County = "county" "县市区" "County", Town = "town" "镇街" "Township", Canteen = "canteen" "饭堂" "Canteen" }
}

words! {
    /// What an account of the console is for.
    Role {
        City = "city" "市" "City",
        County = "county" "县市区" "County",
        Town = "town" "镇街" "Township",
        Canteen = "canteen" "饭堂" "Canteen",
        /// Reads the audit log of its division, and nothing else.
        Auditor = "auditor" "审计员" "Auditor",
        /// Invites, disables and signs out accounts of its division, and reads no records.
        System = "system" "系统管理员" "System administrator",
        /// Confirms, assigns and gives back the rights of accounts of its division, and reads no records.
        Security = "security" "安全管理员" "Security administrator",
    }
}

words! {
    /// How an account of the console stands, as those see it who look after accounts.
    AccountState {
        /// Its password was chosen, and its rights wait for the security administrator.
        Waiting = "waiting" "待核准" "To be confirmed",
        /// Its one-time link was not used yet.
        Invited = "invited" "已邀请" "Invited",
        InUse = "in_use" "在用" "In use",
        /// In use, and other rights wait for another security administrator.
        Changing = "changing" "改权限待核准" "Change waits",
        Disabled = "disabled" "已停用" "Disabled",
    }
}

impl Role {
    /// On which level an account reads records; the three administrators read none.
    #[must_use]
    pub const fn level(self) -> Option<Level> {
        match self {
            Self::City => Some(Level::City),
            Self::County => Some(Level::County),
            Self::Town => Some(Level::Town),
            Self::Canteen => Some(Level::Canteen),
            Self::Auditor | Self::System | Self::Security => None,
        }
    }

    /// Whether it is one of the three administrators: of the system, of security, of the audit log.
    #[must_use]
    pub const fn is_administrator(self) -> bool {
        self.level().is_none()
    }
}

impl From<Level> for Role {
    fn from(level: Level) -> Self {
        match level {
            Level::City => Self::City,
            Level::County => Self::County,
            Level::Town => Self::Town,
            Level::Canteen => Self::Canteen,
        }
    }
}

record! {
    /// 账号 of the console (requirement F1); its password hash is kept apart. Never leaves the server.
    Account "account" 10 "账号" "Account" [author(Author::Centre), scope(Scope::Server), of_persons(Purpose::Access, Kept::Staff)];
    name: String, "账号" "Account" [identifying, open(Open::Shown)];
    role: Role, "角色" "Role" [other];
    division: String, "区划" "Division" [is(FieldType::Division), other];
    disabled: bool, "已停用" "Disabled" [other];
    /// Whose it is; of accounts that were made at the machine nobody has to say it.
    person: Option<String>, "姓名" "Name of the person" [identifying, open(Open::Shown)];
    /// By which two accounts are known to be one person's.
    phone: Option<PhoneNumber>, "本人手机" "Phone of the person" [contact, open(Open::Shown)];
}
