//! 密钥：第二样凭据，存在 U 盘上的文件里。

use crate::rule::password::PASSPHRASE_SHORTEST;
use crate::words::Told;

pub const MAKE: &str = "做一个密钥";
pub const USE: &str = "用密钥确认";
pub const SAVED: &str = "核对刚才保存的密钥";
pub const MAKE_HINT: &str = "密钥是一个加密的文件，请存到自己的 U 盘里带走，不要留在这台电脑上。口令只有您自己知道，忘了就只能换一个密钥。";
pub const USE_HINT: &str = "请选 U 盘里的密钥文件，输入它的口令。文件和口令都不会离开这台电脑。";
pub const SAVED_HINT: &str = "密钥已经保存到浏览器下载的地方。请把它移到 U 盘，再选它一次，输入口令：确认没有问题才登记。";
pub const FILE: &str = "密钥文件";
pub const NAME: &str = "名称";
pub const NAME_FIRST: &str = "U 盘密钥";
pub const PASSPHRASE: &str = "口令";
pub const PASSPHRASE_AGAIN: &str = "再输一遍";
pub const SAVE: &str = "生成并保存";
pub const SIGN: &str = "确认";
pub const WORKING: &str = "正在解开密钥，请稍等…";

/// What a passphrase has to be.
#[must_use]
pub fn passphrase_rule() -> String {
    format!("口令至少 {PASSPHRASE_SHORTEST} 位，要同时有字母和数字，不能带账号名，也不要和密码一样。")
}

pub const NO_FILE: Told = ("还没有选密钥文件。", "请插上 U 盘，选里面的密钥文件（.pem）。");
pub const NOT_A_KEY: Told = ("这个文件不是本系统的密钥。", "请选 U 盘里保存的那个 .pem 文件。");
pub const WRONG_PASSPHRASE: Told = ("口令不对，或者文件坏了。", "请核对口令后再试；大小写要一致。");
pub const OTHER_KEY: Told = ("这不是刚才保存的那个密钥。", "请选刚才保存的文件。");
pub const WEAK_PASSPHRASE: Told = ("口令太短或太简单。", "请按下面的要求换一个。");
pub const PASSPHRASES_DIFFER: Told = ("两次口令不一样。", "请再输一遍。");
pub const OTHER_SERVER: Told = ("要签的内容不是这个网站的。", "请刷新再试；还是这样，请告诉系统管理员。");
pub const NOT_LOADED: Told = ("密钥程序没有打开。", "请检查网络，再试一次。");
