//! The end of the audit log as it stood each day, in a file beside the database: a database that is put back or cut whole is found by it.
//! A line of JSON a day, each under a seal of its own; only ever appended to. To be copied somewhere else as well.

use super::Chain;
use super::check::{Bad, Wrong};
use crate::Parts;
use crate::clock::civil;
use crate::private_file;
use crate::store::{AuditEnd, EndName, StoreError, Tx};
use serde::{Deserialize, Serialize};
use shared::crypto::{CryptoProvider, PublicKey, Signature};
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
    /// Somebody at the machine said that the database was put back: what stands before may speak of rows that are lost.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    put_back: bool,
    seal: String,
    /// SM2 by the server's key over day, number and MAC: who has the file and the key's public half needs nothing of this machine to check it.
    /// Lines of before have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    signature: Option<String>,
}

impl Line {
    /// The end as it stands, for that day.
    fn of(chain: &Chain, day: String, head: &AuditEnd, put_back: bool) -> Self {
        let (number, mac) = (head.number, hex::encode(&head.mac));
        Self { seal: Self::seal_of(chain, &day, head.number, &head.mac, put_back), day, number, mac, put_back, signature: None }
    }

    /// What is signed.
    fn said(&self) -> String {
        format!("yinling audit head 1\n{} {} {}", self.day, self.number, self.mac)
    }

    /// Whether the server signed it, where it is signed at all.
    fn is_signed(&self, crypto: &dyn CryptoProvider, key: &PublicKey) -> bool {
        let Some(signature) = &self.signature else { return true };
        let signature = hex::decode(signature).ok().and_then(|bytes| bytes.try_into().ok()).map(Signature);
        signature.is_some_and(|signature| crypto.verify(key, self.said().as_bytes(), &signature).is_ok())
    }

    fn seal_of(chain: &Chain, day: &str, number: i64, mac: &[u8], put_back: bool) -> String {
        hex::encode(chain.seal(&format!("{} {day}", if put_back { "put back" } else { "day" }), number, mac))
    }

    fn is_ours(&self, chain: &Chain) -> bool {
        let mac = hex::decode(&self.mac).unwrap_or_default();
        super::chain::same(self.seal.as_bytes(), Self::seal_of(chain, &self.day, self.number, &mac, self.put_back).as_bytes())
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
    let day = civil(parts.clock.seconds()).date().to_string();
    if read(&parts.folder)?.iter().flatten().any(|line| line.day == day) {
        return Ok(());
    }
    keep(parts, day, false)
}

/// Writes the end as that of a database that was put back: what it is held against begins here.
pub fn keep_put_back(parts: &Parts) -> Result<(), StoreError> {
    keep(parts, civil(parts.clock.seconds()).date().to_string(), true)
}

fn keep(parts: &Parts, day: String, put_back: bool) -> Result<(), StoreError> {
    let chain = &parts.audit.chain;
    let head = parts.store.read(|tx| tx.audit_end(EndName::Head))?.filter(|head| head.number > 0 && chain.is_ours(EndName::Head, head));
    let Some(head) = head else { return Ok(()) };
    let mut line = Line::of(chain, day, &head, put_back);
    let signature = parts.crypto.sign(parts.server_key.stored(), line.said().as_bytes())?;
    line.signature = Some(hex::encode(signature.0));
    append(&parts.folder, &serde_json::to_string(&line).unwrap_or_default())?;
    parts.store.write(|tx| tx.put_audit_end(EndName::Day, &chain.end(EndName::Day, head.number, &head.mac)))
}

fn append(folder: &Path, line: &str) -> std::io::Result<()> {
    let path = folder.join(FILE);
    let mut file = private_file::options().create(true).append(true).read(true).open(&path)?;
    // A line that a crash cut off ends here.
    let mut last = [b'\n'];
    if file.seek(SeekFrom::End(0))? > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    let begin = if last == *b"\n" { "" } else { "\n" };
    file.write_all(format!("{begin}{line}\n").as_bytes())?;
    file.sync_all()?;
    private_file::sync_folder(&path)
}

/// Holds the database against the file: every day's end is still there, none lies beyond the end, and none is gone from the file.
pub fn compare(tx: &Tx<'_>, parts: &Parts) -> Result<Option<Bad>, StoreError> {
    let (chain, key) = (&parts.audit.chain, parts.server_key.public());
    let lines = read(&parts.folder)?;
    let number = |name| Ok::<_, StoreError>(tx.audit_end(name)?.map_or(0, |end| end.number));
    let (head, anchor) = (number(EndName::Head)?, number(EndName::Anchor)?);
    let bad = |row| Ok(Some(Bad { row, what: Wrong::Beside }));
    let put_back = |line: &Option<Line>| line.as_ref().is_some_and(|line| line.put_back && line.is_ours(chain));
    let lost = lines.iter().rposition(put_back).unwrap_or(0);
    for line in lines[lost..].iter().flatten() {
        if !line.is_ours(chain) || !line.is_signed(parts.crypto.as_ref(), key) {
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
