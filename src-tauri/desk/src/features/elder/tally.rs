//! The rows of an import counted by what becomes of them, and those kept that somebody will read.

use crate::store::import::ImportCounts;
use shared::command::{Bucket, ImportRow};

/// Rows that a screen is sent; the counts are of all.
const SCREEN_ROWS: usize = 2_000;

/// Which rows are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// The first of each kind, errors before all others.
    Screen,
    /// All, in the order of the file.
    All,
    /// Those in error.
    Errors,
}

/// Counts and kept rows.
pub(crate) struct Tally {
    pub(crate) counts: ImportCounts,
    keep: Keep,
    /// In the order of a screen: errors, updates, new, same.
    kept: [Vec<ImportRow>; 4],
}

impl Tally {
    pub(crate) fn new(keep: Keep) -> Self {
        Self { counts: ImportCounts::default(), keep, kept: Default::default() }
    }

    /// Counts a row, and keeps it if it is one of those to be kept.
    pub(crate) fn add(&mut self, row: ImportRow) {
        let [errors, updates, new, same] = &mut self.kept;
        let (count, kept) = match row.bucket {
            Bucket::Error => (&mut self.counts.error, errors),
            Bucket::Update => (&mut self.counts.update, updates),
            Bucket::New => (&mut self.counts.new, new),
            Bucket::Same => (&mut self.counts.same, same),
        };
        *count += 1;
        let wanted = match self.keep {
            Keep::Screen => kept.len() < SCREEN_ROWS,
            Keep::All => true,
            Keep::Errors => row.bucket == Bucket::Error,
        };
        if wanted {
            kept.push(row);
        }
    }

    /// The kept rows.
    pub(crate) fn rows(self) -> Vec<ImportRow> {
        let mut rows: Vec<ImportRow> = self.kept.into_iter().flatten().collect();
        match self.keep {
            Keep::Screen => rows.truncate(SCREEN_ROWS),
            Keep::All => rows.sort_by_key(|row| row.row),
            Keep::Errors => {}
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u32, bucket: Bucket) -> ImportRow {
        ImportRow { row: number, bucket, code: String::new(), message: String::new(), name: String::new(), columns: Vec::new() }
    }

    fn kept(keep: Keep) -> (ImportCounts, Vec<(u32, Bucket)>) {
        let mut tally = Tally::new(keep);
        for number in 1..=3_000 {
            tally.add(row(number, if number % 1_000 == 0 { Bucket::Error } else { Bucket::New }));
        }
        tally.add(row(3_001, Bucket::Update));
        (tally.counts, tally.rows().into_iter().map(|row| (row.row, row.bucket)).collect())
    }

    #[test]
    fn counts_are_of_all_and_rows_of_those_who_read_them() {
        let (counts, screen) = kept(Keep::Screen);
        assert_eq!((counts.new, counts.update, counts.same, counts.error), (2_997, 1, 0, 3));
        assert_eq!(screen.len(), SCREEN_ROWS);
        assert_eq!(
            screen[..5],
            [(1_000, Bucket::Error), (2_000, Bucket::Error), (3_000, Bucket::Error), (3_001, Bucket::Update), (1, Bucket::New)]
        );
        let (_, all) = kept(Keep::All);
        assert!(all.len() == 3_001 && all.is_sorted_by_key(|(row, _)| *row));
        assert_eq!(kept(Keep::Errors).1.len(), 3);
    }
}
