//! 长者: finding, showing, entering, importing and changing files.

mod bind;
mod card;
mod find;
mod import;
mod save;
mod tally;

use bind::begin;
pub(crate) use bind::{canteens, move_to};
pub(crate) use card::{card, villages};
pub(crate) use find::{find, tell};
pub(crate) use import::{
    FileOnDisk, Wanted, commit_import, errors_of_file, import_errors, import_file, list_imports, preview_import, try_file, undo_import,
};
pub(crate) use save::save;

use crate::decision::Decision;
use crate::journal::Mutation;
use crate::look::Look;
use shared::fault::Fault;
use shared::rule::binding::MoveRefusal;
use shared::schema::Value;

/// The rules of moving an elder and of changing the file hold for a decision as well.
pub(crate) fn decide(look: &Look<'_>, decision: &Decision<'_>) -> Result<Vec<Mutation>, Fault> {
    match (decision.field(), &decision.chosen.value) {
        ("canteen", Value::Text(to)) => bind::decide(look, decision, to),
        ("canteen", _) => Err(MoveRefusal::OfTheTown.into()),
        ("division", Value::Text(village)) => save::in_town(village, &look.enrolled()?.division).map(|()| decision.alone()),
        _ => Ok(decision.alone()),
    }
}
