//! Lists by name: pages for screens, all rows for scripts, exports. What a list is stands with its kind; here no kind is named.

use crate::desk::Inner;
use crate::export::{Leaving, Taken, fault_of, safe_file_name};
use crate::fault::{OrBroken, broken, missing, no_record};
use crate::store::list::{Place, Reading};
use crate::store::{self, row};
use crate::title::Named;
use shared::command::{Command as _, Export, Exported, Get, History, List, ListWords, Save, TimelineEntry};
use shared::fault::{Code, Fault};
use shared::kinds::Level;
use shared::list::{Condition, End, Filter, ListPage, ListRecord, ListRow, ListSpec, RecordPhotos};
use shared::schema::{FieldType, Fields, Remembered};
use shared::workbook::ListBook;
use shared::{both, fault, label, say};
use std::path::{Path, PathBuf};

/// Most persons that typed words may name.
const MOST_NAMED: usize = 2_000;
/// So often the progress of an export is told.
const TOLD_EVERY: u64 = 500;

/// What a feature knows of the rows of a list beside records.
pub(crate) type Tell = fn(&Inner, &mut [ListRow]) -> Result<(), Fault>;

impl Inner {
    /// A page of a list.
    pub(crate) fn list(&self, ask: &List) -> Result<ListPage, Fault> {
        let reading = self.reading(&ask.list, &ask.words)?;
        let mut page = self.read(|store| {
            let (total, sums) = reading.totals(store)?;
            let mut page = ListPage { rows: reading.page(store)?, total, sums, ..ListPage::default() };
            for row in &mut page.rows {
                reading.list.name(row, &Named(store), &mut page.names);
                reading.list.mask(row);
            }
            Ok(page)
        })?;
        if let Some((_, tell)) = crate::call::TOLD.iter().find(|(list, _)| *list == reading.list.name) {
            tell(self, &mut page.rows)?;
        }
        Ok(page)
    }

    /// One record of a list, with what stands beside it and its history.
    pub(crate) fn get(&self, ask: &Get) -> Result<ListRecord, Fault> {
        let record = ask.record.ok_or_else(|| missing(label!(record::ROW_ASKED)))?;
        let reading = self.reading(&ask.list, &ListWords::new())?;
        // A form is shown to those who may write.
        let writes = self.permit(Save::NAME, Some(&ask.list)).is_ok();
        let found = self.read(|store| {
            let Some(mut row) = reading.one(store, record)? else { return Ok(None) };
            let mut names = Fields::new();
            reading.list.name(&row, &Named(store), &mut names);
            reading.list.mask(&mut row);
            let mut hashes = Vec::new();
            for kind in reading.list.kinds_of_row() {
                let fields = row::read(store, kind, record)?.unwrap_or_default();
                let sets = kind.fields.iter().filter(|field| field.ty == FieldType::Photos);
                hashes.extend(sets.flat_map(|field| fields.members(field.name)).map(str::to_owned));
            }
            let photos = reading.list.has_photos().then(|| RecordPhotos { hashes, ..RecordPhotos::default() });
            let draft = if writes { self.draft(store, reading.list, record)? } else { None };
            Ok(Some(ListRecord { row, names, photos, draft, history: Vec::new() }))
        })?;
        let found = found.ok_or_else(no_record)?;
        Ok(ListRecord { history: self.look().history(record)?, ..found })
    }

    /// What happened to a record of a list.
    pub(crate) fn history(&self, ask: &History) -> Result<Vec<TimelineEntry>, Fault> {
        self.get(&Get { list: ask.list.clone(), record: ask.record }).map(|found| found.history)
    }

    /// Every row of a list as scripts read it, masked as on screens; then how many there are and what is added up.
    pub(crate) fn list_all(
        &self,
        name: &str,
        words: &ListWords,
        see: &mut dyn FnMut(&ListRow) -> Result<(), Fault>,
    ) -> Result<ListPage, Fault> {
        let reading = self.reading(name, words)?;
        let store = store::open_reader(&self.dir, &self.file_key).or_broken()?;
        let (mut names, known) = (Fields::new(), Remembered::new(Named(&store)));
        let one_view = store.unchecked_transaction().or_broken()?;
        reading.each(&one_view, &mut |mut row: ListRow| {
            reading.list.name(&row, &known, &mut names);
            reading.list.mask(&mut row);
            see(&row)
        })?;
        let (total, sums) = reading.totals(&one_view).or_broken()?;
        Ok(ListPage { rows: Vec::new(), total, sums, names, next: None })
    }

    /// Writes a list as filtered into a new workbook in the export folder, or to `out`, in the place of a file that is there only if
    /// that is wanted. On a connection of its own: nobody waits for it.
    pub(crate) fn export(&self, ask: &Export, out: Option<&Path>, replace: bool) -> Result<Exported, Fault> {
        let reading = self.reading(&ask.list, &ask.words)?;
        let title = reading.list.title;
        let _running = self.progress.until_done();
        self.progress.set(both!(list::being_gathered(title)), 0, 0);
        if ask.full && !reading.list.masks() {
            return Err(fault!(Code::BadInput, disclosure::NOTHING_SEALED));
        }
        let about = reading.asked.in_words(reading.list);
        let path = match out {
            Some(path) => path.to_owned(),
            None => self.export_path(title.said(), &about)?,
        };
        let store = store::open_reader(&self.dir, &self.file_key).or_broken()?;
        let one_view = store.unchecked_transaction().or_broken()?;
        let (total, sums) = reading.totals(&one_view).or_broken()?;
        let persons = if reading.list.about.is_some() { reading.persons(&one_view).or_broken()? } else { 0 };
        let look = self.look();
        let second = self.second_person(ask.second.as_ref(), Export::NAME, Some(&ask.list))?;
        let stated = crate::call::JUDGE(&look, persons, ask.full, (ask.reason, &ask.note), second.as_deref())?;
        let taken = Taken {
            number: look.next_number(),
            list: Some(reading.list.name.to_owned()),
            elder: None,
            rows: total,
            persons,
            full: ask.full,
            stated,
            second,
            sha256: None,
        };
        let sealed = match (reading.list.masks(), ask.full) {
            (true, true) => say!(disclosure::FULL),
            (true, false) => say!(disclosure::MASKED),
            (false, _) => "",
        };
        let known = Remembered::new(Named(&one_view));
        let mut file = if out.is_none() || replace { look.new_file(&path)? } else { look.another_file(&path)? };
        let titled = say!(list::titled(title, &about));
        let mut book =
            ListBook::begin(reading.list, End::Desk, &titled, look.watermark(&taken, sealed)).map_err(|error| fault_of(&error))?;
        let mut rows = 0;
        reading.each(&one_view, &mut |mut row: ListRow| {
            if !ask.full {
                reading.list.mask(&mut row);
            }
            book.row(&row, &known).map_err(|error| fault_of(&error))?;
            rows += 1;
            if rows % TOLD_EVERY == 0 || rows == total {
                self.progress.set(both!(list::being_written(title)), rows, total);
            }
            Ok::<_, Fault>(())
        })?;
        book.end(rows, &sums, file.inside()).map_err(|error| fault_of(&error))?;
        drop(one_view);
        self.leave(Leaving { file, taken })
    }

    /// The list of that name, if it is to be seen here.
    pub(crate) fn readable(&self, name: &str) -> Result<&'static ListSpec, Fault> {
        ListSpec::at(End::Desk).find(|list| list.name == name).ok_or_else(|| unknown(name))
    }

    fn reading(&self, name: &str, words: &ListWords) -> Result<Reading, Fault> {
        let list = self.readable(name)?;
        let asked = list.read(End::Desk, words.iter().map(|(name, word)| (name.as_str(), word.as_str())))?;
        let typed = asked.conditions.iter().find_map(|condition| if let Condition::Text(typed) = condition { Some(typed) } else { None });
        let by_person = list.filters.iter().any(|filter| matches!(filter, Filter::Text { person: Some(_), .. }));
        let persons = match typed.filter(|_| by_person) {
            Some(typed) => Some(self.elders.read().map_err(broken)?.index.find(typed, MOST_NAMED)),
            None => None,
        };
        let place = self.facts().enrolled.map(|enrolled| enrolled.canteen.map_or(Place::Division(enrolled.division), Place::Canteen));
        Ok(Reading { list, asked, persons, today: self.clock.now().date(), place })
    }

    /// On which level this desk stands.
    pub(crate) fn level(&self) -> Level {
        match self.facts().enrolled {
            Some(enrolled) if enrolled.canteen.is_none() => shared::division::level(&enrolled.division),
            _ => Level::Canteen,
        }
    }

    /// A path in the export folder that is not taken yet.
    pub(crate) fn export_path(&self, title: &str, about: &str) -> Result<PathBuf, Fault> {
        let folder = self.export_folder()?;
        let at = self.clock.now().strftime("%Y%m%d-%H%M%S").to_string();
        let name = safe_file_name(&format!("{title} {about} {at}"));
        let free = (0..).map(|n| if n == 0 { format!("{name}.xlsx") } else { format!("{name} ({n}).xlsx") }).map(|name| folder.join(name));
        Ok(free.into_iter().find(|path| !path.exists()).unwrap_or_else(|| folder.join(format!("{}.xlsx", say!(list::NAMELESS_EXPORT)))))
    }
}

fn unknown(name: &str) -> Fault {
    let names: Vec<&str> = ListSpec::at(End::Desk).map(|list| list.name).collect();
    let asked: String = name.chars().take(40).collect();
    fault!(Code::NotFound, list::unknown(&asked, &names))
}
