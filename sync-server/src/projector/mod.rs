//! Projectors: what follows from records beside their rows, such as the figures of days. The journal calls them where a record
//! changes, in the same transaction, and knows none of them. Each owns its table, whose SQL stands in `store`. A new one is its
//! file and its place in the list here.

mod day;
mod photos;

use crate::store::{StoreError, Tx};
use shared::kinds::RecordKind;
use shared::schema::{Fields, KindId};
use std::fmt::Debug;

/// Something that follows from records. A value of it gathers what a transaction adds, or what all records add, to be verified.
pub trait Projector: Debug + Default {
    /// The kinds that it reads. Records of one id are read together.
    const KINDS: &'static [RecordKind];
    /// The table that it owns: nobody else writes there. The test of `rebuild` compares it byte for byte.
    #[cfg(test)]
    const TABLE: &'static str;
    /// What the records of one id contribute to sums.
    type Contribution: Debug + Default + Send;

    /// What the records of one id contribute, by their fields; a kind of which nothing is logged has none.
    fn contribution<'f>(of: &impl Fn(RecordKind) -> Option<&'f Fields>) -> Self::Contribution;

    /// Gathers that records contribute something else than before.
    fn gather(&mut self, _before: Self::Contribution, _after: Self::Contribution) {}

    /// Writes what is gathered.
    fn write(&mut self, _tx: &Tx<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    /// Makes anew what follows from each of these records alone; their rows were written.
    fn follow_rows(_tx: &Tx<'_>, _rows: &[(&[u8; 16], &Fields)]) -> Result<(), StoreError> {
        Ok(())
    }

    /// Says what differs of what follows from this record alone.
    fn differs(_tx: &Tx<'_>, _record: &[u8; 16], _fields: &Fields) -> Result<Option<String>, StoreError> {
        Ok(None)
    }

    /// Holds the table against what all records contribute, and against the log where that knows nothing of them; says what
    /// differs, and makes it anew where it `repairs`.
    fn verify(self, tx: &Tx<'_>, repairs: bool) -> Result<Vec<String>, StoreError>;
}

macro_rules! projectors {
    ($($name:ident: $projector:ty),+ $(,)?) => {
        /// All projectors.
        #[derive(Debug, Default)]
        pub struct Projectors { $($name: $projector),+ }

        /// What the records of one id contribute to each.
        #[derive(Debug, Default)]
        pub struct Contributions { $($name: <$projector as Projector>::Contribution),+ }

        impl Projectors {
            /// The tables that they own.
            #[cfg(test)]
            pub const TABLES: &'static [&'static str] = &[$(<$projector>::TABLE),+];

            /// Whether one of them reads the kind.
            #[must_use]
            pub fn read(kind: KindId) -> bool {
                kind.known().is_some_and(|kind| $(<$projector>::KINDS.contains(&kind))||+)
            }

            /// What the records of one id contribute.
            #[must_use]
            pub fn contributions<'f>(of: impl Fn(RecordKind) -> Option<&'f Fields>) -> Contributions {
                Contributions { $($name: <$projector>::contribution(&of)),+ }
            }

            /// Gathers that the records of an id contribute something else than before.
            pub fn gather(&mut self, before: Contributions, after: Contributions) {
                $(self.$name.gather(before.$name, after.$name);)+
            }

            /// Writes what is gathered.
            ///
            /// # Errors
            /// [`StoreError`]
            pub fn write(&mut self, tx: &Tx<'_>) -> Result<(), StoreError> {
                $(self.$name.write(tx)?;)+
                Ok(())
            }

            /// Makes anew what follows from each of these records alone; their rows were written.
            ///
            /// # Errors
            /// [`StoreError`]
            pub fn follow_rows(tx: &Tx<'_>, kind: RecordKind, rows: &[(&[u8; 16], &Fields)]) -> Result<(), StoreError> {
                $(if <$projector>::KINDS.contains(&kind) { <$projector>::follow_rows(tx, rows)?; })+
                Ok(())
            }

            /// Says what differs of what follows from this record alone.
            ///
            /// # Errors
            /// [`StoreError`]
            pub fn differ(tx: &Tx<'_>, kind: RecordKind, record: &[u8; 16], fields: &Fields) -> Result<Vec<String>, StoreError> {
                let mut found = Vec::new();
                $(if <$projector>::KINDS.contains(&kind) { found.extend(<$projector>::differs(tx, record, fields)?); })+
                Ok(found)
            }

            /// Holds all tables against what all records contribute; says what differs, and makes it anew where it `repairs`.
            ///
            /// # Errors
            /// [`StoreError`]
            pub fn verify(self, tx: &Tx<'_>, repairs: bool) -> Result<Vec<String>, StoreError> {
                let mut found = Vec::new();
                $(found.extend(self.$name.verify(tx, repairs)?);)+
                Ok(found)
            }
        }
    };
}

projectors! {
    days: day::Days,
    photos: photos::Photos,
}
