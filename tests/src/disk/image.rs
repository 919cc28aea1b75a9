//! A disk with a cache: what was synced stays after a power cut, of the rest anything may be there, sector by sector and
//! in any order. Names are kept by their folder's journal: in order, up to some point.

use super::record::{Op, What};
use crate::fuzz::Dice;
use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A sector is written whole or not at all.
const SECTOR: usize = 512;

#[derive(Clone, Debug)]
enum Change {
    Bytes(usize, Vec<u8>),
    Length(usize),
}

#[derive(Clone, Debug)]
enum Name {
    Link(String, usize),
    Unlink(String),
    Folder(String),
}

#[derive(Clone, Debug, Default)]
struct File {
    /// As programs read it.
    seen: Vec<u8>,
    synced: Vec<u8>,
    waiting: Vec<Change>,
}

/// The disk at some moment.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    files: Vec<File>,
    /// The names as the program sees them.
    seen: BTreeMap<String, usize>,
    synced: BTreeMap<String, usize>,
    folders: BTreeSet<String>,
    /// Changes of names that are not synced yet, oldest first.
    waiting: Vec<Name>,
}

/// What the power cut takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Nothing: as `kill -9` leaves it.
    Nothing,
    /// Everything that was not synced.
    Everything,
    /// All bytes that were not synced, no names.
    Bytes,
    /// Whatever the dice say: bytes by sectors, names from some point on.
    Some(u64),
}

/// Files by name, and folders.
pub type Image = (BTreeMap<String, Vec<u8>>, BTreeSet<String>);

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Length(length) => bytes.resize(*length, 0),
            Self::Bytes(at, data) => {
                bytes.resize(bytes.len().max(at + data.len()), 0);
                bytes[*at..at + data.len()].copy_from_slice(data);
            }
        }
    }

    /// The sectors of it that the dice leave.
    fn torn(&self, dice: &mut Dice) -> Vec<Self> {
        let Self::Bytes(at, data) = self else { return vec![self.clone()] };
        let mut kept = Vec::new();
        let mut begin = 0;
        while begin < data.len() {
            let end = ((at + begin) / SECTOR * SECTOR + SECTOR - at).min(data.len());
            if dice.below(2) == 0 {
                kept.push(Self::Bytes(at + begin, data[begin..end].to_vec()));
            }
            begin = end;
        }
        kept
    }
}

impl Name {
    fn folder(&self) -> &str {
        match self {
            Self::Link(path, _) | Self::Unlink(path) | Self::Folder(path) => folder_of(path),
        }
    }

    fn apply(&self, names: &mut BTreeMap<String, usize>, folders: &mut BTreeSet<String>) {
        match self {
            Self::Link(path, file) => drop(names.insert(path.clone(), *file)),
            Self::Unlink(path) => drop(names.remove(path)),
            Self::Folder(path) => drop(folders.insert(path.clone())),
        }
    }
}

impl Disk {
    /// A folder as it lies there, all of it synced.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn of(folder: &Path) -> Result<Self> {
        let mut disk = Self::default();
        disk.take(folder, "")?;
        Ok(disk)
    }

    fn take(&mut self, folder: &Path, below: &str) -> Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = format!("{below}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                self.take(&entry.path(), &format!("{name}/"))?;
                self.folders.insert(name);
            } else if !name.ends_with("-shm") {
                let bytes = std::fs::read(entry.path())?;
                self.files.push(File { seen: bytes.clone(), synced: bytes, waiting: Vec::new() });
                self.seen.insert(name.clone(), self.files.len() - 1);
                self.synced.insert(name, self.files.len() - 1);
            }
        }
        Ok(())
    }

    /// Does what the program did.
    ///
    /// # Errors
    /// When the record speaks of a file that nobody made.
    pub fn apply(&mut self, op: &Op) -> Result<()> {
        let file = |disk: &Self| disk.seen.get(&op.path).copied().with_context(|| format!("{op:?}: no such file"));
        match &op.what {
            What::Answer => {}
            What::Create => {
                self.files.push(File::default());
                self.seen.insert(op.path.clone(), self.files.len() - 1);
                self.waiting.push(Name::Link(op.path.clone(), self.files.len() - 1));
            }
            What::Write(at, data) => {
                let file = file(self)?;
                self.files[file].change(Change::Bytes(usize::try_from(*at)?, data.clone()));
            }
            What::Length(length) => {
                let file = file(self)?;
                self.files[file].change(Change::Length(usize::try_from(*length)?));
            }
            What::Sync => {
                let file = file(self)?;
                let File { synced, waiting, .. } = &mut self.files[file];
                waiting.drain(..).for_each(|change| change.apply(synced));
            }
            What::Failed => {
                // A folder's names stay in its journal.
                if let Ok(file) = file(self) {
                    self.files[file].waiting.clear();
                }
            }
            What::SyncFolder => {
                let (now, later) = std::mem::take(&mut self.waiting).into_iter().partition(|name: &Name| name.folder() == op.path);
                self.waiting = later;
                let now: Vec<Name> = now;
                now.iter().for_each(|name| name.apply(&mut self.synced, &mut self.folders));
            }
            What::Rename(to) => {
                let file = file(self)?;
                self.seen.remove(&op.path);
                self.seen.insert(to.clone(), file);
                // In one folder: the new name and the end of the old one are one entry of its journal.
                self.waiting.push(Name::Link(to.clone(), file));
                self.waiting.push(Name::Unlink(op.path.clone()));
            }
            What::Delete => {
                self.seen.remove(&op.path);
                self.waiting.push(Name::Unlink(op.path.clone()));
            }
            What::Folder => self.waiting.push(Name::Folder(op.path.clone())),
        }
        Ok(())
    }

    /// The folder after a power cut now.
    #[must_use]
    pub fn after(&self, loss: Loss) -> Image {
        let mut dice = Dice(if let Loss::Some(seed) = loss { seed } else { 0 });
        let (mut names, mut folders) = (self.synced.clone(), self.folders.clone());
        let mut until: BTreeMap<&str, usize> = BTreeMap::new();
        for name in &self.waiting {
            *until.entry(name.folder()).or_default() += 1;
        }
        match loss {
            Loss::Nothing | Loss::Bytes => {}
            Loss::Everything => until.values_mut().for_each(|until| *until = 0),
            Loss::Some(_) => until.values_mut().for_each(|until| *until = dice.below(*until + 1)),
        }
        for name in &self.waiting {
            if let Some(left) = until.get_mut(name.folder()).filter(|left| **left > 0) {
                *left -= 1;
                name.apply(&mut names, &mut folders);
            }
        }
        // What lies in a folder that was lost is lost with it; above comes before below.
        let mut kept = BTreeSet::from([String::new()]);
        for folder in folders {
            if kept.contains(folder_of(&folder)) {
                kept.insert(folder);
            }
        }
        names.retain(|path, _| kept.contains(folder_of(path)));
        let files = names.into_iter().map(|(path, file)| (path, self.files[file].after(loss, &mut dice))).collect();
        (files, kept)
    }

    /// Whether something waits to be synced: only then a power cut leaves anything else than `kill -9` does.
    #[must_use]
    pub fn waits(&self) -> bool {
        !self.waiting.is_empty() || self.files.iter().any(|file| !file.waiting.is_empty())
    }
}

impl File {
    fn change(&mut self, change: Change) {
        change.apply(&mut self.seen);
        self.waiting.push(change);
    }

    fn after(&self, loss: Loss, dice: &mut Dice) -> Vec<u8> {
        if loss == Loss::Nothing {
            return self.seen.clone();
        }
        let mut bytes = self.synced.clone();
        for change in &self.waiting {
            match loss {
                Loss::Nothing | Loss::Everything | Loss::Bytes => {}
                Loss::Some(_) => match dice.below(3) {
                    0 => {}
                    1 => change.apply(&mut bytes),
                    _ => change.torn(dice).iter().for_each(|part| part.apply(&mut bytes)),
                },
            }
        }
        bytes
    }
}

/// Lays an image out in an empty folder.
///
/// # Errors
/// When there is no room.
pub fn lay_out((files, folders): &Image, home: &Path) -> Result<()> {
    std::fs::create_dir_all(home)?;
    for folder in folders {
        std::fs::create_dir_all(home.join(folder))?;
    }
    for (path, bytes) in files {
        std::fs::write(home.join(path), bytes)?;
    }
    Ok(())
}
