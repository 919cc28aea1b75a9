//! The order of driving that this computer kept for itself, before stops were records: it becomes the canteen's.

use crate::journal::Mutation;
use crate::look::Look;
use crate::plan::Plan;
use crate::store::{fact, row};
use shared::fault::Fault;
use shared::kinds::{Elder, RecordKind, Stop};
use shared::rule::run::{in_a_row, stop_id};

/// Writes a stop for everybody in it whom no other computer of the canteen put anywhere. Nothing before the first sync: what others made is not known yet.
pub(crate) fn keep_up(look: &Look<'_>) -> Result<Plan<()>, Fault> {
    let kept = look.read(fact::run)?;
    let known = look.facts.person_keys.is_some() && look.sync_state()?.last_sync.is_some();
    let Some(canteen) = look.canteen().map(str::to_owned).filter(|_| known && !kept.is_empty()) else {
        return Ok(Plan::Changes(Vec::new(), ()));
    };
    let key = look.county_key()?;
    Ok(Plan::within(move |writing| {
        let look = writing.look();
        for (elder, place) in in_a_row(kept) {
            let id = stop_id(&key, &canteen, elder);
            if look.read(|store| row::read(store, RecordKind::Stop, id))?.is_none() {
                let elder_name = look.record::<Elder>(elder)?.map(|file| file.name);
                let stop = Stop { elder, elder_name, canteen: canteen.clone(), route: None, place: Some(place) };
                writing.write(&Mutation::create(id, &stop))?;
            }
        }
        writing.note(fact::forget_run)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::desk::Desk;
    use shared::crypto::SoftProvider;
    use shared::schema::RecordId;
    use shared::wire::Enrolled;
    use std::sync::Arc;

    #[test]
    fn an_order_that_one_computer_kept_becomes_stops_once_and_not_before_the_first_sync() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::from_fn(|| jiff::Timestamp::from_second(1_795_312_080).unwrap());
        let desk = Desk::open_with(folder.path(), clock, Arc::new(SoftProvider::new())).unwrap();
        let enrolled = Enrolled {
            device: desk.0.new_id(),
            device_number: 1,
            canteen: Some("C001".into()),
            division: "445381001".into(),
            keys: String::new(),
            server_key: String::new(),
        };
        let known = |facts: &mut crate::facts::Facts| {
            (facts.enrolled, facts.person_keys) = (Some(enrolled), Some(shared::seal::PersonKeys(vec![("4453".to_owned(), vec![0; 32])])));
        };
        desk.0.change_facts(known).unwrap();
        let elders: Vec<RecordId> = (0..3).map(|_| desk.0.new_id()).collect();
        let id = |elder: RecordId| stop_id(&desk.0.look().county_key().unwrap(), "C001", elder);
        let place = |elder: RecordId| desk.0.look().record::<Stop>(id(elder)).unwrap().and_then(|stop| stop.place);
        let note = |name: &str, value: &str| desk.0.transact(|store| fact::set(store, name, value)).unwrap();
        note("run", &elders.iter().map(RecordId::to_string).collect::<Vec<_>>().join(" "));
        desk.keep_up().unwrap();
        assert_eq!(place(elders[0]), None, "others are not known yet");

        // Another computer put one of them somewhere.
        let put = Stop { elder: elders[1], elder_name: None, canteen: "C001".into(), route: None, place: Some(5) };
        desk.0.commit(&[Mutation::create(id(elders[1]), &put)]).unwrap();
        note("last_sync", "2026-11-22T09:00:00");
        desk.keep_up().unwrap();
        let places: Vec<Option<i64>> = elders.iter().map(|elder| place(*elder)).collect();
        let wanted: Vec<i64> = in_a_row(elders.iter().copied()).map(|(_, place)| place).collect();
        assert_eq!(places, [Some(wanted[0]), Some(5), Some(wanted[2])]);
        assert!(desk.0.look().read(fact::run).unwrap().is_empty(), "it is forgotten");
    }
}
