//! 地点：饭堂、镇街、村社区。

use crate::words::Told;

/// A canteen of which only the code is known.
#[must_use]
pub fn canteen(code: &str) -> String {
    format!("饭堂 {code}")
}

#[must_use]
pub fn no_such_canteen(code: &str) -> (String, &'static str) {
    (format!("没有编号为 {code} 的饭堂。"), "请核对饭堂编号。")
}

#[must_use]
pub fn no_such_town(code: &str) -> (String, &'static str) {
    (format!("没有代码为 {code} 的镇街或村社区。"), "请填 9 位镇街代码或 12 位村社区代码。")
}

/// No such division; with the code of the city of the deployment.
#[must_use]
pub fn no_such_division(code: &str, city: &str) -> (String, String) {
    (format!("没有代码为 {code} 的区划。"), format!("请填 9 位镇街代码，县级 6 位，市级 {city}。"))
}

#[must_use]
pub fn no_such_city(code: &str) -> (String, &'static str) {
    (format!("这个程序里没有代码为 {code} 的地级市的区划。"), "请填 4 位的市级代码；换一个市要先换上带有它区划表的程序。")
}

pub const BAD_CANTEEN_NAME: Told = ("饭堂名称是空的或太长。", "请写 1 到 60 个字的名称。");
pub const OUTSIDE_OF_SCOPE: Told = ("这不在您的管辖范围内。", "请从总览页进入您管辖的地方。");
