//! The two commands the page may call. They only carry; what a command means stands in `desk`.

use std::sync::Arc;

use serde_json::Value;
use shared::fault::{Code, Fault};
use shared::zh;
use tauri::State;
use tauri::async_runtime::spawn_blocking;
use tauri::ipc::{InvokeBody, Request};

use crate::office::Office;

/// A command by its name in `shared::command`, with its question as JSON.
#[tauri::command]
pub async fn call(office: State<'_, Arc<Office>>, name: String, ask: Value) -> Result<Value, Fault> {
    let office = Arc::clone(&office);
    spawn_blocking(move || office.desk()?.call(&name, ask)).await.unwrap_or_else(|_| Err(zh::broken()))
}

/// A file or photo as raw bytes; the answer is the handle by which a later command names it.
#[tauri::command]
pub async fn hand_over(office: State<'_, Arc<Office>>, request: Request<'_>) -> Result<String, Fault> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(Fault::new(Code::BadInput, "没有收到文件的内容。", "请重新选择文件。"));
    };
    let (office, bytes) = (Arc::clone(&office), bytes.clone());
    spawn_blocking(move || office.desk()?.hand_over(&bytes)).await.unwrap_or_else(|_| Err(zh::broken()))
}
