//! 设置和这台电脑。

pub const LOOK_AND_CLERK: &str = "显示和经手人";
pub const LANGUAGE: &str = "语言";
pub const CLERK: &str = "经手人";
pub const SAVE: &str = "保存设置";
pub const SAVED: &str = "设置已保存。";
pub const OFFICE: &str = "饭堂或镇街";
pub const DIVISION: &str = "所在区划";
pub const DEVICE_NUMBER: &str = "设备号";
pub const LAST_SYNC: &str = "上次同步";
pub const NEVER_SYNCED: &str = "还没有同步过";
pub const CHECK: &str = "两边核对";
pub const AGREES: &str = "数目一致";
pub const DISAGREES: &str = "数目不符，下次同步时自动修复";
pub const NOT_CHECKED: &str = "还没有核对";
pub const QUARANTINED: &str = "隔离的资料";
pub const SYNC_HINT: &str = "按 F12，或点右上角的同步状态，可以马上同步一次。";
pub const DECIDE: &str = "去看一看";
pub const REFUSED: &str = "服务器退回的记录";
pub const REFUSED_HINT: &str =
    "这些修改只留在这台电脑上，没有传到服务器，其他记录不受影响。请把下面的内容告诉镇街经办，由管这份资料的饭堂或镇街来改。";
pub const NONE_REFUSED: &str = "没有被退回的记录。";
pub const RECORD: &str = "记录";
pub const REASON: &str = "原因";

#[must_use]
pub fn quarantined(records: u64) -> String {
    format!("{records} 份：修改记录合不到一起，停在原来的样子，其他资料不受影响。请告诉运维来修复。")
}

#[must_use]
pub fn unsent(records: u64, photos: u64) -> String {
    format!("{records} 笔，{photos} 张照片")
}

#[must_use]
pub fn conflicts(fields: u64) -> String {
    format!("有 {fields} 项在两台电脑上改得不一样，要有人定下用哪个。")
}
