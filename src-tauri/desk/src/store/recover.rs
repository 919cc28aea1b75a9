//! A file with rotten pages: a new one with what can still be read of that which only this desk has. Everything else is the
//! server's, and comes again.

use super::packed::unpack;
use super::{FILE, StoreError, change, open_reader, open_writer};
use crate::vault::FileKey;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};
use shared::sync::office::DeskLine;
use std::path::{Path, PathBuf};

/// What was brought into the new file.
#[derive(Debug, Default)]
pub(crate) struct Saved {
    /// This desk's own changes.
    pub(crate) own: u64,
    /// Places of the log that could not be read: changes of this desk, or such as come again.
    pub(crate) unreadable: u64,
}

/// Who this desk is, what it opens sealed values with, and which photos it took.
const ALONE: [&str; 5] = ["desk_fact", "town_key", "elder_key", "erased_elder", "photo"];
const BESIDE: [&str; 2] = ["-wal", "-shm"];
/// Where the end of the log can't be read, it is looked for no further than so many places behind the last one found: more than a page
/// holds.
const GIVE_UP: i64 = 500;

/// The old file. A connection that met a rotten page reads nothing more: it is opened again.
struct Old<'a> {
    dir: &'a Path,
    key: &'a FileKey,
    store: Connection,
}

impl<'a> Old<'a> {
    fn open(dir: &'a Path, key: &'a FileKey) -> Result<Self, StoreError> {
        Ok(Self { dir, key, store: quiet(dir, key)? })
    }

    /// What `read` gives; `None` where a page is rotten.
    fn ask<T>(&mut self, read: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<Option<T>, StoreError> {
        match read(&self.store) {
            Ok(found) => Ok(Some(found)),
            Err(error) => {
                tracing::warn!(%error, "a part of the old file can't be read");
                self.store = quiet(self.dir, self.key)?;
                Ok(None)
            }
        }
    }
}

/// Rotten pages are expected; SQLCipher would write a line for each look at one.
fn quiet(dir: &Path, key: &FileKey) -> Result<Connection, StoreError> {
    let store = open_reader(dir, key)?;
    store.pragma_update(None, "cipher_log_level", "NONE")?;
    Ok(store)
}

/// Reads what can be read of the file in `dir` into a new one in `fresh`.
pub(crate) fn read_over(dir: &Path, fresh: &Path, key: &FileKey) -> Result<Saved, StoreError> {
    let mut old = Old::open(dir, key).map_err(|error| match error {
        // The first pages say what lies in all the others.
        StoreError::Sqlite(_) => StoreError::WrongKey,
        error => error,
    })?;
    let mut new = open_writer(fresh, key)?;
    let transaction = new.transaction()?;
    for table in ALONE {
        // From both ends, up to what is rotten in between.
        let whole = old.ask(|store| read_table(store, &transaction, table, "ASC"))?;
        if whole.is_none() {
            old.ask(|store| read_table(store, &transaction, table, "DESC"))?;
        }
    }
    let (saved, last) = own_changes(&mut old, &transaction)?;
    // No place is given twice, and the line begins anew, with what this desk sent before.
    transaction.execute("UPDATE sync_state SET given_upto = ?1", [last])?;
    change::put_line(&transaction, &DeskLine { own_too: true, ..DeskLine::default() })?;
    transaction.commit()?;
    super::scrub(&new)?;
    Ok(saved)
}

fn read_table(old: &Connection, new: &Connection, table: &str, direction: &str) -> Result<(), StoreError> {
    let mut read = old.prepare(&format!("SELECT * FROM {table} ORDER BY 1 {direction}"))?;
    let width = read.column_count();
    let places = vec!["?"; width].join(", ");
    let mut put = new.prepare(&format!("INSERT OR REPLACE INTO {table} VALUES ({places})"))?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        let values: Vec<Value> = (0..width).map(|at| row.get(at)).collect::<Result<_, _>>()?;
        put.execute(params_from_iter(values))?;
    }
    Ok(())
}

/// All own changes, sent or not: what the server has already does nothing there.
fn own_changes(old: &mut Old<'_>, new: &Connection) -> Result<(Saved, i64), StoreError> {
    let mut put = new.prepare("INSERT INTO change_log (seq, kind, record, packed, own) VALUES (?1, ?2, ?3, ?4, 1)")?;
    let end: Option<i64> = old.ask(|store| Ok(store.query_row("SELECT max(seq) FROM change_log", [], |row| row.get(0))?))?.flatten();
    let (mut saved, mut last, mut seq) = (Saved::default(), 0, 0);
    while end.map_or(seq < last + GIVE_UP, |end| seq < end) {
        seq += 1;
        let found = old.ask(|store| {
            let mut read = store.prepare_cached("SELECT kind, record, packed, own FROM change_log WHERE seq = ?1")?;
            let found = read.query_row([seq], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, Vec<u8>>(2)?, row.get::<_, bool>(3)?))
            });
            let found = found.optional()?;
            if let Some((_, _, packed, _)) = &found {
                unpack(packed)?;
            }
            Ok(found)
        })?;
        match found {
            Some(Some((kind, record, packed, own))) => {
                last = seq;
                if own {
                    put.execute(params![seq, kind, record, packed])?;
                    saved.own += 1;
                }
            }
            Some(None) => {}
            None => saved.unreadable += 1,
        }
    }
    Ok((saved, end.unwrap_or(seq)))
}

/// Sets the old file aside, whole, and puts the new one in its place; gives where the old one lies.
pub(crate) fn swap(dir: &Path, fresh: &Path) -> std::io::Result<PathBuf> {
    let names = (1..).map(|number| dir.join(format!("{FILE}.damaged-{number}")));
    let aside = names.take(10_000).find(|name| !name.exists()).ok_or_else(|| std::io::Error::other("too many are set aside"))?;
    let beside = |file: &Path, end: &str| PathBuf::from(format!("{}{end}", file.display()));
    let old = dir.join(FILE);
    for end in BESIDE.iter().chain([&""]) {
        let part = beside(&old, end);
        if part.exists() {
            std::fs::copy(&part, beside(&aside, end))?;
            std::fs::File::open(beside(&aside, end))?.sync_all()?;
        }
    }
    // The old log of writes must not be taken for that of the new file.
    for end in BESIDE {
        match std::fs::remove_file(beside(&old, end)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    std::fs::rename(fresh.join(FILE), &old)?;
    crate::photo::sync_folders(&old)?;
    std::fs::remove_dir_all(fresh)?;
    Ok(aside)
}
