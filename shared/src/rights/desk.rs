//! At a desk: commands against the roles of staff.

use super::{Who, of_list};
use crate::kinds::StaffRole::{self, Cashier, Clerk, Courier, Manager, Operations};

/// Whoever works with the files of elders.
pub(super) const OFFICE: &[StaffRole] = &[Manager, Cashier, Clerk];
/// Whoever is on the way with meals, too.
const MEALS: &[StaffRole] = &[Manager, Cashier, Clerk, Courier];
/// Whoever sees to the computer.
const COMPUTER: &[StaffRole] = &[Manager, Operations];
/// Whoever decides for others.
pub(super) const DECIDING: &[StaffRole] = &[Manager, Clerk];
pub(super) const MANAGERS: &[StaffRole] = &[Manager];

/// Each command, by its name.
pub const COMMANDS: &[(&str, Who<StaffRole>)] = &[
    ("status", Who::Anybody),
    ("people", Who::Anybody),
    ("sign_in", Who::Anybody),
    ("lock", Who::Anybody),
    ("stir", Who::Anybody),
    ("progress", Who::Anybody),
    ("name_of_division", Who::Anybody),
    ("reset_pin", Who::These(MANAGERS)),
    ("enrol", Who::These(COMPUTER)),
    ("sync_now", Who::SignedIn),
    ("save_settings", Who::SignedIn),
    ("refused_changes", Who::These(OFFICE)),
    ("reveal", Who::These(OFFICE)),
    ("find_elders", Who::These(OFFICE)),
    ("elder_card", Who::These(OFFICE)),
    ("save_elder", Who::These(OFFICE)),
    ("move_elder", Who::These(OFFICE)),
    ("canteens", Who::These(OFFICE)),
    ("villages", Who::These(OFFICE)),
    ("take_order", Who::These(OFFICE)),
    ("standing_of", Who::These(OFFICE)),
    ("save_standing", Who::These(OFFICE)),
    ("plan_orders", Who::These(OFFICE)),
    ("undo_batch", Who::These(OFFICE)),
    ("kitchen", Who::These(OFFICE)),
    ("freeze_count", Who::These(OFFICE)),
    ("number_labels", Who::These(OFFICE)),
    ("latest_orders", Who::These(OFFICE)),
    ("calendar", Who::These(OFFICE)),
    ("menu_week", Who::These(OFFICE)),
    ("find_menu_items", Who::These(OFFICE)),
    ("change_menu", Who::These(OFFICE)),
    ("publish_menu", Who::These(OFFICE)),
    ("copy_menu", Who::These(OFFICE)),
    ("set_outcome", Who::These(MEALS)),
    ("today", Who::These(MEALS)),
    ("move_stop", Who::These(MEALS)),
    ("put_on_route", Who::These(OFFICE)),
    ("hand_over", Who::These(OFFICE)),
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

/// Who may give the command of that name, about the list of that name where it is about one; nobody where there is none such.
#[must_use]
pub fn who(command: &str, list: Option<&str>) -> Who<StaffRole> {
    match COMMANDS.iter().find(|(name, _)| *name == command) {
        Some((_, Who::ReadersOfTheList)) => Who::These(of_list(list).map_or(&[], |of| of.staff)),
        Some((_, Who::WritersOfTheList)) => Who::These(of_list(list).map_or(&[], |of| of.writers)),
        Some((_, who)) => *who,
        None => Who::These(&[]),
    }
}

/// Whether somebody may give it; `None` has not signed in.
#[must_use]
pub fn may(role: Option<StaffRole>, command: &str, list: Option<&str>) -> bool {
    who(command, list).has(role)
}

#[cfg(test)]
mod tests {
    use super::super::LISTS;
    use super::*;

    #[test]
    #[cfg(feature = "schema")]
    fn each_command_stands_here_once() {
        use std::collections::BTreeSet;
        let commands: Vec<&str> = COMMANDS.iter().map(|(name, _)| *name).collect();
        let known: BTreeSet<&str> = crate::command::COMMANDS.iter().map(|command| command.name).collect();
        assert_eq!(
            (commands.len(), commands.iter().copied().collect::<BTreeSet<_>>()),
            (known.len(), known.clone()),
            "twice, or not at all"
        );
    }

    #[test]
    fn nobody_does_what_is_not_said_and_a_manager_does_all_that_is() {
        assert!(!may(Some(Manager), "no_such", None) && !may(Some(Manager), "list", None) && !may(Some(Manager), "list", Some("no_such")));
        for (command, who) in COMMANDS {
            let lists: Vec<Option<&str>> = match who {
                Who::ReadersOfTheList | Who::WritersOfTheList => LISTS.iter().map(|of| Some(of.list)).collect(),
                _ => vec![None],
            };
            for list in lists.into_iter().filter(|list| list.is_none() || of_list(*list).is_some_and(|of| !of.staff.is_empty())) {
                let written = of_list(list).is_some_and(|of| !of.writers.is_empty());
                assert_eq!(may(Some(Manager), command, list), *who != Who::WritersOfTheList || written, "{command} {list:?}");
                assert_eq!(may(None, command, list), *who == Who::Anybody, "{command} {list:?}");
            }
        }
        assert!(may(Some(Courier), "save_receipt", None) && !may(Some(Courier), "find_elders", None));
        assert!(!may(Some(Courier), "list", Some("elders")) && !may(Some(Operations), "list", Some("elders")));
        assert!(may(Some(Operations), "enrol", None) && !may(Some(Cashier), "save", Some("staff")));
    }
}
