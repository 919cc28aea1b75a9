//! The built screens as bytes inside a program: what `desk serve` and the server hand to browsers.
//! No screen code lives here.

/// Name, etag, bytes, and the same bytes gzipped where `cargo xtask wasm` has packed them.
type Row = (&'static str, &'static str, &'static [u8], Option<&'static [u8]>);

/// The files of one program of the screens. A program that hands out one of them does not carry the others.
#[derive(Debug)]
pub struct Screens(&'static [Row]);

/// The office.
pub static DESK: Screens = Screens(include!(concat!(env!("OUT_DIR"), "/desk.rs")));
/// The centre.
pub static CONSOLE: Screens = Screens(include!(concat!(env!("OUT_DIR"), "/console.rs")));
/// One's own account at the centre.
pub static ACCOUNT: Screens = Screens(include!(concat!(env!("OUT_DIR"), "/account.rs")));
/// The accounts of others there.
pub static ACCOUNTS: Screens = Screens(include!(concat!(env!("OUT_DIR"), "/accounts.rs")));
/// The courier.
pub static PHONE: Screens = Screens(include!(concat!(env!("OUT_DIR"), "/phone.rs")));
/// What makes and uses keys, for the pages of the centre; no page itself.
pub static KEY: Screens = Screens(include!(concat!(env!("OUT_DIR"), "/key.rs")));

/// One file of the screens.
#[derive(Clone, Copy, Debug)]
pub struct ScreenFile {
    /// Its bytes.
    pub bytes: &'static [u8],
    /// The same, gzipped: for clients that take it. The note that nothing is built yet travels as it is.
    pub packed: Option<&'static [u8]>,
    /// For the header `content-type`.
    pub content_type: &'static str,
    /// For the header `etag`, quotes included; another content has another one.
    pub etag: &'static str,
}

impl Screens {
    /// The file at a URL path; a path without a dot is a place inside the program and gives its page.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<ScreenFile> {
        let path = path.trim_start_matches('/');
        let name = if path.rsplit('/').next().is_none_or(|last| !last.contains('.')) { "index.html" } else { path };
        let (name, etag, bytes, packed) = self.0.iter().find(|(known, ..)| *known == name)?;
        Some(ScreenFile { bytes, packed: *packed, content_type: content_type(name), etag })
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::{ACCOUNT, ACCOUNTS, CONSOLE, DESK, KEY, PHONE};

    #[test]
    fn places_inside_a_program_give_its_page_and_unknown_files_nothing() {
        for screens in [&DESK, &CONSOLE, &ACCOUNT, &ACCOUNTS, &PHONE] {
            let page = screens.file("/").map(|file| file.content_type);
            assert_eq!(page, Some("text/html; charset=utf-8"));
            assert_eq!(screens.file("/ledger/2026").map(|file| file.content_type), page);
            assert!(screens.file("/no-such-file.js").is_none());
            assert!(screens.file("/../Cargo.toml").is_none());
        }
        assert!(KEY.file("/").is_none() && KEY.file("/no-such-file.js").is_none());
    }
}
