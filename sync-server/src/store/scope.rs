//! Who may see what: a canteen, or a division and all below it. Where a record is seen follows from its
//! own columns and from the division of its canteen.

use super::engine::put;
use super::{StoreError, Tx};
use shared::division;
use shared::kinds::RecordKind;
use shared::schema::Scope as Placed;

/// What a device or an account may see.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// One canteen, by code.
    Canteen(String),
    /// A division and all below it.
    Division(String),
}

/// A place where a record is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    /// Code of the canteen, empty for none, `*` for everybody.
    pub canteen: String,
    /// Division of the canteen or of the record.
    pub division: String,
}

impl Scope {
    /// Whether a record with that audience is seen.
    #[must_use]
    pub fn sees(&self, audience: &Audience) -> bool {
        match self {
            Self::Canteen(code) => audience.canteen == *code,
            Self::Division(code) => division::within(&audience.division, code),
        }
    }

    /// The code that stands for `$1` in conditions.
    pub(super) fn code(&self) -> &str {
        match self {
            Self::Canteen(code) | Self::Division(code) => code,
        }
    }

    /// The condition on a row `r` of a kind that this scope sees; none where nobody's scope decides.
    pub(super) fn condition(&self, kind: RecordKind) -> Option<String> {
        self.condition_on(kind, "r", "$1")
    }

    /// The same on a row of another alias, with another place for the code.
    pub(super) fn condition_on(&self, kind: RecordKind, row: &str, code: &str) -> Option<String> {
        let own = || match self {
            Self::Canteen(_) => format!("{row}.canteen = {code}"),
            Self::Division(_) => {
                format!("{row}.canteen IN (SELECT c.code FROM canteen c WHERE substr(c.division, 1, length({code})) = {code})")
            }
        };
        let below = || matches!(self, Self::Division(_)).then(|| format!("substr({row}.division, 1, length({code})) = {code}"));
        if kind.scope != Placed::Named {
            return None;
        }
        let conditions = [kind.field("canteen").map(|_| own()), kind.field("division").and_then(|_| below())];
        let conditions: Vec<String> = conditions.into_iter().flatten().collect();
        Some(if conditions.is_empty() { "(1 = 0)".to_owned() } else { format!("({})", conditions.join(" OR ")) })
    }
}

impl Tx<'_> {
    /// Whether `scope` may see the record.
    pub fn granted(&self, kind: RecordKind, record: &[u8], scope: &Scope) -> Result<bool, StoreError> {
        let Some(condition) = scope.condition(kind) else { return Ok(false) };
        self.exists(&format!("SELECT 1 FROM {} r WHERE {condition} AND r.id = $2", kind.code()), put![scope.code(), record])
    }

    /// The records of desks that name that canteen.
    pub fn records_at(&self, kind: RecordKind, canteen: &str) -> Result<Vec<[u8; 16]>, StoreError> {
        self.all(&format!("SELECT id FROM {} WHERE canteen = $1", kind.code()), put![canteen], |row| row.get(0))
    }
}

/// The kinds whose records stand at a canteen.
pub fn kinds_at_canteens() -> impl Iterator<Item = RecordKind> {
    RecordKind::ALL.iter().copied().filter(|kind| kind.scope == Placed::Named && kind.field("canteen").is_some())
}
