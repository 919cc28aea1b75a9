//! How wrong tries to sign in are slowed: by name and place, so that a stranger locks nobody out who comes from elsewhere; by name
//! alone, against tries from many places; by place alone, against tries of many names. A place where it went well before is held to
//! the first of these only.

use crate::fault::Refusal;
use crate::store::{StoreError, Tries, TryKey, Tx};
use shared::fault;
use shared::fault::Code;

/// Wrong tries are forgotten when the last one was so many seconds ago. No lock lasts longer: one that does was made by a clock that
/// was set back since, and is none.
pub const LONGEST_LOCK: i64 = 15 * 60;
/// For so long it is remembered where it went well.
const KNOWN_FOR: i64 = 90 * 86_400;

/// So many wrong tries are free; from the last of these on each one locks for a while.
struct Limit {
    free: i64,
    lock: i64,
}

const HERE: Limit = Limit { free: 5, lock: LONGEST_LOCK };
const ALONE: Limit = Limit { free: 20, lock: 60 };

impl Limit {
    /// After one more wrong try.
    fn after(&self, tries: Tries, now: i64) -> Tries {
        let failed = tries.failed + 1;
        Tries { failed, last_at: now, locked_until: if failed >= self.free { now + self.lock } else { 0 } }
    }
}

/// What counts of what is known: nothing that is long ago, or that another time of the clock left.
fn standing(tries: Option<Tries>, now: i64) -> Tries {
    tries
        .filter(|tries| tries.last_at <= now && now - tries.last_at < LONGEST_LOCK && tries.locked_until <= now + LONGEST_LOCK)
        .unwrap_or_default()
}

/// A try that was counted as a wrong one before it is known to be.
pub struct Counted {
    name: String,
    place: String,
    /// If it was a wrong one, others are kept out from now on.
    pub locks: bool,
    /// What stood there before.
    before: Tries,
    /// What was counted besides, with what stood there before and after.
    alone: Vec<(TryKey, Tries, Tries)>,
}

/// Counts a try, so that many at once are no more than one after the other; refused while there is a lock.
pub fn count(tx: &Tx<'_>, name: &str, place: &str, now: i64) -> Result<Result<Counted, Refusal>, StoreError> {
    let locked = |tries: Tries| Some(tries.locked_until - now).filter(|rest| *rest > 0);
    let here = standing(tx.tries(&TryKey::here(name, place))?, now);
    if let Some(rest) = locked(here) {
        return Ok(Err(Refusal::from(fault!(Code::NotNow, account::NAME_LOCKED)).after(rest)));
    }
    let known = tx.tries(&TryKey::known(name, place))?.is_some();
    let mut alone = Vec::new();
    for key in [TryKey::name(name), TryKey::place(place)].into_iter().filter(|_| !known) {
        let before = standing(tx.tries(&key)?, now);
        if let Some(rest) = locked(before) {
            return Ok(Err(Refusal::from(fault!(Code::NotNow, account::TRIED_TOO_OFTEN)).after(rest)));
        }
        alone.push((key, before, ALONE.after(before, now)));
    }
    tx.forget_tries(now - LONGEST_LOCK, now - KNOWN_FOR, now + LONGEST_LOCK)?;
    let after = HERE.after(here, now);
    tx.put_tries(&TryKey::here(name, place), after)?;
    for (key, _, after) in &alone {
        tx.put_tries(key, *after)?;
    }
    let locks = after.locked_until > now || alone.iter().any(|(.., after)| after.locked_until > now);
    Ok(Ok(Counted { name: name.to_owned(), place: place.to_owned(), locks, before: here, alone }))
}

impl Counted {
    /// It was the right password: it does not count, and the place is known from now on.
    pub fn went_well(&self, tx: &Tx<'_>, now: i64) -> Result<(), StoreError> {
        let well = Tries { failed: 0, last_at: now, locked_until: 0 };
        tx.put_tries(&TryKey::here(&self.name, &self.place), well)?;
        tx.put_tries(&TryKey::known(&self.name, &self.place), well)?;
        self.take_back_alone(tx, now)
    }

    /// It was no wrong try, and no proof either: everything is as it was before.
    pub fn take_back(&self, tx: &Tx<'_>, now: i64) -> Result<(), StoreError> {
        tx.put_tries(&TryKey::here(&self.name, &self.place), self.before)?;
        self.take_back_alone(tx, now)
    }

    fn take_back_alone(&self, tx: &Tx<'_>, now: i64) -> Result<(), StoreError> {
        for (key, before, after) in &self.alone {
            let stands = standing(tx.tries(key)?, now);
            // What others did meanwhile counts on.
            let locked_until = if stands == *after { before.locked_until } else { stands.locked_until };
            tx.put_tries(key, Tries { failed: (stands.failed - 1).max(0), locked_until, ..stands })?;
        }
        Ok(())
    }
}
