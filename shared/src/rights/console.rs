//! At the server: routes against the roles of accounts, or against devices. Another role is a word in the sets here.

use super::{Who, of_list};
use crate::kinds::Role::{self, Auditor, Canteen, City, County, Security, System, Town};

/// Who reads records.
pub(super) const READERS: &[Role] = &[City, County, Town, Canteen];
/// Who reads the audit log.
pub(super) const AUDITORS: &[Role] = &[Auditor];
/// Who is told what the server finds by itself.
pub(super) const WATCHERS: &[Role] = &[City, County, Town, Auditor];
/// Who lets computers in, and stops staff of desks.
const OFFICES: &[Role] = &[City, County, Town];

/// Who invites accounts, and who confirms them: what each of them does is parted by `rule::apart`.
const SYSTEM: &[Role] = &[System];
const SECURITY: &[Role] = &[Security];
const ACCOUNTS: &[Role] = &[System, Security];

/// Each route, by its method and path. Those of lists are all alike.
pub const ROUTES: &[(&str, Who<Role>)] = &[
    ("get /health", Who::Anybody),
    ("get /ready", Who::Anybody),
    ("get /api/openapi.json", Who::Anybody),
    ("post /v2/hello", Who::Anybody),
    ("post /v2/enrol", Who::Device),
    ("post /v2/sync", Who::Device),
    ("post /api/first-account", Who::Anybody),
    ("post /api/session", Who::Anybody),
    ("post /api/session/challenge", Who::Anybody),
    ("delete /api/session", Who::Anybody),
    ("get /api/session", Who::SignedIn),
    ("get /api/account", Who::SignedIn),
    ("post /api/account/password", Who::SignedIn),
    ("post /api/account/factor", Who::SignedIn),
    ("post /api/account/factor/confirm", Who::SignedIn),
    ("post /api/account/factor/end", Who::SignedIn),
    ("post /api/account/challenge", Who::SignedIn),
    ("post /api/account/keys", Who::SignedIn),
    ("post /api/account/keys/confirm", Who::SignedIn),
    ("post /api/account/keys/{id}/end", Who::SignedIn),
    ("delete /api/account/sessions/{id}", Who::SignedIn),
    ("get /api/overview", Who::These(READERS)),
    ("get /api/photo/{hash}", Who::These(READERS)),
    ("post /api/export", Who::These(READERS)),
    ("post /api/export/{number}", Who::These(READERS)),
    ("post /api/device-code", Who::These(OFFICES)),
    ("post /api/invitation", Who::Anybody),
    ("post /api/invitation/password", Who::Anybody),
    ("get /api/accounts", Who::These(ACCOUNTS)),
    ("get /api/accounts/places", Who::These(ACCOUNTS)),
    ("post /api/accounts", Who::These(SYSTEM)),
    ("post /api/accounts/{id}/link", Who::These(SYSTEM)),
    ("post /api/accounts/{id}/disable", Who::These(SYSTEM)),
    ("delete /api/accounts/{id}/sessions", Who::These(SYSTEM)),
    ("post /api/accounts/{id}/confirm", Who::These(SECURITY)),
    ("post /api/accounts/{id}/rights", Who::These(SECURITY)),
    ("post /api/accounts/{id}/enable", Who::These(SECURITY)),
    ("delete /api/accounts/{id}/lock", Who::These(SECURITY)),
    ("delete /api/accounts/{id}/factor", Who::These(SECURITY)),
    ("post /api/staff/{id}/disable", Who::These(OFFICES)),
    ("post /api/staff/{id}/enable", Who::These(OFFICES)),
    ("post /api/staff/{id}/pin", Who::These(OFFICES)),
    ("get /api/list/{list}", Who::ReadersOfTheList),
    ("get /api/list/{list}/{id}", Who::ReadersOfTheList),
    ("get /api/list/{list}/workbook", Who::ReadersOfTheList),
];

/// Of a path that begins so the next part names a list.
const OF_LISTS: &str = "/api/list/";

/// Who may ask by that method for what stands at that path, as the server declares it; nobody where there is no such row.
#[must_use]
pub fn who(method: &str, path: &str) -> Who<Role> {
    let (list, rest) = match path.strip_prefix(OF_LISTS) {
        Some(named) => named.split_at(named.find('/').unwrap_or(named.len())),
        None => ("", path),
    };
    let is_it = |row: &str| {
        let row = row.strip_prefix(method).and_then(|row| row.strip_prefix(' '));
        if list.is_empty() { row == Some(path) } else { row.and_then(|row| row.strip_prefix("/api/list/{list}")) == Some(rest) }
    };
    match ROUTES.iter().find(|(row, _)| is_it(row)) {
        Some((_, Who::ReadersOfTheList)) => Who::These(of_list(Some(list)).map_or(&[], |of| of.accounts)),
        Some((_, who)) => *who,
        None => Who::These(&[]),
    }
}

/// Whether an account of that role reads the list of that name.
#[must_use]
pub fn reads(role: Role, list: &str) -> bool {
    of_list(Some(list)).is_some_and(|of| of.accounts.contains(&role))
}

#[cfg(test)]
mod tests {
    use super::super::LISTS;
    use super::*;
    use crate::list::{End, ListSpec};
    use crate::rule::apart::{self, Duty};

    #[test]
    fn a_route_of_a_list_is_for_its_readers_and_what_is_not_said_is_for_nobody() {
        for of in LISTS {
            for rest in ["", "/{id}", "/workbook"] {
                assert_eq!(who("get", &format!("/api/list/{}{rest}", of.list)), Who::These(of.accounts), "{}{rest}", of.list);
            }
            for (method, rest) in [("post", ""), ("get", "/other"), ("ge", "")] {
                assert_eq!(who(method, &format!("/api/list/{}{rest}", of.list)), Who::These(&[]));
            }
        }
        for (method, path) in
            [("get", "/api/list/no_such"), ("get", "/api/list/"), ("get", "/api/list/{list}"), ("put", "/api/session"), ("", "get /health")]
        {
            assert_eq!(who(method, path), Who::These(&[]), "{method} {path}");
        }
        assert_eq!(who("post", "/v2/sync"), Who::Device);
        assert!(Role::ALL.iter().all(|role| !Who::<Role>::Device.has(Some(*role)) && who("get", "/api/account").has(Some(*role))));
        assert!(!who("get", "/api/account").has(None) && who("get", "/health").has(None));
    }

    #[test]
    fn an_auditor_reads_the_audit_log_and_nobody_else_does() {
        for of in LISTS.iter().filter(|of| !of.accounts.is_empty()) {
            for role in Role::ALL {
                let due = match role {
                    Auditor => ["audit", "alarms"].contains(&of.list),
                    System | Security => false,
                    City | County | Town => of.list != "audit",
                    Canteen => !["audit", "alarms"].contains(&of.list),
                };
                let offered = ListSpec::at(End::Console).any(|list| list.name == of.list);
                assert_eq!(reads(*role, of.list), due && offered, "{} {role:?}", of.list);
            }
        }
        assert!(!who("post", "/api/device-code").has(Some(Canteen)));
    }

    #[test]
    fn who_looks_after_accounts_reads_no_records_and_each_duty_is_where_its_route_is() {
        for (route, who) in ROUTES {
            let Who::These(roles) = who else { continue };
            let (of_accounts, of_readers) = (route.contains("/api/accounts"), roles.iter().all(|role| READERS.contains(role)));
            assert!(of_accounts || of_readers, "{route}");
            assert!(!of_accounts || roles.iter().all(|role| apart::looks_after_accounts(*role)), "{route}");
        }
        for (duty, route) in [
            (Duty::Invite, "post /api/accounts"),
            (Duty::GiveLink, "post /api/accounts/{id}/link"),
            (Duty::Disable, "post /api/accounts/{id}/disable"),
            (Duty::EndSessions, "delete /api/accounts/{id}/sessions"),
            (Duty::Confirm, "post /api/accounts/{id}/confirm"),
            (Duty::Assign, "post /api/accounts/{id}/rights"),
            (Duty::Enable, "post /api/accounts/{id}/enable"),
            (Duty::Unlock, "delete /api/accounts/{id}/lock"),
            (Duty::EndFactor, "delete /api/accounts/{id}/factor"),
        ] {
            let (method, path) = route.split_once(' ').unwrap();
            for role in Role::ALL {
                assert_eq!(who(method, path).has(Some(*role)), apart::duties(*role).contains(&duty), "{route} {role:?}");
            }
        }
    }
}
