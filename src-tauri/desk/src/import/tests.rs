//! The sample files against their manifest, and the way back through the workbook of errors.

use super::*;
use shared::command::{Bucket, LeftOut};
use shared::kinds::RecordKind;
use shared::schema::{Field, FieldType, RecordId, Value};
use std::collections::HashMap;
use std::path::PathBuf;

pub(super) const TOWN: &str = "445381001";

pub(super) fn sample(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/samples")).join(name)
}

/// A file read, with its lists and its rows.
pub(super) struct Parsed {
    pub(super) file: OfficeFile,
    pub(super) lists: Lists,
    pub(super) rows: Vec<ParsedRow>,
    pub(super) left: Vec<LeftOut>,
}

impl Parsed {
    fn header(&self) -> &Header {
        &self.lists.lists[0].header
    }

    fn sheet(&self) -> &Sheet {
        &self.file.sheets[self.lists.lists[0].sheet]
    }
}

/// Reads a file as somebody wants it read.
pub(super) fn read_as(path: &Path, scope: &str, choices: &Choices) -> Result<Parsed, Fault> {
    let file = read(path, &path.file_name().unwrap().to_string_lossy(), &|_, _| {})?;
    let lists = Lists::of(&file, choices)?;
    let mut all = ListRows::new(&file.sheets, &lists.lists, scope, &choices.now);
    let rows = all.by_ref().collect();
    let left = [&lists.left_out[..], &all.left_out()].concat();
    Ok(Parsed { file, lists, rows, left })
}

pub(super) fn parsed(path: &Path) -> Parsed {
    read_as(path, TOWN, &Choices::default()).unwrap_or_else(|fault| panic!("{path:?}: {fault}"))
}

fn count(judged: &[Judged], bucket: Bucket) -> usize {
    judged.iter().filter(|judged| judged.row.bucket == bucket).count()
}

/// Files by ID number after the acts were done.
fn carried_out(rows: &[ParsedRow], judged: &[Judged], files: &mut HashMap<String, Known>) {
    for (row, judged) in rows.iter().zip(judged) {
        let Ok(elder) = &row.elder else { continue };
        let key = elder.id_number.as_ref().unwrap().as_str().to_owned();
        match &judged.act {
            ImportAction::Create(fields) => {
                let id = RecordId(uuid::Uuid::from_u128(files.len() as u128));
                assert!(files.insert(key, Known { id, fields: fields.clone(), quarantined: false }).is_none());
            }
            ImportAction::Change { changes, .. } => files.get_mut(&key).unwrap().fields.extend(changes.clone()),
            ImportAction::Nothing => {}
        }
    }
}

pub(super) fn judge_against(rows: &[ParsedRow], files: &HashMap<String, Known>) -> Vec<Judged> {
    let known = |row: &ParsedRow| files.get(row.elder.as_ref().ok()?.id_number.as_ref()?.as_str());
    rows.iter().map(|row| judge(row, known(row))).collect()
}

pub(super) fn mark() -> shared::workbook::Watermark {
    let at = jiff::civil::date(2026, 11, 22).at(8, 0, 0, 0);
    shared::workbook::Watermark { number: "7K3M-92QF".into(), who: String::new(), at, why: String::new(), rows: None, sealed: "" }
}

#[test]
fn every_field_that_offices_write_arrives_from_its_column() {
    let heard: Vec<&Field> = RecordKind::Elder.fields.iter().filter(|field| !field.heard_as.is_empty()).collect();
    let cell = |field: &&Field| match field.ty {
        FieldType::IdNumber => "11010519491231002X",
        FieldType::Day => "1949-12-31",
        FieldType::Phone => "0766-8812345",
        FieldType::Division => "细坑社区",
        FieldType::YesNo => "是",
        // What the ID number says as well; of other words the first.
        FieldType::Words(words) if words.label("female").is_some() => "女",
        FieldType::Words(words) => words.all[0].1.zh,
        _ => "番茄",
    };
    let line = |cells: Vec<&str>| format!("{}\n", cells.join(","));
    let text = line(heard.iter().map(|field| field.label.zh).collect()) + &line(heard.iter().map(cell).collect());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("名单.csv");
    std::fs::write(&path, text).unwrap();
    let rows = parsed(&path).rows;
    let elder = rows[0].elder.as_ref().unwrap();
    for field in heard {
        assert!(elder.fields.get(field.name).is_some_and(|value| *value != Value::Null), "{} is read and does not arrive", field.name);
    }
}

#[test]
fn the_sample_fares_as_its_manifest_says() {
    let list = parsed(&sample("elders_luocheng.xlsx"));
    let (header, rows) = (list.header(), &list.rows);
    assert_eq!((header.row, header.last_row), (3, 3));
    assert!(
        [
            "name",
            "sex",
            "id_number",
            "birth_date",
            "phone",
            "emergency_phone",
            "town",
            "division",
            "address",
            "ability",
            "living_alone",
            "delivery_need",
            "note"
        ]
        .iter()
        .all(|field| header.column(field).is_some())
    );
    let manifest: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(sample("manifest.json")).unwrap()).unwrap();
    let expected: HashMap<u64, &serde_json::Value> =
        manifest["rows"].as_array().unwrap().iter().map(|row| (row["row"].as_u64().unwrap(), row)).collect();
    assert_eq!(rows.len(), expected.len());
    for row in rows {
        let expect = expected[&u64::from(row.row)];
        let kind = expect["kind"].as_str().unwrap();
        match &row.elder {
            Ok(elder) => {
                assert_eq!(expect["expect"], "new", "row {}: {kind}", row.row);
                assert_eq!(elder.id_number.as_ref().unwrap().as_str(), expect["id"], "row {}", row.row);
                assert_eq!(row.name, expect["name"].as_str().unwrap());
                assert_eq!(elder.fields["division"], Value::Text(expect["village_code"].as_str().unwrap().into()), "row {}", row.row);
                assert!(elder.fields.contains_key("phone") && elder.fields.contains_key("birth_date"), "row {}", row.row);
            }
            Err(problems) => {
                let code = match kind {
                    "bad_checksum" => "bad_id",
                    "missing_name" => "name_missing",
                    "duplicate_in_file" => "duplicate_in_file",
                    other => panic!("row {}: {other}: {problems:?}", row.row),
                };
                assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), [code], "row {}", row.row);
                assert!(problems[0].column.is_some());
            }
        }
    }
    let first = judge_against(rows, &HashMap::new());
    assert_eq!((count(&first, Bucket::New), count(&first, Bucket::Error)), (532, 33));

    // The same file again: nothing to do. A month later: 400 known, 40 new.
    let mut files = HashMap::new();
    carried_out(rows, &first, &mut files);
    assert!(judge_against(rows, &files).iter().all(|judged| judged.act == ImportAction::Nothing));
    let later = parsed(&sample("elders_luocheng_later_gbk.csv"));
    assert_eq!(later.header().row, 1);
    let later = later.rows;
    let second = judge_against(&later, &files);
    assert_eq!(later.iter().filter_map(|row| row.elder.as_ref().err()).flatten().collect::<Vec<_>>(), Vec::<&Problem>::new());
    // Some rows in error of the first file come right in the second: known to the manifest, new here.
    let mended = later.iter().zip(&second).filter(|(row, judged)| {
        let id = row.elder.as_ref().unwrap().id_number.clone().unwrap();
        judged.row.bucket == Bucket::New && expected.values().any(|row| row["id"] == id.as_str())
    });
    let mended = mended.count();
    println!("later: {} updates, {} same, {mended} mended", count(&second, Bucket::Update), count(&second, Bucket::Same));
    assert_eq!((count(&second, Bucket::New) - mended, count(&second, Bucket::Update) + count(&second, Bucket::Same) + mended), (40, 400));
    assert!(second.iter().any(|judged| judged.row.message.contains("电话 187****9597 → 139****0000")), "{:?}", second[0].row);
    assert!(second.iter().all(|judged| judged.row.code != "field_kept"));
    // GBK has no 𠮷 and no 䶮: what the encoding lost does not overwrite what is known.
    let lost: Vec<&Judged> = second.iter().filter(|judged| judged.row.name.contains('?')).collect();
    assert_eq!(lost.len(), 2);
    assert!(lost.iter().all(|judged| judged.row.message.contains("保留现有姓名")
        && !matches!(&judged.act, ImportAction::Change { changes, .. } if changes.contains_key("name"))));
    assert!(
        judge_against(&later, &HashMap::new()).iter().all(|judged| judged.row.name.contains('?') == (judged.row.code == "name_garbled"))
    );
}

#[test]
fn an_old_workbook_is_read() {
    let list = parsed(&sample("elders_small.xls"));
    let rows = &list.rows;
    assert_eq!((list.sheet().name.as_str(), list.header().row), ("花名册", 3));
    assert!(list.left.iter().any(|left| left.what == "row" && left.message.contains("合计")), "{:?}", list.left);
    assert_eq!(rows.len(), 12, "the total is no person");
    let good: Vec<&OfficeElder> = rows.iter().filter_map(|row| row.elder.as_ref().ok()).collect();
    assert_eq!(good.len(), 11);
    assert_eq!(rows[7].name, "𠮷田阿婆");
    assert_eq!(good[0].fields["phone"], Value::Text("18773589597".into()), "a phone kept as a number");
    assert_eq!(rows[11].elder.as_ref().unwrap_err()[0].code, "bad_id");
}

/// A list with one row of values under the usual words.
fn list(folder: &Path, header: &[&str], rows: &[&[&str]]) -> PathBuf {
    let lines: Vec<String> = [header]
        .iter()
        .chain(rows)
        .map(|row| row.iter().map(|text| format!("\"{}\"", text.replace('"', "\"\""))).collect::<Vec<_>>().join(","))
        .collect();
    let path = folder.join("名单.csv");
    std::fs::write(&path, lines.join("\r\n")).unwrap();
    path
}

#[test]
fn every_wrong_is_named_and_every_form_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    const ID: &str = "11010519491231002X";
    for (what, row, expect) in [
        ("good", ["王冬梅", ID, "1949-12-31", "13812345678", "细坑"], "-"),
        ("small x, blanks", ["王冬梅", " 110105 19491231 002x", "1949年12月", "无", "细坑社区"], "-"),
        ("birth differs", ["王冬梅", ID, "1950-12-31", "", "细坑"], "birth_mismatch"),
        ("birth can't be read beside a number", ["王冬梅", ID, "属牛", "", "细坑"], "-"),
        ("no number, but birth and village", ["王冬梅", "", "1950年1月2日", "", "细坑"], "-"),
        ("no number, no birth", ["王冬梅", "", "", "13812345678", "细坑"], "id_missing"),
        ("no number, bad birth", ["王冬梅", "", "属牛", "", "细坑"], "bad_date"),
        ("lost digits", ["王冬梅", "1.10105E+17", "", "", "细坑"], "bad_id"),
        ("bad phone", ["王冬梅", ID, "", "1381234567", "细坑"], "bad_phone"),
        ("unknown village", ["王冬梅", ID, "", "", "西坑"], "unknown_village"),
        ("two wrongs", ["", "123", "", "", "细坑"], "name_missing bad_id"),
        ("total", ["合 计", "12", "", "", ""], ""),
        ("signature", ["制表人：李某", "审核人：", "", "", ""], ""),
    ] {
        let path = list(folder.path(), &["姓名", "身份证", "出生年月", "电话", "村居"], &[&row]);
        let rows = parsed(&path).rows;
        let codes = rows.first().map_or(String::new(), |row| match &row.elder {
            Ok(_) => "-".to_owned(),
            Err(problems) => problems.iter().map(|problem| problem.code).collect::<Vec<_>>().join(" "),
        });
        assert_eq!(codes, expect, "{what}");
    }
}

#[test]
fn errors_go_out_and_come_back_corrected() {
    let folder = tempfile::tempdir().unwrap();
    let list = parsed(&sample("elders_luocheng.xlsx"));
    let path = folder.path().join("有错的行.xlsx");
    assert_eq!(errors_of(&list, &path), 33);
    let again = parsed(&path);
    assert_eq!((again.header().row, again.rows.len()), (3, 33));
    let last = again.header().columns.last();
    assert_eq!(last.map(|column| (column.header.as_str(), column.field.as_deref())), Some(("错误原因", None)));
    let reason = again.sheet().row(3).unwrap().cells().last().unwrap().text();
    assert!(reason.contains("校验不通过") || reason.contains("没有姓名"), "{reason}");
    // The second round does not grow a second column of reasons.
    let second = folder.path().join("再次.xlsx");
    let errors = again.rows.iter().filter(|row| judge(row, None).row.bucket == Bucket::Error).count() as u64;
    assert_eq!(errors_of(&again, &second), errors);
    let twice = parsed(&second);
    assert_eq!(twice.header().columns.iter().filter(|column| column.header == "错误原因").count(), 1);
}

/// Writes the wrong rows of a list, and gives their number.
pub(super) fn errors_of(list: &Parsed, out: &Path) -> u64 {
    let mut rows = vec![Vec::new(); list.lists.lists.len()];
    for row in &list.rows {
        rows[row.list].push(judge(row, None).row);
    }
    write_errors(&list.file, &list.lists.lists, &rows, &list.left, &mark(), std::fs::File::create(out).unwrap()).unwrap()
}

#[test]
fn formulas_in_cells_stay_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = list(folder.path(), &["姓名", "身份证号", "备注"], &[&["=1+1", "4453811928011411", "@SUM(A1)"]]);
    let out = folder.path().join("out.xlsx");
    errors_of(&parsed(&path), &out);
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&out).unwrap()).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("xl/worksheets/sheet1.xml").unwrap(), &mut xml).unwrap();
    assert!(!xml.contains("<f>") && xml.contains("=1+1") && xml.contains("@SUM"), "{xml}");
}
