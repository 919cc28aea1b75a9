//! What a column of a list is: where its value comes from, and how it is shown.

use super::{End, When};
use crate::schema::{FieldType, Label};

/// Where the value of a column comes from.
#[derive(Clone, Copy, Debug)]
pub enum Source {
    /// A field of the row or of what stands beside it.
    Field(&'static str),
    /// The first of these that is filled.
    First(&'static [&'static str]),
    /// Yes where it holds.
    When(When),
    /// The years since a day, today.
    Age(&'static str),
    /// Whether something of the row waits to be sent: desks know.
    Unsent,
    /// Said by whoever answers, who knows more than records.
    Told(FieldType),
}

/// Where a column is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// On screens and in exports.
    Everywhere,
    /// In exports and in the JSON of scripts.
    Exported,
}

/// A column as declared.
#[derive(Clone, Copy, Debug)]
pub struct ListColumn {
    called: Option<&'static str>,
    pub(super) said: Option<Label>,
    pub(super) wide: Option<u8>,
    /// Where its value comes from.
    pub source: Source,
    /// Where it is shown.
    pub shown: Shown,
    /// The one end that knows it, where only one does.
    pub known_at: Option<End>,
    /// What is sealed shows head and tail only, but in exports with full numbers.
    pub masked: bool,
    /// A yes asks for somebody's attention.
    pub alarming: bool,
    /// It is added up over the rows for which this does not hold.
    pub summed_without: Option<&'static [When]>,
}

/// A column of a field: `field` of the row or `alias.field` of what stands beside it.
#[must_use]
pub const fn column(path: &'static str) -> ListColumn {
    ListColumn::of(Source::Field(path))
}

/// A column of the first of some fields that is filled.
#[must_use]
pub const fn first(name: &'static str, paths: &'static [&'static str]) -> ListColumn {
    ListColumn::of(Source::First(paths)).called(name)
}

/// A column that says whether something holds.
#[must_use]
pub const fn when(name: &'static str, said: Label, when: When) -> ListColumn {
    ListColumn::of(Source::When(when)).called(name).said(said)
}

/// A column of years since a day.
#[must_use]
pub const fn age(name: &'static str, said: Label, path: &'static str) -> ListColumn {
    ListColumn::of(Source::Age(path)).called(name).said(said).wide(6)
}

/// A column that says whether something of the row waits to be sent.
#[must_use]
pub const fn unsent() -> ListColumn {
    ListColumn::of(Source::Unsent).called("unsent").said(Label { zh: "待上传", en: "Not sent" }).known_at(End::Desk)
}

/// A column that whoever answers fills.
#[must_use]
pub const fn told(name: &'static str, said: Label, ty: FieldType) -> ListColumn {
    ListColumn::of(Source::Told(ty)).called(name).said(said)
}

impl ListColumn {
    const fn of(source: Source) -> Self {
        Self {
            called: None,
            said: None,
            wide: None,
            source,
            shown: Shown::Everywhere,
            known_at: None,
            masked: false,
            alarming: false,
            summed_without: None,
        }
    }

    /// Another name than its field has.
    #[must_use]
    pub const fn called(self, name: &'static str) -> Self {
        Self { called: Some(name), ..self }
    }

    /// Another label than its field has.
    #[must_use]
    pub const fn said(self, label: Label) -> Self {
        Self { said: Some(label), ..self }
    }

    /// Another width than its field has.
    #[must_use]
    pub const fn wide(self, width: u8) -> Self {
        Self { wide: Some(width), ..self }
    }

    /// In exports and scripts only.
    #[must_use]
    pub const fn exported(self) -> Self {
        Self { shown: Shown::Exported, ..self }
    }

    /// What is sealed shows head and tail only.
    #[must_use]
    pub const fn masked(self) -> Self {
        Self { masked: true, ..self }
    }

    /// A yes asks for somebody's attention.
    #[must_use]
    pub const fn alarming(self) -> Self {
        Self { alarming: true, ..self }
    }

    /// Only that end knows it.
    #[must_use]
    pub const fn known_at(self, end: End) -> Self {
        Self { known_at: Some(end), ..self }
    }

    /// Added up, but for rows for which one of these holds.
    #[must_use]
    pub const fn summed(self, without: &'static [When]) -> Self {
        Self { summed_without: Some(without), ..self }
    }

    /// The name in JSON and addresses.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match (self.called, self.source) {
            (Some(name), _) => name,
            (None, Source::Field(path)) => path.rsplit('.').next().unwrap_or(path),
            (None, _) => "",
        }
    }
}
