//! 账号、密码、登录。

use crate::kinds::Role;
use crate::rule::password::{PasswordProblem, SHORTEST};
use crate::words::Told;

/// What a new password has to be, for those who choose one.
#[must_use]
pub fn password_rule() -> String {
    format!("密码至少 {SHORTEST} 位，要同时有字母和数字，不能带账号名。")
}

/// A password that is not taken.
#[must_use]
pub fn weak_password(problem: PasswordProblem) -> (&'static str, String) {
    let happened = match problem {
        PasswordProblem::Short => "密码太短。",
        PasswordProblem::Long => "密码太长。",
        PasswordProblem::OneKind => "密码里只有字母，或者只有数字。",
        PasswordProblem::HoldsName => "密码里带有账号名。",
        PasswordProblem::Guessed => "这个密码太常见，别人一猜就中。",
    };
    (happened, format!("请换一个：{}", password_rule()))
}

pub const SIGN_IN: &str = "登录";
pub const SIGN_IN_HINT: &str = "账号和密码由上级民政部门发给。";
pub const SIGN_OUT: &str = "退出";
pub const FIRST_ACCOUNT: &str = "建立市级账号";
pub const MAKE_FIRST_ACCOUNT: &str = "建立账号";
pub const HAVE_AN_ACCOUNT: &str = "已经有账号，去登录";
pub const NAME: &str = "账号";
pub const PASSWORD: &str = "密码";
pub const PASSWORD_AGAIN: &str = "再输一遍";
pub const PASSWORDS_DIFFER: Told = ("两次密码不一样。", "请再输一遍。");

#[must_use]
pub fn first_account_hint() -> String {
    format!("这是新服务器的第一个账号，这个地址只能用一次。{}", password_rule())
}

pub const NOT_SIGNED_IN: Told = ("还没有登录，或登录已过期。", "请重新登录。");
pub const NAME_LOCKED: Told = ("密码试错太多次，从您这里暂时不能登录这个账号。", "请过一刻钟再试，忘了密码请找上级管理员。");
pub const TRIED_TOO_OFTEN: Told = ("密码试错的次数太多，服务器放慢了登录。", "请过一分钟再试。");
pub const TOO_MANY_SIGN_IN: Told = ("同时登录的人太多，服务器忙不过来。", "请过几秒钟再试。");
pub const WRONG_PASSWORD: Told = ("账号或密码不对。", "请核对后再试；连错五次会锁定一刻钟。");
pub const FIRST_LINK_OVER: Told = ("这个链接无效、已经用过或已过期。", "请在服务器上重新启动服务，使用新打印的链接。");
pub const NOT_FROM_HERE: Told =
    ("管理员账号只能在指定的网络里使用。", "请在单位内网的电脑上登录；网络换了的，请在服务器上改 admin networks。");
pub const NOT_THIS_ROLE: Told = ("您的账号没有这个权限。", "请用有权限的账号登录，或者请上级管理员来做。");
pub const BAD_NAME: Told = ("账号名是空的或太长。", "请写 1 到 30 个字的账号名。");

#[must_use]
pub fn name_taken(name: &str) -> (String, &'static str) {
    (format!("账号“{name}”已经有了。"), "请换一个账号名。")
}

/// A name that looks like another one.
#[must_use]
pub fn name_alike(other: &str) -> (String, &'static str) {
    (format!("这个账号名和已有的“{other}”看起来一样。"), "请换一个分得清的账号名。")
}

#[must_use]
pub fn no_such_account(name: &str) -> (String, &'static str) {
    (format!("没有账号“{name}”。"), "请用 sync-server admin account list 核对账号名。")
}

/// A role that there is not in such a place.
#[must_use]
pub fn role_of_another_place(division: &str, role: Role) -> (String, &'static str) {
    (format!("区划 {division} 和角色“{}”对不上。", role.label().zh), "请核对：市 4 位、县市区 6 位、镇街 9 位代码，饭堂填饭堂编号。")
}

pub const OWN: &str = "我的账号";
pub const BACK: &str = "回到监管平台";
pub const ROLE: &str = "角色";
pub const CHANGE_PASSWORD: &str = "改密码";
pub const PASSWORD_NOW: &str = "现在的密码";
pub const PASSWORD_NEW: &str = "新密码";
pub const PASSWORD_CHANGED: &str = "密码已改，别处的登录都已退出。";
pub const PASSWORD_DUE: &str = "请先换一个自己的密码，换好才能继续。";
pub const FACTOR: &str = "动态码";
pub const FACTOR_WHY: &str =
    "开通后，登录时除了密码还要输入手机上的 6 位动态码，密码被人知道也进不来。发设备登记码必须先开通动态码或密钥。";
pub const FACTOR_BEGIN: &str = "开通动态码";
pub const FACTOR_SCAN: &str = "用手机上的身份验证器（微信小程序“腾讯身份验证器”等）扫这个图，再输入手机上显示的 6 位数。";
pub const FACTOR_PICTURE: &str = "动态码的二维码";
pub const FACTOR_TYPE: &str = "扫不了就手工输入这串字：";
pub const FACTOR_CODE: &str = "动态码";
pub const FACTOR_CONFIRM: &str = "确认开通";
pub const FACTOR_ON: &str = "已开通动态码";
pub const FACTOR_END: &str = "停用动态码";
pub const FACTOR_ENDED: &str = "动态码已停用。";
pub const FACTOR_OTHER_PHONE: &str = "换手机";
pub const FACTOR_OLD: &str = "现在的动态码";
pub const USE_KEY: &str = "用密钥";
pub const KEY_READY: &str = "密钥已签名";
pub const KEYS: &str = "密钥";
pub const KEYS_WHY: &str = "密钥是存在 U 盘里的加密文件，登录时可以用它代替动态码，不用手机。口令不会离开这台电脑。";
pub const KEY_MAKE: &str = "做一个密钥";
pub const KEY_ADDED: &str = "密钥已登记。";
pub const KEY_END: &str = "停用";
pub const KEY_ENDED: &str = "密钥已停用。";
pub const SESSIONS: &str = "登录着的地方";
pub const SESSION_HERE: &str = "就是这里";
pub const SESSION_END: &str = "退出";
pub const SESSION_ENDED: &str = "已退出那里的登录。";
pub const FACTOR_WANTED: Told = ("密码对了，还要动态码或密钥。", "请输入手机上的 6 位动态码，或者用 U 盘里的密钥。");
pub const WRONG_CODE: Told = ("动态码不对，或者已经用过。", "请等手机上换一个新的，再输入；手机时间要准。");
pub const KEY_WANTED: Told = ("这里只认密钥，动态码不能代替。", "请点“用密钥”，选这个账号的密钥。");
/// At the door.
pub fn unused(days: i64) -> (String, &'static str) {
    (format!("这个账号 {days} 天没有用过，已自动停用。"), "请安全管理员核对后重新启用。")
}
pub const SAME_PASSWORD: Told = ("新密码和现在的一样。", "请换一个不一样的。");
pub const PASSWORD_DUE_FIRST: Told = ("要先换密码。", "请打开“我的账号”，换一个自己的密码。");
pub const FACTOR_NOT_BEGUN: Told = ("还没有开始开通动态码，或者没有开通过。", "请在“我的账号”里开通。");
pub const FACTOR_FIRST: Told = ("发设备登记码要动态码或密钥，这个账号都没有。", "请先在“我的账号”里开通一样。");
pub const LAST_FACTOR: Told =
    ("这个账号要有动态码或密钥，不能停用最后一样。", "要换，请先开通新的一样，再停用这一样；都丢了，请安全管理员清除。");
pub const WRONG_KEY: Told = ("密钥的签名不对，或者等得太久、已经用过。", "请再点一次“用密钥”；确认选的是这个账号的密钥。");
pub const NO_KEY: Told = ("这个账号没有登记密钥。", "请输入手机上的 6 位动态码。");
pub const NO_SUCH_KEY: Told = ("这个密钥已经停用了。", "请刷新再看。");
pub const KEY_TAKEN: Told = ("这个密钥已经登记过了。", "请给这个账号另做一个密钥。");
pub const TOO_MANY_KEYS: Told = ("密钥已经有五个。", "请先停用一个不用的。");
pub const NO_SUCH_SESSION: Told = ("这个登录已经退出了。", "请刷新再看。");

/// Since when the password stands.
#[must_use]
pub fn password_since(at: &str) -> String {
    format!("现在的密码是 {at} 定的。")
}

/// A session: since when, when something was asked last, from where it was opened.
#[must_use]
pub fn session(since: &str, seen: &str, source: &str) -> String {
    format!("{since} 登录，最近操作 {seen}，来自 {source}")
}
