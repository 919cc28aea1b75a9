//! The Chinese words for what can go wrong. One place, so that a sentence is mended once; each says
//! what happened and what to do.

use crate::fault::{Code, Fault, Warning};
use crate::rule::binding::MoveRefusal;
use crate::rule::id_number::IdNumberError;
use crate::rule::order::{OrderRefusal, OrderWarning, StepRefusal};
use crate::rule::password::{self, PasswordProblem};
use crate::rule::receipt::ReceiptRefusal;
use crate::wire::RefusedReason;

/// Why an ID number is not taken.
#[must_use]
pub fn id_number(error: IdNumberError) -> &'static str {
    match error {
        IdNumberError::Length => "身份证号位数不对，应为 18 位",
        IdNumberError::Characters => "身份证号里有不是数字的字符",
        IdNumberError::Rounded => "身份证号被表格软件改成了约数，后几位已丢失，请把该列设为文本后重新填写",
        IdNumberError::BirthDate => "身份证号里的出生日期不存在",
        IdNumberError::CheckDigit => "身份证号校验不通过，请核对是否抄错一位",
    }
}

/// One warning before an order is saved.
#[must_use]
pub fn order_warning(warning: &OrderWarning) -> String {
    match warning {
        OrderWarning::Standing { number } => format!("这位长者这一餐已经有订单 {number}"),
        OrderWarning::AfterCutOff { cut_off } => {
            format!("这一餐已在 {} 截单，保存后算补录，要写原因", cut_off.strftime("%-m月%-d日 %H:%M"))
        }
        OrderWarning::NotActive { status } => format!("这位长者的档案状态是“{}”", status.zh()),
    }
}

impl From<OrderRefusal> for Fault {
    fn from(refusal: OrderRefusal) -> Self {
        match refusal {
            OrderRefusal::Confirm(warnings) => {
                let told = |one: &OrderWarning| Warning { code: one.code().to_owned(), words: order_warning(one) };
                let warnings: Vec<Warning> = warnings.iter().map(told).collect();
                let words: Vec<&str> = warnings.iter().map(|one| one.words.as_str()).collect();
                let fault = Self::new(Code::Confirm, format!("{}。", words.join("；")), "确认无误再保存一次。");
                Self { warnings, ..fault }
            }
            OrderRefusal::ReasonMissing => Self::new(Code::BadInput, "补录的订单没有写原因。", "请写明为什么补录，比如“终端故障”。"),
            OrderRefusal::Date => Self::new(Code::BadInput, "日期离今天太远。", "请核对日期，最多提前 31 天，最多补录 60 天内的。"),
        }
    }
}

impl From<StepRefusal> for Fault {
    fn from(refusal: StepRefusal) -> Self {
        match refusal {
            StepRefusal::Mode => Self::new(Code::NotNow, "这个结果和取餐方式对不上。", "自取的订单记“已取餐”，送餐的订单记送达结果。"),
            StepRefusal::Ended => Self::new(Code::NotNow, "这张订单已经结束。", "请刷新后看一下它现在的状态。"),
            StepRefusal::ReasonMissing => Self::new(Code::BadInput, "没有送到，但没写原因。", "请选一个原因。"),
        }
    }
}

impl From<ReceiptRefusal> for Fault {
    fn from(refusal: ReceiptRefusal) -> Self {
        match refusal {
            ReceiptRefusal::Future => Self::new(Code::BadInput, "送达时间比现在还晚。", "请核对送达时间。"),
            ReceiptRefusal::BeforeTheMeal => Self::new(Code::BadInput, "送达时间早于用餐那天。", "请核对日期和时间。"),
            ReceiptRefusal::TooManyPhotos => Self::new(Code::BadInput, "一张回单最多放 9 张照片。", "请挑清楚的几张。"),
            ReceiptRefusal::WindowOver => Self::new(Code::NotNow, "回单已过可以直接修改的时间。", "请联系镇街经办说明原因。"),
        }
    }
}

impl From<MoveRefusal> for Fault {
    fn from(refusal: MoveRefusal) -> Self {
        match refusal {
            MoveRefusal::Same => Self::new(Code::NotNow, "这位长者已经在这家饭堂用餐。", "不用再改派；要换别的饭堂请另选一家。"),
            MoveRefusal::OfTheTown => Self::new(Code::Forbidden, "饭堂不能改派长者。", "请联系镇街经办改派。"),
            MoveRefusal::Outside => Self::new(Code::Forbidden, "原饭堂或新饭堂不在本机的管辖范围。", "跨镇街改派请联系县市区经办。"),
        }
    }
}

/// What a new password has to be, for those who choose one.
#[must_use]
pub fn password_rule() -> String {
    format!("密码至少 {} 位，要同时有字母和数字，不能带账号名。", password::SHORTEST)
}

impl From<PasswordProblem> for Fault {
    fn from(problem: PasswordProblem) -> Self {
        let happened = match problem {
            PasswordProblem::Short => "密码太短。",
            PasswordProblem::Long => "密码太长。",
            PasswordProblem::OneKind => "密码里只有字母，或者只有数字。",
            PasswordProblem::HoldsName => "密码里带有账号名。",
        };
        Self::new(Code::BadInput, happened, format!("请换一个：{}", password_rule()))
    }
}

/// Why the server did not take a record.
#[must_use]
pub fn refused(reason: RefusedReason) -> &'static str {
    match reason {
        RefusedReason::Malformed => "内容格式不对",
        RefusedReason::TooLarge => "内容太长",
        RefusedReason::ForeignKind => "这类资料只能由上级修改",
        RefusedReason::ForeignScope => "不属于本机的管辖范围",
        RefusedReason::Erased => "这位长者的资料已按要求删除",
    }
}

/// Why a record is quarantined.
#[cfg(feature = "crdt")]
#[must_use]
pub fn quarantine_reason(error: crate::crdt::CrdtError) -> &'static str {
    match error {
        crate::crdt::CrdtError::Merge => "修改记录互相冲突，合不到一起",
        _ => "有一条修改记录已损坏，读不出来",
    }
}

/// Told when a record that is quarantined is to be changed.
#[must_use]
pub fn quarantined() -> Fault {
    let next_step = "其他资料不受影响，可以继续工作。请联系运维修复这一份，修好以前先记在纸上。";
    Fault::new(Code::NotNow, "这份资料的修改记录合不到一起，暂时不能改。", next_step)
}

/// Who said it: a device by its number, and by name where that is known.
#[must_use]
pub fn device(number: u32, name: Option<&str>) -> String {
    match (number, name.filter(|name| !name.is_empty())) {
        (0, _) => "还没登记的电脑".to_owned(),
        (number, Some(name)) => format!("{name}（{number}号）"),
        (number, None) => format!("{number}号电脑"),
    }
}

/// Told when somebody decides what has changed under the hand.
#[must_use]
pub fn decided_meanwhile() -> Fault {
    Fault::new(Code::NotNow, "这一处刚刚又有变化。", "请看一眼现在的内容，再选一次。")
}

/// A failure of the disk or of the program itself; `cause` goes to the log, never to the person.
#[must_use]
pub fn broken() -> Fault {
    Fault::new(Code::Broken, "程序或磁盘出了问题，这一步没有保存。", "请再试一次；仍不行请联系运维，已保存的记录都还在。")
}

/// The disk takes nothing more.
#[must_use]
pub fn disk_full() -> Fault {
    Fault::new(Code::Broken, "磁盘已满，这一步没有保存。", "请清出一些空间再做一次；已保存的记录都还在，可以照常查看。")
}

/// The server can't be reached.
#[must_use]
pub fn offline() -> Fault {
    Fault::new(Code::Offline, "现在连不上服务器。", "可以继续工作，联网后会自动上传。")
}

/// A command line that can't be understood, from what the parser said of it: the arguments it
/// stumbled over stand there in quotes, or one a line where they are missing.
#[must_use]
pub fn usage(said: &str) -> Fault {
    let first = said.lines().next().unwrap_or_default();
    let quoted = first.split('\'').skip(1).step_by(2);
    let missing = said.lines().skip(1).take_while(|line| line.starts_with("  ")).map(str::trim);
    let parts: Vec<&str> = quoted.chain(missing).filter(|part| !part.is_empty()).collect();
    let about = if parts.is_empty() {
        "命令不完整，或者写得不对。".to_owned()
    } else {
        format!("命令里的 {} 缺少、多余或写得不对。", parts.join("、"))
    };
    Fault::new(Code::BadInput, about, "加上 --help 可以看用法。")
}

/// The device was never enrolled.
#[must_use]
pub fn not_enrolled() -> Fault {
    Fault::new(Code::NotEnrolled, "这台电脑还没有登记。", "请到“设置”里填服务器地址和登记码。")
}

/// Another copy of this device is at work.
#[must_use]
pub fn copied_desk() -> Fault {
    Fault::new(
        Code::NotEnrolled,
        "这台电脑的数据和另一台电脑是同一份，服务器只认其中一台。",
        "本机录入的内容已经上传。请向上级要新的登记码，到“设置”里重新登记这台电脑。",
    )
}

/// The server speaks another version of the line, and says so in words that this version can't read.
#[must_use]
pub fn other_version() -> Fault {
    let next_step = "请更新本机的程序；已是最新版的，请联系运维更新服务器。已录入的内容都还在本机，可以继续工作。";
    Fault::new(Code::Refused, "服务器和这台电脑上的程序版本不同，暂时不能同步。", next_step)
}

/// The centre has shut this device out.
#[must_use]
pub fn shut_out() -> Fault {
    Fault::new(
        Code::NotEnrolled,
        "这台电脑已被上级停用，取回的资料已从本机清除。",
        "还没上传的记录都还在。要继续使用，请向上级要新的登记码，到“设置”里重新登记，会自动补传。",
    )
}

#[cfg(test)]
mod tests {
    use super::usage;

    #[test]
    fn a_wrong_command_line_is_told_in_chinese() {
        for (said, expect) in [
            ("error: unexpected argument '--foo' found\n\nUsage: desk", "命令里的 --foo 缺少、多余或写得不对。"),
            (
                "error: the following required arguments were not provided:\n  --server <SERVER>\n  --code <CODE>\n\nUsage: desk",
                "命令里的 --server <SERVER>、--code <CODE> 缺少、多余或写得不对。",
            ),
            ("Usage: desk --data <DATA> <COMMAND>", "命令不完整，或者写得不对。"),
        ] {
            assert_eq!(usage(said).happened, expect);
        }
    }
}
