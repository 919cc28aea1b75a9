//! The two languages of the product, and a word or sentence in both.

use serde::{Deserialize, Serialize};

/// A language of screens, lists and faults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// 中文, the first.
    #[default]
    Zh,
    /// English, the second.
    En,
}

/// A word for people in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

impl Label {
    /// In Chinese and English.
    #[must_use]
    pub const fn new(zh: &'static str, en: &'static str) -> Self {
        Self { zh, en }
    }

    /// The word in a language.
    #[must_use]
    pub const fn of(self, language: Language) -> &'static str {
        match language {
            Language::Zh => self.zh,
            Language::En => self.en,
        }
    }
}

/// Code words that stand in documents, with their words for people.
#[derive(Debug, PartialEq, Eq)]
pub struct Words {
    /// The name of the type in code.
    pub name: &'static str,
    /// Code word and word for people, in the order of the declaration.
    pub all: &'static [(&'static str, Label)],
}

impl Words {
    /// The word for people of a code word; `None` for one that this program does not know.
    #[must_use]
    pub fn label(&self, code: &str) -> Option<Label> {
        self.all.iter().find(|(known, _)| *known == code).map(|(_, label)| *label)
    }
}

/// Declares an enum that stands in documents as a code word and before people as a word in two languages.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal $zh:literal $en:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant),+ }
        impl $name {
            /// Every value, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// All code words with their words for people.
            pub const WORDS: $crate::schema::Words =
                $crate::schema::Words { name: stringify!($name), all: &[$(($code, $crate::schema::Label { zh: $zh, en: $en })),+] };
            /// The code word in documents, tables and scripts.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            /// The word for people.
            #[must_use]
            pub const fn label(self) -> $crate::schema::Label { match self { $(Self::$variant => $crate::schema::Label { zh: $zh, en: $en }),+ } }
            /// The word on screens and in Excel.
            #[must_use]
            pub const fn zh(self) -> &'static str { self.label().zh }
            /// The value of a code word.
            #[must_use]
            pub fn of_code(code: &str) -> Option<Self> { match code { $($code => Some(Self::$variant),)+ _ => None } }
        }
        impl $crate::schema::TextValue for $name {
            const TYPE: $crate::schema::FieldType = $crate::schema::FieldType::Words(&Self::WORDS);
            fn to_text(&self) -> String { self.code().to_owned() }
            fn of_text(text: &str) -> Option<Self> { Self::of_code(text) }
        }
        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> { stringify!($name).into() }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $crate::json_schema::words(Self::ALL.iter().map(|one| (one.code(), one.zh())))
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::schema::Malformed;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::of_code(text).ok_or_else(|| $crate::schema::Malformed::new(stringify!($name)))
            }
        }
    };
}
pub(crate) use words;
