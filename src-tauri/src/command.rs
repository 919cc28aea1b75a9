//! The two commands the page may call. They only carry; what a command means stands in `desk`.

use std::sync::Arc;

use serde_json::Value;
use shared::fault;
use shared::fault::{Code, Fault};
use tauri::State;
use tauri::async_runtime::spawn_blocking;
use tauri::ipc::{InvokeBody, Request};

use crate::desk_handle::DeskHandle;

/// A command by its name in `shared::command`, with its question as JSON.
#[tauri::command]
pub async fn call(desk_handle: State<'_, Arc<DeskHandle>>, name: String, ask: Value) -> Result<Value, Fault> {
    let desk_handle = Arc::clone(&desk_handle);
    spawn_blocking(move || desk_handle.desk()?.call(&name, ask)).await.unwrap_or_else(|_| Err(Fault::broken()))
}

/// A file or photo as raw bytes; the answer is the handle by which a later command names it.
#[tauri::command]
pub async fn hand_over(desk_handle: State<'_, Arc<DeskHandle>>, request: Request<'_>) -> Result<String, Fault> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(fault!(Code::BadInput, program::FILE_WITHOUT_CONTENT));
    };
    let (desk_handle, bytes) = (Arc::clone(&desk_handle), bytes.clone());
    spawn_blocking(move || desk_handle.desk()?.hand_over(&bytes)).await.unwrap_or_else(|_| Err(Fault::broken()))
}
