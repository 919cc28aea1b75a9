//! What people do: elders are enrolled, orders taken and changed, desks synced on good and on bad lines.

use super::{VILLAGE, World};
use crate::faults::kit::open_at;
use anyhow::{Result, ensure};
use desk::OneSync;
use shared::command::{Decide, ElderCard, ElderForm, List, MoveElder, Save, SaveElder, SetOutcome, TakeOrder};
use shared::fault::{Code, Fault};
use shared::form::Draft;
use shared::kinds::OrderState;
use shared::schema::Value;
use tests::records::lunch;

impl World {
    pub(super) fn enrol_elder(&mut self, at: usize) -> Result<()> {
        let number = self.roll(6);
        // A few of them have the same ID number: two offices meet in one file.
        let id_number = if number < 3 { ["445381195001010010", "445381195001010029", "445381195001010037"][number] } else { "" };
        let form = ElderForm {
            name: ["王桂英", "李木生", "陈亚娣", "区秀莲", "黄金水", "梁月好"][number].to_owned(),
            id_number: id_number.to_owned(),
            phone: format!("1390000000{number}"),
            division: VILLAGE.to_owned(),
            delivery_need: true,
            ..ElderForm::default()
        };
        match self.desk(at)?.ask(&SaveElder { elder: None, form }) {
            Ok(id) => {
                self.note(format!("{} enrols elder {number}", self.offices[at].name))?;
                if !self.offices[at].elders.contains(&id) {
                    self.offices[at].elders.push(id);
                }
                Ok(())
            }
            // Here already, or a check digit that does not fit: a person would look him up.
            Err(fault) if fault.code != Code::Broken => self.note(format!("{} does not enrol elder {number}", self.offices[at].name)),
            Err(fault) => Err(fault.into()),
        }
    }

    /// Somebody has another phone now.
    pub(super) fn correct(&mut self, at: usize) -> Result<()> {
        let elders = self.offices[at].elders.len();
        if elders == 0 {
            return Ok(());
        }
        let chosen = self.roll(elders);
        let elder = self.offices[at].elders[chosen];
        let desk = self.desk(at)?;
        let phone = format!("1380000000{}", self.roll(4));
        let form = match desk.ask(&ElderCard { elder: Some(elder) }) {
            Ok(card) => card.form,
            Err(fault) if fault.code == Code::NotFound => return self.note(format!("{} knows nobody there", self.offices[at].name)),
            Err(fault) => return Err(fault.into()),
        };
        match desk.ask(&SaveElder { elder: Some(elder), form: ElderForm { phone, ..form } }) {
            Ok(_) => self.note(format!("{} corrects a phone", self.offices[at].name)),
            Err(fault) if fault.code != Code::Broken => self.note(format!("{} corrects no phone: {:?}", self.offices[at].name, fault.code)),
            Err(fault) => Err(fault.into()),
        }
    }

    /// The centre erases somebody whom an office knows, and perhaps not yet the server.
    pub(super) fn erase(&mut self, at: usize) -> Result<()> {
        let elders = self.offices[at].elders.len();
        if elders == 0 {
            return Ok(());
        }
        let chosen = self.roll(elders);
        let elder = self.offices[at].elders[chosen];
        match self.server()?.erase_elder(&elder.to_string()) {
            Ok(_) => {
                self.erased.insert(elder);
                self.note(format!("somebody whom {} knows is erased", self.offices[at].name))
            }
            Err(fault) if fault.code == Code::NotFound => self.note("nobody is erased".into()),
            Err(fault) => Err(fault.into()),
        }
    }

    /// The server packs what is old, in small pages.
    pub(super) fn compact(&mut self) -> Result<()> {
        let fill = 300 << self.roll(5);
        let done = self.server()?.compact_in(fill)?;
        self.note(format!("the server compacts: {} pages, {} new", done.pages, done.packed))
    }

    /// Every table of the server is what its log says; a desk that begins now gets all of it, by pages and tail.
    pub(super) fn server_is_sound(&mut self) -> Result<()> {
        self.compact()?;
        let found = self.server()?.verify()?;
        ensure!(found.ok, "the server's tables: {:?}", found.problems);
        let folder = self.root.path().join("late");
        self.open_office("晚到".into(), 2, folder, Vec::new(), Vec::new())?;
        let at = self.offices.len() - 1;
        self.enrol(at)?;
        ensure!(!self.sync_well(at)? && self.sync_well(at)?, "who comes late does not agree");
        ensure!(self.ledger(at)? == self.ledger(2)?, "who comes late sees something else");
        self.offices.truncate(at);
        Ok(())
    }

    pub(super) fn take_order(&mut self, at: usize) -> Result<()> {
        let elders = self.offices[at].elders.len();
        if elders == 0 || self.offices[at].place == 2 {
            return self.enrol_elder(at);
        }
        let chosen = self.roll(elders);
        let elder = self.offices[at].elders[chosen];
        let day = 22 + self.roll(4);
        let take = TakeOrder { date: format!("2026-11-{day}").parse().ok(), ..lunch(elder) };
        match self.desk(at)?.ask(&take) {
            Ok(taken) => {
                let place = self.offices[at].place;
                self.note(format!("{} takes order {} for the {day}th", self.offices[at].name, self.confirmed.len()))?;
                self.confirmed.insert(taken.id.to_string(), place);
                let new = self.numbers.insert(taken.number.clone());
                ensure!(new || self.offices[at].copied, "{} gives the number {} twice", self.offices[at].name, taken.number);
                self.offices[at].orders.push(taken.id);
                Ok(())
            }
            Err(fault) if fault.code != Code::Broken => self.note(format!("{} takes no order: {:?}", self.offices[at].name, fault.code)),
            Err(fault) => Err(fault.into()),
        }
    }

    pub(super) fn edit(&mut self, at: usize) -> Result<()> {
        let orders = self.offices[at].orders.len();
        if orders == 0 {
            return Ok(());
        }
        let chosen = self.roll(orders);
        let order = self.offices[at].orders[chosen];
        let state = [OrderState::Prepared, OrderState::Out, OrderState::Delivered, OrderState::Cancelled][self.roll(4)];
        match self.desk(at)?.ask(&SetOutcome { order: Some(order), state: Some(state), reason: None }) {
            Ok(_) => self.note(format!("{} sets {state:?}", self.offices[at].name)),
            Err(fault) if fault.code != Code::Broken => self.note(format!("{} can't set {state:?}", self.offices[at].name)),
            Err(fault) => Err(fault.into()),
        }
    }

    /// Somebody decides what was said in two places at once; where there is nothing, the line is tried.
    pub(super) fn decide(&mut self, at: usize) -> Result<()> {
        let open = open_at(&self.desk(at)?)?;
        if open.is_empty() {
            return if self.offices[at].place == 2 { self.answer(at) } else { self.sync_badly(at) };
        }
        let line = &open[self.roll(open.len())];
        let choice = &line.choices[self.roll(line.choices.len())];
        let ask = Decide {
            kind: Some(line.kind),
            record: Some(line.record),
            field: line.field.clone(),
            choice: choice.name.clone(),
            stands: line.stands.clone(),
        };
        match self.desk(at)?.ask(&ask) {
            Ok(()) => self.note(format!("{} decides {}", self.offices[at].name, line.label)),
            Err(fault) if fault.code != Code::Broken => self.note(format!("{} may not decide {}", self.offices[at].name, line.label)),
            Err(fault) => Err(fault.into()),
        }
    }

    /// The township answers a canteen that asks for the file of somebody who eats at the other one.
    fn answer(&mut self, at: usize) -> Result<()> {
        let asked = self.desk(at)?.ask(&List { list: "transfers".into(), ..List::default() })?;
        let open: Vec<_> = asked
            .rows
            .iter()
            .filter(|row| row.cells.get("answer").is_none() && row.cells.get("side") == Some(&Value::Text("holding".into())))
            .filter(|row| row.cells.get("asked_by") != Some(&Value::Text(super::stranger::CANTEEN.into())))
            .map(|row| row.id)
            .collect();
        if open.is_empty() {
            return self.sync_badly(at);
        }
        let request = open[self.roll(open.len())];
        let answer = ["agreed", "declined"][self.roll(2)];
        let draft = Draft::from([("answer".into(), answer.into())]);
        self.desk(at)?.ask(&Save { list: "transfers".into(), record: Some(request), draft })?;
        self.note(format!("{} answers: {answer}", self.offices[at].name))
    }

    /// The township sends an elder to one of the canteens: the file leaves the other.
    pub(super) fn move_elder(&mut self, at: usize) -> Result<()> {
        let known: Vec<_> = self.offices.iter().flat_map(|office| office.elders.clone()).collect();
        if known.is_empty() {
            return Ok(());
        }
        let elder = known[self.roll(known.len())];
        let canteen = self.canteens[self.roll(2)].clone();
        match self.desk(at)?.ask(&MoveElder { elder: Some(elder), canteen: canteen.clone() }) {
            Ok(_) => self.note(format!("{} sends an elder to {canteen}", self.offices[at].name)),
            Err(fault) if fault.code != Code::Broken => self.note(format!("{} sends nobody: {:?}", self.offices[at].name, fault.code)),
            Err(fault) => Err(fault.into()),
        }
    }

    /// A sync on a bad line. Whatever goes wrong, it may be begun anew.
    pub(super) fn sync_badly(&mut self, at: usize) -> Result<()> {
        let desk = self.desk(at)?;
        let name = self.offices[at].name.clone();
        // A few changes at a time, so that much can happen in between.
        let mut sync = self.by_version(at, OneSync::in_pieces(3))?;
        while let Some(envelope) = desk.next_envelope(&mut sync)? {
            desk.look_ahead(&mut sync)?;
            if self.capabilities_asked(&desk, &mut sync, &envelope)? {
                continue;
            }
            let answer = match self.roll(20) {
                0 => return self.note(format!("{name}: the question is lost")),
                1 => {
                    let _ = self.receive(&envelope)?;
                    return self.note(format!("{name}: the answer is lost"));
                }
                2 => {
                    let mut bent = envelope;
                    let bit = self.roll(bent.len() * 8);
                    bent[bit / 8] ^= 1 << (bit % 8);
                    ensure!(self.server()?.receive(&bent).is_err(), "a bent envelope was taken");
                    return self.note(format!("{name}: the question is bent"));
                }
                3 => {
                    let first = self.receive(&envelope)?;
                    let _ = self.receive(&envelope)?;
                    self.note(format!("{name}: the question is doubled"))?;
                    first
                }
                4 => {
                    let _ = self.receive(&envelope)?;
                    self.note(format!("{name} dies in a sync"))?;
                    drop(desk);
                    return self.start(at);
                }
                5 => {
                    let cut = self.roll(envelope.len());
                    ensure!(self.server()?.receive(&envelope[..cut]).is_err(), "a cut envelope was taken");
                    return self.note(format!("{name}: the question is cut"));
                }
                _ => self.receive(&envelope)?,
            };
            match answer {
                Ok(answer) => desk.take_answer(&mut sync, answer)?,
                Err(fault) => return self.note(format!("{name} is told {:?}", fault.code)),
            }
        }
        let ended = desk.end_sync(&sync);
        let told = sync.summary();
        self.note(format!("{name} syncs: {} up, {} down, {:?}, repaired {}", told.pushed, told.pulled, told.standing, told.repaired))?;
        self.enrol_copy(at, ended)
    }

    /// A copy is told so; its people enrol it anew.
    pub(super) fn enrol_copy(&mut self, at: usize, ended: Result<(), Fault>) -> Result<()> {
        if ended.is_ok() {
            return Ok(());
        }
        self.note(format!("{} is a copy and enrols anew", self.offices[at].name))?;
        self.enrol(at)
    }

    /// A sync on a good line; gives whether both ends agree and nothing waits.
    pub(super) fn sync_well(&mut self, at: usize) -> Result<bool> {
        let desk = self.desk(at)?;
        let mut sync = self.by_version(at, OneSync::default())?;
        while let Some(envelope) = desk.next_envelope(&mut sync)? {
            match self.receive(&envelope)? {
                Ok(answer) => desk.take_answer(&mut sync, answer)?,
                Err(fault) => desk.take_refusal(&mut sync, fault)?,
            }
        }
        let ended = desk.end_sync(&sync);
        let told = sync.summary();
        let (agrees, moved) = (told.agrees, told.pushed + told.pulled);
        self.note(format!("{} syncs well: {} up, {} down, {:?}", self.offices[at].name, told.pushed, told.pulled, told.standing))?;
        let copy = ended.is_err();
        self.enrol_copy(at, ended)?;
        Ok(agrees && moved == 0 && !copy)
    }
}
