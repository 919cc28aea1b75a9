//! The accounts of others: routes of system and security administrators, and of whoever holds a one-time link. Who may do what stands in
//! `shared::rule::apart`, what is done in `account`.

use super::clerk::{Clerk, signed_in};
use crate::audit::{Actor, Event};
use crate::fault::Refusal;
use crate::route::{Nothing, RequestId, Route, Source};
use crate::{Parts, Server};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use schemars::JsonSchema;
use serde::Deserialize;
use shared::console::{
    AccountPlaces, AccountRights, AccountsPage, AccountsQuery, Invitation, InvitationAsk, InvitationTaken, InviteAsk, LinkGiven,
};
use shared::kinds::AuditEvent;

pub fn routes() -> [Route; 12] {
    [
        Route::at("/api/invitation").post("看一次性链接是给谁的", look),
        Route::at("/api/invitation/password").post("凭一次性链接定下密码，只能用一次", take),
        Route::at("/api/accounts").get("本地方的账号，待核准的在前", list).post("邀请一个人，给出一次性链接", invite),
        Route::at("/api/accounts/places").get("账号可以设在哪些地方", places),
        Route::at("/api/accounts/{id}/link").post("重新发一次性链接，原来的密码作废", link),
        Route::at("/api/accounts/{id}/disable").post("停用账号，或撤回邀请", disable),
        Route::at("/api/accounts/{id}/sessions").delete("让账号的登录都退出", sign_out),
        Route::at("/api/accounts/{id}/confirm").post("核准账号的角色和地方", confirm),
        Route::at("/api/accounts/{id}/rights").post("改账号的角色和地方", rights),
        Route::at("/api/accounts/{id}/enable").post("重新启用账号", enable),
        Route::at("/api/accounts/{id}/lock").delete("解除账号的锁定", unlock),
        Route::at("/api/accounts/{id}/factor").delete("清除账号的动态码", end_factor),
    ]
}

#[derive(Deserialize, JsonSchema)]
pub struct AccountPath {
    /// 账号的 id，在账号列表里
    id: String,
}

type WhichAccount = Result<Path<AccountPath>, PathRejection>;

async fn look(State(server): State<Server>, ask: Result<Json<InvitationAsk>, JsonRejection>) -> Result<Json<Invitation>, Refusal> {
    let Json(ask) = ask?;
    server.run(move |parts| parts.store.read(|tx| parts.invitation(tx, &ask.token))).await.map(Json)
}

async fn take(
    State(server): State<Server>,
    from: Source,
    request: RequestId,
    ask: Result<Json<InvitationTaken>, JsonRejection>,
) -> Result<Nothing, Refusal> {
    let Json(ask) = ask?;
    server.run_seated(move |parts, seat| parts.take_invitation(&Actor::stranger(&from, request.0), seat, &ask)).await.map(|()| Nothing)
}

async fn list(
    State(server): State<Server>,
    clerk: Clerk,
    ask: Result<Query<AccountsQuery>, QueryRejection>,
) -> Result<Json<AccountsPage>, Refusal> {
    let list = |parts: &Parts, clerk: &Clerk| {
        let Query(ask) = ask?;
        parts.noted_read(&clerk.actor, "accounts", &Event::of(AuditEvent::AccountsListed))?;
        parts.store.read(|tx| parts.accounts_seen(tx, &clerk.account, &ask)).map(Json)
    };
    signed_in(&server, clerk, list).await
}

async fn places(State(server): State<Server>, clerk: Clerk) -> Result<Json<AccountPlaces>, Refusal> {
    let places = |parts: &Parts, clerk: &Clerk| parts.store.read(|tx| parts.account_places(tx, &clerk.account)).map(Json);
    signed_in(&server, clerk, places).await
}

async fn invite(
    State(server): State<Server>,
    clerk: Clerk,
    ask: Result<Json<InviteAsk>, JsonRejection>,
) -> Result<Json<LinkGiven>, Refusal> {
    let invite = |parts: &Parts, clerk: &Clerk| parts.invite((&clerk.account, &clerk.actor), &ask?.0).map(Json);
    signed_in(&server, clerk, invite).await
}

async fn link(State(server): State<Server>, clerk: Clerk, path: WhichAccount) -> Result<Json<LinkGiven>, Refusal> {
    let give = |parts: &Parts, clerk: &Clerk| parts.give_link((&clerk.account, &clerk.actor), &path?.id).map(Json);
    signed_in(&server, clerk, give).await
}

async fn disable(State(server): State<Server>, clerk: Clerk, path: WhichAccount) -> Result<Nothing, Refusal> {
    let disable = |parts: &Parts, clerk: &Clerk| parts.disable((&clerk.account, &clerk.actor), &path?.id).map(|()| Nothing);
    signed_in(&server, clerk, disable).await
}

async fn sign_out(State(server): State<Server>, clerk: Clerk, path: WhichAccount) -> Result<Nothing, Refusal> {
    let end = |parts: &Parts, clerk: &Clerk| parts.sign_out_of((&clerk.account, &clerk.actor), &path?.id).map(|()| Nothing);
    signed_in(&server, clerk, end).await
}

async fn confirm(
    State(server): State<Server>,
    clerk: Clerk,
    path: WhichAccount,
    ask: Result<Json<AccountRights>, JsonRejection>,
) -> Result<Nothing, Refusal> {
    let confirm = |parts: &Parts, clerk: &Clerk| parts.confirm((&clerk.account, &clerk.actor), &path?.id, &ask?.0).map(|()| Nothing);
    signed_in(&server, clerk, confirm).await
}

async fn rights(
    State(server): State<Server>,
    clerk: Clerk,
    path: WhichAccount,
    ask: Result<Json<AccountRights>, JsonRejection>,
) -> Result<Nothing, Refusal> {
    let assign = |parts: &Parts, clerk: &Clerk| parts.assign((&clerk.account, &clerk.actor), &path?.id, &ask?.0).map(|()| Nothing);
    signed_in(&server, clerk, assign).await
}

async fn enable(State(server): State<Server>, clerk: Clerk, path: WhichAccount) -> Result<Nothing, Refusal> {
    let enable = |parts: &Parts, clerk: &Clerk| parts.enable((&clerk.account, &clerk.actor), &path?.id).map(|()| Nothing);
    signed_in(&server, clerk, enable).await
}

async fn unlock(State(server): State<Server>, clerk: Clerk, path: WhichAccount) -> Result<Nothing, Refusal> {
    let unlock = |parts: &Parts, clerk: &Clerk| parts.unlock((&clerk.account, &clerk.actor), &path?.id).map(|()| Nothing);
    signed_in(&server, clerk, unlock).await
}

async fn end_factor(State(server): State<Server>, clerk: Clerk, path: WhichAccount) -> Result<Nothing, Refusal> {
    let end = |parts: &Parts, clerk: &Clerk| parts.reset_factor((&clerk.account, &clerk.actor), &path?.id).map(|()| Nothing);
    signed_in(&server, clerk, end).await
}
