//! 工作人员 of desks, as an office of townships, counties or the city stops somebody from afar: disabled or enabled again, or the PIN made void.
//! The centre writes the change, so it goes to desks like any other and locks them with their next sync.

use super::clerk::{Clerk, signed_in};
use super::scope_of;
use crate::fault::{Refusal, not_found};
use crate::route::{Nothing, Route};
use crate::{Parts, Server};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use schemars::JsonSchema;
use serde::Deserialize;
use shared::kinds::{AuditEvent, NoticeOf, RecordKind};
use shared::schema::{Fields, RecordId, Value};

pub fn routes() -> [Route; 3] {
    [
        Route::at("/api/staff/{id}/disable").post("停用工作人员，他的电脑下次同步时锁上", disable),
        Route::at("/api/staff/{id}/enable").post("重新启用工作人员", enable),
        Route::at("/api/staff/{id}/pin").post("重设工作人员的口令：原来的作废，本人登录时再定一个", reset_pin),
    ]
}

#[derive(Deserialize, JsonSchema)]
pub struct StaffPath {
    /// 工作人员的 id，在工作人员列表里
    id: RecordId,
}

type WhichStaff = Result<Path<StaffPath>, PathRejection>;

async fn disable(State(server): State<Server>, clerk: Clerk, path: WhichStaff) -> Result<Nothing, Refusal> {
    change(server, clerk, path, AuditEvent::StaffDisabled, |_| ("disabled", Value::Bool(true))).await
}

async fn enable(State(server): State<Server>, clerk: Clerk, path: WhichStaff) -> Result<Nothing, Refusal> {
    change(server, clerk, path, AuditEvent::StaffEnabled, |_| ("disabled", Value::Bool(false))).await
}

async fn reset_pin(State(server): State<Server>, clerk: Clerk, path: WhichStaff) -> Result<Nothing, Refusal> {
    let void = |parts: &Parts| ("pin_reset_at", Value::Text(parts.clock.civil().to_string().into()));
    change(server, clerk, path, AuditEvent::StaffPinReset, void).await
}

/// What is said for good of such an event.
fn revokes(event: AuditEvent) -> Option<NoticeOf> {
    match event {
        AuditEvent::StaffDisabled => Some(NoticeOf::Staff),
        AuditEvent::StaffPinReset => Some(NoticeOf::Pin),
        _ => None,
    }
}

/// Changes a field of somebody whom the account sees; nobody else is there.
async fn change(
    server: Server,
    clerk: Clerk,
    path: WhichStaff,
    event: AuditEvent,
    field: fn(&Parts) -> (&'static str, Value),
) -> Result<Nothing, Refusal> {
    let act = move |parts: &Parts, clerk: &Clerk| {
        let Path(StaffPath { id }) = path?;
        let (name, value) = field(parts);
        let scope = scope_of(&clerk.account);
        parts.audited(&clerk.actor, event, |tx, noted| {
            noted.record(RecordKind::Staff, id.bytes());
            if !tx.granted(RecordKind::Staff, id.bytes(), &scope)? {
                return Err(not_found());
            }
            let stands = tx.row(RecordKind::Staff, id.bytes())?.unwrap_or_default();
            if stands.get(name) != Some(&value) {
                let changes = Fields::from([(name.into(), value.clone())]);
                parts.centre.change(tx, RecordKind::Staff, id.bytes(), &changes, parts.clock.seconds())?;
                if let Some(about) = revokes(event) {
                    parts.revoke(tx, about, id.bytes())?;
                }
            }
            Ok(Nothing)
        })
    };
    signed_in(&server, clerk, act).await
}
