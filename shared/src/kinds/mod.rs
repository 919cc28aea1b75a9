//! The kinds of record of the product: one file a noun, each declared once; and the list of them. What follows from a
//! declaration stands in `crate::schema`. A new kind is its file and a line in the list here.

mod account;
mod alarm;
mod audit;
mod binding;
mod calendar_day;
mod canteen;
mod concern;
mod conflict;
mod device;
mod disclosure;
mod division;
mod doubt;
mod elder;
mod elder_key;
mod food_sample;
mod hand_over;
mod kitchen_check;
mod kitchen_count;
mod menu_day;
mod menu_item;
mod menu_price;
mod notice;
mod operator;
mod order;
mod order_batch;
mod receipt;
mod route;
mod staff;
mod standing_meal;
mod stop;
mod transfer;

pub use account::{Account, AccountState, Level, Role};
pub use alarm::{ALARMS, Alarm};
pub use audit::{AUDIT, AuditDetail, AuditEvent, AuditResult};
pub use binding::Binding;
pub use calendar_day::{CALENDAR_DAYS, CalendarDay, Opening};
pub use canteen::{CANTEENS, Canteen};
pub use concern::{CONCERNS, Concern, ConcernOutcome};
pub use conflict::CONFLICTS;
pub use device::{DEVICES, Device};
pub use disclosure::{DISCLOSURES, Disclosure, DisclosureAct, DisclosureReason, EXPORTS, ExportState};
pub use division::Division;
pub use doubt::{DOUBTS, Doubt, DoubtReason, DoubtVerdict};
pub use elder::{Ability, ELDERS, Elder, ElderStatus, Sex};
pub use food_sample::{FOOD_SAMPLES, FoodSample};
pub use hand_over::{HAND_OVERS, HandOver};
pub use kitchen_check::{CheckOf, CheckResult, KITCHEN_CHECKS, KitchenCheck};
pub use kitchen_count::{KITCHEN_COUNTS, KitchenCount};
pub use menu_day::{MENU_DAYS, MenuDay};
pub use menu_item::{Course, MENU_ITEMS, MenuItem, Suits};
pub use menu_price::{MenuPrice, PRICES};
pub use notice::{Notice, NoticeOf};
pub use operator::{OPERATORS, Operator};
pub use order::{Meal, Mode, NotDeliveredReason, ORDERS, Order, OrderOrigin, OrderState};
pub use order_batch::{ORDER_BATCHES, OrderBatch};
pub use receipt::{Receipt, ReceivedBy, Seen};
pub use route::{ROUTES, Route};
pub use staff::{STAFF, Staff, StaffRole};
pub use standing_meal::{STANDING_FORM, STANDING_MEALS, StandingMeal};
pub use stop::{STOPS, Stop};
pub use transfer::{TRANSFERS, Transfer, TransferAnswer, TransferSide};

use crate::form::FormSpec;
use crate::list::ListSpec;
use crate::schema::{Kind, Label};

macro_rules! kinds {
    ($($name:ident = $file:ident),+ $(,)?) => {
        /// The kinds of record that this program knows.
        #[allow(missing_docs)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RecordKind { $($name),+ }
        impl RecordKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
            /// What is declared of it.
            #[must_use]
            pub const fn declared(self) -> &'static Kind { match self { $(Self::$name => &$file::DECLARED),+ } }
        }
    };
}

kinds! {
    Operator = operator,
    Canteen = canteen,
    Elder = elder,
    Binding = binding,
    MenuPrice = menu_price,
    Order = order,
    Receipt = receipt,
    Device = device,
    Account = account,
    Division = division,
    ElderKey = elder_key,
    MenuItem = menu_item,
    MenuDay = menu_day,
    Transfer = transfer,
    Doubt = doubt,
    Staff = staff,
    Disclosure = disclosure,
    Notice = notice,
    StandingMeal = standing_meal,
    OrderBatch = order_batch,
    KitchenCount = kitchen_count,
    FoodSample = food_sample,
    KitchenCheck = kitchen_check,
    CalendarDay = calendar_day,
    Concern = concern,
    Route = route,
    Stop = stop,
    HandOver = hand_over,
}

/// The lists that desks offer; the console offers most of them as well. Those with a place in a menu are screens by themselves.
pub static LISTS_OF_DESKS: &[&ListSpec] = &[
    &ORDERS,
    &ELDERS,
    &STANDING_MEALS,
    &ORDER_BATCHES,
    &CONCERNS,
    &ROUTES,
    &STOPS,
    &HAND_OVERS,
    &KITCHEN_COUNTS,
    &FOOD_SAMPLES,
    &KITCHEN_CHECKS,
    &CANTEENS,
    &OPERATORS,
    &PRICES,
    &MENU_ITEMS,
    &MENU_DAYS,
    &CALENDAR_DAYS,
    &TRANSFERS,
    &DOUBTS,
    &STAFF,
    &DISCLOSURES,
];

/// The lists that the console offers. Apart, since no page carries what it never shows.
pub static LISTS_OF_CONSOLE: &[&ListSpec] = &[
    &ORDERS,
    &ELDERS,
    &STANDING_MEALS,
    &ORDER_BATCHES,
    &CANTEENS,
    &OPERATORS,
    &PRICES,
    &DEVICES,
    &CONFLICTS,
    &MENU_ITEMS,
    &MENU_DAYS,
    &TRANSFERS,
    &DOUBTS,
    &STAFF,
    &DISCLOSURES,
    &EXPORTS,
    &AUDIT,
    &ALARMS,
];

/// The lists of the product.
pub static LISTS: &[&ListSpec] = &[
    &ORDERS,
    &ELDERS,
    &STANDING_MEALS,
    &ORDER_BATCHES,
    &CONCERNS,
    &ROUTES,
    &STOPS,
    &HAND_OVERS,
    &KITCHEN_COUNTS,
    &FOOD_SAMPLES,
    &KITCHEN_CHECKS,
    &CANTEENS,
    &OPERATORS,
    &PRICES,
    &DEVICES,
    &CONFLICTS,
    &MENU_ITEMS,
    &MENU_DAYS,
    &CALENDAR_DAYS,
    &TRANSFERS,
    &DOUBTS,
    &STAFF,
    &DISCLOSURES,
    &EXPORTS,
    &AUDIT,
    &ALARMS,
];

/// The forms by which records of lists are made and changed at a desk. Apart from the lists, since pages that only show them do not carry forms.
pub static FORMS: &[&FormSpec] = &[
    &menu_item::FORM,
    &menu_day::FORM,
    &transfer::FORM,
    &doubt::FORM,
    &staff::FORM,
    &food_sample::FORM,
    &kitchen_check::FORM,
    &calendar_day::FORM,
    &concern::FORM,
    &route::FORM,
    &hand_over::FORM,
];

/// The heading in menus under which stands what is ordered ahead.
pub const MEALS: Label = Label::new("订餐", "Ordering");
/// The heading under which stands how meals are brought.
pub const DELIVERY: Label = Label::new("配送", "Delivery");
/// The heading under which stands what the kitchen writes.
pub const KITCHEN: Label = Label::new("厨房", "Kitchen");
/// The heading in menus under which lists of files stand.
const FILES: Label = Label::new("资料", "Files");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Author, Column, Content, FieldType, IdFrom, KindId, MAX_CODE, PLACING, Scope, SealedUnder};
    use std::collections::BTreeSet;

    #[test]
    fn code_words_and_numbers_name_one_kind_each() {
        let codes: BTreeSet<&str> = RecordKind::ALL.iter().map(|kind| kind.code()).collect();
        let numbers: BTreeSet<u8> = RecordKind::ALL.iter().map(|kind| kind.number).collect();
        assert_eq!((codes.len(), numbers.len()), (RecordKind::ALL.len(), RecordKind::ALL.len()));
        assert!(RecordKind::ALL.iter().all(|kind| KindId::of_code(kind.code()) == Some(KindId::Known(*kind))));
    }

    /// They stand in statements as they are.
    #[test]
    fn names_are_plain_words() {
        let plain = |name: &str| {
            name.len() <= MAX_CODE
                && name.starts_with(|letter: char| letter.is_ascii_lowercase())
                && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
        };
        for kind in RecordKind::ALL {
            assert!(plain(kind.code), "{kind:?}");
            for field in kind.fields {
                // Every table has columns of these names by itself.
                assert!(plain(field.name) && !["id", "seq"].contains(&field.name), "{kind:?}.{}", field.name);
            }
        }
    }

    #[test]
    fn declarations_name_only_what_is_there() {
        for kind in RecordKind::ALL {
            let has = |name: &str| kind.field(name).is_some();
            let names: BTreeSet<&str> = kind.fields.iter().map(|field| field.name).collect();
            assert_eq!(names.len(), kind.fields.len(), "{kind:?}: a name stands twice");
            assert_eq!(kind.has_row(), !kind.fields.is_empty(), "{kind:?}");
            if let IdFrom::Field(name) = kind.id {
                assert!(has(name), "{kind:?}: no field {name}");
            }
            for name in kind.titled_by.iter().flat_map(|together| together.split([' ', '|'])).filter(|_| kind.content == Content::Document)
            {
                assert!(has(name), "{kind:?}: titled by {name}");
            }
            for name in [kind.desk_indexes, kind.server_indexes].concat().concat() {
                let field = kind.field(name);
                // An index has room for the head of a text only, and the server's rows hold nothing of what is sealed.
                let fits = field.is_some_and(|field| !field.is_sealed() && (field.key || field.ty.column() != Column::Text));
                assert!(fits, "{kind:?}: an index by {name}");
            }
            for field in kind.fields {
                let what = format!("{kind:?}.{}", field.name);
                assert!(field.ty != FieldType::Id, "{what} refers to no kind");
                assert!(!field.label.zh.is_empty() && !field.label.en.is_empty(), "{what}");
                if let Some((other, code)) = field.only_with {
                    let words = kind.field(other).map(|other| other.ty);
                    assert!(matches!(words, Some(FieldType::Words(words)) if words.label(code).is_some()), "{what}");
                }
                match field.sealed {
                    Some(SealedUnder::Named(owner)) => {
                        let refers = kind.field(owner).map(|owner| owner.ty);
                        assert!(matches!(refers, Some(FieldType::Reference(_))), "{what} is sealed under nobody");
                    }
                    Some(SealedUnder::Itself) => assert_eq!(kind.key_owner(), None, "{what}: one key a record"),
                    None => {}
                }
                assert!(field.sealed.is_none() || matches!(field.ty.column(), Column::Text), "{what}: only texts are sealed");
                assert!(field.sealed.is_none() || !field.key, "{what}: nobody looks for what is sealed");
            }
        }
    }

    #[test]
    fn what_is_seen_where_its_fields_say_has_such_fields_of_their_types() {
        for kind in RecordKind::ALL {
            let placing = kind.fields.iter().filter(|field| PLACING.contains(&field.name));
            let fits = |ty| matches!(ty, FieldType::Canteen | FieldType::Division);
            match kind.scope {
                Scope::Named => assert!(placing.clone().count() > 0 && placing.clone().all(|field| fits(field.ty)), "{kind:?}"),
                Scope::With(owner) => assert!(owner.scope == Scope::Named, "{kind:?}"),
                Scope::Everybody => {
                    assert!(kind.fields.iter().all(|field| !field.is_sealed()), "{kind:?} is everybody's");
                    // Who writes one is judged by the place that it names, and nobody is asked about another place's.
                    let by_desks = kind.author != Author::Centre;
                    assert!(!by_desks || placing.clone().count() > 0 && placing.clone().all(|field| fits(field.ty)), "{kind:?}");
                    assert!(!by_desks || !kind.is_asked(), "{kind:?}");
                }
                Scope::Server => {}
            }
        }
    }
}
