//! The one window: it shows our own pages and can be led nowhere else.

use tauri::{App, Url, WebviewWindow, WebviewWindowBuilder, webview::NewWindowResponse};

/// Opens the window described in `tauri.conf.json`.
pub fn open(app: &App) -> tauri::Result<()> {
    let Some(config) = app.config().app.windows.first() else { return Err(tauri::Error::WindowNotFound) };
    let window = WebviewWindowBuilder::from_config(app, config)?.on_navigation(ours).on_new_window(|_, _| NewWindowResponse::Deny);
    window.on_document_title_changed(follow).build().map(drop)
}

/// The window is called what its page is, in whatever language.
fn follow(window: WebviewWindow, title: String) {
    if let Err(error) = window.set_title(&title) {
        tracing::warn!(%error, "the window keeps its title");
    }
}

/// Pages from the binary itself: `tauri://localhost`, on Windows `http(s)://tauri.localhost`.
fn ours(url: &Url) -> bool {
    match (url.scheme(), url.host_str()) {
        ("tauri", Some("localhost")) => true,
        ("http" | "https", Some("tauri.localhost")) => cfg!(windows),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_pages_are_refused() {
        for (address, allowed) in [
            ("tauri://localhost/", true),
            ("tauri://localhost/order/phone?meal=lunch", true),
            ("tauri://elsewhere/", false),
            ("https://localhost/", false),
            ("file:///etc/passwd", false),
            ("data:text/html,x", false),
        ] {
            assert_eq!(ours(&address.parse().unwrap()), allowed, "{address}");
        }
    }
}
