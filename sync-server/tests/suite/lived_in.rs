//! A house in which something of everything has happened, whatever kinds there are.

use super::keys::wrapped_key;
use super::kit::*;
use sha2::{Digest, Sha256};
use shared::crdt::{ActorId, author, first_change, next_change};
use shared::crypto::{SecretKey, SoftProvider};
use shared::kinds::*;
use shared::list::{End, ListSpec};
use shared::money::Fen;
use shared::schema::arbitrary::Seeded;
use shared::schema::*;
use shared::seal::RecordKeys;
use shared::sync::{Answer, Ask, Exchange};
use shared::wire::{DeviceReport, WireChange};

const LUOCHENG: &str = "445381001";

fn number_of(kind: RecordKind, at: u128) -> RecordId {
    id(1_000 + 10 * u128::from(kind.number) + at)
}

/// What somebody of the staff writes at a device.
fn by_somebody(device: u8) -> ActorId {
    author(u32::from(device), Some(number_of(RecordKind::Staff, 0)), [9; 8])
}

/// Records of the kinds that no line below makes, with something in every field, whatever kinds there are.
fn of_other_kinds(canteen: &str) -> Vec<WireChange> {
    let (mut seeded, mut changes) = (Seeded(20_261_128), Vec::new());
    let others = ListSpec::at(End::Console).filter_map(|list| list.kind).filter(|kind| kind.author == Author::Desk);
    for kind in others.filter(|kind| !matches!(kind, RecordKind::Elder | RecordKind::Order)) {
        for at in 0..9 {
            let mut value = |field: &Field| match field.ty {
                FieldType::Reference(to) => Value::Text(number_of(to, at).to_string().into()),
                FieldType::Canteen => Value::Text(canteen.into()),
                FieldType::Division => Value::Text(LUOCHENG.into()),
                _ => seeded.value(field),
            };
            let fields: Fields = kind.fields.iter().map(|field| (field.name.into(), value(field))).collect();
            changes.push(wire_of(kind, number_of(kind, at), first_change(&by_somebody(1), &fields, NOON)));
        }
    }
    changes
}

/// The township keeps a file that another canteen asks for, and says why.
async fn decline(town: &Desk) {
    let request = held_by(town).await.into_iter().find(|change| change.kind == "transfer").unwrap();
    let said = [("answer", "declined"), ("reason", "人还在这里")].map(|(name, word)| (name.into(), Value::Text(word.into())));
    let bytes = next_change(&by_somebody(2), &[&request.bytes], &Fields::from(said), NOON).unwrap().bytes;
    assert_eq!(town.push(vec![WireChange { bytes, ..request }]).await, []);
}

/// A house in which something of everything has happened: orders with all that can stand on them, a photo, a conflict.
/// Gives the canteen, an order with a receipt and the photo's hash.
pub(super) async fn lived_in(house: &House) -> (String, RecordId, String) {
    let crypto = SoftProvider::new();
    let here = canteen_of(house, "罗城街道长者饭堂", LUOCHENG);
    house.server.add_operator("银龄助餐服务中心", Some("91445300MA4W0001XY"), Some("0766-8812345")).unwrap();
    house.server.name_operator(&here, "银龄助餐服务中心").unwrap();
    house.server.add_price(&here, Meal::Lunch, "普通餐", Fen(1_200)).unwrap();
    let (desk, town) = (house.desk_at(&here).await, house.desk_in(LUOCHENG).await);
    let key = SecretKey::draw(&crypto);
    let mut keys = RecordKeys::default();
    keys.add(&crypto, key.clone());
    let picture = keys.seal_photo(&crypto, id(1), b"a picture").unwrap();
    let hash: [u8; 32] = Sha256::digest(&picture).into();

    let mut who = elder(Some(&here), "445381001008");
    who.birth_date = "1944-03-05".parse().ok();
    let mut late = order(&here, id(1));
    late.platform_number = Some("8200-1".into());
    (late.state, late.note, late.supplement_reason) = (OrderState::LeftAtDoor, Some("敲门".into()), Some("终端故障".into()));
    let mut missed = order(&here, id(1));
    (missed.number, missed.state, missed.reason) = ("1-0028".into(), OrderState::NotDelivered, Some(NotDeliveredReason::NobodyHome));
    let mut paper = receipt(&here, id(2), &[&hex::encode(hash)]);
    paper.note = Some("已放好".into());
    let file = first(1, id(1), &who);
    let edit = |number: u8, birth: &str, byte: u8| {
        let phone = Value::Bytes([vec![1], vec![byte; 60]].concat());
        let said = Fields::from([("birth_date".into(), Value::Text(birth.into())), ("phone".into(), phone)]);
        wire_of(RecordKind::Elder, id(1), next_change(&by_somebody(number), &[&file.bytes], &said, NOON).unwrap())
    };
    assert_eq!(desk.push(of_other_kinds(&here)).await, []);
    let report = DeviceReport { unsent: 1, unsent_photos: 1, refused: 1, version: "0.1.0".into(), agrees: true };
    let changes = vec![
        wire_of(RecordKind::Disclosure, id(77), first_change(&by_somebody(1), &disclosure(&here).to_fields(), NOON)),
        file.clone(),
        wrapped_key(&desk, id(1), LUOCHENG, &key),
        edit(1, "1945-03-05", 1),
        wire_of(RecordKind::Order, id(2), first_change(&by_somebody(1), &late.to_fields(), NOON)),
        first(1, id(3), &missed),
        first(1, id(2), &paper),
    ];
    assert_eq!(desk.exchanged(Exchange { changes, report, ..Exchange::default() }).await.refused, []);
    assert_eq!(town.push(vec![edit(2, "1946-03-05", 2)]).await, []);
    let beside = house.desk_at(&canteen_of(house, "第二饭堂", LUOCHENG)).await;
    assert_eq!(beside.push(vec![first(3, id(1), &who)]).await.len(), 1);
    decline(&town).await;
    // The second order for her lunch is doubtful, and counts.
    let doubt = held_by(&town).await.into_iter().find(|change| change.kind == "doubt").unwrap();
    let said = [("verdict", "counts"), ("note", "也给了她老伴")].map(|(name, word)| (name.into(), Value::Text(word.into())));
    let bytes = next_change(&by_somebody(2), &[&doubt.bytes], &Fields::from(said), NOON).unwrap().bytes;
    assert_eq!(town.push(vec![WireChange { bytes, ..doubt }]).await, []);
    let size = u32::try_from(picture.len()).unwrap();
    let put = Ask::PutPhoto { hash, size, at: 0, bytes: picture };
    assert_eq!(desk.ask(&put).await, Answer::PhotoHeld(size));
    (here, id(2), hex::encode(hash))
}
