//! Files of lines beside the database, apart from its backups: what a database that was put back is told again. A line is an id and bytes
//! in hex; only ever appended to.

use crate::private_file;
use shared::schema::RecordId;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// Adds a line; on the disk when it returns.
pub fn note(folder: &Path, file: &str, id: RecordId, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = private_file::options().create(true).append(true).open(folder.join(file))?;
    // A line that a crash cut off ends here.
    writeln!(file, "\n{id} {}", hex::encode(bytes))?;
    file.sync_all()
}

/// The lines that can be read.
pub fn read(folder: &Path, file: &str) -> std::io::Result<Vec<(RecordId, Vec<u8>)>> {
    let text = match std::fs::read(folder.join(file)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        text => text?,
    };
    let text = String::from_utf8_lossy(&text);
    let lines = text.lines().filter_map(|line| line.split_once(' '));
    Ok(lines.filter_map(|(id, bytes)| Some((id.parse().ok()?, hex::decode(bytes).ok()?))).collect())
}
