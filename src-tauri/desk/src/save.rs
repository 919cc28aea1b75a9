//! Making and changing records by the forms of lists, and what can be chosen in their fields. What a form is stands with its kind; here no
//! kind is named.

use crate::desk::Inner;
use crate::fault::no_record;
use crate::journal::Mutation;
use crate::store::{StoreError, master, row};
use crate::title::Named;
use rusqlite::Connection;
use shared::command::{Choice, Choices, Save};
use shared::division;
use shared::fault::{Code, Fault};
use shared::form::{Draft, FieldProblem, FormSpec};
use shared::list::ListSpec;
use shared::schema::{Field, FieldType, Fields, PLACING, RecordId, Value, differences, name};
use shared::wire::Enrolled;
use shared::words::language;
use shared::{both, fault};

/// Most things to choose from at a time.
const MOST: usize = 200;

impl Inner {
    /// Makes a record by the form of a list, or changes one.
    pub(crate) fn save(&self, ask: &Save) -> Result<RecordId, Fault> {
        let (list, enrolled) = (self.readable(&ask.list)?, self.facts().enrolled.ok_or_else(Fault::not_enrolled)?);
        let form = self.writable(list)?;
        if ask.record.is_none() && !form.makes_records() {
            return Err(fault!(Code::NotNow, list::ONLY_CHANGED));
        }
        let known = match ask.record {
            None => Fields::new(),
            Some(record) => self.read(|store| row::read(store, form.kind, record))?.ok_or_else(no_record)?,
        };
        let mut draft = form.draft(&known);
        let writes = |name: &String| form.fields().any(|field| field.name == *name && form.writes(field, self.level()));
        draft.extend(ask.draft.iter().filter(|(name, _)| writes(name)).map(|(name, typed)| (name.clone(), typed.clone())));
        if ask.record.is_none() {
            place(form, &enrolled, &mut draft);
        }
        let refused = |problems: Vec<FieldProblem>| FieldProblem::fault(&problems);
        let fields = form.read(&draft, self.clock.now().date()).map_err(refused)?;
        self.read(|store| {
            let mut problems = form.unknown(&fields, &Named(store));
            problems.extend(outside(store, form, &enrolled, &fields)?);
            Ok(if problems.is_empty() { Ok(()) } else { Err(refused(problems)) })
        })??;
        if self.read(|store| row::others_say(store, form.kind, form.unique, &fields, ask.record))? {
            return Err(form.twice());
        }
        let record = ask.record.unwrap_or_else(|| self.new_id());
        let asked = |field: &str| form.fields.contains(&field);
        let changes: Fields = differences(&known, &fields)
            .into_iter()
            .filter(|(name, value)| asked(name) && (ask.record.is_some() || *value != Value::Null))
            .collect();
        let said = |name: &str| changes.get(name).or_else(|| fields.get(name)).or_else(|| known.get(name));
        let problems: Vec<FieldProblem> = form.fields().filter_map(|field| meaningless(form, field, &changes, said)).collect();
        if !problems.is_empty() {
            return Err(refused(problems));
        }
        if !changes.is_empty() {
            let mutation =
                if ask.record.is_some() { Mutation::edit(form.kind, record, changes) } else { Mutation::first(form.kind, record, changes) };
            self.commit(&[mutation])?;
        }
        Ok(record)
    }

    /// The form of a list, where this desk may write by it.
    fn writable(&self, list: &'static ListSpec) -> Result<&'static FormSpec, Fault> {
        let form = list.form().ok_or_else(|| fault!(Code::NotNow, list::ONLY_READ))?;
        if !form.kind.author.has(self.level()) {
            return Err(fault!(Code::Forbidden, list::not_written_here(list.title)));
        }
        Ok(form)
    }

    /// A record as it is typed, for those who may write it.
    pub(crate) fn draft(&self, store: &Connection, list: &'static ListSpec, record: RecordId) -> Result<Option<Draft>, StoreError> {
        let (Ok(form), Some(enrolled)) = (self.writable(list), self.facts().enrolled) else { return Ok(None) };
        let Some(fields) = row::read(store, form.kind, record)? else { return Ok(None) };
        Ok(outside(store, form, &enrolled, &fields)?.is_empty().then(|| form.draft(&fields)))
    }

    /// What can be chosen in a field of a list's form.
    pub(crate) fn choices(&self, ask: &Choices) -> Result<Vec<Choice>, Fault> {
        let form = self.writable(self.readable(&ask.list)?)?;
        let enrolled = self.facts().enrolled.ok_or_else(Fault::not_enrolled)?;
        let field = form.fields().find(|field| field.name == ask.field).ok_or_else(|| fault!(Code::NotFound, form::NO_SUCH_FIELD))?;
        let text = ask.text.trim();
        let mut found = self.read(|store| all_of(store, field, &enrolled))?;
        found.retain(|choice| choice.words.contains(text));
        found.sort_by(|one, other| (&one.words, &one.value).cmp(&(&other.words, &other.value)));
        found.truncate(MOST);
        Ok(found)
    }
}

fn all_of(store: &Connection, field: &Field, enrolled: &Enrolled) -> Result<Vec<Choice>, StoreError> {
    let choice = |value: String, words: String| Choice { value, words };
    Ok(match field.ty {
        FieldType::Canteen => {
            let here = master::canteens_in(store, &enrolled.division)?.into_iter();
            here.filter(|canteen| enrolled.canteen.as_ref().is_none_or(|own| *own == canteen.code))
                .map(|canteen| choice(canteen.code, canteen.name))
                .collect()
        }
        FieldType::Division => {
            let inside =
                division::all().iter().filter(|entry| entry.valid_to.is_none() && division::within(entry.code, &enrolled.division));
            inside.map(|entry| choice(entry.code.to_owned(), division::short_name(entry.code).to_owned())).collect()
        }
        FieldType::Reference(kind) => {
            let rows = row::all(store, kind)?.into_iter();
            rows.map(|(id, fields)| choice(id.to_string(), name(&kind, &fields, language(), &Named(store)))).collect()
        }
        _ => Vec::new(),
    })
}

/// What is wrong with a changed field that has a meaning only where another one says something else than it does.
fn meaningless<'a>(
    form: &FormSpec,
    field: &'static Field,
    changes: &Fields,
    said: impl Fn(&str) -> Option<&'a Value>,
) -> Option<FieldProblem> {
    let (other, code) = field.only_with.filter(|_| changes.get(field.name).is_some_and(|value| *value != Value::Null))?;
    let other = form.kind.declared().field(other)?;
    let FieldType::Words(words) = other.ty else { return None };
    let fits = matches!(said(other.name), Some(Value::Text(stands)) if stands.as_str() == code);
    let word = words.label(code).filter(|_| !fits)?;
    Some(FieldProblem::new(field.name, both!(form::only_with(field.label, other.label, word))))
}

/// Where a new record stands, where only one place is possible: the desk's own canteen, its own division. What stands at a canteen needs
/// no division beside it.
fn place(form: &FormSpec, enrolled: &Enrolled, draft: &mut Draft) {
    let own = |field: &Field| match field.ty {
        FieldType::Canteen => enrolled.canteen.clone(),
        FieldType::Division => Some(enrolled.division.clone()),
        _ => None,
    };
    for field in form.fields().filter(|field| PLACING.contains(&field.name)) {
        let at_canteen = draft.get(PLACING[0]).is_some_and(|canteen| !canteen.trim().is_empty());
        let typed = draft.entry(field.name.to_owned()).or_default();
        if typed.trim().is_empty() && (field.required || !at_canteen) {
            *typed = own(field).unwrap_or_default();
        }
    }
}

/// Places that are not this desk's: what would be refused by the server is refused here already.
fn outside(store: &Connection, form: &FormSpec, enrolled: &Enrolled, fields: &Fields) -> Result<Vec<FieldProblem>, StoreError> {
    let mut problems = Vec::new();
    for field in form.fields().filter(|field| PLACING.contains(&field.name)) {
        let Some(Value::Text(code)) = fields.get(field.name) else { continue };
        let inside = match (field.ty, &enrolled.canteen) {
            (FieldType::Canteen, Some(own)) => own == code.as_str(),
            (FieldType::Canteen, None) => {
                master::canteen(store, code)?.is_some_and(|canteen| division::within(&canteen.division, &enrolled.division))
            }
            // A canteen serves its whole town.
            (_, Some(_)) => division::within(code, division::town_of(&enrolled.division)),
            (_, None) => division::within(code, &enrolled.division),
        };
        if !inside {
            problems.push(FieldProblem::new(field.name, both!(form::outside_scope(field.label))));
        }
    }
    // What stands in a division alone is its office's, but for what canteens write in their whole town.
    let alone = !matches!(fields.get(PLACING[0]), Some(Value::Text(_))) && enrolled.canteen.is_some() && !form.kind.of_the_town;
    if let Some(field) = form.fields().find(|field| field.name == PLACING[1]).filter(|_| alone && problems.is_empty()) {
        problems.push(FieldProblem::new(field.name, both!(form::outside_scope(field.label))));
    }
    Ok(problems)
}
