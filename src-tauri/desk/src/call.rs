//! Commands by name: the one table that the window, the loopback server and tests go through.

use crate::desk::{Desk, Inner};
use crate::fault::OrBroken;
use crate::features::{conflict, elder, order, receipt, status};
use crate::list::Tell;
use serde_json::Value;
use shared::command::{self as ask, Command};
use shared::fault::{Code, Fault};

/// What features know of the rows of lists beside records, by the list.
pub(crate) const TOLD: &[(&str, Tell)] = &[("elders", |desk, rows| elder::tell(&desk.look(), rows))];

/// Runs the command that is called `$name`; each arm names its command type and its act.
macro_rules! dispatch {
    ($desk:expr, $name:expr, $ask:expr, { $($command:ident => |$d:ident, $a:ident| $act:expr),+ $(,)? }) => {
        match $name {
            $(<ask::$command as Command>::NAME => {
                let $d: &Inner = $desk;
                let $a: ask::$command = serde_json::from_value($ask).map_err(|error| unreadable(&error))?;
                let reply: <ask::$command as Command>::Reply = $act?;
                serde_json::to_value(reply).or_broken()
            })+
            _ => Err(Fault::new(Code::BadInput, "没有这个功能。", "程序可能需要更新。")),
        }
    };
}

impl Desk {
    /// Runs a command by its name and JSON.
    ///
    /// # Errors
    /// The fault of the command, ready for a person.
    pub fn call(&self, name: &str, ask: Value) -> Result<Value, Fault> {
        dispatch!(&self.0, name, ask, {
            Status => |desk, _ask| status_of(desk),
            Enrol => |desk, ask| desk.enrol(&ask).and_then(|()| {
                // Enrolled is enrolled; the first sync may still fail and is tried again by itself.
                let _ = desk.sync_now();
                status_of(desk)
            }),
            SyncNow => |desk, _ask| desk.sync_by_hand(),
            SaveSettings => |desk, ask| desk.change_facts(|facts| facts.set(ask.settings)).map(|()| desk.facts().settings),
            FindElders => |desk, ask| elder::find(&desk.look(), &ask),
            ElderCard => |desk, ask| elder::card(&desk.look(), &ask),
            List => |desk, ask| desk.list(&ask),
            Get => |desk, ask| desk.get(&ask),
            Save => |desk, ask| desk.save(&ask),
            Choices => |desk, ask| desk.choices(&ask),
            History => |desk, ask| desk.history(&ask),
            Export => |desk, ask| desk.export(&ask, None),
            SaveElder => |desk, ask| desk.act(elder::save, ask),
            MoveElder => |desk, ask| desk.act(elder::move_to, &ask),
            Canteens => |desk, _ask| elder::canteens(&desk.look()),
            Villages => |desk, _ask| Ok::<_, Fault>(elder::villages(&desk.look())),
            NameOfDivision => |_desk, ask| Ok::<_, Fault>(shared::division::name(&ask.code).to_owned()),
            TakeOrder => |desk, ask| desk.act(order::take, ask),
            SetOutcome => |desk, ask| desk.act(order::set_outcome, &ask),
            Today => |desk, ask| order::today(&desk.look(), &ask),
            LatestOrders => |desk, ask| order::latest(&desk.look(), &ask),
            SaveRun => |desk, ask| desk.act(order::save_run, ask),
            SaveReceipt => |desk, ask| desk.act(receipt::save, &ask),
            KeepPhoto => |desk, ask| desk.keep_photo(&ask.file, |look| receipt::photo_owner(look, ask.order)),
            PhotoData => |desk, ask| desk.photo_data(&ask),
            OrderDetail => |desk, ask| order::detail(&desk.look(), &ask),
            PreviewImport => |desk, ask| desk.progress.during(|| elder::preview_import(&desk.look(), &ask)),
            CommitImport => |desk, ask| {
                let done = desk.progress.during(|| desk.act(elder::commit_import, &ask));
                // The wrong rows may still be asked for.
                done.inspect(|done| desk.used(&ask.file, done.error > 0))
            },
            ImportErrors => |desk, ask| desk.progress.during(|| elder::import_errors(&desk.look(), &ask)),
            UndoImport => |desk, ask| desk.progress.during(|| desk.act(elder::undo_import, ask.import)),
            ListImports => |desk, _ask| elder::list_imports(&desk.look()),
            Progress => |desk, _ask| Ok::<_, Fault>(desk.progress.now()),
            RefusedChanges => |desk, _ask| status::refused(&desk.look()),
            Conflicts => |desk, ask| conflict::page(&desk.look(), &ask),
            Decide => |desk, ask| desk.act(conflict::decide, ask),
        })
    }

    /// Runs a command with its types.
    ///
    /// # Errors
    /// The fault of the command.
    pub fn ask<C: Command>(&self, command: &C) -> Result<C::Reply, Fault> {
        let reply = self.call(C::NAME, serde_json::to_value(command).or_broken()?)?;
        serde_json::from_value(reply).or_broken()
    }
}

/// How the desk stands, with what another program on the folder wrote.
fn status_of(desk: &Inner) -> Result<ask::DeskStatus, Fault> {
    desk.catch_up()?;
    status::status(&desk.look())
}

fn unreadable(error: &serde_json::Error) -> Fault {
    // Only where: the error's own words may quote what was typed.
    tracing::warn!(kind = ?error.classify(), line = error.line(), column = error.column(), "a command could not be read");
    Fault::new(Code::BadInput, "填的内容程序看不懂。", "请核对后再试。")
}
