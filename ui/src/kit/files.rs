//! Files that somebody picked or dropped.

/// All of a list that the browser gave.
pub fn of(list: Option<web_sys::FileList>) -> Vec<web_sys::File> {
    list.map(|list| (0..list.length()).filter_map(|at| list.get(at)).collect()).unwrap_or_default()
}
