//! The catalogue of faults, F-01 to F-83: each has a test that carries its number, or stands here with the tests that play it under another
//! name, or with the reason why none does.

use anyhow::{Result, ensure};
use std::collections::{BTreeMap, BTreeSet};

const LAST: u32 = 83;

/// Faults without a test, and why.
const OPEN: &[(u32, &str)] = &[
    (8, "a disk that is read only is told at the start; the tests run as root, whom no rights stop"),
    (10, "imports and photos are held to sizes by their own tests; a failing allocation ends the program, then F-03 holds"),
    (58, "there is no updater: packages are installed by the system's own means"),
    (75, "there is no import from platforms: their order numbers are typed into the order"),
    (76, "not yet: there is no command for backups; a stopped server's folder is copied"),
];

/// Faults that tests of other names play, and what these leave out, where they do.
const PLAYED: &[(u32, &[&str], &str)] = &[
    (47, &["foreign_changes_are_refused_by_name_and_the_rest_go_on"], "what is refused stands in the audit log and raises no alarm"),
    (
        48,
        &[
            "an_account_sees_its_own_place_and_no_other",
            "an_id_that_somebody_writes_opens_no_record_of_another_place",
            "who_writes_the_hash_of_a_foreign_photo_into_a_receipt_of_its_own_has_no_photo",
            "a_file_moves_by_no_claim_whoever_claims_it",
            "what_accounts_may_is_as_it_is_kept",
            "what_devices_may_is_as_it_is_kept",
        ],
        "the matrix of roles and places is tried on SQLite",
    ),
    (50, &["a_key_serves_one_device", "codes_work_once_and_keys_until_revoked", "f20_f21_copies_and_restored_backups_are_told_apart"], ""),
    (52, &["an_answer_is_good_for_one_time", "an_answer_of_the_server_that_was_recorded_is_none_to_the_next_question"], ""),
    (
        53,
        &[
            "spraying_one_name_from_many_places_is_slowed_and_a_known_place_goes_on",
            "one_place_that_tries_many_names_is_slowed",
            "a_strangers_wrong_tries_do_not_lock_the_owner_out",
            "a_flood_of_logins_takes_no_more_memory_than_there_are_processors",
        ],
        "",
    ),
    (
        54,
        &[
            "f14_sessions_open_idle_out_and_end",
            "disabling_and_a_new_password_end_the_sessions",
            "sessions_are_listed_and_ended_by_their_account_alone",
        ],
        "",
    ),
    (
        51,
        &["a_desk_at_which_nobody_does_anything_locks_itself", "from_the_first_pin_on_the_desk_answers_who_signed_in_and_nobody_else"],
        "a desk at which nobody chose a PIN asks nobody",
    ),
    (
        56,
        &["nothing_is_sealed_under_a_key_that_a_stranger_laid_out", "an_answer_is_the_servers_own_to_one_question_and_no_byte_may_change"],
        "",
    ),
    (59, &["files_made_to_exhaust_memory_are_refused"], ""),
    (
        57,
        &["above_the_measure_a_second_account_of_the_same_or_a_higher_place_agrees", "nobody_gets_around_the_second_in_slices"],
        "that two accounts are one person's is seen where whoever asked for them said so",
    ),
    (60, &["announced_strings_are_bounded", "old_workbooks_that_announce_too_much_are_refused", "a_sheet_stops_at_the_caps"], ""),
    (61, &["damaged_files_never_take_the_program_down", "an_old_workbook_is_read"], "files under a password are told as damaged"),
    (62, &["encodings_of_offices", "rows_as_a_spreadsheet_counts_them"], ""),
    (63, &["every_wrong_is_named_and_every_form_is_taken", "numbers_as_offices_write_them"], ""),
    (64, &["a_whole_import_is_taken_back_but_for_those_who_were_served", "f03_kill_of_the_desk_loses_nothing_that_was_confirmed"], ""),
    (65, &["formulas_in_cells_stay_words"], ""),
    (67, &["names_that_look_alike_are_one"], "of elders, names that look alike are not marked"),
    (68, &["f38_hostile_photos_are_refused_in_words", "every_kind_is_read_or_told_by_its_name"], ""),
    (69, &["a_phone_photo_is_turned_made_small_and_stripped"], ""),
    (72, &["other_sites_can_not_act_and_every_answer_is_guarded"], ""),
    (74, &["canaries_are_found_nowhere"], ""),
    (77, &["a_backup_of_before_opens_with_the_old_root_key_alone"], "there is no command that checks a backup"),
    (78, &["f22_what_a_restored_server_lost_its_desks_bring_back"], ""),
    (79, &["a_restored_server_forgets_again", "an_erasure_reaches_desks_that_were_offline_and_those_restored"], ""),
    (80, &["a_change_of_the_root_key_that_is_cut_anywhere_leaves_one_that_opens"], ""),
    (
        83,
        &[
            "serve_says_where_and_two_do_not_share_a_folder",
            "a_database_that_can_not_be_had_is_told_plainly",
            "a_folder_is_named_from_where_one_stands",
            "f44_a_store_of_a_newer_program_is_left_alone",
        ],
        "a folder that is named wrongly becomes a new one, and that is said",
    ),
];

/// The names of all tests.
pub fn tests() -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for (_, text) in crate::tidy::all()? {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.starts_with("#[cfg(")).peekable();
        while let Some(line) = lines.next() {
            let is_test = line.starts_with("#[test]") || line.starts_with("#[tokio::test");
            let Some(next) = lines.peek().filter(|_| is_test) else { continue };
            found.insert(next.trim_start_matches("async ").trim_start_matches("fn ").split('(').next().unwrap_or_default().to_owned());
        }
    }
    Ok(found)
}

/// The numbers at the head of a test's name: `f20_f21_copies_…`.
fn numbers(name: &str) -> impl Iterator<Item = u32> {
    name.split('_').map_while(|word| {
        let digits = word.strip_prefix('f').filter(|digits| digits.len() == 2)?;
        digits.parse().ok()
    })
}

#[test]
fn every_fault_has_its_test_or_a_reason() -> Result<()> {
    let (tests, mut tested) = (tests()?, BTreeMap::<u32, Vec<&str>>::new());
    for name in &tests {
        numbers(name).for_each(|number| tested.entry(number).or_default().push(name));
    }
    for (number, names, leave_out) in PLAYED {
        ensure!((1..=LAST).contains(number) && !names.is_empty() && (leave_out.is_empty() || leave_out.len() > 15), "F-{number:02}");
        for name in *names {
            ensure!(tests.contains(*name), "F-{number:02}: there is no test {name}");
            tested.entry(*number).or_default().push(name);
        }
    }
    for number in 1..=LAST {
        let reason = OPEN.iter().find(|(open, _)| *open == number);
        match (tested.get(&number), reason) {
            (None, None) => anyhow::bail!("F-{number:02} has neither a test nor a reason"),
            (Some(found), Some(_)) => anyhow::bail!("F-{number:02} is tested now ({found:?}): take it off the list"),
            _ => {}
        }
    }
    ensure!(OPEN.iter().all(|(number, reason)| (1..=LAST).contains(number) && reason.len() > 20));
    Ok(())
}
