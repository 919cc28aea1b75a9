//! The scrub: every photo that the store knows is looked for on the disk and read. Once a day while serving, slowly;
//! and at once by the command line.

use super::{DAY, part_of, path_of};
use crate::fault::Refusal;
use crate::{Parts, Server, secret};
use serde::Serialize;
use shared::fault::Fault;
use shared::kinds::{AuditDetail, AuditEvent};
use std::path::Path;
use std::time::Duration;

/// Photos looked at in one go, and the pause between two: three a second, so that a disk has time for its work and
/// the photos of years are through in days.
const AT_ONCE: usize = 200;
const PAUSE: Duration = Duration::from_secs(60);
/// A photo that was begun and got no piece for so long is given up. A desk that still has it begins anew.
const PART_LIVES: i64 = 7 * DAY;

/// Where the scrub is, and when it began at the front: known to all servers on one database.
const POSITION: &str = "scrub_position";
const BEGUN: &str = "scrub_begun";

/// What a scrub found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ScrubReport {
    /// Photos looked at.
    pub checked: u64,
    /// Of these, lost or damaged since the last time.
    pub lost: u64,
    /// Of these, lost before and here again.
    pub found: u64,
    /// Lost in all: their devices are asked for them.
    pub missing: u64,
    /// Beginnings of photos that were given up.
    pub given_up: u64,
}

impl Server {
    /// Looks at every photo now.
    ///
    /// # Errors
    /// A [`Fault`] when the store fails.
    pub fn scrub(&self) -> Result<ScrubReport, Fault> {
        let found = scrub_all(&self.0)?;
        self.0.commanded(AuditEvent::Scrubbed, |_, noted| {
            noted.made(AuditDetail::Amount, found.lost);
            Ok(())
        })?;
        Ok(found)
    }
}

fn scrub_all(parts: &Parts) -> Result<ScrubReport, Refusal> {
    let mut report = ScrubReport { given_up: give_up(parts)?, ..ScrubReport::default() };
    let mut position = Some(String::new());
    while let Some(from) = position {
        position = scrub_some(parts, &from, &mut report)?;
    }
    report.missing = parts.store.read(|tx| Ok::<_, Refusal>(u64::try_from(tx.lost_count()?).unwrap_or(0)))?;
    Ok(report)
}

/// Looks at photos from time to time, as long as it is asked to.
pub async fn scrub_on(server: Server) {
    loop {
        tokio::time::sleep(PAUSE).await;
        // What fails is in the log, and tried again.
        let _ = server.run(step).await;
    }
}

/// Goes on where the last step ended; a scrub begins anew a day after the last one began.
fn step(parts: &Parts) -> Result<ScrubReport, Refusal> {
    let now = parts.clock.seconds();
    let mut report = ScrubReport { given_up: give_up(parts)?, ..ScrubReport::default() };
    let (position, begun) = parts.store.read(|tx| {
        let begun = tx.setting(BEGUN)?.and_then(|begun| begun.parse::<i64>().ok());
        Ok::<_, Refusal>((tx.setting(POSITION)?.unwrap_or_default(), begun))
    })?;
    if position.is_empty() && begun.is_some_and(|begun| now < begun + DAY) {
        return Ok(report);
    }
    let next = scrub_some(parts, &position, &mut report)?;
    parts.store.write(|tx| {
        if position.is_empty() {
            tx.set(BEGUN, &now.to_string())?;
        }
        Ok::<_, Refusal>(tx.set(POSITION, next.as_deref().unwrap_or_default())?)
    })?;
    Ok(report)
}

/// Looks at some photos behind a hash; gives the last one, or `None` at the end.
fn scrub_some(parts: &Parts, from: &str, report: &mut ScrubReport) -> Result<Option<String>, Refusal> {
    let photos = parts.store.read(|tx| Ok::<_, Refusal>(tx.photos_after(from, AT_ONCE)?))?;
    report.checked += photos.len() as u64;
    let changed: Vec<&String> = photos.iter().filter(|(hash, lost)| is_sound(&parts.folder, hash) == *lost).map(|(hash, _)| hash).collect();
    if !changed.is_empty() {
        let now = parts.clock.seconds();
        let (lost, found) = parts.store.write(|tx| {
            let (mut lost, mut found) = (0, 0);
            for hash in &changed {
                // Looked at again where nobody else writes: it may have come meanwhile.
                match (tx.is_lost(hash)?, is_sound(&parts.folder, hash)) {
                    (false, false) => {
                        tx.mark_lost(hash, Some(now))?;
                        tracing::error!(%hash, "a photo is lost or damaged; its device is asked for it again");
                        lost += 1;
                    }
                    (true, true) => {
                        tx.mark_lost(hash, None)?;
                        found += 1;
                    }
                    _ => {}
                }
            }
            Ok::<_, Refusal>((lost, found))
        })?;
        report.lost += lost;
        report.found += found;
    }
    Ok(photos.last().filter(|_| photos.len() == AT_ONCE).map(|(hash, _)| hash.clone()))
}

fn is_sound(folder: &Path, hash: &str) -> bool {
    std::fs::read(path_of(folder, hash)).is_ok_and(|bytes| hex::encode(secret::sha256(&bytes)) == hash)
}

/// Gives up what was begun long ago.
fn give_up(parts: &Parts) -> Result<u64, Refusal> {
    let before = parts.clock.seconds() - PART_LIVES;
    if parts.store.read(|tx| Ok::<_, Refusal>(tx.parts_before(before)?))?.is_empty() {
        return Ok(0);
    }
    parts.store.write(|tx| {
        let old = tx.parts_before(before)?;
        for (device, hash) in &old {
            match std::fs::remove_file(part_of(&parts.folder, hash, device)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(crate::store::StoreError::from(error).into()),
                _ => tx.end_part(device, hash)?,
            }
        }
        Ok(old.len() as u64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clock;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    #[test]
    fn a_server_looks_at_its_photos_once_a_day_and_goes_on_where_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let now = Arc::new(AtomicI64::new(1_795_320_000));
        let hand = Arc::clone(&now);
        let server = Server::open(folder.path(), Clock::by(move || hand.load(Ordering::Relaxed))).unwrap();
        let parts = &server.0;
        let photos = AT_ONCE as u64 + 50;
        parts.store.write(|tx| (0..photos).try_for_each(|number| tx.put_photo(&format!("{number:064x}"), 9, &[1; 16], 0))).unwrap();
        let checked = || step(parts).unwrap().checked;
        assert_eq!((checked(), checked(), checked()), (AT_ONCE as u64, 50, 0));
        now.fetch_add(DAY - 1, Ordering::Relaxed);
        assert_eq!(checked(), 0, "not yet");
        now.fetch_add(1, Ordering::Relaxed);
        assert_eq!(checked(), AT_ONCE as u64);
        drop(server);
        let again = Server::open(folder.path(), Clock::by(move || now.load(Ordering::Relaxed))).unwrap();
        assert_eq!(step(&again.0).unwrap().checked, 50, "a new process goes on");
        assert_eq!(scrub_all(&again.0).unwrap(), ScrubReport { checked: photos, missing: photos, ..ScrubReport::default() });
    }
}
