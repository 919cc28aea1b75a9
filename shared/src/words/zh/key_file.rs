//! 密钥：打开数据文件的密钥、系统密钥环。

use crate::words::Told;

const WHERE_IT_WAS: &str =
    "请在原来的电脑、原来的用户下打开，或从备份找回密钥；已同步的资料在服务器上，可换新文件夹重新登记取回。不要删除这个文件夹。";

pub const KEYRING_CLOSED: Told =
    ("本机的资料已加密，现在取不到系统密钥环里的密钥。", "请登录桌面、解锁密钥环后再打开；仍不行请联系运维，不要删除文件夹。");
pub const LEFT_THE_KEYRING: Told = ("本机的资料已加密，系统密钥环里的密钥不见了。", WHERE_IT_WAS);
pub const OPENS_NOTHING: Told = ("本机的资料已加密，这里的密钥打不开它：可能是从别的电脑或别的用户拷来的文件夹。", WHERE_IT_WAS);
pub const MISSING_BESIDE: Told = ("本机的资料已加密，但是旁边的密钥文件 desk.key 不见了。", WHERE_IT_WAS);
pub const UNREADABLE: Told = (
    "根密钥文件读不出来，或者不是这个数据库的根密钥。",
    "请从备份取回原来的 keeper.key（或用 --keeper 指明它在哪里）再启动；不要另造一个，否则已加密的资料打不开。",
);
pub const NOT_KEPT: Told =
    ("新的根密钥没有可靠地存到磁盘上，所以没有使用。", "请检查根密钥文件所在的磁盘和目录权限（或用 --keeper 换一个地方），再启动一次。");
pub const NOT_ROTATED: Told = (
    "根密钥没有换完，密钥文件没有可靠地存到磁盘上。",
    "请检查磁盘后再运行一次 admin keys rotate；在那之前，根密钥文件和它旁边的 .next、.old 文件一个都不要删。",
);
