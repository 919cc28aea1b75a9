//! 长者: the people who are served.

use super::RecordKind;
use crate::list::{Direction, End, Filter, ListSpec, When, age, column, told};
use crate::rule::{id_number::IdNumber, phone::PhoneNumber};
use crate::schema::{FieldType, Fields, IdFrom, Kept, Label, Open, Purpose, TextValue, Value, record, words};
use jiff::civil::Date;

words! {
    /// 自理能力
    Ability { Independent = "independent" "自理" "Independent", Partial = "partial" "半失能" "Partly dependent", Dependent = "dependent" "失能" "Dependent" }
}
words! {
    /// Whether an elder's file is in use.
    ElderStatus {
        Active = "active" "在册" "Active", Deceased = "deceased" "已故" "Deceased", Moved = "moved" "迁出" "Moved away",
        Withdrawn = "withdrawn" "已撤回" "Withdrawn",
    }
}
impl ElderStatus {
    /// What the fields of a file say of it.
    #[must_use]
    pub fn of(file: &Fields) -> Option<Self> {
        match file.get("status") {
            Some(Value::Text(word)) => Self::of_text(word),
            _ => None,
        }
    }
}
words! {
    /// 性别
    Sex { Female = "female" "女" "Female", Male = "male" "男" "Male" }
}

record! {
    /// 长者 (000 (三)1, requirement B1). One with an ID number has an id derived from it, so that two offices meet in one file; a canteen writes
    /// the files of its town's elders, wherever in the town they eat.
    Elder "elder" 3 "长者" "Elder" [id(IdFrom::Field("id_number")), of_the_town, desk_indexes(&[&["division"]]), server_indexes(&[&["division"]]), of_persons(Purpose::Meals, Kept::File)];
    name: String, "姓名" "Name" [identifying, open(Open::Shown), heard_as("长者姓名 老人姓名 老年人姓名 本人姓名 服务对象 服务对象姓名 对象姓名 名字 长者 老人 人员姓名 就餐人")];
    id_number: Option<IdNumber>, "身份证号" "ID number" [sealed, identifying, purpose(Purpose::Eligibility), heard_as("身份证 身份证号码 公民身份号码 公民身份证号 公民身份证号码 证件号 证件号码 身份号码 居民身份证 二代身份证号")];
    /// The number of a passport, a permit of Hong Kong, Macao or Taiwan, a disability card.
    other_document: Option<String>, "其他证件号" "Other document" [sealed, identifying, purpose(Purpose::Eligibility), heard_as("其他证件 其它证件号 护照 护照号 护照号码 残疾证号 残疾人证号 残疾证号码 残疾人证号码 通行证号 通行证号码 居住证号 港澳台居民居住证号 军官证号")];
    sex: Option<Sex>, "性别" "Sex" [width(6), other, heard_as("男女")];
    birth_date: Option<Date>, "出生日期" "Date of birth" [identifying, purpose(Purpose::Eligibility), open(Open::Age), heard_as("出生年月 出生年月日 生日 出生时间 出生")];
    phone: Option<PhoneNumber>, "电话" "Phone" [sealed, contact, heard_as("联系电话 手机 手机号 手机号码 电话号码 联系方式 本人电话 长者电话 老人电话 联系手机 移动电话 联系号码")];
    second_phone: Option<PhoneNumber>, "第二电话" "Second phone" [sealed, contact, heard_as("备用电话 其他电话 固定电话 座机 电话2 联系电话2 家庭电话 固话")];
    emergency_name: Option<String>, "紧急联系人" "Emergency contact" [sealed, family, purpose(Purpose::Emergency), heard_as("紧急联系人姓名 家属姓名 家属 监护人 监护人姓名 联系人 联系人姓名 子女姓名 亲属姓名 家庭联系人")];
    emergency_phone: Option<PhoneNumber>, "紧急联系人电话" "Emergency phone" [sealed, contact, purpose(Purpose::Emergency), heard_as("紧急联系电话 紧急电话 家属电话 家属联系电话 监护人电话 联系人电话 子女电话 亲属电话 紧急联系方式")];
    /// Village code of 12 digits; the town's 9 while the village is not known.
    division: String, "村社区" "Village" [is(FieldType::Division), location, open(Open::Placed), heard_as("村居 村 社区 所属村居 所属村 所属社区 所属村社区 所在村居 所在社区 村委 村居委会 村委会 居委会 行政村 村名 社区村")];
    address: Option<String>, "住址" "Address" [sealed, width(32), location, heard_as("地址 家庭住址 家庭地址 详细地址 居住地址 现住址 现居住地址 常住地址 常住地 送餐地址 居住地")];
    ability: Option<Ability>, "自理能力" "Ability" [sealed, health, purpose(Purpose::Care), heard_as("能力等级 能力评估 生活自理能力 身体状况 失能情况 失能等级 评估等级 自理情况 能力评估等级 失能程度 健康状况")];
    living_alone: bool, "独居" "Living alone" [family, purpose(Purpose::Care), open(Open::Followed), heard_as("是否独居 独居情况 居住情况 居住状况 独居老人 居住方式")];
    delivery_need: bool, "送餐需求" "Needs delivery" [other, heard_as("送餐 是否送餐 需送餐 需要送餐 是否需要送餐 是否需送餐 配送需求 就餐方式 用餐方式 取餐方式")];
    diet: Option<String>, "饮食禁忌" "Diet" [width(20), sealed, health, heard_as("忌口 饮食要求 饮食习惯 禁忌 饮食 过敏 忌食")];
    note: Option<String>, "备注" "Note" [width(24), sealed, health, heard_as("说明 备注说明 其他 其它")];
    /// Code of the canteen the elder eats at now; the history stands in the bindings.
    canteen: Option<String>, "绑定饭堂" "Canteen" [is(FieldType::Canteen), other];
    status: ElderStatus, "状态" "Status" [other];
    /// What the office's last list said, as a JSON object by field: a value that differs from
    /// it was changed in the field and is never overwritten silently.
    last_imported: Option<String>, "名单原值" "As last listed" [is(FieldType::Data), sealed, derived, silent, identifying];
}

/// 长者名册: the files in scope, but those that an import took back.
pub static ELDERS: ListSpec = ListSpec::new(
    "elders",
    Label::new("长者", "Elders"),
    RecordKind::Elder,
    &[
        column("name"),
        column("sex"),
        age("age", Label::new("年龄", "Age"), "birth_date"),
        column("division").called("village").wide(16),
        column("canteen").wide(20),
        column("id_number").masked(),
        column("other_document").exported().masked(),
        column("phone").masked(),
        column("second_phone").exported().masked(),
        column("emergency_name").exported().masked(),
        column("emergency_phone").exported().masked(),
        column("address").exported().masked(),
        column("birth_date").exported(),
        column("ability").exported().masked(),
        column("diet").exported().masked(),
        column("note").exported().masked(),
        column("status").exported(),
        column("living_alone"),
        column("delivery_need"),
        told("next_meal", Label::new("下一餐", "Next meal"), FieldType::Text).known_at(End::Desk),
    ],
)
.about("id")
.filters(&[
    Filter::Text { hint: Label::new("姓名", "Name"), exact: &[], inside: &["name"], person: Some("id") },
    Filter::Within("village"),
    Filter::Yes("delivery_need"),
    Filter::Yes("living_alone"),
    Filter::One("status"),
])
.order(&[("village", Direction::Up), ("name", Direction::Up)])
.only(When::None(&[When::Is("status", &["withdrawn"])]));
