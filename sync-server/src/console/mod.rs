//! The console API: JSON over `/api/...` with a session cookie. Every answer is restricted to the
//! account's site. Totals come from roll-ups only; no SQL and no rules in here.

mod accounts;
mod answers;
mod audit;
mod conflicts;
mod export;
mod list;
mod names;
mod overview;
mod own;
mod proof;
mod session;
mod staff;
mod tries;

pub use audit::AuditListed;
pub(crate) use proof::has_factor;
pub(crate) use session::{open_sessions, shown_place};
pub(crate) use tries::LONGEST_LOCK;

use crate::audit::{Actor, Event};
use crate::fault::Refusal;
use crate::route::{Caller, Route};
use crate::store::{AccountRow, Scope};
use crate::{Parts, Server};
use shared::fault;
use shared::fault::Code;
use shared::kinds::{AuditEvent, Level, Role};
use shared::list::ListSpec;
use shared::rule::apart::{self, Duty};
use shared::words::speaking;

/// The routes of the console API.
pub fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::at("/api/session").post("登录", session::sign_in).get("当前登录的账号", session::who).delete("退出登录", session::sign_out),
        Route::at("/api/first-account").post("用一次性链接建立第一个市级账号", session::first_account),
        Route::at("/api/account").get("自己的账号：密码、动态码、登录着的地方", own::show),
        Route::at("/api/account/password").post("改自己的密码，别处的登录随即退出", own::password),
        Route::at("/api/account/factor").post("开始开通动态码，给出扫描的图", own::begin_factor),
        Route::at("/api/account/factor/confirm").post("输入第一个动态码，动态码从此生效", own::confirm_factor),
        Route::at("/api/account/factor/end").post("停用自己的动态码", own::end_factor),
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

/// Who may ask for something.
#[derive(Clone, Copy)]
enum For {
    /// Everybody who is signed in, with what is one's own: also while something has to be done first.
    Own,
    /// Who reads records: every role but the auditor.
    Readers,
    /// Who reads that list.
    List(&'static ListSpec),
    /// Who looks after the accounts of others.
    Accounts,
    /// Whose duty that is.
    Duty(Duty),
    /// Who looks after the staff of a division: every reader but a canteen's.
    Offices,
}

impl For {
    fn check(self, account: &AccountRow) -> Result<(), Refusal> {
        match self {
            Self::Readers if account.role.level().is_none() => Err(fault!(Code::Forbidden, audit::NOT_FOR_THIS_ACCOUNT).into()),
            Self::Accounts if !apart::looks_after_accounts(account.role) => Err(fault!(Code::Forbidden, accounts::NO_DUTY).into()),
            Self::Duty(duty) if !apart::duties(account.role).contains(&duty) => Err(fault!(Code::Forbidden, accounts::NO_DUTY).into()),
            Self::Offices if matches!(account.role.level(), None | Some(Level::Canteen)) => {
                Err(fault!(Code::Forbidden, staff::NOT_FOR_THIS_ACCOUNT).into())
            }
            Self::List(list) if !list.is_read_by(account.role) => Err(fault!(Code::Forbidden, list::NOT_FOR_THIS_ACCOUNT).into()),
            _ => Ok(()),
        }
    }
}

/// An account that is signed in, as it is noted.
struct Clerk {
    account: AccountRow,
    actor: Actor,
}

/// Does blocking work for the account of the session in the headers, in the language of its reader. What lies outside of its scope is
/// refused and noted.
async fn signed_in<T: Send + 'static>(
    server: &Server,
    caller: Caller,
    who: For,
    act: impl FnOnce(&Parts, &Clerk) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let language = caller.language;
    let work = move |parts: &Parts| {
        let account = session::account(parts, &caller)?;
        let _share = parts.share_of(&account.id)?;
        let actor = Actor::stranger(&caller.source, caller.request.0).account(&account);
        let clerk = Clerk { account, actor };
        if !matches!(who, For::Own)
            && let Some(due) = session::due(parts, &clerk.account)?
        {
            return Err(due.into());
        }
        let done = who.check(&clerk.account).and_then(|()| act(parts, &clerk));
        if let Err(refusal) = &done
            && refusal.fault.code == Code::Forbidden
        {
            let mut event = Event::of(AuditEvent::OutsideOfScope);
            parts.noted(&clerk.actor, event.refused(Code::Forbidden).object(&caller.asked))?;
        }
        done
    };
    server.run(move |parts| speaking(language, || work(parts))).await
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
