//! 就餐台账: pages as filtered, and the export of the same filter.

use crate::desk::Inner;
use crate::export::{LedgerExportRow, safe_file_name, write_ledger};
use crate::fault::{OrBroken, broken};
use crate::store::order as table;
use shared::command::{Exported, Ledger, LedgerFilter, LedgerPage, OrderSummary};
use shared::fault::Fault;
use shared::schema::RecordId;
use std::path::{Path, PathBuf};

const PAGE: u64 = 50;
/// Most elders that a typed text may name.
const MOST_NAMED: usize = 500;

impl Inner {
    /// A page of the ledger.
    pub(crate) fn ledger(&self, ask: &Ledger) -> Result<LedgerPage, Fault> {
        let named = self.named(&ask.filter)?;
        let offset = u64::from(ask.page) * PAGE;
        self.read(|store| {
            let rows = table::ledger(store, &ask.filter, named.as_deref(), PAGE, offset)?;
            let (total, amount) = table::ledger_totals(store, &ask.filter, named.as_deref())?;
            Ok(LedgerPage { rows, total, amount })
        })
    }

    /// All rows of a filter, for scripts and exports.
    pub(crate) fn ledger_rows(&self, filter: &LedgerFilter) -> Result<Vec<OrderSummary>, Fault> {
        let named = self.named(filter)?;
        self.read(|store| table::ledger(store, filter, named.as_deref(), i64::MAX as u64, 0))
    }

    /// Writes the ledger into a new workbook in the export folder, or to `out`.
    pub(crate) fn export_ledger(&self, filter: &LedgerFilter, out: Option<&Path>) -> Result<Exported, Fault> {
        let _running = self.progress.until_done();
        self.progress.set("正在整理台账", 0, 0);
        let lines = self.ledger_rows(filter)?;
        let rows = self.export_rows(lines)?;
        let path = match out {
            Some(path) => path.to_owned(),
            None => self.export_path(&period(filter))?,
        };
        let title = format!("就餐台账（{}）", period(filter));
        let written = write_ledger(&rows, &title, &path, &|done, total| self.progress.set("正在写出台账", done, total))?;
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Exported { file_name, path: path.display().to_string(), rows: written })
    }

    fn export_rows(&self, lines: Vec<OrderSummary>) -> Result<Vec<LedgerExportRow>, Fault> {
        // The reader before the elders, as everywhere: the other way round two threads could wait for each other.
        let reader = self.reader()?;
        let elders = self.elders.read().map_err(broken)?;
        let mut rows = Vec::with_capacity(lines.len());
        for line in lines {
            let (taken_by, _, _, code) = table::particulars(&reader, line.id).or_broken()?;
            let canteen = crate::store::master::canteen(&reader, &code).or_broken()?.map_or(code, |canteen| canteen.name);
            let id_number = elders.known.get(&line.elder).and_then(|elder| elder.id_number.clone()).unwrap_or_default();
            rows.push(LedgerExportRow { order: line, canteen, taken_by, id_number });
        }
        Ok(rows)
    }

    /// A path in the export folder that is not taken yet.
    pub(crate) fn export_path(&self, about: &str) -> Result<PathBuf, Fault> {
        let folder = self.dir.join("导出");
        std::fs::create_dir_all(&folder).or_broken()?;
        let at = self.clock.now().strftime("%Y%m%d-%H%M%S").to_string();
        let name = safe_file_name(&format!("台账 {about} {at}"));
        let free = (0..).map(|n| if n == 0 { format!("{name}.xlsx") } else { format!("{name} ({n}).xlsx") }).map(|name| folder.join(name));
        Ok(free.into_iter().find(|path| !path.exists()).unwrap_or_else(|| folder.join("台账.xlsx")))
    }

    /// The elders whom the filter's text names.
    fn named(&self, filter: &LedgerFilter) -> Result<Option<Vec<RecordId>>, Fault> {
        let text = filter.text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let elders = self.elders.read().map_err(broken)?;
        Ok(Some(elders.index.find(text, MOST_NAMED)))
    }
}

fn period(filter: &LedgerFilter) -> String {
    match (filter.from, filter.to) {
        (Some(from), Some(to)) if from == to => from.to_string(),
        (Some(from), Some(to)) => format!("{from} 至 {to}"),
        (Some(from), None) => format!("{from} 起"),
        (None, Some(to)) => format!("至 {to}"),
        (None, None) => "全部".to_owned(),
    }
}
