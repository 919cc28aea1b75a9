//! A file with rotten pages: a new one with what can still be read of that which only this desk has. Everything else is the
//! server's, and comes again.

use super::packed::unpack;
use super::{FILE, StoreError, change, number, open_reader, open_writer};
use crate::facts::Facts;
use crate::vault::FileKey;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};
use shared::sync::client_store::ClientSession;
use std::path::{Path, PathBuf};

/// What was brought into the new file.
#[derive(Debug, Default)]
pub(crate) struct Saved {
    /// This desk's own changes.
    pub(crate) own: u64,
    /// Positions in the log that could not be read: changes of this desk, or such as come again.
    pub(crate) unreadable: u64,
}

/// Who this desk is, what it opens sealed values with, which photos it took, and the PINs of its people.
const ALONE: [&str; 6] = ["desk_fact", "town_key", "elder_key", "erased_elder", "photo", "pin"];
const BESIDE: [&str; 2] = ["-wal", "-shm"];
/// Where the end of the log can't be read, it is looked for no further than so many places behind the last one found: more than a page
/// holds.
const GIVE_UP: i64 = 500;
/// An order takes more of the file than that: its change, its row and their indexes.
const ORDER_BYTES: u64 = 200;
/// A page in the log of writes, with its head.
const FRAME_BYTES: u64 = 4096 + 24;

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
    let number = go_on_counting(&mut old, &transaction, last)?;
    // No position is given twice, and the session begins anew, with what this desk sent before.
    transaction.execute("UPDATE sync_state SET given_upto = ?1", [last.max(number)])?;
    change::put_session(&transaction, &ClientSession { own_too: true, ..ClientSession::default() })?;
    transaction.commit()?;
    super::checkpoint(&new)?;
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

/// No order number is given twice, whatever could not be read: the counter goes on behind all that can have been given. Gives how far
/// that is. Who this desk is may be lost too; enrolled anew, it counts under a number of its own.
fn go_on_counting(old: &mut Old<'_>, new: &Connection, last: i64) -> Result<i64, StoreError> {
    let Some(enrolled) = Facts::load(new)?.enrolled else { return Ok(0) };
    let device = enrolled.device_number;
    let bytes = |file: String| std::fs::metadata(old.dir.join(file)).map_or(0, |file| file.len());
    // What stands behind a rotten position in the log of writes is as if it had never been, the counter's last steps too.
    let lost = bytes(format!("{FILE}-wal")) / FRAME_BYTES;
    let places = u64::try_from(last).unwrap_or_default();
    let known = match number::noted(new, device)? {
        // No order without a position in the log.
        Some((given, upto)) => u64::from(given) + places.saturating_sub(upto),
        None => {
            // None without its bytes either, however little of it is left to see.
            let seen = old.ask(|store| number::greatest(store, device))?;
            places.max(bytes(FILE.to_owned()) / ORDER_BYTES).max(seen.unwrap_or_default().into())
        }
    };
    let given = u32::try_from(known + lost).map_or(number::MOST, |given| given.min(number::MOST));
    number::go_on_behind(new, device, given, last)?;
    Ok(given.into())
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
                Ok((row.get::<_, Value>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, Vec<u8>>(2)?, row.get::<_, bool>(3)?))
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
    let withdrawn = old.ask(|store| Ok(store.query_row("SELECT given_upto FROM sync_state", [], |row| row.get(0))?))?.unwrap_or(0);
    Ok((saved, end.unwrap_or(seq).max(withdrawn)))
}

/// The files that were set aside.
pub(crate) fn set_aside(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let is_aside = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with(&format!("{FILE}.damaged-"));
    entries.filter(|entry| is_aside(&entry.file_name())).map(|entry| entry.path()).collect()
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

#[cfg(test)]
mod tests {
    use crate::desk::Desk;
    use crate::store::fact;
    use shared::command::{ElderForm, SaveElder, TakeOrder};
    use shared::crypto::SecretKey;
    use shared::rule::order_number;
    use shared::schema::RecordId;
    use shared::wire::Enrolled;
    use std::path::Path;
    use tempfile::tempdir;

    const PAGE: usize = 4096;

    fn order(desk: &Desk, elder: RecordId) -> u32 {
        let ask = TakeOrder { elder: Some(elder), confirmed: true, supplement_reason: "补录".to_owned(), ..TakeOrder::default() };
        let taken = desk.ask(&ask).unwrap();
        order_number::parse(&taken.number).unwrap().1
    }

    /// An enrolled desk with forty orders.
    fn office(folder: &Path) {
        let desk = Desk::open(folder).unwrap();
        let (canteen, division) = (Some("C001".to_owned()), "445381001".to_owned());
        let enrolled =
            Enrolled { device: desk.0.new_id(), device_number: 7, canteen, division, keys: String::new(), server_key: String::new() };
        desk.0
            .change_facts(|facts| {
                (facts.enrolled, facts.person_keys) =
                    (Some(enrolled), Some(shared::seal::PersonKeys(vec![("4453".to_owned(), vec![0; 32])])))
            })
            .unwrap();
        desk.0.transact(|store| crate::store::key::keep_town(store, "445381001", &SecretKey::from_bytes([7; 16]))).unwrap();
        let form = ElderForm { name: "王桂英".to_owned(), division: "445381001008".to_owned(), ..ElderForm::default() };
        let elder = desk.ask(&SaveElder { elder: None, form }).unwrap();
        assert!((1..=40).all(|number| order(&desk, elder) == number));
    }

    #[test]
    fn f06_no_number_is_given_twice_whichever_page_is_rotten_and_though_the_counter_is_lost() {
        let whole = tempdir().unwrap();
        office(whole.path());
        Desk::open(whole.path()).unwrap().0.transact(|store| fact::forget(store, "order_sequence 7")).unwrap();
        let file = std::fs::read(whole.path().join(super::FILE)).unwrap();
        let mut rotted = 0;
        for page in 1..file.len() / PAGE {
            let rotten = tempdir().unwrap();
            for entry in std::fs::read_dir(whole.path()).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
                std::fs::copy(entry.path(), rotten.path().join(entry.file_name())).unwrap();
            }
            let mut bytes = file.clone();
            bytes[page * PAGE + 99] ^= 1;
            std::fs::write(rotten.path().join(super::FILE), bytes).unwrap();
            // Pages that say what lies in the others, or who this desk is, lead to a new number of the device.
            let Ok(recovered) = Desk::recover(rotten.path()) else { continue };
            let desk = Desk::open(rotten.path()).unwrap();
            if desk.0.device_number().is_none() || recovered.own == 0 {
                continue;
            }
            let form = ElderForm { name: "李木生".to_owned(), division: "445381001008".to_owned(), ..ElderForm::default() };
            let Ok(elder) = desk.ask(&SaveElder { elder: None, form }) else { continue };
            assert!(order(&desk, elder) > 40, "page {page}");
            rotted += usize::from(recovered.unreadable > 0);
            // And once more: what was counted up to is kept though the counter is lost again.
            let last = order(&desk, elder);
            desk.0.transact(|store| fact::forget(store, "order_sequence 7")).unwrap();
            desk.0.transact(|store| Ok(store.execute("DELETE FROM meal_order", [])?)).unwrap();
            drop(desk);
            Desk::recover(rotten.path()).unwrap();
            assert!(order(&Desk::open(rotten.path()).unwrap(), elder) > last, "page {page}");
        }
        assert!(rotted > 0, "no page of the log was rotten");
    }
}
