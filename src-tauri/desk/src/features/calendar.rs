//! 工作日历: the days of which it speaks at a canteen. Which of several sayings counts stands in `shared::rule::calendar`.

use crate::fault::missing;
use crate::look::Look;
use crate::store::{calendar as table, master};
use shared::command::{Calendar, DaySaid};
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::RecordKind;

/// The days from one to another of which the calendar speaks.
pub(crate) fn days(look: &Look<'_>, ask: &Calendar) -> Result<Vec<DaySaid>, Fault> {
    let (Some(from), Some(to)) = (ask.from, ask.to) else {
        return Err(missing(RecordKind::CalendarDay.declared().label_of("date")));
    };
    let enrolled = look.enrolled()?;
    let canteen = look.read(|store| master::within_reach(store, enrolled, &ask.canteen))?;
    let canteen = canteen.ok_or_else(|| fault!(Code::NotFound, binding::no_such_canteen(&ask.canteen)))?;
    look.read(|store| table::days(store, &canteen.code, (from, to)))
}
