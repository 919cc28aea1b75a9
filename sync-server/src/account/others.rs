//! What system and security administrators do with the accounts of others. Whose duty an act is, and on whom, stands in `shared::rule::apart`;
//! here the facts for it are found, and the act is done in one transaction with its row in the audit log.

use super::person::{Person, is_of_same_person, one_duty};
use super::{good_name, place_fits};
use crate::Parts;
use crate::audit::{Actor, Event, Place};
use crate::clock::civil;
use crate::console::{LONGEST_LOCK, open_sessions, place_name, shown_place};
use crate::factors::has_factor;
use crate::fault::Refusal;
use crate::store::{AccountRow, NextRights, Scope, Tx};
use shared::console::{AccountPlaces, AccountRights, AccountShown, AccountsPage, AccountsQuery, InviteAsk, LinkGiven, RightsAsked, Site};
use shared::division;
use shared::fault;
use shared::fault::Code;
use shared::kinds::{Account, AccountState, AuditDetail, AuditEvent, Level, NoticeOf, RecordKind, Role};
use shared::rule::apart::{self, Concern, Duty};
use shared::schema::{Fields, RecordId, Value};
use std::collections::HashMap;

/// So many accounts stand on a page.
const PAGE: usize = 50;

/// Who acts.
pub type By<'a> = (&'a AccountRow, &'a Actor);

/// How an account stands.
fn state_of(account: &AccountRow, disabled: bool) -> AccountState {
    match (disabled, account.waits, account.has_password()) {
        (true, ..) => AccountState::Disabled,
        (_, true, false) => AccountState::Invited,
        (_, true, true) => AccountState::Waiting,
        (_, false, _) if account.next.is_some() => AccountState::Changing,
        (_, false, _) => AccountState::InUse,
    }
}

/// The division in which an account of that role lies; none where nobody knows its canteen.
fn division_of(tx: &Tx<'_>, role: Role, division: &str) -> Result<String, Refusal> {
    Ok(match role {
        Role::Canteen => tx.canteen(division)?.map(|site| site.division).unwrap_or_default(),
        _ => division.to_owned(),
    })
}

fn rights(account: &AccountRow) -> AccountRights {
    AccountRights { role: account.role, division: account.division.clone() }
}

/// The rights that wait to be confirmed: those that another one asked for, or those of the invitation.
fn waiting(account: &AccountRow) -> AccountRights {
    account.next.as_ref().map_or_else(|| rights(account), |next| AccountRights { role: next.role, division: next.division.clone() })
}

/// The division in which an account of those rights lies, where there is such a place and it is within that of `by`.
fn may_lie_there(tx: &Tx<'_>, given: &AccountRights, by: &AccountRow) -> Result<String, Refusal> {
    place_fits(tx, given.role, &given.division)?;
    let lies_in = division_of(tx, given.role, &given.division)?;
    if division::within(&lies_in, &by.division) { Ok(lies_in) } else { Err(fault!(Code::Forbidden, place::OUTSIDE_OF_SCOPE).into()) }
}

impl Parts {
    /// The accounts of the division of `by`: those that wait first, then by name.
    pub fn accounts_seen(&self, tx: &Tx<'_>, by: &AccountRow, ask: &AccountsQuery) -> Result<AccountsPage, Refusal> {
        let sites = tx.canteens(&Scope::Division(by.division.clone()))?;
        let sites: HashMap<&str, &str> = sites.iter().map(|site| (site.code.as_str(), site.division.as_str())).collect();
        let lies_within = |account: &AccountRow| match account.role {
            Role::Canteen => sites.contains_key(account.division.as_str()),
            _ => division::within(&account.division, &by.division),
        };
        let mut all = tx.accounts_in_short()?;
        all.retain(|(account, disabled)| {
            let is_state = ask.state.is_none_or(|state| state == state_of(account, *disabled));
            lies_within(account) && is_state && account.name.contains(ask.text.trim())
        });
        all.sort_by_cached_key(|(account, disabled)| {
            let state = state_of(account, *disabled);
            (AccountState::ALL.iter().position(|known| *known == state), account.name.clone())
        });
        let total = all.len() as u64;
        let page = ask.page.and_then(|page| usize::try_from(page).ok()).unwrap_or_default();
        let mut rows = Vec::new();
        for (short, _) in all.into_iter().skip(page.saturating_mul(PAGE)).take(PAGE) {
            if let Some((account, disabled)) = tx.account_kept(&short.id)? {
                rows.push(self.shown(tx, by, &account, disabled)?);
            }
        }
        Ok(AccountsPage { role: by.role, total, rows })
    }

    fn shown(&self, tx: &Tx<'_>, by: &AccountRow, account: &AccountRow, disabled: bool) -> Result<AccountShown, Refusal> {
        let now = self.clock.seconds();
        let asked_by = match &account.asked_by {
            Some(id) => tx.account_kept(id)?.map(|(account, _)| account.name),
            None => None,
        };
        let next = match &account.next {
            Some(NextRights { role, division, by }) => Some(RightsAsked {
                role: *role,
                place: place_name(tx, *role, division)?,
                division: division.clone(),
                by: tx.account_kept(by)?.map(|(account, _)| account.name),
            }),
            None => None,
        };
        Ok(AccountShown {
            id: RecordId::from_bytes(&account.id).map(|id| id.to_string()).unwrap_or_default(),
            name: account.name.clone(),
            role: account.role,
            division: account.division.clone(),
            place: shown_place(tx, account)?,
            state: state_of(account, disabled),
            own: account.id == by.id,
            second_factor: has_factor(tx, &account.id)?,
            locked: tx.is_locked(&account.name, now, now + LONGEST_LOCK)?,
            sessions: open_sessions(tx, &account.id, now)?.len() as u64,
            link_until: tx.invitation(&account.id)?.filter(|until| *until > now).map(civil),
            asked_by,
            person: account.person.clone(),
            phone: account.phone.clone(),
            next,
            password_at: account.password_at.map(civil),
        })
    }

    /// Where an account may be that `by` looks after.
    pub fn account_places(&self, tx: &Tx<'_>, by: &AccountRow) -> Result<AccountPlaces, Refusal> {
        let divisions = division::all()
            .iter()
            .filter(|entry| entry.code.len() <= 9 && entry.valid_to.is_none() && division::within(entry.code, &by.division));
        let divisions =
            divisions.map(|entry| Site { code: entry.code.to_owned(), name: entry.name.to_owned(), level: division::level(entry.code) });
        let canteens = tx.canteens(&Scope::Division(by.division.clone()))?.into_iter();
        let canteens = canteens.map(|site| Site { code: site.code, name: site.name, level: Level::Canteen });
        Ok(AccountPlaces { places: divisions.chain(canteens).collect() })
    }

    /// Invites somebody: an account without a password and without rights, and the link by which the password is chosen.
    pub fn invite(&self, (by, actor): By<'_>, ask: &InviteAsk) -> Result<LinkGiven, Refusal> {
        let AccountRights { role, division } = &ask.rights;
        let now = self.clock.seconds();
        self.audited(actor, AuditEvent::AccountInvited, |tx, noted| {
            noted.object(&ask.name).said(AuditDetail::Role, role.code()).said(AuditDetail::Place, division);
            let lies_in = division_of(tx, *role, division)?;
            judge(tx, by, Duty::Invite, None, &lies_in)?;
            let Person { name: person, phone } = Person::read(&ask.person, &ask.phone)?;
            one_duty(tx, Some(phone.as_str()), &[], *role)?;
            let (name, division) = (good_name(&ask.name)?.to_owned(), division.clone());
            let account = Account { name, role: *role, division, disabled: false, person: Some(person), phone: Some(phone) };
            let id = self.make_account(tx, &account, now)?;
            noted.record(RecordKind::Account, id.bytes()).at(Place::division(&lies_in));
            self.new_link(tx, id.bytes(), by, now)
        })
    }

    /// Gives another link: in the place of one that was lost, or of a password.
    pub fn give_link(&self, by: By<'_>, id: &str) -> Result<LinkGiven, Refusal> {
        let now = self.clock.seconds();
        self.act(by, Duty::GiveLink, id, AuditEvent::LinkGiven, |tx, account, _| {
            tx.end_sessions(&account.id)?;
            let given = self.new_link(tx, &account.id, by.0, now)?;
            self.revoke(tx, NoticeOf::Password, &account.id)?;
            Ok(given)
        })
    }

    /// Nobody signs in with it any more.
    pub fn disable(&self, by: By<'_>, id: &str) -> Result<(), Refusal> {
        self.act(by, Duty::Disable, id, AuditEvent::AccountDisabled, |tx, account, _| self.disable_now(tx, &account.id))
    }

    /// It may be used again, with the rights that it had.
    pub fn enable(&self, by: By<'_>, id: &str) -> Result<(), Refusal> {
        self.act(by, Duty::Enable, id, AuditEvent::AccountEnabled, |tx, account, _| {
            one_duty(tx, account.phone.as_deref(), &account.id, account.role)?;
            self.enable_now(tx, &account.id)
        })
    }

    /// Ends its sessions.
    pub fn sign_out_of(&self, by: By<'_>, id: &str) -> Result<(), Refusal> {
        let now = self.clock.seconds();
        self.act(by, Duty::EndSessions, id, AuditEvent::SessionsEnded, |tx, account, noted| {
            noted.made(AuditDetail::Amount, open_sessions(tx, &account.id, now)?.len());
            Ok(tx.end_sessions(&account.id)?)
        })
    }

    /// Gives it the rights that were seen: those that it was invited for, or those that another one asked for since.
    pub fn confirm(&self, by: By<'_>, id: &str, seen: &AccountRights) -> Result<(), Refusal> {
        self.act(by, Duty::Confirm, id, AuditEvent::AccountConfirmed, |tx, account, noted| {
            let given = waiting(account);
            noted.said(AuditDetail::Role, given.role.code()).said(AuditDetail::Place, &given.division);
            if *seen != given {
                return Err(fault!(Code::NotNow, accounts::CHANGED_MEANWHILE).into());
            }
            one_duty(tx, account.phone.as_deref(), &account.id, given.role)?;
            tx.confirm_account(&account.id)?;
            if given == rights(account) {
                return Ok(());
            }
            noted.values(Some(account.role.code()), Some(given.role.code()));
            may_lie_there(tx, &given, by.0)?;
            self.give(tx, account, &given)
        })
    }

    /// Asks for other rights, within the division of who asks: those that stand hold until another one confirms. What only takes away is done at
    /// once; who asks for those that stand takes back what waits.
    pub fn assign(&self, by: By<'_>, id: &str, given: &AccountRights) -> Result<(), Refusal> {
        self.act(by, Duty::Assign, id, AuditEvent::RightsAssigned, |tx, account, noted| {
            noted.values(Some(account.role.code()), Some(given.role.code())).said(AuditDetail::Place, &account.division);
            noted.said(AuditDetail::Place, &given.division);
            let now_in = division_of(tx, account.role, &account.division)?;
            let then_in = may_lie_there(tx, given, by.0)?;
            if *given == rights(account) {
                return Ok(tx.put_next_rights(&account.id, None)?);
            }
            one_duty(tx, account.phone.as_deref(), &account.id, given.role)?;
            if apart::only_takes_away(account.role, given.role, division::within(&then_in, &now_in)) {
                tx.put_next_rights(&account.id, None)?;
                return self.give(tx, account, given);
            }
            noted.made(AuditDetail::Asked, 1);
            let next = NextRights { role: given.role, division: given.division.clone(), by: by.0.id.clone() };
            Ok(tx.put_next_rights(&account.id, Some(&next))?)
        })
    }

    /// Whoever is signed in with it signs in anew, with other rights.
    fn give(&self, tx: &Tx<'_>, account: &AccountRow, given: &AccountRights) -> Result<(), Refusal> {
        let text = |text: &str| Value::Text(text.into());
        let changes = Fields::from([("role".into(), text(given.role.code())), ("division".into(), text(&given.division))]);
        self.centre.change(tx, RecordKind::Account, &account.id, &changes, self.clock.seconds())?;
        Ok(tx.end_sessions(&account.id)?)
    }

    /// Forgets its wrong tries.
    pub fn unlock(&self, by: By<'_>, id: &str) -> Result<(), Refusal> {
        self.act(by, Duty::Unlock, id, AuditEvent::AccountUnlocked, |tx, account, _| Ok(tx.unlock(&account.name)?))
    }

    /// Ends its second factors, and its sessions.
    pub fn reset_factor(&self, by: By<'_>, id: &str) -> Result<(), Refusal> {
        self.act(by, Duty::EndFactor, id, AuditEvent::FactorReset, |tx, account, _| {
            tx.end_factors(&account.id)?;
            tx.end_sessions(&account.id)?;
            Ok(self.revoke(tx, NoticeOf::Factor, &account.id)?)
        })
    }

    /// Does an act of a duty on an account, where it may be done.
    fn act<T>(
        &self,
        (by, actor): By<'_>,
        duty: Duty,
        id: &str,
        event: AuditEvent,
        mut act: impl FnMut(&Tx<'_>, &AccountRow, &mut Event) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.audited(actor, event, |tx, noted| {
            let unknown = || Refusal::from(fault!(Code::NotFound, accounts::NOT_FOUND));
            let id: RecordId = id.parse().map_err(|_| unknown())?;
            let (account, disabled) = tx.account_kept(id.bytes())?.ok_or_else(unknown)?;
            let lies_in = division_of(tx, account.role, &account.division)?;
            noted.object(&account.name).record(RecordKind::Account, &account.id).at(Place::division(&lies_in));
            judge(tx, by, duty, Some((&account, state_of(&account, disabled))), &lies_in)?;
            act(tx, &account, noted)
        })
    }
}

/// Asks the rule, by what stands now: whoever lost the duty since signing in has it no more.
fn judge(tx: &Tx<'_>, by: &AccountRow, duty: Duty, whom: Option<(&AccountRow, AccountState)>, lies_in: &str) -> Result<(), Refusal> {
    let by = tx.account(&by.id)?.filter(|account| !account.waits).ok_or_else(|| fault!(Code::SignIn, account::NOT_SIGNED_IN))?;
    let asked_for_it = match whom {
        Some((account, _)) => {
            // Who invited long ago may be asked about what another one asks for now.
            let invited = account.asked_by.as_deref().filter(|_| account.waits);
            let asked = account.next.as_ref().map(|next| next.by.as_slice());
            is_of_same_person(tx, &by, invited)? || is_of_same_person(tx, &by, asked)?
        }
        None => false,
    };
    let concern = Concern {
        role: by.role,
        own_division: &by.division,
        is_own: whom.is_some_and(|(account, _)| account.id == by.id),
        division: lies_in,
        state: whom.map(|(_, state)| state),
        asked_for_it,
    };
    Ok(apart::judge(duty, &concern).map_err(fault::Fault::from)?)
}
