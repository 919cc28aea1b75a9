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
