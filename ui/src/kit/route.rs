//! Where the page is: the path and the query of its address, over the browser's own history. Links are plain `<a href>`:
//! a press on one that stays in the program is taken here.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// The address; copied freely.
#[derive(Clone, Copy, Debug)]
pub struct Location {
    pub path: Memo<String>,
    /// What stands behind the question mark.
    query: Memo<String>,
    now: RwSignal<(String, String)>,
}

fn stands() -> (String, String) {
    let location = window().location();
    let query = location.search().unwrap_or_default();
    (location.pathname().unwrap_or_default(), query.trim_start_matches('?').to_owned())
}

impl Location {
    /// Reads the address, and follows it as long as the program runs.
    pub fn provide() -> Self {
        let now = RwSignal::new(stands());
        let path = Memo::new(move |_| now.with(|(path, _)| path.clone()));
        let query = Memo::new(move |_| now.with(|(_, query)| query.clone()));
        let location = Self { path, query, now };
        provide_context(location);
        let moved = window_event_listener(leptos::ev::popstate, move |_| now.set(stands()));
        let pressed = window_event_listener(leptos::ev::click, move |event| {
            if let Some(target) = inner_link(&event) {
                event.prevent_default();
                location.go(&target);
            }
        });
        on_cleanup(move || {
            moved.remove();
            pressed.remove();
        });
        location
    }

    /// A value of the query; reads the address as a signal.
    pub fn value(self, key: &str) -> Option<String> {
        self.query.with(|query| value_in(query, key))
    }

    /// A value of the query as it is now.
    pub fn value_now(self, key: &str) -> Option<String> {
        untrack(|| self.value(key))
    }

    /// To another location.
    pub fn go(self, address: &str) {
        if let Ok(history) = window().history() {
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(address));
        }
        self.now.set(stands());
    }

    /// To another location that takes the entry of this one in the history.
    pub fn replace(self, address: &str) {
        if let Ok(history) = window().history() {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
        }
        self.now.set(stands());
    }

    /// For `aria-current` of a link.
    pub fn current(self, path: &'static str) -> Option<&'static str> {
        self.path.with(|now| now == path).then_some("page")
    }
}

/// The address of the program; every program provides it before anything else.
pub fn location() -> Location {
    use_context::<Location>().unwrap_or_else(Location::provide)
}

/// The address behind a press, when it is a plain press on a link of this program.
fn inner_link(event: &web_sys::MouseEvent) -> Option<String> {
    if event.default_prevented() || event.button() != 0 || event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key() {
        return None;
    }
    let pressed = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = pressed.closest("a[href]").ok()??;
    let href = link.get_attribute("href")?;
    let ours = href.starts_with('/') && !href.starts_with("//") && !link.has_attribute("target") && !link.has_attribute("download");
    ours.then_some(href)
}

/// A value in a query as the browser writes it.
fn value_in(query: &str, key: &str) -> Option<String> {
    let pair = query.split('&').filter_map(|pair| pair.split_once('=')).find(|(name, _)| *name == key)?;
    Some(plain(pair.1))
}

/// `%E7%8E%8B` and `+` as people wrote them.
fn plain(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digit = |rest: &mut std::str::Bytes<'_>| rest.next().and_then(|digit| char::from(digit).to_digit(16));
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let mut ahead = rest.clone();
                if let (Some(high), Some(low)) = (digit(&mut ahead), digit(&mut ahead)) {
                    bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                    rest = ahead;
                } else {
                    bytes.push(byte);
                }
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A text as a value of a query.
pub fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_query_are_read_as_they_were_written() {
        let query = format!("text={}&page=2&empty=", escaped("王 桂英-1 50%"));
        assert_eq!(value_in(&query, "text").as_deref(), Some("王 桂英-1 50%"));
        assert_eq!((value_in(&query, "page").as_deref(), value_in(&query, "empty").as_deref()), (Some("2"), Some("")));
        assert_eq!(value_in(&query, "tex"), None);
        assert_eq!((plain("a+b"), plain("100%"), plain("%zz%4")), ("a b".to_owned(), "100%".to_owned(), "%zz%4".to_owned()));
    }
}
