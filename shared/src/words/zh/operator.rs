//! 运营商：谁在办饭堂。

use crate::words::Told;

#[must_use]
pub fn known_already(name: &str) -> (String, &'static str) {
    (format!("运营商“{name}”已经登记过。"), "请用 operator list 查看已有的运营商。")
}

#[must_use]
pub fn no_such_operator(meant: &str) -> (String, &'static str) {
    (format!("没有运营商“{meant}”。"), "请先用 operator add 登记，或用 operator list 核对名称。")
}

pub const BAD_NAME: Told = ("运营商名称是空的或太长。", "请写 1 到 60 个字的名称。");
pub const BAD_LICENCE: Told = ("统一社会信用代码不是 18 位。", "请对照营业执照，只填数字和字母。");
pub const BAD_PHONE: Told = ("运营商电话不像电话号码。", "手机 11 位，座机带区号，比如 0766-8812345。");
