//! 取用记录：导出、看完整号码、原因、水印。

use crate::words::Told;

pub const ASK_REASON: &str = "原因";
pub const SECOND: &str = "第二人";
pub const EXPLANATION: &str = "说明";
pub const FULL_NUMBERS: &str = "带完整号码导出";
pub const MASKED: &str = "号码已遮盖";
pub const FULL: &str = "含完整号码";
pub const SHOW_NUMBERS: &str = "显示完整号码";
pub const NUMBERS_SHOWN: &str = "查看已记录在案";

pub const REASON_MISSING: Told = ("请先选原因。", "选一个原因再点一次；会记录在案。");
pub const UNEXPLAINED: Told = ("选了“其他”，请写明用途。", "在“说明”里写一句，比如：社保局核对。");
pub const NOTHING_SEALED: Told = ("这个列表里没有被遮盖的号码。", "直接导出即可。");

/// More full numbers than somebody takes alone in a day.
#[must_use]
pub fn too_many(most: u64, already: u64, asked: u64) -> (String, String) {
    (
        format!("没有第二人同意，一台电脑一天最多取 {most} 人的完整号码；今天已取 {already} 人，这次是 {asked} 人。"),
        "请另一位有权导出的工作人员在这里输入口令同意；没有的，请缩小范围，或不带完整号码。".to_owned(),
    )
}

/// Where the file goes by itself, and when.
#[must_use]
pub fn kept_for(days: u32) -> String {
    format!("这个文件 {days} 天后自动删除；要留着，请另存到别处。电脑被停用时也会删除。")
}

/// The line that every sheet carries.
#[must_use]
pub fn mark(number: &str, at: &str, who: &str, why: &str, rows: Option<u64>, sealed: &str) -> String {
    let rows = rows.map(|rows| format!("{rows} 行")).unwrap_or_default();
    let parts = [format!("编号 {number}"), at.to_owned(), who.to_owned(), why.to_owned(), rows, sealed.to_owned()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Who a desk is: its office, and the number of the device.
#[must_use]
pub fn desk(office: &str, device: u32) -> String {
    format!("{office} 设备 {device}")
}

/// A reason with what was said beside it.
#[must_use]
pub fn because(reason: &str, note: &str) -> String {
    if note.is_empty() { reason.to_owned() } else { format!("{reason}（{note}）") }
}

/// A row that is not as it was written.
#[must_use]
pub fn row_changed(sequence: i64) -> String {
    format!("取用记录第 {sequence} 条被改过")
}

#[must_use]
pub fn row_missing(sequence: i64) -> String {
    format!("取用记录第 {sequence} 条不见了")
}

/// An export of many persons waits for a second account.
#[must_use]
pub fn waits_for_second(number: &str, persons: u64, hours: i64) -> (String, String) {
    (
        format!("这份表有 {persons} 人，要另一个账号同意后才能导出。申请编号 {number}。"),
        format!("请同级或上级的另一个账号在“导出申请”里打开这一条、同意（{hours} 小时内有效），然后您在这里再点一次导出。"),
    )
}

pub const NOT_ASKED: Told = ("导出前请先选原因。", "点“导出表格”，写上原因前面的数字。");
pub const NOT_YOURS_TO_DECIDE: Told = ("这份导出申请不能由您同意。", "要由申请人以外、同级或上级的账号同意。");
pub const NO_SUCH_ASK: Told = ("没有这份导出申请，或者已经过期。", "请申请人重新导出一次。");

/// The second account, beside a reason.
#[must_use]
pub fn agreed_by(name: &str) -> String {
    format!("{name} 同意")
}
pub const IS_NOTED: &str = "会记下时间、原因和本机编号，上级能查到。";

/// Before the reasons, of which one is typed by its number.
pub const WHY: &str = "为什么要导出？请写前面的数字；写 4 的，后面写明用途，比如：4 社保局核对。会记录在案。";

/// Asked before somebody agrees.
#[must_use]
pub fn agree_to(number: &str) -> String {
    format!("同意导出申请 {number} 吗？同意后申请人可以导出一次，会记录在案。")
}
