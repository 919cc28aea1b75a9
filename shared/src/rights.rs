//! Who may do what at a desk: one table, of the roles of staff against commands, and against lists for the commands that name one.
//! The desk asks it before each command, its screens before they offer one. Where a desk stands, and so what it may see and write, is
//! another question: that follows from kinds (`schema::Author`, `schema::Scope`).

use crate::kinds::StaffRole::{self, Cashier, Clerk, Courier, Manager, Operations};

/// Who may give a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Whoever stands before the computer, before anybody has signed in, too.
    Anybody,
    /// Of those who signed in, these roles.
    These(&'static [StaffRole]),
    /// It names a list, and the table of lists says who reads it.
    ReadersOfTheList,
    /// The table of lists says who writes it.
    WritersOfTheList,
}

const EVERYBODY: &[StaffRole] = &[Manager, Cashier, Clerk, Courier, Operations];
/// Whoever works with the files of elders.
const OFFICE: &[StaffRole] = &[Manager, Cashier, Clerk];
/// Whoever is on the way with meals, too.
const MEALS: &[StaffRole] = &[Manager, Cashier, Clerk, Courier];
/// Whoever sees to the computer.
const COMPUTER: &[StaffRole] = &[Manager, Operations];
/// Whoever decides for others.
const DECIDING: &[StaffRole] = &[Manager, Clerk];
const MANAGERS: &[StaffRole] = &[Manager];

/// Each command, by its name.
pub const COMMANDS: &[(&str, Who)] = &[
    ("status", Who::Anybody),
    ("people", Who::Anybody),
    ("sign_in", Who::Anybody),
    ("lock", Who::Anybody),
    ("stir", Who::Anybody),
    ("progress", Who::Anybody),
    ("name_of_division", Who::Anybody),
    ("reset_pin", Who::These(MANAGERS)),
    ("enrol", Who::These(COMPUTER)),
    ("sync_now", Who::These(EVERYBODY)),
    ("save_settings", Who::These(EVERYBODY)),
    ("refused_changes", Who::These(EVERYBODY)),
    ("reveal", Who::These(OFFICE)),
    ("find_elders", Who::These(OFFICE)),
    ("elder_card", Who::These(OFFICE)),
    ("save_elder", Who::These(OFFICE)),
    ("move_elder", Who::These(OFFICE)),
    ("canteens", Who::These(OFFICE)),
    ("villages", Who::These(OFFICE)),
    ("take_order", Who::These(OFFICE)),
    ("latest_orders", Who::These(OFFICE)),
    ("set_outcome", Who::These(MEALS)),
    ("today", Who::These(MEALS)),
    ("save_run", Who::These(MEALS)),
    ("save_receipt", Who::These(MEALS)),
    ("keep_photo", Who::These(MEALS)),
    ("photo_data", Who::These(MEALS)),
    ("order_detail", Who::These(MEALS)),
    ("preview_import", Who::These(OFFICE)),
    ("commit_import", Who::These(OFFICE)),
    ("import_errors", Who::These(OFFICE)),
    ("undo_import", Who::These(OFFICE)),
    ("list_imports", Who::These(OFFICE)),
    ("conflicts", Who::These(OFFICE)),
    ("decide", Who::These(OFFICE)),
    ("list", Who::ReadersOfTheList),
    ("get", Who::ReadersOfTheList),
    ("history", Who::ReadersOfTheList),
    ("export", Who::ReadersOfTheList),
    ("choices", Who::WritersOfTheList),
    ("save", Who::WritersOfTheList),
];

/// Each list, by its name: who reads it, and who writes it where it has a form.
pub const LISTS: &[(&str, &[StaffRole], &[StaffRole])] = &[
    ("orders", OFFICE, &[]),
    ("elders", OFFICE, &[]),
    ("canteens", OFFICE, &[]),
    ("operators", OFFICE, &[]),
    ("prices", OFFICE, &[]),
    ("devices", COMPUTER, &[]),
    ("conflicts", OFFICE, &[]),
    ("menu_items", OFFICE, OFFICE),
    ("menu_days", OFFICE, OFFICE),
    ("transfers", OFFICE, DECIDING),
    ("doubts", OFFICE, DECIDING),
    ("staff", MANAGERS, MANAGERS),
    ("disclosures", DECIDING, &[]),
    ("exports", &[], &[]),
    ("audit", &[], &[]),
];

/// Who may give the command of that name, about the list of that name where it is about one; nobody where there is none such.
#[must_use]
pub fn who(command: &str, list: Option<&str>) -> Who {
    let said = COMMANDS.iter().find(|(name, _)| *name == command).map_or(Who::These(&[]), |(_, who)| *who);
    let of_list = || LISTS.iter().find(|(name, ..)| Some(*name) == list);
    match said {
        Who::ReadersOfTheList => Who::These(of_list().map_or(&[], |(_, readers, _)| readers)),
        Who::WritersOfTheList => Who::These(of_list().map_or(&[], |(.., writers)| writers)),
        said => said,
    }
}

/// Whether somebody may give it; `None` has not signed in.
#[must_use]
pub fn may(role: Option<StaffRole>, command: &str, list: Option<&str>) -> bool {
    match who(command, list) {
        Who::Anybody => true,
        Who::These(roles) => role.is_some_and(|role| roles.contains(&role)),
        Who::ReadersOfTheList | Who::WritersOfTheList => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    #[cfg(feature = "schema")]
    fn each_command_and_each_list_stands_here_once() {
        let commands: Vec<&str> = COMMANDS.iter().map(|(name, _)| *name).collect();
        let known: BTreeSet<&str> = crate::command::COMMANDS.iter().map(|command| command.name).collect();
        assert_eq!(commands.iter().copied().collect::<BTreeSet<_>>(), known);
        let lists: Vec<&str> = LISTS.iter().map(|(name, ..)| *name).collect();
        let known_lists: BTreeSet<&str> = crate::kinds::LISTS.iter().map(|list| list.name).collect();
        assert_eq!(lists.iter().copied().collect::<BTreeSet<_>>(), known_lists);
        assert_eq!((commands.len(), lists.len()), (known.len(), known_lists.len()), "twice");
        for (name, readers, writers) in LISTS {
            let list = crate::kinds::LISTS.iter().find(|list| list.name == *name).unwrap();
            assert_eq!(list.form.is_some(), !writers.is_empty(), "{name}");
            assert!(writers.iter().all(|role| readers.contains(role)), "{name} is written by who does not read it");
        }
    }

    #[test]
    fn nobody_does_what_is_not_said_and_a_manager_does_all_that_is() {
        assert!(!may(Some(Manager), "no_such", None) && !may(Some(Manager), "list", None) && !may(Some(Manager), "list", Some("no_such")));
        for (command, who) in COMMANDS {
            let lists: Vec<Option<&str>> = match who {
                Who::ReadersOfTheList | Who::WritersOfTheList => LISTS.iter().map(|(name, ..)| Some(*name)).collect(),
                _ => vec![None],
            };
            for list in lists.into_iter().filter(|list| !matches!(list, Some("audit" | "exports"))) {
                let written = LISTS.iter().any(|(name, _, writers)| Some(*name) == list && !writers.is_empty());
                assert_eq!(may(Some(Manager), command, list), *who != Who::WritersOfTheList || written, "{command} {list:?}");
                assert_eq!(may(None, command, list), *who == Who::Anybody, "{command} {list:?}");
            }
        }
        assert!(may(Some(Courier), "save_receipt", None) && !may(Some(Courier), "find_elders", None));
        assert!(!may(Some(Courier), "list", Some("elders")) && !may(Some(Operations), "list", Some("elders")));
        assert!(may(Some(Operations), "list", Some("devices")) && !may(Some(Cashier), "save", Some("staff")));
    }
}
