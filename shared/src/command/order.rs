//! What comes back about orders: lines, boards, the ledger, one order with its history.

use super::DaySaid;
use super::{HandedOver, RouteOfDay};
use crate::fault::Fault;
use crate::kinds::{Meal, Mode, NotDeliveredReason, OrderState, ReceivedBy, Seen};
use crate::money::Fen;
use crate::schema::RecordId;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// A saved order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OrderTaken {
    /// The order.
    pub id: RecordId,
    /// Its number.
    pub number: String,
}

/// An order in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OrderSummary {
    /// The order.
    pub id: RecordId,
    /// Its number.
    pub number: String,
    /// The elder.
    pub elder: RecordId,
    /// 姓名
    pub name: String,
    /// Village and address.
    pub address: String,
    /// The phone in full: the courier calls it.
    pub phone: String,
    /// 饮食禁忌
    pub diet: String,
    /// The day.
    pub date: Date,
    /// The meal.
    pub meal: Meal,
    /// How.
    pub mode: Mode,
    /// 餐品
    pub dish: String,
    /// 餐费
    pub price: Fen,
    /// 嘱咐
    pub note: String,
    /// Where it stands.
    pub state: OrderState,
    /// Since when.
    pub state_at: DateTime,
    /// Why not delivered.
    pub reason: Option<NotDeliveredReason>,
    /// When it was taken.
    pub taken_at: DateTime,
    /// 补录
    pub supplement: bool,
    /// The receipt, when there is one.
    pub receipt: Option<ReceiptSummary>,
    /// It asks for a receipt and has none.
    pub receipt_missing: bool,
    /// Not yet at the server.
    pub unsent: bool,
}

/// A receipt in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReceiptSummary {
    /// 送达时间
    pub arrived_at: DateTime,
    /// 记录时间
    pub recorded_at: DateTime,
    /// 谁收的
    pub received_by: Option<ReceivedBy>,
    /// 探访
    pub seen: Option<Seen>,
    /// 备注
    pub note: String,
    /// Hashes of the photos.
    pub photos: Vec<String>,
}

/// The board of a day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TodayBoard {
    /// The day.
    pub date: Date,
    /// Per meal: how many, how they are got, how far they are.
    pub meals: Vec<MealCount>,
    /// All orders of the day, by meal, then due ones first, then by number.
    pub orders: Vec<OrderSummary>,
    /// Those that are brought, as they are driven: by meal, by route, and as somebody put them.
    pub run: Vec<RecordId>,
    /// The canteen's routes, by name, with their orders of the day; what stands on none is on no route.
    #[serde(default)]
    pub routes: Vec<RouteOfDay>,
    /// What was handed over on the day, in turn.
    #[serde(default)]
    pub hand_overs: Vec<HandedOver>,
    /// Who eats by a standing meal today and has no order, since orders had closed when the computer was started: name and meal.
    #[serde(default)]
    pub unmade: Vec<String>,
    /// Why the canteen rests on that day; none where it works.
    #[serde(default)]
    pub rest: Option<String>,
    /// Of today's board: the days ahead on which the canteen rests and orders stand.
    #[serde(default)]
    pub resting: Vec<DaySaid>,
}

/// The count of one meal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MealCount {
    /// The meal.
    pub meal: Meal,
    /// Orders that stand (not cancelled).
    pub total: u32,
    /// 自取
    pub pick_up: u32,
    /// 自行配送
    pub own_delivery: u32,
    /// 第三方
    pub third_party: u32,
    /// Ended well or not.
    pub ended: u32,
    /// 未送达
    pub not_delivered: u32,
    /// Receipts missing.
    pub receipts_missing: u32,
    /// By dish, the most first.
    pub dishes: Vec<(String, u32)>,
}

/// A kept photo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PhotoKept {
    /// SHA-256 of what is stored, hex.
    pub hash: String,
    /// A small picture as a data URL.
    pub thumbnail: String,
    /// What is to be said of it though it was kept: the file was not whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Fault>,
}

/// One order with everything about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OrderView {
    /// The line.
    pub order: OrderSummary,
    /// 经手人
    pub taken_by: String,
    /// 补录原因
    pub supplement_reason: String,
    /// 第三方订单号
    pub platform_number: String,
    /// What happened to it, oldest first.
    pub history: Vec<TimelineEntry>,
}

/// One change of a record in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimelineEntry {
    /// When, by the device's clock.
    pub at: DateTime,
    /// 状态 已下单 → 已送达
    pub words: Vec<String>,
    /// Not yet at the server.
    pub unsent: bool,
    /// Who did it, where somebody had signed in and is known here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}
