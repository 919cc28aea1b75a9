//! 告警：每一条怎么办。

use crate::kinds::Alarm;

/// What to do about it.
#[must_use]
pub fn todo(alarm: Alarm) -> &'static str {
    match alarm {
        Alarm::AuditBroken => "请保留现场，在服务器上运行 sync-server audit verify，并报告上级。",
        Alarm::RowsAltered => "请保留现场，在服务器上运行 sync-server verify，并报告上级。",
        Alarm::WentBack => "请核对恢复点以后停用的电脑和账号、改过的权限；核对完在服务器上运行 sync-server restored。",
        Alarm::NoBackup => "系统还不会自己备份：请每天停下服务，把数据文件夹复制到别的机器，密钥文件另存一处。",
        Alarm::PasswordsTried => "请在审计日志里看“登录被锁定”：哪个账号、从哪里；不是本人的，请本人换密码、开通第二重验证。",
        Alarm::EnvelopesRefused => "有人冒用这台电脑的编号，或者它的密钥坏了：请问一问那里，说不清的，停用后重新登记。",
        Alarm::BudgetUsedUp => "请问一问那里在做什么；不像是正常工作的，停用这台电脑。",
        Alarm::AsksForMany => "请问一问那里为什么要这么多别处的档案；说不清的，停用这台电脑。",
        Alarm::Differs => "让那里再同步一次；还是不符的，在服务器上运行 sync-server verify。",
        Alarm::LostPhotos => "让那里的电脑开机同步，会自动补传；电脑坏了的照片找不回来。",
        Alarm::Overdue => "请打电话问一问那里的电脑和网络；不再用的电脑，请停用。",
    }
}

pub const SOME: &str = "有告警";
/// The server was put back from a backup, and nobody has settled it.
pub const WENT_BACK: &str = "数据库从备份恢复过，请看“告警”。";
