//! What an end of the connection speaks beside the base, by name: a feature is used where both ends name it. Names are told once a
//! version of either program; an end that told none speaks the base.

use crate::schema::MAX_CODE;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::fmt;

/// The most names of one end.
pub const MAX_CAPABILITIES: usize = 64;

/// A capability that this program knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capability {
    /// A server hands out the keys of the device's area again ([`super::Ask::Keys`]).
    Keys,
    /// A desk sends photos again that the server lost.
    LostPhotos,
    /// A desk takes pages of a snapshot instead of changes ([`super::snapshot`]).
    SnapshotPages,
    /// A server holds a question until there is news ([`super::Ask::Wait`]).
    Wait,
}

impl Capability {
    /// What is spoken with an end that told no names: version 2 as it began. Nothing joins it any more.
    pub const BASE: [Self; 4] = [Self::Keys, Self::LostPhotos, Self::SnapshotPages, Self::Wait];
    /// What this program speaks.
    pub const ALL: [Self; 4] = Self::BASE;

    /// Its name on the wire: lower-case letters, digits and `_`, at most [`MAX_CODE`].
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::LostPhotos => "lost_photos",
            Self::SnapshotPages => "snapshot_pages",
            Self::Wait => "wait",
        }
    }

    /// Whether an end speaks it that told these names, or none.
    #[must_use]
    pub fn is_spoken(self, told: Option<&Capabilities>) -> bool {
        told.map_or(Self::BASE.contains(&self), |told| told.0.contains(self.name()))
    }
}

/// The names that one end told, also those that this program does not know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Capabilities(BTreeSet<String>);

impl Capabilities {
    /// Those of this program.
    #[must_use]
    pub fn own() -> Self {
        Capability::ALL.into_iter().collect()
    }
}

impl FromIterator<Capability> for Capabilities {
    fn from_iter<I: IntoIterator<Item = Capability>>(names: I) -> Self {
        Self(names.into_iter().map(|capability| capability.name().to_owned()).collect())
    }
}

fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=MAX_CODE).contains(&text.len()) && text.bytes().all(plain)
}

/// Reads names one by one: a list that claims millions costs no memory before it is refused.
struct ReadNames;

impl<'de> Visitor<'de> for ReadNames {
    type Value = Capabilities;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at most {MAX_CAPABILITIES} names")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Capabilities, A::Error> {
        let (mut names, mut count) = (BTreeSet::new(), 0);
        while let Some(name) = list.next_element::<String>()? {
            count += 1;
            if count > MAX_CAPABILITIES || !is_name(&name) {
                return Err(A::Error::custom("no list of names"));
            }
            names.insert(name);
        }
        Ok(Capabilities(names))
    }
}

impl<'de> Deserialize<'de> for Capabilities {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ReadNames)
    }
}

/// What both ends told each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The desk's names.
    pub desk: Capabilities,
    /// The server's.
    pub server: Capabilities,
}

/// Tells one [`Named`] from another, beside each answer to a device that told its names.
pub type NamedDigest = [u8; 4];

impl Named {
    /// The head of SHA-256 over both lists, each name with a line's end, the lists with another one between.
    #[must_use]
    pub fn digest(&self) -> NamedDigest {
        let mut hash = Sha256::new();
        let names = |of: &Capabilities| of.0.iter().map(|name| format!("{name}\n")).collect::<String>();
        hash.update(format!("{}\n{}", names(&self.desk), names(&self.server)));
        let mut digest = NamedDigest::default();
        digest.copy_from_slice(&hash.finalize()[..4]);
        digest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(names: &[&str]) -> Option<Capabilities> {
        postcard::from_bytes(&postcard::to_stdvec(names).unwrap()).ok()
    }

    #[test]
    fn names_are_few_short_and_plain_and_unknown_ones_are_kept() {
        let told = read(&["wait", "of_2031", "keys", "wait"]).unwrap();
        assert_eq!(serde_json::to_value(&told).unwrap(), serde_json::json!(["keys", "of_2031", "wait"]));
        assert!(Capability::Wait.is_spoken(Some(&told)) && !Capability::SnapshotPages.is_spoken(Some(&told)));
        assert_eq!(read(&[]), Some(Capabilities::default()));
        for bad in ["", "Wait", "a b", "等", "\n", &"a".repeat(MAX_CODE + 1)] {
            assert_eq!(read(&[bad]), None, "{bad:?}");
        }
        assert!(read(&["a".repeat(MAX_CODE).as_str()]).is_some());
        let many: Vec<String> = (0..=MAX_CAPABILITIES).map(|number| format!("n{number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!((read(&many[1..]).is_some(), read(&many)), (true, None));
        assert_eq!(read(&["wait"; MAX_CAPABILITIES + 1]), None, "the same name again counts as well");
        assert!(serde_json::from_str::<Capabilities>(r#"["Wait"]"#).is_err(), "nor from a store");
    }

    #[test]
    fn own_names_are_names_and_the_base_is_among_them() {
        let own = Capabilities::own();
        assert_eq!(own.0.len(), Capability::ALL.len());
        assert!(own.0.iter().all(|name| is_name(name)) && own.0.len() <= MAX_CAPABILITIES);
        for capability in Capability::BASE {
            assert!(capability.is_spoken(None) && capability.is_spoken(Some(&own)));
            assert!(!capability.is_spoken(Some(&Capabilities::default())), "who names nothing speaks nothing");
        }
    }

    #[test]
    fn the_digest_tells_who_named_what() {
        let of = |desk: &[Capability], server: &[Capability]| {
            Named { desk: desk.iter().copied().collect(), server: server.iter().copied().collect() }.digest()
        };
        let (keys, wait) = (Capability::Keys, Capability::Wait);
        let all = [of(&[], &[]), of(&[keys], &[]), of(&[], &[keys]), of(&[keys], &[wait]), of(&[wait], &[keys]), of(&[keys, wait], &[])];
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert_eq!(hex::encode(of(&[keys, wait], &[wait])), "51fee859", "as PROTOCOL.md says");
    }
}
