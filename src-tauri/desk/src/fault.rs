//! How inner failures become faults: logged once, here, and told to people without their insides.

use crate::store::StoreError;
use shared::crdt::CrdtError;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::schema::Label;
use std::error::Error;

/// A failure of disk, store or program: into the log, and to the person as such.
pub(crate) fn broken(cause: impl std::fmt::Display) -> Fault {
    tracing::error!(%cause, "a step failed");
    Fault::broken()
}

/// A failure of the store. A record whose history does not merge concerns nothing else.
pub(crate) fn of_store(error: StoreError) -> Fault {
    match error {
        StoreError::Crdt(CrdtError::Merge | CrdtError::NotAChange) => {
            tracing::error!("a record that is quarantined can't be changed");
            Fault::quarantined()
        }
        error => broken(error),
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        of_store(error)
    }
}

/// Turns inner errors into faults with `?`.
pub(crate) trait OrBroken<T> {
    /// The value, or the fault of a broken program.
    fn or_broken(self) -> Result<T, Fault>;
}

impl<T, E: Error + 'static> OrBroken<T> for Result<T, E> {
    fn or_broken(self) -> Result<T, Fault> {
        self.map_err(|error| if is_full(&error) { full(&error) } else { broken(error) })
    }
}

fn full(cause: &dyn Error) -> Fault {
    tracing::error!(%cause, "the disk is full");
    Fault::disk_full()
}

/// Whether the disk had no room: said by SQLite or by the system.
pub(crate) fn is_full(error: &(dyn Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |error: &&(dyn Error + 'static)| (**error).source());
    causes.any(|cause| {
        let by_sqlite = cause.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code);
        let by_system = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        by_sqlite == Some(rusqlite::ErrorCode::DiskFull) || by_system == Some(std::io::ErrorKind::StorageFull)
    })
}

/// No such record here.
pub(crate) fn no_record() -> Fault {
    fault!(Code::NotFound, record::NOT_HERE)
}

/// No such elder here.
pub(crate) fn no_elder() -> Fault {
    fault!(Code::NotFound, elder::NOT_HERE)
}

/// No such order here.
pub(crate) fn no_order() -> Fault {
    fault!(Code::NotFound, order::NOT_HERE)
}

/// Something that has to be given.
pub(crate) fn missing(what: Label) -> Fault {
    fault!(Code::BadInput, form::not_given(what))
}
