//! The container of old workbooks (compound file): takes out one stream with every chain bounded,
//! and packs a stream into a fresh container. The library follows chains without a bound, so it only
//! ever sees containers packed here.

use std::collections::HashSet;

const END: u32 = 0xFFFF_FFFE;
const FREE: u32 = 0xFFFF_FFFF;
const FAT: u32 = 0xFFFF_FFFD;
const LAST_SECTOR: u32 = 0xFFFF_FFF9;
const SECTOR: usize = 512;

/// A stream in the container.
struct Entry {
    name: String,
    start: u32,
    length: usize,
}

/// What is wanted of a container.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The stream of a workbook.
    Workbook(Vec<u8>),
    /// A workbook under a password.
    Locked,
    /// Something else, a text document maybe.
    Other,
}

struct Container<'a> {
    bytes: &'a [u8],
    sector: usize,
    fat: Vec<u32>,
}

/// The workbook's stream; `None` for a damaged container.
pub(super) fn workbook(bytes: &[u8]) -> Option<Found> {
    let sector = match u16_at(bytes, 30)? {
        9 => 512,
        12 => 4096,
        _ => return None,
    };
    let mut container = Container { bytes, sector, fat: Vec::new() };
    let mut fat_sectors: Vec<u32> = (0..109).map_while(|at| u32_at(bytes, 76 + 4 * at)).collect();
    let (mut next, mut seen) = (u32_at(bytes, 68)?, HashSet::new());
    while next <= LAST_SECTOR && seen.insert(next) {
        let more = words(container.sector_at(next)?);
        let (last, sectors) = more.split_last()?;
        fat_sectors.extend(sectors);
        next = *last;
    }
    for id in fat_sectors.into_iter().filter(|id| *id <= LAST_SECTOR) {
        let words = words(container.sector_at(id)?);
        container.fat.extend(words);
        if container.fat.len() > bytes.len() {
            return None;
        }
    }
    let directory = container.chain(u32_at(bytes, 48)?, usize::MAX)?;
    let entries: Vec<Entry> = directory.chunks_exact(128).filter_map(entry).collect();
    let named = |name: &str| entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name));
    if named("EncryptedPackage").is_some() {
        return Some(Found::Locked);
    }
    let Some(stream) = named("Workbook").or_else(|| named("Book")) else { return Some(Found::Other) };
    if stream.length >= 4096 {
        return Some(Found::Workbook(container.chain(stream.start, stream.length)?));
    }
    let small = container.chain(entries.first()?.start, entries.first()?.length)?;
    let small_fat = words(&container.chain(u32_at(bytes, 60)?, usize::MAX)?);
    let (mut content, mut at, mut seen) = (Vec::new(), stream.start, HashSet::new());
    while content.len() < stream.length && seen.insert(at) {
        let from = at as usize * 64;
        content.extend_from_slice(small.get(from..from + 64)?);
        at = *small_fat.get(at as usize)?;
    }
    content.truncate(stream.length);
    Some(Found::Workbook(content))
}

impl Container<'_> {
    fn sector_at(&self, id: u32) -> Option<&[u8]> {
        let from = (id as usize + 1).checked_mul(self.sector)?;
        let until = (from + self.sector).min(self.bytes.len());
        self.bytes.get(from..until).filter(|sector| !sector.is_empty())
    }

    /// A chain of sectors, each at most once.
    fn chain(&self, start: u32, length: usize) -> Option<Vec<u8>> {
        let (mut content, mut next, mut seen) = (Vec::new(), start, HashSet::new());
        while next <= LAST_SECTOR && content.len() < length {
            if !seen.insert(next) {
                return None;
            }
            content.extend_from_slice(self.sector_at(next)?);
            next = *self.fat.get(next as usize)?;
        }
        content.truncate(length);
        Some(content)
    }
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let units: Vec<u16> =
        bytes[..64].chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).take_while(|unit| *unit != 0).collect();
    Some(Entry { name: String::from_utf16_lossy(&units), start: u32_at(bytes, 116)?, length: u32_at(bytes, 120)? as usize })
}

/// A fresh container that holds nothing but this stream.
pub(super) fn pack(stream: &[u8]) -> Vec<u8> {
    // Streams below 4096 bytes would stand in the small sectors; zeros after the end do no harm.
    let length = stream.len().max(4096);
    let content = length.div_ceil(SECTOR);
    let mut tables = 1;
    while tables * (SECTOR / 4) < tables + 1 + content + tables.saturating_sub(109).div_ceil(127) {
        tables += 1;
    }
    let more = tables.saturating_sub(109).div_ceil(127);
    // Sectors in order: the list of further tables, the tables, the directory, the content.
    let number = |at: usize| u32::try_from(at).unwrap_or(FREE);
    let (first_table, directory) = (more, more + tables);
    let mut header = vec![0; SECTOR];
    header[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    for (at, value) in [(24, 0x3E_u16), (26, 3), (28, 0xFFFE), (30, 9), (32, 6)] {
        header[at..at + 2].copy_from_slice(&value.to_le_bytes());
    }
    let further = if more == 0 { END } else { 0 };
    for (at, value) in [(44, number(tables)), (48, number(directory)), (56, 4096), (60, END), (64, 0), (68, further), (72, number(more))] {
        header[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    for slot in 0..109 {
        let id = if slot < tables { number(first_table + slot) } else { FREE };
        header[76 + 4 * slot..80 + 4 * slot].copy_from_slice(&id.to_le_bytes());
    }
    let mut out = header;
    for list in 0..more {
        let ids = (0..127).map(|slot| 109 + list * 127 + slot);
        let ids = ids.map(|table| if table < tables { number(first_table + table) } else { FREE });
        let next = if list + 1 < more { number(list + 1) } else { END };
        out.extend(ids.chain([next]).flat_map(u32::to_le_bytes));
    }
    let all = directory + 1 + content;
    let fat = (0..tables * (SECTOR / 4)).map(|sector| match sector {
        sector if sector < first_table => 0xFFFF_FFFC,
        sector if sector < directory => FAT,
        sector if sector == directory || sector + 1 == all => END,
        sector if sector < all => number(sector + 1),
        _ => FREE,
    });
    out.extend(fat.flat_map(u32::to_le_bytes));
    out.extend(directory_entry("Root Entry", 5, END, 0, 1));
    out.extend(directory_entry("Workbook", 2, number(directory + 1), number(length), FREE));
    out.extend([0; 256]);
    out.extend_from_slice(stream);
    out.resize(SECTOR * (1 + all), 0);
    out
}

fn directory_entry(name: &str, kind: u8, start: u32, length: u32, child: u32) -> [u8; 128] {
    let mut entry = [0; 128];
    for (at, unit) in name.encode_utf16().enumerate() {
        entry[2 * at..2 * at + 2].copy_from_slice(&unit.to_le_bytes());
    }
    entry[64] = u8::try_from(2 * name.len() + 2).unwrap_or_default();
    entry[66] = kind;
    entry[67] = 1;
    for (at, value) in [(68, FREE), (72, FREE), (76, child), (116, start), (120, length)] {
        entry[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    entry
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out_again() {
        for length in [1, 4_095, 4_096, 70_000, 8_000_000] {
            let stream: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let Some(Found::Workbook(mut content)) = workbook(&pack(&stream)) else { panic!("{length}") };
            content.truncate(length);
            assert_eq!(content, stream, "{length}");
        }
    }

    #[test]
    fn a_chain_that_bites_its_tail_is_damaged() {
        let mut packed = pack(&[1; 5_000]);
        let directory = 1_u32;
        packed[512 + 4..512 + 8].copy_from_slice(&directory.to_le_bytes());
        assert_eq!(workbook(&packed), None);
        assert_eq!(workbook(b"\xD0\xCF\x11\xE0"), None);
    }
}
