//! Who may do what: one table, of roles against what they ask for. At a desk roles of staff ask by command (`desk`), at the server roles of
//! accounts ask by route (`console`), and both of them for lists, which stand here. Desk and server ask it before anything is done, the screens
//! before they offer it. Where somebody stands, and so of which places, is another question: that follows from kinds (`schema::Author`,
//! `schema::Scope`).

pub mod console;
pub mod desk;

use crate::kinds::{Role, StaffRole};

/// Who may ask for something, of the roles `R`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who<R: 'static> {
    /// Whoever comes, before anybody has signed in, too.
    Anybody,
    /// A computer, by the key that it enrolled with or by the code that it enrols by.
    Device,
    /// Whoever signed in, about what is their own; while another password has to be chosen, too.
    SignedIn,
    /// Of those who signed in, these roles.
    These(&'static [R]),
    /// It names a list, and the table of lists says who reads it.
    ReadersOfTheList,
    /// The table of lists says who writes it.
    WritersOfTheList,
}

impl<R: PartialEq> Who<R> {
    /// Whether somebody of that role is among them; `None` has not signed in.
    pub fn has(self, role: Option<R>) -> bool {
        match self {
            Self::Anybody => true,
            Self::SignedIn => role.is_some(),
            Self::These(roles) => role.is_some_and(|role| roles.contains(&role)),
            Self::Device | Self::ReadersOfTheList | Self::WritersOfTheList => false,
        }
    }
}

/// Who reads and writes a list.
#[derive(Clone, Copy, Debug)]
pub struct OfList {
    /// Its name.
    pub list: &'static str,
    /// Who reads it at a desk.
    pub staff: &'static [StaffRole],
    /// Who writes it there, where it has a form.
    pub writers: &'static [StaffRole],
    /// Which accounts read it at the console.
    pub accounts: &'static [Role],
}

const fn list(list: &'static str, staff: &'static [StaffRole], writers: &'static [StaffRole], accounts: &'static [Role]) -> OfList {
    OfList { list, staff, writers, accounts }
}

/// Each list, by its name.
pub const LISTS: &[OfList] = {
    use console::{AUDITORS, READERS, WATCHERS};
    use desk::{DECIDING, MANAGERS, OFFICE};
    &[
        list("orders", OFFICE, &[], READERS),
        list("elders", OFFICE, &[], READERS),
        list("standing_meals", OFFICE, &[], READERS),
        list("order_batches", OFFICE, &[], READERS),
        list("concerns", OFFICE, OFFICE, &[]),
        list("routes", OFFICE, OFFICE, &[]),
        list("stops", OFFICE, &[], &[]),
        list("hand_overs", OFFICE, OFFICE, &[]),
        list("kitchen_counts", OFFICE, &[], &[]),
        list("food_samples", OFFICE, OFFICE, &[]),
        list("kitchen_checks", OFFICE, OFFICE, &[]),
        list("canteens", OFFICE, &[], READERS),
        list("operators", OFFICE, &[], READERS),
        list("prices", OFFICE, &[], READERS),
        list("devices", &[], &[], READERS),
        list("conflicts", &[], &[], READERS),
        list("menu_items", OFFICE, OFFICE, READERS),
        list("menu_days", OFFICE, OFFICE, READERS),
        list("calendar_days", OFFICE, DECIDING, &[]),
        list("transfers", OFFICE, DECIDING, READERS),
        list("doubts", OFFICE, DECIDING, READERS),
        list("staff", MANAGERS, MANAGERS, READERS),
        list("disclosures", DECIDING, &[], READERS),
        list("exports", &[], &[], READERS),
        list("audit", &[], &[], AUDITORS),
        list("alarms", &[], &[], WATCHERS),
    ]
};

fn of_list(name: Option<&str>) -> Option<&'static OfList> {
    LISTS.iter().find(|of| Some(of.list) == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_list_stands_here_once() {
        let lists: Vec<&str> = LISTS.iter().map(|of| of.list).collect();
        let known: BTreeSet<&str> = crate::kinds::LISTS.iter().map(|list| list.name).collect();
        assert_eq!((lists.len(), lists.iter().copied().collect::<BTreeSet<_>>()), (known.len(), known.clone()), "twice, or not at all");
        for of in LISTS {
            let list = crate::kinds::LISTS.iter().find(|list| list.name == of.list).unwrap();
            assert_eq!(list.form().is_some(), !of.writers.is_empty(), "{}", of.list);
            assert!(of.writers.iter().all(|role| of.staff.contains(role)), "{} is written by who does not read it", of.list);
            let at = |end| list.ends.contains(&end);
            assert_eq!(at(crate::list::End::Desk), !of.staff.is_empty(), "{}", of.list);
            assert_eq!(at(crate::list::End::Console), !of.accounts.is_empty(), "{}", of.list);
        }
    }
}
