//! The two languages of the product, which of them is spoken, and a word or sentence in both.

use serde::{Deserialize, Serialize};
use std::cell::Cell;

/// A language of screens, lists and faults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// 中文, the first.
    #[default]
    Zh,
    /// English, the second.
    En,
}

impl Language {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// As browsers and pages write it.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// What those who speak it call it.
    #[must_use]
    pub const fn called(self) -> &'static str {
        match self {
            Self::Zh => "中文",
            Self::En => "English",
        }
    }

    /// From such a tag; the first language for all that is not the second.
    #[must_use]
    pub fn of_tag(tag: &str) -> Self {
        if tag == Self::En.tag() { Self::En } else { Self::Zh }
    }
}

thread_local! {
    /// Of this thread: a page has one, a desk or server does the work of one person at a time on each.
    static SPOKEN: Cell<Language> = const { Cell::new(Language::Zh) };
}

/// The language that is spoken here and now.
#[must_use]
pub fn language() -> Language {
    SPOKEN.get()
}

/// From now on this language is spoken: for pages, which speak with one person only.
pub fn speak(language: Language) {
    SPOKEN.set(language);
}

/// Does work for somebody who reads this language; what is spoken afterwards is as before, also when the work panics.
pub fn speaking<T>(language: Language, work: impl FnOnce() -> T) -> T {
    struct Before(Language);
    impl Drop for Before {
        fn drop(&mut self) {
            SPOKEN.set(self.0);
        }
    }
    let _before = Before(SPOKEN.replace(language));
    work()
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

    /// The word in the language that is spoken.
    #[must_use]
    pub fn said(self) -> &'static str {
        self.of(language())
    }
}

/// A sentence for people in both languages, with what was filled in; mostly by `both!`, from the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Sentence {
    /// In Chinese and English.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// In the language that is spoken.
    #[must_use]
    pub fn said(&self) -> &str {
        match language() {
            Language::Zh => &self.zh,
            Language::En => &self.en,
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
            /// The word on screens and in Excel, in the language that is spoken.
            #[must_use]
            pub fn said(self) -> &'static str { self.label().said() }
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
                $crate::json_schema::words(Self::ALL.iter().map(|one| (one.code(), one.label().zh)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spoken_ends_with_the_work() {
        let word = Label::new("长者", "Elder");
        assert_eq!(word.said(), "长者");
        assert_eq!(speaking(Language::En, || word.said()), "Elder");
        let broken = std::panic::catch_unwind(|| speaking(Language::En, || panic!("the work")));
        assert!(broken.is_err());
        assert_eq!((word.said(), language()), ("长者", Language::Zh));
        assert_eq!(Language::ALL.map(|language| Language::of_tag(language.tag())), Language::ALL);
        assert_eq!(Language::of_tag("fr"), Language::Zh);
    }
}
