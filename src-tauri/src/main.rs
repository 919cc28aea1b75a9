//! The office window: opens the data folder, starts the sync and shows the screens.
//! Lives here: start-up and the rules of the window. No rules of the office, no SQL, no network.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod command;
mod desk_handle;
mod window;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use tauri::Manager as _;
use tracing_subscriber::EnvFilter;

fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,refinery_core=warn")))
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    let data = data_argument(std::env::args_os().skip(1))?;
    tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![command::call, command::hand_over])
        .setup(move |app| {
            let data = match data {
                Some(dir) => dir,
                None => app.path().app_local_data_dir()?,
            };
            let desk_handle = desk_handle::DeskHandle::new(data);
            // The window opens all the same and shows why.
            if let Err(fault) = desk_handle.desk() {
                eprintln!("{fault}");
            }
            app.manage(Arc::new(desk_handle));
            window::open(app)?;
            Ok(())
        })
        .run(tauri::generate_context!())
        .context("窗口没有打开")
}

/// `--data DIR` (or `--data=DIR`); nothing else is taken.
fn data_argument(mut arguments: impl Iterator<Item = std::ffi::OsString>) -> anyhow::Result<Option<PathBuf>> {
    let mut data = None;
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy();
        if argument == "--data" {
            data = Some(PathBuf::from(arguments.next().context("--data 后面要写数据文件夹")?));
        } else if let Some(dir) = text.strip_prefix("--data=") {
            data = Some(PathBuf::from(dir));
        } else {
            anyhow::bail!("不认识的参数：{text}。用法：desk-window [--data 数据文件夹]");
        }
    }
    Ok(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_only_the_data_folder() {
        let take = |words: &[&str]| data_argument(words.iter().map(Into::into));
        assert_eq!(take(&[]).unwrap(), None);
        assert_eq!(take(&["--data", "a"]).unwrap(), Some("a".into()));
        assert_eq!(take(&["--data=b"]).unwrap(), Some("b".into()));
        assert!(take(&["--data"]).is_err());
        assert!(take(&["--other"]).is_err());
    }
}
