//! 导入: an office's list becomes elders. Reading and judging stand in `import/`; here it meets the
//! store: preview, one transaction for all rows, and taking a whole import back. Rows are parsed, judged and
//! written one after the other, so that a list of a whole town never stands in memory as elders.

use crate::desk::Inner;
use crate::export::safe_file_name;
use crate::fault::OrBroken;
use crate::features::elder;
use crate::import::{self, Header, ImportAction, Judged, Known, ListRows, OfficeFile, ParsedRow, Sheet};
use crate::import_tally::{Keep, Tally};
use crate::journal::{Mutation, MutationKind};
use crate::store::import::ImportedElder;
use crate::store::{self, StoreError};
use rusqlite::Connection;
use shared::command::{
    ColumnChoice, CommitImport, Exported, ImportDone, ImportEntry, ImportErrors, ImportPreview, PreviewImport, UndoDone,
};
use shared::fault::{Code, Fault};
use shared::kinds::RecordKind;
use shared::schema::{Fields, RecordId, TextValue, Value};
use shared::zh;
use std::path::Path;

/// A list as read, with what judging it takes.
struct OpenList {
    sheet: Sheet,
    hash: [u8; 32],
    header: Header,
    /// The town or wider area of this desk.
    scope: String,
    /// The key of the elders' ids.
    key: Vec<u8>,
}

impl Inner {
    /// What an import would do.
    pub(crate) fn preview_import(&self, ask: &PreviewImport) -> Result<ImportPreview, Fault> {
        let _running = self.progress.until_done();
        let list = self.open_list(&self.handed_over(&ask.file)?, &ask.file_name, ask.mapping.as_deref())?;
        let tally = self.judge(&list, Keep::Screen)?;
        let same_file = self.read(|store| store::import::same_file(store, &list.hash))?;
        Ok(ImportPreview {
            sheet: list.sheet.name,
            header_row: list.header.row,
            columns: list.header.columns,
            fields: import::fields().into_iter().map(|(name, label)| (name.to_owned(), label.to_owned())).collect(),
            new: tally.counts.new,
            update: tally.counts.update,
            same: tally.counts.same,
            error: tally.counts.error,
            rows: tally.rows(),
            same_file,
        })
    }

    /// Does what the preview said.
    pub(crate) fn commit_import(&self, ask: &CommitImport) -> Result<ImportDone, Fault> {
        let _running = self.progress.until_done();
        let inbox = self.handed_over(&ask.file)?;
        let list = self.open_list(&inbox, &ask.file_name, ask.mapping.as_deref())?;
        let (import, tally) = self.write_import(&list, &ask.file_name, Keep::Screen)?;
        if tally.counts.error == 0 {
            crate::inbox::forget(&inbox);
        } else {
            self.inbox.used(inbox);
        }
        Ok(done(import, tally))
    }

    /// Writes the sheet's wrong rows with their reasons into the export folder.
    pub(crate) fn import_errors(&self, ask: &ImportErrors) -> Result<Exported, Fault> {
        let _running = self.progress.until_done();
        let list = self.open_list(&self.handed_over(&ask.file)?, &ask.file_name, ask.mapping.as_deref())?;
        let folder = self.dir.join("导出");
        std::fs::create_dir_all(&folder).or_broken()?;
        let stem = Path::new(&ask.file_name).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let at = self.clock.now().strftime("%Y%m%d-%H%M%S").to_string();
        let path = folder.join(format!("{}.xlsx", safe_file_name(&format!("{stem} 待更正 {at}"))));
        self.write_errors(&list, &path)
    }

    /// Imports a file, or only says what it would do; the wrong rows go to `errors` if it is given.
    pub(crate) fn import_path(&self, path: &Path, dry_run: bool, errors: Option<&Path>) -> Result<ImportDone, Fault> {
        let _running = self.progress.until_done();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let list = self.open_list(path, &name, None)?;
        if let Some(out) = errors {
            self.write_errors(&list, out)?;
        }
        if dry_run {
            return Ok(done(0, self.judge(&list, Keep::All)?));
        }
        let (import, tally) = self.write_import(&list, &name, Keep::All)?;
        Ok(done(import, tally))
    }

    fn write_errors(&self, list: &OpenList, out: &Path) -> Result<Exported, Fault> {
        let rows = self.judge(list, Keep::Errors)?.rows();
        let written = import::write_errors(&list.sheet, &list.header, &rows, out)?;
        let file_name = out.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Exported { file_name, path: out.display().to_string(), rows: written })
    }

    fn open_list(&self, path: &Path, file_name: &str, mapping: Option<&[ColumnChoice]>) -> Result<OpenList, Fault> {
        let facts = self.facts();
        let key = facts.person_key.clone().ok_or_else(zh::not_enrolled)?;
        let scope = facts.enrolled.map(|enrolled| enrolled.division).unwrap_or_default();
        let OfficeFile { sheet, hash } = import::read(path, file_name, &|done, total| self.progress.set("正在读取名单", done, total))?;
        let mut header = import::find_header(&sheet)?;
        if let Some(mapping) = mapping {
            import::apply_mapping(&mut header, mapping);
        }
        Ok(OpenList { sheet, hash, header, scope: shared::division::town_of(&scope).to_owned(), key })
    }

    /// What an import would do.
    fn judge(&self, list: &OpenList, keep: Keep) -> Result<Tally, Fault> {
        let mut tally = Tally::new(keep);
        self.judge_each(list, "正在核对名单", |_, _, judged| {
            tally.add(judged.row);
            Ok(())
        })
        .or_broken()?;
        Ok(tally)
    }

    /// Hands every row with its known file and its verdict to `each`. The rows are judged against what
    /// was known before the import, on a connection of their own: nobody waits for a long list.
    fn judge_each(
        &self,
        list: &OpenList,
        label: &str,
        mut each: impl FnMut(&ParsedRow, Option<Known>, Judged) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let reader = store::open_reader(&self.dir, &self.file_key)?;
        let mut rows = ListRows::new(&list.sheet, &list.header, &list.scope);
        let mut told = 0;
        while let Some(row) = rows.next() {
            if rows.done() >= told {
                self.progress.set(label, rows.done(), list.sheet.len() as u64);
                told = rows.done() + 500;
            }
            let known = known(&reader, &row, &list.key)?;
            let judged = import::judge(&row, known.as_ref());
            each(&row, known, judged)?;
        }
        Ok(())
    }

    fn write_import(&self, list: &OpenList, file_name: &str, keep: Keep) -> Result<(i64, Tally), Fault> {
        let canteen = self.facts().enrolled.and_then(|enrolled| enrolled.canteen);
        let now = self.clock.now();
        self.commit_made(|transaction| {
            let mut tally = Tally::new(keep);
            let import = store::import::add(transaction, file_name, &list.hash, now)?;
            self.judge_each(list, "正在保存名单", |row, known, judged| {
                tally.add(judged.row);
                let Some((act, imported)) = self.imported(row, known, judged.act, list, canteen.as_deref()) else { return Ok(()) };
                if store::key::is_erased(transaction, imported.elder)? {
                    return Ok(());
                }
                self.write(transaction, &act)?;
                if let Some(canteen) = canteen.as_deref().filter(|_| imported.created) {
                    self.write(transaction, &elder::begin(&self.look(), imported.elder, canteen))?;
                }
                store::import::add_elder(transaction, import, &imported)
            })?;
            store::import::set_counts(transaction, import, tally.counts)?;
            Ok((import, tally))
        })
    }

    /// The act of a row and what the import remembers of it; `None` when nothing is to be done.
    fn imported(
        &self,
        row: &ParsedRow,
        known: Option<Known>,
        verdict: ImportAction,
        list: &OpenList,
        canteen: Option<&str>,
    ) -> Option<(Mutation, ImportedElder)> {
        match verdict {
            ImportAction::Create(mut fields) => {
                let number = row.elder.as_ref().ok().and_then(|office| office.id_number.as_ref());
                let elder = number.map_or_else(|| self.new_id(), |number| number.elder_id(&list.key));
                if let Some(canteen) = canteen {
                    fields.insert("canteen", Value::Text(canteen.into()));
                }
                let imported = ImportedElder { elder, created: true, before: Fields::new(), after: fields.clone() };
                Some((Mutation { kind: RecordKind::Elder, record: elder, change: MutationKind::Create(fields) }, imported))
            }
            ImportAction::Change { id, changes } => {
                let mut standing = known.map(|known| known.fields).unwrap_or_default();
                let before = changes.keys().map(|key| (key.clone(), standing.remove(key).unwrap_or(Value::Null))).collect();
                let imported = ImportedElder { elder: id, created: false, before, after: changes.clone() };
                Some((Mutation::edit(RecordKind::Elder, id, changes), imported))
            }
            ImportAction::Nothing => None,
        }
    }

    /// Takes a whole import back: new files are withdrawn, changed ones get their old values; whoever
    /// was served or changed since stays as is and is named.
    pub(crate) fn undo_import(&self, import: i64) -> Result<UndoDone, Fault> {
        let _running = self.progress.until_done();
        let entry = self.read(|store| store::import::list(store, Some(import)))?.pop().ok_or_else(|| crate::fault::not_found("次导入"))?;
        let undone_before = || Fault::new(Code::NotNow, "这次导入已经撤销过。", "不用再撤销。");
        if entry.undone_at.is_some() {
            return Err(undone_before());
        }
        let at = self.clock.now();
        let done = self.commit_made(|transaction| {
            if !store::import::mark_undone(transaction, import, at)? {
                return Ok(None);
            }
            let mut done = UndoDone::default();
            let elders = store::import::touched(transaction, import)?;
            let served = store::order::elders(transaction)?;
            for (count, id) in (0_u64..).zip(&elders) {
                if count % 500 == 0 {
                    self.progress.set("正在撤回名单", count, elders.len() as u64);
                }
                if let Some(imported) = store::import::elder(transaction, import, *id)? {
                    self.undo_elder(transaction, imported, served.contains(id), &mut done)?;
                }
            }
            Ok(Some(done))
        })?;
        done.ok_or_else(undone_before)
    }

    fn undo_elder(&self, transaction: &Connection, imported: ImportedElder, served: bool, done: &mut UndoDone) -> Result<(), StoreError> {
        let id = imported.elder;
        let now = store::elder::fields(transaction, id)?.unwrap_or_default();
        let used = imported.created && served;
        let changed = imported.after.iter().any(|(key, value)| now.get(key).unwrap_or(&Value::Null) != value);
        if used || changed {
            done.kept.push(now.get("name").and_then(text).unwrap_or_default());
            Ok(())
        } else if imported.created {
            let withdrawn = Value::Text(shared::kinds::ElderStatus::Withdrawn.to_text().into());
            done.withdrawn += 1;
            self.write(transaction, &Mutation::edit(RecordKind::Elder, id, Fields::from([("status".into(), withdrawn)])))
        } else {
            done.restored += 1;
            self.write(transaction, &Mutation::edit(RecordKind::Elder, id, imported.before))
        }
    }

    /// Imports of this desk.
    pub(crate) fn list_imports(&self) -> Result<Vec<ImportEntry>, Fault> {
        self.read(|store| store::import::list(store, None))
    }
}

fn text(value: &Value) -> Option<String> {
    if let Value::Text(text) = value { Some(text.to_string()) } else { None }
}

/// The elder of a row, when the file is known here: by ID number, else by name, village and phone or birth date.
fn known(connection: &Connection, row: &ParsedRow, key: &[u8]) -> Result<Option<Known>, StoreError> {
    let Ok(office) = &row.elder else { return Ok(None) };
    let id: Option<RecordId> = match &office.id_number {
        Some(number) => Some(number.elder_id(key)),
        None => store::elder::same_without_number(connection, &office.fields)?,
    };
    let Some(id) = id else { return Ok(None) };
    let (fields, quarantined) = (store::elder::fields(connection, id)?, store::quarantine::holds(connection, RecordKind::Elder, id)?);
    Ok((fields.is_some() || quarantined).then(|| Known { id, fields: fields.unwrap_or_default(), quarantined }))
}

fn done(import: i64, tally: Tally) -> ImportDone {
    let counts = tally.counts;
    ImportDone { import, new: counts.new, update: counts.update, same: counts.same, error: counts.error, rows: tally.rows() }
}
