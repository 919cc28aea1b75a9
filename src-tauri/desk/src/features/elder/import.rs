//! 导入: an office's list becomes elders. Reading and judging stand in `crate::import`; here it meets what is known:
//! preview, one transaction for all rows, and taking a whole import back. Rows are parsed, judged and
//! written one after the other, so that a list of a whole town never stands in memory as elders.

use super::begin;
use super::tally::{Keep, Tally};
use crate::export::{Leaving, Taken, safe_file_name};
use crate::import::{self, Header, ImportAction, Judged, Known, ListRows, OfficeFile, ParsedRow, Sheet};
use crate::journal::Mutation;
use crate::look::Look;
use crate::plan::{Plan, Writing};
use crate::store::import::ImportedElder;
use crate::store::{elder as table, import as imports, key, order as orders, quarantine};
use shared::command::{Bucket, ColumnChoice, CommitImport, ImportDone, ImportEntry, ImportErrors, ImportPreview, PreviewImport, UndoDone};
use shared::fault::{Code, Fault};
use shared::kinds::{ElderStatus, RecordKind};
use shared::schema::{Fields, RecordId, Sentence, TextValue, Value};
use shared::seal::PersonKeys;
use shared::{both, fault, say};
use std::path::Path;

/// A list as read, with what judging it takes.
struct OpenList {
    sheet: Sheet,
    hash: [u8; 32],
    header: Header,
    /// The town or wider area of this desk.
    scope: String,
    /// The key of the elders' ids.
    keys: PersonKeys,
}

/// What an import would do.
pub(crate) fn preview_import(look: &Look<'_>, ask: &PreviewImport) -> Result<ImportPreview, Fault> {
    let list = open(look, &look.handed_over(&ask.file)?, &ask.file_name, ask.mapping.as_deref())?;
    let tally = judge(look, &list, Keep::Screen)?;
    let same_file = look.read(|store| imports::same_file(store, &list.hash))?;
    Ok(ImportPreview {
        sheet: list.sheet.name,
        header_row: list.header.row,
        columns: list.header.columns,
        fields: import::fields().into_iter().map(|(name, label)| (name.to_owned(), label.said().to_owned())).collect(),
        new: tally.counts.new,
        update: tally.counts.update,
        same: tally.counts.same,
        error: tally.counts.error,
        rows: tally.rows(),
        same_file,
    })
}

/// Does what the preview said.
pub(crate) fn commit_import(look: &Look<'_>, ask: &CommitImport) -> Result<Plan<ImportDone>, Fault> {
    let list = open(look, &look.handed_over(&ask.file)?, &ask.file_name, ask.mapping.as_deref())?;
    let file_name = ask.file_name.clone();
    Ok(Plan::within(move |writing| write(writing, &list, &file_name, Keep::Screen)))
}

/// Writes the sheet's wrong rows with their reasons into the export folder.
pub(crate) fn import_errors(look: &Look<'_>, ask: &ImportErrors) -> Result<Leaving, Fault> {
    let list = open(look, &look.handed_over(&ask.file)?, &ask.file_name, ask.mapping.as_deref())?;
    let stem = Path::new(&ask.file_name).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let at = look.now.strftime("%Y%m%d-%H%M%S").to_string();
    let path = look.export_folder()?.join(format!("{}.xlsx", safe_file_name(&say!(import::errors_file(&stem, &at)))));
    write_errors(look, &list, &path)
}

/// An office's file, by its path.
pub(crate) struct FileOnDisk<'a> {
    pub(crate) path: &'a Path,
    /// Where its wrong rows go.
    pub(crate) errors: Option<&'a Path>,
}

impl FileOnDisk<'_> {
    fn name(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    fn open(&self, look: &Look<'_>) -> Result<OpenList, Fault> {
        open(look, self.path, &self.name(), None)
    }
}

/// The wrong rows of a file, where somebody says where they go.
pub(crate) fn errors_of_file(look: &Look<'_>, file: &FileOnDisk<'_>) -> Result<Option<Leaving>, Fault> {
    file.errors.map(|out| write_errors(look, &file.open(look)?, out)).transpose()
}

/// What importing a file would do.
pub(crate) fn try_file(look: &Look<'_>, file: &FileOnDisk<'_>) -> Result<ImportDone, Fault> {
    Ok(done(0, judge(look, &file.open(look)?, Keep::All)?))
}

/// Imports a file.
pub(crate) fn import_file(look: &Look<'_>, file: &FileOnDisk<'_>) -> Result<Plan<ImportDone>, Fault> {
    let (list, name) = (file.open(look)?, file.name());
    Ok(Plan::within(move |writing| write(writing, &list, &name, Keep::All)))
}

/// They are what somebody brought, to be corrected and brought again: nothing is masked, and nobody is asked why.
fn write_errors(look: &Look<'_>, list: &OpenList, out: &Path) -> Result<Leaving, Fault> {
    let rows = judge(look, list, Keep::Errors)?.rows();
    let mut file = look.new_file(out)?;
    let wrong = rows.iter().filter(|row| row.bucket == Bucket::Error).count() as u64;
    let (number, list_name) = (look.next_number(), Some("errors".to_owned()));
    let taken = Taken { number, list: list_name, elder: None, rows: wrong, persons: wrong, full: true, stated: None, sha256: None };
    import::write_errors(&list.sheet, &list.header, &rows, &look.watermark(&taken, say!(disclosure::FULL)), file.inside())?;
    Ok(Leaving { file, taken })
}

fn open(look: &Look<'_>, path: &Path, file_name: &str, mapping: Option<&[ColumnChoice]>) -> Result<OpenList, Fault> {
    let keys = look.facts.person_keys.clone().ok_or_else(Fault::not_enrolled)?;
    let scope = look.facts.enrolled.as_ref().map_or("", |enrolled| &enrolled.division);
    let OfficeFile { sheet, hash } = import::read(path, file_name, &|done, total| look.tell(both!(import::READING_THE_LIST), done, total))?;
    let mut header = import::find_header(&sheet)?;
    if let Some(mapping) = mapping {
        import::apply_mapping(&mut header, mapping);
    }
    Ok(OpenList { sheet, hash, header, scope: shared::division::town_of(scope).to_owned(), keys })
}

/// What an import would do.
fn judge(look: &Look<'_>, list: &OpenList, keep: Keep) -> Result<Tally, Fault> {
    let mut tally = Tally::new(keep);
    judge_each(look, list, &both!(import::CHECKING_THE_LIST), |_, _, judged| {
        tally.add(judged.row);
        Ok(())
    })?;
    Ok(tally)
}

/// Hands every row with its known file and its verdict to `each`. The rows are judged against what
/// was known before the import, by a look apart: nobody waits for a long list.
fn judge_each(
    look: &Look<'_>,
    list: &OpenList,
    label: &Sentence,
    mut each: impl FnMut(&ParsedRow, Option<Known>, Judged) -> Result<(), Fault>,
) -> Result<(), Fault> {
    look.apart(|before| {
        let mut rows = ListRows::new(&list.sheet, &list.header, &list.scope);
        let mut told = 0;
        while let Some(row) = rows.next() {
            if rows.done() >= told {
                look.tell(label.clone(), rows.done(), list.sheet.len() as u64);
                told = rows.done() + 500;
            }
            let known = known(before, &row, &list.keys)?;
            let judged = import::judge(&row, known.as_ref());
            each(&row, known, judged)?;
        }
        Ok(())
    })
}

fn write(writing: &Writing<'_>, list: &OpenList, file_name: &str, keep: Keep) -> Result<ImportDone, Fault> {
    let look = writing.look();
    let mut tally = Tally::new(keep);
    let import = writing.note(|store| imports::add(store, file_name, &list.hash, look.now))?;
    judge_each(&look, list, &both!(import::SAVING_THE_LIST), |row, known, judged| {
        tally.add(judged.row);
        let Some((act, imported)) = imported(&look, row, known, judged.act, list) else { return Ok(()) };
        if look.read(|store| key::is_erased(store, imported.elder))? {
            return Ok(());
        }
        writing.write(&act)?;
        if let Some(canteen) = look.canteen().filter(|_| imported.created) {
            writing.write(&begin(&look, imported.elder, canteen))?;
        }
        writing.note(|store| imports::add_elder(store, import, &imported))
    })?;
    writing.note(|store| imports::set_counts(store, import, tally.counts))?;
    Ok(done(import, tally))
}

/// The act of a row and what the import remembers of it; `None` when nothing is to be done.
fn imported(
    look: &Look<'_>,
    row: &ParsedRow,
    known: Option<Known>,
    verdict: ImportAction,
    list: &OpenList,
) -> Option<(Mutation, ImportedElder)> {
    match verdict {
        ImportAction::Create(mut fields) => {
            let number = row.elder.as_ref().ok().and_then(|office| office.id_number.as_ref());
            let elder = number.map_or_else(|| look.new_id(), |number| number.elder_id(key_of(&list.keys, &fields)));
            if let Some(canteen) = look.canteen() {
                fields.insert("canteen", Value::Text(canteen.into()));
            }
            let imported = ImportedElder { elder, created: true, before: Fields::new(), after: fields.clone() };
            Some((Mutation::first(RecordKind::Elder, elder, fields), imported))
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
pub(crate) fn undo_import(look: &Look<'_>, import: i64) -> Result<Plan<UndoDone>, Fault> {
    let entry = look.read(|store| imports::list(store, Some(import)))?.pop().ok_or_else(|| fault!(Code::NotFound, import::NOT_HERE))?;
    let undone_before = || fault!(Code::NotNow, import::TAKEN_BACK_BEFORE);
    if entry.undone_at.is_some() {
        return Err(undone_before());
    }
    Ok(Plan::within(move |writing| {
        let look = writing.look();
        if !writing.note(|store| imports::mark_undone(store, import, look.now))? {
            return Err(undone_before());
        }
        let mut done = UndoDone::default();
        let elders = look.read(|store| imports::touched(store, import))?;
        let served = look.read(orders::elders)?;
        for (count, id) in (0_u64..).zip(&elders) {
            if count % 500 == 0 {
                look.tell(both!(import::TAKING_BACK), count, elders.len() as u64);
            }
            if let Some(imported) = look.read(|store| imports::elder(store, import, *id))? {
                undo_elder(writing, &look, imported, served.contains(id), &mut done)?;
            }
        }
        Ok(done)
    }))
}

fn undo_elder(writing: &Writing<'_>, look: &Look<'_>, imported: ImportedElder, served: bool, done: &mut UndoDone) -> Result<(), Fault> {
    let id = imported.elder;
    let now = look.read(|store| table::fields(store, id))?.unwrap_or_default();
    let used = imported.created && served;
    let changed = imported.after.iter().any(|(key, value)| now.get(key).unwrap_or(&Value::Null) != value);
    if used || changed {
        done.kept.push(now.get("name").and_then(text).unwrap_or_default());
        Ok(())
    } else if imported.created {
        let withdrawn = Value::Text(ElderStatus::Withdrawn.to_text().into());
        done.withdrawn += 1;
        writing.write(&Mutation::edit(RecordKind::Elder, id, Fields::from([("status".into(), withdrawn)])))
    } else {
        done.restored += 1;
        writing.write(&Mutation::edit(RecordKind::Elder, id, imported.before))
    }
}

/// Imports of this desk.
pub(crate) fn list_imports(look: &Look<'_>) -> Result<Vec<ImportEntry>, Fault> {
    look.read(|store| imports::list(store, None))
}

fn text(value: &Value) -> Option<String> {
    if let Value::Text(text) = value { Some(text.to_string()) } else { None }
}

/// The elder of a row, when the file is known here: by ID number, else by name, village and phone or birth date.
fn known(look: &Look<'_>, row: &ParsedRow, keys: &PersonKeys) -> Result<Option<Known>, Fault> {
    let Ok(office) = &row.elder else { return Ok(None) };
    let id: Option<RecordId> = match &office.id_number {
        Some(number) => Some(number.elder_id(key_of(keys, &office.fields))),
        None => look.read(|store| table::same_without_number(store, &office.fields))?,
    };
    let Some(id) = id else { return Ok(None) };
    let fields = look.read(|store| table::fields(store, id))?;
    let quarantined = look.read(|store| quarantine::holds(store, RecordKind::Elder, id))?;
    Ok((fields.is_some() || quarantined).then(|| Known { id, fields: fields.unwrap_or_default(), quarantined }))
}

/// The key of the county where the elder lives.
fn key_of<'a>(keys: &'a PersonKeys, elder: &Fields) -> &'a [u8] {
    match elder.get("division") {
        Some(Value::Text(code)) => keys.of(code),
        _ => keys.of(""),
    }
}

fn done(import: i64, tally: Tally) -> ImportDone {
    let counts = tally.counts;
    ImportDone { import, new: counts.new, update: counts.update, same: counts.same, error: counts.error, rows: tally.rows() }
}
