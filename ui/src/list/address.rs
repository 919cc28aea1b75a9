//! The words of a list as they stand in the address: filters, order and page by name. Whoever comes back to an address finds the list as
//! it was, and a list can be sent to somebody.

use crate::kit::route::{Location, escaped, location};
use leptos::prelude::*;
use shared::list::{AFTER, BEFORE, Direction, End, Filter, ListSpec};

/// Words by the names of what they say.
pub type Words = Vec<(&'static str, String)>;

/// A list at its address; copied freely.
#[derive(Clone, Copy, Debug)]
pub struct ListAddress {
    pub list: &'static ListSpec,
    pub end: End,
    path: &'static str,
    /// What stands in the address before the list's own words.
    kept: Signal<String>,
    /// The list's own words.
    pub words: Memo<Words>,
    location: Location,
}

const SORT: &str = "sort";
/// They say which page is shown.
const PAGE_WORDS: [&str; 3] = ["page", AFTER, BEFORE];

impl ListAddress {
    /// The list at a path; filters that are `hidden` are not read there.
    pub fn new(list: &'static ListSpec, end: End, path: &'static str, kept: Signal<String>, hidden: &'static [&'static str]) -> Self {
        let location = location();
        let own =
            move || list.filters_at(end).flat_map(Filter::names).filter(move |name| !hidden.contains(name)).chain(PAGE_WORDS).chain([SORT]);
        let words = Memo::new(move |_| {
            let word = |name: &'static str| Some((name, location.value(name).filter(|word| !word.is_empty())?));
            own().filter_map(word).collect::<Words>()
        });
        Self { list, end, path, kept, words, location }
    }

    /// The word of a filter; empty where it asks for nothing.
    pub fn word(self, name: &str) -> String {
        self.words.with(|words| words.iter().find(|(known, _)| *known == name).map(|(_, word)| word.clone()).unwrap_or_default())
    }

    /// Narrows by a word, or no more where it is empty, and begins at the first page.
    pub fn set(self, changes: &[(&'static str, String)]) {
        let mut words = self.words.get_untracked();
        words.retain(|(name, _)| !PAGE_WORDS.contains(name) && changes.iter().all(|(changed, _)| changed != name));
        words.extend(changes.iter().map(|(name, word)| (*name, word.trim().to_owned())));
        self.go(&words);
    }

    /// To the page that these words say; to the first one without any.
    pub fn turn(self, page: Words) {
        let mut words = self.words.get_untracked();
        words.retain(|(name, _)| !PAGE_WORDS.contains(name));
        words.extend(page);
        self.go(&words);
    }

    /// Narrowed by nothing.
    pub fn clear(self) {
        self.go(&[]);
    }

    /// The page that is asked for.
    pub fn page(self) -> u32 {
        self.word("page").parse().unwrap_or(0)
    }

    /// By what the rows are ordered, where somebody chose it.
    pub fn order(self) -> Option<(String, Direction)> {
        let word = self.word(SORT);
        match word.strip_prefix('-') {
            Some(name) => Some((name.to_owned(), Direction::Down)),
            None if word.is_empty() => None,
            None => Some((word, Direction::Up)),
        }
    }

    /// Orders by a column, the other way where it is that one already, and not at all the third time.
    pub fn order_by(self, name: &str) {
        let next = match self.order() {
            Some((now, Direction::Up)) if now == name => format!("-{name}"),
            Some((now, Direction::Down)) if now == name => String::new(),
            _ => name.to_owned(),
        };
        self.set(&[(SORT, next)]);
    }

    /// The words as they stand behind the `?`.
    pub fn query(self) -> String {
        self.words.with(|words| query_of(words))
    }

    fn go(self, words: &[(&'static str, String)]) {
        let parts = [self.kept.get_untracked(), query_of(words)];
        let query: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        self.location.replace(&format!("{}{mark}{}", self.path, query.join("&")));
    }
}

fn query_of(words: &[(&'static str, String)]) -> String {
    let pairs = words.iter().filter(|(_, word)| !word.is_empty()).map(|(name, word)| format!("{name}={}", escaped(word)));
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_the_address_as_the_other_end_reads_them() {
        let words = [("meal", "lunch".to_owned()), ("text", "王 50%&x".to_owned()), ("sort", String::new())];
        assert_eq!(query_of(&words), "meal=lunch&text=%E7%8E%8B%2050%25%26x");
    }
}
