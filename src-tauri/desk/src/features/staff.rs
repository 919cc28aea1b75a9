//! 工作人员 at this desk: who may sign in, by a PIN that stays here, and what each may do then. A desk at which nobody ever chose a PIN asks
//! nobody; from the first on it answers whoever signed in.

use crate::fault::no_record;
use crate::journal::Mutation;
use crate::look::Look;
use crate::plan::Plan;
use crate::seat::{is_pin, verifier};
use crate::store::row;
use crate::store::staff::{self, KeptPin};
use jiff::ToSpan;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use shared::command::{Person, PersonHere, ResetPin, SignIn};
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{RecordKind, Staff, StaffRole};
use shared::rights::{Who, desk};
use shared::rule::pin;
use shared::schema::{Fields, Record, RecordId, Value};

/// How the desk stands as to its people.
pub(crate) struct Standing {
    pub(crate) person: Option<PersonHere>,
    pub(crate) locked: bool,
    pub(crate) unstaffed: bool,
}

/// Refuses what who sits there may not do, and everything where nobody does.
pub(crate) fn permit(look: &Look<'_>, command: &str, list: Option<&str>) -> Result<(), Fault> {
    if desk::who(command, list) == Who::Anybody || !look.read(staff::any_pin)? {
        return Ok(());
    }
    let person = here(look)?.ok_or_else(|| fault!(Code::SignIn, staff::LOCKED))?;
    if desk::may(Some(person.role), command, list) { Ok(()) } else { Err(fault!(Code::Forbidden, staff::NOT_THIS_ROLE)) }
}

/// How the desk stands.
pub(crate) fn standing(look: &Look<'_>) -> Result<Standing, Fault> {
    let (person, staffed) = (here(look)?, look.read(staff::any_pin)?);
    Ok(Standing { locked: staffed && person.is_none(), unstaffed: !staffed, person })
}

/// Who signed in, and may still: the centre may have disabled somebody, or made the PIN void.
fn here(look: &Look<'_>) -> Result<Option<PersonHere>, Fault> {
    let Some(id) = look.seated() else { return Ok(None) };
    let Some(staff) = look.record::<Staff>(id)?.filter(|staff| is_here(look, staff)) else { return Ok(None) };
    let pin = counting(look, id, &staff)?;
    Ok(pin.map(|_| PersonHere { id, name: staff.name, role: staff.role }))
}

/// Of the staff of this place, and not of one below it.
fn is_here(look: &Look<'_>, staff: &Staff) -> bool {
    let Some(enrolled) = &look.facts.enrolled else { return false };
    let own = match &enrolled.canteen {
        Some(canteen) => staff.canteen.as_ref() == Some(canteen),
        None => staff.canteen.is_none() && staff.division.as_ref() == Some(&enrolled.division),
    };
    own && !staff.disabled
}

/// The PIN of somebody, where it is not void.
fn counting(look: &Look<'_>, id: RecordId, staff: &Staff) -> Result<Option<KeptPin>, Fault> {
    Ok(look.read(|store| staff::pin(store, id))?.filter(|kept| pin::counts(kept.chosen_at, staff.pin_reset_at)))
}

/// Whoever is new, was given leave, or is the first manager at this computer, chooses a PIN without one.
fn may_choose(look: &Look<'_>, id: RecordId, staff: &Staff) -> Result<bool, Fault> {
    let first = staff.role == StaffRole::Manager && !look.read(staff::any_of_the_staff)?;
    Ok(first || pin::may_choose(entered(id), staff.pin_reset_at, look.now))
}

/// When a record was made.
fn entered(id: RecordId) -> Option<DateTime> {
    let at = jiff::Timestamp::from_second(id.made_at()?).ok()?;
    Some(at.to_zoned(TimeZone::fixed(Offset::constant(8))).datetime())
}

/// Who may sign in, by name.
pub(crate) fn people(look: &Look<'_>) -> Result<Vec<Person>, Fault> {
    let all = look.read(|store| row::all(store, RecordKind::Staff))?;
    let mut people = Vec::new();
    for (id, fields) in all {
        let Some(staff) = Staff::from_fields(&fields).ok().filter(|staff| is_here(look, staff)) else { continue };
        let kept = counting(look, id, &staff)?;
        let until = kept.as_ref().and_then(|kept| pin::waits_until(kept.wait_until, look.seconds()));
        let waits_until = until.and_then(|until| look.now.checked_add((until - look.seconds()).seconds()).ok());
        let may_choose = kept.is_none() && may_choose(look, id, &staff)?;
        people.push(Person { id, name: staff.name, role: staff.role, has_pin: kept.is_some(), may_choose, waits_until });
    }
    people.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    Ok(people)
}

fn asked(look: &Look<'_>, person: Option<RecordId>) -> Result<(RecordId, Staff), Fault> {
    let nobody = || fault!(Code::NotFound, staff::NOBODY);
    let id = person.ok_or_else(nobody)?;
    Ok((id, look.record::<Staff>(id)?.filter(|staff| is_here(look, staff)).ok_or_else(nobody)?))
}

/// Before a PIN is looked at the try is counted, durably: who pulls the plug has tried all the same.
pub(crate) fn count_try(look: &Look<'_>, ask: &SignIn) -> Result<Plan<()>, Fault> {
    let (id, staff) = asked(look, ask.person)?;
    let Some(kept) = counting(look, id, &staff)? else { return Ok(Plan::Changes(Vec::new(), ())) };
    let now = look.seconds();
    if let Some(until) = pin::waits_until(kept.wait_until, now) {
        return Err(fault!(Code::NotNow, staff::wait((until - now + 59) / 60)));
    }
    let wrong = kept.wrong.saturating_add(1);
    let wait = Some(pin::wait(wrong)).filter(|wait| *wait > 0).map(|wait| now + wait);
    Ok(Plan::within(move |writing| writing.note(|store| staff::set_wrong(store, id, wrong, wait))))
}

/// Looks at the PIN; then who it is sits there. A first PIN, or another one, is kept.
pub(crate) fn sign_in(look: &Look<'_>, ask: &SignIn) -> Result<Plan<RecordId>, Fault> {
    let (id, staff) = asked(look, ask.person)?;
    match counting(look, id, &staff)? {
        Some(kept) if !is_pin(&kept.verifier, &ask.pin) => return Err(fault!(Code::Refused, staff::WRONG_PIN)),
        None if !may_choose(look, id, &staff)? => {
            let first = !look.read(staff::any_of_the_staff)?;
            return Err(if first { fault!(Code::NotNow, staff::MANAGER_FIRST) } else { fault!(Code::NotNow, staff::ASK_FOR_RESET) });
        }
        None if ask.new_pin.is_empty() => return Err(fault!(Code::BadInput, staff::PIN_MISSING)),
        _ => {}
    }
    if ask.new_pin.is_empty() {
        return Ok(Plan::within(move |writing| writing.note(|store| staff::set_wrong(store, id, 0, None)).map(|()| id)));
    }
    pin::check(&ask.new_pin)?;
    let verifier = verifier(&ask.new_pin)?;
    // Behind the reset that gave leave, whatever the clock of who reset it showed.
    let after = staff.pin_reset_at.map(|reset| reset.saturating_add(1.second()));
    let chosen_at = after.map_or(look.now, |after| look.now.max(after));
    Ok(Plan::within(move |writing| writing.note(|store| staff::put_pin(store, id, &verifier, chosen_at)).map(|()| id)))
}

/// Looks at the PIN of a second person beside the one who sits there: somebody else, who may do the same. Gives the name.
pub(crate) fn agree(look: &Look<'_>, ask: &SignIn, command: &str, list: Option<&str>) -> Result<Plan<String>, Fault> {
    let (id, staff) = asked(look, ask.person)?;
    let Some(kept) = counting(look, id, &staff)?.filter(|kept| is_pin(&kept.verifier, &ask.pin)) else {
        return Err(fault!(Code::Refused, staff::WRONG_PIN));
    };
    if look.seated().is_none_or(|seated| seated == id) {
        return Err(fault!(Code::Forbidden, staff::SECOND_IS_ANOTHER));
    }
    if !desk::may(Some(staff.role), command, list) {
        return Err(fault!(Code::Forbidden, staff::NOT_THIS_ROLE));
    }
    if !pin::may_agree(kept.chosen_at, look.now) {
        return Err(fault!(Code::NotNow, staff::second_is_new()));
    }
    Ok(Plan::within(move |writing| writing.note(|store| staff::set_wrong(store, id, 0, None)).map(|()| staff.name)))
}

/// Makes somebody's PIN void, wherever it was chosen.
pub(crate) fn reset_pin(look: &Look<'_>, ask: &ResetPin) -> Result<Plan<()>, Fault> {
    let id = ask.person.ok_or_else(no_record)?;
    look.record::<Staff>(id)?.ok_or_else(no_record)?;
    let reset = Fields::from([("pin_reset_at".into(), Value::Text(look.now.to_string().into()))]);
    Ok(Plan::Changes(vec![Mutation::edit(RecordKind::Staff, id, reset)], ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::desk::Desk;
    use jiff::Timestamp;
    use shared::command::{FindElders, Get, List, Lock, People, Save, SaveSettings, Settings, Status, Stir};
    use shared::crypto::SoftProvider;
    use shared::wire::Enrolled;
    use std::path::Path;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    const PIN: &str = "271943";

    /// A canteen's desk whose clock is turned by hand.
    struct Shop {
        desk: Desk,
        now: Arc<AtomicI64>,
    }

    impl Shop {
        fn open(folder: &Path) -> Self {
            let now = Arc::new(AtomicI64::new(1_795_312_080));
            let clock = Arc::clone(&now);
            let clock = Clock::from_fn(move || Timestamp::from_second(clock.load(Ordering::Relaxed)).unwrap());
            let desk = Desk::open_with(folder, clock, Arc::new(SoftProvider::new())).unwrap();
            let enrolled = Enrolled {
                device: desk.0.new_id(),
                device_number: 1,
                canteen: Some("C001".into()),
                division: "445381001".into(),
                keys: String::new(),
                server_key: String::new(),
            };
            desk.0.change_facts(|facts| facts.enrolled = Some(enrolled)).unwrap();
            Self { desk, now }
        }

        fn pass(&self, seconds: i64) {
            self.now.fetch_add(seconds, Ordering::Relaxed);
        }

        fn enter(&self, name: &str, role: StaffRole) -> RecordId {
            let fields = Fields::from([
                ("canteen".into(), Value::Text("C001".into())),
                ("name".into(), Value::Text(name.into())),
                ("role".into(), Value::Text(role.code().into())),
                ("disabled".into(), Value::Bool(false)),
            ]);
            let id = self.desk.0.new_id();
            self.desk.0.commit(&[Mutation::first(RecordKind::Staff, id, fields)]).unwrap();
            id
        }

        fn set(&self, person: RecordId, field: &'static str, value: Value) {
            self.desk.0.commit(&[Mutation::edit(RecordKind::Staff, person, Fields::from([(field.into(), value)]))]).unwrap();
        }

        fn sign_in(&self, person: RecordId, pin: &str, new_pin: &str) -> Result<PersonHere, Code> {
            let ask = SignIn { person: Some(person), pin: pin.to_owned(), new_pin: new_pin.to_owned() };
            let status = self.desk.ask(&ask).map_err(|fault| fault.code)?;
            assert!(!status.locked && !status.unstaffed);
            Ok(status.person.unwrap())
        }

        fn finds(&self) -> Result<usize, Code> {
            self.desk.ask(&FindElders::default()).map(|found| found.len()).map_err(|fault| fault.code)
        }
    }

    #[test]
    fn from_the_first_pin_on_the_desk_answers_who_signed_in_and_nobody_else() {
        let folder = tempfile::tempdir().unwrap();
        let shop = Shop::open(folder.path());
        assert!(shop.desk.ask(&Status {}).unwrap().unstaffed);
        let (fang, li) = (shop.enter("王芳", StaffRole::Manager), shop.enter("李强", StaffRole::Cashier));
        assert_eq!(shop.finds(), Ok(0), "nobody has a PIN: work goes on as ever");
        shop.pass(8 * 86_400);
        assert_eq!(shop.sign_in(li, "", PIN), Err(Code::NotNow), "a manager first");
        assert_eq!(shop.sign_in(fang, "", "123456"), Err(Code::BadInput));
        assert_eq!(shop.sign_in(fang, "", PIN).unwrap().name, "王芳");
        assert_eq!(shop.finds(), Ok(0));
        shop.desk.ask(&Lock {}).unwrap();
        let status = shop.desk.ask(&Status {}).unwrap();
        assert!(status.locked && status.person.is_none());
        assert_eq!(shop.finds(), Err(Code::SignIn));
        assert_eq!(shop.desk.list_all(&List { list: "elders".into(), ..List::default() }, &mut |_| Ok(())).unwrap_err().code, Code::SignIn);
        drop(shop);
        let shop = Shop::open(folder.path());
        shop.pass(9 * 86_400);
        assert_eq!(shop.finds(), Err(Code::SignIn), "a restart is no way in");
        assert_eq!(shop.sign_in(li, "", PIN), Err(Code::NotNow), "nor is a name without a PIN");
        assert_eq!(shop.sign_in(fang, "", "835520"), Err(Code::Refused), "nor another PIN beside the one that stands");
        assert_eq!(shop.sign_in(fang, PIN, "835520").unwrap().id, fang);
        assert_eq!(shop.sign_in(fang, PIN, ""), Err(Code::Refused));
        assert_eq!(shop.sign_in(fang, "835520", "").unwrap().id, fang);
    }

    #[test]
    fn wrong_pins_are_counted_before_they_are_looked_at_and_make_one_wait() {
        let folder = tempfile::tempdir().unwrap();
        let shop = Shop::open(folder.path());
        let (fang, li) = (shop.enter("王芳", StaffRole::Manager), shop.enter("李强", StaffRole::Cashier));
        shop.sign_in(fang, "", PIN).unwrap();
        shop.sign_in(li, "", "604172").unwrap();
        for _ in 0..5 {
            assert_eq!(shop.sign_in(li, "000000", ""), Err(Code::Refused));
        }
        assert_eq!(shop.sign_in(li, "604172", ""), Err(Code::NotNow), "the right one as well");
        assert!(shop.desk.ask(&People {}).unwrap().iter().any(|person| person.id == li && person.waits_until.is_some()));
        assert_eq!(shop.sign_in(fang, PIN, "").unwrap().id, fang, "others go on working");
        drop(shop);
        let shop = Shop::open(folder.path());
        assert_eq!(shop.sign_in(li, "604172", ""), Err(Code::NotNow), "who pulls the plug waits as long");
        shop.pass(61);
        assert_eq!(shop.sign_in(li, "000000", ""), Err(Code::Refused));
        shop.pass(61);
        assert_eq!(shop.sign_in(li, "604172", ""), Err(Code::NotNow), "longer each time");
        shop.pass(60);
        shop.sign_in(li, "604172", "").unwrap();
        assert_eq!(shop.sign_in(li, "000000", ""), Err(Code::Refused));
        shop.sign_in(li, "604172", "").unwrap();
    }

    #[test]
    fn a_desk_at_which_nobody_does_anything_locks_itself() {
        let folder = tempfile::tempdir().unwrap();
        let shop = Shop::open(folder.path());
        let fang = shop.enter("王芳", StaffRole::Manager);
        shop.sign_in(fang, "", PIN).unwrap();
        shop.pass(500);
        shop.desk.ask(&Stir {}).unwrap();
        shop.pass(500);
        assert_eq!(shop.finds(), Ok(0));
        assert!(!shop.desk.ask(&Status {}).unwrap().locked, "to look is no work, and does not lock");
        shop.pass(101);
        assert!(shop.desk.ask(&Status {}).unwrap().locked);
        shop.desk.ask(&Stir {}).unwrap();
        assert_eq!(shop.finds(), Err(Code::SignIn), "to stir does not open");
    }

    #[test]
    fn who_is_disabled_or_reset_elsewhere_is_out_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let shop = Shop::open(folder.path());
        let (fang, li) = (shop.enter("王芳", StaffRole::Manager), shop.enter("李强", StaffRole::Courier));
        shop.sign_in(fang, "", PIN).unwrap();
        shop.sign_in(li, "", "604172").unwrap();
        assert_eq!(shop.finds(), Err(Code::Forbidden), "a courier looks for nobody");
        let reset = |person| shop.desk.ask(&ResetPin { person: Some(person) }).map_err(|fault| fault.code);
        assert_eq!(reset(fang), Err(Code::Forbidden));
        shop.set(li, "disabled", Value::Bool(true));
        assert!(shop.desk.ask(&Status {}).unwrap().locked);
        assert_eq!(shop.sign_in(li, "604172", ""), Err(Code::NotFound));
        shop.set(li, "disabled", Value::Bool(false));
        shop.sign_in(fang, PIN, "").unwrap();
        shop.pass(8 * 86_400);
        shop.sign_in(fang, PIN, "").unwrap();
        assert_eq!(reset(li), Ok(()));
        assert_eq!(shop.sign_in(li, "604172", ""), Err(Code::BadInput), "it is void");
        assert_eq!(shop.sign_in(li, "", "604173").unwrap().id, li);
        shop.sign_in(li, "604173", "").unwrap();
        // By the clock of a computer that goes ahead.
        let ahead = shop.desk.0.clock.now().saturating_add(3.hours());
        shop.set(li, "pin_reset_at", Value::Text(ahead.to_string().into()));
        shop.sign_in(li, "", "604174").unwrap();
        shop.sign_in(li, "604174", "").unwrap();
    }

    #[test]
    fn who_does_not_see_to_the_computer_points_it_to_no_other_server() {
        let folder = tempfile::tempdir().unwrap();
        let shop = Shop::open(folder.path());
        let (fang, li) = (shop.enter("王芳", StaffRole::Manager), shop.enter("李强", StaffRole::Cashier));
        let point = |server: &str, large_type| {
            let settings = Settings { server: server.to_owned(), large_type, ..Settings::default() };
            shop.desk.ask(&SaveSettings { settings }).map(|kept| (kept.server, kept.large_type)).map_err(|fault| fault.code)
        };
        shop.sign_in(fang, "", PIN).unwrap();
        assert_eq!(point("https://a", false), Ok(("https://a".to_owned(), false)));
        shop.sign_in(li, "", "604172").unwrap();
        assert_eq!(point("https://b", false), Err(Code::Forbidden));
        assert_eq!(point("https://a", true), Ok(("https://a".to_owned(), true)), "the rest is anybody's");
    }

    #[test]
    fn what_is_done_is_told_with_who_did_it() {
        let folder = tempfile::tempdir().unwrap();
        let shop = Shop::open(folder.path());
        let fang = shop.enter("王芳", StaffRole::Manager);
        let draft = |name: &str| {
            let typed = [("name", name), ("course", "meat"), ("price", "12"), ("offered", "1")];
            typed.map(|(field, typed)| (field.to_owned(), typed.to_owned())).into()
        };
        let mut canteen = shared::schema::arbitrary::Seeded(1).record(RecordKind::Canteen, "C001", "445381001");
        canteen.insert("code", Value::Text("C001".into()));
        shop.desk.0.commit(&[Mutation::first(RecordKind::Canteen, shop.desk.0.new_id(), canteen)]).unwrap();
        let save = |name: &str| shop.desk.ask(&Save { list: "menu_items".into(), record: None, draft: draft(name) }).unwrap();
        let before = save("蒸排骨");
        shop.pass(1);
        shop.sign_in(fang, "", PIN).unwrap();
        let after = save("焖鸡");
        let by = |record| {
            let got = shop.desk.ask(&Get { list: "menu_items".into(), record: Some(record) }).unwrap();
            got.history.into_iter().map(|entry| entry.by).collect::<Vec<_>>()
        };
        assert_eq!((by(before), by(after)), (vec![None], vec![Some("王芳".to_owned())]));
    }
}
