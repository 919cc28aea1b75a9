//! What scripts and the command line ask beyond the screens' commands: files by path, rows as JSON.

use crate::desk::Desk;
use crate::features::elder::{self, FileOnDisk, Wanted};
use crate::features::{disclosure, order, receipt};
#[cfg(any(test, feature = "drill"))]
use crate::workload::{WorkloadReport, workload};
use jiff::civil::Date;
use serde_json::{Value, json};
use shared::command::{Export, Exported, ImportDone, List, ListChoice, PhotoKept};
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::Disclosure;
use shared::list::{ListPage, ListRow};
use shared::schema::RecordId;
use std::path::Path;

/// An office's file by its path, and how it is to be read.
#[derive(Clone, Copy, Debug)]
pub struct ListFile<'a> {
    /// The file.
    pub path: &'a Path,
    /// Only says what an import would do.
    pub dry_run: bool,
    /// Where the wrong rows go.
    pub errors: Option<&'a Path>,
    /// Whether that may take the place of a file that is there; never of the list itself.
    pub replace: bool,
    /// Sheets that are taken or left whatever they look like, rows that are asked about, columns.
    pub choices: &'a [ListChoice],
    /// Columns by the words above them, and the field of each; an empty one for none.
    pub words: &'a [(String, String)],
}

impl Default for ListFile<'_> {
    fn default() -> Self {
        Self { path: Path::new(""), dry_run: false, errors: None, replace: false, choices: &[], words: &[] }
    }
}

impl Desk {
    /// Imports an office file, or only says what it would do. The wrong rows go into a file that is not there yet.
    ///
    /// # Errors
    /// When the file can't be read or nothing in it is a list of elders.
    pub fn import_file(&self, path: &Path, dry_run: bool, errors: Option<&Path>) -> Result<ImportDone, Fault> {
        self.import_list(&ListFile { path, dry_run, errors, ..ListFile::default() })
    }

    /// Imports an office file as somebody says it is to be read.
    ///
    /// # Errors
    /// As [`Self::import_file`].
    pub fn import_list(&self, list: &ListFile<'_>) -> Result<ImportDone, Fault> {
        self.0.permit(if list.dry_run { "preview_import" } else { "commit_import" }, None)?;
        if let Some(errors) = list.errors.filter(|errors| same_file::is_same_file(list.path, errors).unwrap_or(*errors == list.path)) {
            let name = errors.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            return Err(fault!(Code::BadInput, import::errors_over_the_list(&name)));
        }
        let wanted = Wanted { choices: list.choices, words: list.words };
        let file = FileOnDisk { path: list.path, errors: list.errors, replace: list.replace, wanted };
        let act = || {
            if let Some(wrong) = elder::errors_of_file(&self.0.look(), &file)? {
                self.0.leave(wrong)?;
            }
            if list.dry_run { elder::try_file(&self.0.look(), &file) } else { self.0.act(elder::import_file, &file) }
        };
        self.0.progress.during(act)
    }

    /// Keeps a photo of an order from a file.
    ///
    /// # Errors
    /// When it is no photo, or there is no such order.
    pub fn keep_photo_file(&self, path: &Path, order: RecordId) -> Result<PhotoKept, Fault> {
        self.0.permit("keep_photo", None)?;
        self.0.keep_photo_file(path, receipt::photo_owner(&self.0.look(), Some(order))?)
    }

    /// The ledger's rows as scripts read them.
    ///
    /// # Errors
    /// When the store fails.
    pub fn ledger_json(&self, from: Option<Date>, to: Option<Date>) -> Result<Value, Fault> {
        self.0.permit("list", Some("orders"))?;
        let row = |line: &shared::command::OrderSummary| {
            let receipt = line.receipt.as_ref().map(|receipt| json!({ "arrived_at": receipt.arrived_at, "photos": receipt.photos }));
            json!({
                "id": line.id, "number": line.number, "elder": line.name, "date": line.date, "meal": line.meal, "mode": line.mode,
                "outcome": line.state, "reason": line.reason, "receipt": receipt,
            })
        };
        let orders = order::between(&self.0.look(), from, to)?;
        Ok(json!({ "rows": orders.iter().map(row).collect::<Vec<_>>() }))
    }

    /// Writes a list into a workbook at a path where nothing lies yet.
    ///
    /// # Errors
    /// When there is no such list, or the file can't be written.
    pub fn export_to(&self, ask: &Export, out: &Path) -> Result<Exported, Fault> {
        self.0.permit("export", Some(&ask.list))?;
        self.0.export(ask, Some(out), false)
    }

    /// Writes a list into a workbook at a path, in the place of a file that lies there.
    ///
    /// # Errors
    /// As [`Self::export_to`].
    pub fn export_over(&self, ask: &Export, out: &Path) -> Result<Exported, Fault> {
        self.0.permit("export", Some(&ask.list))?;
        self.0.export(ask, Some(out), true)
    }

    /// Every row of a list, one after the other; then how many there are, what is added up, and what codes and ids are called.
    ///
    /// # Errors
    /// When there is no such list, the store fails, or `see` does.
    pub fn list_all(&self, ask: &List, see: &mut dyn FnMut(&ListRow) -> Result<(), Fault>) -> Result<ListPage, Fault> {
        self.0.permit("list", Some(&ask.list))?;
        self.0.list_all(&ask.list, &ask.words, see)
    }

    /// What left this desk in plain, and what is wrong with the rows of it.
    ///
    /// # Errors
    /// When the store fails.
    pub fn disclosures(&self) -> Result<(Vec<Disclosure>, Vec<String>), Fault> {
        disclosure::checked(&self.0.look())
    }

    /// Takes the folder for what is made up: nothing of it is written where somebody works.
    ///
    /// # Errors
    /// When elders or orders are here that were not made up.
    #[cfg(any(test, feature = "drill"))]
    pub fn claim_for_drill(&self) -> Result<(), Fault> {
        crate::workload::claim(&self.0)
    }

    /// Runs the workload of the benches.
    ///
    /// # Errors
    /// When the store fails, or somebody works with this folder.
    #[cfg(any(test, feature = "drill"))]
    pub fn bench(&self, records: u32) -> Result<WorkloadReport, Fault> {
        workload(&self.0, records)
    }
}
