//! Files that are made to exhaust memory, or damaged: refused in time, and the program lives.

use super::tests::{TOWN, parsed, read_as, sample};
use super::{Choices, compound, read};
use rust_xlsxwriter::Workbook;
use shared::fault::Code;
use shared::schema::Fields;
use std::io::Write;
use std::path::Path;
use std::time::Duration;
use zip::write::{SimpleFileOptions, ZipWriter};

/// What this thread has worked so far; how busy the machine is does not count.
fn worked() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(stat.split_whitespace().next().unwrap().parse().unwrap())
}

/// Refused as a bad file, in under a second of work.
fn refused(path: &Path) {
    let begun = worked();
    let fault = read(path, "恶意.xlsx", &|_, _| {}).expect_err("is refused");
    assert_eq!(fault.code, Code::BadFile);
    println!("{}: {:?}: {}", path.file_name().unwrap().to_string_lossy(), worked() - begun, fault.happened);
    assert!(worked() - begun < Duration::from_secs(1), "{:?}", worked() - begun);
}

/// A workbook of bare XML parts.
pub(super) fn workbook(path: &Path, extra: &[(&str, &str)], sheet: &mut dyn FnMut(&mut dyn Write)) {
    let mut zip = ZipWriter::new(std::fs::File::create(path).unwrap());
    let options = SimpleFileOptions::default();
    let parts = [
        ("[Content_Types].xml", r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#),
        (
            "_rels/.rels",
            r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        ("xl/workbook.xml", r#"<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"#),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
    ];
    for (name, text) in parts.iter().chain(extra) {
        zip.start_file(*name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    zip.write_all(b"<worksheet><sheetData>").unwrap();
    sheet(&mut zip);
    zip.write_all(b"</sheetData></worksheet>").unwrap();
    zip.finish().unwrap();
}

#[test]
fn files_made_to_exhaust_memory_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);

    let mut book = Workbook::new();
    book.add_worksheet().write_string(1_048_575, 16_383, "x").unwrap();
    book.save(at("far.xlsx")).unwrap();
    refused(&at("far.xlsx"));
    workbook(&at("far_raw.xlsx"), &[], &mut |out| out.write_all(br#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#).unwrap());
    refused(&at("far_raw.xlsx"));

    workbook(&at("bomb.xlsx"), &[], &mut |out| {
        let blanks = vec![b' '; 1 << 20];
        (0..300).for_each(|_| out.write_all(&blanks).unwrap());
    });
    refused(&at("bomb.xlsx"));

    let strings = r#"<sst uniqueCount="99999999999"><si><t>a</t></si></sst>"#;
    workbook(&at("strings.xlsx"), &[("xl/sharedStrings.xml", strings)], &mut |_| {});
    refused(&at("strings.xlsx"));

    // One long text in very many cells.
    let strings = format!("<sst><si><t>{}</t></si></sst>", "长".repeat(30_000));
    workbook(&at("copies.xlsx"), &[("xl/sharedStrings.xml", &strings)], &mut |out| {
        for row in 1..=20_000 {
            out.write_all(format!(r#"<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>"#).as_bytes()).unwrap();
        }
    });
    refused(&at("copies.xlsx"));

    let mut zip = ZipWriter::new(std::fs::File::create(at("many.xlsx")).unwrap());
    for number in 0..1_200 {
        zip.start_file(format!("{number}"), SimpleFileOptions::default()).unwrap();
    }
    zip.finish().unwrap();
    refused(&at("many.xlsx"));

    for (name, bytes) in [
        ("empty.xlsx", &b""[..]),
        ("cut.xlsx", b"PK\x03\x04broken"),
        ("cut.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1broken"),
        ("noise.csv", b"\x00\x01\x02\x03\xff\xfe\x00"),
    ] {
        std::fs::write(at(name), bytes).unwrap();
        refused(&at(name));
    }
}

#[test]
fn old_workbooks_that_announce_too_much_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let original = std::fs::read(sample("elders_small.xls")).unwrap();
    let Some(compound::Found::Workbook(stream)) = compound::workbook(&original) else { panic!() };
    let find = |record: [u8; 4]| stream.windows(4).position(|window| window == record).unwrap();
    // DIMENSIONS of 14 bytes; the last row and column are announced as far as they go.
    let mut vast = stream.clone();
    let at = find([0x00, 0x02, 14, 0]);
    vast[at + 8..at + 12].copy_from_slice(&u32::MAX.to_le_bytes());
    // A cell in the last row and another in the first span a rectangle.
    let mut wide = stream.clone();
    let at = find([0xFD, 0x00, 10, 0]);
    wide[at + 6..at + 8].copy_from_slice(&255_u16.to_le_bytes());
    let second = at + 14;
    wide[second + 4..second + 6].copy_from_slice(&u16::MAX.to_le_bytes());
    for (name, stream) in [("vast.xls", vast), ("wide.xls", wide)] {
        let path = folder.path().join(name);
        std::fs::write(&path, compound::pack(&stream)).unwrap();
        refused(&path);
    }
    let path = folder.path().join("same.xls");
    std::fs::write(&path, compound::pack(&stream)).unwrap();
    assert_eq!(parsed(&path).rows.len(), 12);
}

#[test]
fn damaged_files_never_take_the_program_down() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged");
    for name in ["elders_small.xls", "elders_luocheng_later_gbk.csv", "platform_luocheng.xlsx"] {
        let whole = std::fs::read(sample(name)).unwrap();
        let mut seed = 7_u64;
        for _ in 0..60 {
            let mut bytes = whole.clone();
            for _ in 0..8 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = (seed >> 33) as usize % bytes.len();
                bytes[at] = (seed >> 11) as u8;
            }
            std::fs::write(&path, &bytes).unwrap();
            let _: Option<Vec<Fields>> = read_as(&path, TOWN, &Choices::default())
                .ok()
                .map(|list| list.rows.into_iter().filter_map(|row| row.elder.ok()).map(|elder| elder.fields).collect());
        }
    }
}
