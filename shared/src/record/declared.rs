//! The declarations: every record type of the product, once. A field here is a field of the
//! document, a column of the table, a label on the form and a column in Excel.
//! Sources: requirements 000 (三)1, A1-A8 and B1-B2 of the requirements, 002 #31-33.

use super::value::{FieldValue, KeySet, TextValue};
use super::{Author, Column, Field, Fields, Malformed, Record, RecordId};
use crate::money::Fen;
use crate::rule::{id_number::IdNumber, phone::PhoneNumber};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// An enum that stands in documents as a code word and on screens as a Chinese word.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal $zh:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant),+ }
        impl $name {
            /// Every value, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The code word in documents, tables and scripts.
            #[must_use]
            pub fn code(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            /// The word on screens and in Excel.
            #[must_use]
            pub fn zh(self) -> &'static str { match self { $(Self::$variant => $zh),+ } }
            /// The value of a code word.
            #[must_use]
            pub fn of_code(code: &str) -> Option<Self> { match code { $($code => Some(Self::$variant),)+ _ => None } }
        }
        impl TextValue for $name {
            fn to_text(&self) -> String { self.code().to_owned() }
            fn of_text(text: &str) -> Option<Self> { Self::of_code(text) }
        }
        impl std::str::FromStr for $name {
            type Err = Malformed;
            fn from_str(text: &str) -> Result<Self, Malformed> { Self::of_code(text).ok_or_else(|| Malformed::new(stringify!($name))) }
        }
    };
}

macro_rules! column_of {
    (Integer) => {
        Column::Integer
    };
    (Set) => {
        Column::Set
    };
    (Text) => {
        Column::Text
    };
    (Id) => {
        Column::Id
    };
}

/// Declares a record type. After the type: its column, its label, then `required` or `optional`,
/// then `sealed` or `open`.
macro_rules! record {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $kind:ty, $column:ident, $label:literal, $need:ident, $seal:ident;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name { $($(#[$fdoc])* pub $field: $kind),+ }
        impl Record for $name {
            const KIND: RecordKind = RecordKind::$name;
            const FIELDS: &'static [Field] = &[$(Field {
                name: stringify!($field), label: $label,
                required: flag!($need), sealed: flag!($seal), column: column_of!($column),
            }),+];
            fn to_fields(&self) -> Fields {
                let mut fields = Fields::new();
                $(self.$field.put(stringify!($field), &mut fields);)+
                fields
            }
            fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
                Ok(Self { $($field: FieldValue::take(stringify!($field), fields)?),+ })
            }
        }
        impl std::fmt::Debug for $name {
            /// Sealed fields stay out of logs.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let mut shown = f.debug_struct(stringify!($name));
                $(if flag!($seal) { shown.field(stringify!($field), &"…"); } else { shown.field(stringify!($field), &self.$field); })+
                shown.finish()
            }
        }
    };
}
macro_rules! flag {
    (required) => {
        true
    };
    (optional) => {
        false
    };
    (sealed) => {
        true
    };
    (open) => {
        false
    };
}

words! {
    /// The kinds of record; the code word names the table as well.
    RecordKind {
        Operator = "operator" "运营商", Canteen = "canteen" "饭堂", Elder = "elder" "长者",
        Binding = "binding" "绑定", MenuPrice = "menu_price" "餐品价格", Order = "meal_order" "订单",
        Receipt = "receipt" "回单", Device = "device" "设备", Account = "account" "账号",
        Division = "division" "行政区划", ElderKey = "elder_key" "长者密钥",
    }
}

impl RecordKind {
    /// The declared fields of the kind.
    #[must_use]
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Operator => Operator::FIELDS,
            Self::Canteen => Canteen::FIELDS,
            Self::Elder => Elder::FIELDS,
            Self::Binding => Binding::FIELDS,
            Self::MenuPrice => MenuPrice::FIELDS,
            Self::Order => Order::FIELDS,
            Self::Receipt => Receipt::FIELDS,
            Self::Device => Device::FIELDS,
            Self::Account => Account::FIELDS,
            Self::Division => Division::FIELDS,
            // No document and no row: a key in parcels (`shared::seal`), under the id of its elder.
            Self::ElderKey => &[],
        }
    }

    /// Whether records of the kind are documents, each with a row in the kind's table.
    #[must_use]
    pub fn has_row(self) -> bool {
        !self.fields().is_empty()
    }

    /// Who may author changes of the kind.
    #[must_use]
    pub fn author(self) -> Author {
        match self {
            Self::Elder | Self::Binding | Self::Order | Self::Receipt | Self::ElderKey => Author::Desk,
            Self::Operator | Self::Canteen | Self::MenuPrice | Self::Device | Self::Division => Author::Centre,
            Self::Account => Author::Server,
        }
    }
}

words! {
    /// 餐次
    Meal { Breakfast = "breakfast" "早餐", Lunch = "lunch" "午餐", Dinner = "dinner" "晚餐" }
}
words! {
    /// 怎么拿: how a meal reaches the elder (requirement A2).
    Mode { PickUp = "pick_up" "自取", OwnDelivery = "own_delivery" "自行配送", ThirdParty = "third_party" "第三方" }
}
words! {
    /// Where an order stands. Delivered, left at the door and not delivered need a delivery; picked up a pick-up.
    OrderState {
        Placed = "placed" "已下单", Prepared = "prepared" "已备餐", Out = "out" "配送中",
        Delivered = "delivered" "已送达", LeftAtDoor = "left_at_door" "放门口",
        NotDelivered = "not_delivered" "未送达", PickedUp = "picked_up" "已取餐", Cancelled = "cancelled" "已取消",
    }
}
words! {
    /// Why a meal was not delivered (requirement A6).
    NotDeliveredReason {
        NobodyHome = "nobody_home" "无人在家", Refused = "refused" "拒收",
        NotReady = "not_ready" "餐未备好", WrongAddress = "wrong_address" "地址不对", Other = "other" "其他",
    }
}
words! {
    /// 自理能力
    Ability { Independent = "independent" "自理", Partial = "partial" "半失能", Dependent = "dependent" "失能" }
}
words! {
    /// Whether an elder's file is in use.
    ElderStatus { Active = "active" "在册", Deceased = "deceased" "已故", Moved = "moved" "迁出", Withdrawn = "withdrawn" "已撤回" }
}
words! {
    /// 性别
    Sex { Female = "female" "女", Male = "male" "男" }
}
words! {
    /// Who took the meal at the door.
    ReceivedBy { Elder = "elder" "本人收到", Family = "family" "家人代收", Door = "door" "放门口" }
}
words! {
    /// 看到老人了吗 (requirement B5)
    Seen { Well = "well" "看到，一切正常", Concern = "concern" "看到，需要关注", Unseen = "unseen" "没看到" }
}
words! {
    /// What an account or a device may see.
    Level { City = "city" "市", County = "county" "县市区", Town = "town" "镇街", Canteen = "canteen" "饭堂" }
}

record! {
    /// 行政区划, from county to village, with the time it is valid and the code that follows it (requirement E7).
    Division {
        /// 6, 9 or 12 digits.
        code: String, Text, "代码", required, open;
        name: String, Text, "名称", required, open;
        /// The code of the division above; none for a city.
        parent: Option<String>, Text, "上级", optional, open;
        valid_from: Date, Text, "启用日期", required, open;
        valid_to: Option<Date>, Text, "停用日期", optional, open;
        successor: Option<String>, Text, "接续代码", optional, open;
    }
}
record! {
    /// 运营商: who runs canteens (002 #31).
    Operator {
        name: String, Text, "名称", required, open;
        licence: Option<String>, Text, "统一社会信用代码", optional, open;
        phone: Option<String>, Text, "电话", optional, open;
    }
}
record! {
    /// 饭堂. `code` is the centre's short name for it, `division` its town or village.
    Canteen {
        code: String, Text, "编号", required, open;
        name: String, Text, "名称", required, open;
        division: String, Text, "所在区划", required, open;
        operator: Option<RecordId>, Id, "运营商", optional, open;
        /// Orders for a meal are due before these times, `HH:MM`.
        cut_off_breakfast: String, Text, "早餐截单", required, open;
        cut_off_lunch: String, Text, "午餐截单", required, open;
        cut_off_dinner: String, Text, "晚餐截单", required, open;
        /// Hours in which a receipt may be changed freely (requirement A7).
        receipt_free_hours: i64, Integer, "回单可改小时", required, open;
    }
}
record! {
    /// 长者. An elder with an ID number has an id derived from it, so that two offices meet in one file.
    Elder {
        name: String, Text, "姓名", required, open;
        id_number: Option<IdNumber>, Text, "身份证号", optional, sealed;
        sex: Option<Sex>, Text, "性别", optional, open;
        birth_date: Option<Date>, Text, "出生日期", optional, open;
        phone: Option<PhoneNumber>, Text, "电话", optional, sealed;
        second_phone: Option<PhoneNumber>, Text, "第二电话", optional, sealed;
        emergency_name: Option<String>, Text, "紧急联系人", optional, open;
        emergency_phone: Option<PhoneNumber>, Text, "紧急联系人电话", optional, sealed;
        /// Village code of 12 digits; the town's 9 while the village is not known.
        division: String, Text, "村社区", required, open;
        address: Option<String>, Text, "住址", optional, sealed;
        ability: Option<Ability>, Text, "自理能力", optional, sealed;
        living_alone: bool, Integer, "独居", optional, open;
        delivery_need: bool, Integer, "送餐需求", optional, open;
        diet: Option<String>, Text, "饮食禁忌", optional, open;
        note: Option<String>, Text, "备注", optional, open;
        /// Code of the canteen the elder eats at now; the history stands in the bindings.
        canteen: Option<String>, Text, "绑定饭堂", optional, open;
        status: ElderStatus, Text, "状态", required, open;
        /// What the office's last list said, as a JSON object by field: a value that differs from
        /// it was changed in the field and is never overwritten silently.
        listed: Option<String>, Text, "名单原值", optional, sealed;
    }
}
record! {
    /// 绑定: which canteen an elder ate at, from when to when.
    Binding {
        elder: RecordId, Id, "长者", required, open;
        canteen: String, Text, "饭堂", required, open;
        since: Date, Text, "起", required, open;
        until: Option<Date>, Text, "止", optional, open;
    }
}
record! {
    /// 餐品价格 of a canteen (requirement A10).
    MenuPrice {
        canteen: String, Text, "饭堂", required, open;
        meal: Meal, Text, "餐次", required, open;
        name: String, Text, "餐品", required, open;
        price: Fen, Integer, "价格", required, open;
        valid_from: Date, Text, "起", required, open;
        valid_to: Option<Date>, Text, "止", optional, open;
    }
}
record! {
    /// 订单: one meal for one elder (requirements A1, A2, A4).
    Order {
        /// Short, unique per device, safe to read over a phone.
        number: String, Text, "订单号", required, open;
        elder: RecordId, Id, "长者", required, open;
        /// The elder's name when the order was taken: the ledger is read when the file has long gone to another canteen.
        elder_name: Option<String>, Text, "姓名", optional, open;
        canteen: String, Text, "饭堂", required, open;
        date: Date, Text, "日期", required, open;
        meal: Meal, Text, "餐次", required, open;
        mode: Mode, Text, "怎么拿", required, open;
        dish: Option<String>, Text, "餐品", optional, open;
        price: Fen, Integer, "餐费", required, open;
        note: Option<String>, Text, "嘱咐", optional, open;
        state: OrderState, Text, "状态", required, open;
        reason: Option<NotDeliveredReason>, Text, "未送达原因", optional, open;
        /// When the state was reached, by the device's clock.
        state_at: DateTime, Text, "状态时间", required, open;
        taken_at: DateTime, Text, "下单时间", required, open;
        /// The person at the desk.
        taken_by: Option<String>, Text, "经手人", optional, open;
        /// Why it was written after the cut-off or later: 补录.
        supplement_reason: Option<String>, Text, "补录原因", optional, open;
        platform_number: Option<String>, Text, "第三方订单号", optional, open;
    }
}
record! {
    /// 回单: what the courier brings back for an order (requirement A7). Its id is the order's id.
    Receipt {
        order: RecordId, Id, "订单", required, open;
        canteen: String, Text, "饭堂", required, open;
        arrived_at: DateTime, Text, "送达时间", required, open;
        /// When it was written, by the device's clock; the server keeps its own time beside it.
        recorded_at: DateTime, Text, "记录时间", required, open;
        received_by: Option<ReceivedBy>, Text, "谁收的", optional, open;
        seen: Option<Seen>, Text, "探访", optional, open;
        note: Option<String>, Text, "备注", optional, open;
        /// Content hashes (SHA-256, hex) of the photos as stored.
        photos: KeySet, Set, "照片", optional, open;
    }
}
record! {
    /// 设备 as the centre knows it; its key is kept apart.
    Device {
        /// The number that opens every order number of the device.
        number: i64, Integer, "设备号", required, open;
        name: String, Text, "名称", required, open;
        canteen: Option<String>, Text, "饭堂", optional, open;
        division: String, Text, "区划", required, open;
        revoked: bool, Integer, "已停用", optional, open;
    }
}
record! {
    /// 账号 of the console; its password hash is kept apart.
    Account {
        name: String, Text, "账号", required, open;
        role: Level, Text, "角色", required, open;
        division: String, Text, "区划", required, open;
        disabled: bool, Integer, "已停用", optional, open;
    }
}
