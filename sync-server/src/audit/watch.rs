//! The server looks its audit log over by itself: when it starts, and once a day; and writes the end of each day beside the database.

use super::heads;
use crate::fault::Refusal;
use crate::{Parts, Server};
use shared::kinds::AuditEvent;
use std::time::Duration;

use super::{Actor, Event};

/// It is asked so often whether it is time.
const PAUSE: Duration = Duration::from_secs(60);
const DAY: i64 = 86_400;

/// Looks over and writes down, as long as it is asked to.
pub async fn watch_on(server: Server) {
    // What fails is in the log, and tried again.
    let started = server.run(|parts| parts.noted(&Actor::itself(), &Event::of(AuditEvent::ServerStarted))).await;
    if started.is_err() {
        tracing::error!("the start of the server could not be noted");
    }
    let mut looked = None;
    loop {
        looked = server.run(move |parts| step(parts, looked)).await.unwrap_or(looked);
        tokio::time::sleep(PAUSE).await;
    }
}

/// Looks over where a day has gone since; gives when it was last done.
pub fn step(parts: &Parts, looked: Option<i64>) -> Result<Option<i64>, Refusal> {
    let now = parts.clock.seconds();
    let due = looked.is_none_or(|at| !(at..at + DAY).contains(&now));
    if due {
        parts.look_audit_over()?;
    }
    heads::keep_day(parts)?;
    Ok(if due { Some(now) } else { looked })
}
