//! The words for people: one file a noun and language, `zh` first, `en` beside it with the same names. Screens, faults and
//! what desk and server answer take them through the macros below, by which a word that lacks its English does not compile.
//! The labels of kinds, fields and lists are no exception: they stand with their declaration, in both languages as well.
//! No rule is decided here and no word is stored: records, tables and the wire hold code words.

pub mod en;
pub mod zh;

pub use crate::schema::{Language, language, speak, speaking};

/// A word in the language that is spoken: `say!(order::TITLE)`, `say!(sync::done(pushed, pulled))`. What stands in the
/// brackets is written into both languages, so it is evaluated once.
#[macro_export]
macro_rules! say {
    ($noun:ident::$word:ident $($given:tt)?) => {
        match $crate::words::language() {
            $crate::words::Language::Zh => $crate::words::zh::$noun::$word $($given)?,
            $crate::words::Language::En => $crate::words::en::$noun::$word $($given)?,
        }
    };
}

/// A word in both languages, for tables that are there before anybody speaks: `label!(screen::TODAY)`.
#[macro_export]
macro_rules! label {
    ($noun:ident::$word:ident) => {
        $crate::schema::Label::new($crate::words::zh::$noun::$word, $crate::words::en::$noun::$word)
    };
}

/// A sentence in both languages, for what is told later: `both!(form::missing(label))`. What stands in the brackets is
/// evaluated for each language: give what is borrowed or copied.
#[macro_export]
macro_rules! both {
    ($noun:ident::$word:ident $($given:tt)?) => {
        $crate::schema::Sentence::new($crate::words::zh::$noun::$word $($given)?, $crate::words::en::$noun::$word $($given)?)
    };
}

/// A fault in both languages, from its pair of sentences: `fault!(Code::NotNow, order::ENDED)`. What stands in the
/// brackets is evaluated for each language: give what is borrowed or copied.
#[macro_export]
macro_rules! fault {
    ($code:expr, $noun:ident::$word:ident $($given:tt)?) => {
        $crate::fault::Fault::new($code, $crate::words::zh::$noun::$word $($given)?, $crate::words::en::$noun::$word $($given)?)
    };
}

/// What happened and what to do, where neither holds anything that is filled in.
pub type Told = (&'static str, &'static str);
