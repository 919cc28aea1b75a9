//! The rows of an import counted by what becomes of them, and those kept that somebody will read.

use crate::store::import::ImportCounts;
use shared::command::{Bucket, ImportRow};
use std::collections::BTreeMap;

/// Rows that a screen is sent; the counts are of all.
const SCREEN_ROWS: usize = 2_000;

/// Codes of rows that are asked about.
const ASKED: [&str; 4] = ["hidden_row", "struck_row", "gone", "example_row"];

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
    /// Rows that are asked about, by their code.
    pub(crate) asked: BTreeMap<String, u64>,
    keep: Keep,
    /// In the order of a screen: errors, updates, new, same.
    kept: [Vec<(usize, ImportRow)>; 4],
}

impl Tally {
    pub(crate) fn new(keep: Keep) -> Self {
        Self { counts: ImportCounts::default(), asked: BTreeMap::new(), keep, kept: Default::default() }
    }

    /// Counts a row of one of the file's lists, and keeps it if it is one of those to be kept.
    pub(crate) fn add(&mut self, list: usize, row: ImportRow) {
        let [errors, updates, new, same] = &mut self.kept;
        let (count, kept) = match row.bucket {
            Bucket::Error => (&mut self.counts.error, errors),
            Bucket::Update => (&mut self.counts.update, updates),
            Bucket::New => (&mut self.counts.new, new),
            Bucket::Same => (&mut self.counts.same, same),
        };
        *count += 1;
        if row.bucket == Bucket::Error && ASKED.contains(&row.code.as_str()) {
            *self.asked.entry(row.code.clone()).or_default() += 1;
        }
        let wanted = match self.keep {
            Keep::Screen => kept.len() < SCREEN_ROWS,
            Keep::All => true,
            Keep::Errors => row.bucket == Bucket::Error,
        };
        if wanted {
            kept.push((list, row));
        }
    }

    /// The kept rows.
    pub(crate) fn rows(self) -> Vec<ImportRow> {
        let mut rows: Vec<(usize, ImportRow)> = self.kept.into_iter().flatten().collect();
        match self.keep {
            Keep::Screen => rows.truncate(SCREEN_ROWS),
            Keep::All => rows.sort_by_key(|(list, row)| (*list, row.row)),
            Keep::Errors => {}
        }
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// The kept rows of each list.
    pub(crate) fn by_list(self, lists: usize) -> Vec<Vec<ImportRow>> {
        let mut all = vec![Vec::new(); lists];
        for (list, row) in self.kept.into_iter().flatten() {
            if let Some(rows) = all.get_mut(list) {
                rows.push(row);
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u32, bucket: Bucket) -> ImportRow {
        ImportRow {
            sheet: String::new(),
            row: number,
            bucket,
            code: String::new(),
            message: String::new(),
            name: String::new(),
            columns: Vec::new(),
        }
    }

    fn kept(keep: Keep) -> (ImportCounts, Vec<(u32, Bucket)>) {
        let mut tally = Tally::new(keep);
        for number in 1..=3_000 {
            tally.add(0, row(number, if number % 1_000 == 0 { Bucket::Error } else { Bucket::New }));
        }
        tally.add(0, row(3_001, Bucket::Update));
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
