//! The centre has shut this desk out: it forgets all that the server knows, durably, and keeps what has not
//! gone up until it is enrolled anew.

use crate::desk::Inner;
use crate::fault::{OrBroken, broken};
use crate::store;
use shared::fault::Fault;

impl Inner {
    /// Forgets. Cut anywhere, it is done again with the next sync.
    pub(crate) fn clear(&self) -> Result<(), Fault> {
        tracing::warn!("this desk was shut out: it forgets what the server knows");
        let photos = self.transact(|transaction| {
            if let Some(device) = self.device_number() {
                store::number::note(transaction, device)?;
            }
            let photos = store::clear::clear(transaction)?;
            // What waits is shown as far as it can be read without the rest.
            self.project_all(transaction)?;
            Ok(photos)
        })?;
        for hash in photos {
            for path in [self.photo_path(&hash, false), self.photo_path(&hash, true)].into_iter().flatten() {
                // A file that is gone already is what is wanted.
                let _ = std::fs::remove_file(path);
            }
        }
        self.forget_files();
        store::clear::vacuum(&*self.writer.lock().map_err(broken)?).or_broken()?;
        self.learn_anew()?;
        // Last: until here the desk still knows who it is, and is told again.
        self.change_facts(|facts| {
            facts.enrolled = None;
            facts.device_key = None;
            facts.person_keys = None;
            facts.authority = None;
            facts.shut_out = true;
        })
    }
}
