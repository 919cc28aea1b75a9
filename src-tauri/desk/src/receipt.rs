//! 回单: arrival, who took the meal, photos, and the outcome of the order in the same act.

use crate::desk::Inner;
use crate::fault::missing;
use crate::journal::Mutation;
use crate::order::{outcome_mutation, summary};
use crate::store;
use shared::command::{OrderSummary, SaveReceipt};
use shared::fault::{Code, Fault};
use shared::kinds::{OrderState, Receipt, RecordKind};
use shared::rule::{order::step, receipt as rule};
use shared::schema::{FieldValue, Fields, KeySet, Value};

impl Inner {
    /// Writes or completes the receipt of an order and its outcome in one act.
    pub(crate) fn save_receipt(&self, ask: &SaveReceipt) -> Result<OrderState, Fault> {
        let order = summary(self, ask.order.ok_or_else(|| missing("订单"))?)?;
        let now = self.clock.now();
        let state = ask.state.unwrap_or(order.state);
        let mut acts = Vec::new();
        if state != order.state || ask.reason.is_some_and(|reason| order.reason != Some(reason)) {
            step(order.mode, order.state, state, ask.reason)?;
            acts.push(outcome_mutation(&order, state, ask.reason, ask.arrived_at.unwrap_or(now).min(now)));
        }
        if let Some(act) = self.receipt_mutation(ask, &order)? {
            acts.push(act);
        }
        if !acts.is_empty() {
            self.commit(&acts)?;
        }
        Ok(state)
    }

    fn receipt_mutation(&self, ask: &SaveReceipt, order: &OrderSummary) -> Result<Option<Mutation>, Fault> {
        let now = self.clock.now();
        for hash in &ask.photos {
            if !self.photo_path(hash, false).is_some_and(|path| path.is_file()) {
                return Err(Fault::new(Code::NotFound, "有一张照片不在这台电脑上。", "请重新选择那张照片。"));
            }
        }
        let photos: KeySet = ask.photos.iter().cloned().collect();
        let Some(standing) = &order.receipt else {
            if photos.len() > rule::MAX_PHOTOS {
                return Err(rule::ReceiptRefusal::TooManyPhotos.into());
            }
            // Nobody was met and nothing is to be shown: the outcome alone says it.
            let Some(arrived_at) = ask.arrived_at else { return Ok(None) };
            rule::arrival(order.date, arrived_at, now)?;
            let (_, _, _, canteen) = self.read(|store| store::order::particulars(store, order.id))?;
            let receipt = Receipt {
                order: order.id,
                canteen,
                arrived_at,
                recorded_at: now,
                received_by: ask.received_by,
                seen: ask.seen,
                note: Some(ask.note.trim().to_owned()).filter(|note| !note.is_empty()),
                photos,
            };
            return Ok(Some(Mutation::create(order.id, &receipt)));
        };
        let changes = self.receipt_changes(ask, order, standing, &photos, now)?;
        Ok((!changes.is_empty()).then(|| Mutation::edit(RecordKind::Receipt, order.id, changes)))
    }

    fn receipt_changes(
        &self,
        ask: &SaveReceipt,
        order: &OrderSummary,
        standing: &shared::command::ReceiptSummary,
        photos: &KeySet,
        now: jiff::civil::DateTime,
    ) -> Result<Fields, Fault> {
        let mut changes = Fields::new();
        if let Some(arrived_at) = ask.arrived_at.filter(|at| *at != standing.arrived_at) {
            rule::arrival(order.date, arrived_at, now)?;
            arrived_at.put("arrived_at", &mut changes);
        }
        if let Some(received_by) = ask.received_by.filter(|by| Some(*by) != standing.received_by) {
            received_by.put("received_by", &mut changes);
        }
        if let Some(seen) = ask.seen.filter(|seen| Some(*seen) != standing.seen) {
            seen.put("seen", &mut changes);
        }
        let note = ask.note.trim();
        if !note.is_empty() && note != standing.note {
            note.to_owned().put("note", &mut changes);
        }
        let added: KeySet = photos.iter().filter(|hash| !standing.photos.contains(hash)).cloned().collect();
        if standing.photos.len() + added.len() > rule::MAX_PHOTOS {
            return Err(rule::ReceiptRefusal::TooManyPhotos.into());
        }
        added.put("photos", &mut changes);
        if changes.values().any(|value| *value != Value::Null) {
            let (_, _, _, code) = self.read(|store| store::order::particulars(store, order.id))?;
            let free_hours = self.read(|store| store::master::canteen(store, &code))?.map_or(24, |canteen| canteen.receipt_free_hours);
            rule::change(standing.recorded_at, free_hours, now)?;
        }
        Ok(changes)
    }
}
