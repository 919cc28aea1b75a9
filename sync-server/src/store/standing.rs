//! `standing`: the MACs of rows that give rights, as they were made from the log. The tables of records are made from their declarations and
//! have no column for one.

use super::engine::{Got, Put, put};
use super::row::columns;
use super::seal::Mac;
use super::sealed::STANDING;
use super::{StoreError, Tx};
use shared::kinds::RecordKind;

/// The kinds whose rows say who may do what.
pub(super) const DECIDING: [RecordKind; 2] = [RecordKind::Account, RecordKind::Device];

impl Tx<'_> {
    fn mark_of<'r>(&self, kind: RecordKind, row: impl Iterator<Item = Got<'r>>) -> Result<Mac, StoreError> {
        let names = ["id"].into_iter().chain(kind.fields.iter().map(|field| field.name));
        Ok(self.seal()?.mac(&format!("row {}", kind.code()), names.zip(row)))
    }

    /// Keeps how a row stands that was made from the log: its id and its columns.
    pub(super) fn note_standing(&self, kind: RecordKind, row: &[Put<'_>]) -> Result<(), StoreError> {
        let (Some(id), true) = (row.first(), DECIDING.contains(&kind)) else { return Ok(()) };
        let mark = self.mark_of(kind, row.iter().map(Put::as_got))?;
        self.put_sealed(&STANDING, &[kind.code().into(), id.clone(), Put::Blob(&mark.kept)])
    }

    /// The row is no more.
    pub(super) fn no_standing(&self, kind: RecordKind, id: &[u8]) -> Result<(), StoreError> {
        if DECIDING.contains(&kind) {
            self.take_sealed(&STANDING, "kind = $1 AND record = $2", put![kind.code(), id], |_| Ok(()))?;
        }
        Ok(())
    }

    /// Whether a row that gives rights is as it was made from the log. One that is not counts for nothing, and is told.
    pub(super) fn stands(&self, kind: RecordKind, id: &[u8]) -> Result<bool, StoreError> {
        let sql = format!("SELECT t.id, {} FROM {} t WHERE t.id = $1", columns(kind, "t"), kind.code());
        let width = kind.fields.len() + 1;
        let mark = self.one(&sql, put![id], |row| self.mark_of(kind, (0..width).map(|at| row.got(at).unwrap_or(Got::Null))))?;
        let kept = self.sealed_one(&STANDING, "kind = $1 AND record = $2", put![kind.code(), id], |row| row.get::<Vec<u8>>(2))?;
        let stands = mark.is_some_and(|mark| kept.is_some_and(|kept| mark.is(&kept)));
        if !stands {
            self.forged(kind.code(), hex::encode(id));
        }
        Ok(stands)
    }

    /// Keeps how all rows stand that give rights, as they are now.
    pub(super) fn note_all_standing(&self) -> Result<(), StoreError> {
        for kind in DECIDING {
            let sql = format!("SELECT t.id, {} FROM {} t", columns(kind, "t"), kind.code());
            let width = kind.fields.len() + 1;
            let marks = self.all(&sql, put![], |row| {
                let mark = self.mark_of(kind, (0..width).map(|at| row.got(at).unwrap_or(Got::Null)))?;
                Ok((row.get::<[u8; 16]>(0)?, mark))
            })?;
            for (id, mark) in &marks {
                self.put_sealed(&STANDING, put![kind.code(), id, &mark.kept])?;
            }
        }
        Ok(())
    }
}
