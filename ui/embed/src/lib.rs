//! The built screens as bytes inside a program: what `desk serve` and the server hand to browsers.
//! No screen code lives here.

/// Name, etag, bytes, and the same bytes gzipped.
type Row = (&'static str, &'static str, &'static [u8], &'static [u8]);

static FILES: &[Row] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// One file of the screens.
#[derive(Clone, Copy, Debug)]
pub struct ScreenFile {
    /// Its bytes.
    pub bytes: &'static [u8],
    /// The same, gzipped: for clients that take it.
    pub packed: &'static [u8],
    /// For the header `content-type`.
    pub content_type: &'static str,
    /// For the header `etag`, quotes included; another content has another one.
    pub etag: &'static str,
}

/// The file at a URL path; a path without a dot is a place inside the app and gives its page.
#[must_use]
pub fn file(path: &str) -> Option<ScreenFile> {
    let path = path.trim_start_matches('/');
    let name = if path.rsplit('/').next().is_none_or(|last| !last.contains('.')) { "index.html" } else { path };
    let (name, etag, bytes, packed) = FILES.iter().find(|(known, ..)| *known == name)?;
    Some(ScreenFile { bytes, packed, content_type: content_type(name), etag })
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
    use super::file;

    #[test]
    fn places_inside_the_app_give_its_page_and_unknown_files_nothing() {
        let page = file("/").map(|file| file.content_type);
        assert_eq!(page, Some("text/html; charset=utf-8"));
        assert_eq!(file("/ledger/2026").map(|file| file.content_type), page);
        assert!(file("/no-such-file.js").is_none());
        assert!(file("/../Cargo.toml").is_none());
    }
}
