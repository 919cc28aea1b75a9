//! The end of the audit log as it stood each day, in a file beside the database: a database that is put back or cut whole is found by it.
//! A line of JSON a day, each under a seal of its own; only ever appended to. To be copied somewhere else as well.

use super::Chain;
use super::check::{Bad, Wrong};
use crate::Parts;
use crate::clock::civil;
use crate::store::{EndName, StoreError, Tx};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

/// In the data folder.
pub const FILE: &str = "audit-heads.jsonl";

/// A day.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    day: String,
    number: i64,
    mac: String,
    seal: String,
}

impl Line {
    fn seal_of(chain: &Chain, day: &str, number: i64, mac: &[u8]) -> String {
        hex::encode(chain.seal(&format!("day {day}"), number, mac))
    }

    fn is_ours(&self, chain: &Chain) -> bool {
        let mac = hex::decode(&self.mac).unwrap_or_default();
        super::chain::same(self.seal.as_bytes(), Self::seal_of(chain, &self.day, self.number, &mac).as_bytes())
    }
}

/// The lines of the file, and whether each can be read. A last line that a crash cut off is none.
fn read(folder: &Path) -> std::io::Result<Vec<Option<Line>>> {
    let text = match std::fs::read(folder.join(FILE)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        text => text?,
    };
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let lines = text[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    Ok(lines.map(|line| serde_json::from_slice(line).ok()).collect())
}

/// Writes the end of today, where nobody did so yet; on the disk before the database says that it was.
pub fn keep_day(parts: &Parts) -> Result<(), StoreError> {
    let chain = &parts.audit.chain;
    let day = civil(parts.clock.seconds()).date().to_string();
    if read(&parts.folder)?.iter().flatten().any(|line| line.day == day) {
        return Ok(());
    }
    let head = parts.store.read(|tx| tx.audit_end(EndName::Head))?.filter(|head| head.number > 0 && chain.is_ours(EndName::Head, head));
    let Some(head) = head else { return Ok(()) };
    let line = Line { seal: Line::seal_of(chain, &day, head.number, &head.mac), day, number: head.number, mac: hex::encode(&head.mac) };
    append(&parts.folder, &serde_json::to_string(&line).unwrap_or_default())?;
    parts.store.write(|tx| tx.put_audit_end(EndName::Day, &chain.end(EndName::Day, head.number, &head.mac)))
}

fn append(folder: &Path, line: &str) -> std::io::Result<()> {
    let mut options = File::options();
    options.create(true).append(true).read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(folder.join(FILE))?;
    // A line that a crash cut off ends here.
    let mut last = [b'\n'];
    if file.seek(SeekFrom::End(0))? > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    let begin = if last == *b"\n" { "" } else { "\n" };
    file.write_all(format!("{begin}{line}\n").as_bytes())?;
    file.sync_all()?;
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// Holds the database against the file: every day's end is still there, none lies beyond the end, and none is gone from the file.
pub fn compare(tx: &Tx<'_>, chain: &Chain, folder: &Path) -> Result<Option<Bad>, StoreError> {
    let lines = read(folder)?;
    let number = |name| Ok::<_, StoreError>(tx.audit_end(name)?.map_or(0, |end| end.number));
    let (head, anchor) = (number(EndName::Head)?, number(EndName::Anchor)?);
    let bad = |row| Ok(Some(Bad { row, what: Wrong::Beside }));
    for line in lines.iter().flatten() {
        if !line.is_ours(chain) {
            return bad(line.number);
        }
        if line.number > head {
            return bad(head + 1);
        }
        let there = if line.number > anchor { tx.audit_mac(line.number)? } else { None };
        if line.number > anchor && there.map(hex::encode).as_deref() != Some(line.mac.as_str()) {
            return bad(line.number);
        }
    }
    let Some(day) = tx.audit_end(EndName::Day)? else { return Ok(None) };
    let told = hex::encode(&day.mac);
    let is_there = lines.iter().flatten().any(|line| line.number == day.number && line.mac == told);
    if chain.is_ours(EndName::Day, &day) && is_there { Ok(None) } else { bad(day.number) }
}
