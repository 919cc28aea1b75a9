//! What scripts and the command line ask beyond the screens' commands: files by path, rows as JSON.

use crate::desk::Desk;
use crate::features::elder::{self, FileOnDisk};
use crate::features::{disclosure, order, receipt};
#[cfg(any(test, feature = "drill"))]
use crate::workload::{WorkloadReport, workload};
use jiff::civil::Date;
use serde_json::{Value, json};
use shared::command::{Export, Exported, ImportDone, List, PhotoKept};
use shared::fault::Fault;
use shared::kinds::Disclosure;
use shared::list::{ListPage, ListRow};
use shared::schema::RecordId;
use std::path::Path;

impl Desk {
    /// Imports an office file, or only says what it would do.
    ///
    /// # Errors
    /// When the file can't be read or nothing in it is a list of elders.
    pub fn import_file(&self, path: &Path, dry_run: bool, errors: Option<&Path>) -> Result<ImportDone, Fault> {
        self.0.permit(if dry_run { "preview_import" } else { "commit_import" }, None)?;
        let file = FileOnDisk { path, errors };
        let act = || {
            if let Some(wrong) = elder::errors_of_file(&self.0.look(), &file)? {
                self.0.leave(wrong)?;
            }
            if dry_run { elder::try_file(&self.0.look(), &file) } else { self.0.act(elder::import_file, &file) }
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

    /// Writes a list into a workbook at a path.
    ///
    /// # Errors
    /// When there is no such list, or the file can't be written.
    pub fn export_to(&self, ask: &Export, out: &Path) -> Result<Exported, Fault> {
        self.0.permit("export", Some(&ask.list))?;
        self.0.export(ask, Some(out))
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
