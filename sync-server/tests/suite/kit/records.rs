//! Records as desks write them, filled in as far as the suite needs them.

use super::NOON;
use shared::crdt::{ActorId, RecordChange, first_change};
use shared::kinds::*;
use shared::money::Fen;
use shared::schema::*;
use shared::wire::WireChange;

pub fn id(number: u128) -> RecordId {
    RecordId::from_bytes(&number.to_be_bytes()).unwrap()
}

pub fn actor(number: u8) -> ActorId {
    ActorId::from([number; 16])
}

pub fn wire_of(kind: RecordKind, record: RecordId, change: RecordChange) -> WireChange {
    WireChange { kind: kind.code().into(), record: *record.0.as_bytes(), bytes: change.bytes }
}

pub fn first<R: Record>(by: u8, record: RecordId, what: &R) -> WireChange {
    wire_of(R::KIND, record, first_change(&actor(by), &what.to_fields(), NOON))
}

/// An elder without anything that would have to be sealed.
pub fn elder(canteen: Option<&str>, division: &str) -> Elder {
    Elder {
        name: "王桂英".into(),
        id_number: None,
        other_document: None,
        sex: Some(Sex::Female),
        birth_date: None,
        phone: None,
        second_phone: None,
        emergency_name: None,
        emergency_phone: None,
        division: division.into(),
        address: None,
        ability: None,
        living_alone: true,
        delivery_need: true,
        diet: None,
        note: None,
        canteen: canteen.map(Into::into),
        status: ElderStatus::Active,
        last_imported: None,
    }
}

pub fn order(canteen: &str, elder: RecordId) -> Order {
    let at = sync_server::civil(NOON);
    Order {
        number: "1-0010".into(),
        elder,
        elder_name: None,
        canteen: canteen.into(),
        date: at.date(),
        meal: Meal::Lunch,
        mode: Mode::OwnDelivery,
        dish: Some("软饭".into()),
        price: Fen(1200),
        note: None,
        state: OrderState::Placed,
        reason: None,
        state_at: at,
        taken_at: at,
        taken_by: Some("阿珍".into()),
        supplement_reason: None,
        platform_number: None,
        origin: Some(OrderOrigin::Standing),
        batch: None,
    }
}

pub fn receipt(canteen: &str, order: RecordId, photos: &[&str]) -> Receipt {
    let at = sync_server::civil(NOON);
    Receipt {
        order,
        canteen: canteen.into(),
        arrived_at: at,
        recorded_at: at,
        received_by: Some(ReceivedBy::Elder),
        seen: Some(Seen::Well),
        note: None,
        photos: photos.iter().map(|hash| (*hash).to_owned()).collect(),
    }
}

/// A cashier of a canteen.
pub fn cashier(canteen: &str) -> Staff {
    Staff {
        canteen: Some(canteen.into()),
        division: None,
        name: "王芳".into(),
        role: StaffRole::Cashier,
        disabled: false,
        pin_reset_at: None,
    }
}

/// So many elders of a canteen in Luocheng, half of them in one village.
pub fn people(canteen: &str, many: u64) -> Vec<WireChange> {
    let file = |at: u64| {
        let village = if at.is_multiple_of(2) { "445381001008" } else { "445381001001" };
        first(1, id(10_000 + u128::from(at)), &Elder { division: village.into(), ..elder(Some(canteen), "445381001") })
    };
    (0..many).map(file).collect()
}

/// What a desk of a canteen in Luocheng took out.
pub fn disclosure(canteen: &str) -> Disclosure {
    Disclosure {
        canteen: Some(canteen.into()),
        division: "445381001".into(),
        at: sync_server::civil(NOON),
        act: DisclosureAct::Exported,
        list: Some("elders".into()),
        elder: Some(id(1)),
        number: "7K3M-92QF".into(),
        rows: 12,
        persons: 12,
        unmasked: true,
        reason: Some(DisclosureReason::Inspection),
        note: Some("县里要的".into()),
        sha256: Some("ab".repeat(32)),
        device: 1,
        clerk: Some("阿珍".into()),
        second: Some("阿强".into()),
        chain: "c".into(),
        sequence: 1,
        before: String::new(),
        mac: "m".into(),
    }
}
