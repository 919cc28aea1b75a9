//! Reads JSON answers, and says of one that does not fit only that it does not fit. The readers of the library carry
//! sentences in English for every way in which every type can fail, a fifth of a page, which nobody here would see.
//! Whole numbers only: nothing that desk and server say is a fraction.

use serde::de::value::StringDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor};
use std::{fmt, vec};

/// An answer that could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread;

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an answer that could not be read")
    }
}

impl std::error::Error for Unread {}

/// All ways to fail are one; what the types would say is dropped unread, and with it the code that words it.
impl de::Error for Unread {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }
    fn invalid_value(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }
    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        Self
    }
    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn missing_field(_: &'static str) -> Self {
        Self
    }
    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

/// Reads a text as a `T`.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unread> {
    T::deserialize(whole(text).ok_or(Unread)?)
}

/// Deeper than anything that is said here.
const DEEPEST: u32 = 64;

#[derive(Debug)]
enum Json {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Text(String),
    List(Vec<Json>),
    Map(Vec<(String, Json)>),
}

fn whole(text: &str) -> Option<Json> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(DEEPEST)?;
    reader.next_word().is_none().then_some(value)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The first byte behind the spaces.
    fn next_word(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    /// Takes this byte if it is the next one.
    fn takes(&mut self, byte: u8) -> bool {
        let there = self.next_word() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn word(&mut self, word: &str, value: Json) -> Option<Json> {
        let there = self.text.get(self.at..)?.starts_with(word);
        self.at += word.len();
        there.then_some(value)
    }

    fn value(&mut self, deep: u32) -> Option<Json> {
        let deeper = deep.checked_sub(1)?;
        match self.next_word()? {
            b'n' => self.word("null", Json::Null),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'"' => self.string().map(Json::Text),
            b'[' => self.list(deeper),
            b'{' => self.map(deeper),
            _ => self.number(),
        }
    }

    fn list(&mut self, deep: u32) -> Option<Json> {
        self.at += 1;
        let mut items = Vec::new();
        if !self.takes(b']') {
            loop {
                items.push(self.value(deep)?);
                if self.takes(b']') {
                    break;
                }
                self.takes(b',').then_some(())?;
            }
        }
        Some(Json::List(items))
    }

    fn map(&mut self, deep: u32) -> Option<Json> {
        self.at += 1;
        let mut entries = Vec::new();
        if !self.takes(b'}') {
            loop {
                (self.next_word()? == b'"').then_some(())?;
                let key = self.string()?;
                self.takes(b':').then_some(())?;
                entries.push((key, self.value(deep)?));
                if self.takes(b'}') {
                    break;
                }
                self.takes(b',').then_some(())?;
            }
        }
        Some(Json::Map(entries))
    }

    fn number(&mut self) -> Option<Json> {
        let from = self.at;
        while let Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E') = self.byte() {
            self.at += 1;
        }
        let text = self.text.get(from..self.at)?;
        let digits = text.strip_prefix('-').unwrap_or(text);
        (digits == "0" || !digits.starts_with(['0', '+', '-'])).then_some(())?;
        if text.len() == digits.len() { text.parse().ok().map(Json::Unsigned) } else { text.parse().ok().map(Json::Signed) }
    }

    /// From quotation mark to quotation mark.
    fn string(&mut self) -> Option<String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let from = self.at;
            while !matches!(self.byte()?, b'"' | b'\\' | 0..=0x1f) {
                self.at += 1;
            }
            out.push_str(self.text.get(from..self.at)?);
            let byte = self.byte()?;
            self.at += 1;
            match byte {
                b'"' => return Some(out),
                b'\\' => out.push(self.escaped()?),
                _ => return None,
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        let byte = self.byte()?;
        self.at += 1;
        Some(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.four()?;
                if !(0xd800..0xdc00).contains(&first) {
                    return char::from_u32(first);
                }
                self.text.get(self.at..)?.starts_with("\\u").then_some(())?;
                self.at += 2;
                let second = self.four()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
                return char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + second);
            }
            _ => return None,
        })
    }

    /// Four digits of sixteen.
    fn four(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then_some(())?;
        u32::from_str_radix(digits, 16).ok()
    }
}

impl<'de> de::Deserializer<'de> for Json {
    type Error = Unread;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Bool(is) => visitor.visit_bool(is),
            Self::Unsigned(number) => visitor.visit_u64(number),
            Self::Signed(number) => visitor.visit_i64(number),
            Self::Text(text) => visitor.visit_string(text),
            Self::List(items) => visitor.visit_seq(Items(items.into_iter())),
            Self::Map(entries) => visitor.visit_map(Entries(entries.into_iter(), Self::Null)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        if let Self::Null = self { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, Unread> {
        match self {
            Self::Text(name) => visitor.visit_enum(Variant(name, Self::Null)),
            Self::Map(entries) => match <[(String, Self); 1]>::try_from(entries) {
                Ok([(name, content)]) => visitor.visit_enum(Variant(name, content)),
                Err(_) => Err(Unread),
            },
            _ => Err(Unread),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier
    }
}

struct Items(vec::IntoIter<Json>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Unread;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unread> {
        self.0.next().map(|item| seed.deserialize(item)).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// The entries that follow, and the value that belongs to the key read last.
struct Entries(vec::IntoIter<(String, Json)>, Json);

impl<'de> MapAccess<'de> for Entries {
    type Error = Unread;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unread> {
        let Some((key, value)) = self.0.next() else { return Ok(None) };
        self.1 = value;
        seed.deserialize(Json::Text(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unread> {
        seed.deserialize(std::mem::replace(&mut self.1, Json::Null))
    }
}

/// A variant by its name, with what it holds.
struct Variant(String, Json);

impl<'de> EnumAccess<'de> for Variant {
    type Error = Unread;
    type Variant = Json;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Json), Unread> {
        let name: StringDeserializer<Unread> = self.0.into_deserializer();
        Ok((seed.deserialize(name)?, self.1))
    }
}

impl<'de> VariantAccess<'de> for Json {
    type Error = Unread;

    fn unit_variant(self) -> Result<(), Unread> {
        if let Self::Null = self { Ok(()) } else { Err(Unread) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unread> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unread> {
        de::Deserializer::deserialize_any(self, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Unread> {
        de::Deserializer::deserialize_any(self, visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};
    use serde_json::Value;
    use shared::command::{DeskStatus, TimelineEntry};
    use shared::fault::Fault;
    use shared::rule::order::{OrderRefusal, OrderWarning};

    const SAMPLES: [&str; 23] = [
        "null",
        " true ",
        "false",
        "0",
        "17",
        "-17",
        "18446744073709551615",
        "-9223372036854775808",
        "\"\"",
        "[]",
        "{}",
        "[1,[2,[]],{}]",
        "{\"a\" : [ 1 , \"二\" ] , \"b\":{\"c\":null}}",
        "\"王冬梅 \\\"引号\\\" \\\\ \\/ \\n\\t\\u00e9\\ud873\\udf5c\"",
        "\"\\u738b\"",
        "\"𬜯塘镇\"",
        "01",
        "+1",
        "--1",
        "[1,]",
        "{\"a\":1,}",
        "\"\\ud873\"",
        "\"a\u{1}b\"",
    ];

    #[test]
    fn reads_what_the_library_reads_and_nothing_else_whatever_is_cut_off() {
        for sample in SAMPLES {
            for end in (0..=sample.len()).filter(|end| sample.is_char_boundary(*end)) {
                let text = &sample[..end];
                assert_eq!(read::<Value>(text).ok(), serde_json::from_str::<Value>(text).ok(), "{text}");
            }
        }
        assert_eq!(read::<Value>(&"[".repeat(100_000)), Err(Unread), "no depth brings it down");
    }

    #[test]
    fn reads_the_shapes_that_desk_and_server_send() {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Shapes {
            pairs: Vec<(String, u32)>,
            some: Option<i64>,
            none: Option<String>,
            fault: Fault,
            status: DeskStatus,
            history: Vec<TimelineEntry>,
        }
        let at = jiff::civil::date(2026, 11, 22).at(10, 30, 0, 0);
        let warnings = vec![OrderWarning::AfterCutOff { cut_off: at }, OrderWarning::Standing { number: "12-0173".into() }];
        let history = vec![TimelineEntry { at, words: vec!["下单".into()], unsent: true, by: Some("王芳".into()) }];
        let status = DeskStatus { last_sync: Some(at), agrees: Some(false), unsent: 3, ..DeskStatus::default() };
        let pairs = vec![("软饭".into(), 12)];
        let shapes = Shapes { pairs, some: Some(-1), none: None, fault: OrderRefusal::Confirm(warnings).into(), status, history };
        let text = serde_json::to_string(&shapes).expect("it is written");
        assert_eq!(read::<Shapes>(&text), Ok(shapes));
        assert_eq!(read::<Shapes>("{\"pairs\":[]}").err(), Some(Unread));
        assert_eq!(read::<Vec<u32>>("[1.5]").err(), Some(Unread));
    }
}
