//! The table as it came out, held against the file of it that is kept. A line is a thing that is tried; behind it stands for each who asks a
//! group of letters, one for each place where the thing may stand.

use anyhow::{Result, ensure};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

/// What came of what was tried: a letter for each thing, who asks and place.
#[derive(Debug)]
pub struct Golden {
    name: &'static str,
    /// What the letters mean.
    letters: &'static str,
    askers: Vec<String>,
    places: Vec<&'static str>,
    /// By the thing; in the order of askers and places.
    lines: BTreeMap<String, Vec<char>>,
}

/// Begins the line that names who asks.
const ASKERS: &str = "# who asks: ";
/// Not tried: there is no such place, or nothing of the kind can stand there.
pub const UNTRIED: char = '.';

impl Golden {
    pub fn new(name: &'static str, letters: &'static str, askers: Vec<String>, places: &[&'static str]) -> Self {
        Self { name, letters, askers, places: places.to_vec(), lines: BTreeMap::new() }
    }

    /// Notes what came of one.
    pub fn set(&mut self, thing: &str, asker: usize, place: usize, letter: char) {
        let (width, most) = (self.places.len(), self.places.len() * self.askers.len());
        let line = self.lines.entry(thing.to_owned()).or_insert_with(|| vec![UNTRIED; most]);
        line[asker * width + place] = letter;
    }

    /// Each thing, who asks, place and letter that was tried.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str, &'static str, char)> {
        let width = self.places.len();
        self.lines.iter().flat_map(move |(thing, line)| {
            line.iter()
                .enumerate()
                .filter(|(_, letter)| **letter != UNTRIED)
                .map(move |(at, letter)| (thing.as_str(), self.askers[at / width].as_str(), self.places[at % width], *letter))
        })
    }

    /// Holds it against the file; with `YINLING_RECORD` it is recorded anew.
    pub fn hold(&self) -> Result<()> {
        let (file, text) = (file(self.name), self.written()?);
        if std::env::var_os("YINLING_RECORD").is_some() {
            std::fs::create_dir_all(file.parent().unwrap_or(&file))?;
            std::fs::write(&file, &text)?;
        }
        let kept = std::fs::read_to_string(&file)?;
        let (kept, now): (Vec<&str>, Vec<&str>) = (kept.lines().collect(), text.lines().collect());
        let gone: Vec<&&str> = kept.iter().filter(|line| !now.contains(line)).collect();
        let new: Vec<&&str> = now.iter().filter(|line| !kept.contains(line)).collect();
        ensure!(gone.is_empty() && new.is_empty(), "{} came out otherwise than it is kept.\nkept: {gone:#?}\nnow: {new:#?}", self.name);
        Ok(())
    }

    fn written(&self) -> Result<String> {
        let mut text = format!("# {}\n# places: {}\n{ASKERS}{}\n", self.letters, self.places.join(" "), self.askers.join(" "));
        let widest = self.lines.keys().map(String::len).max().unwrap_or(0);
        for (thing, line) in &self.lines {
            write!(text, "{thing:widest$}")?;
            for group in line.chunks(self.places.len()) {
                write!(text, " {}", group.iter().collect::<String>())?;
            }
            text.push('\n');
        }
        Ok(text)
    }
}

/// How many cells of a file were tried.
pub fn kept(name: &str) -> Result<usize> {
    let text = std::fs::read_to_string(file(name))?;
    let askers = text.lines().find_map(|line| line.strip_prefix(ASKERS)).unwrap_or_default().split_whitespace().count();
    let groups = text.lines().filter(|line| !line.starts_with('#')).flat_map(|line| line.split_whitespace().rev().take(askers));
    Ok(groups.flat_map(str::chars).filter(|letter| *letter != UNTRIED).count())
}

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples/rights").join(format!("{name}.txt"))
}
