//! What befalls machines: clocks jump, disks die and are restored from backups, folders are copied and both copies work on.

use super::{Backup, World};
use crate::folders;
use anyhow::Result;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::Ordering;
use tests::program::copy_folder;

impl World {
    /// One run in five begins on the recorded folders of an earlier version. The server is upgraded before all others, its desk
    /// somewhere in the run: until then it stands there switched off, with work that was not sent.
    pub(super) fn begin_old(&mut self) -> Result<()> {
        if self.seed % 5 != 1 {
            return Ok(());
        }
        let versions = folders::versions()?;
        let number = usize::try_from(self.seed / 5)?;
        let version = &versions[number % versions.len()];
        let recorded = folders::lay_out(version, self.root.path())?;
        std::fs::rename(self.root.path().join("desk"), self.root.path().join("old"))?;
        self.canteens[0].clone_from(&recorded.canteen);
        self.confirmed.extend(recorded.orders.iter().map(|order| (order.to_string(), 0)));
        self.old = Some((recorded, 1 + number % 100));
        self.note(format!("the server is of version {}", version.file_name().unwrap_or_default().display()))
    }

    /// The program of this version opens the old desk's folder, and it works on.
    pub(super) fn upgrade(&mut self) -> Result<()> {
        let Some((recorded, _)) = self.old.take() else { return Ok(()) };
        self.note("旧 is upgraded".into())?;
        self.open_office("旧".into(), 0, self.root.path().join("old"), recorded.elders, recorded.orders)
    }

    pub(super) fn jump(&mut self, at: usize) -> Result<()> {
        let by = [-86_400, -3_600, -1, 1, 3_600, 40_000][self.roll(6)];
        self.offices[at].clock.fetch_add(by, Ordering::Relaxed);
        self.note(format!("the clock of {} jumps by {by} s", self.offices[at].name))
    }

    /// Copies the folder as it lies there while the program is down.
    pub(super) fn copy_of(&mut self, at: usize, to: &Path) -> Result<()> {
        self.offices[at].desk = None;
        copy_folder(&self.offices[at].folder, to)?;
        self.start(at)
    }

    pub(super) fn back_up(&mut self, at: usize) -> Result<()> {
        let folder = self.root.path().join(format!("backup{}", self.backups.len()));
        self.copy_of(at, &folder)?;
        let office = &self.offices[at];
        let backup = Backup {
            office: at,
            folder,
            confirmed: self.confirmed.keys().cloned().collect(),
            elders: office.elders.clone(),
            orders: office.orders.clone(),
        };
        self.backups.push(backup);
        self.note(format!("{} is backed up", self.offices[at].name))
    }

    /// A disk dies: a desk goes on from its backup. What it took since and had not sent is gone with the disk.
    pub(super) fn restore(&mut self) -> Result<()> {
        if self.backups.is_empty() {
            return Ok(());
        }
        let chosen = self.roll(self.backups.len());
        let at = self.backups[chosen].office;
        let unsent: BTreeSet<String> = self.unsent_orders(at)?;
        let backup = &self.backups[chosen];
        let lost: Vec<String> = unsent.iter().filter(|id| !backup.confirmed.contains(*id)).cloned().collect();
        for id in lost {
            self.confirmed.remove(&id);
        }
        let (folder, elders, orders) = (backup.folder.clone(), backup.elders.clone(), backup.orders.clone());
        let office = &mut self.offices[at];
        office.desk = None;
        (office.elders, office.orders, office.copied) = (elders, orders, true);
        let home = office.folder.clone();
        std::fs::remove_dir_all(&home)?;
        copy_folder(&folder, &home)?;
        self.start(at)?;
        self.note(format!("{} is restored", self.offices[at].name))
    }

    pub(super) fn unsent_orders(&self, at: usize) -> Result<BTreeSet<String>> {
        Ok(self.desk(at)?.unsent_records()?.iter().map(ToString::to_string).collect())
    }

    /// The disk of an office is cloned, and both copies work on.
    pub(super) fn copy(&mut self, at: usize) -> Result<()> {
        if self.copies == 2 {
            return Ok(());
        }
        self.copies += 1;
        let folder = self.root.path().join(format!("copy{}", self.copies));
        self.copy_of(at, &folder)?;
        let office = &mut self.offices[at];
        office.copied = true;
        let (name, place, elders, orders) = (format!("{}'", office.name), office.place, office.elders.clone(), office.orders.clone());
        self.note(format!("{name} is a copy"))?;
        self.open_office(name, place, folder, elders, orders)?;
        self.offices.iter_mut().for_each(|office| office.copied |= office.name.ends_with('\''));
        Ok(())
    }

    pub(super) fn back_up_server(&mut self) -> Result<()> {
        let folder = self.root.path().join(format!("server_backup{}", self.trace.len()));
        self.server = None;
        copy_folder(&self.root.path().join("server"), &folder)?;
        self.server_backup = Some(folder);
        self.note("the server is backed up".into())?;
        self.start_server()
    }

    /// The server's disk dies. Its devices still have what they were told is safe there.
    pub(super) fn restore_server(&mut self) -> Result<()> {
        let Some(folder) = self.server_backup.clone() else { return Ok(()) };
        if self.copies > 0 || !self.backups.is_empty() {
            // What only the server had is gone when a desk was restored as well: nobody could bring it back.
            return Ok(());
        }
        (self.server, self.server_was_restored) = (None, true);
        let home = self.root.path().join("server");
        // It is kept apart from the backups of the database, which hold what was erased since.
        let erased = std::fs::read(home.join("erased")).ok();
        std::fs::remove_dir_all(&home)?;
        copy_folder(&folder, &home)?;
        if let Some(erased) = erased {
            std::fs::write(home.join("erased"), erased)?;
        }
        self.note("the server is restored".into())?;
        self.start_server()
    }
}
