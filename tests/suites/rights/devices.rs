//! What a device may write and see, by where it stands: every kind of record, every field of it, and each act, tried at the server itself.

use super::golden::Golden;
use super::world::{Place, RELATIONS, SEATS, Stands, World, held_by};
use crate::faults::kit::{Device, NOW, wire};
use anyhow::{Context, Result, bail};
use shared::crdt::{decode, first_change};
use shared::crypto::{SecretKey, SoftProvider};
use shared::kinds::RecordKind;
use shared::schema::{FieldType, Fields, IdFrom, PLACING, Value};
use shared::seal::WrappedKey;
use shared::sync::{Answer, Ask};
use shared::wire::{RefusedReason, WireChange};
use std::collections::BTreeSet;

const LETTERS: &str =
    "+ taken or seen, - not seen, k refused: not of its kinds, s refused: not of its places, a kept: the other place is asked, m malformed";

/// A push that is tried.
struct Try {
    thing: String,
    seat: usize,
    relation: usize,
    change: WireChange,
}

/// All that is tried, and the records that have to be there before.
struct Plan {
    world: World,
    before: Vec<WireChange>,
    tries: Vec<Try>,
}

impl Plan {
    fn add(&mut self, thing: impl Into<String>, (seat, relation): (usize, usize), change: WireChange) {
        self.tries.push(Try { thing: thing.into(), seat, relation, change });
    }

    /// The record of a kind at a place, or a copy of it that nobody else touches where there may be several.
    fn fresh(&mut self, kind: RecordKind, place: Place) -> Result<Option<Stands>> {
        let Some(stands) = self.world.records.get(&(kind, place)).cloned() else { return Ok(None) };
        let made_by_desks = kind.author.has(shared::kinds::Level::City) && !kind.is_made_by_the_centre();
        if !made_by_desks || matches!(kind.id, IdFrom::Kind(_)) {
            return Ok(Some(stands));
        }
        let id = self.world.draw();
        let change = self.world.first(kind, id, place).context("it was made before")?;
        let bytes = change.bytes.clone();
        self.before.push(change);
        Ok(Some(Stands { id, bytes }))
    }

    /// What each device tries at each place.
    fn everything(&mut self) -> Result<()> {
        for (seat, (_, own, places)) in SEATS.iter().enumerate() {
            for (relation, place) in places.iter().enumerate().filter_map(|(at, place)| Some((at, (*place)?))) {
                for kind in RecordKind::ALL.iter().copied().filter(|kind| kind.has_row()) {
                    self.new_ones(kind, (seat, relation), *own, place)?;
                    self.changes(kind, (seat, relation), *own, place)?;
                }
                self.keys((seat, relation), place)?;
                self.unknown((seat, relation), place);
            }
        }
        Ok(())
    }

    fn new_ones(&mut self, kind: RecordKind, at: (usize, usize), own: Place, place: Place) -> Result<()> {
        let code = kind.code();
        let id = self.world.draw();
        if let Some(change) = self.world.first(kind, id, place) {
            self.add(format!("{code} create"), at, change);
        }
        // Under the id of one that is there, told to be at one's own place.
        if let (Some(stands), Some(fields)) = (self.fresh(kind, place)?, self.world.fields(kind, own, 77)) {
            let bytes = first_change(&self.world.author(), &fields, NOW).bytes;
            self.add(format!("{code} claim"), at, wire(kind, stands.id, bytes));
        }
        // To an order of the place that has none.
        if let (IdFrom::Kind(owner), Some(fields)) = (kind.id, self.world.fields(kind, own, 78))
            && let Some(owned) = self.fresh(owner, place)?
        {
            let bytes = first_change(&self.world.author(), &fields, NOW).bytes;
            self.add(format!("{code} add"), at, wire(kind, owned.id, bytes));
        }
        // One's own, which names one of the place.
        for field in kind.fields {
            let FieldType::Reference(to) = field.ty else { continue };
            let (Some(named), Some(mut fields)) = (self.world.records.get(&(to, place)), self.world.fields(kind, own, 79)) else {
                continue;
            };
            fields.insert(field.name, Value::Text(named.id.to_string().as_str().into()));
            let (id, bytes) = (self.world.draw(), first_change(&self.world.author(), &fields, NOW).bytes);
            self.add(format!("{code} naming {}", field.name), at, wire(kind, id, bytes));
        }
        Ok(())
    }

    fn changes(&mut self, kind: RecordKind, at: (usize, usize), own: Place, place: Place) -> Result<()> {
        let code = kind.code();
        let Some(stands) = self.world.records.get(&(kind, place)).cloned() else { return Ok(()) };
        let said = decode(&stands.bytes)?.touched().clone();
        for field in kind.fields.iter().filter(|field| !PLACING.contains(&field.name)) {
            let (name, value) = match field.ty {
                FieldType::Photos => (format!("{}/{}", field.name, "ef".repeat(32)), Value::Bool(true)),
                _ => {
                    let stood = said.get(field.name).cloned().unwrap_or(Value::Null);
                    (field.name.to_owned(), self.world.another(field, place, &stood))
                }
            };
            // Whether a file is in use decides what others may say of it.
            let alone = field.name == "status";
            let stands = if alone { self.fresh(kind, place)?.context("it is there")? } else { stands.clone() };
            let change = self.world.next(kind, &stands, &Fields::from([(name.as_str().into(), value)]))?;
            self.add(format!("{code} set {}", field.name), at, change);
            if said.contains_key(field.name) && !alone {
                let change = self.world.next(kind, &stands, &Fields::from([(field.name.into(), Value::Null)]))?;
                self.add(format!("{code} clear {}", field.name), at, change);
            }
        }
        // From the place to one's own, and from one's own to the place.
        for (thing, from, to) in [("fetch", place, own), ("send", own, place)] {
            let (Some(stands), Some(there)) = (self.fresh(kind, from)?, self.world.placing(kind, to)) else { continue };
            let said = decode(&stands.bytes)?.touched().clone();
            let moved = there.iter().filter(|(name, value)| said.get(name.as_str()).unwrap_or(&Value::Null) != *value);
            let moved: Fields = moved.map(|(name, value)| (name.clone(), value.clone())).collect();
            if !moved.is_empty() {
                let change = self.world.next(kind, &stands, &moved)?;
                self.add(format!("{code} {thing}"), at, change);
            }
        }
        Ok(())
    }

    /// A key for somebody of the place, for the town of who brings it.
    fn keys(&mut self, at: (usize, usize), place: Place) -> Result<()> {
        let Some(elder) = self.fresh(RecordKind::Elder, place)? else { return Ok(()) };
        let crypto = SoftProvider::new();
        let town = shared::division::town_of(SEATS[at.0].1.division());
        let towns = self.world.founder.town_keys()?;
        let (_, key) = towns.iter().find(|(code, _)| code == town).context("the key of the town")?;
        let wrapped = WrappedKey::pack(&crypto, elder.id, town, key, &SecretKey::draw(&crypto))?;
        self.add("elder_key bring", at, wire(RecordKind::ElderKey, elder.id, wrapped));
        Ok(())
    }

    /// A kind of a later version, seen where its fields say.
    fn unknown(&mut self, at: (usize, usize), place: Place) {
        let mut fields = Fields::from([("division".into(), Value::Text(place.division().into()))]);
        if let (true, Some(code)) = (place.is_canteen(), self.world.canteens.get(&place)) {
            fields.insert("canteen", Value::Text(code.as_str().into()));
        }
        let (id, bytes) = (self.world.draw(), first_change(&self.world.author(), &fields, NOW).bytes);
        self.add("(unknown kind) create", at, WireChange { kind: "menu_of_2031".into(), record: *id.0.as_bytes(), bytes });
    }
}

fn letter(reason: Option<RefusedReason>) -> Result<char> {
    Ok(match reason {
        None => '+',
        Some(RefusedReason::ForeignKind) => 'k',
        Some(RefusedReason::ForeignScope) => 's',
        Some(RefusedReason::Asked) => 'a',
        Some(RefusedReason::Malformed) => 'm',
        Some(other) => bail!("{other:?}"),
    })
}

/// What each device sees: records, photos, keys of towns.
fn looks(golden: &mut Golden, world: &World, devices: &mut [Device], how: &str) -> Result<()> {
    for (seat, (_, _, places)) in SEATS.iter().enumerate() {
        let held: BTreeSet<(String, [u8; 16])> =
            held_by(&mut devices[seat], &world.server)?.into_iter().map(|change| (change.kind, change.record)).collect();
        for (relation, place) in places.iter().enumerate().filter_map(|(at, place)| Some((at, (*place)?))) {
            for kind in RecordKind::ALL.iter().copied() {
                let Some(stands) = world.records.get(&(kind, place)) else { continue };
                let sees = held.contains(&(kind.code().to_owned(), *stands.id.0.as_bytes()));
                golden.set(&format!("{} {how}", kind.code()), seat, relation, if sees { '+' } else { '-' });
            }
        }
    }
    Ok(())
}

fn photos_and_keys(golden: &mut Golden, world: &World, devices: &[Device]) -> Result<()> {
    for (seat, (_, _, places)) in SEATS.iter().enumerate() {
        let towns: BTreeSet<String> = devices[seat].town_keys()?.into_iter().map(|(code, _)| code).collect();
        for (relation, place) in places.iter().enumerate().filter_map(|(at, place)| Some((at, (*place)?))) {
            let has = towns.contains(shared::division::town_of(place.division()));
            golden.set("(key of the town) holds", seat, relation, if has { '+' } else { '-' });
            let Some(hash) = world.photos.get(&place) else { continue };
            let given = match devices[seat].ask(&world.server, &Ask::GetPhoto { hash: *hash, at: 0 })? {
                Answer::Photo { .. } => '+',
                Answer::NoPhoto => '-',
                other => bail!("{other:?}"),
            };
            golden.set("(photo) get", seat, relation, given);
        }
    }
    Ok(())
}

/// All of it.
pub fn tried() -> Result<Golden> {
    let askers = SEATS.iter().map(|(name, ..)| (*name).to_owned()).collect();
    let mut golden = Golden::new("devices", LETTERS, askers, &RELATIONS);
    let mut plan = Plan { world: World::new()?, before: Vec::new(), tries: Vec::new() };
    let mut devices = SEATS.iter().map(|(_, own, _)| plan.world.device(*own)).collect::<Result<Vec<Device>>>()?;
    looks(&mut golden, &plan.world, &mut devices, "see")?;
    photos_and_keys(&mut golden, &plan.world, &devices)?;
    plan.world.server.compact_in(2_000)?;
    looks(&mut golden, &plan.world, &mut devices, "see in a snapshot")?;
    plan.everything()?;
    let before = std::mem::take(&mut plan.before);
    plan.world.write(before)?;
    let Plan { world, tries, .. } = plan;
    for (seat, device) in devices.iter_mut().enumerate() {
        let of_seat: Vec<&Try> = tries.iter().filter(|tried| tried.seat == seat).collect();
        for some in of_seat.chunks(500) {
            let changes = some.iter().map(|tried| tried.change.clone()).collect();
            let refused = device.exchange(&world.server, changes)?.refused;
            for (at, tried) in (0_u32..).zip(some) {
                let reason = refused.iter().find(|refused| refused.index == at).map(|refused| refused.reason);
                golden.set(&tried.thing, seat, tried.relation, letter(reason)?);
            }
        }
    }
    // Whatever was tried, rows, feeds and sums are what the log makes them.
    let checked = world.server.verify()?;
    let told = || tries.iter().filter(|tried| checked.problems.iter().any(|told| told.contains(&hex::encode(tried.change.record))));
    anyhow::ensure!(
        checked.ok,
        "{:?} {:?}",
        checked.problems,
        told().map(|tried| (&tried.thing, tried.seat, tried.relation)).collect::<Vec<_>>()
    );
    Ok(golden)
}
