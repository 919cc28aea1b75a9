//! 导入: an office's list becomes elders. Reading and judging stand in `crate::import`; here it meets what is known:
//! preview, one transaction for all rows, and taking a whole import back. Rows are parsed, judged and
//! written one after the other, so that a list of a whole town never stands in memory as elders.

use super::begin;
use super::tally::{Keep, Tally};
use crate::export::{Leaving, NewFile, Taken, safe_file_name};
use crate::import::{self, Choices, ImportAction, Judged, Known, ListRows, Lists, OfficeElder, OfficeFile, ParsedRow};
use crate::journal::Mutation;
use crate::look::Look;
use crate::plan::{Plan, Writing};
use crate::store::import::ImportedElder;
use crate::store::{elder as table, fact, import as imports, key, order as orders, quarantine};
use shared::command::{CommitImport, ImportDone, ImportEntry, ImportErrors, ImportPreview, LeftOut, ListChoice, PreviewImport, UndoDone};
use shared::fault::{Code, Fault};
use shared::kinds::{ElderStatus, RecordKind};
use shared::rule::listed::listed_id;
use shared::schema::{Fields, RecordId, Sentence, TextValue, Value};
use shared::seal::PersonKeys;
use shared::{both, fault, say};
use std::collections::BTreeMap;
use std::path::Path;

/// A file as read, with what judging it takes.
struct OpenFile {
    file: OfficeFile,
    lists: Lists,
    choices: Vec<ListChoice>,
    /// Words above columns that somebody said the field of.
    told: BTreeMap<String, String>,
    /// The town or wider area of this desk.
    scope: String,
    /// The key of the elders' ids.
    keys: PersonKeys,
}

impl OpenFile {
    /// Whether people of more than one sheet are taken, so that a row has to say on which it stands.
    fn of_many(&self) -> bool {
        let mut sheets: Vec<usize> = self.lists.lists.iter().filter(|list| list.left.is_none()).map(|list| list.sheet).collect();
        sheets.dedup();
        sheets.len() > 1
    }

    fn sheet(&self, list: usize) -> &str {
        self.lists.lists.get(list).map_or("", |list| &self.file.sheets[list.sheet].name)
    }
}

/// How a file is to be read.
#[derive(Clone, Copy, Default)]
pub(crate) struct Wanted<'a> {
    pub(crate) choices: &'a [ListChoice],
    /// Columns by the words above them, and the field of each.
    pub(crate) words: &'a [(String, String)],
}

impl<'a> Wanted<'a> {
    fn by(mapping: &'a Option<Vec<ListChoice>>) -> Self {
        Self { choices: mapping.as_deref().unwrap_or_default(), words: &[] }
    }
}

/// What an import would do.
pub(crate) fn preview_import(look: &Look<'_>, ask: &PreviewImport) -> Result<ImportPreview, Fault> {
    let open = open(look, &look.handed_over(&ask.file)?, &ask.file_name, Wanted::by(&ask.mapping))?;
    let (tally, rows) = judge(look, &open, Keep::Screen)?;
    let same_file = look.read(|store| imports::same_file(store, &open.file.hash))?;
    Ok(ImportPreview {
        lists: open.lists.shown(&open.file),
        left_out: [&open.lists.left_out[..], &rows].concat(),
        asked: tally.asked.clone().into_iter().collect(),
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
    let open = open(look, &look.handed_over(&ask.file)?, &ask.file_name, Wanted::by(&ask.mapping))?;
    let file_name = ask.file_name.clone();
    Ok(Plan::within(move |writing| write(writing, &open, &file_name, Keep::Screen)))
}

/// Writes the sheet's wrong rows with their reasons into the export folder.
pub(crate) fn import_errors(look: &Look<'_>, ask: &ImportErrors) -> Result<Leaving, Fault> {
    let open = open(look, &look.handed_over(&ask.file)?, &ask.file_name, Wanted::by(&ask.mapping))?;
    let stem = Path::new(&ask.file_name).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let at = look.now.strftime("%Y%m%d-%H%M%S").to_string();
    let path = look.export_folder()?.join(format!("{}.xlsx", safe_file_name(&say!(import::errors_file(&stem, &at)))));
    write_errors(look, &open, look.new_file(&path)?)
}

/// An office's file, by its path.
pub(crate) struct FileOnDisk<'a> {
    pub(crate) path: &'a Path,
    /// Where its wrong rows go.
    pub(crate) errors: Option<&'a Path>,
    /// Whether they may take the place of a file that is there.
    pub(crate) replace: bool,
    pub(crate) wanted: Wanted<'a>,
}

impl FileOnDisk<'_> {
    fn name(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    fn open(&self, look: &Look<'_>) -> Result<OpenFile, Fault> {
        let open = open(look, self.path, &self.name(), self.wanted)?;
        if open.lists.all_without_header() {
            return Err(open.lists.to_look_at(&open.file));
        }
        Ok(open)
    }
}

/// The wrong rows of a file, where somebody says where they go.
pub(crate) fn errors_of_file(look: &Look<'_>, file: &FileOnDisk<'_>) -> Result<Option<Leaving>, Fault> {
    let Some(out) = file.errors else { return Ok(None) };
    let place = if file.replace { look.new_file(out)? } else { look.another_file(out)? };
    write_errors(look, &file.open(look)?, place).map(Some)
}

/// What importing a file would do.
pub(crate) fn try_file(look: &Look<'_>, file: &FileOnDisk<'_>) -> Result<ImportDone, Fault> {
    let open = file.open(look)?;
    let (tally, rows) = judge(look, &open, Keep::All)?;
    Ok(done(0, &open, tally, rows))
}

/// Imports a file.
pub(crate) fn import_file(look: &Look<'_>, file: &FileOnDisk<'_>) -> Result<Plan<ImportDone>, Fault> {
    let (open, name) = (file.open(look)?, file.name());
    Ok(Plan::within(move |writing| write(writing, &open, &name, Keep::All)))
}

/// They are what somebody brought, to be corrected and brought again: nothing is masked, and nobody is asked why.
fn write_errors(look: &Look<'_>, open: &OpenFile, mut out: NewFile) -> Result<Leaving, Fault> {
    let (tally, rows) = judge(look, open, Keep::Errors)?;
    let wrong = tally.counts.error;
    let left_out = [&open.lists.left_out[..], &rows].concat();
    let (number, list_name) = (look.next_number(), Some("errors".to_owned()));
    let taken =
        Taken { number, list: list_name, elder: None, rows: wrong, persons: wrong, full: true, stated: None, second: None, sha256: None };
    let rows = tally.by_list(open.lists.lists.len());
    import::write_errors(&open.file, &open.lists.lists, &rows, &left_out, &look.watermark(&taken, say!(disclosure::FULL)), out.inside())?;
    Ok(Leaving { file: out, taken })
}

fn open(look: &Look<'_>, path: &Path, file_name: &str, wanted: Wanted<'_>) -> Result<OpenFile, Fault> {
    let keys = look.facts.person_keys.clone().ok_or_else(Fault::not_enrolled)?;
    let scope = look.facts.enrolled.as_ref().map_or("", |enrolled| &enrolled.division);
    let file = import::read(path, file_name, &|done, total| look.tell(both!(import::READING_THE_LIST), done, total))?;
    let mut words = look.read(fact::heard_as)?;
    let told: BTreeMap<String, String> = wanted.words.iter().map(|(word, field)| (import::plain_word(word), field.clone())).collect();
    words.extend(told.clone());
    let choices = Choices { now: wanted.choices.to_vec(), words };
    let lists = Lists::of(&file, &choices)?;
    Ok(OpenFile { file, lists, choices: choices.now, told, scope: shared::division::town_of(scope).to_owned(), keys })
}

/// What an import would do, and the rows that are no persons.
fn judge(look: &Look<'_>, open: &OpenFile, keep: Keep) -> Result<(Tally, Vec<LeftOut>), Fault> {
    let mut tally = Tally::new(keep);
    let left = judge_each(look, open, &both!(import::CHECKING_THE_LIST), |row, _, judged| {
        tally.add(row.list, judged.row);
        Ok(())
    })?;
    Ok((tally, left))
}

/// Hands every row with its known file and its verdict to `each`, and gives the rows that are no persons. The rows are judged against
/// what was known before the import, by a look apart: nobody waits for a long list.
fn judge_each(
    look: &Look<'_>,
    open: &OpenFile,
    label: &Sentence,
    mut each: impl FnMut(&ParsedRow, Option<Known>, Judged) -> Result<(), Fault>,
) -> Result<Vec<LeftOut>, Fault> {
    look.apart(|before| {
        let mut rows = ListRows::new(&open.file.sheets, &open.lists.lists, &open.scope, &open.choices);
        let (mut told, total, many) = (0, rows.total(), open.of_many());
        while let Some(row) = rows.next() {
            if rows.done() >= told {
                look.tell(label.clone(), rows.done(), total);
                told = rows.done() + 500;
            }
            let known = known(before, &row, &open.keys)?;
            let mut judged = import::judge(&row, known.as_ref());
            if many {
                open.sheet(row.list).clone_into(&mut judged.row.sheet);
            }
            each(&row, known, judged)?;
        }
        Ok(rows.left_out())
    })
}

fn write(writing: &Writing<'_>, open: &OpenFile, file_name: &str, keep: Keep) -> Result<ImportDone, Fault> {
    let look = writing.look();
    let mut tally = Tally::new(keep);
    let import = writing.note(|store| imports::add(store, file_name, &open.file.hash, look.now))?;
    let left = judge_each(&look, open, &both!(import::SAVING_THE_LIST), |row, known, judged| {
        tally.add(row.list, judged.row);
        let Some((act, imported)) = imported(&look, row, known, judged.act, open) else { return Ok(()) };
        if look.read(|store| key::is_erased(store, imported.elder))? {
            return Ok(());
        }
        act.map_or(Ok(()), |act| writing.write(&act))?;
        if let Some(canteen) = look.canteen().filter(|_| imported.created) {
            writing.write(&begin(&look, imported.elder, canteen))?;
        }
        writing.note(|store| imports::add_elder(store, import, &imported))
    })?;
    writing.note(|store| imports::set_counts(store, import, tally.counts))?;
    let learnt = open.told.clone().into_iter().chain(open.lists.learnt());
    writing.note(|store| fact::hear(store, learnt.collect()))?;
    Ok(done(import, open, tally, left))
}

/// The act of a row and what the import remembers of it: also whom it only names, so that nobody else's undo takes her away. `None` for
/// nobody.
fn imported(
    look: &Look<'_>,
    row: &ParsedRow,
    known: Option<Known>,
    verdict: ImportAction,
    open: &OpenFile,
) -> Option<(Option<Mutation>, ImportedElder)> {
    match verdict {
        ImportAction::Create(mut fields) => {
            let elder = elder_id(row.elder.as_ref().ok()?, &open.keys);
            if let Some(canteen) = look.canteen() {
                fields.insert("canteen", Value::Text(canteen.into()));
            }
            let imported = ImportedElder { elder, created: true, before: Fields::new(), after: fields.clone() };
            Some((Some(Mutation::first(RecordKind::Elder, elder, fields)), imported))
        }
        ImportAction::Change { id, changes } => {
            let mut standing = known.map(|known| known.fields).unwrap_or_default();
            let before = changes.keys().map(|key| (key.clone(), standing.remove(key).unwrap_or(Value::Null))).collect();
            let imported = ImportedElder { elder: id, created: false, before, after: changes.clone() };
            Some((Some(Mutation::edit(RecordKind::Elder, id, changes)), imported))
        }
        ImportAction::Nothing => {
            let listed = row.elder.as_ref().is_ok_and(|elder| !elder.closes);
            let elder = known.filter(|_| listed)?.id;
            Some((None, ImportedElder { elder, created: false, before: Fields::new(), after: Fields::new() }))
        }
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
                // Whom a later list names stays with that one, and goes with it.
                if let Some(later) = look.read(|store| imports::naming(store, *id, import))? {
                    writing.note(|store| imports::hand_on(store, imported, later))?;
                    done.listed += 1;
                } else {
                    undo_elder(writing, &look, imported, served.contains(id), &mut done)?;
                }
            }
        }
        Ok(done)
    }))
}

fn undo_elder(writing: &Writing<'_>, look: &Look<'_>, imported: ImportedElder, served: bool, done: &mut UndoDone) -> Result<(), Fault> {
    let id = imported.elder;
    let now = look.read(|store| table::fields(store, id))?.unwrap_or_default();
    // A file that was brought back is withdrawn again, if nobody was served meanwhile.
    let back = imported.before.get("status").and_then(text).is_some_and(|status| status == ElderStatus::Withdrawn.to_text());
    let used = (imported.created || back) && served;
    let changed = imported.after.iter().any(|(key, value)| now.get(key).unwrap_or(&Value::Null) != value);
    if used || changed {
        done.kept.push(now.get("name").and_then(text).unwrap_or_default());
        Ok(())
    } else if imported.after.is_empty() {
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
    let Some(office) = row.elder.as_ref().ok().or(row.asked.as_ref()) else { return Ok(None) };
    let same = match office.id_number {
        Some(_) => None,
        None => look.read(|store| table::same_without_number(store, &office.fields))?,
    };
    let id = same.unwrap_or_else(|| elder_id(office, keys));
    let fields = look.read(|store| table::fields(store, id))?;
    let quarantined = look.read(|store| quarantine::holds(store, RecordKind::Elder, id))?;
    Ok((fields.is_some() || quarantined).then(|| Known { id, fields: fields.unwrap_or_default(), quarantined }))
}

/// The id that the file of a row has at every desk.
fn elder_id(office: &OfficeElder, keys: &PersonKeys) -> RecordId {
    let key = key_of(keys, &office.fields);
    office.id_number.as_ref().map_or_else(|| listed_id(&office.fields, key), |number| number.elder_id(key))
}

/// The key of the county where the elder lives.
fn key_of<'a>(keys: &'a PersonKeys, elder: &Fields) -> &'a [u8] {
    match elder.get("division") {
        Some(Value::Text(code)) => keys.of(code),
        _ => keys.of(""),
    }
}

fn done(import: i64, open: &OpenFile, tally: Tally, left: Vec<LeftOut>) -> ImportDone {
    let counts = tally.counts;
    let (lists, left_out) = (open.lists.shown(&open.file), [&open.lists.left_out[..], &left].concat());
    ImportDone {
        import,
        new: counts.new,
        update: counts.update,
        same: counts.same,
        error: counts.error,
        rows: tally.rows(),
        lists,
        left_out,
    }
}
