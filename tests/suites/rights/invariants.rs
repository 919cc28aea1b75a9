//! What must hold of the matrix whatever is recorded: said by hand, and from no table of the product. A cell that breaks it is a hole, also where
//! the kept file says that it was always so.

use super::golden::Golden;
use anyhow::{Result, ensure};

type Cell<'a> = (&'a str, &'a str, &'a str, char);

/// No cell does what it may not.
fn never<'a>(golden: &'a Golden, what: &str, breaks: impl Fn(Cell<'a>) -> bool) -> Result<()> {
    let holes: Vec<Cell<'_>> = golden.all().filter(|cell| breaks(*cell)).collect();
    ensure!(holes.is_empty(), "{what}: {holes:?}");
    Ok(())
}

fn begins(thing: &str, words: &[&str]) -> bool {
    words.iter().any(|word| thing.starts_with(word))
}

/// What names nobody, and everybody may put a name to.
const EVERYBODYS: [&str; 3] = ["calendar_day see", "canteen see", "operator see"];
/// What the centre alone writes.
const THE_CENTRES: [&str; 7] = ["account ", "canteen ", "device ", "division ", "menu_price ", "notice ", "operator "];
/// What a canteen says of the people of its town, who may eat at another one; it neither fetches nor closes a file so.
const OF_THE_TOWN: [&str; 5] = ["elder create", "elder set ", "elder clear ", "elder send", "elder_key bring"];

pub fn of_devices(golden: &Golden) -> Result<()> {
    let done = |letter| letter == '+';
    let own_words = |thing: &str| thing.contains(" naming ") || begins(thing, &EVERYBODYS);
    never(golden, "another county is seen or touched", |(thing, asker, place, letter)| {
        let another =
            place == "foreign" || (asker == "county" && place == "sibling") || (asker == "city" && matches!(place, "sibling" | "parent"));
        another && done(letter) && !own_words(thing)
    })?;
    never(golden, "what lies beside or above is seen or touched", |(thing, asker, place, letter)| {
        let of_the_town =
            begins(thing, &["(key of the town)"]) || (asker == "canteen" && begins(thing, &OF_THE_TOWN) && thing != "elder set status");
        let outside = matches!(place, "sibling" | "parent");
        let village_key = asker == "village" && thing == "(key of the town) holds";
        outside && done(letter) && !own_words(thing) && !of_the_town && !village_key
    })?;
    never(golden, "the centre's is written", |(thing, _, _, letter)| {
        begins(thing, &THE_CENTRES) && !thing.contains(" see") && letter != 'k'
    })?;
    never(golden, "a canteen decides", |(thing, asker, _, letter)| {
        asker == "canteen" && begins(thing, &["doubt set", "transfer set", "doubt clear", "transfer clear"]) && done(letter)
    })?;
    never(golden, "what was noted changes", |(thing, _, _, letter)| {
        begins(thing, &["disclosure set", "disclosure clear"]) && done(letter)
    })?;
    never(golden, "a file is fetched or closed from outside", |(thing, _, place, letter)| {
        matches!(thing, "elder fetch" | "elder claim" | "elder set status") && !matches!(place, "own" | "child") && done(letter)
    })?;
    never(golden, "one's own is out of sight", |(thing, _, place, letter)| {
        thing.contains(" see") && matches!(place, "own" | "child") && !done(letter)
    })
}

pub fn of_accounts(golden: &Golden) -> Result<()> {
    let done = |letter| letter == '+';
    let open = ["/health get", "/ready get", "/api/openapi.json get", "/api/session delete"];
    never(golden, "a stranger is answered", |(thing, asker, _, letter)| asker == "stranger" && done(letter) && !open.contains(&thing))?;
    let own = ["/api/account get", "/api/session get"];
    never(golden, "an auditor sees more than the audit log and the alarms", |(thing, asker, _, letter)| {
        let audit =
            [" audit ", " alarms "].iter().any(|list| thing.contains(list)) || begins(thing, &["/api/list/audit", "/api/list/alarms"]);
        asker.starts_with("auditor") && done(letter) && !audit && !open.contains(&thing) && !own.contains(&thing)
    })?;
    let administers = |asker: &str| asker.starts_with("system-") || asker.starts_with("security-");
    never(golden, "who looks after accounts is shown more than accounts", |(thing, asker, _, letter)| {
        let accounts = begins(thing, &["account ", "/api/accounts "]) || thing == "/api/accounts/places get";
        administers(asker) && done(letter) && !accounts && !open.contains(&thing) && !own.contains(&thing)
    })?;
    never(golden, "an account is touched by who has no such duty", |(thing, asker, place, letter)| {
        let whose = match thing {
            "account sessions of" | "account link of" | "account disable of" => "system-",
            _ => "security-",
        };
        thing.starts_with("account ") && done(letter) && !(asker.starts_with(whose) && matches!(place, "own" | "child"))
    })?;
    never(golden, "staff is stopped by who is no office, or from outside", |(thing, asker, place, letter)| {
        let office = matches!(asker, "town" | "county" | "city") && matches!(place, "own" | "child");
        thing.starts_with("staff ") && done(letter) && !office
    })?;
    never(golden, "who has the duty, or the office, does not do it", |(thing, asker, place, letter)| {
        let due = match thing {
            "account sessions of" | "account link of" | "account disable of" => asker.starts_with("system-"),
            "account lock of" | "account rights of" => asker.starts_with("security-"),
            "staff pin of" | "staff disable of" | "staff enable of" => matches!(asker, "town" | "county" | "city"),
            _ => false,
        };
        due && place == "child" && !done(letter)
    })?;
    never(golden, "somebody else reads the audit log", |(thing, asker, _, letter)| {
        (thing.contains(" audit ") || thing.starts_with("/api/list/audit")) && !asker.starts_with("auditor") && done(letter)
    })?;
    never(golden, "a canteen reads alarms", |(thing, asker, _, letter)| {
        (thing.contains(" alarms ") || thing.starts_with("/api/list/alarms")) && asker == "canteen" && done(letter)
    })?;
    never(golden, "another county is shown or touched", |(thing, asker, place, letter)| {
        let another = place == "foreign" || (asker.ends_with("county") && place == "sibling");
        // A filter of these lists takes any place: what it finds is in the rows.
        let filters = ["list canteens at", "list devices at", "workbook canteens at", "workbook devices at"];
        let everybodys = ["row canteens", "row operators", "record canteens", "record operators"];
        another && done(letter) && !filters.contains(&thing) && !begins(thing, &everybodys)
    })?;
    never(golden, "what lies beside or above is shown", |(thing, _, place, letter)| {
        let of_something = begins(thing, &["row ", "record ", "photo ", "name by ", "agree ", "overview ", "export ", "device-code "]);
        let everybodys = thing.contains(" canteens ") || thing.contains(" operators ");
        matches!(place, "sibling" | "parent") && of_something && !everybodys && done(letter)
    })?;
    never(golden, "somebody else's session is ended", |(thing, _, _, letter)| thing == "end a session of" && done(letter))?;
    never(golden, "a canteen or an auditor lets a computer in", |(thing, asker, _, letter)| {
        let no_office = asker == "canteen" || asker.starts_with("auditor") || administers(asker);
        thing == "device-code for" && no_office && letter != '-'
    })?;
    never(golden, "one's own is not shown", |(thing, asker, place, letter)| {
        let reader = matches!(asker, "canteen" | "town" | "county" | "city");
        reader && matches!(place, "own" | "child") && begins(thing, &["row ", "record ", "photo ", "overview "]) && !done(letter)
    })
}

pub fn of_staff(golden: &Golden) -> Result<()> {
    let done = |letter| letter == '+';
    let role = |thing: &'_ str| thing.rsplit_once(" · ").map(|(_, role)| role.to_owned()).unwrap_or_default();
    let before_all = ["status ", "people ", "sign_in ", "stir ", "progress ", "name_of_division "];
    never(golden, "a locked desk does something", |(thing, _, _, letter)| {
        role(thing) == "locked" && letter != 'L' && !begins(thing, &before_all)
    })?;
    let meals = [
        "today ",
        "move_stop ",
        "order_detail ",
        "set_outcome ",
        "save_receipt ",
        "keep_photo ",
        "photo_data ",
        "save_settings ",
        "sync_now ",
    ];
    never(golden, "a courier has more than the meals", |(thing, _, _, letter)| {
        role(thing) == "courier" && letter != '-' && !begins(thing, &before_all) && !begins(thing, &meals)
    })?;
    never(golden, "who sees to the computer sees a file", |(thing, _, _, letter)| {
        role(thing) == "operations"
            && letter != '-'
            && !begins(thing, &before_all)
            && !begins(thing, &["enrol ", "sync_now ", "save_settings "])
    })?;
    never(golden, "somebody but the manager sees to the staff", |(thing, _, _, letter)| {
        let staffs = thing.contains(" staff ") || thing.starts_with("reset_pin");
        staffs && done(letter) && !matches!(role(thing).as_str(), "manager" | "unstaffed")
    })?;
    never(golden, "a cashier or a canteen decides", |(thing, asker, _, letter)| {
        begins(thing, &["save doubts", "save transfers"]) && (asker == "canteen" || role(thing) == "cashier") && done(letter)
    })?;
    never(golden, "what is not here is shown or changed", |(thing, _, place, letter)| {
        let everybodys = begins(thing, &["get canteens", "history canteens", "get operators", "history operators"]);
        // What those above say of a day holds here.
        let from_above = place == "parent" && begins(thing, &["get calendar_days", "history calendar_days"]);
        !matches!(place, "own" | "child") && done(letter) && !everybodys && !from_above
    })
}
