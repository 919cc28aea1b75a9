//! 取用记录: that somebody at a desk took data of people out of it, as a file or before their eyes, and why.

use super::{FILES, RecordKind};
use crate::list::{Direction, End, Filter, ListSpec, column, told};
use crate::schema::{FieldType, Kept, Label, Open, Purpose, RecordId, record, words};
use jiff::civil::DateTime;

words! {
    /// Why full numbers are asked for.
    DisclosureReason {
        Subsidy = "subsidy" "核对补贴" "Checking subsidies", Inspection = "inspection" "上级检查" "Inspection from above",
        Family = "family" "家属要求" "Asked by the family", Other = "other" "其他" "Other",
    }
}
words! {
    /// How data left.
    DisclosureAct { Exported = "exported" "导出表格" "Exported", Shown = "shown" "查看完整号码" "Numbers shown" }
}

words! {
    /// What became of a request for an export at the console.
    ExportState {
        Waiting = "waiting" "等第二人同意" "Waits for a second", Ready = "ready" "可以导出" "To be taken", Taken = "taken" "已导出" "Taken",
    }
}

/// 导出申请 of the last weeks, the latest first.
pub static EXPORTS: ListSpec = ListSpec::by_hand(
    "exports",
    Label::new("导出申请", "Export requests"),
    &[
        told("number", Label::new("编号", "Number"), FieldType::Text).wide(12),
        told("state", Label::new("状态", "State"), FieldType::Words(&ExportState::WORDS)).wide(14),
        told("at", Label::new("申请时间", "Asked at"), FieldType::Moment),
        told("until", Label::new("有效到", "Good until"), FieldType::Moment),
        told("who", Label::new("申请人", "Asked by"), FieldType::Text).wide(12),
        told("what", Label::new("列表", "List"), FieldType::Text).wide(12),
        told("persons", Label::new("人数", "Persons"), FieldType::Number),
        told("reason", Label::new("原因", "Reason"), FieldType::Words(&DisclosureReason::WORDS)),
        told("note", Label::new("说明", "Explanation"), FieldType::Text).wide(20),
        told("second", Label::new("第二人", "Second account"), FieldType::Text).wide(12),
    ],
)
.ends(&[End::Console])
.card("number")
.menu(FILES, "dcsq");

record! {
    /// 取用记录. Written once by the desk where it happened and changed by nobody; each holds on to the one before of the same desk (`chain`), so that
    /// one which is missing or was changed is found. The server notes it in its audit log as well.
    Disclosure "disclosure" 17 "取用记录" "Disclosure" [written_once, titled_by(&["act", "number"]), of_persons(Purpose::Accountability, Kept::Voucher)];
    canteen: Option<String>, "饭堂" "Canteen" [is(FieldType::Canteen), derived, silent, other];
    division: String, "区划" "Division" [is(FieldType::Division), derived, silent, other];
    at: DateTime, "时间" "Time" [derived, silent, other];
    act: DisclosureAct, "做了什么" "Act" [derived, other];
    /// Code word of the list, or `errors` for the wrong rows of an import.
    list: Option<String>, "列表" "List" [derived, silent, nobody];
    elder: Option<RecordId>, "长者" "Elder" [refers(RecordKind::Elder), derived, silent, identifying, open(Open::Linked)];
    /// Stands in the file as well: who finds the file finds this.
    number: String, "编号" "Number" [derived, silent, width(12), nobody];
    rows: i64, "行数" "Rows" [derived, silent, nobody];
    persons: i64, "人数" "Persons" [derived, nobody];
    unmasked: bool, "完整号码" "Full numbers" [derived, silent, nobody];
    reason: Option<DisclosureReason>, "原因" "Reason" [derived, other];
    note: Option<String>, "说明" "Explanation" [derived, silent, width(24), other];
    sha256: Option<String>, "文件 SHA-256" "File SHA-256" [derived, silent, width(24), nobody];
    device: i64, "设备号" "Device no." [derived, silent, nobody];
    /// The person at the desk, where the desk knows.
    clerk: Option<String>, "经手人" "Clerk" [derived, silent, identifying, open(Open::Shown)];
    /// The person who agreed, where it was more than one takes alone.
    second: Option<String>, "第二人" "Second person" [derived, silent, identifying, open(Open::Shown)];
    /// Which chain it stands in: that of one desk's file.
    chain: String, "链号" "Chain" [derived, silent, nobody];
    /// Its place in the chain, from 1.
    sequence: i64, "链上序号" "Place in the chain" [derived, silent, nobody];
    /// The MAC of the one before, and of this one; hex.
    before: String, "上一条校验" "MAC before" [derived, silent, nobody];
    mac: String, "本条校验" "MAC" [derived, silent, nobody];
}

/// 取用记录, the latest first.
pub static DISCLOSURES: ListSpec = ListSpec::new(
    "disclosures",
    Label::new("取用记录", "Disclosures"),
    RecordKind::Disclosure,
    &[
        column("at").wide(16),
        column("act").wide(12),
        column("number"),
        column("canteen").wide(20),
        column("division").wide(16),
        column("device"),
        column("clerk"),
        column("second").exported(),
        column("elder").wide(10),
        column("persons"),
        column("rows"),
        column("unmasked"),
        column("reason").wide(10),
        column("note"),
        column("list").exported(),
        column("sha256").exported(),
        column("sequence").exported(),
    ],
)
.filters(&[
    Filter::Text { hint: Label::new("编号", "Number"), exact: &["number"], inside: &[], person: None },
    Filter::One("act"),
    Filter::One("reason"),
    Filter::Yes("unmasked"),
])
.order(&[("at", Direction::Down), ("sequence", Direction::Down)])
.card("number")
.menu(FILES, "qyjl");
