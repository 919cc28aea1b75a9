//! Who sits at the desk: one person at a time, whatever screens are open, until another one signs in or nobody does anything for a while.
//! Who may sit there is not decided here.

use crate::desk::Inner;
use crate::fault::OrBroken;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use jiff::Timestamp;
use shared::fault::Fault;
use shared::rule::pin;
use shared::schema::RecordId;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Who sits there, and when something was done last.
#[derive(Debug, Default)]
pub(crate) struct Seat(Mutex<Option<(RecordId, Timestamp)>>);

impl Seat {
    fn locked(&self) -> MutexGuard<'_, Option<(RecordId, Timestamp)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who acts: also of what is under way while the desk locks itself.
    pub(crate) fn person(&self) -> Option<RecordId> {
        self.locked().map(|(person, _)| person)
    }
}

impl Inner {
    /// Who sits there; nobody once the desk has locked itself.
    pub(crate) fn seated(&self) -> Option<RecordId> {
        let (mut seat, now) = (self.seat.locked(), self.clock.timestamp());
        if seat.is_some_and(|(_, last)| pin::is_idle(last, now)) {
            *seat = None;
        }
        seat.map(|(person, _)| person)
    }

    /// Somebody sits down, or gets up.
    pub(crate) fn sit(&self, person: Option<RecordId>) {
        *self.seat.locked() = person.map(|person| (person, self.clock.timestamp()));
        self.touched();
    }

    /// Something is done: the desk does not lock itself.
    pub(crate) fn stir(&self) {
        if self.seated().is_some()
            && let Some((_, last)) = self.seat.locked().as_mut()
        {
            *last = self.clock.timestamp();
        }
    }
}

/// What is kept of a PIN: argon2id, with its salt.
pub(crate) fn verifier(pin: &str) -> Result<String, Fault> {
    Ok(Argon2::default().hash_password(pin.as_bytes()).or_broken()?.to_string())
}

/// Whether it is that PIN.
pub(crate) fn is_pin(kept: &str, pin: &str) -> bool {
    PasswordHash::new(kept).is_ok_and(|kept| Argon2::default().verify_password(pin.as_bytes(), &kept).is_ok())
}
