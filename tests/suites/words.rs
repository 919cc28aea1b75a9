//! The words for people held to both languages: the same words in each, none that nobody says, and no Chinese sentence in the
//! code beside them. That a word that is said has its English is held by the compiler; see `shared/src/words`.

use super::tidy;
use anyhow::{Context, Result, ensure};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};

const WORDS: &str = "shared/src/words/";

/// Where Chinese stands in the code all the same, and why. A folder ends with a stroke.
const ELSEWHERE: &[(&str, &str)] = &[
    ("shared/src/kinds/", "labels beside what they name, in both languages"),
    ("shared/src/schema/", "the languages themselves, and values in both"),
    ("shared/src/list/column.rs", "a label in both languages"),
    ("shared/src/timeline.rs", "both languages"),
    ("shared/src/division.rs", "names of places"),
    ("shared/src/rule/", "reads what people type"),
    ("shared/src/json_schema.rs", "a paper for programmers of the city"),
    ("shared/src/wire/frozen.rs", "a test"),
    ("src-tauri/src/main.rs", "the command line, in Chinese"),
    ("src-tauri/desk/src/check.rs", "a test"),
    ("src-tauri/desk/src/export/mod.rs", "the name of a folder"),
    ("sync-server/src/store/newer.rs", "a test"),
    ("sync-server/src/store/older.rs", "a test"),
    ("sync-server/src/projector/", "the command line, in Chinese"),
    ("sync-server/src/sync/mod.rs", "the OpenAPI document, in Chinese"),
    ("sync-server/src/console/mod.rs", "the OpenAPI document, in Chinese"),
    ("sync-server/src/console/list.rs", "the OpenAPI document, in Chinese"),
    ("sync-server/src/console/accounts.rs", "the OpenAPI document, in Chinese"),
    ("sync-server/src/console/staff.rs", "the OpenAPI document, in Chinese"),
    ("sync-server/src/http/mod.rs", "the OpenAPI document, in Chinese"),
    ("src-tauri/desk/src/import/", "reads lists of offices"),
    ("src-tauri/desk/src/letters.rs", "characters and what they stand for"),
    ("src-tauri/desk/src/pinyin.rs", "sounds of characters"),
    ("src-tauri/desk/src/cli/", "the command line, in Chinese"),
    ("src-tauri/desk/src/workload.rs", "made people for benches"),
    ("src-tauri/desk/src/store/packed/samples.rs", "made records, from which the packer learns"),
    ("sync-server/src/demo.rs", "made people and places"),
    ("sync-server/src/main.rs", "the command line, in Chinese"),
    ("sync-server/src/arguments/", "the command line, in Chinese"),
    ("sync-server/src/check.rs", "the command line, in Chinese"),
    ("sync-server/src/route/", "the OpenAPI document, in Chinese"),
    ("sync-server/src/http/openapi.rs", "the OpenAPI document, in Chinese"),
    ("ui/src/form/date.rs", "reads what people type"),
];

/// The only English that holds Chinese: the words of offices' lists, which have to be written so.
const QUOTING: &str = "en/import.rs";

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// A source without its tests, as the compiler reads it; comments are gone.
fn tokens(path: &str, text: &str) -> Result<TokenStream> {
    let tests = text.find("\nmod tests {").and_then(|at| text[..at].rfind("#[cfg(test)]"));
    text[..tests.unwrap_or(text.len())].parse().map_err(|error| anyhow::anyhow!("{path}: {error}"))
}

/// All texts of a source, without those of attributes: what documentation says is for programmers.
fn texts(tokens: TokenStream, found: &mut Vec<String>) {
    let mut marked = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) if marked && group.delimiter() == Delimiter::Bracket => marked = false,
            TokenTree::Group(group) => texts(group.stream(), found),
            TokenTree::Literal(literal) => found.push(literal.to_string()),
            TokenTree::Punct(mark) => marked = mark.as_char() == '#' || (marked && mark.as_char() == '!'),
            TokenTree::Ident(_) => marked = false,
        }
    }
}

/// The words of a file in order: name, and what is given and got.
fn words(path: &str, text: &str) -> Result<Vec<(String, String)>> {
    let mut tokens = tokens(path, text)?.into_iter().peekable();
    let mut found = Vec::new();
    while let Some(token) = tokens.next() {
        let TokenTree::Ident(word) = &token else { continue };
        let public = word == "pub" && tokens.peek().is_some_and(|next| matches!(next.to_string().as_str(), "const" | "fn"));
        if !public {
            continue;
        }
        let mut shape = Vec::new();
        while let Some(next) = tokens.next_if(|next| !matches!(next, TokenTree::Punct(mark) if mark.as_char() == '='))
            && !matches!(&next, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
        {
            shape.push(next.to_string());
        }
        let name = shape.iter().find(|word| !matches!(word.as_str(), "const" | "fn")).context("a name")?.clone();
        found.push((name, shape.join(" ")));
    }
    Ok(found)
}

/// Every file of words: language, noun, words.
type Found = BTreeMap<(&'static str, String), Vec<(String, String)>>;

fn all_words(sources: &[(String, String)]) -> Result<Found> {
    let mut found = Found::new();
    for (path, text) in sources {
        for language in ["zh", "en"] {
            if let Some(noun) = path.strip_prefix(&format!("{WORDS}{language}/")).and_then(|name| name.strip_suffix(".rs"))
                && noun != "mod"
            {
                found.insert((language, noun.to_owned()), words(path, text)?);
            }
        }
    }
    ensure!(!found.is_empty(), "no words at all");
    Ok(found)
}

#[test]
fn every_word_stands_in_both_languages() -> Result<()> {
    let sources = tidy::all()?;
    let found = all_words(&sources)?;
    let nouns: BTreeSet<&String> = found.keys().map(|(_, noun)| noun).collect();
    for noun in nouns {
        let of = |language| found.get(&(language, noun.clone())).with_context(|| format!("{noun} has no words in {language}"));
        let (zh, en) = (of("zh")?, of("en")?);
        ensure!(!zh.is_empty(), "{noun} has no words");
        for (zh, en) in zh.iter().zip(en) {
            ensure!(zh == en, "{noun}: {} beside {}", zh.1, en.1);
        }
        ensure!(zh.len() == en.len(), "{noun}: {} words beside {}", zh.len(), en.len());
    }
    for (path, text) in sources.iter().filter(|(path, _)| path.starts_with(&format!("{WORDS}en/"))) {
        let mut found = Vec::new();
        texts(tokens(path, text)?, &mut found);
        let chinese: Vec<_> = found
            .iter()
            .filter(|text| {
                (is_chinese(text) && !path.ends_with(QUOTING)) || text.contains(['。', '，', '：', '；', '、', '（', '）', '？', '！'])
            })
            .collect();
        ensure!(chinese.is_empty(), "{path} is not English: {chinese:?}");
    }
    Ok(())
}

#[test]
fn every_word_is_said_somewhere() -> Result<()> {
    let sources = tidy::all()?;
    let mut said: BTreeSet<(String, String)> = BTreeSet::new();
    let mut called: BTreeMap<String, usize> = BTreeMap::new();
    for (path, text) in sources.iter().filter(|(path, _)| !path.starts_with("tests/") && !path.contains("/tests/")) {
        // As the compiler reads it: what only a comment or a test says is not said.
        let code = tokens(path, text)?.to_string();
        if let Some(noun) = path.strip_prefix(&format!("{WORDS}zh/")).and_then(|name| name.strip_suffix(".rs")) {
            // What one word says of another, in its own file.
            for (name, _) in words(path, text)? {
                *called.entry(format!("{noun}::{name}")).or_default() += code.matches(&format!("{name} (")).count().saturating_sub(1);
            }
        }
        let mut pieces = code.split("::").peekable();
        while let (Some(before), Some(after)) = (pieces.next(), pieces.peek()) {
            let is_name = |c: char| c.is_alphanumeric() || c == '_';
            let noun = before.trim_end().rsplit(|c| !is_name(c)).next().unwrap_or_default();
            let name = after.trim_start().split(|c| !is_name(c)).next().unwrap_or_default();
            said.insert((noun.to_owned(), name.to_owned()));
        }
    }
    let found = all_words(&sources)?;
    let mut silent = Vec::new();
    for ((language, noun), words) in &found {
        for (name, _) in words.iter().filter(|_| *language == "zh") {
            let within = called.get(&format!("{noun}::{name}")).copied().unwrap_or_default();
            if within == 0 && !said.contains(&(noun.clone(), name.clone())) {
                silent.push(format!("{noun}::{name}"));
            }
        }
    }
    ensure!(silent.is_empty(), "nobody says {silent:?}");
    Ok(())
}

#[test]
fn sentences_stand_with_the_words_and_not_in_the_code() -> Result<()> {
    let mut used = BTreeSet::new();
    let mut wrong = Vec::new();
    let programs = ["shared/src/", "src-tauri/", "sync-server/src/", "ui/"];
    for (path, text) in tidy::all()? {
        let test = path.ends_with("tests.rs") || path.contains("/tests/") || path.ends_with("build.rs");
        if path.starts_with(WORDS) || test || !programs.iter().any(|program| path.starts_with(program)) {
            continue;
        }
        let mut found = Vec::new();
        texts(tokens(&path, &text)?, &mut found);
        let chinese: Vec<String> = found.into_iter().filter(|text| is_chinese(text)).collect();
        if chinese.is_empty() {
            continue;
        }
        match ELSEWHERE.iter().find(|(place, _)| path == *place || (place.ends_with('/') && path.starts_with(place))) {
            Some((place, _)) => drop(used.insert(*place)),
            None => wrong.push((path, chinese)),
        }
    }
    ensure!(wrong.is_empty(), "these sentences belong to shared/src/words: {wrong:#?}");
    let idle: Vec<_> = ELSEWHERE.iter().filter(|(place, _)| !used.contains(place)).collect();
    ensure!(idle.is_empty(), "no Chinese stands there any more: {idle:?}");
    Ok(())
}
