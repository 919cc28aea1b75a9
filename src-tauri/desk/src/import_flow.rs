//! 导入: an office's list becomes elders. Reading and judging stand in `import/`; here it meets the
//! store: preview, one transaction for all rows, and taking a whole import back.

use crate::desk::Inner;
use crate::export::safe_file_name;
use crate::fault::OrBroken;
use crate::import::{self, Act as Verdict, Header, Judged, Known, OfficeElder, ParsedRow, Sheet};
use crate::journal::Act;
use crate::store::import::{ImportCounts, ImportedElder};
use crate::store::{self, StoreError};
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use shared::command::{
    Bucket, ColumnChoice, CommitImport, Exported, ImportDone, ImportEntry, ImportErrors, ImportPreview, ImportRow, PreviewImport, UndoDone,
};
use shared::fault::{Code, Fault};
use shared::record::{Fields, RecordKind, TextValue, Value};
use shared::zh;
use std::path::Path;

/// Rows that a screen is sent; the counts are of all.
const SCREEN_ROWS: usize = 2_000;

/// A file as read and judged.
pub(crate) struct JudgedFile {
    sheet: Sheet,
    header: Header,
    judged: Vec<Judged>,
    rows: Vec<ParsedRow>,
    hash: Vec<u8>,
}

impl Inner {
    /// What an import would do.
    pub(crate) fn preview_import(&self, ask: &PreviewImport) -> Result<ImportPreview, Fault> {
        let file = self.judge(&self.handed_over(&ask.file)?, &ask.file_name, ask.mapping.as_deref())?;
        let counts = counts(&file.judged);
        let mut rows: Vec<ImportRow> = file.judged.into_iter().map(|judged| judged.row).collect();
        rows.sort_by_key(|row| (order_on_screen(row.bucket), row.row));
        rows.truncate(SCREEN_ROWS);
        Ok(ImportPreview {
            sheet: file.sheet.name,
            header_row: file.header.row,
            columns: file.header.columns,
            fields: import::FIELDS.iter().map(|(name, label)| ((*name).to_owned(), (*label).to_owned())).collect(),
            new: counts.new,
            update: counts.update,
            same: counts.same,
            error: counts.error,
            rows,
            same_file: self.read(|store| store::import::same_file(store, &file.hash))?,
        })
    }

    /// Does what the preview said.
    pub(crate) fn commit_import(&self, ask: &CommitImport) -> Result<ImportDone, Fault> {
        self.import_file(&self.handed_over(&ask.file)?, &ask.file_name, ask.mapping.as_deref(), false)
    }

    /// Writes the sheet's wrong rows with their reasons into the export folder.
    pub(crate) fn import_errors(&self, ask: &ImportErrors) -> Result<Exported, Fault> {
        let file = self.judge(&self.handed_over(&ask.file)?, &ask.file_name, ask.mapping.as_deref())?;
        let folder = self.dir.join("导出");
        std::fs::create_dir_all(&folder).or_broken()?;
        let stem = Path::new(&ask.file_name).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let at = self.clock.now().strftime("%Y%m%d-%H%M%S").to_string();
        let path = folder.join(format!("{}.xlsx", safe_file_name(&format!("{stem} 待更正 {at}"))));
        self.write_errors(&file, &path)
    }

    /// Imports a file, or only says what it would do; the wrong rows go to `errors` if it is given.
    pub(crate) fn import_path(&self, path: &Path, dry_run: bool, errors: Option<&Path>) -> Result<ImportDone, Fault> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if let Some(out) = errors {
            let file = self.judge(path, &name, None)?;
            self.write_errors(&file, out)?;
        }
        self.import_file(path, &name, None, dry_run)
    }

    fn write_errors(&self, file: &JudgedFile, out: &Path) -> Result<Exported, Fault> {
        let rows: Vec<ImportRow> = file.judged.iter().map(|judged| judged.row.clone()).collect();
        let written = import::write_errors(&file.sheet, &file.header, &rows, out)?;
        let file_name = out.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Exported { file_name, path: out.display().to_string(), rows: written })
    }

    fn judge(&self, path: &Path, file_name: &str, mapping: Option<&[ColumnChoice]>) -> Result<JudgedFile, Fault> {
        let _running = self.progress.until_done();
        let facts = self.facts();
        let key = facts.person_key().ok_or_else(zh::not_enrolled)?;
        let scope = facts.enrolled.map(|enrolled| enrolled.division).unwrap_or_default();
        let bytes =
            std::fs::read(path).map_err(|_| Fault::new(Code::BadFile, "文件打不开。", "请确认文件还在、没有被别的程序占用，再选一次。"))?;
        let sheet = import::read(path, file_name, &|done, total| self.progress.set("正在读取名单", done, total))?;
        let mut header = import::find_header(&sheet)?;
        if let Some(mapping) = mapping {
            import::apply_mapping(&mut header, mapping);
        }
        let rows = import::parse_rows(&sheet, &header, shared::division::town_of(&scope));
        let reader = self.reader()?;
        self.progress.set("正在核对名单", 0, 0);
        let known = |office: &OfficeElder| known(&reader, office, &key);
        let judged = import::judge(&rows, &known);
        drop(reader);
        Ok(JudgedFile { sheet, header, judged, rows, hash: Sha256::digest(&bytes).to_vec() })
    }

    fn import_file(&self, path: &Path, file_name: &str, mapping: Option<&[ColumnChoice]>, dry_run: bool) -> Result<ImportDone, Fault> {
        let file = self.judge(path, file_name, mapping)?;
        let counts = counts(&file.judged);
        let mut done =
            ImportDone { import: 0, new: counts.new, update: counts.update, same: counts.same, error: counts.error, rows: Vec::new() };
        if !dry_run {
            done.import = self.write_import(&file, file_name, counts)?;
        }
        done.rows = file.judged.into_iter().map(|judged| judged.row).collect();
        Ok(done)
    }

    fn write_import(&self, file: &JudgedFile, file_name: &str, counts: ImportCounts) -> Result<i64, Fault> {
        let _running = self.progress.until_done();
        let facts = self.facts();
        let key = facts.person_key().ok_or_else(zh::not_enrolled)?;
        let canteen = facts.enrolled.and_then(|enrolled| enrolled.canteen);
        let mut acts = Vec::new();
        let mut imported = Vec::new();
        for (judged, row) in file.judged.iter().zip(&file.rows) {
            match &judged.act {
                Verdict::Create(fields) => {
                    let number = row.elder.as_ref().ok().and_then(|office| office.id_number.as_ref());
                    let id = number.map_or_else(|| self.new_id(), |number| number.elder_id(&key));
                    let mut fields = fields.clone();
                    if let Some(canteen) = &canteen {
                        fields.insert("canteen".to_owned(), Value::Text(canteen.clone()));
                    }
                    imported.push(ImportedElder { elder: id, created: true, before: Fields::new(), after: fields.clone() });
                    acts.push(Act { kind: RecordKind::Elder, record: id, what: crate::journal::What::Create(fields) });
                    acts.extend(self.binding_act(id, canteen.as_deref()));
                }
                Verdict::Change { id, changes } => {
                    let before = self.read(|store| store::elder::fields(store, *id))?.unwrap_or_default();
                    let before = changes.keys().map(|key| (key.clone(), before.get(key).cloned().unwrap_or(Value::Null))).collect();
                    imported.push(ImportedElder { elder: *id, created: false, before, after: changes.clone() });
                    acts.push(Act::edit(RecordKind::Elder, *id, changes.clone()));
                }
                Verdict::Nothing => {}
            }
        }
        self.progress.set("正在保存名单", 0, acts.len() as u64);
        let now = self.clock.now();
        self.commit_with(&acts, |transaction| {
            let import = store::import::add(transaction, file_name, &file.hash, now, counts)?;
            for entry in &imported {
                store::import::add_elder(transaction, import, entry)?;
            }
            Ok(import)
        })
    }

    /// Takes a whole import back: new files are withdrawn, changed ones get their old values; whoever
    /// was served or changed since stays as is and is named.
    pub(crate) fn undo_import(&self, import: i64) -> Result<UndoDone, Fault> {
        let entry = self.read(|store| store::import::list(store, Some(import)))?.pop().ok_or_else(|| crate::fault::not_found("次导入"))?;
        if entry.undone_at.is_some() {
            return Err(Fault::new(Code::NotNow, "这次导入已经撤销过。", "不用再撤销。"));
        }
        let mut done = UndoDone::default();
        let mut acts = Vec::new();
        for imported in self.read(|store| store::import::elders(store, import))? {
            let id = imported.elder;
            let now = self.read(|store| store::elder::fields(store, id))?.unwrap_or_default();
            let used = imported.created && self.read(|store| store::order::any_of(store, id))?;
            let changed = imported.after.iter().any(|(key, value)| now.get(key).unwrap_or(&Value::Null) != value);
            if used || changed {
                done.kept.push(now.get("name").and_then(text).unwrap_or_default());
            } else if imported.created {
                let withdrawn = Value::Text(shared::record::ElderStatus::Withdrawn.to_text());
                acts.push(Act::edit(RecordKind::Elder, id, Fields::from([("status".to_owned(), withdrawn)])));
                done.withdrawn += 1;
            } else {
                acts.push(Act::edit(RecordKind::Elder, id, imported.before));
                done.restored += 1;
            }
        }
        let at = self.clock.now();
        self.commit_with(&acts, |transaction| store::import::mark_undone(transaction, import, at))?;
        Ok(done)
    }

    /// Imports of this desk.
    pub(crate) fn list_imports(&self) -> Result<Vec<ImportEntry>, Fault> {
        self.read(|store| store::import::list(store, None))
    }
}

fn text(value: &Value) -> Option<String> {
    if let Value::Text(text) = value { Some(text.clone()) } else { None }
}

/// The elder of a row, when the file is known here: by ID number, else by name, village and phone or birth date.
fn known(connection: &Connection, office: &OfficeElder, key: &[u8]) -> Option<Known> {
    let find = || -> Result<Option<Known>, StoreError> {
        let id = match &office.id_number {
            Some(number) => Some(number.elder_id(key)),
            None => store::elder::same_without_number(connection, &office.fields)?,
        };
        let Some(id) = id else { return Ok(None) };
        Ok(store::elder::fields(connection, id)?.map(|fields| Known { id, fields }))
    };
    find().unwrap_or_else(|error| {
        tracing::error!(%error, "an elder could not be looked up");
        None
    })
}

fn counts(judged: &[Judged]) -> ImportCounts {
    let count = |bucket| judged.iter().filter(|judged| judged.row.bucket == bucket).count() as u64;
    ImportCounts { new: count(Bucket::New), update: count(Bucket::Update), same: count(Bucket::Same), error: count(Bucket::Error) }
}

fn order_on_screen(bucket: Bucket) -> u8 {
    match bucket {
        Bucket::Error => 0,
        Bucket::Update => 1,
        Bucket::New => 2,
        Bucket::Same => 3,
    }
}
