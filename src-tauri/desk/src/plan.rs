//! What a feature wants done: changes of records, and its answer. A plan is made before anything is written; the engine commits it, in
//! one transaction, and only then anybody is answered.

use crate::desk::Inner;
use crate::journal::Mutation;
use crate::look::Look;
use crate::store::StoreError;
use rusqlite::{Connection, Transaction};
use shared::fault::Fault;
use std::cell::Cell;

/// The rest of an act, done in its own transaction.
type Rest<T> = Box<dyn FnOnce(&Writing<'_>) -> Result<T, Fault>>;

/// An act that is not done yet.
pub(crate) enum Plan<T> {
    /// These changes, all or none, and then this answer.
    Changes(Vec<Mutation>, T),
    /// An act that depends on the store as it stands in its own transaction. A fault takes it back.
    Within(Rest<T>),
}

impl<T> Plan<T> {
    /// A plan that is finished in its own transaction.
    pub(crate) fn within(act: impl FnOnce(&Writing<'_>) -> Result<T, Fault> + 'static) -> Self {
        Self::Within(Box::new(act))
    }
}

/// The transaction of a plan.
pub(crate) struct Writing<'t> {
    desk: &'t Inner,
    transaction: &'t Transaction<'t>,
    /// Records were changed: the server is to hear of it.
    changed: Cell<bool>,
    /// So was what only this desk knows: screens are to show it.
    noted: Cell<bool>,
}

impl Writing<'_> {
    /// A look from here.
    pub(crate) fn look(&self) -> Look<'_> {
        Look::through(self.desk, self.transaction)
    }

    /// Changes a record.
    pub(crate) fn write(&self, mutation: &Mutation) -> Result<(), Fault> {
        self.changed.set(true);
        Ok(self.desk.write(self.transaction, mutation)?)
    }

    /// Changes records.
    pub(crate) fn write_all(&self, mutations: &[Mutation]) -> Result<(), Fault> {
        mutations.iter().try_for_each(|mutation| self.write(mutation))
    }

    /// Writes what only this desk knows.
    pub(crate) fn note<T>(&self, note: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, Fault> {
        self.noted.set(true);
        Ok(note(self.transaction)?)
    }

    /// Keeps how far a device has given numbers: one whose order is another desk's as well may go with that order's.
    pub(crate) fn keep_numbers(&self, device: u32) -> Result<(), Fault> {
        Ok(crate::store::number::note(self.transaction, device)?)
    }

    /// The next number that a device gives.
    pub(crate) fn next_sequence(&self, device: u32) -> Result<u32, Fault> {
        Ok(self.desk.next_sequence(self.transaction, device)?)
    }
}

impl Inner {
    /// Lets a feature look, and does what it plans.
    pub(crate) fn act<A, T>(&self, feature: impl FnOnce(&Look<'_>, A) -> Result<Plan<T>, Fault>, ask: A) -> Result<T, Fault> {
        self.carry_out(feature(&self.look(), ask)?)
    }

    fn carry_out<T>(&self, plan: Plan<T>) -> Result<T, Fault> {
        let act = match plan {
            Plan::Changes(mutations, answer) if mutations.is_empty() => return Ok(answer),
            Plan::Changes(mutations, answer) => return self.commit(&mutations).map(|()| answer),
            Plan::Within(act) => act,
        };
        let (done, changed, noted) = self.show_after(|transaction| {
            let writing = Writing { desk: self, transaction, changed: Cell::new(false), noted: Cell::new(false) };
            Ok((act(&writing)?, writing.changed.get(), writing.noted.get()))
        })?;
        if noted {
            self.touched();
        }
        if changed {
            self.connection.wake();
        }
        Ok(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::Desk;
    use crate::store::change;
    use shared::kinds::RecordKind;
    use shared::rule::order_number;
    use shared::schema::{Fields, Value};

    /// A feature that gives an order its number, and may be refused after that.
    fn numbered(look: &Look<'_>, refused: bool) -> Result<Plan<u32>, Fault> {
        let id = look.new_id();
        Ok(Plan::within(move |writing| {
            let sequence = writing.next_sequence(3)?;
            let number = Value::Text(order_number::compose(3, sequence).into());
            writing.write(&Mutation::first(RecordKind::Order, id, Fields::from([("number".into(), number)])))?;
            if refused { Err(Fault::decided_meanwhile()) } else { Ok(sequence) }
        }))
    }

    #[test]
    fn what_is_refused_within_a_plan_is_taken_back_with_its_number() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::open(folder.path()).unwrap().0;
        let logged = || desk.read(change::last).unwrap().0;
        assert_eq!((desk.act(numbered, false).unwrap(), logged()), (1, 1));
        assert_eq!(desk.act(numbered, true).unwrap_err(), Fault::decided_meanwhile());
        assert_eq!(logged(), 1);
        assert_eq!((desk.act(numbered, false).unwrap(), logged()), (2, 2));
    }

    #[test]
    fn screens_look_again_where_something_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::open(folder.path()).unwrap().0;
        let looks_again = |feature: fn(&Look<'_>, ()) -> Result<Plan<()>, Fault>| {
            let before = desk.revision();
            desk.act(feature, ()).unwrap();
            desk.revision() > before
        };
        assert!(!looks_again(|_, ()| Ok(Plan::Changes(Vec::new(), ()))));
        assert!(looks_again(|_, ()| Ok(Plan::within(|writing| writing.note(|store| crate::store::fact::set(store, "run", ""))))));
        assert!(looks_again(|look, ()| {
            let named = Fields::from([("name".into(), Value::Text("康养".into()))]);
            Ok(Plan::Changes(vec![Mutation::first(RecordKind::Operator, look.new_id(), named)], ()))
        }));
    }
}
