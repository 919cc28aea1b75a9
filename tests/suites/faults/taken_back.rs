//! Two desks of one place load the same list, take it back and load it again, apart and together: whom a list that stands names is found
//! everywhere, once; whom none names any more is found nowhere.

use super::kit::{Office, Town};
use anyhow::{Context, Result, ensure};
use shared::command::{FindElders, UndoDone, UndoImport};
use std::path::Path;

/// With a number, with a birth date only, with another document.
const LIST: &str = "姓名,身份证号,其他证件号,出生日期,社区\n莫卿银,445381193706252360,,,西区社区\n郑福国,,,1932-12-28,西区社区\n赖凤秀,,H0123456700,,石围社区\n";
const PEOPLE: [&str; 3] = ["莫卿银", "郑福国", "赖凤秀"];
const STEPS: usize = 14;
const SEEDS: u64 = 10;

/// A desk, and its imports that stand, the oldest first.
struct Place {
    office: Office,
    standing: Vec<i64>,
}

impl Place {
    fn load(&mut self, list: &Path) -> Result<[u64; 4]> {
        let done = self.office.desk.import_file(list, false, None)?;
        self.standing.push(done.import);
        Ok([done.new, done.update, done.same, done.error])
    }

    fn take_back(&mut self, which: usize) -> Result<UndoDone> {
        Ok(self.office.desk.ask(&UndoImport { import: self.standing.remove(which) })?)
    }

    fn finds(&self, name: &str) -> Result<usize> {
        Ok(self.office.desk.ask(&FindElders { text: name.to_owned(), limit: 9 })?.len())
    }
}

struct House {
    town: Town,
    places: [Place; 2],
}

impl House {
    fn new() -> Result<Self> {
        let town = Town::new()?;
        let place = |name| town.desk(name, false).map(|office| Place { office, standing: Vec::new() });
        let places = [place("one")?, place("two")?];
        std::fs::write(town.folder("list.csv"), LIST)?;
        Ok(Self { town, places })
    }

    fn load(&mut self, at: usize) -> Result<[u64; 4]> {
        self.places[at].load(&self.town.folder("list.csv"))
    }

    fn sync(&self, at: usize) -> Result<()> {
        self.places[at].office.sync(self.town.server()?).map(drop)
    }

    /// All hear of all, and what they settle of it.
    fn meet(&self) -> Result<()> {
        [0, 1, 0, 1, 0, 1].into_iter().try_for_each(|at| self.sync(at))
    }

    fn everybody_is_right(&self) -> Result<()> {
        self.meet()?;
        let expect = usize::from(self.places.iter().any(|place| !place.standing.is_empty()));
        for (at, place) in self.places.iter().enumerate() {
            for name in PEOPLE {
                let found = place.finds(name)?;
                ensure!(found == expect, "desk {at} finds {name} {found} times, not {expect}");
            }
            ensure!(place.office.sync(self.town.server()?)?.agrees && place.office.desk.check()?.is_empty(), "desk {at}");
        }
        Ok(())
    }
}

#[test]
fn what_one_desk_takes_back_the_other_keeps_that_loaded_it_too() -> Result<()> {
    let mut house = House::new()?;
    // At once and apart: one file each, also for those without an ID number.
    ensure!((house.load(0)?, house.load(1)?) == ([3, 0, 0, 0], [3, 0, 0, 0]));
    house.everybody_is_right()?;
    // One takes it back, hearing of the other; the other's list stands.
    house.places[0].take_back(0)?;
    house.everybody_is_right()?;
    ensure!(house.load(0)? == [0, 0, 3, 0]);
    // Taken back here and there they are gone, and come again with the next.
    house.places[0].take_back(0)?;
    house.places[1].take_back(0)?;
    house.everybody_is_right()?;
    ensure!((house.load(1)?, house.load(0)?) == ([3, 0, 0, 0], [3, 0, 0, 0]));
    house.everybody_is_right()?;
    // Who was served at one meanwhile stays, though the other that takes back has not heard of it.
    let two = &house.places[1].office;
    let elder = two.desk.ask(&FindElders { text: PEOPLE[1].to_owned(), limit: 9 })?[0].id;
    two.order(elder)?;
    house.places[1].take_back(0)?;
    let undone = house.places[0].take_back(0)?;
    ensure!(undone.restored == 3, "{undone:?}");
    house.meet()?;
    for place in &house.places {
        ensure!((place.finds(PEOPLE[0])?, place.finds(PEOPLE[1])?, place.finds(PEOPLE[2])?) == (0, 1, 0));
    }
    Ok(())
}

#[test]
fn a_list_taken_back_leaves_those_whom_a_later_one_names() -> Result<()> {
    let mut house = House::new()?;
    ensure!((house.load(0)?, house.load(0)?) == ([3, 0, 0, 0], [0, 0, 3, 0]));
    let undone = house.places[0].take_back(0)?;
    ensure!((undone.withdrawn, undone.listed) == (0, 3), "{undone:?}");
    house.everybody_is_right()?;
    let undone = house.places[0].take_back(0)?;
    ensure!((undone.withdrawn, undone.listed) == (3, 0), "{undone:?}");
    house.everybody_is_right()
}

#[test]
fn however_two_desks_load_and_take_back_nobody_is_lost_or_twice() -> Result<()> {
    let first = tests::device::NOW.unsigned_abs();
    for seed in first..first + SEEDS {
        let (mut house, mut state, mut trace) = (House::new()?, seed, Vec::new());
        let mut below = |limit: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % limit
        };
        for _ in 0..STEPS {
            let (at, act) = (below(2), below(5));
            let standing = house.places[at].standing.len();
            match act {
                0 | 1 => drop(house.load(at)?),
                2 | 3 if standing > 0 => drop(house.places[at].take_back(below(standing))?),
                _ => house.sync(at)?,
            }
            trace.push((at, act));
        }
        house.everybody_is_right().with_context(|| format!("seed {seed}: {trace:?}"))?;
    }
    Ok(())
}
