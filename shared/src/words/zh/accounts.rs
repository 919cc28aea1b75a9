//! 账号管理：邀请、核准、停用，三员分立。

use crate::words::Told;

pub const TITLE: &str = "账号管理";
pub const OWN: &str = "我的账号";
pub const SYSTEM_HINT: &str = "您是系统管理员：邀请、停用账号，让账号退出登录。被邀请的人定好密码后，还要安全管理员核准才有权限。";
pub const SECURITY_HINT: &str = "您是安全管理员：核准新账号和别人提出的改权限，提出改权限（收回权限马上生效），启用、解锁，清除动态码和密钥。核准前请当面或打电话问本人：密码是不是他自己定的。";
pub const INVITE: &str = "邀请";
pub const INVITE_TITLE: &str = "邀请一个人";
pub const PLACE: &str = "地方";
pub const FIND: &str = "账号名";
pub const STATE: &str = "状态";
pub const ANY: &str = "全部";
pub const SEARCH: &str = "查找";
pub const NONE: &str = "没有这样的账号。";
pub const LINK: &str = "一次性链接";
pub const LINK_HINT: &str = "请当面、打电话或用可靠的方式交给本人；只显示这一次，用它定好密码就作废。";
pub const GIVE_LINK: &str = "重新发链接";
pub const RESET: &str = "重设密码";
pub const DISABLE: &str = "停用";
pub const WITHDRAW: &str = "撤回邀请";
pub const END_SESSIONS: &str = "退出登录";
pub const CONFIRM: &str = "核准";
pub const ASSIGN: &str = "改权限";
pub const SAVE: &str = "保存";
pub const ENABLE: &str = "启用";
pub const UNLOCK: &str = "解锁";
pub const END_FACTOR: &str = "清除动态码和密钥";
pub const LOCKED: &str = "有地方锁定";
pub const HAS_FACTOR: &str = "有动态码或密钥";
pub const ITSELF: &str = "自己";
pub const PERSON: &str = "本人姓名";
pub const PHONE: &str = "本人手机";
pub const DONE: &str = "已办好。";
pub const INVITED: &str = "接受邀请";
pub const CHOOSE: &str = "定下密码";
pub const FACTOR_DUE: &str = "这个账号要先开通动态码或密钥，才能继续。";
pub const WAITS: &str = "密码已定好，还要安全管理员核准；核准后重新打开这个网站就能用。";

pub const NO_DUTY: Told = ("这件事不归您的角色办。", "邀请、停用找系统管理员；核准、改权限、解锁找安全管理员。");
pub const OWN_ACCOUNT: Told = ("不能动自己的账号。", "请找另一位管理员。");
pub const NOT_AS_IT_STANDS: Told = ("这个账号现在的状态办不了这件事。", "请刷新，看它现在的状态。");
pub const SAME_PERSON: Told =
    ("链接是您自己发的，或者权限是您自己提出的，不能由您核准。", "请另一位安全管理员核准；同一个人的另一个账号也不行。");
pub const OTHER_DUTY: Told = (
    "这个人（按手机号认）已经有别的角色的账号。",
    "系统、安全、审计管理员要由不同的人担任，也不能兼做业务；请换一个人，或先停用那个账号。",
);
pub const BAD_PERSON: Told = ("没有写清楚是谁的账号。", "请填本人的姓名和手机号；核准的人要照这个号码打电话问本人。");
pub const NOT_FOUND: Told = ("没有这个账号，或者不在您的管辖范围内。", "请刷新再看。");
pub const CHANGED_MEANWHILE: Told = ("这个账号的角色或地方刚刚被改过。", "请刷新，看清楚再核准。");
pub const LINK_OVER: Told = ("这个链接无效、已经用过或已过期。", "请向发链接的系统管理员再要一个。");
pub const FACTOR_DUE_FIRST: Told = ("这个账号要先开通动态码或密钥。", "请打开“我的账号”，开通一样；只认密钥的地方要开通密钥。");
pub const WAITS_FIRST: Told = ("这个账号还没有核准。", "请等安全管理员核准。");

#[must_use]
pub fn until(at: &str) -> String {
    format!("链接有效到 {at}")
}

#[must_use]
pub fn asked_by(name: &str) -> String {
    format!("{name} 发的链接")
}

/// Other rights that wait, and who asked for them.
#[must_use]
pub fn next(role: &str, place: &str, by: &str) -> String {
    format!("{by} 提出改为 {place} · {role}，要另一位安全管理员核准；核准前还是原来的权限")
}

#[must_use]
pub fn password_at(at: &str) -> String {
    format!("密码定于 {at}")
}

#[must_use]
pub fn sessions(many: u64) -> String {
    format!("登录着 {many} 处")
}

#[must_use]
pub fn found(total: u64) -> String {
    format!("共 {total} 个账号")
}

#[must_use]
pub fn link_for(name: &str, until: &str) -> String {
    format!("给“{name}”的链接，{until} 前有效：")
}

#[must_use]
pub fn sure_link(name: &str) -> String {
    format!("给“{name}”发新链接？它现在的密码随即作废，登录都退出，定好新密码后要重新核准。")
}

#[must_use]
pub fn sure_disable(name: &str) -> String {
    format!("停用“{name}”？它的登录随即退出，发出的链接作废。")
}

#[must_use]
pub fn sure_confirm(name: &str, role: &str, place: &str) -> String {
    format!("核准“{name}”为{place}的{role}？请先问过本人：密码是不是他自己定的。")
}

#[must_use]
pub fn sure_factor(name: &str) -> String {
    format!("清除“{name}”的动态码和密钥？请先确认是本人要求的。")
}

#[must_use]
pub fn invited_hint(name: &str, role: &str, place: &str, until: &str) -> String {
    format!("您的账号是“{name}”，{place}，{role}。请定一个自己的密码；这个链接 {until} 前有效，只能用一次。")
}
