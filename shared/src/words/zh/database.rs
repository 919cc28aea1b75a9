//! 数据文件夹和数据文件：打开、损坏、找回。

use crate::words::Told;
use std::path::Path;

pub const FOLDER_OF_A_NEWER_PROGRAM: Told =
    ("这个数据文件夹是更新的程序写的，这个版本打不开。", "请把本程序更新到最新版再打开；数据文件夹没有动过，不要删除。");
pub const FOLDER_DOES_NOT_OPEN: Told = ("打不开本机的数据文件夹。", "请确认磁盘没有满、没有被设为只读；仍不行请联系运维，不要删除文件夹。");
pub const NO_DESK_FILE: Told = ("这里没有长者饭堂的数据文件。", "请核对数据文件夹。");
pub const DESK_FILE_LOST: Told =
    ("数据文件开头就损坏了，什么都读不出来。", "请留着这个文件夹，换一个新文件夹重新登记；已同步的资料会从服务器取回。");

#[must_use]
pub fn rotten_page(page: &str) -> String {
    format!("数据文件的第 {page} 页损坏。请退出本机其他长者饭堂程序，运行 desk recover，然后同步取回。")
}

/// What the file's own check found.
#[must_use]
pub fn damaged(found: &str) -> String {
    format!("数据文件有损坏：{found}")
}

/// A row is not what its changes make of it.
#[must_use]
pub fn row_differs(title: &str) -> String {
    format!("{title}与变更记录对不上")
}

pub const SERVER_FULL: Told = ("服务器的磁盘满了，这次没有收下。", "本机的记录都在，会自动再传；请告诉上级，清理服务器的磁盘。");
pub const AWAY: Told = ("服务器暂时连不上数据库。", "请稍后再试，已录入的内容不会丢失。");
pub const ADDRESS: Told = ("数据库地址的写法不对。", "请写成 postgres://用户:密码@主机/库名，密码里的特殊字符写成 %XX。");
pub const NOT_UTF8: Told = ("这个数据库的编码不是 UTF8。", "请新建一个编码为 UTF8 的数据库。");
pub const WRONG_PASSWORD: Told = ("数据库不接受这个用户或密码。", "请核对用户名和密码。");
pub const NOT_FROM_HERE: Told =
    ("数据库不让这个用户从这里连接。", "请核对用户名和 pg_hba.conf；如果它只许加密连接，请在地址里写 sslmode=verify-full。");
pub const NO_SUCH_NAME: Told = ("数据库服务器上没有这个库。", "请先新建数据库，或核对库名。");
pub const MAY_NOT_MAKE_TABLES: Told = ("这个用户不能在数据库里建表。", "请让这个用户成为数据库的所有者。");
pub const UNREACHABLE: Told = ("连不上 PostgreSQL 数据库。", "请确认数据库已启动，核对主机和端口后再启动服务。");
pub const OTHER_TABLES: Told = ("数据库里的表和这个程序不配套。", "请确认程序版本不低于上次用过的，以及用户可以建表。");
pub const UNKNOWN_MODE: Told =
    ("数据库地址里的 sslmode 不认识。", "请写 disable、prefer、require、verify-ca、verify-full 之一；不写时，连别的机器按 verify-full。");

/// A file that holds no certificate of an authority.
#[must_use]
pub fn no_authority_in(file: &Path) -> (String, &'static str) {
    (
        format!("机构证书文件 {} 读不出来，或者里面没有证书。", file.display()),
        "请核对路径和读取权限，文件要是 PEM 格式（BEGIN CERTIFICATE）。",
    )
}

pub const NO_AUTHORITY: Told =
    ("没有可以用来核对数据库证书的机构。", "请用 --database-ca（或地址里的 sslrootcert）指明签发数据库证书的机构证书。");
pub const NOT_ENCRYPTED: Told = (
    "数据库在别的机器上，或者地址要求加密，但是它不提供加密连接；为了不让资料明文经过网络，没有连接。",
    "请在数据库一侧打开 ssl；确信这段网络只有自己人，才在地址里写 sslmode=disable。",
);
pub const CERTIFICATE_BY_A_STRANGER: Told = (
    "数据库的证书不是所信任的机构签发的，没有连接。",
    "如果用的是自建机构，请用 --database-ca（或地址里的 sslrootcert）指明它的证书；已经指明的，请向数据库管理员核对：可能换了证书，也可能接到了别人的机器。",
);
pub const CERTIFICATE_OF_ANOTHER_HOST: Told = (
    "数据库的证书上没有地址里的这个主机名，没有连接。",
    "请把地址里的主机写成证书上的名字（subjectAltName），或者换一张写有这个名字的证书；只核对机构、不核对名字时写 sslmode=verify-ca。",
);
pub const CERTIFICATE_OF_ANOTHER_TIME: Told =
    ("数据库的证书过期了，或者还没有生效，没有连接。", "请核对这台机器的日期时间；时间没错的，请数据库管理员换一张证书。");
pub const NOT_A_SERVER_CERTIFICATE: Told = (
    "数据库的证书不能当服务器证书用，没有连接。",
    "请由机构另外签发一张服务器证书：X.509 第 3 版，CA:FALSE，主机名写在 subjectAltName 里。",
);
pub const NO_HANDSHAKE: Told = ("和数据库谈不成加密连接。", "请确认数据库支持 TLS 1.2 以上和通用的算法；细节在服务的日志里。");

pub const FORGED: Told =
    ("数据库里的内容被程序以外的人改过，这一项不作数。", "请保留现场，在服务器上运行 sync-server verify 查看，并报告上级。");

pub const LOG_FORGED: Told = (
    "变更记录被程序以外的人改过，什么也没有重做。",
    "请保留现场，用 sync-server verify 查看，报告上级，从备份恢复。查清后决定以现在的内容为准，才运行 sync-server seal，再重做。",
);
