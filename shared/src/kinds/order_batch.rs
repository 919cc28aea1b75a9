//! 订餐批次: orders that were made in one go, so that they are taken back in one go.

use super::order::OrderOrigin;
use super::{MEALS, RecordKind};
use crate::list::{Direction, Filter, ListSpec, column};
use crate::schema::{FieldType, Label, record};
use jiff::civil::{Date, DateTime};

record! {
    /// 订餐批次 (requirement A3): of a day of standing meals, of a month ordered ahead, of a day copied. It names nobody; its orders name it. That of standing
    /// meals has an id that follows from canteen and day, so that two desks that are apart make one.
    OrderBatch "order_batch" 20 "订餐批次" "Batch of orders" [titled_by(&["origin", "first_day"])];
    canteen: String, "饭堂" "Canteen" [is(FieldType::Canteen), derived, silent];
    origin: OrderOrigin, "怎么来的" "Made by" [derived];
    first_day: Date, "第一天" "First day" [derived];
    last_day: Date, "最后一天" "Last day" [derived];
    made_at: DateTime, "生成时间" "Made at" [derived, silent];
    /// How many orders were made with it.
    orders: i64, "订单数" "Orders" [derived, silent];
    undone_at: Option<DateTime>, "撤销时间" "Undone at" [derived];
}

/// 订餐批次 of this place, the latest first.
pub static ORDER_BATCHES: ListSpec = ListSpec::new(
    "order_batches",
    Label::new("订餐批次", "Batches of orders"),
    RecordKind::OrderBatch,
    &[
        column("made_at"),
        column("canteen").wide(20),
        column("origin").wide(14),
        column("first_day"),
        column("last_day"),
        column("orders"),
        column("undone_at"),
    ],
)
.filters(&[Filter::Days("first_day"), Filter::One("origin")])
.order(&[("made_at", Direction::Down)])
.menu(MEALS, "dcpc cx");
