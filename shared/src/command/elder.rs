//! What comes back about elders: a line of a list, a whole file, the form, the order's defaults.

use super::OrderSummary;
use crate::kinds::{Ability, Meal, Mode, Sex};
use crate::money::Fen;
use crate::schema::RecordId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One elder in a list of hits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ElderHit {
    /// The elder.
    pub id: RecordId,
    /// 姓名
    pub name: String,
    /// 性别
    pub sex: Option<Sex>,
    /// Years, today.
    pub age: Option<i16>,
    /// The village's short name.
    pub village: String,
    /// Last four of the ID number.
    pub id_tail: Option<String>,
    /// The phone, masked.
    pub phone: Option<String>,
    /// 需送餐
    pub delivery_need: bool,
    /// Number of an order that stands for the next meal.
    pub existing_order: Option<String>,
}

/// The file of an elder with what an order needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ElderView {
    /// The line of the list.
    pub hit: ElderHit,
    /// The form as it stands; the ID number is left out, phones and the other document are masked. Saved as they are, they stay.
    pub form: ElderForm,
    /// ID number, masked.
    pub id_number: Option<String>,
    /// 家属 phone, masked.
    pub emergency_phone: Option<String>,
    /// Full name of the village with its town.
    pub division: String,
    /// Name of the canteen and since when.
    pub binding: Option<(String, Option<Date>)>,
    /// Every canteen the elder was bound to, the latest first.
    pub bindings: Vec<BindingRow>,
    /// What is asked for about the file (转档申请) and not settled, in words: by another place, or from here.
    pub asked: Vec<String>,
    /// The state of the file, in Chinese, when it is not in use.
    pub not_active: Option<String>,
    /// What was ordered last.
    pub recent: Vec<OrderSummary>,
    /// What the order form starts with.
    pub defaults: OrderDefaults,
}

/// The numbers of an elder in full.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Revealed {
    /// 身份证号
    pub id_number: Option<String>,
    /// 电话, one or two, as the form has them.
    pub phone: String,
    /// 紧急联系人电话
    pub emergency_phone: String,
    /// 其他证件号
    pub other_document: String,
}

impl std::fmt::Debug for Revealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Revealed")
    }
}

/// Where an elder ate, from when to when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BindingRow {
    /// Name of the canteen, its code where the name is not known here.
    pub canteen: String,
    /// First day.
    pub since: Date,
    /// Last day; none while it stands.
    pub until: Option<Date>,
}

/// A canteen to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CanteenName {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// What the order form starts with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OrderDefaults {
    /// The day.
    pub date: Date,
    /// The meal.
    pub meal: Meal,
    /// How.
    pub mode: Mode,
    /// The dish ordered last, when it is still on the list.
    pub dish: Option<String>,
    /// 嘱咐 of the last order.
    pub note: String,
    /// What there is, by meal.
    pub dishes: Vec<Dish>,
}

/// A dish and its price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Dish {
    /// The meal it belongs to.
    pub meal: Meal,
    /// 软饭
    pub name: String,
    /// 12.00
    pub price: Fen,
}

/// The form of an elder's file, as typed.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ElderForm {
    /// 姓名
    pub name: String,
    /// 身份证号, may be empty; that of a file which has one stays and need not be said.
    pub id_number: String,
    /// 性别; follows from the ID number where there is one.
    pub sex: Option<Sex>,
    /// ISO date; follows from the ID number where there is one.
    pub birth_date: String,
    /// 电话, one or two.
    pub phone: String,
    /// 紧急联系人
    pub emergency_name: String,
    /// 紧急联系人电话
    pub emergency_phone: String,
    /// Village code.
    pub division: String,
    /// 住址
    pub address: String,
    /// 自理能力
    pub ability: Option<Ability>,
    /// 独居
    pub living_alone: bool,
    /// 送餐需求
    pub delivery_need: bool,
    /// 饮食禁忌
    pub diet: String,
    /// 备注
    pub note: String,
    /// 其他证件号: a passport, a permit, a disability card.
    pub other_document: String,
}

impl std::fmt::Debug for ElderForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ElderForm").field("name", &self.name).finish_non_exhaustive()
    }
}
