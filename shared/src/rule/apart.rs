//! 三员分立: which administrator may do what to whose account. One table says whose duty an act is; the duties of no two roles meet, and nobody
//! acts on an account of their own. The audit log is read by lists, records by scopes: neither is a duty here.

use crate::division;
use crate::kinds::{AccountState, Level, Role};

/// What an administrator does to the account of somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Duty {
    /// Invites somebody by name, role and place; the account has no rights before it is confirmed.
    Invite,
    /// Gives a one-time link to choose a password by: a new one, or in the place of a password that was lost. The old password is void, and
    /// the rights wait to be confirmed again.
    GiveLink,
    /// Disables it; a link that was given is void.
    Disable,
    /// Ends its sessions.
    EndSessions,
    /// Gives it the rights that it was invited for, once its password was chosen; or those that another one asked for since.
    Confirm,
    /// Asks for other rights: they wait to be confirmed by another one. What only takes away is done at once.
    Assign,
    /// Lets it be used again.
    Enable,
    /// Forgets its wrong tries.
    Unlock,
    /// Ends its second factor: another one is begun with the next sign-in.
    EndFactor,
}

impl Duty {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Invite,
        Self::GiveLink,
        Self::Disable,
        Self::EndSessions,
        Self::Confirm,
        Self::Assign,
        Self::Enable,
        Self::Unlock,
        Self::EndFactor,
    ];

    /// Whether it has a sense for an account that stands so; for none that is there, to invite has.
    #[must_use]
    pub const fn fits(self, state: Option<AccountState>) -> bool {
        match (self, state) {
            (Self::Invite, state) => state.is_none(),
            (_, None) => false,
            (Self::GiveLink | Self::Disable, Some(state)) => !matches!(state, AccountState::Disabled),
            (Self::Confirm, Some(state)) => matches!(state, AccountState::Waiting | AccountState::Changing),
            (Self::Enable, Some(state)) => matches!(state, AccountState::Disabled),
            (Self::EndSessions | Self::Assign | Self::Unlock | Self::EndFactor, Some(_)) => true,
        }
    }
}

/// The duties of a role: those of the system administrator and those of the security administrator; all others have none.
#[must_use]
pub const fn duties(role: Role) -> &'static [Duty] {
    match role {
        Role::System => &[Duty::Invite, Duty::GiveLink, Duty::Disable, Duty::EndSessions],
        Role::Security => &[Duty::Confirm, Duty::Assign, Duty::Enable, Duty::Unlock, Duty::EndFactor],
        Role::City | Role::County | Role::Town | Role::Canteen | Role::Auditor => &[],
    }
}

/// Whether accounts are looked after by that role.
#[must_use]
pub const fn looks_after_accounts(role: Role) -> bool {
    !duties(role).is_empty()
}

/// Who acts, and on whose account.
#[derive(Clone, Copy, Debug)]
pub struct Concern<'a> {
    /// The role of who acts.
    pub role: Role,
    /// The division of who acts.
    pub own_division: &'a str,
    /// It is the account of who acts.
    pub is_own: bool,
    /// The division in which the account lies, a canteen's its canteen's.
    pub division: &'a str,
    /// How it stands; none where it is still to be made.
    pub state: Option<AccountState>,
    /// Who acts, or an account of the same person, gave its last link or asked for the rights that wait.
    pub asked_for_it: bool,
}

/// Why an act on an account is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DutyRefused {
    /// It is no duty of that role.
    NoDuty,
    /// It is one's own account.
    OwnAccount,
    /// It lies elsewhere.
    Outside,
    /// As it stands that has no sense.
    NotAsItStands,
    /// Who invites, or asks for rights, does not confirm.
    SamePerson,
    /// The person has an account of another duty.
    OtherDuty,
}

/// Whether one person may have accounts of both roles: of an administrator's duty no other one.
#[must_use]
pub fn may_be_of_one_person(one: Role, other: Role) -> bool {
    one == other || !(one.is_administrator() || other.is_administrator())
}

/// Whether other rights are only fewer of those that stand, and so need nobody else: the same duty, or reading on a lower level, within the place.
#[must_use]
pub fn only_takes_away(from: Role, to: Role, lies_within: bool) -> bool {
    let lower = match (from.level(), to.level()) {
        (Some(from), Some(to)) => from < to || (from == to && from != Level::Canteen),
        (None, None) => from == to,
        _ => false,
    };
    lower && lies_within
}

/// Whether that may be done to an account.
///
/// # Errors
/// Why not.
pub fn judge(duty: Duty, concern: &Concern<'_>) -> Result<(), DutyRefused> {
    if !duties(concern.role).contains(&duty) {
        return Err(DutyRefused::NoDuty);
    }
    if !division::within(concern.division, concern.own_division) {
        return Err(DutyRefused::Outside);
    }
    if concern.is_own {
        return Err(DutyRefused::OwnAccount);
    }
    if !duty.fits(concern.state) {
        return Err(DutyRefused::NotAsItStands);
    }
    if duty == Duty::Confirm && concern.asked_for_it {
        return Err(DutyRefused::SamePerson);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn of(role: Role) -> BTreeSet<Duty> {
        duties(role).iter().copied().collect()
    }

    #[test]
    fn the_duties_of_no_two_roles_meet_and_each_is_somebodys() {
        for (at, one) in Role::ALL.iter().enumerate() {
            assert_eq!(of(*one).len(), duties(*one).len(), "{one:?}");
            for other in &Role::ALL[at + 1..] {
                assert!(of(*one).is_disjoint(&of(*other)), "{one:?} {other:?}");
            }
        }
        let all: BTreeSet<Duty> = Role::ALL.iter().flat_map(|role| duties(*role)).copied().collect();
        assert_eq!(all, Duty::ALL.iter().copied().collect());
        for role in Role::ALL.iter().filter(|role| looks_after_accounts(**role)) {
            assert!(role.is_administrator(), "{role:?} reads records");
        }
    }

    #[test]
    fn no_person_has_two_duties_and_readers_may_have_two_places() {
        for (one, other) in Role::ALL.iter().flat_map(|one| Role::ALL.iter().map(move |other| (*one, *other))) {
            let readers = !one.is_administrator() && !other.is_administrator();
            assert_eq!(may_be_of_one_person(one, other), readers || one == other, "{one:?} {other:?}");
            assert_eq!(may_be_of_one_person(one, other), may_be_of_one_person(other, one));
        }
    }

    #[test]
    fn what_only_takes_away_gives_nothing() {
        let levels = [Role::City, Role::County, Role::Town, Role::Canteen];
        for (at, from) in levels.iter().enumerate() {
            for (to_at, to) in levels.iter().enumerate() {
                // Of two canteens of one place neither lies within the other.
                let fewer = to_at > at || (to_at == at && *from != Role::Canteen);
                assert_eq!(only_takes_away(*from, *to, true), fewer, "{from:?} {to:?}");
                assert!(!only_takes_away(*from, *to, false));
            }
            for to in [Role::Auditor, Role::System, Role::Security] {
                assert!(!only_takes_away(*from, to, true) && !only_takes_away(to, *from, true), "{from:?} {to:?}");
            }
        }
        assert!(only_takes_away(Role::System, Role::System, true) && !only_takes_away(Role::System, Role::Security, true));
    }

    #[test]
    fn nobody_acts_on_an_account_of_their_own_or_of_elsewhere_or_alone() {
        for (role, duty) in Role::ALL.iter().flat_map(|role| Duty::ALL.iter().map(move |duty| (*role, *duty))) {
            for state in AccountState::ALL.iter().copied().map(Some).chain([None]) {
                let concern = Concern { role, own_division: "445381", is_own: false, division: "445381001", state, asked_for_it: false };
                let is_duty = duties(role).contains(&duty);
                assert_eq!(judge(duty, &concern).is_ok(), is_duty && duty.fits(state), "{role:?} {duty:?} {state:?}");
                let own = judge(duty, &Concern { is_own: true, ..concern });
                assert!(own.is_err(), "{role:?} {duty:?} on its own account");
                for division in ["4453", "445322", "445322100", ""] {
                    let afar = judge(duty, &Concern { division, ..concern });
                    assert_eq!(afar, Err(if is_duty { DutyRefused::Outside } else { DutyRefused::NoDuty }), "{role:?} {duty:?} {division}");
                }
                let alone = judge(duty, &Concern { asked_for_it: true, ..concern });
                assert!(duty != Duty::Confirm || alone.is_err());
            }
        }
    }
}
