//! 订单: one meal for one elder.

use super::RecordKind;
use crate::list::{Direction, Filter, Join, ListSpec, When, column, first, unsent, when};
use crate::money::Fen;
use crate::schema::{FieldType, Kept, Label, Open, Purpose, RecordId, record, words};
use jiff::civil::{Date, DateTime};

words! {
    /// 餐次
    Meal { Breakfast = "breakfast" "早餐" "Breakfast", Lunch = "lunch" "午餐" "Lunch", Dinner = "dinner" "晚餐" "Dinner" }
}
words! {
    /// 怎么拿: how a meal reaches the elder (requirement A2).
    Mode { PickUp = "pick_up" "自取" "Pick-up", OwnDelivery = "own_delivery" "自行配送" "Own delivery", ThirdParty = "third_party" "第三方" "Third party" }
}
words! {
    /// Where an order stands. Delivered, left at the door and not delivered need a delivery; picked up a pick-up.
    OrderState {
        Placed = "placed" "已下单" "Placed", Prepared = "prepared" "已备餐" "Prepared", Out = "out" "配送中" "Out for delivery",
        Delivered = "delivered" "已送达" "Delivered", LeftAtDoor = "left_at_door" "放门口" "Left at the door",
        NotDelivered = "not_delivered" "未送达" "Not delivered", PickedUp = "picked_up" "已取餐" "Picked up",
        Cancelled = "cancelled" "已取消" "Cancelled",
    }
}
words! {
    /// Why a meal was not delivered (requirement A6).
    NotDeliveredReason {
        NobodyHome = "nobody_home" "无人在家" "Nobody home", Refused = "refused" "拒收" "Refused",
        NotReady = "not_ready" "餐未备好" "Meal not ready", WrongAddress = "wrong_address" "地址不对" "Wrong address", Other = "other" "其他" "Other",
    }
}
words! {
    /// How an order came to be, where nobody took it one by one (requirement A3).
    OrderOrigin { Standing = "standing" "固定订餐" "Standing meal", Month = "month" "月刷代点餐" "Ordered ahead", Copied = "copied" "照抄" "Copied from a day" }
}

record! {
    /// 订单 (requirements A1, A2, A4). It stays in the ledger of the canteen that took it, under the elder's name of then.
    Order "meal_order" 1 "订单" "Order" [titled_by(&["number", "elder_name|elder", "date meal"]), as_they_came, desk_indexes(&[&["date", "elder"]]), server_indexes(&[&["canteen", "date"], &["date", "elder"]]), of_persons(Purpose::Meals, Kept::Voucher)];
    /// Short, unique per device, safe to read over a phone.
    number: String, "订单号" "Order number" [derived, silent, nobody];
    elder: RecordId, "长者" "Elder" [refers(RecordKind::Elder), derived, silent, identifying, open(Open::Linked)];
    /// The elder's name when the order was taken: the ledger is read when the file has long gone to another canteen.
    elder_name: Option<String>, "姓名" "Name" [derived, silent, identifying, open(Open::Shown)];
    canteen: String, "饭堂" "Canteen" [is(FieldType::Canteen), derived, silent, other];
    date: Date, "日期" "Date" [other];
    meal: Meal, "餐次" "Meal" [other];
    mode: Mode, "怎么拿" "How" [other];
    dish: Option<String>, "餐品" "Dish" [other];
    price: Fen, "餐费" "Price" [money, purpose(Purpose::Settlement)];
    note: Option<String>, "嘱咐" "Instructions" [width(24), health, open(Open::Outlives)];
    state: OrderState, "状态" "State" [begins_with("placed"), other];
    /// Says why a meal was not delivered, and goes with the state that says that it was not.
    reason: Option<NotDeliveredReason>, "未送达原因" "Why not delivered" [only_with("state", "not_delivered"), other];
    /// When the state was reached, by the device's clock.
    state_at: DateTime, "状态时间" "State since" [derived, silent, other];
    taken_at: DateTime, "下单时间" "Taken at" [derived, silent, other];
    /// The person at the desk.
    taken_by: Option<String>, "经手人" "Clerk" [derived, identifying, purpose(Purpose::Accountability), open(Open::Shown)];
    /// Why it was written after the cut-off or later: 补录.
    supplement_reason: Option<String>, "补录原因" "Reason for late entry" [other, purpose(Purpose::Settlement)];
    platform_number: Option<String>, "第三方订单号" "Platform number" [width(20), nobody];
    /// None where somebody took it by itself.
    origin: Option<OrderOrigin>, "来源" "Origin" [derived, silent, other];
    /// With which others it was made. Gone where the whole batch was taken back: then it may be made anew.
    batch: Option<RecordId>, "批次" "Batch" [refers(RecordKind::OrderBatch), derived, silent, nobody];
}

/// 就餐台账 (requirement A8): orders with what their receipts and their elders' files say.
pub static ORDERS: ListSpec = ListSpec::new(
    "orders",
    Label::new("就餐台账", "Ledger"),
    RecordKind::Order,
    &[
        column("date"),
        column("number").wide(14),
        column("canteen").wide(20),
        first("name", &["elder_file.name", "elder_name"]),
        column("elder_file.id_number").exported().masked(),
        column("elder_file.phone").exported().masked(),
        column("elder_file.division").called("village").exported(),
        column("elder_file.address").exported().masked(),
        column("meal"),
        column("dish").wide(16),
        column("mode"),
        column("price").summed(&[When::Is("state", &["cancelled"]), DOUBTFUL]),
        column("note").exported(),
        column("elder_file.diet").exported().masked(),
        column("state"),
        column("state_at").exported(),
        column("reason").exported(),
        column("taken_at").exported(),
        column("taken_by").exported(),
        column("supplement_reason").exported(),
        column("platform_number").exported(),
        column("origin").exported(),
        column("receipt.arrived_at").exported(),
        column("receipt.received_by").exported(),
        column("receipt.seen").exported(),
        column("receipt.note").called("receipt_note").said(Label::new("回单备注", "Receipt note")).exported(),
        column("receipt.photos"),
        when("doubtful", Label::new("存疑", "Doubtful"), DOUBTFUL).alarming(),
        column("doubt.reason").called("doubt_reason").exported(),
        when("missing", Label::new("缺回单", "Receipt missing"), RECEIPT_MISSING).alarming(),
        when("supplement", Label::new("补录", "Late entry"), When::Filled("supplement_reason")),
        unsent(),
    ],
)
.joins(&[
    Join::named("elder_file", RecordKind::Elder, "elder"),
    Join::same_id("receipt", RecordKind::Receipt),
    Join::same_id("doubt", RecordKind::Doubt),
])
.about("elder")
.filters(&[
    Filter::Text {
        hint: Label::new("姓名、订单号", "Name, order number"), exact: &["number"], inside: &["name"], person: Some("elder")
    },
    Filter::Days("date"),
    Filter::One("meal"),
    Filter::One("mode"),
    Filter::One("state"),
    Filter::One("origin"),
    Filter::Yes("missing"),
    Filter::Yes("doubtful"),
])
.order(&[("date", Direction::Down), ("taken_at", Direction::Down), ("number", Direction::Down)])
.card("name");

/// As `rule::doubt::counts` says it of one order: it stands in no total.
const DOUBTFUL: When = When::All(&[When::Filled("doubt.reason"), When::None(&[When::Is("doubt.verdict", &["counts"])])]);

/// As `rule::order::needs_receipt` says it of one order.
const RECEIPT_MISSING: When =
    When::All(&[When::Is("mode", &["own_delivery"]), When::Is("state", &["delivered", "left_at_door"]), When::Without("receipt")]);
