//! 告警: no kind of record but what the server finds by itself and somebody has to look at; the list that the console shows of it.

use crate::list::{End, ListSpec, told};
use crate::schema::{FieldType, Label, words};

words! {
    /// What somebody has to look at, the gravest first.
    Alarm {
        AuditBroken = "audit_broken" "审计日志被改动" "Audit log altered",
        RowsAltered = "rows_altered" "数据库被改动" "Database altered",
        WentBack = "went_back" "数据库恢复过备份" "Database put back",
        NoBackup = "no_backup" "没有自动备份" "No automatic backup",
        PasswordsTried = "passwords_tried" "有人反复试密码" "Passwords tried again and again",
        EnvelopesRefused = "envelopes_refused" "设备签名不符" "Signature of a computer refused",
        BudgetUsedUp = "budget_used_up" "电脑当天用量用完" "Day's budget used up",
        AsksForMany = "asks_for_many" "要别处的档案多" "Asks for many files",
        Differs = "differs" "两边总数不符" "Totals differ",
        LostPhotos = "lost_photos" "照片要补传" "Photos to send again",
        Overdue = "overdue" "电脑久未同步" "Computer overdue",
    }
}

/// 告警 of a place: those of its computers, and at the city those of the server.
pub static ALARMS: ListSpec = ListSpec::by_hand(
    "alarms",
    Label::new("告警", "Alarms"),
    &[
        told("alarm", Label::new("告警", "Alarm"), FieldType::Words(&Alarm::WORDS)).wide(16),
        told("since", Label::new("从何时起", "Since"), FieldType::Moment),
        told("device", Label::new("设备号", "Device no."), FieldType::Number),
        told("canteen", Label::new("饭堂", "Canteen"), FieldType::Canteen).wide(20),
        told("division", Label::new("区划", "Division"), FieldType::Division).wide(16),
        told("todo", Label::new("怎么办", "What to do"), FieldType::Text).wide(48),
    ],
)
.ends(&[End::Console])
.card("alarm")
.menu(Label::new("办公端", "Offices"), "gj");
