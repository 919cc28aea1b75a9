//! The least that makes an .xls: records of a workbook with texts, cells that are one, hidden rows and sheets, a font that strikes out.

use super::super::compound;
use super::layout::Page;

fn record(out: &mut Vec<u8>, kind: u16, data: &[u8]) {
    out.extend(kind.to_le_bytes());
    out.extend(u16::try_from(data.len()).unwrap().to_le_bytes());
    out.extend(data);
}

fn begin(out: &mut Vec<u8>, kind: u16) {
    let words: [u16; 4] = [0x0600, kind, 0x0DBB, 0x07CC];
    let data: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).chain([0; 8]).collect();
    record(out, 0x0809, &data);
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

pub(super) fn workbook(pages: &[Page]) -> Vec<u8> {
    let mut head = Vec::new();
    begin(&mut head, 0x0005);
    for strike in [0_u16, 8] {
        let words: [u16; 7] = [200, strike, 0x7FFF, 400, 0, 0, 0];
        let mut font: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        font.extend([5, 1]);
        font.extend(wide("Arial"));
        record(&mut head, 0x0031, &font);
    }
    for font in [0_u16, 1] {
        let mut format = font.to_le_bytes().to_vec();
        format.extend([0; 18]);
        record(&mut head, 0x00E0, &format);
    }
    let mut shared = Vec::new();
    let bodies: Vec<Vec<u8>> = pages.iter().map(|page| sheet(page, &mut shared)).collect();
    let strings = shared_strings(&shared);
    let bound = |page: &Page, position: u32| {
        let name = wide(&page.name);
        let mut data = position.to_le_bytes().to_vec();
        data.extend([u8::from(page.hidden), 0, (name.len() / 2) as u8, 1]);
        data.extend(name);
        data
    };
    let announced: usize = pages.iter().map(|page| 4 + bound(page, 0).len()).sum();
    let mut position = head.len() + announced + strings.len() + 4;
    for (page, body) in pages.iter().zip(&bodies) {
        record(&mut head, 0x0085, &bound(page, u32::try_from(position).unwrap()));
        position += body.len();
    }
    head.extend(strings);
    record(&mut head, 0x000A, &[]);
    compound::pack(&[head, bodies.concat()].concat())
}

/// Texts of which the first letters have the font that strikes out, and the rest the other one.
fn shared_strings(shared: &[(&str, usize)]) -> Vec<u8> {
    let count = u32::try_from(shared.len()).unwrap().to_le_bytes();
    let mut data = [count, count].concat();
    for (text, crossed) in shared {
        let text = wide(text);
        data.extend(u16::try_from(text.len() / 2).unwrap().to_le_bytes());
        data.extend([9, 2, 0]);
        data.extend(text);
        data.extend([0, 1, *crossed as u16, 0].iter().flat_map(|word| word.to_le_bytes()));
    }
    let mut out = Vec::new();
    record(&mut out, 0x00FC, &data);
    out
}

fn sheet<'p>(page: &'p Page, shared: &mut Vec<(&'p str, usize)>) -> Vec<u8> {
    let mut out = Vec::new();
    begin(&mut out, 0x0010);
    let last = |of: fn(&(u32, u32, String)) -> u32| page.cells.iter().map(of).max().unwrap_or_default() + 1;
    let (rows, columns) = (last(|cell| cell.0), last(|cell| cell.1));
    let mut data = [0_u32, rows].iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    data.extend([0, columns as u16, 0].iter().flat_map(|word| word.to_le_bytes()));
    record(&mut out, 0x0200, &data);
    for row in &page.hidden_rows {
        let words: [u16; 8] = [*row as u16, 0, columns as u16, 300, 0, 0, 0x0120, 0x000F];
        record(&mut out, 0x0208, &words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>());
    }
    for (row, column, text) in &page.cells {
        let format = u16::from(page.struck_rows.contains(row));
        let crossed = page.crossed_at(*row, *column);
        if crossed > 0 {
            let words: [u16; 5] = [*row as u16, *column as u16, format, u16::try_from(shared.len()).unwrap(), 0];
            record(&mut out, 0x00FD, &words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>());
            shared.push((text, crossed));
            continue;
        }
        let text = wide(text);
        let words: [u16; 4] = [*row as u16, *column as u16, format, (text.len() / 2) as u16];
        let mut data: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        data.push(1);
        data.extend(text);
        record(&mut out, 0x0204, &data);
    }
    let mut merged = u16::try_from(page.merged.len()).unwrap().to_le_bytes().to_vec();
    for (top, left, bottom, right) in &page.merged {
        merged.extend([*top, *bottom, *left, *right].iter().flat_map(|at| (*at as u16).to_le_bytes()));
    }
    record(&mut out, 0x00E5, &merged);
    record(&mut out, 0x000A, &[]);
    out
}
