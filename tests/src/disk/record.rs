//! What the recorder wrote down.

use anyhow::{Context, Result};
use std::path::Path;

/// One change to the folder. Paths are below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Op {
    /// What was done.
    pub what: What,
    /// To which file or folder.
    pub path: String,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Something was said on standard output: what came before counts as acknowledged.
    Answer,
    /// A file was made.
    Create,
    /// Bytes were written at a place.
    Write(u64, Vec<u8>),
    /// The length was set.
    Length(u64),
    /// A file was synced.
    Sync,
    /// A file was to be synced and was not: the system forgets what waited, and the next sync goes well.
    Failed,
    /// The names in a folder were synced.
    SyncFolder,
    /// A file got this name.
    Rename(String),
    /// A file was deleted.
    Delete,
    /// A folder was made.
    Folder,
}

/// Reads a record from its beginning; a record under way is left.
///
/// # Errors
/// When there is none, or it can't be read.
pub fn read(file: &Path) -> Result<Vec<Op>> {
    let bytes = std::fs::read(file)?;
    let mut rest = bytes.as_slice();
    let mut ops = Vec::new();
    while let Some(op) = next(&mut rest)? {
        ops.push(op);
    }
    Ok(ops)
}

fn next(rest: &mut &[u8]) -> Result<Option<Op>> {
    let mut ahead = *rest;
    let mut take = |length: usize| {
        let (head, tail) = ahead.split_at_checked(length)?;
        ahead = tail;
        Some(head)
    };
    let mut whole = || {
        let what = take(1)?[0];
        let length = u32::from_le_bytes(take(4)?.try_into().ok()?) as usize;
        let path = take(length)?;
        let number = u64::from_le_bytes(take(8)?.try_into().ok()?);
        let length = u32::from_le_bytes(take(4)?.try_into().ok()?) as usize;
        Some((what, path, number, take(length)?))
    };
    let Some((what, path, number, data)) = whole() else { return Ok(None) };
    *rest = ahead;
    let what = match what {
        b'A' => What::Answer,
        b'C' => What::Create,
        b'W' => What::Write(number, data.to_vec()),
        b'T' => What::Length(number),
        b'S' => What::Sync,
        b'F' => What::Failed,
        b'D' => What::SyncFolder,
        b'R' => What::Rename(String::from_utf8(data.to_vec())?),
        b'U' => What::Delete,
        b'M' => What::Folder,
        _ => return Err(anyhow::anyhow!("an unknown record")).context(what),
    };
    Ok(Some(Op { what, path: String::from_utf8(path.to_vec())? }))
}
