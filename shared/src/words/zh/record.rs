//! 一份资料：查看、改动记录、修不好的。

use crate::schema::Label;
use crate::schema::RecordId;
use crate::words::Told;

pub const QUARANTINED: Told =
    ("这份资料的修改记录合不到一起，暂时不能改。", "其他资料不受影响，可以继续工作。请联系运维修复这一份，修好以前先记在纸上。");
pub const DOES_NOT_MERGE: &str = "修改记录互相冲突，合不到一起";
pub const DAMAGED_CHANGE: &str = "有一条修改记录已损坏，读不出来";
pub const ADD_NEW: &str = "新增";
pub const HISTORY: &str = "经过";
pub const SAVED: &str = "已保存。";
pub const UNSAVED: &str = "有没保存的修改。";
pub const GO_ON_EDITING: &str = "继续编辑";
pub const DISCARD: &str = "放弃修改";

/// A new one in a list.
#[must_use]
pub fn new_in(list: Label) -> String {
    format!("新增{}", list.zh)
}

/// What happened to a record at a time.
#[must_use]
pub fn happened(all: &[String], unsent: bool) -> String {
    format!("{}{}", all.join("；"), if unsent { "（待上传）" } else { "" })
}

pub const CONTENTS: &str = "内容";
pub const BACK: &str = "返回";
pub const NOT_HERE: Told = ("这里没有这条内容。", "请刷新后再找一次。");
pub const KIND_ASKED: &str = "哪一类资料";
pub const RECORD_ASKED: &str = "哪一份资料";
pub const ROW_ASKED: &str = "要看的那一条";

/// In the place of what is to be opened once its key is here.
pub const AWAITS_ITS_KEY: &str = "待解密";

/// In the place of what nobody opens any more.
pub const ERASED: &str = "已删除";

/// A record of a kind that this program does not know.
#[must_use]
pub fn untitled(id: RecordId) -> String {
    format!("记录 {id}")
}

/// What a record of a kind that only newer programs know is called.
pub const OF_A_LATER_KIND: &str = "记录";
