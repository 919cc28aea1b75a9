//! Looks for values in bytes, in every writing that a careless program leaves: UTF-8, UTF-16 both ways,
//! GBK, hex, base64 at each of its three offsets.

use aho_corasick::AhoCorasick;
use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use std::path::{Path, PathBuf};

/// All the needles at once.
pub struct Scanner {
    automaton: AhoCorasick,
    names: Vec<String>,
}

impl Scanner {
    /// Looks for texts in all writings, and for raw bytes (of photos) as they are, in hex and in base64.
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>, raw: &[Vec<u8>]) -> Result<Self> {
        let (mut names, mut needles) = (Vec::new(), Vec::new());
        let mut add = |what: &str, how: &str, bytes: Vec<u8>| {
            names.push(format!("{what} in {how}"));
            needles.push(bytes);
        };
        for text in texts {
            for (how, bytes) in writings(text) {
                add(text, &how, bytes);
            }
        }
        for bytes in raw {
            let name = format!("photo {}", hex::encode(&bytes[..8]));
            add(&name, "bytes", bytes.clone());
            for (how, written) in armoured(bytes) {
                add(&name, &how, written);
            }
        }
        Ok(Self { automaton: AhoCorasick::new(&needles)?, names })
    }

    /// The first needles found, by what and how.
    pub fn hits(&self, bytes: &[u8]) -> Vec<&str> {
        let mut hits: Vec<&str> = Vec::new();
        for found in self.automaton.find_overlapping_iter(bytes) {
            let name = self.names[found.pattern().as_usize()].as_str();
            if !hits.contains(&name) {
                hits.push(name);
            }
            if hits.len() >= 20 {
                break;
            }
        }
        hits
    }
}

/// A text in all writings.
pub fn writings(text: &str) -> Vec<(String, Vec<u8>)> {
    let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let mut all = vec![
        ("UTF-8".to_owned(), text.as_bytes().to_vec()),
        ("UTF-16LE".to_owned(), utf16(u16::to_le_bytes)),
        ("UTF-16BE".to_owned(), utf16(u16::to_be_bytes)),
    ];
    let gbk = encoding_rs::GBK.encode(text).0.into_owned();
    if gbk != text.as_bytes() {
        all.push(("GBK".to_owned(), gbk));
    }
    let plain = all.clone();
    for (how, bytes) in plain {
        all.extend(armoured(&bytes).into_iter().map(|(armour, written)| (format!("{how}, {armour}"), written)));
    }
    all
}

/// Bytes in hex and in base64. Of base64 only the signs that do not depend on what stands around it.
fn armoured(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut all = vec![("hex".to_owned(), hex::encode(bytes).into_bytes()), ("HEX".to_owned(), hex::encode_upper(bytes).into_bytes())];
    for offset in 0..3 {
        let shifted = [&vec![0; offset][..], bytes].concat();
        let whole = shifted.len() / 3 * 3;
        let first = if offset == 0 { 0 } else { 4 };
        for (how, engine) in [("base64", &STANDARD_NO_PAD), ("base64url", &URL_SAFE_NO_PAD)] {
            all.push((format!("{how} at {offset}"), engine.encode(&shifted[..whole]).into_bytes().split_off(first)));
        }
    }
    all
}

/// Every file below a folder, but for the folder that holds what the user exported.
pub fn files(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != "导出") {
                files(&path, found)?;
            }
        } else if let Ok(bytes) = std::fs::read(&path) {
            found.push((path, bytes));
        }
    }
    Ok(())
}
