//! 回单：送达时间、照片、修改。

use crate::words::Told;

pub const ARRIVAL_IN_THE_FUTURE: Told = ("送达时间比现在还晚。", "请核对送达时间。");
pub const ARRIVAL_BEFORE_THE_DAY: Told = ("送达时间早于用餐那天。", "请核对日期和时间。");
pub const TOO_MANY_PHOTOS: Told = ("一张回单最多放 9 张照片。", "请挑清楚的几张。");
pub const WINDOW_OVER: Told = ("回单已过可以直接修改的时间。", "请联系镇街经办说明原因。");
pub const LACKING: &str = "缺回单";
pub const WRITE: &str = "写回单";
pub const WRITE_NOW: &str = "补回单";
pub const NOTE_OF_IT: &str = "回单备注";
pub const WRITTEN: &str = "回单记录";
pub const PHOTO_OF_IT: &str = "回单照片";
pub const FETCHING_PHOTO: &str = "正在取照片…";

/// When this computer says that it was written.
#[must_use]
pub fn written_here(at: &str) -> String {
    format!("{at}（本机）")
}

#[must_use]
pub fn photos(number: u64) -> String {
    format!("{number} 张")
}

pub const CHANGE: &str = "改回单";
pub const SAVE: &str = "保存回单";
pub const OUTCOME: &str = "结果";
pub const ELDER_SEEN: &str = "看到老人了吗";
pub const ARRIVED_AT: &str = "送达时间";
pub const ARRIVAL_MISSING: &str = "请填送达时间";
pub const NOTE: &str = "备注";
pub const NOTE_IF_ANY: &str = "可不填";
pub const REMOVE_PHOTO: &str = "去掉这张照片";
pub const PREPARING_PHOTOS: &str = "正在处理照片…";
pub const PHOTOS_STILL_COMING: &str = "照片还在处理，请稍等一下";

#[must_use]
pub fn photos_at_most(most: usize) -> String {
    format!("一张回单最多放 {most} 张照片")
}

#[must_use]
pub fn saved(name: &str, state: &str) -> String {
    format!("{name}：{state}。")
}

pub const ARRIVAL_UNREAD: Told = ("送达时间看不懂。", "请选另一个时间。");
pub const ARRIVAL_TYPED_WRONG: Told = ("送达时间看不懂。", "请写成 2026-11-22T11:58 或 11:58。");
pub const SAVE_THEN_NEXT: &str = "保存，下一位";
pub const SAVE_IT_THEN_NEXT: &str = "保存回单，下一位";
pub const RECORDED_WHEN_SAVED: &str = "保存时由本机记，上传后服务器再记";
pub const ANOTHER_OUTCOME: &str = "其他…";
pub const OTHER_OUTCOMES: &str = "其他结果";
pub const OTHER_REASON: &str = "其他原因";
pub const CHOOSE_PHOTOS: &str = "选照片";
pub const DROP_PHOTOS: &str = "也可以拖到这里。自动缩小，去掉隐藏信息";
pub const ARRIVAL_UNREADABLE: &str = "送达时间没有看懂，可以写 11:58 或 1158";
pub const CHOOSE_OUTCOME: &str = "请选一个结果";

#[must_use]
pub fn of_elder(name: &str) -> String {
    format!("回单 · {name}")
}

#[must_use]
pub fn saved_as(name: &str, state: &str) -> String {
    format!("{name} 的回单已保存：{state}。")
}

#[must_use]
pub fn recorded_here(day: &str, clock: &str) -> String {
    format!("{day} {clock}（本机）")
}
