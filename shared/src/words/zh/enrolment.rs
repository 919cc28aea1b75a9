//! 登记：一台电脑归到服务器。

use crate::words::Told;

pub const NOT_ENROLLED: Told = ("这台电脑还没有登记。", "请到“设置”里填服务器地址和登记码。");
pub const COPIED: Told = (
    "这台电脑的数据和另一台电脑是同一份，服务器只认其中一台。",
    "本机录入的内容已经上传。请向上级要新的登记码，到“设置”里重新登记这台电脑。",
);
pub const SHUT_OUT: Told = (
    "这台电脑已被上级停用，取回的资料已从本机清除。",
    "还没上传的记录都还在。要继续使用，请向上级要新的登记码，到“设置”里重新登记，会自动补传。",
);
pub const ENROL_AGAIN: &str = "重新登记这台电脑";
pub const ENROL_THIS: &str = "登记这台电脑";
pub const ENROL: &str = "登记";
pub const ENROLLING: &str = "正在登记，第一次同步可能要几分钟";
pub const SHUT_OUT_HINT: &str =
    "这台电脑已被上级停用，取回的资料已从本机清除；还没上传的记录都还在。向上级要新的登记码，重新登记后会自动补传。";
pub const COPIED_HINT: &str = "这台电脑的数据和另一台是同一份（复制过硬盘，或者恢复过备份），服务器只认其中一台。已录入的都已上传；请向上级要新的登记码，在这里重新登记。";
pub const FIRST_HINT: &str = "服务器地址和登记码由镇街或市里发给。登记只做一次，之后没有网络也能用。";
pub const SERVER: &str = "服务器地址";
pub const CODE: &str = "登记码";
pub const DEVICE_NAME: &str = "电脑名称";
pub const DEVICE_NAME_HINT: &str = "比如 前台电脑";

#[must_use]
pub fn enrolled(office: &str) -> String {
    format!("登记好了，这里是{office}。")
}

pub const ENROLLED_ALREADY: Told = ("这台电脑已经登记过。", "要换饭堂或镇街，请联系上级停用后重新登记。");

/// What a computer is called when nobody gave it a name.
pub const COMPUTER_WITHOUT_NAME: &str = "饭堂电脑";

pub const UNKNOWN_DEVICE: Told = ("这台电脑没有登记，或登记已被停用。", "请联系上级单位要新的登记码，已录入的内容都还在本机。");
pub const TOO_MANY_TRIES: Told = ("登记码试错太多次。", "请过一刻钟再试，并核对登记码。");
pub const WITHOUT_A_NAME: Told = ("没有写设备名称。", "请填写这台电脑的名称，比如“前台电脑”。");
pub const KEY_KNOWN_ALREADY: Told = ("这台电脑的密钥已经登记过。", "请重新打开程序再登记一次；仍不行请联系运维。");
pub const WRONG_CODE: Told = ("登记码不对，或者已经用过、过期了。", "请核对登记码，或请上级单位重新发一个。");
pub const CODE_NOT_WHOLE: Told = ("登记码不完整。", "登记码是 8 位数字加 12 位字母或数字，比如 1234-5678-ABCD-EFGH-JKMN，请照着写全。");
pub const ANOTHER_SERVER: Told = (
    "回答的不是发这个登记码的服务器，登记码没有送出去。",
    "请核对服务器地址和登记码的后 12 位；都没有写错的话，请打电话问发码的单位，可能有人冒充。",
);
pub const WITHOUT_A_SERVER: Told =
    ("这台电脑是旧程序登记的，还认不出真正的服务器。", "请向上级要新的登记码，重新登记；已录入的内容都还在本机。");
