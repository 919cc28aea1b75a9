//! What people may do at a desk, by their role and where the desk stands: every command, about every list and about things of each place, given
//! to desks that hold what the server lets them see.

use super::golden::Golden;
use super::world::{Place, RELATIONS, SEATS, World};
use crate::faults::kit::{NOW, Office, turned_by, wire};
use anyhow::{Context, Result, ensure};
use desk::Desk;
use serde_json::{Value as Json, json};
use shared::command::{Lock, People, SignIn, Status};
use shared::crdt::first_change;
use shared::crypto::SoftProvider;
use shared::fault::{Code, Fault};
use shared::kinds::{OrderState, RecordKind, StaffRole};
use shared::list::{End, ListSpec};
use shared::rights::desk::COMMANDS;
use shared::schema::{Fields, Value};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use tests::photo;

const LETTERS: &str = "+ done, - not for this role or desk, L nobody has signed in, 0 no such thing here, w not done for another reason, o only with the server";
const PIN: &str = "271943";
/// Before anybody has a PIN, and while the desk is locked.
const NOBODY: [&str; 2] = ["unstaffed", "locked"];

/// A command that is tried: what stands for it, and what is asked; about a thing of a place where it is about one.
struct Try {
    thing: String,
    command: &'static str,
    relation: usize,
    ask: Json,
}

struct Counter {
    world: World,
    own: Place,
    office: Office,
    /// Makes names that were not given yet.
    drawn: u32,
}

impl Counter {
    fn desk(&self) -> &Desk {
        &self.office.desk
    }

    /// The record of a kind at a place that stands so to the desk, where there is one.
    fn id(&self, kind: RecordKind, place: Place) -> Option<String> {
        self.world.records.get(&(kind, place)).map(|stands| stands.id.to_string())
    }

    /// What is asked about nothing of a place.
    fn placeless(&mut self) -> Result<Vec<Try>> {
        let settings = serde_json::to_value(self.desk().ask(&Status {})?.settings)?;
        let mut tries: Vec<Try> = Vec::new();
        let mut add = |command: &'static str, about: &str, ask: Json| {
            let thing = if about.is_empty() { command.to_owned() } else { format!("{command} {about}") };
            tries.push(Try { thing, command, relation: 0, ask });
        };
        for command in ["status", "people", "stir", "progress", "refused_changes", "canteens", "villages", "list_imports", "sync_now"] {
            add(command, "", json!({}));
        }
        add("sign_in", "", json!({ "pin": PIN }));
        add("enrol", "", json!({ "server": "http://127.0.0.1:1", "code": "1234-5678-ABCD-EFGH-JKMN", "device_name": "电脑" }));
        add("name_of_division", "", json!({ "code": "445381" }));
        add("save_settings", "", json!({ "settings": settings }));
        add("find_elders", "", json!({ "text": "", "limit": 8 }));
        add("latest_orders", "", json!({ "limit": 8 }));
        add("today", "", json!({}));
        // A meal for which nobody ordered: nothing of the world changes.
        add("hand_over", "", json!({ "meal": "breakfast", "boxes": 1, "taken_by": "梁细妹" }));
        add("conflicts", "", json!({ "page": 0 }));
        add("undo_import", "", json!({ "import": 999 }));
        add("plan_orders", "", json!({ "group": "everybody", "days": ["2026-11-23"], "meal": "lunch" }));
        let lunch = json!({ "date": "2026-11-22", "meal": "lunch", "spare_percent": 5 });
        for command in ["kitchen", "freeze_count", "number_labels"] {
            add(command, "", lunch.clone());
        }
        add(
            "calendar",
            "",
            json!({ "canteen": if self.own.is_canteen() { "" } else { &self.world.canteens[&self.own] }, "from": "2026-11-22", "to": "2026-11-30" }),
        );
        for command in ["preview_import", "commit_import", "import_errors"] {
            let file = self.office.desk.hand_over("姓名,身份证号,村居\n王桂英,123,细坑社区\n".as_bytes())?;
            add(command, "", json!({ "file": file, "file_name": "名单.csv", "mapping": null }));
        }
        for list in shared::kinds::LISTS {
            add("list", list.name, json!({ "list": list.name, "words": {} }));
            add("export", list.name, json!({ "list": list.name, "words": {}, "full": list.masks(), "reason": "inspection", "note": "" }));
            let field = list.form().and_then(|form| form.fields.first().copied()).unwrap_or("canteen");
            add("choices", list.name, json!({ "list": list.name, "field": field, "text": "" }));
            self.drawn += 1;
            let name = format!("新的{}", self.drawn);
            let code = &self.world.canteens[&self.own];
            let draft = match list.name {
                "menu_items" => json!({ "canteen": code, "name": name, "course": "soup", "price": "3", "offered": "1" }),
                "staff" => json!({ "canteen": code, "name": name, "role": "cashier" }),
                "routes" => json!({ "canteen": code, "name": name }),
                "calendar_days" => {
                    let date = jiff::civil::date(2027, 1, 1).saturating_add(jiff::Span::new().days(i64::from(self.drawn)));
                    json!({ "date": date.to_string(), "opening": "rests", "name": name })
                }
                _ => json!({}),
            };
            add("save", &format!("{} new", list.name), json!({ "list": list.name, "record": null, "draft": draft }));
        }
        add("save_elder", "new", json!({ "elder": null, "form": { "name": "王桂芳", "division": "445381001008" } }));
        Ok(tries)
    }

    /// What is asked about things of a place.
    fn about(&self, relation: usize, place: Place) -> Result<Vec<Try>> {
        let mut tries = Vec::new();
        let mut add = |command: &'static str, about: &str, ask: Json| {
            let thing = if about.is_empty() { command.to_owned() } else { format!("{command} {about}") };
            tries.push(Try { thing, command, relation, ask });
        };
        for list in ListSpec::at(End::Desk) {
            let Some(record) = list.kind.and_then(|kind| self.id(kind, place)) else { continue };
            for command in ["get", "history"] {
                add(command, list.name, json!({ "list": list.name, "record": record }));
            }
            let draft = match list.name {
                "menu_items" => json!({ "price": "13" }),
                "menu_days" => json!({ "published": "1" }),
                "calendar_days" => json!({ "date": "2026-12-31", "until": "", "name": "盘点" }),
                "transfers" => json!({ "answer": "declined", "reason": "人还在这里" }),
                "doubts" => json!({ "verdict": "excluded", "note": "没有这一单" }),
                "staff" => json!({ "role": "clerk" }),
                _ => json!({}),
            };
            add("save", list.name, json!({ "list": list.name, "record": record, "draft": draft }));
        }
        if let (Some(canteen), Some(item)) = (self.world.canteens.get(&place), self.id(RecordKind::MenuItem, place)) {
            add("menu_week", "", json!({ "canteen": canteen, "day": "2026-11-22" }));
            add("find_menu_items", "", json!({ "canteen": canteen, "text": "", "limit": 8 }));
            add("change_menu", "", json!({ "canteen": canteen, "date": "2026-11-23", "meal": "lunch", "item": item, "off": true }));
            add("publish_menu", "", json!({ "canteen": canteen, "days": ["2026-11-23"] }));
            add("copy_menu", "", json!({ "canteen": canteen, "of": "2026-11-23", "to": "2026-11-30" }));
        }
        if let Some(elder) = self.id(RecordKind::Elder, place) {
            add("elder_card", "", json!({ "elder": elder }));
            add("reveal", "", json!({ "elder": elder, "reason": "inspection", "note": "" }));
            add("save_elder", "", json!({ "elder": elder, "form": { "name": "王桂英", "division": place.division() } }));
            add("move_elder", "", json!({ "elder": elder, "canteen": self.world.canteens[&place] }));
            let order = json!({ "elder": elder, "meal": "lunch", "mode": "own_delivery", "confirmed": true, "supplement_reason": "补录" });
            add("take_order", "", order);
            add("standing_of", "", json!({ "elder": elder }));
            add("save_standing", "", json!({ "elder": elder, "meal": "dinner", "draft": { "monday": "1" }, "confirmed": true }));
            add("decide", "", json!({ "kind": "elder", "record": elder, "field": "name", "choice": "x", "stands": "x" }));
        }
        if let Some(order) = self.id(RecordKind::Order, place) {
            add("order_detail", "", json!({ "order": order }));
            add("move_stop", "", json!({ "orders": [order], "moved": order }));
            add("put_on_route", "", json!({ "order": order, "route": null, "village": false }));
            for state in OrderState::ALL {
                add("set_outcome", state.code(), json!({ "order": order, "state": state.code() }));
            }
            add("save_receipt", "", json!({ "order": order, "arrived_at": "2026-11-22T09:40:00", "state": "delivered" }));
            let picture = std::fs::read(photo::small(self.world.root.path())?)?;
            add("keep_photo", "", json!({ "file": self.desk().hand_over(&picture)?, "order": order }));
        }
        if let Some(batch) = self.id(RecordKind::OrderBatch, place) {
            add("undo_batch", "", json!({ "batch": batch }));
        }
        if let Some(hash) = self.world.photos.get(&place) {
            add("photo_data", "", json!({ "hash": hex::encode(hash), "thumbnail": false }));
        }
        if let Some(person) = self.id(RecordKind::Staff, place) {
            add("reset_pin", "", json!({ "person": person }));
        }
        Ok(tries)
    }
}

fn letter(answer: &Result<Json, Fault>) -> Result<char> {
    Ok(match answer.as_ref().map_err(|fault| fault.code) {
        Ok(_) => '+',
        Err(Code::Forbidden) => '-',
        Err(Code::SignIn) => 'L',
        Err(Code::NotFound) => '0',
        Err(Code::Offline) => 'o',
        Err(Code::Broken) => anyhow::bail!("{answer:?}"),
        Err(_) => 'w',
    })
}

/// People of each role at the office of a place, who may choose a PIN.
fn enter_staff(world: &mut World, place: Place) -> Result<()> {
    let text = |text: &str| Value::Text(text.into());
    let mut changes = Vec::new();
    for role in StaffRole::ALL {
        let mut fields = world.placing(RecordKind::Staff, place).context("staff is anywhere")?;
        fields.retain(|_, value| *value != Value::Null);
        let said = [
            ("name", text(role.code())),
            ("role", text(role.code())),
            ("disabled", Value::Bool(false)),
            ("pin_reset_at", text("2026-11-22T08:00:00")),
        ];
        fields.extend(said.map(|(name, value)| (name.into(), value)).into_iter().collect::<Fields>());
        let (id, author) = (world.draw(), world.author());
        changes.push(wire(RecordKind::Staff, id, first_change(&author, &fields, NOW).bytes));
    }
    world.write(changes)
}

/// A desk of a place, with all that it may see.
fn counter(seat: usize) -> Result<Counter> {
    let own = SEATS[seat].1;
    let mut world = World::new()?;
    enter_staff(&mut world, own)?;
    let hand = Arc::new(AtomicI64::new(NOW));
    let desk = Desk::open_with(&world.root.path().join("desk"), turned_by(&hand), Arc::new(SoftProvider::new()))?;
    let office = Office::over(desk, hand)?;
    office.desk.enrol_by("http://127.0.0.1:1", &world.code(own)?, "电脑", |ask| world.server.enrol(ask))?;
    office.sync(&world.server)?;
    Ok(Counter { world, own, office, drawn: 0 })
}

/// What comes of everything for who sits there now, or nobody.
fn give_all(golden: &mut Golden, counter: &mut Counter, seat: usize, who: &str) -> Result<()> {
    let mut tries = counter.placeless()?;
    for (relation, place) in SEATS[seat].2.iter().enumerate().filter_map(|(at, place)| Some((at, (*place)?))) {
        tries.extend(counter.about(relation, place)?);
    }
    let known: BTreeSet<&str> = tries.iter().map(|one| one.command).chain(["lock"]).collect();
    ensure!(known == COMMANDS.iter().map(|(name, _)| *name).collect(), "a command is not tried, or no longer there");
    for one in tries {
        let answer = counter.desk().call(one.command, one.ask);
        golden.set(&format!("{} · {who}", one.thing), seat, one.relation, letter(&answer)?);
    }
    Ok(())
}

/// All of it at the desk of one place.
fn at_a_desk(golden: &mut Golden, seat: usize) -> Result<()> {
    let mut counter = counter(seat)?;
    give_all(golden, &mut counter, seat, NOBODY[0])?;
    let people = counter.desk().ask(&People {})?;
    for role in StaffRole::ALL {
        let person = people.iter().find(|person| person.name == role.code()).with_context(|| format!("{people:?}"))?;
        let status = counter.desk().ask(&SignIn { person: Some(person.id), pin: String::new(), new_pin: PIN.into() })?;
        ensure!(status.person.is_some_and(|person| person.role == *role), "{role:?} sits there");
        give_all(golden, &mut counter, seat, role.code())?;
    }
    golden.set("lock · manager", seat, 0, '+');
    counter.desk().ask(&Lock {})?;
    give_all(golden, &mut counter, seat, NOBODY[1])
}

/// All of it.
pub fn tried() -> Result<Golden> {
    let askers = SEATS.iter().map(|(name, ..)| (*name).to_owned()).collect();
    let mut golden = Golden::new("staff", LETTERS, askers, &RELATIONS);
    for (seat, (name, ..)) in SEATS.iter().enumerate() {
        at_a_desk(&mut golden, seat).context(*name)?;
    }
    Ok(golden)
}
