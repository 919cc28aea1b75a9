//! The world in which each right is tried: a city with two counties, their towns, canteens in them, and at each place something of every kind.

use crate::faults::kit::{Device, NOW, wire};
use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use shared::crdt::{ActorId, decode, first_change, next_change};
use shared::crypto::{SecretKey, SoftProvider};
use shared::kinds::{Level, Meal, RecordKind, Role};
use shared::money::Fen;
use shared::schema::arbitrary::Seeded;
use shared::schema::{Field, FieldType, Fields, IdFrom, RecordId, Scope, Value};
use shared::seal::{RecordKeys, WrappedKey};
use shared::sync::{Answer, Ask, snapshot};
use shared::wire::WireChange;
use std::collections::BTreeMap;
use std::sync::Arc;
use sync_server::Server;
use tempfile::TempDir;
use tests::program::in_memory;

/// Where something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Canteen,
    /// Another canteen of the town.
    Neighbour,
    /// The office of the village in which the canteen stands, and that of another one of the town.
    Village,
    OtherVillage,
    Town,
    /// Another town of the county.
    OtherTown,
    County,
    OtherCounty,
    /// A canteen of the other county.
    Afar,
    City,
    /// Another city, a town of it, and what lies above both: no record is there.
    OtherCity,
    AfarInOtherCity,
    Province,
}

impl Place {
    /// Those where records are.
    pub const THERE: [Self; 10] = [
        Self::Canteen,
        Self::Neighbour,
        Self::Village,
        Self::OtherVillage,
        Self::Town,
        Self::OtherTown,
        Self::County,
        Self::OtherCounty,
        Self::Afar,
        Self::City,
    ];

    pub const fn division(self) -> &'static str {
        match self {
            Self::Canteen | Self::Village => "445381001008",
            Self::OtherVillage => "445381001001",
            Self::Neighbour | Self::Town => "445381001",
            Self::OtherTown => "445381106",
            Self::County => "445381",
            Self::OtherCounty => "445302",
            Self::Afar => "445302001",
            Self::City => "4453",
            Self::OtherCity => "4412",
            Self::AfarInOtherCity => "441202001",
            Self::Province => "44",
        }
    }

    /// On which level an account there stands.
    pub fn level(self) -> Level {
        if self.is_canteen() { Level::Canteen } else { shared::division::level(self.division()) }
    }

    /// Whether it is a canteen, and not an office.
    pub const fn is_canteen(self) -> bool {
        matches!(self, Self::Canteen | Self::Neighbour | Self::Afar)
    }
}

/// How a thing stands to who asks.
pub const RELATIONS: [&str; 5] = ["own", "sibling", "parent", "child", "foreign"];

/// Where who asks stands, and the places that stand so to him; a canteen has none below it.
pub const SEATS: [(&str, Place, [Option<Place>; 5]); 5] = {
    use Place::*;
    [
        ("canteen", Canteen, [Some(Canteen), Some(Neighbour), Some(Town), None, Some(Afar)]),
        (VILLAGE, Village, [Some(Village), Some(OtherVillage), Some(Town), Some(Canteen), Some(Afar)]),
        ("town", Town, [Some(Town), Some(OtherTown), Some(County), Some(Canteen), Some(Afar)]),
        ("county", County, [Some(County), Some(OtherCounty), Some(City), Some(Town), Some(Afar)]),
        ("city", City, [Some(City), Some(OtherCity), Some(Province), Some(County), Some(AfarInOtherCity)]),
    ]
};

/// Computers stand there, and no accounts.
pub const VILLAGE: &str = "village";

/// A record that is there, and its first change.
#[derive(Clone, Debug)]
pub struct Stands {
    pub id: RecordId,
    pub bytes: Vec<u8>,
}

pub struct World {
    pub root: TempDir,
    pub server: Server,
    /// The canteen of a place, or one that lies in it.
    pub canteens: BTreeMap<Place, String>,
    /// Sees and writes all of the city.
    pub founder: Device,
    pub records: BTreeMap<(RecordKind, Place), Stands>,
    /// The photo of the receipt of each place.
    pub photos: BTreeMap<Place, [u8; 32]>,
    drawn: u128,
}

impl World {
    pub fn new() -> Result<Self> {
        let root = in_memory()?;
        let clock = sync_server::Clock::by(|| NOW);
        let server = Server::open_with(&root.path().join("server"), clock, Arc::new(SoftProvider::new()))?;
        let mut canteens = BTreeMap::new();
        let stands = [
            (Place::Canteen, "445381001008"),
            (Place::Neighbour, "445381001"),
            (Place::Village, "445381001008"),
            (Place::OtherVillage, "445381001001"),
            (Place::Town, "445381001"),
            (Place::OtherTown, "445381106"),
            (Place::County, "445381106"),
            (Place::OtherCounty, "445302001"),
            (Place::Afar, "445302001"),
            (Place::City, "445302001"),
        ];
        server.add_operator("银龄助餐服务中心", Some("91445300MA4W0001XY"), Some("0766-8812345"))?;
        for (place, division) in stands {
            let code = server.add_canteen(&format!("{place:?}"), division, None)?.code;
            server.add_price(&code, Meal::Lunch, "午餐", Fen(1200))?;
            server.name_operator(&code, "银龄助餐服务中心")?;
            canteens.insert(place, code);
        }
        let founder = Device::enrolled(&server, server.device_code(None, Some("4453"))?.code, SoftProvider::new())?;
        let mut world = Self { root, server, canteens, founder, records: BTreeMap::new(), photos: BTreeMap::new(), drawn: 1 << 64 };
        world.found()?;
        Ok(world)
    }

    /// A device of a place.
    pub fn device(&self, place: Place) -> Result<Device> {
        Device::enrolled(&self.server, self.code(place)?, SoftProvider::new())
    }

    pub fn code(&self, place: Place) -> Result<String> {
        let code = match place.is_canteen() {
            true => self.server.device_code(Some(&self.canteens[&place]), None)?,
            false => self.server.device_code(None, Some(place.division()))?,
        };
        Ok(code.code)
    }

    /// An account at a place.
    pub fn account(&self, name: &str, role: Role, place: Place) -> Result<()> {
        let at = if place.is_canteen() { &self.canteens[&place] } else { place.division() };
        Ok(self.server.add_account(name, role, at, PASSWORD)?)
    }

    /// An id that was not given yet.
    pub fn draw(&mut self) -> RecordId {
        self.drawn += 1;
        RecordId(uuid::Uuid::from_u128(self.drawn))
    }

    /// An author of its own for each change.
    pub fn author(&mut self) -> ActorId {
        ActorId::from(*self.draw().0.as_bytes())
    }

    /// What says where a record of a kind is, at a place; none where nothing of that kind can be there.
    pub fn placing(&self, kind: RecordKind, place: Place) -> Option<Fields> {
        let (in_canteens, in_divisions) = (kind.field("canteen").is_some(), kind.field("division").is_some());
        let canteen = match (kind.scope == Scope::Named && !in_divisions, place.is_canteen()) {
            (true, _) | (_, true) => self.canteens.get(&place),
            _ => None,
        };
        let text = |text: &str| Value::Text(text.into());
        let mut fields = Fields::new();
        if in_canteens {
            fields.insert("canteen", canteen.map_or(Value::Null, |code| text(code)));
        }
        if in_divisions {
            fields.insert("division", text(place.division()));
        }
        let nowhere = in_canteens && !in_divisions && canteen.is_none();
        (!nowhere).then_some(fields)
    }

    /// All fields of a record of a kind at a place, sealed where they are declared so. `refers` gives the records that it names.
    pub fn fields(&self, kind: RecordKind, place: Place, seed: u64) -> Option<Fields> {
        let placing = self.placing(kind, place)?;
        let mut fields = Fields::new();
        for (at, field) in (0_u64..).zip(kind.fields) {
            match placing.get(field.name) {
                Some(Value::Null) => {}
                Some(value) => drop(fields.insert(field.name, value.clone())),
                None => drop(fields.insert(self.name_of(field, place), self.value(field, place, seed + at))),
            }
        }
        Some(fields)
    }

    fn name_of(&self, field: &Field, place: Place) -> String {
        match field.ty {
            FieldType::Photos => format!("{}/{}", field.name, hex::encode(self.photos.get(&place).copied().unwrap_or_default())),
            _ => field.name.to_owned(),
        }
    }

    /// A value of a field.
    pub fn value(&self, field: &Field, place: Place, seed: u64) -> Value {
        if field.is_sealed() {
            let mut seeded = Seeded(seed);
            return Value::Bytes([vec![1], (0..60).map(|_| u8::try_from(seeded.below(256)).unwrap_or(0)).collect()].concat());
        }
        match (field.name, field.ty) {
            // The person, the dish and the order of the place.
            (_, FieldType::Reference(to)) if self.records.contains_key(&(to, place)) => {
                Value::Text(self.records[&(to, place)].id.to_string().as_str().into())
            }
            ("status", _) => Value::Text("active".into()),
            ("state", _) => Value::Text("placed".into()),
            ("disabled" | "revoked", _) => Value::Bool(false),
            _ => Seeded(seed.wrapping_mul(7_919)).value(field),
        }
    }

    /// Another value than that which stands.
    pub fn another(&self, field: &Field, place: Place, stands: &Value) -> Value {
        match (field.ty, stands) {
            (FieldType::YesNo, Value::Bool(stands)) => return Value::Bool(!stands),
            (FieldType::Reference(_), _) => return Value::Text(RecordId(uuid::Uuid::from_u128(7)).to_string().as_str().into()),
            // What is agreed to moves a file: that is tried by itself.
            (FieldType::Words(words), _) if words.all.iter().any(|(code, _)| *code == "declined") => return Value::Text("declined".into()),
            _ => {}
        }
        let value =
            |seed| if matches!(field.name, "status" | "state") { Seeded(seed).value(field) } else { self.value(field, place, seed) };
        (1_000..2_000).map(value).find(|value| value != stands).unwrap_or(Value::Null)
    }

    /// A new record of a kind at a place, with all its fields, as a first change.
    pub fn first(&mut self, kind: RecordKind, id: RecordId, place: Place) -> Option<WireChange> {
        // Each of its own: no two orders are for the same meal.
        let fields = self.fields(kind, place, 100 * u64::try_from(id.0.as_u128() & 0xFFFF_FFFF).unwrap_or(0))?;
        Some(wire(kind, id, first_change(&self.author(), &fields, NOW).bytes))
    }

    /// A change of a record that is there.
    pub fn next(&mut self, kind: RecordKind, stands: &Stands, fields: &Fields) -> Result<WireChange> {
        let bytes = next_change(&self.author(), &[&stands.bytes], fields, NOW)?.bytes;
        Ok(wire(kind, stands.id, bytes))
    }

    /// What the founder writes is taken.
    pub fn write(&mut self, changes: Vec<WireChange>) -> Result<()> {
        for some in changes.chunks(1_000) {
            let refused = self.founder.exchange(&self.server, some.to_vec())?.refused;
            ensure!(refused.is_empty(), "{refused:?}: {}", some[refused[0].index as usize].kind);
        }
        Ok(())
    }

    /// Of each kind a record at each place.
    fn found(&mut self) -> Result<()> {
        let crypto = SoftProvider::new();
        let towns = self.founder.town_keys()?;
        for place in Place::THERE {
            let elder = self.draw();
            let (key, mut keys) = (SecretKey::draw(&crypto), RecordKeys::default());
            keys.add(&crypto, key.clone());
            let town = shared::division::town_of(place.division());
            let (_, town_key) = towns.iter().find(|(code, _)| code == town).with_context(|| format!("no key of {town}"))?;
            let wrapped = WrappedKey::pack(&crypto, elder, town, town_key, &key)?;
            let file = self.first(RecordKind::Elder, elder, place).context("an elder is anywhere")?;
            self.put(RecordKind::Elder, place, elder, &file.bytes);
            self.put(RecordKind::ElderKey, place, elder, &wrapped);
            let mut changes = vec![file, wire(RecordKind::ElderKey, elder, wrapped)];
            let picture = keys.seal_photo(&crypto, elder, format!("a picture {place:?}").as_bytes())?;
            let hash: [u8; 32] = Sha256::digest(&picture).into();
            self.photos.insert(place, hash);
            let order = self.draw();
            for kind in RecordKind::ALL.iter().copied().filter(|kind| kind.has_row() && kind.author.has(Level::City)) {
                let id = match kind {
                    RecordKind::Elder | RecordKind::Transfer | RecordKind::Doubt => continue,
                    RecordKind::Order => order,
                    _ if kind.id == IdFrom::Kind(RecordKind::Order) => order,
                    _ => self.draw(),
                };
                let Some(change) = self.first(kind, id, place) else { continue };
                self.put(kind, place, id, &change.bytes);
                changes.push(change);
            }
            self.write(changes)?;
            let put = Ask::PutPhoto { hash, size: u32::try_from(picture.len())?, at: 0, bytes: picture };
            ensure!(matches!(self.founder.ask(&self.server, &put)?, Answer::PhotoHeld(_)), "no photo");
        }
        self.ask_for_all()?;
        self.find_what_the_centre_made()
    }

    pub fn put(&mut self, kind: RecordKind, place: Place, id: RecordId, bytes: &[u8]) {
        self.records.insert((kind, place), Stands { id, bytes: bytes.to_vec() });
    }

    /// A canteen of another town asks for each file: there is a request at each place.
    fn ask_for_all(&mut self) -> Result<()> {
        let far = self.server.add_canteen("远处", "445322100", None)?.code;
        let mut stranger = Device::enrolled(&self.server, self.server.device_code(Some(&far), None)?.code, SoftProvider::new())?;
        for place in Place::THERE {
            let elder = self.records[&(RecordKind::Elder, place)].id;
            let mut fields = self.fields(RecordKind::Elder, place, 7).context("an elder")?;
            fields.insert("canteen", Value::Text(far.as_str().into()));
            fields.insert("division", Value::Text("445322100".into()));
            let claim = wire(RecordKind::Elder, elder, first_change(&self.author(), &fields, NOW).bytes);
            let refused = stranger.exchange(&self.server, vec![claim])?.refused;
            ensure!(refused.len() == 1, "a claim is asked about");
        }
        Ok(())
    }

    /// What the server made by itself or by command, by the place that it names.
    fn find_what_the_centre_made(&mut self) -> Result<()> {
        let devices: Vec<Device> = Place::THERE.iter().map(|place| self.device(*place)).collect::<Result<_>>()?;
        let (held, by_code) = (held_by(&mut self.founder, &self.server)?, self.canteens.clone());
        for change in held {
            let Some(kind) = RecordKind::of_code(&change.kind).filter(|kind| kind.has_row()) else { continue };
            let id = RecordId::from_bytes(&change.record).context("an id")?;
            let Ok(said) = decode(&change.bytes) else { continue };
            let text = |name: &str| match said.touched().get(name) {
                Some(Value::Text(text)) => text.to_string(),
                _ => String::new(),
            };
            let at_canteen = |code: &str| by_code.iter().find(|(_, known)| *known == code).map(|(place, _)| *place);
            let place = match kind {
                RecordKind::Canteen => at_canteen(&text("code")),
                RecordKind::MenuPrice | RecordKind::Doubt => at_canteen(&text("canteen")),
                RecordKind::Device => Place::THERE.iter().zip(&devices).find(|(_, device)| device.id == change.record).map(|(at, _)| *at),
                RecordKind::Transfer if text("side") == "holding" => match at_canteen(&text("canteen")) {
                    Some(canteen) => Some(canteen),
                    None => Place::THERE.into_iter().find(|place| !place.is_canteen() && place.division() == text("division")),
                },
                RecordKind::Operator => {
                    Place::THERE.iter().for_each(|place| self.put(kind, *place, id, &change.bytes));
                    None
                }
                _ => None,
            };
            if let Some(place) = place.filter(|place| said.is_first() && !self.records.contains_key(&(kind, *place))) {
                self.put(kind, place, id, &change.bytes);
            }
        }
        for kind in [RecordKind::Canteen, RecordKind::MenuPrice, RecordKind::Device, RecordKind::Transfer, RecordKind::Doubt] {
            for place in Place::THERE {
                ensure!(self.records.contains_key(&(kind, place)), "no {kind:?} at {place:?}");
            }
        }
        Ok(())
    }
}

pub const PASSWORD: &str = "yufan2026x";

/// What a device that reads all anew holds, also from pages of a snapshot.
pub fn held_by(device: &mut Device, server: &Server) -> Result<Vec<WireChange>> {
    let (mut held, mut after) = (Vec::<WireChange>::new(), 0);
    loop {
        let told = device.pull(server, after)?;
        let packed = if told.page.is_empty() { Vec::new() } else { snapshot::unpack(&told.page)? };
        for change in packed.into_iter().chain(told.changes) {
            if change.bytes.is_empty() {
                held.retain(|known| (&known.kind, known.record) != (&change.kind, change.record));
            } else {
                held.push(change);
            }
        }
        after = told.next;
        if told.digest.is_some() {
            return Ok(held);
        }
    }
}
