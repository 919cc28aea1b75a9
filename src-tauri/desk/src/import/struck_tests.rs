//! What is struck out, whole or in part, in each kind of file; tables of OpenDocument that hide, strike out, repeat, or are under a password.

use super::tests::{Parsed, TOWN, parsed, read_as};
use super::{Choices, ods};
use rust_xlsxwriter::{Format, Workbook};
use shared::fault::Fault;
use shared::schema::Value;
use std::io::Write;
use std::path::Path;
use zip::write::{SimpleFileOptions, ZipWriter};

const IDS: [&str; 3] = ["445381193706252360", "445381193212285357", "44538119570705594X"];

/// What became of the first three rows: name and phone of whom is taken, or the first code, each with what is said.
fn fared(parsed: &Parsed) -> Vec<(String, String)> {
    let row = |row: &super::ParsedRow| match &row.elder {
        Ok(elder) => {
            let text = |field: &str| match elder.fields.get(field) {
                Some(Value::Text(text)) => text.to_string(),
                _ => String::new(),
            };
            (format!("{} {}", text("name"), text("phone")), elder.notes.join("；"))
        }
        Err(problems) => {
            (problems[0].code.to_owned(), problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>().join("；"))
        }
    };
    parsed.rows.iter().map(row).collect()
}

/// A name of which a part is struck out, a phone that is, a phone after another one, and a whole row.
fn expect_struck(parsed: &Parsed) {
    let [(first, said), (second, gone), (third, row)] = &fared(parsed)[..] else { panic!("{:?}", parsed.rows) };
    assert_eq!((first.as_str(), second.as_str(), third.as_str()), ("莫卿银 13900000000", "郑福国 ", "struck_row"));
    assert!(said.contains("“姓名”里划掉的“莫清银”没有采用") && said.contains("“电话”里划掉的“138****0000”没有采用"), "{said}");
    assert!(gone.contains("“电话”里划掉的“137****0000”没有采用") && !row.is_empty(), "{gone} {row}");
}

fn page(sheet: &str) -> String {
    let row = |name: &str, id: &str, phone: &str| sheet.replace("NAME", name).replace("ID", id).replace("PHONE", phone);
    [
        row("姓名", "身份证号", "电话"),
        row(
            "<s>莫清银</s>莫卿银",
            IDS[0],
            "<span class=b><font style='text-decoration:line-through'>13800000000</font></span>、13900000000",
        ),
    ]
    .concat()
        + &row("郑福国", IDS[1], "<del>13700000000</del>")
        + &sheet.replace("<tr>", "<tr class='x old'>").replace("NAME", "赖凤秀").replace("ID", IDS[2]).replace("PHONE", "13600000000")
}

#[test]
fn what_is_struck_out_in_part_does_not_count_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (mut book, plain, struck) = (Workbook::new(), Format::new(), Format::new().set_font_strikethrough());
    let sheet = book.add_worksheet();
    for (column, word) in (0..).zip(["姓名", "身份证号", "电话"]) {
        sheet.write_string(0, column, word).unwrap();
    }
    sheet.write_rich_string(1, 0, &[(&struck, "莫清银"), (&plain, "莫卿银")]).unwrap();
    sheet.write_rich_string(1, 2, &[(&struck, "13800000000"), (&plain, "、13900000000")]).unwrap();
    sheet.write_string(2, 0, "郑福国").unwrap();
    sheet.write_string_with_format(2, 2, "13700000000", &struck).unwrap();
    sheet.write_rich_string(3, 0, &[(&struck, "赖凤"), (&struck, "秀")]).unwrap();
    sheet.write_string(3, 2, "13600000000").unwrap();
    for (row, id) in (1..).zip(IDS) {
        sheet.write_string(row, 1, id).unwrap();
    }
    let path = folder.path().join("名单.xlsx");
    book.save(&path).unwrap();
    expect_struck(&parsed(&path));

    let path = folder.path().join("名单.xls");
    let rows = page("<tr><td>NAME<td>ID<td>PHONE</tr>");
    std::fs::write(&path, format!("<html><style>td.a, .old {{color:red; text-decoration:line-through}}</style><table>{rows}</table>"))
        .unwrap();
    expect_struck(&parsed(&path));

    expect_struck(&in_ods(folder.path(), &ods_of(ODS), None).unwrap());
}

/// Texts of inline strings, with the run that is struck out in them.
#[test]
fn inline_texts_are_read_in_their_runs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("名单.xlsx");
    let cell = |at: &str, inside: &str| format!("<c r='{at}' t='inlineStr'><is>{inside}</is></c>");
    let text = |text: &str| format!("<t>{text}</t>");
    let run = |text: &str, strike: &str| format!("<r><rPr>{strike}</rPr><t>{text}</t></r>");
    let rows = [
        cell("A1", &text("姓名")) + &cell("B1", &text("身份证号")) + &cell("C1", &text("电话")),
        cell("A2", &(run("莫清银", "<strike/>") + &run("莫卿银", "<strike val='0'/>")))
            + &cell("B2", &text(IDS[0]))
            + &cell("C2", &(run("13800000000", "<strike val='1'/>") + &run(" 13900000000", ""))),
        cell("A3", &text("郑福国")) + &cell("B3", &text(IDS[1])) + &cell("C3", &run("13700000000", "<strike/>")),
        cell("A4", &run("赖凤秀", "<strike/>")) + &cell("B4", &text(IDS[2])),
    ];
    let rows: String = (1..).zip(rows).map(|(number, cells)| format!("<row r='{number}'>{cells}</row>")).collect();
    super::hostile::workbook(&path, &[], &mut |out| out.write_all(rows.as_bytes()).unwrap());
    expect_struck(&parsed(&path));
}

const ODS: &str = r#"<office:automatic-styles><style:style style:name="T1"><style:text-properties style:text-line-through-style="solid"/></style:style>
    <style:style style:name="ce1" style:parent-style-name="Old"/><style:style style:name="Old"><style:text-properties style:text-line-through-type="single"/></style:style>
    <style:style style:name="ta2"><style:table-properties table:display="false"/></style:style></office:automatic-styles>
    <table:table table:name="名单"><table:table-column table:number-columns-repeated="3" table:default-cell-style-name="Default"/>
    <table:table-row><table:table-cell><text:p>姓名</text:p></table:table-cell><table:table-cell><text:p>身份证号</text:p></table:table-cell><table:table-cell><text:p>电话</text:p></table:table-cell></table:table-row>
    <table:table-row><table:table-cell><text:p><text:span text:style-name="T1">莫清银</text:span>莫卿银</text:p></table:table-cell><table:table-cell><text:p>445381193706252360</text:p></table:table-cell><table:table-cell><text:p><text:span text:style-name="T1">13800000000</text:span>、13900000000</text:p></table:table-cell></table:table-row>
    <table:table-row><table:table-cell><text:p>郑福国</text:p></table:table-cell><table:table-cell><text:p>445381193212285357</text:p></table:table-cell><table:table-cell table:style-name="ce1"><text:p>13700000000</text:p></table:table-cell></table:table-row>
    <table:table-row table:default-cell-style-name="ce1"><table:table-cell><text:p>赖凤秀</text:p></table:table-cell><table:table-cell><text:p>44538119570705594X</text:p></table:table-cell></table:table-row></table:table>"#;

fn ods_of(content: &str) -> String {
    format!("<office:document-content xmlns:office='o' xmlns:style='s' xmlns:table='t' xmlns:text='x'>{content}</office:document-content>")
}

fn in_ods(folder: &Path, content: &str, manifest: Option<&str>) -> Result<Parsed, Fault> {
    let path = folder.join("名单.ods");
    let mut zip = ZipWriter::new(std::fs::File::create(&path).unwrap());
    let parts = [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content)];
    for (name, text) in parts.into_iter().chain(manifest.map(|text| ("META-INF/manifest.xml", text))) {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    read_as(&path, TOWN, &Choices::default())
}

#[test]
fn rows_and_sheets_that_an_opendocument_table_hides_are_asked_about() {
    let folder = tempfile::tempdir().unwrap();
    let hidden = ODS.replace(
        "<table:table-row><table:table-cell><text:p>郑福国",
        "<table:table-row table:visibility='collapse'><table:table-cell><text:p>郑福国",
    );
    let parsed = in_ods(folder.path(), &ods_of(&hidden), None).unwrap();
    assert_eq!(fared(&parsed)[1].0, "hidden_row");
    // A filter hides as well; a sheet that is not shown is left out by name.
    let filtered = hidden.replace("'collapse'", "'filter'");
    let old = ODS[ODS.find("<table:table ").unwrap()..].replace("table:name=\"名单\"", "table:name=\"旧名单\" table:style-name=\"ta2\"");
    let parsed = in_ods(folder.path(), &ods_of(&(filtered + &old)), None).unwrap();
    assert_eq!((fared(&parsed)[1].0.as_str(), parsed.rows.len()), ("hidden_row", 3));
    assert!(parsed.left.iter().any(|left| left.sheet == "旧名单" && left.code == "hidden_sheet"), "{:?}", parsed.left);
}

#[test]
fn an_opendocument_table_under_a_password_is_told_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let told = |fault: Fault| fault.happened.to_string();
    let locked = told(super::locked());
    let manifest =
        "<manifest:file-entry manifest:full-path='content.xml'><manifest:encryption-data manifest:checksum='x'/></manifest:file-entry>";
    assert_eq!(in_ods(folder.path(), "\u{1}nothing that can be read", Some(manifest)).map(drop).map_err(told), Err(locked.clone()));
    // Newer programs put all of it into one entry.
    let path = folder.path().join("名单.ods");
    let mut zip = ZipWriter::new(std::fs::File::create(&path).unwrap());
    for (name, text) in [("META-INF/manifest.xml", manifest), ("encrypted-package", "\u{1}\u{2}")] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    assert!(ods::is_ods(&std::fs::read(&path).unwrap()));
    assert_eq!(read_as(&path, TOWN, &Choices::default()).map(drop).map_err(told), Err(locked));
}
