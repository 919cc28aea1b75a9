//! 备餐定份: the count of a meal as the kitchen got it. What came after it stands on the difference sheet (`rule::kitchen`).

use super::order::Meal;
use super::{KITCHEN, RecordKind};
use crate::list::{Direction, End, Filter, ListSpec, column};
use crate::schema::{FieldType, Kept, Label, Open, Purpose, record};
use jiff::civil::{Date, DateTime};

record! {
    /// 备餐定份 (programmes 5.3): which orders were counted for a meal, by dish and way, when and by whom. Another count of the meal is another record; nobody
    /// changes one. It names no elder: its orders do.
    KitchenCount "kitchen_count" 21 "备餐定份" "Kitchen count" [titled_by(&["date meal", "number"]), written_once, of_persons(Purpose::Meals, Kept::Voucher)];
    canteen: String, "饭堂" "Canteen" [is(FieldType::Canteen), derived, silent, other];
    date: Date, "日期" "Date" [derived, other];
    meal: Meal, "餐次" "Meal" [derived, other];
    /// The first of the meal is 1.
    number: i64, "第几次" "Number" [derived, other];
    made_at: DateTime, "定份时间" "Counted at" [derived, silent, other];
    /// The person at the desk.
    made_by: Option<String>, "经手人" "Clerk" [derived, identifying, purpose(Purpose::Accountability), open(Open::Shown)];
    portions: i64, "份数" "Portions" [derived, other];
    /// So many of a hundred are cooked beyond what is ordered.
    spare_percent: i64, "备份％" "Spare %" [derived, other];
    /// The orders, as `rule::kitchen::content` writes them.
    orders: String, "所含订单" "Orders" [is(FieldType::Data), derived, silent, other];
}

/// 备餐定份 of this place, the latest first.
pub static KITCHEN_COUNTS: ListSpec = ListSpec::new(
    "kitchen_counts",
    Label::new("备餐定份", "Kitchen counts"),
    RecordKind::KitchenCount,
    &[
        column("date"),
        column("meal"),
        column("canteen").wide(20),
        column("number"),
        column("made_at"),
        column("made_by"),
        column("portions"),
        column("spare_percent"),
    ],
)
.filters(&[Filter::Days("date"), Filter::One("meal")])
.order(&[("date", Direction::Down), ("made_at", Direction::Down)])
.ends(&[End::Desk])
.menu(KITCHEN, "bcdf df");
