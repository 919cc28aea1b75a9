//! Who wrote a change: an automerge actor says the device, who sat at it, and is otherwise random, so that no two programs are one author.
//! It costs a change no byte more than any other actor.

use super::ActorId;
use crate::schema::RecordId;

/// Bytes of the device's number, which opens an actor.
const DEVICE: usize = 4;
/// Bytes of a mark.
const MARK: usize = 4;
/// Bytes of a whole actor; another one is none of ours.
const ACTOR: usize = 16;

/// Of somebody who signed in: the last bytes of the id of the record that says who it is. Random, and so one's own among the people
/// of a place; it proves nothing by itself, the device signs for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PersonMark([u8; MARK]);

impl PersonMark {
    /// The mark of a person.
    #[must_use]
    pub fn of(person: RecordId) -> Self {
        let [.., a, b, c, d] = *person.0.as_bytes();
        Self([a, b, c, d])
    }

    /// The mark in an actor; none where nobody had signed in.
    #[must_use]
    pub fn of_author(actor: &ActorId) -> Option<Self> {
        let bytes: &[u8; ACTOR] = actor.to_bytes().try_into().ok()?;
        bytes[DEVICE..].first_chunk().filter(|mark| **mark != [0; MARK]).map(|mark| Self(*mark))
    }

    /// As it ends the ids of records.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; MARK] {
        &self.0
    }
}

/// The author of what a program writes for somebody at a device.
#[must_use]
pub fn author(device: u32, person: Option<RecordId>, random: [u8; ACTOR - DEVICE - MARK]) -> ActorId {
    let mark = person.map_or([0; MARK], |person| PersonMark::of(person).0);
    ActorId::from([&device.to_be_bytes()[..], &mark, &random].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::{decode, first_change};
    use crate::schema::{Fields, Value};

    #[test]
    fn a_change_says_who_sat_at_the_device() {
        let person = RecordId(uuid::Uuid::from_bytes(std::array::from_fn(|at| u8::try_from(at).unwrap())));
        let fields = Fields::from([("name".into(), Value::Text("王桂英".into()))]);
        let said = |person| decode(&first_change(&author(7, person, [9; 8]), &fields, 5).bytes).unwrap().person();
        assert_eq!(said(Some(person)).map(|mark| *mark.bytes()), Some([12, 13, 14, 15]));
        assert_eq!(said(None), None);
        assert_eq!(PersonMark::of_author(&ActorId::from([7; 12])), None, "not of our making");
    }
}
