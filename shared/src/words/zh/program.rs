//! 程序、磁盘、命令行。

use crate::words::Told;
use std::net::SocketAddr;

pub const BROKEN: Told = ("程序或磁盘出了问题，这一步没有保存。", "请再试一次；仍不行请联系运维，已保存的记录都还在。");
pub const DISK_FULL: Told = ("磁盘已满，这一步没有保存。", "请清出一些空间再做一次；已保存的记录都还在，可以照常查看。");

/// A command line that can't be understood, with the parts it stumbled over.
#[must_use]
pub fn usage(parts: &[&str]) -> (String, &'static str) {
    let about = if parts.is_empty() {
        "命令不完整，或者写得不对。".to_owned()
    } else {
        format!("命令里的 {} 缺少、多余或写得不对。", parts.join("、"))
    };
    (about, "加上 --help 可以看用法。")
}

pub const CLOSE: &str = "关闭";
pub const HOW_TO_USE: &str = "怎么用";

/// How much of a long act is done.
#[must_use]
pub fn part_done(done: u64, total: u64) -> String {
    format!("{done} / {total}（{}%）", done.min(total) * 100 / total.max(1))
}

pub const NO_ANSWER: Told = ("程序没有应答。", "请看看网络和程序是否开着，稍等会自动再连。");
pub const NO_SUCH_COMMAND: Told = ("没有这个功能。", "程序可能需要更新。");
pub const COMMAND_UNREAD: Told = ("填的内容程序看不懂。", "请核对后再试。");
pub const FILE_WITHOUT_CONTENT: Told = ("没有收到文件的内容。", "请重新选择文件。");
pub const FILE_OVER_50_MB: Told = ("文件超过 50 MB。", "请分成几个小一点的文件。");
pub const FILE_GONE: Told = ("这个文件已经不在了。", "请重新选择文件。");
pub const STDIN_NOT_TEXT: Told = ("标准输入不是文字，或者太长。", "请从标准输入给一个 JSON 对象。");
pub const STDIN_NOT_JSON: Told = ("标准输入不是一个 JSON 对象。", "请核对引号和括号；--shapes 可以看写法。");
pub const LISTING_CUT_OFF: Told = ("列表没有写完，磁盘可能满了。", "请再试一次。");
pub const ONLY_ON_THIS_COMPUTER: Told = ("只能在本机上打开。", "监听地址请用 127.0.0.1。");
pub const PORT_IN_USE: Told = ("这个端口已被占用。", "请换一个端口，或用 127.0.0.1:0 自动选择。");
pub const PAGE_EXPIRED: Told = ("这个页面已经失效。", "请从桌面程序重新打开。");
pub const DEMO_NOT_WRITTEN: Told = ("演示数据写不进数据文件夹。", "请确认磁盘没有满、文件夹没有设为只读。");

/// A row of the demo's list is not taken; what is said of it is one sentence.
#[must_use]
pub fn demo_row(row: u32, code: &str) -> (String, &'static str) {
    (format!("演示名单第 {row} 行有错：{code}。"), "请联系开发人员。")
}

#[must_use]
pub fn no_command_named(name: &str) -> (String, &'static str) {
    (format!("没有名为 {name} 的功能。"), "desk call --help 列出全部功能。")
}

#[must_use]
pub fn file_unread(path: &str) -> (String, &'static str) {
    (format!("读不了文件 {path}。"), "请核对路径和权限。")
}

#[must_use]
pub fn condition_unread(word: &str) -> (String, &'static str) {
    (format!("条件“{word}”看不懂。"), "写成 名字=内容，例如 meal=lunch。")
}

pub const NOT_MADE_UP: Told = ("这个数据目录里有真实的资料，演示和测速的数据不能写进来。", "请换一个空的数据目录。");
pub const FOLDER_SERVED_ALREADY: Told = ("这个数据目录已有一个服务在运行。", "请先停止那个服务，或者换一个数据目录。");

/// What was typed for a network.
#[must_use]
pub fn no_network(text: &str) -> (String, &'static str) {
    (format!("“{text}”不是网络地址。"), "请写成 10.1.0.0/16 或 10.1.2.3。")
}

/// An address on which the server can't listen.
#[must_use]
pub fn address_taken(address: SocketAddr) -> (String, &'static str) {
    (format!("地址 {address} 用不了。"), "请换一个端口，或停止占用它的程序。")
}

/// There is no certificate to serve under; what the file or the authority says of it.
#[must_use]
pub fn no_certificate(about: &str) -> (String, &'static str) {
    (format!("没有可用的证书：{about}。"), "请核对 --certificate 和 --certificate-key 的文件：PEM 格式，互相配对。")
}

pub const ONLY_OVER_HTTPS: Told = ("这个地址只收加密的连接。", "请把地址开头的 http:// 改成 https://。");
