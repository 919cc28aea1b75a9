//! What a form is: fields of a kind in order, with the rule that they have to hold together. From it follow editors by field type, and one
//! check of what was typed, on screens and at the desk. Forms stand with their kinds; no kind is named here.

use crate::fault::{Code, Fault};
use crate::kinds::{Level, RecordKind};
use crate::money::Fen;
use crate::rule::{half_width::half_width, id_number::IdNumber, phone::PhoneNumber};
use crate::schema::{Author, Field, FieldType, Fields, IdFrom, Label, Names, RecordId, Sentence, Value};
use crate::words::{en, zh};
use crate::{both, fault, say};
use jiff::civil::{Date, DateTime, Time};
use std::collections::BTreeMap;

/// What stands in the fields as people type it: text by the name of the field; of yes and no, `1` is yes.
pub type Draft = BTreeMap<String, String>;

/// No field is longer, in characters.
const LONGEST: usize = 500;
/// Amounts and numbers are smaller.
const GREATEST: i64 = 100_000_000;

/// A form as declared.
#[derive(Debug)]
pub struct FormSpec {
    /// The kind that it writes.
    pub kind: RecordKind,
    /// Its fields in order.
    pub fields: &'static [&'static str],
    /// What the fields have to hold together, once each fits by itself; `today` comes from outside.
    pub rule: fn(&Fields, Date) -> Vec<FieldProblem>,
    /// Fields that together tell one record from another: no two records say the same in all of them.
    pub unique: &'static [&'static str],
}

/// A field that does not fit, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The name of the field.
    pub field: &'static str,
    /// For people, without an end.
    pub words: Sentence,
}

impl FieldProblem {
    /// For the field of that name.
    #[must_use]
    pub const fn new(field: &'static str, words: Sentence) -> Self {
        Self { field, words }
    }

    /// What is told to somebody who asked without looking.
    #[must_use]
    pub fn fault(problems: &[Self]) -> Fault {
        let all = || problems.iter().map(|problem| &problem.words);
        let (zh, en) = (zh::form::problems(all().map(|words| words.zh.as_str())), en::form::problems(all().map(|words| words.en.as_str())));
        Fault::new(Code::BadInput, zh, en)
    }
}

impl FormSpec {
    /// A form of these fields, of which each only has to fit by itself.
    #[must_use]
    pub const fn new(kind: RecordKind, fields: &'static [&'static str]) -> Self {
        Self { kind, fields, rule: |_, _| Vec::new(), unique: &[] }
    }

    /// What the fields have to hold together.
    #[must_use]
    pub const fn rule(self, rule: fn(&Fields, Date) -> Vec<FieldProblem>) -> Self {
        Self { rule, ..self }
    }

    /// Fields that together tell one record from another.
    #[must_use]
    pub const fn unique(self, unique: &'static [&'static str]) -> Self {
        Self { unique, ..self }
    }

    /// Its fields as declared.
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().filter_map(|name| self.kind.declared().field(name))
    }

    /// Whether a desk of that level writes a field of it.
    #[must_use]
    pub fn writes(&self, field: &Field, level: Level) -> bool {
        self.kind.author.has(level) && field.author.is_none_or(|author: Author| author.has(level))
    }

    /// Whether its records can be made by anybody who fills it in: their ids come from nowhere else, and it asks for all that a record must say.
    #[must_use]
    pub fn makes_records(&self) -> bool {
        let kind = self.kind.declared();
        kind.id == IdFrom::New && kind.fields.iter().all(|field| !field.required || self.fields.contains(&field.name))
    }

    /// What was typed as values; a field that was left empty is cleared.
    ///
    /// # Errors
    /// Every field that does not fit, in the order of the form.
    pub fn read(&self, draft: &Draft, today: Date) -> Result<Fields, Vec<FieldProblem>> {
        let (mut fields, mut problems) = (Fields::new(), Vec::new());
        for field in self.fields() {
            match field.read(draft.get(field.name).map_or("", String::as_str)) {
                Ok(value) => drop(fields.insert(field.name, value)),
                Err(words) => problems.push(FieldProblem::new(field.name, words)),
            }
        }
        if problems.is_empty() {
            problems = (self.rule)(&fields, today);
        }
        if problems.is_empty() { Ok(fields) } else { Err(problems) }
    }

    /// What the fields refer to that nobody knows.
    #[must_use]
    pub fn unknown(&self, fields: &Fields, names: &dyn Names) -> Vec<FieldProblem> {
        let known = |field: &Field, text: &str| match field.ty {
            FieldType::Canteen => names.canteen(text).is_some(),
            FieldType::Division => crate::division::find(text).is_some(),
            FieldType::Reference(kind) => text.parse().is_ok_and(|id| names.record(kind, id).is_some()),
            _ => true,
        };
        let problem = |field: &'static Field| match fields.get(field.name) {
            Some(Value::Text(text)) if !known(field, text) => Some(FieldProblem::new(field.name, both!(form::unknown(field.label)))),
            _ => None,
        };
        self.fields().filter_map(problem).collect()
    }

    /// What is told of a record that is there already.
    #[must_use]
    pub fn twice(&self) -> Fault {
        let labels: Vec<Label> = self.unique.iter().filter_map(|name| Some(self.kind.declared().field(name)?.label)).collect();
        fault!(Code::BadInput, form::twice(&labels, self.kind.label()))
    }

    /// The values of a record as they are typed.
    #[must_use]
    pub fn draft(&self, fields: &Fields) -> Draft {
        self.fields().map(|field| (field.name.to_owned(), field.typed(fields.get(field.name).unwrap_or(&Value::Null)))).collect()
    }
}

impl Field {
    /// What was typed as a value of this field; `Null` for nothing.
    ///
    /// # Errors
    /// What to say beside the field.
    pub fn read(&self, typed: &str) -> Result<Value, Sentence> {
        let label = self.label;
        let narrow: String;
        let text = match self.ty {
            FieldType::Text => typed.trim(),
            // What an input method for Chinese makes of digits and points.
            _ => {
                narrow = typed.trim().chars().map(half_width).collect();
                &narrow
            }
        };
        if text.is_empty() {
            return match self.ty {
                FieldType::YesNo => Ok(Value::Bool(false)),
                _ if self.required => Err(both!(form::missing(label))),
                _ => Ok(Value::Null),
            };
        }
        if text.chars().count() > LONGEST {
            return Err(both!(form::too_long(label, LONGEST)));
        }
        if text.contains(|c: char| c.is_control()) {
            return Err(both!(form::control_character(label)));
        }
        let kept = |right: bool, wanted: &dyn Fn() -> Sentence| if right { Ok(Value::Text(text.into())) } else { Err(wanted()) };
        match self.ty {
            FieldType::Text => Ok(Value::Text(text.into())),
            FieldType::YesNo => Ok(Value::Bool(text == "1")),
            FieldType::Words(words) => kept(words.label(text).is_some(), &|| both!(form::not_one_of_them(label))),
            FieldType::Day => kept(text.parse::<Date>().is_ok(), &|| both!(form::written_like(label, "2026-11-22"))),
            FieldType::Moment => kept(text.parse::<DateTime>().is_ok(), &|| both!(form::written_like(label, "2026-11-22T11:58"))),
            FieldType::TimeOfDay => kept(Time::strptime("%H:%M", text).is_ok(), &|| both!(form::written_like(label, "10:30"))),
            FieldType::Money => {
                let fen = Fen::parse_yuan(text).filter(|fen| fen.0 <= GREATEST);
                fen.map(|fen| Value::Int(fen.0)).ok_or_else(|| both!(form::not_money(label)))
            }
            FieldType::Number => {
                let number = text.parse().ok().filter(|number| (-GREATEST..=GREATEST).contains(number));
                number.map(Value::Int).ok_or_else(|| both!(form::not_a_number(label)))
            }
            FieldType::Phone => {
                let phone = PhoneNumber::parse(text).map(|phone| phone.as_str().to_owned());
                phone.map(|phone| Value::Text(phone.into())).map_err(|_| both!(form::not_a_phone(label)))
            }
            FieldType::IdNumber => match IdNumber::parse(text) {
                Ok(number) => Ok(Value::Text(number.as_str().into())),
                Err(error) => Err(both!(elder::id_number(error))),
            },
            FieldType::Id | FieldType::Reference(_) => kept(text.parse::<RecordId>().is_ok(), &|| both!(form::not_in_the_list(label))),
            FieldType::Canteen | FieldType::Division => {
                kept(text.chars().all(|c| !c.is_whitespace()), &|| both!(form::not_in_the_list(label)))
            }
            FieldType::Photos | FieldType::Data => Err(both!(form::not_typed(label))),
        }
    }

    /// A value of this field as it is typed; what is sealed and can't be read here is empty.
    #[must_use]
    pub fn typed(&self, value: &Value) -> String {
        match (self.ty, value) {
            (FieldType::Money, Value::Int(fen)) => Fen(*fen).to_string(),
            (_, Value::Int(number)) => number.to_string(),
            (_, Value::Bool(yes)) => if *yes { "1" } else { "" }.to_owned(),
            (_, Value::Text(text)) => text.to_string(),
            (_, Value::Null | Value::Bytes(_)) => String::new(),
        }
    }

    /// The label with its unit: 价格（元）.
    #[must_use]
    pub fn asked_as(&self) -> String {
        if self.ty == FieldType::Money { say!(form::in_yuan(self.label)) } else { self.label.said().to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::LISTS;
    use crate::schema::{Label, OnConflict};

    /// One of a kind that no desk writes, tried here beside those of the lists.
    static TRIED: FormSpec = FormSpec::new(RecordKind::MenuPrice, &["canteen", "meal", "name", "price", "valid_from", "valid_to"]);

    fn forms() -> impl Iterator<Item = &'static FormSpec> {
        LISTS.iter().filter_map(|list| list.form()).chain([&TRIED])
    }

    #[test]
    fn forms_name_fields_that_can_be_typed_and_all_that_must_be_there() {
        for form in forms() {
            let kind = form.kind;
            assert!(form.unique.iter().all(|name| form.fields.contains(name)), "{kind:?}");
            assert_eq!(form.fields().count(), form.fields.len(), "{kind:?} has no such field");
            assert!(kind.leaves_the_server() && kind.has_row(), "{kind:?}");
            // What the centre makes, or the desk from something else, is only changed by it: nobody is asked about what else must be there.
            let others = kind.fields.iter().filter(|field| field.required && !form.fields.contains(&field.name));
            let nobodys = |field: &Field| field.author == Some(Author::Centre) || field.on_conflict == OnConflict::Greatest;
            assert!(form.makes_records() || others.clone().count() > 0 && others.clone().all(nobodys), "{kind:?}");
            for field in kind.fields {
                let asked = form.fields.contains(&field.name);
                assert!(!asked || !matches!(field.ty, FieldType::Photos | FieldType::Data), "{kind:?}.{} can't be typed", field.name);
            }
        }
        for list in LISTS.iter().filter(|list| list.form().is_some()) {
            assert_eq!(list.kind, list.form().map(|form| form.kind), "{}", list.name);
        }
    }

    #[test]
    fn what_is_typed_comes_back_as_it_was_typed() {
        let today = "2026-11-22".parse().unwrap();
        for form in forms() {
            let mut draft: Draft = form.fields().map(|field| (field.name.to_owned(), sample(field).to_owned())).collect();
            let read = form.read(&draft, today).unwrap_or_else(|problems| panic!("{:?}: {problems:?}", form.kind));
            assert!(form.fields().all(|field| read.get(field.name).is_some_and(|value| field.fits(value))), "{read:?}");
            assert_eq!(form.draft(&read), draft);
            // Nothing at all names each field that must be there.
            draft.values_mut().for_each(String::clear);
            let missing: Vec<&str> = form.read(&draft, today).err().unwrap_or_default().iter().map(|problem| problem.field).collect();
            let due: Vec<&str> = form.fields().filter(|field| field.required).map(|field| field.name).collect();
            assert_eq!(missing, due, "{:?}", form.kind);
        }
    }

    fn sample(field: &Field) -> &'static str {
        match field.ty {
            FieldType::Words(words) => words.all[0].0,
            FieldType::Day => "2026-11-22",
            FieldType::Moment => "2026-11-22T11:58:00",
            FieldType::TimeOfDay => "10:30",
            FieldType::Money => "12.50",
            FieldType::Number => "125",
            FieldType::YesNo => "1",
            FieldType::Phone => "0766-8812345",
            FieldType::IdNumber => "11010519491231002X",
            FieldType::Id | FieldType::Reference(_) => "00112233445566778899aabbccddeeff",
            FieldType::Canteen => "C001",
            FieldType::Division => "445381001",
            FieldType::Text | FieldType::Photos | FieldType::Data => "番茄炒蛋",
        }
    }

    #[test]
    fn what_does_not_fit_is_said_in_words_and_nothing_strange_comes_through() {
        let field = |ty| Field::new("x", ty, true, Label::new("价格", "Price"));
        for (ty, wrong) in [
            (FieldType::Money, "十二"),
            (FieldType::Money, "-1"),
            (FieldType::Money, "12.345"),
            (FieldType::Money, "9223372036854775807"),
            (FieldType::Number, "1.5"),
            (FieldType::Number, "99999999999"),
            (FieldType::Day, "2026-02-30"),
            (FieldType::TimeOfDay, "25:00"),
            (FieldType::Phone, "123"),
            (FieldType::IdNumber, "123"),
            (FieldType::Reference(RecordKind::ALL[0]), "番茄炒蛋"),
            (FieldType::Canteen, "C 1"),
            (FieldType::Text, "a\u{0}b"),
            (FieldType::Text, "a\nb"),
            (FieldType::Photos, "ab"),
            (FieldType::Data, "{}"),
            (FieldType::Text, "  "),
        ] {
            assert!(field(ty).read(wrong).is_err_and(|words| !words.zh.is_empty() && !words.en.is_empty()), "{ty:?} {wrong}");
        }
        assert!(field(FieldType::Text).read(&"长".repeat(501)).is_err());
        let optional = Field { required: false, ..field(FieldType::Money) };
        assert_eq!((optional.read(" "), optional.read("１２．５")), (Ok(Value::Null), Ok(Value::Int(1_250))));
    }
}
