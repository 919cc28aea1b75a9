//! What comes back about conflicts: what was said differently in two places, who said it and when.

use crate::kinds::RecordKind;
use crate::say;
use crate::schema::RecordId;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// A page of conflicts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConflictPage {
    /// At most fifty, the latest first.
    pub rows: Vec<ConflictRow>,
    /// All of them.
    pub total: u64,
}

/// One field of one record in which different values stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConflictRow {
    /// The kind of the record.
    pub kind: RecordKind,
    /// The record.
    pub record: RecordId,
    /// The field's name.
    pub field: String,
    /// 长者 王桂英, 订单 1-0019 · 王桂英 · 11月22日午餐.
    pub title: String,
    /// What the field is called.
    pub label: String,
    /// The values; the first is the one that is shown until somebody decides.
    pub choices: Vec<ConflictChoice>,
    /// Names all that stands: another one, and something has changed since.
    pub stands: String,
}

impl ConflictRow {
    /// The whole in one line of text: 长者 王桂英 备注：“少盐” 前台电脑（2号） 11-22 09:41｜“素” 3号电脑 11-22 09:44
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("{} {}：{}", self.title, self.label, self.choices.iter().map(ConflictChoice::in_words).collect::<Vec<_>>().join("｜"))
    }
}

impl ConflictChoice {
    /// The value, who said it and when: “少盐” 前台电脑（2号） 11-22 09:41
    #[must_use]
    pub fn in_words(&self) -> String {
        let by = |version: &VersionOrigin| format!("{} {}", version.device, version.at.strftime("%m-%d %H:%M"));
        format!("“{}” {}", self.words, say!(conflict::said_by(&self.versions.iter().map(by).collect::<Vec<_>>())))
    }
}

/// One of the values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConflictChoice {
    /// Names the value when it is chosen.
    pub name: String,
    /// The value as people read it.
    pub words: String,
    /// Who said it and when, the one whose word counts first.
    pub versions: Vec<VersionOrigin>,
    /// Why it can't be chosen here; `None` where it can.
    pub refused: Option<String>,
}

/// Who said a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VersionOrigin {
    /// 前台电脑（2号）
    pub device: String,
    /// When, by the clock of that device.
    pub at: DateTime,
}
