//! 同步：上传、收取、退回、连不上。

use crate::wire::RefusedReason;
use crate::words::Told;

pub const NOT_SYNCED: Told = ("这台电脑还没有完成第一次同步。", "请先联网同步一次，再来做这一步。");
pub const OFFLINE: Told = ("现在连不上服务器。", "可以继续工作，联网后会自动上传。");
pub const OTHER_VERSION: Told = (
    "服务器和这台电脑上的程序版本不同，暂时不能同步。",
    "请更新本机的程序；已是最新版的，请联系运维更新服务器。已录入的内容都还在本机，可以继续工作。",
);

/// Why the server did not take a record; a sentence without its end.
#[must_use]
pub fn refused(reason: RefusedReason) -> &'static str {
    match reason {
        RefusedReason::Malformed => "内容格式不对",
        RefusedReason::TooLarge => "内容太长",
        RefusedReason::ForeignKind => "这类资料只能由上级修改",
        RefusedReason::ForeignScope => "不属于本机的管辖范围",
        RefusedReason::Erased => "这位长者的资料已按要求删除",
        RefusedReason::Asked => "这位长者的档案在别处，已替您申请转来；等答复期间照常订餐送餐",
    }
}

pub const ALL_SENT: &str = "全部已上传";
pub const NEVER: &str = "还没有同步过";
pub const PRESS_TO_SYNC: &str = "点一下，或按 F12，马上同步";
pub const TO_ENROL_AGAIN: &str = "要重新登记";
pub const NO_ANSWER: &str = "程序没有应答";
pub const NOT_ENROLLED: &str = "还没有登记";
pub const SYNCING: &str = "正在同步";
pub const DISAGREES: &str = "两边数目不符";
pub const ONLINE: &str = "在线";
pub const OFFLINE_READY: &str = "离线可用";

#[must_use]
pub fn done(pushed: u64, pulled: u64) -> String {
    format!("同步完成：上传 {pushed} 笔，收到 {pulled} 笔。")
}

#[must_use]
pub fn unsent(records: u64) -> String {
    format!("{records} 笔待上传")
}

#[must_use]
pub fn unsent_with_photos(records: u64, photos: u64) -> String {
    format!("{records} 笔 {photos} 张照片待上传")
}

#[must_use]
pub fn last(moment: &str) -> String {
    format!("上次同步 {moment}")
}

#[must_use]
pub fn refused_count(changes: u64) -> String {
    format!("{changes} 笔被退回")
}

#[must_use]
pub fn conflict_count(fields: u64) -> String {
    format!("{fields} 项两处改过")
}

#[must_use]
pub fn transfer_count(requests: u64) -> String {
    format!("{requests} 份转档申请")
}

pub const NOT_SENT: &str = "待上传";
pub const BAD_ADDRESS: Told = ("服务器地址不对。", "写成 域名或地址:端口，比如 yl.example.cn:8630，请向上级要准确的地址。");
pub const PLAIN_ADDRESS: Told = ("不加密的地址不能用，别人会看到老人的资料。", "请把 http:// 改成 https://，或者只写域名和端口。");
pub const CERTIFICATE_NOT_GOOD: Told = ("服务器的证书不再有效。", "请联系运维更换证书；可以继续工作，换好后会自动上传。");

/// The certificate does not hold by this computer's date, which is another than the server's.
#[must_use]
pub fn wrong_clock(here: &str, there: &str) -> (String, &'static str) {
    (format!("这台电脑的日期不对：这里是 {here}，服务器是 {there}。"), "请把电脑的日期和时间调准；可以继续工作，调好后会自动上传。")
}

/// The server was put back from a backup, when, and up to when it knew everything.
#[must_use]
pub fn server_restored(at: &str, back_to: &str) -> (String, &'static str) {
    (
        format!("服务器 {at} 从备份恢复过，恢复到 {back_to} 的内容。"),
        "这里录入的都还在，会自动补传，不用重录。恢复点以后上级改过的资料，请留意是不是最新的。",
    )
}

pub const FAILED_ANSWER: Told = ("服务器没有正常回应。", "稍后会自动再试；一直这样请联系运维。");
pub const NOT_THE_SERVER: Told =
    ("网络上回答的不是服务器，可能要先登录这个网络。", "请打开浏览器看看网络要不要登录或缴费；可以继续工作，联网后会自动上传。");
pub const UNREAD_ANSWER: Told = ("看不懂服务器的回答，可能是版本不同。", "请联系运维更新程序；本机的记录都还在，可以继续工作。");
pub const FIRST_TIME: &str = "第一次同步，正在取回资料";
pub const OLDER_DESK: Told =
    ("这台电脑上的程序太旧，服务器已经不认识它的说法。", "请更新本机的程序；已录入的内容都还在本机，可以继续工作。");
pub const OLDER_SERVER: Told =
    ("服务器比这台电脑上的程序旧，还不认识它的说法。", "请联系运维更新服务器；已录入的内容都还在本机，可以继续工作。");
pub const REPLAYED: Told = ("这次提交已经处理过。", "不用再做什么，稍后会自动同步。");
