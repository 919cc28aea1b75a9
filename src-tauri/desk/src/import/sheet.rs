//! A sheet in little memory: all cells in one row after the other, all text in one piece, so that a list
//! of fifty thousand elders is a few large blocks and not a million small ones. Filled under the caps.

use super::{MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_TEXT_BYTES, too_large};
use jiff::civil::DateTime;
use shared::fault::Fault;

/// One sheet of a file, blank rows left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// The sheet's name, or the file's where it has no sheets.
    pub name: String,
    rows: Vec<RowAt>,
    cells: Vec<Stored>,
    text: String,
}

/// Where the cells of a row lie.
#[derive(Clone, Copy, Debug, PartialEq)]
struct RowAt {
    number: u32,
    first: u32,
    count: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Stored {
    #[default]
    Empty,
    Text {
        from: u32,
        length: u32,
    },
    Number(f64),
    Date(DateTime),
    Bool(bool),
}

/// One row with a value in it.
#[derive(Clone, Copy, Debug)]
pub struct SheetRow<'a> {
    /// The row in the file, from 1.
    pub number: u32,
    cells: &'a [Stored],
    text: &'a str,
}

/// One cell as the file has it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    #[default]
    Empty,
    /// Text as written.
    Text(&'a str),
    /// Any number that is not shown as a date.
    Number(f64),
    /// A number shown as a date.
    Date(DateTime),
    /// Yes or no.
    Bool(bool),
}

impl Sheet {
    /// How many rows have a value in them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no row has one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A row by its place among those with a value.
    #[must_use]
    pub fn row(&self, at: usize) -> Option<SheetRow<'_>> {
        self.rows.get(at).map(|row| self.row_of(row))
    }

    /// The rows in the order of the file.
    pub fn rows(&self) -> impl Iterator<Item = SheetRow<'_>> {
        self.rows.iter().map(|row| self.row_of(row))
    }

    fn row_of(&self, row: &RowAt) -> SheetRow<'_> {
        let cells = self.cells.get(row.first as usize..).and_then(|cells| cells.get(..row.count as usize));
        SheetRow { number: row.number, cells: cells.unwrap_or_default(), text: &self.text }
    }
}

impl<'a> SheetRow<'a> {
    /// The cell of a column, from 0.
    #[must_use]
    pub fn cell(&self, column: u32) -> Cell<'a> {
        self.cells.get(column as usize).map_or(Cell::Empty, |stored| self.read(*stored))
    }

    /// The cells from the first column on; none after the last value.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'a>> {
        self.cells.iter().map(|stored| self.read(*stored))
    }

    /// How many columns there are up to the last value.
    #[must_use]
    pub fn width(&self) -> usize {
        self.cells.len()
    }

    fn read(&self, stored: Stored) -> Cell<'a> {
        match stored {
            Stored::Empty => Cell::Empty,
            Stored::Text { from, length } => {
                Cell::Text(self.text.get(from as usize..).and_then(|text| text.get(..length as usize)).unwrap_or_default())
            }
            Stored::Number(number) => Cell::Number(number),
            Stored::Date(at) => Cell::Date(at),
            Stored::Bool(yes) => Cell::Bool(yes),
        }
    }
}

impl Cell<'_> {
    /// What stands in the cell: trimmed text, whole numbers without decimals or exponent.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned(),
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 1e21 => format!("{number:.0}"),
            Self::Number(number) => number.to_string(),
            Self::Date(at) if at.time() == jiff::civil::Time::midnight() => at.date().to_string(),
            Self::Date(at) => at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            Self::Bool(true) => "是".to_owned(),
            Self::Bool(false) => "否".to_owned(),
        }
    }

    /// Whether there is nothing to see in it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.chars().all(|c| c.is_whitespace() || c == '\u{feff}'),
            _ => false,
        }
    }
}

/// Fills a sheet row by row under the caps.
#[derive(Default)]
pub(super) struct Collector(Sheet);

impl Collector {
    /// Takes a value at a row and column, both from 0; blank ones leave no trace.
    pub(super) fn put(&mut self, row: u32, column: u32, cell: Cell<'_>) -> Result<(), Fault> {
        if cell.is_blank() {
            return Ok(());
        }
        if row >= MAX_ROWS || column >= MAX_COLUMNS {
            return Err(too_large());
        }
        let stored = self.store(cell)?;
        let Sheet { rows, cells, .. } = &mut self.0;
        if rows.last().is_none_or(|last| last.number != row + 1) {
            rows.push(RowAt { number: row + 1, first: offset(cells.len())?, count: 0 });
        }
        // The cells of the row under way are always the last ones.
        let Some(last) = rows.last_mut() else { return Ok(()) };
        last.count = last.count.max(column + 1);
        cells.resize(cells.len().max((last.first + last.count) as usize), Stored::Empty);
        if let Some(cell) = cells.get_mut((last.first + column) as usize) {
            *cell = stored;
        }
        if cells.len() > MAX_CELLS { Err(too_large()) } else { Ok(()) }
    }

    fn store(&mut self, cell: Cell<'_>) -> Result<Stored, Fault> {
        Ok(match cell {
            Cell::Empty => Stored::Empty,
            Cell::Text(text) => {
                if self.0.text.len() + text.len() > MAX_TEXT_BYTES {
                    return Err(too_large());
                }
                let from = offset(self.0.text.len())?;
                self.0.text.push_str(text);
                Stored::Text { from, length: offset(text.len())? }
            }
            Cell::Number(number) => Stored::Number(number),
            Cell::Date(at) => Stored::Date(at),
            Cell::Bool(yes) => Stored::Bool(yes),
        })
    }

    /// The rows in their order; a file may have them out of order.
    pub(super) fn finish(self, name: &str) -> Sheet {
        let mut sheet = self.0;
        name.clone_into(&mut sheet.name);
        if !sheet.rows.is_sorted_by_key(|row| row.number) {
            sheet.rows.sort_by_key(|row| row.number);
        }
        sheet
    }
}

fn offset(at: usize) -> Result<u32, Fault> {
    u32::try_from(at).map_err(|_| too_large())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_as_they_were_put() {
        let mut collector = Collector::default();
        let day = jiff::civil::date(1950, 1, 2).at(0, 0, 0, 0);
        for (row, column, cell) in [
            (4, 2, Cell::Text("阿 婆 ")),
            (4, 0, Cell::Number(7.0)),
            (4, 5, Cell::Text(" \u{feff}")),
            (2, 1, Cell::Bool(true)),
            (2, 3, Cell::Date(day)),
            (2, 1, Cell::Text("改")),
        ] {
            collector.put(row, column, cell).unwrap();
        }
        let sheet = collector.finish("名单");
        let rows: Vec<(u32, Vec<Cell<'_>>)> = sheet.rows().map(|row| (row.number, row.cells().collect())).collect();
        assert_eq!(
            rows,
            [
                (3, vec![Cell::Empty, Cell::Text("改"), Cell::Empty, Cell::Date(day)]),
                (5, vec![Cell::Number(7.0), Cell::Empty, Cell::Text("阿 婆 ")]),
            ]
        );
        assert_eq!((sheet.len(), sheet.row(1).unwrap().cell(9)), (2, Cell::Empty));
    }

    #[test]
    fn a_sheet_stops_at_the_caps() {
        let mut collector = Collector::default();
        assert!(collector.put(MAX_ROWS, 0, Cell::Bool(true)).is_err());
        assert!(collector.put(0, MAX_COLUMNS, Cell::Bool(true)).is_err());
        let long = "长".repeat(MAX_TEXT_BYTES / 3 / 4);
        let taken = (0..5).take_while(|row| collector.put(*row, 0, Cell::Text(&long)).is_ok()).count();
        assert_eq!(taken, 4);
    }
}
