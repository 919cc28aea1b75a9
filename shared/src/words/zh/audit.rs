//! 审计日志。

/// The log was changed by another hand.
#[must_use]
pub fn broken_from(row: i64) -> String {
    format!("审计日志从第 {row} 条起与当初写下的不一样，有人动过数据库。请保留现场，马上报告上级。")
}

/// Other tables were changed by another hand.
pub const TABLES_BROKEN: &str = "数据库被别的手改过。请保留现场，在服务器上运行 sync-server verify，并报告上级。";

/// What is wrong with the log, by the first row.
#[must_use]
pub fn row_changed(row: i64) -> String {
    format!("审计日志第 {row} 条被改过，或是后来塞进去的")
}

#[must_use]
pub fn row_missing(row: i64) -> String {
    format!("审计日志从第 {row} 条起有记录被删掉了")
}

#[must_use]
pub fn end_changed(row: i64) -> String {
    format!("审计日志的末尾标记被改过，第 {row} 条起不可信")
}

#[must_use]
pub fn otherwise_beside(row: i64, file: &str) -> String {
    format!("审计日志从第 {row} 条起与 {file} 里记下的不一样：数据库被换回旧的，或被截断")
}

/// A value with its label.
#[must_use]
pub fn labelled(label: &str, value: &str) -> String {
    format!("{label} {value}")
}

/// What stood there and what stands there now.
#[must_use]
pub fn changed(old: &str, new: &str) -> String {
    format!("{old} → {new}")
}

/// Some details in a row.
#[must_use]
pub fn together(all: &[String]) -> String {
    all.join("，")
}

/// Whoever runs a command on the server's machine, and the server by itself.
pub const MACHINE: &str = "服务器命令行";
pub const ITSELF: &str = "服务器自己";

pub const NEWEST: &str = "最新一页";
pub const OLDER: &str = "更早一页";
pub const NOTHING: &str = "没有符合条件的审计记录";

#[must_use]
pub fn kept_too_short(days: i64) -> (String, String) {
    ("审计日志不能只留这么短。".to_owned(), format!("请保留至少 {days} 天。"))
}

#[must_use]
pub fn broken_and_kept(row: i64) -> (String, &'static str) {
    (format!("审计日志从第 {row} 条起被改动过，不能清理。"), "请保留现场，用 sync-server audit verify 查看，并报告上级。")
}
