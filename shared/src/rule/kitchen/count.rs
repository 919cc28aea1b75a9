//! What was counted when a count was frozen, and what is different since. A count holds the orders by dish and way, which stand open anyway; of what a
//! box needs only a mark under the county's key, since that follows from what is sealed.

use super::Portion;
use crate::kinds::Mode;
use crate::rule::id_number::keyed;
use crate::schema::RecordId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// No count holds more: one change of a record carries it.
pub const MOST_COUNTED: usize = 1_000;

/// Orders of one dish and one way, as counted.
#[derive(Serialize, Deserialize)]
struct Group {
    dish: String,
    mode: Mode,
    /// The id, 32 digits, and the mark behind it.
    orders: Vec<String>,
}

/// An order as it was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// 餐品
    pub dish: String,
    /// How it was to be got.
    pub mode: Mode,
    mark: String,
}

/// What a box needs, told by nobody who has not the key.
fn mark(key: &[u8], portion: &Portion) -> String {
    let needs = &portion.needs;
    let mut restrictions: Vec<&str> = needs.restrictions().collect();
    restrictions.sort_unstable();
    let said = format!("{}|{}|{}|{}", portion.order, needs.texture.code(), needs.size.code(), restrictions.join("|"));
    hex::encode(&keyed(key, said.as_bytes())[..4])
}

/// What a count keeps of the portions of a meal.
#[must_use]
pub fn content(key: &[u8], portions: &[Portion]) -> String {
    let mut groups: BTreeMap<(&str, Mode), Vec<String>> = BTreeMap::new();
    for portion in portions {
        groups.entry((&portion.dish, portion.mode)).or_default().push(format!("{}{}", portion.order, mark(key, portion)));
    }
    let groups: Vec<Group> = groups.into_iter().map(|((dish, mode), orders)| Group { dish: dish.to_owned(), mode, orders }).collect();
    serde_json::to_string(&groups).unwrap_or_default()
}

/// The orders of a count, by id; what can't be read is left out.
#[must_use]
pub fn read(content: &str) -> BTreeMap<RecordId, Counted> {
    let groups: Vec<Group> = serde_json::from_str(content).unwrap_or_default();
    let mut counted = BTreeMap::new();
    for Group { dish, mode, orders } in groups {
        for order in orders {
            if let Some((id, mark)) = order.split_at_checked(32)
                && let Ok(id) = id.parse()
            {
                counted.insert(id, Counted { dish: dish.clone(), mode, mark: mark.to_owned() });
            }
        }
    }
    counted
}

/// What became of an order since it was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It came later.
    Added,
    /// It does not stand any more.
    Gone,
    /// Another dish, or another way of getting it.
    Changed,
    /// What the box needs is not what it was.
    Needs,
}

/// An order that is not as it was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which.
    pub order: RecordId,
    /// What became of it.
    pub change: Change,
    /// As it was counted; none of one that came later.
    pub was: Option<Counted>,
}

/// What is different from a count now, by order.
#[must_use]
pub fn differences(key: &[u8], counted: &BTreeMap<RecordId, Counted>, now: &[Portion]) -> Vec<Difference> {
    let mut found = Vec::new();
    for portion in now {
        let was = counted.get(&portion.order);
        let change = match was {
            None => Change::Added,
            Some(was) if was.dish != portion.dish || was.mode != portion.mode => Change::Changed,
            Some(was) if was.mark != mark(key, portion) => Change::Needs,
            Some(_) => continue,
        };
        found.push(Difference { order: portion.order, change, was: was.cloned() });
    }
    let stands: BTreeSet<RecordId> = now.iter().map(|portion| portion.order).collect();
    let gone = counted.iter().filter(|(order, _)| !stands.contains(order));
    found.extend(gone.map(|(order, was)| Difference { order: *order, change: Change::Gone, was: Some(was.clone()) }));
    found
}

#[cfg(test)]
mod tests {
    use super::super::sheet::tests::portion;
    use super::*;

    #[test]
    fn a_count_comes_back_as_it_was_and_tells_nobody_what_a_box_needs() {
        let portions = [portion(1, "软饭", Mode::PickUp, "花生过敏"), portion(2, "普通", Mode::OwnDelivery, "")];
        let content = content(b"key", &portions);
        assert!(!content.contains("花生"), "{content}");
        assert_eq!(differences(b"key", &read(&content), &portions), []);
        // Who guesses what a box needs is told nothing without the key, and two boxes that need the same look different.
        assert_ne!(content, super::content(b"another", &portions));
        let alike = [portion(1, "软饭", Mode::PickUp, "少盐"), portion(2, "软饭", Mode::PickUp, "少盐")];
        assert_ne!(mark(b"key", &alike[0]), mark(b"key", &alike[1]));
        assert!(
            read("").is_empty()
                && read("[{\"dish\":\"软饭\",\"mode\":\"pick_up\",\"orders\":[\"短\",\"不是编号不是编号不是编号不是编号\"]}]").is_empty()
        );
    }

    #[test]
    fn each_change_since_is_one_difference() {
        let then = [
            portion(1, "软饭", Mode::PickUp, ""),
            portion(2, "普通", Mode::OwnDelivery, ""),
            portion(3, "普通", Mode::OwnDelivery, "少盐、虾过敏"),
            portion(4, "普通", Mode::OwnDelivery, ""),
        ];
        let now = [
            portion(2, "软饭", Mode::OwnDelivery, ""),
            portion(3, "普通", Mode::OwnDelivery, "虾过敏、少盐"),
            portion(4, "普通", Mode::OwnDelivery, "碎食"),
            portion(5, "普通", Mode::PickUp, ""),
        ];
        let found = differences(b"key", &read(&content(b"key", &then)), &now);
        let said: Vec<_> =
            found.iter().map(|one| (one.order.bytes()[0], one.change, one.was.as_ref().map(|was| was.dish.as_str()))).collect();
        assert_eq!(
            said,
            [
                (2, Change::Changed, Some("普通")),
                (4, Change::Needs, Some("普通")),
                (5, Change::Added, None),
                (1, Change::Gone, Some("软饭"))
            ]
        );
    }

    #[test]
    fn the_largest_count_fits_into_one_change() {
        let many: Vec<Portion> = (0..MOST_COUNTED)
            .map(|n| Portion { order: RecordId(uuid::Uuid::from_u128(n as u128)), ..portion(0, "套餐甲", Mode::OwnDelivery, "少盐") })
            .collect();
        let length = content(b"key", &many).len();
        assert!(length < crate::crdt::MAX_CHANGE_BYTES * 3 / 4, "{length}");
    }
}
