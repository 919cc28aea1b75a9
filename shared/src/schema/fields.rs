//! The values of one record by field name. A record has some twelve of them, and millions of records pass: so they lie in
//! one sorted row, and names and short texts inside it, instead of in a tree of separate pieces.

use super::Value;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;
use std::fmt;

/// The name of a field; members of a set stand under `field/member`.
pub type FieldName = SmolStr;

/// The values of one record, each name once, in the order of the names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(FieldName, Value)>);

impl Fields {
    /// No values.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    fn position(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(name))
    }

    /// The value under that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.position(name).ok().and_then(|at| self.0.get(at)).map(|(_, value)| value)
    }

    /// Whether there is a value under that name.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.position(name).is_ok()
    }

    /// Puts a value under a name; gives the one that stood there.
    pub fn insert(&mut self, name: impl Into<FieldName>, value: Value) -> Option<Value> {
        let name = name.into();
        match self.position(&name) {
            Ok(at) => self.0.get_mut(at).map(|(_, known)| std::mem::replace(known, value)),
            Err(at) => {
                self.0.insert(at, (name, value));
                None
            }
        }
    }

    /// Takes a value away.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.position(name).ok().map(|at| self.0.remove(at).1)
    }

    /// Keeps what the rule keeps.
    pub fn retain(&mut self, mut keep: impl FnMut(&FieldName, &mut Value) -> bool) {
        self.0.retain_mut(|(name, value)| keep(name, value));
    }

    /// How many values there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values in the order of the names.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&FieldName, &Value)> + ExactSizeIterator + Clone {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// The names in order.
    pub fn keys(&self) -> impl Iterator<Item = &FieldName> {
        self.0.iter().map(|(name, _)| name)
    }

    /// The values in the order of their names.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.0.iter().map(|(_, value)| value)
    }

    /// The members of a set that are in it, in order: the names `field/member` with a yes.
    pub fn members<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        let from = self.0.partition_point(|(name, _)| name.as_str() < field);
        let under = self.0.iter().skip(from).map_while(move |(name, value)| Some((name.strip_prefix(field)?, value)));
        under.filter(|(_, value)| **value == Value::Bool(true)).filter_map(|(rest, _)| rest.strip_prefix('/'))
    }
}

impl std::ops::Index<&str> for Fields {
    type Output = Value;

    fn index(&self, name: &str) -> &Value {
        self.get(name).unwrap_or(&Value::Null)
    }
}

impl FromIterator<(FieldName, Value)> for Fields {
    /// Of several values under one name the last counts.
    fn from_iter<I: IntoIterator<Item = (FieldName, Value)>>(values: I) -> Self {
        let mut row: Vec<_> = values.into_iter().collect();
        if !row.is_sorted_by(|(one, _), (other, _)| one < other) {
            row.reverse();
            row.sort_by(|(one, _), (other, _)| one.cmp(other));
            row.dedup_by(|(later, _), (kept, _)| later == kept);
        }
        Self(row)
    }
}

impl<const N: usize> From<[(FieldName, Value); N]> for Fields {
    fn from(values: [(FieldName, Value); N]) -> Self {
        values.into_iter().collect()
    }
}

impl Extend<(FieldName, Value)> for Fields {
    fn extend<I: IntoIterator<Item = (FieldName, Value)>>(&mut self, values: I) {
        for (name, value) in values {
            self.insert(name, value);
        }
    }
}

impl IntoIterator for Fields {
    type Item = (FieldName, Value);
    type IntoIter = std::vec::IntoIter<(FieldName, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Fields {
    type Item = (&'a FieldName, &'a Value);
    type IntoIter = std::iter::Map<std::slice::Iter<'a, (FieldName, Value)>, fn(&'a (FieldName, Value)) -> (&'a FieldName, &'a Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(name, value)| (name, value))
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Named)
    }
}

/// Reads values by name; of several under one name the last counts.
struct Named;

impl<'de> Visitor<'de> for Named {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("values by name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Fields, A::Error> {
        let mut values = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            values.push(entry);
        }
        Ok(values.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn it_does_what_a_map_does(
            acts in prop::collection::vec(("[a-d](/[a-c])?", prop::option::of(any::<bool>())), 0..30),
            more in prop::collection::vec(("[a-d]", any::<i64>()), 0..10),
        ) {
            let (mut ours, mut map) = (Fields::new(), BTreeMap::new());
            for (name, act) in acts {
                match act {
                    Some(value) => prop_assert_eq!(ours.insert(name.as_str(), Value::Bool(value)), map.insert(name, Value::Bool(value))),
                    None => prop_assert_eq!(ours.remove(&name), map.remove(&name)),
                }
            }
            let more = more.into_iter().map(|(name, value)| (name, Value::Int(value)));
            let collected: Fields = more.clone().map(|(name, value)| (name.into(), value)).collect();
            let other: BTreeMap<String, Value> = more.collect();
            prop_assert!(collected.iter().map(|(name, value)| (name.as_str(), value)).eq(other.iter().map(|(name, value)| (name.as_str(), value))));
            ours.extend(collected);
            map.extend(other);
            prop_assert!(ours.iter().map(|(name, value)| (name.as_str(), value)).eq(map.iter().map(|(name, value)| (name.as_str(), value))));
            prop_assert!(map.keys().all(|name| ours.contains_key(name)) && ours.len() == map.len() && ours.is_empty() == map.is_empty());
            let members: Vec<&str> = ours.members("b").collect();
            let expect: Vec<&str> = map.iter().filter(|(_, value)| **value == Value::Bool(true)).filter_map(|(name, _)| name.strip_prefix("b/")).collect();
            prop_assert_eq!(members, expect);
        }
    }
}
