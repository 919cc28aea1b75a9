//! Alarms: what to do about each.

use crate::kinds::Alarm;

/// What to do about it.
#[must_use]
pub fn todo(alarm: Alarm) -> &'static str {
    match alarm {
        Alarm::AuditBroken => "Leave all as it is, run sync-server audit verify on the server, and report it.",
        Alarm::RowsAltered => "Leave all as it is, run sync-server verify on the server, and report it.",
        Alarm::WentBack => {
            "Look through the computers and accounts that were disabled since and the rights that were changed; then run sync-server restored on the server."
        }
        Alarm::NoBackup => {
            "The system makes no backups by itself yet: stop the server each day, copy the data folder to another machine, and keep the key file elsewhere."
        }
        Alarm::PasswordsTried => {
            "Look up Sign-in locked in the audit log: which account, from where. Where it was not the owner, a new password and a second factor."
        }
        Alarm::EnvelopesRefused => {
            "Somebody uses the number of this computer, or its key is damaged: ask there; what nobody can explain is disabled and enrolled anew."
        }
        Alarm::BudgetUsedUp => "Ask what they are doing there; if it is no ordinary work, disable this computer.",
        Alarm::AsksForMany => "Ask why they want so many files of other places; if nobody can say, disable this computer.",
        Alarm::Differs => "Let them sync once more; if it stays, run sync-server verify on the server.",
        Alarm::LostPhotos => "Let the computer there be turned on and sync: it sends them again. If it broke, the photos are lost.",
        Alarm::Overdue => "Call them about their computer and network; disable computers that are not used any more.",
    }
}

pub const SOME: &str = "Alarm";
/// The server was put back from a backup, and nobody has settled it.
pub const WENT_BACK: &str = "The database was put back from a backup: see Alarms.";
