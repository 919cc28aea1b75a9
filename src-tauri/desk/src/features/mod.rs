//! What the office does, a noun each. A feature is given a look and gives an answer or a plan: it writes nothing itself, names no other
//! feature, and holds no SQL. Here alone all of them are known to each other's tables.

pub(crate) mod calendar;
pub(crate) mod conflict;
pub(crate) mod disclosure;
pub(crate) mod elder;
pub(crate) mod kitchen;
pub(crate) mod menu;
pub(crate) mod order;
pub(crate) mod receipt;
pub(crate) mod run;
pub(crate) mod staff;
pub(crate) mod standing;
pub(crate) mod status;

use crate::decision::Decide;
use crate::journal::Searched;
use crate::routine::Routine;
use shared::kinds::RecordKind;

/// What goes with a decision about a record of a kind; of all others the value itself is the whole of it.
const DECIDED: &[(RecordKind, Decide)] =
    &[(RecordKind::Order, order::decide), (RecordKind::Elder, elder::decide), (RecordKind::Receipt, receipt::decide)];

/// What a desk does by itself.
pub(crate) const ROUTINES: &[Routine] = &[standing::keep_up, run::keep_up];

/// Whom search finds, as somebody types.
pub(crate) const SEARCHED: Searched = crate::store::elder::searched;
