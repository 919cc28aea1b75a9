//! Accounts of others: invitations, confirming, disabling, three administrators apart.

use crate::words::Told;

pub const TITLE: &str = "Accounts";
pub const OWN: &str = "My account";
pub const SYSTEM_HINT: &str = "You are a system administrator: you invite people, disable accounts and sign them out. Whoever was invited has no rights before the security administrator confirms them.";
pub const SECURITY_HINT: &str = "You are a security administrator: you confirm new accounts and changes of rights that another one asked for, ask for changes (what only takes away is done at once), enable, unlock and end second factors. Before you confirm, ask the person whether the password is one of their own.";
pub const INVITE: &str = "Invite";
pub const INVITE_TITLE: &str = "Invite somebody";
pub const PLACE: &str = "Place";
pub const FIND: &str = "Name";
pub const STATE: &str = "State";
pub const ANY: &str = "All";
pub const SEARCH: &str = "Search";
pub const NONE: &str = "There are no such accounts.";
pub const LINK: &str = "One-time link";
pub const LINK_HINT: &str = "Give it to the person in a way that you trust. It is shown this once, and works once.";
pub const GIVE_LINK: &str = "Another link";
pub const RESET: &str = "Reset password";
pub const DISABLE: &str = "Disable";
pub const WITHDRAW: &str = "Withdraw";
pub const END_SESSIONS: &str = "Sign out";
pub const CONFIRM: &str = "Confirm";
pub const ASSIGN: &str = "Change rights";
pub const SAVE: &str = "Save";
pub const ENABLE: &str = "Enable";
pub const UNLOCK: &str = "Unlock";
pub const END_FACTOR: &str = "End second factors";
pub const LOCKED: &str = "Locked somewhere";
pub const HAS_FACTOR: &str = "Second factor";
pub const ITSELF: &str = "Your own";
pub const PERSON: &str = "Name of the person";
pub const PHONE: &str = "Their phone";
pub const DONE: &str = "Done.";
pub const INVITED: &str = "Invitation";
pub const CHOOSE: &str = "Choose this password";
pub const FACTOR_DUE: &str = "Turn on a code or a key first.";
pub const WAITS: &str = "The password is chosen. The security administrator has to confirm the account; open this site again then.";

pub const NO_DUTY: Told = (
    "This is no duty of your role.",
    "System administrators invite and disable; security administrators confirm, change rights and unlock.",
);
pub const OWN_ACCOUNT: Told = ("Nobody acts on an account of their own.", "Ask another administrator.");
pub const NOT_AS_IT_STANDS: Told = ("As the account stands now this can't be done.", "Refresh and look how it stands.");
pub const SAME_PERSON: Told = (
    "You gave the link or asked for these rights yourself, so you can't confirm them.",
    "Another security administrator confirms; not another account of the same person.",
);
pub const OTHER_DUTY: Told = (
    "This person (by the telephone) has an account of another role.",
    "Administrators of system, security and audit are different people and do no other work. Take somebody else, or disable that account first.",
);
pub const BAD_PERSON: Told =
    ("Whose account it is was not said.", "Give the person's name and mobile number: whoever confirms asks the person by it.");
pub const NOT_FOUND: Told = ("There is no such account in your area.", "Refresh and look again.");
pub const CHANGED_MEANWHILE: Told = ("Role or place of the account were just changed.", "Refresh, look again, then confirm.");
pub const LINK_OVER: Told =
    ("This link is not valid, was used already or has expired.", "Ask the system administrator who gave it for another one.");
pub const FACTOR_DUE_FIRST: Told =
    ("This account needs a code or a key first.", "Open My account and turn one on; a key, where only keys count.");
pub const WAITS_FIRST: Told = ("This account was not confirmed yet.", "Wait for the security administrator.");

#[must_use]
pub fn until(at: &str) -> String {
    format!("Link until {at}")
}

#[must_use]
pub fn asked_by(name: &str) -> String {
    format!("link given by {name}")
}

/// Other rights that wait, and who asked for them.
#[must_use]
pub fn next(role: &str, place: &str, by: &str) -> String {
    format!("{by} asked to change this to {role}, {place}; another security administrator has to confirm it. Until then nothing changes")
}

#[must_use]
pub fn password_at(at: &str) -> String {
    format!("password of {at}")
}

#[must_use]
pub fn sessions(many: u64) -> String {
    format!("sessions: {many}")
}

#[must_use]
pub fn found(total: u64) -> String {
    format!("Accounts: {total}")
}

#[must_use]
pub fn link_for(name: &str, until: &str) -> String {
    format!("The link for {name}, until {until}:")
}

#[must_use]
pub fn sure_link(name: &str) -> String {
    format!("Give {name} another link? The password of now is void, sessions end, and the account has to be confirmed anew.")
}

#[must_use]
pub fn sure_disable(name: &str) -> String {
    format!("Disable {name}? Its sessions end, and a link that was given is void.")
}

#[must_use]
pub fn sure_confirm(name: &str, role: &str, place: &str) -> String {
    format!("Confirm {name} as {role} of {place}? Ask the person first whether the password is one of their own.")
}

#[must_use]
pub fn sure_factor(name: &str) -> String {
    format!("End the second factors of {name}? Make sure first that the person asked for it.")
}

#[must_use]
pub fn invited_hint(name: &str, role: &str, place: &str, until: &str) -> String {
    format!("Your account is {name}: {role}, {place}. Choose a password of your own; this link works once, until {until}.")
}
