//! The two commands the page may call. They only carry; what a command means stands in `desk`.

use desk::Desk;
use serde_json::Value;
use shared::fault::{Code, Fault};
use shared::zh;
use tauri::State;
use tauri::async_runtime::spawn_blocking;
use tauri::ipc::{InvokeBody, Request};

/// A command by its name in `shared::command`, with its question as JSON.
#[tauri::command]
pub async fn call(desk: State<'_, Desk>, name: String, ask: Value) -> Result<Value, Fault> {
    let desk = desk.inner().clone();
    spawn_blocking(move || desk.call(&name, ask)).await.unwrap_or_else(|_| Err(zh::broken()))
}

/// A file or photo as raw bytes; the answer is the handle by which a later command names it.
#[tauri::command]
pub async fn hand_over(desk: State<'_, Desk>, request: Request<'_>) -> Result<String, Fault> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(Fault::new(Code::BadInput, "没有收到文件的内容。", "请重新选择文件。"));
    };
    let (desk, bytes) = (desk.inner().clone(), bytes.clone());
    spawn_blocking(move || desk.hand_over(&bytes)).await.unwrap_or_else(|_| Err(zh::broken()))
}
