//! Who asks: an account that is signed in. One gate stands before all routes of the server and asks the table of rights (`shared::rights`); a
//! handler is given the account that it let in, and decides of places only.

use super::session;
use crate::audit::{Actor, Event};
use crate::budget::Of;
use crate::counted::Share;
use crate::fault::Refusal;
use crate::route::{Caller, Input, Operation};
use crate::store::AccountRow;
use crate::{Parts, Server, secret};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{Method, request};
use axum::middleware::Next;
use axum::response::Response;
use shared::fault;
use shared::fault::Code;
use shared::kinds::{AuditEvent, Role};
use shared::rights::Who;
use shared::rights::console::who;
use shared::schema::Language;
use shared::words::speaking;
use std::borrow::Cow;
use std::sync::Arc;

/// An account that is signed in and may ask what it asks, as it is noted.
#[derive(Clone)]
pub struct Clerk {
    pub account: AccountRow,
    pub actor: Actor,
    /// The hash of the token of its session.
    pub session: [u8; 32],
    language: Language,
    /// Method and path, without what stands behind the `?`.
    asked: String,
    /// Held while its request is worked on.
    _share: Arc<Share<Vec<u8>>>,
}

impl Clerk {
    /// What is refused to somebody for what or where he is, is noted.
    fn refused(&self, parts: &Parts, refusal: Refusal) -> Refusal {
        if refusal.fault.code == Code::Forbidden {
            let mut event = Event::of(AuditEvent::OutsideOfScope);
            if let Err(unnoted) = parts.noted(&self.actor, event.refused(Code::Forbidden).object(&self.asked)) {
                return unnoted;
            }
        }
        refusal
    }
}

/// A handler that is behind no row of the table that lets accounts in has none.
impl<S: Sync> FromRequestParts<S> for Clerk {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut request::Parts, _: &S) -> Result<Self, Refusal> {
        parts.extensions.remove().ok_or_else(session::over)
    }
}

impl Input for Clerk {
    fn describe(operation: &mut Operation<'_>) {
        operation.session();
    }
}

/// The gate of a route.
#[derive(Clone)]
pub struct Gate {
    pub server: Server,
    pub path: Cow<'static, str>,
}

/// Stands before the handlers of a route. What devices say is judged by its signature, which is over the body: by their handlers.
pub async fn gate(State(gate): State<Gate>, caller: Caller, mut request: Request, next: Next) -> Result<Response, Refusal> {
    let method = match *request.method() {
        Method::HEAD => "get".to_owned(),
        ref method => method.as_str().to_ascii_lowercase(),
    };
    let who = who(&method, &gate.path);
    if !matches!(who, Who::Anybody | Who::Device) {
        let clerk = gate.server.run(move |parts| speaking(caller.language, || enter(parts, &caller, who))).await?;
        request.extensions_mut().insert(clerk);
    }
    Ok(next.run(request).await)
}

/// The account of the session in the headers, where it may ask this.
fn enter(parts: &Parts, caller: &Caller, who: Who<Role>) -> Result<Clerk, Refusal> {
    let account = session::account(parts, caller)?;
    let role = account.role;
    let clerk = Clerk {
        _share: Arc::new(parts.share_of(&account.id)?),
        actor: Actor::stranger(&caller.source, caller.request.0).account(&account),
        session: caller.session.as_deref().map(secret::hash).unwrap_or_default(),
        language: caller.language,
        asked: caller.asked.clone(),
        account,
    };
    charge(parts, &clerk)?;
    if !parts.may_come_from(role, &caller.source)? {
        return Err(clerk.refused(parts, fault!(Code::Forbidden, account::NOT_FROM_HERE).into()));
    }
    if who != Who::SignedIn
        && let Some(due) = session::due(parts, &clerk.account)?
    {
        return Err(due.into());
    }
    if !who.has(Some(role)) {
        return Err(clerk.refused(parts, fault!(Code::Forbidden, account::NOT_THIS_ROLE).into()));
    }
    Ok(clerk)
}

/// Charges an account for a request, or asks it to come later and tells the auditors.
fn charge(parts: &Parts, clerk: &Clerk) -> Result<(), Refusal> {
    let id = <[u8; 16]>::try_from(clerk.account.id.as_slice()).unwrap_or_default();
    let Err(wait) = parts.budgets.spend(id, Of::Requests, 1, parts.clock.seconds()) else { return Ok(()) };
    let mut event = Event::of(AuditEvent::BudgetUsedUp);
    event.refused(Code::NotNow).made(Of::Requests.detail(), Of::Requests.a_day());
    parts.noted_read(&clerk.actor, "budget", &event)?;
    Err(Refusal::from(fault!(Code::NotNow, request::account_asks_too_much(wait / 60 + 1))).after(wait))
}

/// Does blocking work for who asks, in the language of its reader. What lies outside of its scope is refused and noted.
pub async fn signed_in<T: Send + 'static>(
    server: &Server,
    clerk: Clerk,
    act: impl FnOnce(&Parts, &Clerk) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let work = move |parts: &Parts| speaking(clerk.language, || act(parts, &clerk)).map_err(|refusal| clerk.refused(parts, refusal));
    server.run(work).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clock;
    use axum::http::StatusCode;

    #[test]
    fn an_account_that_asks_too_much_comes_later_is_told_to_the_auditors_and_others_are_answered() {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::open(folder.path(), Clock::by(|| 0)).unwrap();
        let parts = &server.0;
        let clerk = |name: &str| {
            server.add_account(name, Role::City, "4453", "yufan2026x").unwrap();
            let account = parts.store.read(|tx| tx.account_by_name(name)).unwrap().unwrap();
            Clerk {
                _share: Arc::new(parts.share_of(&account.id).unwrap()),
                actor: Actor::itself().account(&account),
                session: [0; 32],
                language: Language::Zh,
                asked: String::new(),
                account,
            }
        };
        let (greedy, other) = (clerk("chen"), clerk("li"));
        let id = <[u8; 16]>::try_from(greedy.account.id.as_slice()).unwrap();
        let all = usize::try_from(Of::Requests.a_day()).unwrap();
        parts.budgets.spend(id, Of::Requests, all - 1, 0).unwrap();
        charge(parts, &greedy).unwrap();
        for _ in 0..3 {
            let refusal = charge(parts, &greedy).unwrap_err();
            assert_eq!((refusal.status, refusal.after.is_some_and(|seconds| seconds > 0)), (StatusCode::TOO_MANY_REQUESTS, true));
        }
        charge(parts, &other).unwrap();
        let noted = parts.store.read(|tx| tx.audit_after(0, i64::MAX)).unwrap().into_iter().flatten();
        let told: Vec<_> = noted.filter(|row| row.event == AuditEvent::BudgetUsedUp.code()).map(|row| row.account).collect();
        assert_eq!(told, [Some("chen".to_owned())], "once");
    }
}
