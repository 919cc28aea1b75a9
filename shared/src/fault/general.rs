//! Faults that may meet any act: of the program, the disk, the line, the enrolment.

use super::{Code, Fault};
use crate::fault;

impl Fault {
    /// A failure of the disk or of the program itself; its cause goes to the log, never to the person.
    #[must_use]
    pub fn broken() -> Self {
        fault!(Code::Broken, program::BROKEN)
    }

    /// The disk takes nothing more.
    #[must_use]
    pub fn disk_full() -> Self {
        fault!(Code::Broken, program::DISK_FULL)
    }

    /// A command line that can't be understood, from what the parser said of it: the arguments it
    /// stumbled over stand there in quotes, or one a line where they are missing.
    #[must_use]
    pub fn usage(said: &str) -> Self {
        let first = said.lines().next().unwrap_or_default();
        let quoted = first.split('\'').skip(1).step_by(2);
        let missing = said.lines().skip(1).take_while(|line| line.starts_with("  ")).map(str::trim);
        let parts: Vec<&str> = quoted.chain(missing).filter(|part| !part.is_empty()).collect();
        fault!(Code::BadInput, program::usage(&parts))
    }

    /// The server can't be reached.
    #[must_use]
    pub fn offline() -> Self {
        fault!(Code::Offline, sync::OFFLINE)
    }

    /// The server speaks another version of the line, and says so in words that this version can't read.
    #[must_use]
    pub fn other_version() -> Self {
        fault!(Code::Refused, sync::OTHER_VERSION)
    }

    /// The device was never enrolled.
    #[must_use]
    pub fn not_enrolled() -> Self {
        fault!(Code::NotEnrolled, enrolment::NOT_ENROLLED)
    }

    /// The device has not synced for the first time: it lacks what makes the same of the same at all desks.
    #[must_use]
    pub fn not_synced() -> Self {
        fault!(Code::NotNow, sync::NOT_SYNCED)
    }

    /// Another copy of this device is at work.
    #[must_use]
    pub fn copied_desk() -> Self {
        fault!(Code::NotEnrolled, enrolment::COPIED)
    }

    /// The centre has shut this device out.
    #[must_use]
    pub fn shut_out() -> Self {
        fault!(Code::NotEnrolled, enrolment::SHUT_OUT)
    }

    /// A record that is quarantined is to be changed.
    #[must_use]
    pub fn quarantined() -> Self {
        fault!(Code::NotNow, record::QUARANTINED)
    }

    /// Somebody decides what has changed under the hand.
    #[must_use]
    pub fn decided_meanwhile() -> Self {
        fault!(Code::NotNow, conflict::CHANGED_MEANWHILE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_command_line_is_told_in_words() {
        for (said, expect) in [
            ("error: unexpected argument '--foo' found\n\nUsage: desk", "命令里的 --foo 缺少、多余或写得不对。"),
            (
                "error: the following required arguments were not provided:\n  --server <SERVER>\n  --code <CODE>\n\nUsage: desk",
                "命令里的 --server <SERVER>、--code <CODE> 缺少、多余或写得不对。",
            ),
            ("Usage: desk --data <DATA> <COMMAND>", "命令不完整，或者写得不对。"),
        ] {
            assert_eq!(Fault::usage(said).happened, expect);
        }
    }
}
