//! Who sits at the desk.

use crate::kinds::StaffRole;
use crate::schema::RecordId;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// Somebody who may sign in at a desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Person {
    /// The record of the staff.
    pub id: RecordId,
    /// The name.
    pub name: String,
    /// What the person does here.
    pub role: StaffRole,
    /// Has a PIN on this computer.
    pub has_pin: bool,
    /// May choose one now, without anybody's leave.
    pub may_choose: bool,
    /// Too many wrong ones: nothing is tried before.
    pub waits_until: Option<DateTime>,
}

/// Who signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PersonHere {
    /// The record of the staff.
    pub id: RecordId,
    /// The name.
    pub name: String,
    /// What the person does here.
    pub role: StaffRole,
}
