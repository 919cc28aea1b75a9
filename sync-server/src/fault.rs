//! Faults on their way out of the server: what the store's failures become, and the HTTP status of
//! each. The words to people of this crate stand here or in `shared::zh`.

use crate::journal::JournalError;
use crate::store::{Distrust, PgConnectionError, StoreError};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use shared::crdt::CrdtError;
use shared::fault::{Code, Fault};
use shared::zh;
use std::error::Error;

/// A fault with its status.
#[derive(Debug)]
pub struct Refusal(pub StatusCode, pub Fault);

impl Refusal {
    /// With the status that the code asks for.
    pub fn new(code: Code, happened: impl Into<String>, next_step: impl Into<String>) -> Self {
        Fault::new(code, happened, next_step).into()
    }

    /// With another status.
    #[must_use]
    pub fn with(mut self, status: StatusCode) -> Self {
        self.0 = status;
        self
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        let status = match fault.code {
            Code::BadInput | Code::BadFile | Code::BadPhoto => StatusCode::BAD_REQUEST,
            Code::Confirm | Code::NotNow => StatusCode::CONFLICT,
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::NotEnrolled | Code::SignIn => StatusCode::UNAUTHORIZED,
            Code::Refused | Code::Forbidden => StatusCode::FORBIDDEN,
            Code::Offline => StatusCode::SERVICE_UNAVAILABLE,
            Code::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self(status, fault)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        if error.passes() {
            tracing::warn!(error = ?error, "the store is away");
            return Fault::new(Code::Offline, "服务器暂时连不上数据库。", "请稍后再试，已录入的内容不会丢失。").into();
        }
        if let StoreError::Crdt(CrdtError::Merge | CrdtError::NotAChange) = error {
            tracing::error!("a record that is quarantined can't be changed");
            return zh::quarantined().into();
        }
        tracing::error!(error = ?error, "the store failed");
        zh::broken().into()
    }
}

/// The root key is not there or not the one that the database was sealed with.
pub fn no_root_key(error: &dyn std::fmt::Display) -> Fault {
    tracing::error!(%error, "the root key can't be used");
    Fault::new(
        Code::Broken,
        "根密钥文件读不出来，或者不是这个数据库的根密钥。",
        "请从备份取回原来的 keeper.key（或用 --keeper 指明它在哪里）再启动；不要另造一个，否则已加密的资料打不开。",
    )
}

/// The first root key of a database could not be kept, so nothing is sealed under it.
pub fn no_new_root_key(error: &std::io::Error) -> Fault {
    tracing::error!(%error, "a new root key can't be kept");
    Fault::new(
        Code::Broken,
        "新的根密钥没有可靠地存到磁盘上，所以没有使用。",
        "请检查根密钥文件所在的磁盘和目录权限（或用 --keeper 换一个地方），再启动一次。",
    )
}

/// A change of the root key stopped at a file: which of the two keys counts is known when the database is opened next.
pub fn root_not_rotated(error: &std::io::Error) -> Refusal {
    tracing::error!(%error, "the root key can't be changed");
    Refusal::new(
        Code::Broken,
        "根密钥没有换完，密钥文件没有可靠地存到磁盘上。",
        "请检查磁盘后再运行一次 admin keys rotate；在那之前，根密钥文件和它旁边的 .next、.old 文件一个都不要删。",
    )
}

/// Why the store can't be opened.
pub fn cannot_open(error: StoreError) -> Fault {
    tracing::error!(error = ?error, "the store can't be opened");
    match error {
        StoreError::Address => {
            let example = "请写成 postgres://用户:密码@主机/库名，密码里的特殊字符写成 %XX。";
            Fault::new(Code::BadInput, "数据库地址的写法不对。", example)
        }
        StoreError::Connection(error) => no_connection(&error),
        StoreError::Encoding(_) => Fault::new(Code::NotNow, "这个数据库的编码不是 UTF8。", "请新建一个编码为 UTF8 的数据库。"),
        StoreError::Postgres(error) => match error.code().map(|code| code.code()) {
            Some("28P01") => Fault::new(Code::Forbidden, "数据库不接受这个用户或密码。", "请核对用户名和密码。"),
            Some("28000") => Fault::new(
                Code::Forbidden,
                "数据库不让这个用户从这里连接。",
                "请核对用户名和 pg_hba.conf；如果它只许加密连接，请在地址里写 sslmode=verify-full。",
            ),
            Some("3D000") => Fault::new(Code::NotFound, "数据库服务器上没有这个库。", "请先新建数据库，或核对库名。"),
            Some("42501") => Fault::new(Code::Forbidden, "这个用户不能在数据库里建表。", "请让这个用户成为数据库的所有者。"),
            _ => Fault::new(Code::Offline, "连不上 PostgreSQL 数据库。", "请确认数据库已启动，核对主机和端口后再启动服务。"),
        },
        StoreError::Migration(_) | StoreError::Newer => {
            Fault::new(Code::NotNow, "数据库里的表和这个程序不配套。", "请确认程序版本不低于上次用过的，以及用户可以建表。")
        }
        error => Refusal::from(error).into(),
    }
}

/// The connection to the database can't be had as its address asks.
fn no_connection(error: &PgConnectionError) -> Fault {
    let own = "如果用的是自建机构，请用 --database-ca（或地址里的 sslrootcert）指明它的证书；";
    match error {
        PgConnectionError::Mode(_) => Fault::new(
            Code::BadInput,
            "数据库地址里的 sslmode 不认识。",
            "请写 disable、prefer、require、verify-ca、verify-full 之一；不写时，连别的机器按 verify-full。",
        ),
        PgConnectionError::Authority(file, _) => Fault::new(
            Code::BadInput,
            format!("机构证书文件 {} 读不出来，或者里面没有证书。", file.display()),
            "请核对路径和读取权限，文件要是 PEM 格式（BEGIN CERTIFICATE）。",
        ),
        PgConnectionError::NoAuthority => Fault::new(
            Code::BadInput,
            "没有可以用来核对数据库证书的机构。",
            "请用 --database-ca（或地址里的 sslrootcert）指明签发数据库证书的机构证书。",
        ),
        PgConnectionError::Plain => Fault::new(
            Code::NotNow,
            "数据库在别的机器上，或者地址要求加密，但是它不提供加密连接；为了不让资料明文经过网络，没有连接。",
            "请在数据库一侧打开 ssl；确信这段网络只有自己人，才在地址里写 sslmode=disable。",
        ),
        PgConnectionError::Certificate(Distrust::Issuer, _) => Fault::new(
            Code::NotNow,
            "数据库的证书不是所信任的机构签发的，没有连接。",
            format!("{own}已经指明的，请向数据库管理员核对：可能换了证书，也可能接到了别人的机器。"),
        ),
        PgConnectionError::Certificate(Distrust::Name, _) => Fault::new(
            Code::NotNow,
            "数据库的证书上没有地址里的这个主机名，没有连接。",
            "请把地址里的主机写成证书上的名字（subjectAltName），或者换一张写有这个名字的证书；只核对机构、不核对名字时写 sslmode=verify-ca。",
        ),
        PgConnectionError::Certificate(Distrust::Time, _) => Fault::new(
            Code::NotNow,
            "数据库的证书过期了，或者还没有生效，没有连接。",
            "请核对这台机器的日期时间；时间没错的，请数据库管理员换一张证书。",
        ),
        PgConnectionError::Certificate(Distrust::Form, _) => Fault::new(
            Code::NotNow,
            "数据库的证书不能当服务器证书用，没有连接。",
            "请由机构另外签发一张服务器证书：X.509 第 3 版，CA:FALSE，主机名写在 subjectAltName 里。",
        ),
        PgConnectionError::Handshake(_) => {
            Fault::new(Code::NotNow, "和数据库谈不成加密连接。", "请确认数据库支持 TLS 1.2 以上和通用的算法；细节在服务的日志里。")
        }
    }
}

/// The name of what could not be read, where serde came to one.
fn unread<E: Error + 'static>(rejection: &(dyn Error + 'static)) -> Option<String> {
    let mut cause = Some(rejection);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<serde_path_to_error::Error<E>>() {
            return Some(found.path().to_string()).filter(|path| path != ".");
        }
        cause = error.source();
    }
    None
}

impl From<QueryRejection> for Refusal {
    fn from(rejection: QueryRejection) -> Self {
        match unread::<serde::de::value::Error>(&rejection) {
            Some(name) => wrong_in_address(&name, ""),
            None => malformed(),
        }
    }
}

/// A word of an address that nobody understands, and what would be right where that is known.
pub fn wrong_in_address(name: &str, wanted: &str) -> Refusal {
    let next_step = format!("{wanted}请刷新页面再试；用程序查询的，请按接口文档 /api/openapi.json 改正。");
    Refusal::new(Code::BadInput, format!("地址里的“{name}”写得不对。"), next_step)
}

impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Self {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return too_large();
        }
        match unread::<serde_json::Error>(&rejection) {
            Some(name) => Self::new(Code::BadInput, format!("提交的内容里“{name}”写得不对。"), "请刷新页面或更新程序后再试。"),
            None => malformed(),
        }
    }
}

impl From<PathRejection> for Refusal {
    fn from(_: PathRejection) -> Self {
        not_found()
    }
}

impl From<JournalError> for Refusal {
    fn from(error: JournalError) -> Self {
        if let JournalError::Store(error) = error {
            return error.into();
        }
        tracing::error!(error = ?error, "a change could not be logged");
        zh::broken().into()
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        refusal.1
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(self.1)).into_response()
    }
}

/// The answer for what does not exist and for what one may not see.
#[must_use]
pub fn not_found() -> Refusal {
    Refusal::new(Code::NotFound, "没有找到，或者不在您的管辖范围内。", "请返回上一页重新查看。")
}

/// The place is there, but not for this method.
#[must_use]
pub fn no_such_act() -> Refusal {
    let next_step = "请刷新页面再试；用程序调用的，请按接口文档 /api/openapi.json 改正。";
    Refusal::new(Code::BadInput, "这个地址不接受这样的请求。", next_step).with(StatusCode::METHOD_NOT_ALLOWED)
}

/// The key of a device is unknown or was shut out.
#[must_use]
pub fn unknown_device() -> Refusal {
    Refusal::new(Code::NotEnrolled, "这台电脑没有登记，或登记已被停用。", "请联系上级单位要新的登记码，已录入的内容都还在本机。")
}

/// More than a body may hold.
#[must_use]
pub fn too_large() -> Refusal {
    Refusal::new(Code::Refused, "一次上传的内容太多。", "请分几次上传。").with(StatusCode::PAYLOAD_TOO_LARGE)
}

/// Spoken in another version of the protocol.
#[must_use]
pub fn other_version(older: bool) -> Refusal {
    let (happened, next_step) = if older {
        ("这台电脑上的程序太旧，服务器已经不认识它的说法。", "请更新本机的程序；已录入的内容都还在本机，可以继续工作。")
    } else {
        ("服务器比这台电脑上的程序旧，还不认识它的说法。", "请联系运维更新服务器；已录入的内容都还在本机，可以继续工作。")
    };
    Refusal::new(Code::Refused, happened, next_step).with(StatusCode::UPGRADE_REQUIRED)
}

/// The body is not what the route asks for.
#[must_use]
pub fn malformed() -> Refusal {
    Refusal::new(Code::BadInput, "提交的内容格式不对。", "请刷新页面或更新程序后再试。")
}
