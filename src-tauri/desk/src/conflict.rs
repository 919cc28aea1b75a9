//! What was said differently in two places at once: the list for people, and their decision. It is an ordinary change
//! on top of all that stands, so that the matter is settled at every end; the rules of the ordinary edits hold.

use crate::desk::Inner;
use crate::elder::in_town;
use crate::fault::missing;
use crate::journal::Act;
use crate::order::{line, outcome_act};
use crate::store::{StoreError, change, conflict, elder, key, master, order};
use jiff::civil::DateTime;
use rusqlite::Connection;
use shared::command::{ConflictLine, ConflictPage, Conflicts, Decide, ReceiptLine};
use shared::conflict::{Question, elder_title, order_title, questions, said_at, words};
use shared::crdt::{History, Said};
use shared::fault::{Code, Fault};
use shared::record::{Fields, NotDeliveredReason, OrderState, RecordId, RecordKind, TextValue, Value};
use shared::rule::binding::{MoveFacts, Place, bind};
use shared::rule::order::step;
use shared::rule::receipt;
use shared::zh;
use std::collections::HashMap;

const PAGE: u32 = 50;

/// One matter with the history behind it.
struct Matter {
    kind: RecordKind,
    record: RecordId,
    question: Question,
    history: History,
}

impl Matter {
    fn find(store: &Connection, kind: RecordKind, record: RecordId, field: &str) -> Result<Option<Self>, StoreError> {
        let Ok(history) = History::of(&change::history(store, kind, record)?) else { return Ok(None) };
        let question = questions(kind, &history).into_iter().find(|question| question.field.name == field);
        Ok(question.map(|question| Self { kind, record, question, history }))
    }

    /// The value that is shown until somebody decides.
    fn shown(&self) -> Option<&Said> {
        self.question.said.first()
    }

    /// What the same change says in another field, as it is typed there.
    fn beside<T: TextValue>(&self, said: &Said, field: &str) -> Option<T> {
        match self.history.beside(said, field)? {
            Value::Text(text) => T::of_text(text),
            _ => None,
        }
    }
}

impl Inner {
    /// A page of what waits for a person, the latest first.
    pub(crate) fn conflicts(&self, ask: &Conflicts) -> Result<ConflictPage, Fault> {
        let (rows, total) =
            self.read(|store| Ok((conflict::page(store, PAGE, ask.page.saturating_mul(PAGE))?, conflict::count(store)?)))?;
        let devices = self.read(master::devices)?;
        let mut lines = Vec::with_capacity(rows.len());
        for (kind, record, field, _) in rows {
            if let Some(matter) = self.read(|store| Matter::find(store, kind, record, &field))? {
                lines.push(self.told(&matter, &devices)?);
            }
        }
        Ok(ConflictPage { rows: lines, total })
    }

    fn told(&self, matter: &Matter, devices: &HashMap<u32, String>) -> Result<ConflictLine, Fault> {
        let question = &matter.question;
        let mut opened = Vec::with_capacity(question.said.len());
        for said in &question.said {
            opened.push((said.value.clone(), self.read(|store| self.value_words(store, matter, &said.value))?));
        }
        let in_words =
            |value: &Value| opened.iter().find(|(known, _)| known == value).map_or_else(|| Ok(String::new()), |(_, words)| words.clone());
        let own = self.device_number();
        let device = |number: u32| match Some(number) == own {
            true => format!("本机（{number}号）"),
            false => zh::device(number, devices.get(&number).map(String::as_str)),
        };
        let mut choices = question.choices(in_words, device);
        for choice in &mut choices {
            choice.refused = match question.said.iter().find(|said| said.name() == choice.name) {
                Some(said) => self.decision(matter, said).err().map(|fault| fault.to_string()),
                None => None,
            };
        }
        Ok(ConflictLine {
            kind: matter.kind,
            record: matter.record,
            field: question.field.name.to_owned(),
            title: self.titled(matter.kind, matter.record)?,
            label: question.field.label.to_owned(),
            choices,
            stands: question.stands(),
        })
    }

    fn titled(&self, kind: RecordKind, record: RecordId) -> Result<String, Fault> {
        match kind {
            RecordKind::Order | RecordKind::Receipt => {
                if let Some(line) = self.read(|store| order::find(store, record))? {
                    return Ok(order_title(kind, &line.number, &line.name, line.date, line.meal));
                }
            }
            _ => {
                if let Some(elder) = self.read(|store| elder::find(store, record))? {
                    return Ok(elder_title(&elder.name));
                }
            }
        }
        Ok(self.title(Some(kind), record))
    }

    /// A value as people read it; a sealed one is opened, where its key is here, else an error says what stands instead.
    fn value_words(&self, store: &Connection, matter: &Matter, value: &Value) -> Result<Result<String, String>, StoreError> {
        let field = matter.question.field;
        let named = |code: &str| Ok::<_, StoreError>(master::canteen(store, code)?.map(|canteen| canteen.name));
        let value = match value {
            Value::Bytes(_) => {
                let sealed = Fields::from([(field.name.into(), value.clone())]);
                let opened = self.elder_keys(store, matter.record)?.open(self.crypto.as_ref(), matter.record, sealed).remove(field.name);
                let Some(opened) = opened else {
                    return Ok(Err(if key::is_erased(store, matter.record)? { "已删除" } else { "待解密" }.to_owned()));
                };
                opened
            }
            value => value.clone(),
        };
        let canteen = match &value {
            Value::Text(code) if field.name == "canteen" => named(code)?,
            _ => None,
        };
        Ok(Ok(words(field, &value, |_| canteen)))
    }

    /// A person decides.
    pub(crate) fn decide(&self, ask: &Decide) -> Result<(), Fault> {
        let (kind, record) = (ask.kind.ok_or_else(|| missing("哪一类资料"))?, ask.record.ok_or_else(|| missing("哪一份资料"))?);
        let find = |store: &Connection| {
            let matter = Matter::find(store, kind, record, &ask.field)?;
            Ok(matter.filter(|matter| matter.question.stands() == ask.stands))
        };
        let matter = self.read(find)?.ok_or_else(zh::decided_meanwhile)?;
        let chosen = matter.question.said.iter().find(|said| said.name() == ask.choice).ok_or_else(zh::decided_meanwhile)?;
        let acts = self.decision(&matter, chosen)?;
        let decided = self.commit_made(|transaction| {
            // What came in since the look stands as well; nobody has seen it.
            if find(transaction)?.is_none() {
                return Ok(false);
            }
            for act in acts {
                self.write(transaction, &act.decided(kind, record))?;
            }
            Ok(true)
        })?;
        if decided { Ok(()) } else { Err(zh::decided_meanwhile()) }
    }

    /// What it takes to let `chosen` stand, as the rules of the ordinary edits allow it.
    fn decision(&self, matter: &Matter, chosen: &Said) -> Result<Vec<Act>, Fault> {
        let (kind, field) = (matter.kind, matter.question.field.name);
        let enrolled = self.facts().enrolled.ok_or_else(zh::not_enrolled)?;
        let keeps = matter.shown().is_some_and(|shown| shown.value == chosen.value);
        match (kind, field, &chosen.value) {
            (RecordKind::Order, "state", Value::Text(state)) => return self.state_decision(matter, chosen, state),
            (RecordKind::Elder, "canteen", Value::Text(to)) => {
                for other in matter.question.said.iter().filter(|said| said.value != chosen.value) {
                    self.may_move(&enrolled.division, enrolled.canteen.as_deref(), &other.value, to)?;
                }
                return self.move_acts(matter.record, to);
            }
            (RecordKind::Elder, "canteen", _) => return Err(shared::rule::binding::MoveRefusal::OfTheTown.into()),
            (RecordKind::Elder, "division", Value::Text(village)) => in_town(village, &enrolled.division)?,
            (RecordKind::Elder, field, _) if shared::seal::is_sealed(field) => self.not_erased(matter.record)?,
            // What stands goes on to stand; the township decides when the time for free changes is over.
            (RecordKind::Receipt, ..) if !keeps => self.receipt_decision(matter, chosen, enrolled.canteen.is_some())?,
            _ => {}
        }
        Ok(vec![Act::edit(kind, matter.record, Fields::from([(field.into(), chosen.value.clone())]))])
    }

    /// Each of the states was a step that fitted where it was made, without knowing of the other; so it is judged from the beginning.
    fn state_decision(&self, matter: &Matter, chosen: &Said, state: &str) -> Result<Vec<Act>, Fault> {
        let order = line(self, matter.record)?;
        let state = OrderState::of_code(state).ok_or_else(zh::broken)?;
        let reason = matter.beside::<NotDeliveredReason>(chosen, "reason").or(order.reason);
        step(order.mode, OrderState::Placed, state, reason)?;
        let at = matter.beside::<DateTime>(chosen, "state_at").unwrap_or_else(|| said_at(chosen));
        Ok(vec![outcome_act(&order, state, reason, at)])
    }

    fn may_move(&self, division: &str, canteen: Option<&str>, from: &Value, to: &str) -> Result<(), Fault> {
        let from = match from {
            Value::Text(code) => code.as_str(),
            _ => return Ok(()),
        };
        let place = |code: &str| {
            self.read(|store| master::canteen(store, code)).map(|found| found.map(|canteen| canteen.division).unwrap_or_default())
        };
        let (there, here) = (place(from)?, place(to)?);
        let (from, to) = (Place { canteen: from, division: &there }, Place { canteen: to, division: &here });
        Ok(bind(&MoveFacts { desk_canteen: canteen, desk_division: division, from: Some(from), to })?)
    }

    fn receipt_decision(&self, matter: &Matter, chosen: &Said, at_canteen: bool) -> Result<(), Fault> {
        let order = line(self, matter.record)?;
        let Some(ReceiptLine { recorded_at, .. }) = order.receipt else { return Ok(()) };
        let now = self.clock.now();
        if let ("arrived_at", Value::Text(at)) = (matter.question.field.name, &chosen.value) {
            let at = at.parse().map_err(|_| Fault::new(Code::BadInput, "送达时间看不懂。", "请选另一个时间。"))?;
            receipt::arrival(order.date, at, now)?;
        }
        if at_canteen {
            let (_, _, _, code) = self.read(|store| order::particulars(store, order.id))?;
            let free_hours = self.read(|store| master::canteen(store, &code))?.map_or(24, |canteen| canteen.receipt_free_hours);
            receipt::change(recorded_at, free_hours, now)?;
        }
        Ok(())
    }
}
