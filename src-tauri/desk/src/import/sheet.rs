//! A sheet in little memory: all cells in one row after the other, all text in one piece, so that a list
//! of fifty thousand elders is a few large blocks and not a million small ones. Filled under the caps. Text is kept as it is seen.

use super::strikes::{Parts, Struck};
use super::{MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_TEXT_BYTES, too_large};
use crate::letters::as_seen;
use jiff::civil::DateTime;
use shared::fault::Fault;
use std::collections::HashMap;

/// One sheet of a file, blank rows left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// The sheet's name, or the file's where it has no sheets.
    pub name: String,
    /// Whether whoever opens the file sees it.
    pub shown: Shown,
    rows: Vec<RowAt>,
    cells: Vec<Stored>,
    text: String,
    /// Cells that are one and reach over several columns.
    wide: Vec<Region>,
    /// What is struck out of a cell whose rest counts, by row of the file and column.
    struck_parts: HashMap<(u32, u32), String>,
}

/// Whether a sheet is seen by whoever opens the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// It is.
    #[default]
    Visible,
    /// A click on the tabs brings it up.
    Hidden,
    /// Only a programme can bring it up.
    VeryHidden,
}

/// Cells that are one: first row and column, last row and column, all from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) first: (u32, u32),
    pub(super) last: (u32, u32),
}

/// Where the cells of a row lie.
#[derive(Clone, Copy, Debug, PartialEq)]
struct RowAt {
    number: u32,
    first: u32,
    count: u32,
    hidden: bool,
    /// Of the first 64 columns those that are struck out, a bit each.
    struck: u64,
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
    NoValue,
    /// The value of a cell above, with which this one is one cell.
    Below(u32),
}

/// One row with a value in it.
#[derive(Clone, Copy, Debug)]
pub struct SheetRow<'a> {
    /// The row in the file, from 1.
    pub number: u32,
    /// Whether it is hidden in the file, by hand or by a filter.
    pub hidden: bool,
    struck: u64,
    cells: &'a [Stored],
    sheet: &'a Sheet,
}

/// One cell as the file has it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    #[default]
    Empty,
    /// Text as seen.
    Text(&'a str),
    /// Any number that is not shown as a date.
    Number(f64),
    /// A number shown as a date.
    Date(DateTime),
    /// Yes or no.
    Bool(bool),
    /// A formula whose value the file does not hold, or one that failed.
    NoValue,
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

    /// Cells and bytes of text in it.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.cells.len(), self.text.len())
    }

    /// A row by its place among those with a value.
    #[must_use]
    pub fn row(&self, at: usize) -> Option<SheetRow<'_>> {
        self.rows.get(at).map(|row| self.row_of(row))
    }

    /// The place of the first row behind a row of the file.
    pub(super) fn behind(&self, number: u32) -> usize {
        self.rows.partition_point(|row| row.number <= number)
    }

    /// The rows in the order of the file.
    pub fn rows(&self) -> impl Iterator<Item = SheetRow<'_>> {
        self.rows.iter().map(|row| self.row_of(row))
    }

    fn row_of(&self, row: &RowAt) -> SheetRow<'_> {
        let cells = self.cells.get(row.first as usize..).and_then(|cells| cells.get(..row.count as usize));
        SheetRow { number: row.number, hidden: row.hidden, struck: row.struck, cells: cells.unwrap_or_default(), sheet: self }
    }

    /// The columns, first and last, over which the cell at a row of the file and a column reaches.
    pub(super) fn span(&self, number: u32, column: u32) -> Option<(u32, u32)> {
        let inside = |region: &&Region| {
            (region.first.0 + 1..=region.last.0 + 1).contains(&number) && (region.first.1..=region.last.1).contains(&column)
        };
        self.wide.iter().find(inside).map(|region| (region.first.1, region.last.1))
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

    /// Whether the cell only goes on with one above it.
    pub(super) fn goes_on(&self, column: u32) -> bool {
        matches!(self.cells.get(column as usize), Some(Stored::Below(_)))
    }

    /// Whether all of a cell is struck out.
    pub(super) fn is_cell_struck(&self, column: u32) -> bool {
        column < 64 && self.struck & (1 << column) != 0
    }

    /// What is struck out of a cell whose rest counts.
    pub(super) fn struck_part(&self, column: u32) -> Option<&'a str> {
        self.sheet.struck_parts.get(&(self.number, column)).map(String::as_str)
    }

    /// Whether a cell is struck out, or most of what stands between two columns is.
    pub(super) fn is_struck(&self, telling: &[u32], first: u32, last: u32) -> bool {
        let struck = |column: u32| self.is_cell_struck(column);
        if self.struck == 0 {
            return false;
        }
        let filled = || (first..=last).filter(|column| !self.cell(*column).is_blank());
        telling.iter().any(|column| struck(*column)) || filled().filter(|column| struck(*column)).count() * 2 > filled().count()
    }

    fn read(&self, stored: Stored) -> Cell<'a> {
        match stored {
            Stored::Empty => Cell::Empty,
            Stored::Text { from, length } => {
                let text = self.sheet.text.get(from as usize..).and_then(|text| text.get(..length as usize));
                Cell::Text(text.unwrap_or_default())
            }
            Stored::Number(number) => Cell::Number(number),
            Stored::Date(at) => Cell::Date(at),
            Stored::Bool(yes) => Cell::Bool(yes),
            Stored::NoValue => Cell::NoValue,
            Stored::Below(at) => match self.sheet.cells.get(at as usize) {
                None | Some(Stored::Below(_)) => Cell::Empty,
                Some(above) => self.read(*above),
            },
        }
    }
}

impl Cell<'_> {
    /// What stands in the cell: trimmed text, whole numbers without decimals or exponent.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Empty | Self::NoValue => String::new(),
            Self::Text(text) => text.trim().to_owned(),
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
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

/// What a file says of a sheet beside its values.
#[derive(Default)]
pub(super) struct Marks {
    pub(super) shown: Shown,
    pub(super) merged: Vec<Region>,
    /// Rows, from 0, that are hidden.
    pub(super) hidden: std::collections::HashSet<u32>,
}

/// Fills a sheet row by row under the caps.
#[derive(Default)]
pub(super) struct Collector {
    sheet: Sheet,
    struck: HashMap<u32, u64>,
}

impl Collector {
    /// Takes a value at a row and column, both from 0; blank ones leave no trace.
    pub(super) fn put(&mut self, row: u32, column: u32, cell: Cell<'_>) -> Result<(), Fault> {
        let seen = if let Cell::Text(text) = cell { as_seen(text) } else { "".into() };
        let cell = if let Cell::Text(_) = cell { Cell::Text(&seen) } else { cell };
        if cell.is_blank() {
            return Ok(());
        }
        if row >= MAX_ROWS || column >= MAX_COLUMNS {
            return Err(too_large());
        }
        let stored = self.store(cell)?;
        let Sheet { rows, cells, .. } = &mut self.sheet;
        if rows.last().is_none_or(|last| last.number != row + 1) {
            rows.push(RowAt { number: row + 1, first: offset(cells.len())?, count: 0, hidden: false, struck: 0 });
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

    /// Takes a text of which parts may be struck out: they do not count, and are noted.
    pub(super) fn put_parts(&mut self, row: u32, column: u32, parts: &Parts) -> Result<(), Fault> {
        let text = match parts.struck() {
            Struck::Nothing => parts.whole(),
            Struck::All => {
                self.strike(row, column);
                parts.whole()
            }
            Struck::Part { .. } if self.sheet.struck_parts.len() > MAX_ROWS as usize => return Err(too_large()),
            Struck::Part { kept, struck } => {
                self.sheet.struck_parts.insert((row + 1, column), struck);
                kept
            }
        };
        self.put(row, column, Cell::Text(&text))
    }

    /// Notes that a cell is struck out.
    pub(super) fn strike(&mut self, row: u32, column: u32) {
        if column < 64 && row < MAX_ROWS {
            *self.struck.entry(row + 1).or_default() |= 1 << column;
        }
    }

    fn store(&mut self, cell: Cell<'_>) -> Result<Stored, Fault> {
        Ok(match cell {
            Cell::Empty => Stored::Empty,
            Cell::Text(text) => {
                if self.sheet.text.len() + text.len() > MAX_TEXT_BYTES {
                    return Err(too_large());
                }
                let from = offset(self.sheet.text.len())?;
                self.sheet.text.push_str(text);
                Stored::Text { from, length: offset(text.len())? }
            }
            Cell::Number(number) => Stored::Number(number),
            Cell::Date(at) => Stored::Date(at),
            Cell::Bool(yes) => Stored::Bool(yes),
            Cell::NoValue => Stored::NoValue,
        })
    }

    /// The rows in their order; a file may have them out of order.
    pub(super) fn finish(self, name: &str, marks: Marks) -> Result<Sheet, Fault> {
        let mut sheet = self.sheet;
        name.clone_into(&mut sheet.name);
        sheet.shown = marks.shown;
        for row in &mut sheet.rows {
            row.hidden = marks.hidden.contains(&(row.number - 1));
            row.struck = self.struck.get(&row.number).copied().unwrap_or_default();
        }
        if !sheet.rows.is_sorted_by_key(|row| row.number) {
            sheet.rows.sort_by_key(|row| row.number);
        }
        sheet.join(marks.merged)?;
        Ok(sheet)
    }
}

impl Sheet {
    /// Gives cells that are one with a cell above them its value.
    fn join(&mut self, mut regions: Vec<Region>) -> Result<(), Fault> {
        regions.retain(|region| region.first.0 <= region.last.0 && region.first.1 <= region.last.1);
        regions.sort_by_key(|region| region.first);
        let mut below: HashMap<u32, Vec<(u32, u32)>> = HashMap::new();
        let mut filled = 0_usize;
        for region in regions.iter().filter(|region| region.last.0 > region.first.0) {
            let Ok(at) = self.rows.binary_search_by_key(&(region.first.0 + 1), |row| row.number) else { continue };
            let row = self.rows[at];
            let origin = row.first + region.first.1;
            if region.first.1 >= row.count || matches!(self.cells.get(origin as usize), None | Some(Stored::Empty)) {
                continue;
            }
            let rows = self.rows[at + 1..].iter().take_while(|row| row.number <= region.last.0 + 1);
            for row in rows {
                below.entry(row.number).or_default().push((region.first.1, origin));
                filled += 1;
            }
            if filled > MAX_CELLS {
                return Err(too_large());
            }
        }
        // Wide cells matter above the rows only, and there are few of them.
        self.wide = regions.into_iter().filter(|region| region.last.1 > region.first.1).take(2_000).collect();
        if below.is_empty() {
            return Ok(());
        }
        // Each row gets room for what it takes over; where the cells went is noted, for those who point at them.
        let mut moved: Vec<u32> = vec![0; self.cells.len()];
        let mut cells = Vec::with_capacity(self.cells.len() + filled);
        for row in &mut self.rows {
            let first = offset(cells.len())?;
            for column in 0..row.count {
                moved[(row.first + column) as usize] = first + column;
                cells.push(self.cells[(row.first + column) as usize]);
            }
            for (column, origin) in below.get(&row.number).into_iter().flatten() {
                let at = (first + column) as usize;
                if cells.len() <= at {
                    cells.resize(at + 1, Stored::Empty);
                }
                if cells[at] == Stored::Empty {
                    cells[at] = Stored::Below(moved[*origin as usize]);
                }
            }
            (row.first, row.count) = (first, offset(cells.len())? - first);
            if cells.len() > MAX_CELLS {
                return Err(too_large());
            }
        }
        self.cells = cells;
        Ok(())
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
        let sheet = collector.finish("名单", Marks::default()).unwrap();
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

    #[test]
    fn cells_that_are_one_have_one_value_and_say_how_wide_they_are() {
        let mut collector = Collector::default();
        for (row, column, text) in
            [(0, 0, "名单"), (1, 0, "细坑社区"), (1, 1, "甲"), (2, 1, "乙"), (3, 0, "东区社区"), (3, 1, "丙"), (4, 1, "丁")]
        {
            collector.put(row, column, Cell::Text(text)).unwrap();
        }
        let region = |first, last| Region { first, last };
        let merged = vec![region((3, 0), (9, 0)), region((0, 0), (0, 4)), region((1, 0), (2, 0)), region((1, 3), (2, 3))];
        let sheet = collector.finish("名单", Marks { merged, ..Marks::default() }).unwrap();
        let rows: Vec<Vec<String>> = sheet.rows().map(|row| row.cells().map(|cell| cell.text()).collect()).collect();
        assert_eq!(rows, [vec!["名单"], vec!["细坑社区", "甲"], vec!["细坑社区", "乙"], vec!["东区社区", "丙"], vec!["东区社区", "丁"]]);
        assert!(sheet.row(2).unwrap().goes_on(0) && !sheet.row(2).unwrap().goes_on(1) && !sheet.row(3).unwrap().goes_on(0));
        assert_eq!((sheet.span(1, 2), sheet.span(2, 0)), (Some((0, 4)), None));
    }
}
