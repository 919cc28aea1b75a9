//! What balancers and monitors ask: whether the process lives, and whether its database answers. Anybody may ask, so neither tells
//! anything else.

use crate::fault::Refusal;
use crate::{Server, city};
use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use shared::fault;
use shared::fault::{Code, Fault};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// A database that takes longer is none to send people to.
const PATIENCE: Duration = Duration::from_secs(3);

/// One look at the database at a time: where it hangs, it holds one thread, however often it is asked.
#[derive(Debug)]
pub(crate) struct OneLook(Arc<Semaphore>);

impl Default for OneLook {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

/// That it is well. What is not well is a fault.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Well {
    /// Always true.
    ok: bool,
}

pub async fn lives() -> Json<Well> {
    Json(Well { ok: true })
}

pub async fn is_ready(State(server): State<Server>) -> Result<Json<Well>, Refusal> {
    within(PATIENCE, &server).await
}

async fn within(patience: Duration, server: &Server) -> Result<Json<Well>, Refusal> {
    match tokio::time::timeout(patience, look(server)).await {
        Ok(Ok(())) => Ok(Json(Well { ok: true })),
        _ => Err(fault!(Code::Offline, database::AWAY).into()),
    }
}

async fn look(server: &Server) -> Result<(), Refusal> {
    let turn = Arc::clone(&server.0.one_look.0).acquire_owned().await.map_err(|_| Fault::broken())?;
    let look = server.run(move |parts| {
        let _turn = turn;
        Ok(parts.store.read(city::of)?)
    });
    look.await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clock;
    use axum::http::StatusCode;

    #[tokio::test]
    async fn a_database_that_hangs_is_told_and_holds_one_thread() {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::open(folder.path(), Clock::by(|| 0)).unwrap();
        let hangs = Arc::clone(&server.0.one_look.0).acquire_owned().await.unwrap();
        for _ in 0..3 {
            let refusal = within(Duration::from_millis(20), &server).await.unwrap_err();
            assert_eq!((refusal.status, refusal.fault.code), (StatusCode::SERVICE_UNAVAILABLE, Code::Offline));
        }
        drop(hangs);
        assert!(within(PATIENCE, &server).await.is_ok());
    }
}
