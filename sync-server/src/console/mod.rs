//! The console API: JSON over `/api/...` with a session cookie. Every answer is restricted to the
//! account's site; who may ask at all is seen before any of them runs (`clerk`). Totals come from roll-ups only; no SQL and no rules in here.

mod accounts;
mod alarms;
mod answers;
mod audit;
mod clerk;
mod conflicts;
mod export;
mod keys;
mod list;
mod names;
mod overview;
mod own;
mod proof;
mod session;
mod staff;
mod tries;

pub use audit::AuditListed;
pub(crate) use clerk::{Gate, gate};
pub(crate) use session::{open_sessions, place_name, shown_place};
pub(crate) use tries::LONGEST_LOCK;

use crate::Parts;
use crate::fault::Refusal;
use crate::route::Route;
use crate::store::{AccountRow, Scope};
use shared::fault;
use shared::fault::Code;
use shared::kinds::Role;

/// The routes of the console API.
pub fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::at("/api/session").post("登录", session::sign_in).get("当前登录的账号", session::who).delete("退出登录", session::sign_out),
        Route::at("/api/session/challenge").post("登录时要密钥签名的一次性内容；先核对密码", keys::challenge_at_the_door),
        Route::at("/api/first-account").post("用一次性链接建立第一个市级账号", session::first_account),
        Route::at("/api/account").get("自己的账号：密码、动态码、密钥、登录着的地方", own::show),
        Route::at("/api/account/password").post("改自己的密码，别处的登录随即退出", own::password),
        Route::at("/api/account/factor").post("开始开通动态码，给出扫描的图", own::begin_factor),
        Route::at("/api/account/factor/confirm").post("输入第一个动态码，动态码从此生效", own::confirm_factor),
        Route::at("/api/account/factor/end").post("停用自己的动态码", own::end_factor),
        Route::at("/api/account/challenge").post("要密钥签名的一次性内容，只在这次登录里有效", keys::challenge),
        Route::at("/api/account/keys").post("开始登记密钥：核对密码和已有的凭据，给出要新密钥签名的内容", keys::begin),
        Route::at("/api/account/keys/confirm").post("登记密钥：公钥和它的签名", keys::add),
        Route::at("/api/account/keys/{id}/end").post("停用自己的一个密钥", keys::end),
        Route::at("/api/account/sessions/{id}").delete("退出别处的一个登录", own::end_session),
        Route::at("/api/overview").get("一个地方一段时间的合计，按下级和按天", overview::show),
        Route::at("/api/photo/{hash}").get("回单照片", answers::photo),
        Route::at("/api/export").post("申请导出一份名单或台账：写明原因；人数多的要第二个账号同意", export::ask),
        Route::at("/api/export/{number}").post("同意别人的导出申请", export::agree),
        Route::at("/api/device-code").post("发一个一次性设备登记码", answers::device_code),
    ];
    routes.extend(accounts::routes());
    routes.extend(staff::routes());
    routes.extend(list::routes());
    routes
}

/// What the account may see.
fn scope_of(account: &AccountRow) -> Scope {
    match account.role {
        Role::Canteen => Scope::Canteen(account.division.clone()),
        _ => Scope::Division(account.division.clone()),
    }
}

fn foreign() -> Refusal {
    fault!(Code::Forbidden, place::OUTSIDE_OF_SCOPE).into()
}

/// The site asked for, or the account's own; a foreign one is refused, known or not.
fn asked_scope(parts: &Parts, account: &AccountRow, division: Option<&str>, canteen: Option<&str>) -> Result<Scope, Refusal> {
    let own = scope_of(account);
    match (division.filter(|code| !code.is_empty()), canteen.filter(|code| !code.is_empty())) {
        (None, None) => Ok(own),
        (_, Some(code)) => {
            let inside = parts.store.read(|tx| tx.canteens(&own))?.iter().any(|site| site.code == code);
            if inside { Ok(Scope::Canteen(code.to_owned())) } else { Err(foreign()) }
        }
        (Some(code), None) => match &own {
            Scope::Division(own) if shared::division::within(code, own) && shared::division::find(code).is_some() => {
                Ok(Scope::Division(code.to_owned()))
            }
            _ => Err(foreign()),
        },
    }
}
